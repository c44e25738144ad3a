"""The simulated bank's state and how it moves: linking, phases, days that pass, notices.

``World`` is what the API handlers and the control surface work on. It must only be touched under
its ``lock``; its methods do not take it.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from threading import RLock
from typing import TYPE_CHECKING, Any

import msgspec

from hive_desktop.sandbox.errors import PlaidError
from hive_desktop.sandbox.faults import Faults
from hive_desktop.sandbox.ids import Minter, opaque_id
from hive_desktop.sandbox.institutions import PLATYPUS
from hive_desktop.sandbox.items import Account, Item, Phase
from hive_desktop.sandbox.ledger import Row
from hive_desktop.sandbox.link import LinkDesk
from hive_desktop.sandbox.pages import prepare_pages
from hive_desktop.sandbox.people import script_for
from hive_desktop.sandbox.rate_limit import RateLimits
from hive_desktop.sandbox.render import render
from hive_desktop.sandbox.webhooks import Courier, WebhookSigner

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from hive_desktop.sandbox.clock import Clock
    from hive_desktop.sandbox.institutions import Institution
    from hive_desktop.sandbox.options import BankOptions
    from hive_desktop.sandbox.script import AccountSpec, Entry, RefusedRow, Script

INITIAL_DAYS = 30
MAX_DAYS = 730
# A payment may be made up to this long before it posts; scripts are asked from that much earlier.
LEAD_DAYS = 14
_LOG_LENGTH = 5_000


@dataclass(frozen=True, slots=True)
class Login:
    """What a person typed at the bank, and what the client asked for."""

    username: str = "user_good"
    password: str = "pass_good"  # noqa: S105 - Plaid's published sandbox login
    products: tuple[str, ...] = ("transactions",)
    days_requested: int = MAX_DAYS
    webhook: str | None = None


class World:
    """Everything that the bank knows.

    Args:
        institutions: The household's banks; Plaid's own test banks are added.
        seed: Gives every id, token and amount.
        clock: Gives the day and the time.
        options: Set-up.
        refused: Rows that loading refused.
    """

    def __init__(
        self,
        institutions: Sequence[Institution],
        *,
        seed: int,
        clock: Clock,
        options: BankOptions,
        refused: Sequence[RefusedRow] = (),
    ) -> None:
        self.lock = RLock()
        self.seed = seed
        self.clock = clock
        self.options = options
        self.minter = Minter(seed)
        self.household = tuple(institutions)
        known = (*institutions, *PLATYPUS)
        self.institutions = {one.institution_id: one for one in known}
        self.items: list[Item] = []
        self.desk = LinkDesk(self.minter, clock)
        self.limits = RateLimits(clock, enabled=options.rate_limits)
        self.faults = Faults()
        self.signer = WebhookSigner(seed)
        self.courier = Courier(self.signer, clock, options)
        self.request_log: deque[dict[str, Any]] = deque(maxlen=_LOG_LENGTH)
        self.default_phase: Phase | None = None
        self._refused = list(refused)
        self._by_token: dict[str, Item] = {}

    @property
    def refused(self) -> tuple[RefusedRow, ...]:
        """Rows of custom users that could not become transactions."""
        return tuple(self._refused)

    # ---- linking -------------------------------------------------------------------------------

    def institution(self, institution_id: str) -> Institution:
        """The bank with this id.

        Raises:
            PlaidError: INVALID_INSTITUTION.
        """
        found = self.institutions.get(institution_id)
        if found is None:
            raise PlaidError("INVALID_INSTITUTION")
        return found

    def connect(self, institution: Institution, login: Login) -> Item:
        """Log in at a bank and make an item of it.

        Raises:
            PlaidError: The bank's own state, or INVALID_CREDENTIALS.
        """
        if institution.link_error is not None:
            raise PlaidError(institution.link_error)
        script, refused = script_for(institution, login.username, login.password, self.seed)
        self._refused.extend(refused)
        now = self.clock.seconds()
        item_id = self.minter.opaque("item")
        item = Item(
            item_id=item_id,
            institution=institution,
            script=script,
            username=login.username,
            accounts=tuple(
                self._account(item_id, institution.institution_id, spec) for spec in script.accounts
            ),
            products=login.products,
            days_requested=min(login.days_requested, MAX_DAYS),
            created_at=self.clock.now(),
            ledger_on=self.clock.today(),
            initial_at=now + self.options.initial_after,
            history_at=now + self.options.history_after,
            webhook=login.webhook,
            forced_phase=self.default_phase,
        )
        self._open_books(item, script)
        self.items.append(item)
        self.settle(item)
        return item

    def _account(self, item_id: str, institution_id: str, spec: AccountSpec) -> Account:
        lasting = opaque_id(self.seed, "persistent", institution_id, spec.key)
        return Account(
            opaque_id(self.seed, "account", item_id, spec.key),
            spec,
            persistent_id=lasting if spec.has_persistent_id else None,
        )

    def _open_books(self, item: Item, script: Script) -> None:
        """Put the requested days of history on the item's ledger, not yet published."""
        cutoff = item.ledger_on - timedelta(days=item.days_requested)
        first = item.ledger_on - timedelta(days=MAX_DAYS + LEAD_DAYS)
        if script.epoch is not None:
            first = min(first, script.epoch)
        accounts = {account.spec.key: account for account in item.accounts}
        before: dict[str, Decimal] = {}
        rows = []
        for entry in (*script.fixed(), *script.entries(first, item.ledger_on)):
            account = accounts[entry.account]
            if entry.posted_on >= cutoff:
                rows += self._rows_of(item, account, (entry,))
            elif entry.currency == account.spec.currency and not entry.expires:
                before[entry.account] = before.get(entry.account, Decimal(0)) + entry.amount
        item.ledger.hold(sorted(rows, key=lambda row: (row.tx.date, row.tx.transaction_id)))
        for account in item.accounts:
            self._set_opening(item, account, before.get(account.spec.key, Decimal(0)))

    def _set_opening(self, item: Item, account: Account, earlier: Decimal) -> None:
        """Choose the opening balance so that the balance told follows from the rows."""
        spec = account.spec
        if spec.opening is not None:
            account.opening = spec.opening
            account.opening = account.current(earlier)
            return
        posted, _ = item.ledger.totals(account.account_id).get(
            spec.currency, (Decimal(0), Decimal(0))
        )
        account.opening = Decimal(0)
        account.opening = (spec.current or Decimal(0)) - account.current(posted)

    def _rows_of(self, item: Item, account: Account, entries: Iterable[Entry]) -> list[Row]:
        """Entries as rows on the item's present day: pending or posted."""
        rows = []
        for entry in entries:
            is_pending = entry.posted_on > item.ledger_on
            if entry.expires and not is_pending:
                continue
            rows.append(
                Row(
                    tx=render(entry, account.account_id, self.seed, pending=is_pending),
                    original=entry.original or entry.name,
                    entry=entry,
                    posts_on=entry.posted_on if is_pending else None,
                    inflow=entry.inflow,
                )
            )
        return rows

    def exchange(self, public_token: str) -> Item:
        """Turn a public token into an item with an access token."""
        item = self.desk.exchange(public_token)
        if item.access_token is None:
            item.access_token = self.minter.token("access")
            self._by_token[item.access_token] = item
            if self.options.preencode:
                prepare_pages(item, self.seed)
        return item

    def forget(self, item: Item) -> None:
        """Remove an item: its token is dead from now on."""
        item.removed = True

    # ---- looking up ----------------------------------------------------------------------------

    def item(self, access_token: str, *, needs_data: bool = True) -> Item:
        """The item of an access token, brought up to date.

        Args:
            access_token: As exchanged.
            needs_data: Also raise the item's own error, as every path does that tells its data.

        Raises:
            PlaidError: INVALID_ACCESS_TOKEN, ITEM_NOT_FOUND, or the item's error.
        """
        found = self._by_token.get(access_token)
        if found is None:
            raise PlaidError("INVALID_ACCESS_TOKEN")
        if found.removed:
            raise PlaidError("ITEM_NOT_FOUND")
        self.settle(found)
        if needs_data and found.error_code is not None:
            raise PlaidError(found.error_code)
        return found

    # ---- time ----------------------------------------------------------------------------------

    def tick(self) -> None:
        """Bring every item up to date."""
        for item in self.items:
            if not item.removed:
                self.settle(item)

    def settle(self, item: Item) -> None:
        """Let phases complete and days pass for one item; a broken login sees neither."""
        self._expire_login(item)
        if item.error_code is not None:
            return
        self._complete_phases(item)
        if self.clock.today() > item.ledger_on:
            self._live_on(item)

    def _expire_login(self, item: Item) -> None:
        days = self.options.login_lasts_days
        if days is None or item.error_code is not None:
            return
        if self.clock.now() >= item.created_at + timedelta(days=days):
            item.created_at = self.clock.now()
            self.break_login(item, "ITEM_LOGIN_REQUIRED")

    def due_phase(self, item: Item) -> Phase:
        """The phase that an item has by time, or by force."""
        if item.forced_phase is not None:
            return item.forced_phase
        now = self.clock.seconds()
        if now >= item.history_at:
            return Phase.HISTORICAL
        return Phase.INITIAL if now >= item.initial_at else Phase.NOT_READY

    def _complete_phases(self, item: Item) -> None:
        due = self.due_phase(item)
        if due <= item.phase:
            if item.forced_phase is not None:
                item.phase = due
            return
        held = item.ledger.held()
        recent = item.ledger_on - timedelta(days=INITIAL_DAYS)
        if due is Phase.INITIAL:
            held = [row for row in held if row.tx.date >= recent]
        count = item.ledger.publish(held)
        before, item.phase = item.phase, due
        item.updated_at = self.clock.now()
        self._tell_phase(item, before, count)

    def _tell_phase(self, item: Item, before: Phase, count: int) -> None:
        if before is Phase.NOT_READY:
            self.notify(item, "TRANSACTIONS", "INITIAL_UPDATE", error=None, new_transactions=count)
        if item.phase is Phase.HISTORICAL:
            self.notify(
                item, "TRANSACTIONS", "HISTORICAL_UPDATE", error=None, new_transactions=count
            )
        self.tell_sync(item)

    def _live_on(self, item: Item) -> None:
        """Live through the days since the item was last looked at."""
        first = item.ledger_on + timedelta(days=1)
        today = item.ledger_on = self.clock.today()
        gone, fresh = [], []
        for row in item.ledger.live(published=False):
            if row.posts_on is None or row.posts_on > today:
                continue
            gone.append(row)
            if row.entry is None or not row.entry.expires:
                fresh.append(self._posted_form(row, row.posts_on))
        accounts = {account.spec.key: account for account in item.accounts}
        for entry in item.script.entries(first, today):
            if not accounts[entry.account].is_closed:
                fresh += self._rows_of(item, accounts[entry.account], (entry,))
        self.apply(item, fresh, gone)

    def apply(self, item: Item, fresh: Sequence[Row], gone: Sequence[Row] = ()) -> None:
        """Let rows leave and appear in one bank update, and tell the client."""
        seen = [row.tx.transaction_id for row in gone if row.added_seq]
        for row in gone:
            item.ledger.remove(row)
        if item.phase is Phase.NOT_READY:
            item.ledger.hold(fresh)
        else:
            item.ledger.publish(fresh)
        self.renewed(item)
        if seen:
            self.notify(
                item, "TRANSACTIONS", "TRANSACTIONS_REMOVED", error=None, removed_transactions=seen
            )
        if fresh:
            self.notify(
                item, "TRANSACTIONS", "DEFAULT_UPDATE", error=None, new_transactions=len(fresh)
            )
        if seen or fresh:
            self.tell_sync(item)

    def renewed(self, item: Item) -> None:
        """Note that the bank was looked at: what an item tells is of this instant."""
        item.updated_at = self.clock.now()

    def _posted_form(self, row: Row, posted_on: date) -> Row:
        """The posted row that follows a pending one."""
        if row.entry is None:
            return self.post_by_hand(row, posted_on)
        old = row.tx.transaction_id
        tx = render(row.entry, row.tx.account_id, self.seed, pending=False, pending_id=old)
        return Row(tx, row.original, row.entry, inflow=row.inflow)

    def post_by_hand(
        self, row: Row, posted_on: date, *, amount: Decimal | None = None, link: bool = True
    ) -> Row:
        """Post a pending row on a day of choice, with another amount or without its link."""
        old = row.tx.transaction_id
        tx = msgspec.structs.replace(
            row.tx,
            transaction_id=opaque_id(self.seed, "posted-from", old),
            pending=False,
            pending_transaction_id=old if link else None,
            date=posted_on,
            amount=row.tx.amount if amount is None else amount,
        )
        return Row(tx, row.original, inflow=row.inflow)

    # ---- notices -------------------------------------------------------------------------------

    def break_login(self, item: Item, code: str) -> None:
        """Put an item into an error, and tell the client."""
        item.error_code = code
        item.failed_at = self.clock.now()
        revoked = code == "USER_PERMISSION_REVOKED"
        self.notify(
            item, "ITEM", "USER_PERMISSION_REVOKED" if revoked else "ERROR",
            error=item.error_as_plaid(),
        )  # fmt: skip

    def tell_sync(self, item: Item) -> None:
        """SYNC_UPDATES_AVAILABLE, once the client has called /transactions/sync at all."""
        if item.syncs:
            self.notify(item, "TRANSACTIONS", "SYNC_UPDATES_AVAILABLE", **phase_flags(item))

    def notify(self, item: Item, kind: str, code: str, **extra: Any) -> None:
        """Send an item's webhook, if it has an address."""
        if item.webhook is None:
            return
        body = {
            "webhook_type": kind,
            "webhook_code": code,
            "item_id": item.item_id,
            **extra,
            "environment": "sandbox",
        }
        item.last_webhook = (self.clock.now(), code)
        self.courier.post(item.webhook, body)


def phase_flags(item: Item) -> dict[str, bool]:
    """The two flags of SYNC_UPDATES_AVAILABLE."""
    return {
        "initial_update_complete": item.phase >= Phase.INITIAL,
        "historical_update_complete": item.phase is Phase.HISTORICAL,
    }
