"""Which bank access the vault has: the person's own Plaid keys, kept among the vault's settings."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from hive_desktop.domain.changes import Actor
from hive_desktop.ports.errors import BankConfigError, VaultError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hive_desktop.ports.bank import BankConnector, Egress
    from hive_desktop.ports.storage import Database, Reads, Writes

_HOST, _CLIENT_ID, _SECRET = "bank.host", "bank.client_id", "bank.secret"


@dataclass(frozen=True, slots=True, repr=False)
class BankKeys:
    """Plaid's environment and the person's keys.

    Args:
        host: `production`, `sandbox`, or the address of a sandbox bank on this computer.
    """

    host: str
    client_id: str
    secret: str

    def __repr__(self) -> str:
        return f"BankKeys({self.host})"


class BankAccess:
    """Holds the connector of an open vault and replaces it when the keys change."""

    def __init__(self, database: Database, connect: Callable[[BankKeys], BankConnector]) -> None:
        self._database = database
        self._connect = connect
        self._connector: BankConnector | None = None
        self._host: str | None = None
        self._left: list[Egress] = []

    @property
    def host(self) -> str | None:
        """Return the environment that is set up, or None."""
        return self._host

    @property
    def current(self) -> BankConnector:
        """Return the connector.

        Raises:
            BankConfigError: no keys are stored.
        """
        if self._connector is None:
            raise BankConfigError("No bank access is set up in this vault.", code="NO_BANK_ACCESS")
        return self._connector

    async def load(self) -> None:
        """Take up what the vault has stored."""

        def work(reads: Reads) -> BankKeys | None:
            host, client_id, secret = (reads.setting(k) for k in (_HOST, _CLIENT_ID, _SECRET))
            return BankKeys(host, client_id, secret) if host and client_id and secret else None

        keys = await self._database.read(work)
        if keys is not None:
            await self._use(keys)

    async def configure(self, keys: BankKeys) -> None:
        """Store other keys and use them from now on.

        Raises:
            BankConfigError: the host is none that Hive speaks to.
        """
        await self._use(keys)

        def work(writes: Writes) -> None:
            writes.put_setting(_HOST, keys.host)
            writes.put_setting(_CLIENT_ID, keys.client_id)
            writes.put_setting(_SECRET, keys.secret)

        await self._database.write(work, actor=Actor.PERSON)

    @contextmanager
    def unrecorded(self) -> Iterator[list[Egress]]:
        """Give the requests that are not in the ledger yet, for the block to record.

        When the block fails they are kept for the next one. Who is cancelled has still recorded
        them: a write that is under way goes on.
        """
        entries = self._drain()
        try:
            yield entries
        except Exception:
            self._left += entries
            raise

    async def record(self) -> None:
        """Write down the requests that are not in the ledger yet."""
        with self.unrecorded() as entries:
            if entries:
                await self._database.write(
                    lambda writes: writes.record_egress(entries), actor=Actor.PROGRAM
                )

    async def close(self) -> None:
        """Let go of connections; what was sent and not recorded yet is recorded first."""
        if self._connector is None:
            return
        connector, self._connector = self._connector, None
        await connector.close()
        self._left += connector.drain_egress()
        with suppress(VaultError):  # read only, or the disk refuses: the ledger says so itself
            await self.record()

    def _drain(self) -> list[Egress]:
        left, self._left = self._left, []
        return left if self._connector is None else left + self._connector.drain_egress()

    async def _use(self, keys: BankKeys) -> None:
        fresh = self._connect(keys)
        await self.close()
        self._connector, self._host = fresh, keys.host
