"""Plaid's answers as the values of `ports.bank`. Pure functions, no calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.domain.money import NO_CURRENCY, AmountError, to_minor
from hive_desktop.plaidkit.errors import advise
from hive_desktop.plaidkit.link_state import read_state
from hive_desktop.plaidkit.notices import trouble_of
from hive_desktop.plaidkit.rows import clean, currency_code
from hive_desktop.plaidkit.wire import parse_instant
from hive_desktop.ports.bank import (
    BankAccount,
    ItemInfo,
    LinkedBank,
    LinkOutcome,
    RefusedRow,
    SyncPage,
    WindowPage,
)

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from hive_desktop.domain.health import Trouble
    from hive_desktop.domain.ledger import BankTransaction
    from hive_desktop.plaidkit import wire
    from hive_desktop.plaidkit.rows import SyncRows, WindowRows
    from hive_desktop.plaidkit.salvage import Refusal

_REFUSED = 400


def sync_page(page: SyncRows) -> SyncPage:
    """Translate a page of /transactions/sync."""
    return SyncPage(
        added=page.added,
        modified=page.modified,
        removed=page.removed,
        accounts=accounts(page.accounts, page.added),
        next_cursor=page.next_cursor,
        has_more=page.has_more,
        is_ready=page.status != "NOT_READY",
        is_history_complete=page.status == "HISTORICAL_UPDATE_COMPLETE",
        refused=_refused(page.refused),
    )


def window_page(page: WindowRows) -> WindowPage:
    """Translate a page of /transactions/get."""
    return WindowPage(
        rows=page.rows,
        accounts=accounts(page.accounts, page.rows),
        total=page.total,
        refused=_refused(page.refused),
    )


def accounts(
    given: Iterable[wire.Account], rows: Iterable[BankTransaction] = ()
) -> list[BankAccount]:
    """Translate accounts; one whose balances name no currency has that of its rows."""
    return [_account(account, rows) for account in given]


def _account(account: wire.Account, rows: Iterable[BankTransaction]) -> BankAccount:
    balances = account.balances
    stated = currency_code(balances.iso_currency_code or balances.unofficial_currency_code or "")
    currency = stated or _currency_of_rows(account.account_id, rows)
    return BankAccount(
        plaid_account_id=account.account_id,
        persistent_id=account.persistent_account_id or None,
        name=clean(account.name or account.official_name or account.mask or ""),
        official_name=clean(account.official_name) if account.official_name else None,
        mask=clean(account.mask or "") or None,
        type=clean(account.type or "") or "other",
        subtype=clean(account.subtype or "") or None,
        currency=currency,
        current_minor=_minor(balances.current, currency),
        available_minor=_minor(balances.available, currency),
        limit_minor=_minor(balances.limit, currency),
        balance_at=parse_instant(balances.last_updated_datetime),
    )


def _currency_of_rows(account_id: str, rows: Iterable[BankTransaction]) -> str:
    own = (row.currency for row in rows if row.plaid_account_id == account_id)
    return next(own, NO_CURRENCY)


def _minor(amount: Decimal | None, currency: str) -> int | None:
    try:
        return None if amount is None else to_minor(amount, currency)
    except AmountError:
        return None


def _refused(refused: Iterable[Refusal]) -> list[RefusedRow]:
    return [RefusedRow(row.plaid_id, row.reason) for row in refused]


def item_info(item: wire.Item) -> ItemInfo:
    """Translate an item's state."""
    return ItemInfo(
        plaid_item_id=item.item_id,
        institution_id=item.institution_id or None,
        institution=clean(item.institution_name) if item.institution_name else None,
        error_code=item.error.error_code if item.error else None,
        consent_expires_at=parse_instant(item.consent_expiration_time),
        trouble=_trouble(item.error),
        updated_at=parse_instant(item.updated_at),
    )


def _trouble(error: wire.ErrorBody | None) -> Trouble | None:
    if error is None or not error.error_code:
        return None
    return trouble_of(
        advise(error.error_code, error.error_type, _REFUSED, error.error_message or "")
    )


def link_outcome(answer: wire.LinkStateAnswer) -> LinkOutcome:
    """Say how a Link page stands."""
    state = read_state(answer)
    banks = tuple(
        LinkedBank(bank.public_token, bank.institution_id, bank.institution) for bank in state.banks
    )
    return LinkOutcome(state.is_finished, banks, state.exit_code)
