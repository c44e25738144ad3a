"""Which ways to banks the vault has: the person's own Plaid keys, a relay, or both.

They are kept among the vault's settings. An item stays with the way by which it was connected; a
new one takes the way that was set up last, or that the person prefers.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from hive_desktop.domain.changes import Actor
from hive_desktop.ports.errors import HiveError, RelaySignInError, VaultError
from hive_desktop.ports.relay import RelayGrant, is_of_relay
from hive_desktop.services.bank_ways import BankWays

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from hive_desktop.domain.ledger import ItemId
    from hive_desktop.ports.bank import BankConnector
    from hive_desktop.ports.egress import Egress
    from hive_desktop.ports.relay import Credentials, RelayDoor, RelayLink
    from hive_desktop.ports.storage import Database, Reads, Writes

_DIRECT = ("bank.host", "bank.client_id", "bank.secret")
_RELAY = (
    "relay.url",
    "relay.email",
    "relay.device_id",
    "relay.refresh_token",
    "relay.expires_at",
)
_WAY, _BY_KEYS, _BY_RELAY = "bank.way", "keys", "relay"


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
    """Holds the ways to banks of an open vault, and changes them when the person does.

    Args:
        database: keeps the keys and the sign-in.
        connect: makes a connector of the person's own keys.
        open_door: makes what lets them into relays, when that is first wanted.
    """

    def __init__(
        self,
        database: Database,
        connect: Callable[[BankKeys], BankConnector],
        open_door: Callable[[], RelayDoor],
    ) -> None:
        self._database = database
        self._connect = connect
        self._open_door = open_door
        self._opened: RelayDoor | None = None
        self._ways = BankWays()
        self._host: str | None = None
        self._grant: RelayGrant | None = None
        self._prefers_relay = False
        self._left: list[Egress] = []
        self._listeners: list[Callable[[], None]] = []

    @property
    def host(self) -> str | None:
        """Return by which new banks are connected: an environment, a relay's address, or None."""
        if self._grant is not None and (self._prefers_relay or self._host is None):
            return self._grant.url
        return self._host

    @property
    def keys_host(self) -> str | None:
        """Return the environment of the person's own keys, or None."""
        return self._host

    @property
    def grant(self) -> RelayGrant | None:
        """Return the sign-in at a relay, or None."""
        return self._grant

    @property
    def prefers_relay(self) -> bool:
        """Tell whether new banks are connected through the relay."""
        return self._grant is not None and self.host == self._grant.url

    @property
    def relay(self) -> RelayLink | None:
        """Return the relay, or None."""
        return self._ways.relay

    @property
    def current(self) -> BankConnector:
        """Return the connector; its calls raise BankConfigError where their way is not set up."""
        return self._ways

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call back after a way was set up, changed or left; returns the function that ends it."""
        self._listeners.append(callback)

        def end() -> None:
            if callback in self._listeners:
                self._listeners.remove(callback)

        return end

    async def load(self, *, read_only: bool = False) -> None:
        """Take up what the vault has stored.

        Who only reads beside the vault's owner does not speak to the relay: the sign-in is renewed
        by its use, and could not be stored.
        """
        keys, grant, prefers_relay = await self._database.read(_stored)
        self._prefers_relay = prefers_relay
        if keys is not None:
            self._host, self._ways.keys = keys.host, self._connect(keys)
        if grant is not None:
            self._grant = grant
            self._ways.relay = None if read_only else self._door.enter(grant, self._keep)
        self._changed()

    async def configure(self, keys: BankKeys) -> None:
        """Store other keys, and connect new banks by them from now on.

        Raises:
            BankConfigError: the host is none that Hive speaks to.
        """
        fresh = self._connect(keys)
        await self._let_go(self._ways.keys)
        self._host, self._ways.keys, self._prefers_relay = keys.host, fresh, False
        values = (keys.host, keys.client_id, keys.secret)
        await self._store({**dict(zip(_DIRECT, values, strict=True)), _WAY: _BY_KEYS})
        self._changed()

    async def sign_in(self, url: str, credentials: Credentials, *, is_new: bool = False) -> None:
        """Sign in at a relay, or up, and connect new banks through it from now on.

        Raises:
            BankError: the relay did not answer, or said no.
            UsageError: the address or what was given cannot be used.
        """
        enter = self._door.sign_up if is_new else self._door.sign_in
        try:
            grant = await enter(url, credentials)
        finally:
            await self.record()
        fresh = self._door.enter(grant, self._keep)
        before, was = self._ways.relay, self._grant
        self._grant = grant  # from here on, what the old sign-in renews is not kept
        try:
            await self._store({_WAY: _BY_RELAY, **_values(grant)})
        except BaseException:
            self._grant = was
            await self._leave(fresh)
            raise
        self._ways.relay, self._prefers_relay = fresh, True
        self._changed()
        if before is not None:
            await self._leave(before)

    async def sign_out(self, *, everywhere: bool = False) -> None:
        """End the sign-in at the relay and here; a relay that is away does not keep it here.

        Raises:
            BankError: it was to be ended everywhere, and the relay did not do so.
            VaultError: the vault did not forget it.
        """
        relay = self._ways.relay
        if relay is None:
            return
        if everywhere:
            await relay.sign_out(everywhere=True)
        was, self._grant = self._grant, None  # what it renews from here on is not kept
        try:
            await self._store(dict.fromkeys(_RELAY, ""))
        except BaseException:
            self._grant = was
            raise
        self._ways.relay = None
        self._changed()
        if everywhere:
            await self._let_go(relay)
        else:
            await self._leave(relay)

    async def prefer_relay(self, *, preferred: bool) -> None:
        """Choose how new banks are connected, where both ways are set up."""
        self._prefers_relay = preferred
        await self._store({_WAY: _BY_RELAY if preferred else _BY_KEYS})
        self._changed()

    async def known_data(self) -> Mapping[str, object]:
        """Return all that the relay keeps of the person.

        Raises:
            BankError: the relay did not answer, or there is none.
        """
        try:
            return await self._signed_in().known_data()
        finally:
            await self.record()

    async def revoke_device(self, device_id: str) -> None:
        """Sign another of the person's devices out at the relay.

        Raises:
            BankError: the relay did not do so.
        """
        try:
            await self._signed_in().revoke_device(device_id)
        finally:
            await self.record()

    async def change_password(self, old: str, new: str) -> None:
        """Change the person's password at the relay; their other devices are signed out.

        Raises:
            BankError: the relay did not do so.
        """
        try:
            await self._signed_in().change_password(old, new)
        finally:
            await self.record()

    async def delete_account(self, password: str, *, abandon: bool = False) -> list[ItemId]:
        """End the relay's items at Plaid, then the account there, then the sign-in here.

        Their accounts and rows stay, as those of closed connections.

        Args:
            password: at the relay, once more.
            abandon: delete it although items cannot be ended, which then stay at Plaid.

        Returns:
            The items that have ended.

        Raises:
            BankError: the relay did not do so; nothing has changed here then.
        """
        items = [
            one
            for one in await self._database.read(lambda reads: reads.linked_items())
            if is_of_relay(one.token.value)
        ]
        try:
            await self._signed_in().delete_account(
                password, [one.token for one in items], abandon=abandon
            )
        finally:
            await self.record()

        def work(writes: Writes) -> None:
            for one in items:
                writes.close_item(one.id)

        await self._database.write(work, actor=Actor.PERSON)
        await self.sign_out()
        return [one.id for one in items]

    def _signed_in(self) -> RelayLink:
        if self._ways.relay is None:
            raise RelaySignInError("This vault is not signed in at a relay.", code="NO_RELAY")
        return self._ways.relay

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
        """Write down what is not in the ledger yet: requests, and tokens that were replaced."""
        renewed = self._ways.drain_renewed()

        def work(writes: Writes) -> None:
            writes.record_egress(entries)
            writes.renew_tokens(renewed)

        with self.unrecorded() as entries:
            if entries or renewed:
                await self._database.write(work, actor=Actor.PROGRAM)

    async def close(self) -> None:
        """Let go of connections; what was sent and not recorded yet is recorded first."""
        for way in (self._ways.keys, self._ways.relay):
            await self._let_go(way)
        self._ways = BankWays()
        self._host = self._grant = None
        self._listeners.clear()

    async def _leave(self, relay: RelayLink) -> None:
        with suppress(HiveError):  # it ends by itself within a week
            await relay.sign_out(everywhere=False)
        await self._let_go(relay)

    async def _let_go(self, way: BankConnector | None) -> None:
        if way is None:
            return
        await way.close()
        self._left += way.drain_egress()
        with suppress(VaultError):  # read only, or the disk refuses: the ledger says so itself
            await self.record()

    def _drain(self) -> list[Egress]:
        left, self._left = self._left, []
        entered = [] if self._opened is None else self._opened.drain_egress()
        return left + entered + self._ways.drain_egress()

    @property
    def _door(self) -> RelayDoor:
        if self._opened is None:
            self._opened = self._open_door()
        return self._opened

    def _changed(self) -> None:
        self._ways.prefers_relay = self.prefers_relay
        for callback in tuple(self._listeners):
            callback()

    async def _keep(self, grant: RelayGrant) -> None:
        """Store the sign-in again that was renewed, if it is still the one in use."""
        held = self._grant
        if held is None or (held.url, held.device_id) != (grant.url, grant.device_id):
            return
        self._grant = grant
        await self._store(_values(grant), Actor.PROGRAM)

    async def _store(self, values: Mapping[str, str], actor: Actor = Actor.PERSON) -> None:
        def work(writes: Writes) -> None:
            for key, value in values.items():
                writes.put_setting(key, value)

        await self._database.write(work, actor=actor)


def stored_grant(reads: Reads) -> RelayGrant | None:
    """Return the sign-in at a relay as the vault has it, or None."""
    return _stored(reads)[1]


def keep_renewed(writes: Writes, grant: RelayGrant) -> None:
    """Store a sign-in that was renewed beside the locked vault, if it is still the one in use."""
    held = stored_grant(writes)
    if held is not None and (held.url, held.device_id) == (grant.url, grant.device_id):
        for key, value in _values(replace(grant, email=held.email)).items():
            writes.put_setting(key, value)


def _values(grant: RelayGrant) -> dict[str, str]:
    values = (grant.url, grant.email, grant.device_id, grant.refresh_token)
    return dict(zip(_RELAY, (*values, grant.expires_at.isoformat()), strict=True))


def _stored(reads: Reads) -> tuple[BankKeys | None, RelayGrant | None, bool]:
    host, client_id, secret = (reads.setting(key) for key in _DIRECT)
    keys = BankKeys(host, client_id, secret) if host and client_id and secret else None
    url, email, device_id, refresh_token, expires_at = (reads.setting(key) for key in _RELAY)
    grant = None
    if url and email and device_id and refresh_token and expires_at:
        ends = datetime.fromisoformat(expires_at)
        grant = RelayGrant(url, email, device_id, refresh_token, ends)
    return keys, grant, reads.setting(_WAY) == _BY_RELAY
