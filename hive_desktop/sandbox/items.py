"""Items and accounts of the simulated bank: what is linked, how it is, and what it owns.

An item holds its state; what happens to it (posting, breaking, phases) is decided in ``world``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import IntEnum
from typing import TYPE_CHECKING, Any

from hive_desktop.sandbox.clock import iso_instant
from hive_desktop.sandbox.errors import PlaidError
from hive_desktop.sandbox.ledger import Ledger
from hive_desktop.sandbox.render import currency_fields

if TYPE_CHECKING:
    from datetime import date, datetime

    from hive_desktop.sandbox.institutions import Institution
    from hive_desktop.sandbox.page_values import SyncAsk, SyncPage
    from hive_desktop.sandbox.script import AccountSpec, Script

_ZERO = Decimal(0)


class Phase(IntEnum):
    """How much of an item's history is there; ordered."""

    NOT_READY = 0
    INITIAL = 1
    HISTORICAL = 2


UPDATE_STATUS = {
    Phase.NOT_READY: "NOT_READY",
    Phase.INITIAL: "INITIAL_UPDATE_COMPLETE",
    Phase.HISTORICAL: "HISTORICAL_UPDATE_COMPLETE",
}


@dataclass(slots=True)
class Account:
    """A linked account; its balance follows from ``opening`` and its rows.

    Attributes:
        persistent_id: The same for every link to this account; few banks have one.
        drift: By how much the balance differs from what the rows say.
        is_closed: The bank does not list it any more.
    """

    account_id: str
    spec: AccountSpec
    opening: Decimal = _ZERO
    persistent_id: str | None = None
    drift: Decimal = _ZERO
    is_closed: bool = False

    @property
    def owes(self) -> bool:
        """Whether a positive balance is money owed (cards and loans)."""
        return self.spec.type in {"credit", "loan"}

    def current(self, posted: Decimal) -> Decimal:
        """The balance after posted rows that sum to ``posted`` (positive = money out)."""
        return self.opening + posted if self.owes else self.opening - posted

    def available(self, current: Decimal, pending: Decimal) -> Decimal | None:
        """What can be spent, pending rows taken off; None where a bank gives no figure."""
        if self.spec.available is not None:
            return self.spec.available
        if self.spec.type == "loan":
            return None
        if self.owes:
            return None if self.spec.limit is None else self.spec.limit - current - pending
        return current - pending

    def as_plaid(self, totals: dict[str, tuple[Decimal, Decimal]]) -> dict[str, Any]:
        """Plaid's account object."""
        posted, pending = totals.get(self.spec.currency, (_ZERO, _ZERO))
        current = self.current(posted) + self.drift
        iso, unofficial = currency_fields(self.spec.currency)
        return {
            "account_id": self.account_id,
            "balances": {
                "available": self.available(current, pending),
                "current": current,
                "iso_currency_code": iso,
                "limit": self.spec.limit,
                "unofficial_currency_code": unofficial,
            },
            "holder_category": "personal",
            "mask": self.spec.mask,
            "name": self.spec.name,
            "official_name": self.spec.official_name,
            "subtype": self.spec.subtype,
            "type": self.spec.type,
            **({"persistent_account_id": self.persistent_id} if self.persistent_id else {}),
        }

    def as_link_account(self) -> dict[str, Any]:
        """The account as Link's results carry it."""
        return {
            "class_type": None,
            "id": self.account_id,
            "mask": self.spec.mask,
            "name": self.spec.name,
            "subtype": self.spec.subtype,
            "type": self.spec.type,
            "verification_status": None,
        }


@dataclass(slots=True)
class Item:
    """A login at a bank.

    Attributes:
        error_code: What the bank answers instead of data, or None when it is well.
        initial_at: Clock seconds at which the last 30 days are there.
        history_at: Clock seconds at which everything is there.
        phase: How far publishing has come.
        forced_phase: Set by a test; wins over time.
        ledger_on: The civil day up to which life has happened.
        ready: Prepared pages, and the ledger's version that they are of.
        consent_ends_at: When the person's consent ends; None is never.
        cursor_epoch: How often all cursors were lost.
        mutate_after: Change the data after this many pages of the next loop (None: do not).
    """

    item_id: str
    institution: Institution
    script: Script
    username: str
    accounts: tuple[Account, ...]
    products: tuple[str, ...]
    days_requested: int
    created_at: datetime
    ledger_on: date
    initial_at: float
    history_at: float
    webhook: str | None = None
    access_token: str | None = None
    error_code: str | None = None
    removed: bool = False
    phase: Phase = Phase.NOT_READY
    forced_phase: Phase | None = None
    updated_at: datetime | None = None
    failed_at: datetime | None = None
    last_webhook: tuple[datetime, str] | None = None
    syncs: int = 0
    consent_ends_at: datetime | None = None
    cursor_epoch: int = 0
    mutate_after: int | None = None
    mutation: str = "touch"
    ledger: Ledger = field(default_factory=Ledger)
    ready: tuple[int, dict[SyncAsk, SyncPage]] = field(default_factory=lambda: (-1, {}))
    _balances: tuple[int, list[dict[str, Any]]] = field(default_factory=lambda: (-1, []))

    @property
    def cursor_key(self) -> str:
        """What cursors are bound to: the token, and how often all cursors were lost."""
        return f"{self.access_token or ''}{'#' * self.cursor_epoch}"

    def open_accounts(self) -> tuple[Account, ...]:
        """The accounts that the bank lists."""
        return tuple(one for one in self.accounts if not one.is_closed)

    def accounts_as_plaid(self) -> list[dict[str, Any]]:
        """All open accounts with balances; computed once per change of the ledger."""
        version = self.ledger.version
        if self._balances[0] != version:
            listed = self.open_accounts()
            shown = [one.as_plaid(self.ledger.totals(one.account_id)) for one in listed]
            self._balances = (version, shown)
        return self._balances[1]

    def account(self, account_id: str) -> Account:
        """The account with this id.

        Raises:
            PlaidError: INVALID_ACCOUNT_ID when the item has none such.
        """
        for one in self.open_accounts():
            if one.account_id == account_id:
                return one
        raise PlaidError("INVALID_ACCOUNT_ID")

    def error_as_plaid(self) -> dict[str, Any] | None:
        """``item.error``."""
        return PlaidError(self.error_code).copy_for_item() if self.error_code else None

    def as_plaid(self) -> dict[str, Any]:
        """Plaid's item object."""
        ends_at = self.consent_ends_at
        available = [name for name in self.institution.products if name not in self.products]
        return {
            "auth_method": None,
            "available_products": available,
            "billed_products": [name for name in self.products if name != "balance"],
            "consent_expiration_time": None if ends_at is None else iso_instant(ends_at),
            "consented_products": list(self.products),
            "error": self.error_as_plaid(),
            "institution_id": self.institution.institution_id,
            "institution_name": self.institution.name,
            "item_id": self.item_id,
            "products": list(self.products),
            "update_type": "background",
            "webhook": self.webhook,
        }

    def status_as_plaid(self) -> dict[str, Any]:
        """The ``status`` of /item/get."""
        sent = self.last_webhook
        return {
            "investments": None,
            "last_webhook": {"sent_at": iso_instant(sent[0]), "code_sent": sent[1]}
            if sent
            else None,
            "transactions": {
                "last_failed_update": iso_instant(self.failed_at) if self.failed_at else None,
                "last_successful_update": iso_instant(self.updated_at) if self.updated_at else None,
            },
        }
