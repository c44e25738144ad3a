"""The simulated bank as tests and demos hold it: factories, and methods that take the lock.

The methods have the names of the control API's paths; each may be called from any thread.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from hive_desktop.sandbox import visits
from hive_desktop.sandbox.bulk import bulk_institutions
from hive_desktop.sandbox.clock import Clock
from hive_desktop.sandbox.custom_user import CustomScript
from hive_desktop.sandbox.errors import PlaidError, spec_of
from hive_desktop.sandbox.household import default_recipe_path, household_institutions, load_recipe
from hive_desktop.sandbox.institutions import Institution
from hive_desktop.sandbox.items import Phase
from hive_desktop.sandbox.options import BankOptions
from hive_desktop.sandbox.scenario import MUTATIONS
from hive_desktop.sandbox.script import Entry
from hive_desktop.sandbox.snapshot import item_state, row_state
from hive_desktop.sandbox.upkeep import Upkeep
from hive_desktop.sandbox.world import Login

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hive_desktop.sandbox.custom_user import CustomUser

__all__ = ["Bank", "BankOptions", "Login", "bulk_bank", "custom_bank", "household_bank"]

_DEFAULT_OPTIONS = BankOptions()
# A pending row added by hand posts by itself after this long.
_WAIT = dt.timedelta(days=2)
_CHANGEABLE = ("amount", "name", "date", "authorized_date", "merchant_name")


class Bank(Upkeep):
    """A whole simulated bank.

    Methods that take ``item`` accept an access token or an item id; without one they mean the only
    item. They raise LookupError for what is not there and ValueError for what makes no sense.
    """

    @property
    def institution_ids(self) -> tuple[str, ...]:
        """The banks of the household, in order; linking one of them yields one item."""
        return tuple(bank.institution_id for bank in self.household)

    # ---- linking -------------------------------------------------------------------------------

    def link(self, institution_id: str, login: Login | None = None) -> str:
        """Log in at a bank without Link; returns a public token."""
        with self.lock:
            item = self.connect(self.institution(institution_id), login or Login())
            return self.desk.public_token(item)

    def complete_link(
        self,
        link_token: str,
        institution_id: str | None = None,
        *,
        username: str = "user_good",
        password: str = "pass_good",  # noqa: S107 - Plaid's published sandbox login
        cancel: bool = False,
    ) -> str | None:
        """Play the person on the hosted page; returns the public token, or None after a cancel.

        Args:
            link_token: The link token, or its hosted page's address (or that one's last part).
            institution_id: The bank to pick; the first that is offered by default.
            username: As typed at the bank.
            password: As typed at the bank.
            cancel: Leave without a bank.
        """
        with self.lock:
            address = link_token.rsplit("/", 1)[-1]
            link = self.desk.hosted(address) or self.desk.get(link_token)
            if not self.desk.is_open(link):
                raise PlaidError("INVALID_LINK_TOKEN")
            session = self.desk.begin(link)
            if cancel:
                visits.leave(self, link, session)
                return None
            wanted = institution_id or visits.banks_for(self, link)[0].institution_id
            login = Login(username, password, link.products, link.days_requested, link.webhook)
            try:
                return visits.log_in(self, link, session, self.institution(wanted), login)
            except PlaidError as error:
                self.desk.leave(session, error)
                raise

    # ---- transactions --------------------------------------------------------------------------

    def add_transaction(
        self,
        amount: Decimal | str | int,
        description: str,
        *,
        item: str | None = None,
        account_id: str | None = None,
        on: dt.date | None = None,
        **extra: Any,
    ) -> str:
        """Let a payment happen; returns its transaction id.

        Args:
            amount: Positive = money leaves the account.
            description: The bank's line.
            item: Whose; see the class.
            account_id: The account; the item's first by default.
            on: The day (default: today).
            **extra: ``pending`` (bool), ``currency``, ``category`` (Plaid's detailed code).
        """
        with self.lock:
            found = self._ref(item) if account_id is None else self._owner(account_id)
            account = found.account(account_id) if account_id else found.accounts[0]
            is_pending = bool(extra.pop("pending", False))
            day = on or found.ledger_on
            entry = Entry(
                key=f"added/{self.minter.uuid('added')}",
                account=account.spec.key,
                transacted_on=day,
                posted_on=max(day, found.ledger_on) + _WAIT if is_pending else day,
                amount=Decimal(str(amount)),
                currency=extra.pop("currency", None) or account.spec.currency,
                name=description,
                category=extra.pop("category", None),
                has_pending=is_pending,
            )
            if extra:
                msg = f"unknown: {', '.join(sorted(extra))}"
                raise ValueError(msg)
            row = self.add_entries(found, [(account, entry)])[0]
            row.entry = None
            return row.tx.transaction_id

    def post_pending(
        self,
        transaction_id: str,
        *,
        amount: Decimal | str | int | None = None,
        link: bool = True,
        linger: bool = False,
    ) -> str:
        """Post a pending row now; returns the posted row's id.

        Args:
            transaction_id: The pending row.
            amount: The posted amount when it differs (a tip).
            link: False leaves ``pending_transaction_id`` out, as when Plaid cannot match.
            linger: The pending row stands beside the posted one until it is removed by hand.
        """
        with self.lock:
            item, row = self._row(transaction_id)
            if not row.tx.pending:
                msg = "the transaction is not pending"
                raise ValueError(msg)
            value = None if amount is None else Decimal(str(amount))
            posted = self.post_by_hand(row, item.ledger_on, amount=value, link=link)
            if posted.tx.transaction_id in item.ledger.rows:
                msg = "the transaction has posted already, and lingers"
                raise ValueError(msg)
            if linger:
                row.posts_on = None
            self.apply(item, [posted], [] if linger else [row])
            return posted.tx.transaction_id

    def modify(self, transaction_id: str, **fields: Any) -> None:
        """Rewrite a row: amount, name, date, authorized_date or merchant_name."""
        with self.lock:
            item, row = self._row(transaction_id)
            unknown = sorted(set(fields) - set(_CHANGEABLE))
            if unknown or not fields:
                msg = f"one or more of {', '.join(_CHANGEABLE)}"
                raise ValueError(msg)
            if "amount" in fields:
                fields["amount"] = Decimal(str(fields["amount"]))
            for name in ("date", "authorized_date"):
                if isinstance(fields.get(name), str):
                    fields[name] = dt.date.fromisoformat(fields[name])
            if "name" in fields:
                row.original = fields["name"]
            self.change(item, row, fields)
            self.renewed(item)
            self.tell_sync(item)

    def remove(self, transaction_id: str) -> None:
        """Take a row away, as a bank does."""
        with self.lock:
            item, row = self._row(transaction_id)
            self.apply(item, [], [row])

    # ---- time and trouble ----------------------------------------------------------------------

    def advance(self, days: int = 1) -> None:
        """Let days pass: pendings post, new life appears."""
        with self.lock:
            self.tick()
            self.clock.advance(days)
            self.tick()

    def break_item(self, item: str | None = None, error_code: str = "ITEM_LOGIN_REQUIRED") -> None:
        """Put an item into an error that all its data paths answer."""
        with self.lock:
            try:
                spec_of(error_code)
            except KeyError:
                msg = f"unknown Plaid error code {error_code}"
                raise ValueError(msg) from None
            self.break_login(self._ref(item), error_code)

    def repair_item(self, item: str | None = None) -> None:
        """End an item's error as if the person had been to the bank."""
        with self.lock:
            found = self._ref(item)
            self.repair(found)
            self.notify(found, "ITEM", "LOGIN_REPAIRED")

    def fail(
        self,
        path: str,
        *,
        nth: int = 1,
        kind: str = "status",
        code: int | str = 0,
        times: int = 1,
    ) -> None:
        """Let the n-th next call of a path go wrong; see ``faults``."""
        with self.lock:
            self.faults.arm(path, nth=nth, kind=kind, code=code, times=times)

    def clear_faults(self) -> None:
        """Disarm every fault."""
        with self.lock:
            self.faults.clear()

    def mutate_during_pagination(
        self, page: int = 1, *, item: str | None = None, change: str = "touch"
    ) -> None:
        """Change the data after the ``page``-th page of /transactions/sync that has more to come.

        Args:
            page: 1 is the next such page.
            item: Whose; every item's without one.
            change: touch (same content), add, modify or remove.
        """
        with self.lock:
            if change not in MUTATIONS or page < 1:
                msg = f"page is at least 1, change is one of {', '.join(MUTATIONS)}"
                raise ValueError(msg)
            for found in [self._ref(item)] if item else self._living():
                found.mutate_after = page
                found.mutation = change

    def set_phase(self, phase: str, *, item: str | None = None) -> None:
        """Hold items at NOT_READY, INITIAL or HISTORICAL; without ``item`` new ones too."""
        with self.lock:
            wanted = Phase[phase]
            if item is None:
                self.default_phase = wanted
            for found in [self._ref(item)] if item else self._living():
                found.forced_phase = wanted
                self.settle(found)

    def fire_webhook(
        self, webhook_code: str, *, item: str | None = None, webhook_type: str | None = None
    ) -> None:
        """Send a webhook of choice to an item's address."""
        with self.lock:
            self.fire(self._ref(item), webhook_type, webhook_code)

    # ---- looking -------------------------------------------------------------------------------

    def requests(self) -> list[dict[str, Any]]:
        """The log of requests, oldest first; it holds no secret."""
        with self.lock:
            return list(self.request_log)

    def webhooks(self) -> list[dict[str, Any]]:
        """The log of webhooks, oldest first."""
        with self.lock:
            return [delivery.as_dict() for delivery in self.courier.log]

    def rows(self, item: str | None = None) -> list[dict[str, Any]]:
        """Every row of the bank's truth, with its flags; of one item or of all."""
        with self.lock:
            self.tick()
            found = [self._ref(item)] if item else self.items
            return [row_state(one, row) for one in found for row in one.ledger.rows.values()]

    def state(self) -> dict[str, Any]:
        """Items, accounts, rows, refused rows and what is armed."""
        with self.lock:
            self.tick()
            return {
                "today": self.clock.today(),
                "seed": self.seed,
                "institution_ids": list(self.institution_ids),
                "items": [item_state(item) for item in self.items],
                "rows": self.rows(),
                "refused": [row.as_dict() for row in self.refused],
                "faults": [fault.as_dict() for fault in self.faults.armed],
                "webhooks": self.webhooks(),
            }


def household_bank(
    *, seed: int = 7, today: dt.date | None = None, options: BankOptions = _DEFAULT_OPTIONS
) -> Bank:
    """The default household: three institutions, eight accounts, two years of life.

    Args:
        seed: Gives every id, token and amount.
        today: Freezes the day; None follows the machine's.
        options: Set-up.
    """
    clock = Clock(today)
    return Bank(_default_household(seed), seed=seed, clock=clock, options=options)


@lru_cache(maxsize=4)
def _default_household(seed: int) -> tuple[Institution, ...]:
    """The default banks; without state, so that every bank of a seed may share their life."""
    return household_institutions(load_recipe(default_recipe_path()), seed)


def custom_bank(
    documents: Sequence[CustomUser],
    *,
    seed: int = 7,
    today: dt.date | None = None,
    options: BankOptions = _DEFAULT_OPTIONS,
) -> Bank:
    """A bank whose institutions each hold one custom user's file."""
    institutions = tuple(
        Institution(f"ins_{910_001 + place}", _bank_name(user.label), CustomScript(user))
        for place, user in enumerate(documents)
    )
    refused = [row for user in documents for row in user.refused]
    clock = Clock(today)
    return Bank(institutions, seed=seed, clock=clock, options=options, refused=refused)


def _bank_name(label: str) -> str:
    """A file's label as a bank's name."""
    stem = label.rsplit("/", 1)[-1].removesuffix(".json")
    return f"Custom Bank ({stem})"


def bulk_bank(
    items: int,
    rows_per_item: int,
    *,
    seed: int = 7,
    today: dt.date | None = None,
    options: BankOptions = _DEFAULT_OPTIONS,
) -> Bank:
    """A bank with a great many rows, made quickly: for benchmarks."""
    clock = Clock(today)
    institutions = bulk_institutions(items, rows_per_item, seed=seed, today=clock.today())
    return Bank(institutions, seed=seed, clock=clock, options=options)
