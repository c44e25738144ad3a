"""A vault whose banks come through a relay, what goes on when it is locked, and what it finds."""

import asyncio
import json
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial

from hive_desktop.adapters.bank.relay_raw import BodyReader
from hive_desktop.adapters.storage.inbox.store import FileInboxes
from hive_desktop.domain.changes import Actor
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.ports.bank import AccessToken, BankAccount, SyncPage
from hive_desktop.ports.egress import Egress
from hive_desktop.ports.errors import PaginationMutatedError
from hive_desktop.ports.events import BackgroundChanged
from hive_desktop.services.background import BackgroundSync
from hive_desktop.services.events import EventBus
from hive_desktop.services.settings import SYNC_MINUTES, SYNC_WHILE_LOCKED
from tests.unit.services.relays import NOW, URL, FakeRelay, grant_of
from tests.unit.services.world import TODAY, until

PAGE_EVENTS = 2


class LogBank:
    """One item as a log of what happened to its rows; a cursor is a place in the log."""

    def __init__(self, name):
        self.name = name
        self.token = f"hs1.{name}"
        self.log = []
        self.asked = []
        self.errors = []
        self.trouble = None
        self.mutates_in = None  # pages until the data changes in the middle of a loop

    def put(self, row, amount):
        """A row is there with this amount; without one it is gone."""
        self.log.append((row, amount))

    def state(self, place=None):
        rows = {}
        for row, amount in self.log[:place]:
            rows.pop(row, None)
            if amount is not None:
                rows[row] = amount
        return rows

    def page(self, cursor):
        self.asked.append(cursor)
        if self.errors and (error := self.errors.pop(0)) is not None:
            raise error
        if self.mutates_in is not None:
            self.mutates_in -= 1
            if self.mutates_in < 0:
                self.mutates_in = None
                raise PaginationMutatedError(code="MUTATED")
        start = int(cursor or 0)
        end = min(start + PAGE_EVENTS, len(self.log))
        before, after = self.state(start), self.state(end)
        fresh = {row: after[row] for row in after.keys() - before.keys()}
        changed = {row: after[row] for row in after.keys() & before.keys()}
        changed = {row: amount for row, amount in changed.items() if amount != before[row]}
        gone = sorted(before.keys() - after.keys())
        return {
            "added": [self._row(row, amount) for row, amount in sorted(fresh.items())],
            "modified": [self._row(row, amount) for row, amount in sorted(changed.items())],
            "removed": [{"transaction_id": self._id(row)} for row in gone],
            "has_more": end < len(self.log),
            "next_cursor": str(end),
            "accounts": [self.account()],
            "transactions_update_status": "HISTORICAL_UPDATE_COMPLETE",
        }

    def account(self):
        return {
            "account_id": f"{self.name}-account",
            "name": "Checking",
            "type": "depository",
            "balances": {"current": 1.0, "iso_currency_code": "USD"},
        }

    def item(self):
        said = {"item_id": f"item-{self.name}", "institution_name": f"Bank of {self.name}"}
        if self.trouble is not None:
            said["error"] = {"error_type": "ITEM_ERROR", "error_code": self.trouble}
        return {"item": said}

    def _id(self, row):
        return f"{self.name}-{row}"

    def _row(self, row, amount):
        return {
            "transaction_id": self._id(row),
            "account_id": f"{self.name}-account",
            "amount": amount,
            "date": TODAY.isoformat(),
            "name": f"SHOP {row}",
            "iso_currency_code": "USD",
        }


