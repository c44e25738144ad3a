"""A real vault with every service on it, before banks that do as a test says."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from hive_desktop import bootstrap
from hive_desktop.adapters.storage.slots import KdfParameters
from hive_desktop.adapters.storage.store import FileVaultStore
from hive_desktop.domain.changes import Actor
from hive_desktop.domain.days import to_day
from hive_desktop.domain.health import Health
from hive_desktop.domain.ledger import BankTransaction
from hive_desktop.ports.bank import AccessToken, BankAccount, ItemInfo, SyncPage, WindowPage
from hive_desktop.ports.egress import Egress
from hive_desktop.services.bank_access import BankKeys

CHEAP = KdfParameters(memory_kib=8, passes=1, lanes=1)
NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
TODAY = NOON.date()


class FixedClock:
    """A clock that moves when it is told to."""

    def __init__(self):
        self.instant = NOON

    def now(self):
        return self.instant

    def today(self):
        return self.instant.date()

    def advance(self, **by):
        self.instant += timedelta(**by)


class FakeNetwork:
    """A network that changes when it is told to."""

    def __init__(self):
        self.is_online = None
        self.is_metered = None
        self.callbacks = []

    def subscribe(self, callback):
        self.callbacks.append(callback)
        return lambda: self.callbacks.remove(callback)

    def change(self, **values):
        for name, value in values.items():
            setattr(self, name, value)
        for callback in list(self.callbacks):
            callback()


def row(plaid_id, amount=1000, day=TODAY, account="checking", **fields):
    values = {
        "plaid_id": plaid_id, "plaid_account_id": account, "posted_on": to_day(day),
        "authorized_on": None, "amount_minor": amount, "currency": "USD", "name": f"ROW {plaid_id}",
        "merchant_name": None, "merchant_entity_id": None, "description": None, "pending": False,
        "pending_plaid_id": None, "bank_category": None, "bank_confidence": None,
        "payment_channel": "in store", "check_number": None,
    }  # fmt: skip
    return BankTransaction(**{**values, **fields})


def account(plaid_id, balance=100_00):
    return BankAccount(
        plaid_id, None, f"Account {plaid_id}", None, "0001", "depository", "checking", "USD",
        balance, balance, None,
    )  # fmt: skip


def page(added=(), *, cursor="end", has_more=False, complete=True, modified=(), removed=()):
    return SyncPage(
        list(added), list(modified), list(removed), [], cursor, has_more,
        is_ready=True, is_history_complete=complete, refused=[],
    )  # fmt: skip


@dataclass
class Script:
    """What one bank does: its pages by cursor, and what goes wrong when."""

    name: str
    pages: dict = field(default_factory=dict)
    error: Exception | None = None
    stands: tuple | None = None  # (error code, trouble) in /item/get
    consent_ends_at: datetime | None = None
    before_page: object = None  # awaited with the cursor
    calls: list = field(default_factory=list)
    accounts: list = field(default_factory=list)


class ScriptedBank:
    """A `BankConnector` in memory."""

    def __init__(self):
        self.scripts = {}
        self.running = 0
        self.most_running = 0
        self.removed = []
        self.sent = []

    def add(self, name):
        made = Script(name, accounts=[account(f"{name}-checking")])
        self.scripts[f"token-{name}"] = made
        return made

    async def sync_page(self, token, cursor):
        script = self.scripts[token.value]
        script.calls.append(cursor)
        self.sent.append(self._sent("/transactions/sync"))
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            await asyncio.sleep(0)
            if script.before_page is not None:
                await script.before_page(cursor)
            if script.error is not None:
                raise script.error
        finally:
            self.running -= 1
        return script.pages.get(cursor) or page(cursor=cursor or "start")

    async def window_page(self, token, start, end, _offset):
        self.scripts[token.value].calls.append((start, end))
        return WindowPage([], [], 0, [])

    async def accounts(self, token):
        return self.scripts[token.value].accounts

    async def item(self, token):
        script = self.scripts[token.value]
        code, trouble = script.stands or (None, None)
        return ItemInfo(
            f"item-{script.name}", "ins_1", script.name, code, script.consent_ends_at, trouble
        )

    async def remove(self, token):
        self.removed.append(token.value)

    async def forget_exchanges(self, _open):
        pass

    def drain_egress(self):
        drained, self.sent = self.sent, []
        return drained

    def drain_renewed(self):
        return []

    @staticmethod
    def _sent(path):
        return Egress(NOON, "sandbox", "sync", path, "{}", b"h", 2, 200, 0.01)

    async def close(self):
        pass


@dataclass
class World:
    """An open session, with its banks, clock, network, and what the bus told."""

    session: object
    bank: ScriptedBank
    clock: FixedClock
    network: FakeNetwork

    def hear(self, kind):
        told = []
        self.session.bus.subscribe(kind, told.append)
        return told

    async def link(self, *names):
        """Add connections that were never synced; returns their ids and their scripts."""
        made = {}
        for name in names:
            script = self.bank.add(name)

            def work(writes, name=name):
                token = AccessToken(f"token-{name}")
                return writes.add_item(f"item-{name}", token, f"ins_{name}", name)

            made[name] = (await self.write(work), script)
        return made

    async def write(self, work):
        return (await self.session.database.write(work, actor=Actor.SYNC))[0]

    async def set_health(self, item_id, **fields):
        await self.write(lambda writes: writes.set_health(item_id, Health(**fields)))

    async def health(self, item_id):
        items = await self.session.database.read(lambda reads: reads.known_items())
        return next(one.health for one in items if one.id == item_id)

    async def states(self):
        return {one.institution: one.state.value for one in await self.session.ledger.items()}

    async def runs(self):
        """Every run so far, oldest first: (bank, reason)."""
        found = await self.session.journal.history(limit=1000)
        return [(one.institution, one.reason) for one in reversed(found)]


@dataclass
class Vault:
    """A vault on disk, opened as often as a test likes."""

    folder: object
    monkeypatch: object
    bank: ScriptedBank = field(default_factory=ScriptedBank)
    clock: FixedClock = field(default_factory=FixedClock)
    network: FakeNetwork = field(default_factory=FakeNetwork)

    def __post_init__(self):
        self.store = FileVaultStore(clock=self.clock, keychain=None, kdf=CHEAP)
        self.keys = self.store.create(self.folder, "correct horse battery")[0]

    @asynccontextmanager
    async def opened(self):
        with self.monkeypatch.context() as patched:  # a vault may outlive a test, this must not
            patched.setattr("hive_desktop.bootstrap.parts.plaid", lambda *_: self.bank)
            session = await bootstrap.open_session(
                self.folder, self.keys, clock=self.clock, store=self.store, network=self.network
            )
            try:
                if session.bank.host is None:
                    await session.bank.configure(BankKeys("sandbox", "id", "secret"))
                yield World(session, self.bank, self.clock, self.network)
            finally:
                await session.close()

    def run(self, work):
        """Open the vault, await `work(world)`, close it."""

        async def inside():
            async with self.opened() as world:
                return await work(world)

        return asyncio.run(inside())


async def until(condition, *, tries=30_000):
    """Let the loop turn until something is so."""
    for _ in range(tries):
        if condition():
            return
        await asyncio.sleep(0.001)
    raise AssertionError("it never came to that")
