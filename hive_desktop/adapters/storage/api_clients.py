"""The programs that the person let in: names, scopes, hashes of secrets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hive_desktop.adapters.storage.instants import from_micros, from_optional, to_micros
from hive_desktop.domain.api_clients import ApiClient, Scope
from hive_desktop.domain.changes import Kind
from hive_desktop.ports.api_client_store import KnownClient

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hive_desktop.adapters.storage.handle import Handle
    from hive_desktop.adapters.storage.work import Work

_COLUMNS = "id, name, scopes, created_at, last_used_at, revoked_at"
_ALL = f"SELECT {_COLUMNS} FROM api_clients ORDER BY created_at, id"  # noqa: S608 - a constant
_ONE = f"SELECT {_COLUMNS}, secret_hash FROM api_clients WHERE id = ?"  # noqa: S608 - a constant
_ADD = """
    INSERT INTO api_clients (id, name, scopes, secret_hash, created_at) VALUES (?, ?, ?, ?, ?)
"""
_REVOKE = "UPDATE api_clients SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL"
_USE = "UPDATE api_clients SET last_used_at = max(coalesce(last_used_at, ?1), ?1) WHERE id = ?2"
_NOTED = b"api_clients"


class ApiClients:
    """Implements `ports.api_client_store.ApiClientReads`."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle

    def all(self) -> list[ApiClient]:
        """Return every client, revoked ones too, in the order in which they were let in."""
        return [_client(row) for row in self._handle.raw.execute(_ALL).fetchall()]

    def one(self, client_id: str) -> KnownClient | None:
        """Return one with the hash of its secret, or None."""
        row = self._handle.raw.execute(_ONE, (client_id,)).fetchone()
        return None if row is None else KnownClient(_client(row[:-1]), row[-1])


class ApiClientWriter(ApiClients):
    """Writes them, inside one transaction on the writer."""

    def __init__(self, work: Work) -> None:
        super().__init__(work.handle)
        self._work = work

    def add(self, client: ApiClient, secret_hash: bytes) -> None:
        """Keep a new client."""
        scopes = " ".join(scope for scope in Scope if scope in client.scopes)
        values = (client.client_id, client.name, scopes, secret_hash, to_micros(client.created))
        self._work.connection.exec_driver_sql(_ADD, values)
        self._work.note(Kind.SETTINGS, (_NOTED,))

    def revoke(self, client_id: str, at: datetime) -> bool:
        """Take its access away for good; tells whether it had any."""
        values = (to_micros(at), client_id)
        revoked = self._work.connection.exec_driver_sql(_REVOKE, values).rowcount
        self._work.note(Kind.SETTINGS, (_NOTED,))
        return bool(revoked)

    def use(self, used: Mapping[str, datetime]) -> None:
        """Write down when clients were last seen."""
        for client_id, at in used.items():
            self._work.connection.exec_driver_sql(_USE, (to_micros(at), client_id))
        self._work.note(Kind.SETTINGS, (_NOTED,))


def _client(row: Any) -> ApiClient:
    client_id, name, scopes, created, used, revoked = row
    return ApiClient(
        client_id,
        name,
        frozenset(map(Scope, scopes.split())),
        from_micros(created),
        from_optional(used),
        from_optional(revoked),
    )