class RawRelay(FakeRelay):
    """A relay with such items; implements `RawBank`, too."""

    def __init__(self, grant, keep, banks):
        super().__init__(grant, keep)
        self.banks = {one.token: one for one in banks}

    async def sync_page(self, token, cursor):
        self._sent("/transactions/sync")
        await asyncio.sleep(0)
        page = self.banks[token.value].page(cursor)
        rows = len(page["added"]) + len(page["modified"]) + len(page["removed"])
        shell = SyncPage(
            [], [], [], self._known(token), page["next_cursor"], page["has_more"],
            is_ready=True, is_history_complete=True, refused=[],
        )  # fmt: skip
        return json.dumps(page).encode(), shell, rows

    async def accounts(self, token):
        self._sent("/accounts")
        said = {"accounts": [self.banks[token.value].account()]}
        return json.dumps(said).encode(), self._known(token)

    async def item(self, token):
        self._sent("/item")
        body = json.dumps(self.banks[token.value].item()).encode()
        return body, BodyReader().item(body)

    def _known(self, token):
        name = self.banks[token.value].account()["account_id"]
        return [BankAccount(name, None, "", None, None, "", None, "", None, None, None)]

    def _sent(self, path):
        body = path.encode()
        self.sent.append(
            Egress(NOW, URL, "why", path, "{}", b"", len(body), 200, 0.1, unhashed=body)
        )


class Locked:
    """What goes on beside a locked vault.

    Args:
        vault: the fixture of the services' tests.
        banks: `LogBank`s that are connected through the relay.
    """

    def __init__(self, vault, *banks):
        self.vault = vault
        self.banks = banks
        self.bus = EventBus()
        self.told = []
        self.bus.subscribe(BackgroundChanged, self.told.append)
        self.relays = []
        self.grant = grant_of(1)
        self.background = BackgroundSync(
            FileInboxes(), self._enter, network=vault.network, clock=vault.clock, bus=self.bus
        )

    def _enter(self, grant, keep):
        self.relays.append(RawRelay(grant, keep, self.banks))
        return self.relay, self.relay

    @property
    def relay(self):
        return self.relays[-1]

    @property
    def inbox(self):
        return self.vault.folder / "inbox"

    async def connect(self, *, minutes=0, **more):
        """Let the vault be signed in, with the items, their rows not read yet."""
        async with self.vault.opened() as world:
            grant = self.grant
            values = {
                "relay.url": grant.url,
                "relay.email": grant.email,
                "relay.device_id": grant.device_id,
                "relay.refresh_token": grant.refresh_token,
                "relay.expires_at": grant.expires_at.isoformat(),
                SYNC_WHILE_LOCKED: "1",
                SYNC_MINUTES: str(minutes),
                **more,
            }

            def work(writes):
                for key, value in values.items():
                    writes.put_setting(key, value)
                for one in self.banks:
                    writes.add_item(f"item-{one.name}", AccessToken(one.token), None, one.name)

            await world.session.database.write(work, actor=Actor.PERSON)

    @asynccontextmanager
    async def locked(self):
        """Open the vault, lock it, and go on until the block ends."""
        session = None
        async with self.vault.opened() as world:
            session = world.session
            await session.close(partial(self.background.prepare, session, self.vault.keys))
        await self.background.start()
        try:
            yield self
        finally:
            await self.background.end()

    async def asks(self):
        """Sync all that is due, and wait for its end."""
        await self.background._watch._sync.sync()

    @asynccontextmanager
    async def unlocked(self):
        async with self.vault.opened() as world:
            await world.session.folding.fold()
            yield world

    async def moves_on(self, **by):
        self.vault.clock.instant += timedelta(**by)

    async def comes_to(self, bank, count):
        await until(lambda: len(bank.asked) >= count)


async def ledger_of(world):
    """The rows by bank: {name: {row: amount}}, and each item's cursor."""
    rows = await world.session.ledger.page(TransactionQuery(), limit=1000)
    items = await world.session.database.read(lambda reads: reads.known_items())
    found = {one.institution: {} for one in items}

    def ids(reads):
        return {item.institution: reads.all_rows(item.id) for item in items if item.cursor}

    for name, stored in (await world.session.database.read(ids)).items():
        for one in stored:
            found[name][one.bank.plaid_id.removeprefix(f"{name}-")] = one.bank.amount_minor // 100
    assert len(rows) == sum(len(one) for one in found.values())
    return found, {one.institution: one.cursor for one in items}
