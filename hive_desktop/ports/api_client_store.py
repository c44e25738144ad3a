"""The programs that the person let in, as a vault keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hive_desktop.domain.api_clients import ApiClient


class KnownClient(NamedTuple):
    """A client, and the SHA-256 hash of its secret (32 bytes)."""

    client: ApiClient
    secret_hash: bytes


class ApiClientReads(Protocol):
    """Queries."""

    def all(self) -> list[ApiClient]:
        """Return every client, revoked ones too, in the order in which they were let in."""
        ...

    def one(self, client_id: str) -> KnownClient | None:
        """Return one with the hash of its secret, or None."""
        ...


class ApiClientWrites(ApiClientReads, Protocol):
    """Mutations, inside one transaction on the writer."""

    def add(self, client: ApiClient, secret_hash: bytes) -> None:
        """Keep a new client."""
        ...

    def revoke(self, client_id: str, at: datetime) -> bool:
        """Take its access away for good; tells whether it had any."""
        ...

    def use(self, used: Mapping[str, datetime]) -> None:
        """Write down when clients were last seen."""
        ...
