"""Plaid's rows as the ledger's rows: fast when all are well, row by row when one is not.

A page decodes as a whole first; only when that fails are its rows salvaged one by one (`salvage`).
No row is guessed: without an id, an account, a date, an amount and a currency there is none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, TypeVar

from hive_desktop.domain.days import parse_day
from hive_desktop.domain.ledger import BankTransaction
from hive_desktop.domain.money import AmountError, minor_digits, to_minor
from hive_desktop.plaidkit import decoders, salvage, wire
from hive_desktop.plaidkit.salvage import Refusal, RowError

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_TEXT = 512
_MEMO_ENTRIES = 20_000
_FAST_AMOUNT = Decimal(10**12)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_CODE = re.compile(r"[\w.$-]{1,16}")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
# Marks that reorder the text around them, by which a name could show as another.
_REORDERING = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069]")

_R = TypeVar("_R", bound=tuple[object, ...])


@dataclass(slots=True)
class SyncRows:
    """A page of /transactions/sync in the ledger's terms."""

    added: list[BankTransaction]
    modified: list[BankTransaction]
    removed: list[str]
    accounts: list[wire.Account]
    refused: list[Refusal]
    next_cursor: str
    has_more: bool
    status: str | None


@dataclass(slots=True)
class WindowRows:
    """A page of /transactions/get in the ledger's terms; `total` counts the whole window."""

    rows: list[BankTransaction]
    accounts: list[wire.Account]
    refused: list[Refusal]
    total: int


@dataclass(slots=True)
class RowReader:
    """Turns pages into rows; remembers dates and words that repeat, so that each is made once.

    One reader may serve several threads: what they share are lookups that may be lost, not wrong.
    """

    _days: dict[str, int] = field(default_factory=dict)
    _words: dict[str, str] = field(default_factory=dict)
    _currencies: dict[str, str] = field(default_factory=dict)
    _accounts: dict[str, str] = field(default_factory=dict)

    def sync_page(self, answer: wire.Answer) -> SyncRows:
        """Decode a page of /transactions/sync.

        Raises:
            PlaidError: the page itself is not usable; single bad rows are refused instead.
        """
        refused: list[Refusal] = []
        try:
            page = decoders.SYNC.decode(answer.body)
        except wire.MALFORMED:
            page = self._patched_sync(answer, refused)
        else:
            page.accounts = salvage.named(page.accounts, refused)
        return SyncRows(
            added=self._rows(page.added, refused),
            modified=self._rows(page.modified, refused),
            removed=[gone.transaction_id for gone in page.removed if gone.transaction_id],
            accounts=page.accounts,
            refused=refused,
            next_cursor=page.next_cursor or "",
            has_more=page.has_more,
            status=page.transactions_update_status,
        )

    def window_page(self, answer: wire.Answer) -> WindowRows:
        """Decode a page of /transactions/get.

        Raises:
            PlaidError: the page itself is not usable; single bad rows are refused instead.
        """
        refused: list[Refusal] = []
        try:
            page = decoders.WINDOW.decode(answer.body)
        except wire.MALFORMED:
            raw = wire.decode(answer, decoders.RAW_WINDOW)
            page = wire.WindowAnswer(
                transactions=salvage.transactions(raw.transactions, refused),
                total_transactions=raw.total_transactions,
                accounts=salvage.accounts(raw.accounts, refused),
            )
        else:
            page.accounts = salvage.named(page.accounts, refused)
        rows = self._rows(page.transactions, refused)
        return WindowRows(rows, page.accounts, refused, page.total_transactions)

    @staticmethod
    def _patched_sync(answer: wire.Answer, refused: list[Refusal]) -> wire.SyncAnswer:
        raw = wire.decode(answer, decoders.RAW_SYNC)
        return wire.SyncAnswer(
            added=salvage.transactions(raw.added, refused),
            modified=salvage.transactions(raw.modified, refused),
            removed=salvage.removed(raw.removed),
            has_more=raw.has_more,
            next_cursor=raw.next_cursor,
            accounts=salvage.accounts(raw.accounts, refused),
            transactions_update_status=raw.transactions_update_status,
        )

    def _rows(
        self, rows: Iterable[wire.Transaction], refused: list[Refusal]
    ) -> list[BankTransaction]:
        landed: list[BankTransaction] = []
        if len(self._days) + len(self._words) + len(self._accounts) > _MEMO_ENTRIES:
            self._days, self._words, self._currencies, self._accounts = {}, {}, {}, {}
        for row in rows:
            try:
                landed.append(self._row(row))
            except RowError as exc:
                refused.append(Refusal(clean(row.transaction_id) or None, str(exc)))
        return landed

    def _row(self, row: wire.Transaction) -> BankTransaction:
        posted = self._days.get(row.date)
        if posted is None:
            posted = self._day(row.date)
        authorized = row.authorized_date
        authorized_on = None
        if authorized is not None:
            authorized_on = self._days.get(authorized)
            if authorized_on is None:
                authorized_on = self._optional_day(authorized)
        code = row.iso_currency_code or row.unofficial_currency_code
        currency = self._currencies.get(code or "") or self._currency(code or "")
        account = self._accounts.get(row.account_id) or self._account(row.account_id)
        if not salvage.is_id(row.transaction_id):
            raise RowError("the row has no id")
        bank = row.personal_finance_category
        category = confidence = None
        if bank is not None:
            category = self._optional_word(bank.detailed or bank.primary)
            confidence = self._optional_word(bank.confidence_level)
        return _make(
            BankTransaction,
            (
                row.transaction_id,
                account,
                posted,
                authorized_on,
                amount_minor(row.amount, currency),
                currency,
                clean(row.name or row.merchant_name or row.original_description or ""),
                clean(row.merchant_name) if row.merchant_name else None,
                row.merchant_entity_id or None,
                clean(row.original_description) if row.original_description else None,
                row.pending,
                row.pending_transaction_id or None,
                category,
                confidence,
                self._optional_word(row.payment_channel),
                clean(row.check_number) if row.check_number else None,
            ),
        )

    def _day(self, text: str) -> int:
        if not _DATE.fullmatch(text):
            raise RowError("the row has no date" if not text else "the row's date is not a date")
        try:
            day = self._days[text] = parse_day(text)
        except ValueError as exc:
            raise RowError("the row's date is not a date") from exc
        return day

    def _optional_day(self, text: str) -> int | None:
        try:
            return self._day(text)
        except RowError:
            return None

    def _currency(self, code: str) -> str:
        currency = currency_code(code)
        if currency is None:
            raise RowError("the row names no currency")
        return self._currencies.setdefault(code, currency)

    def _account(self, plaid_id: str) -> str:
        if not salvage.is_id(plaid_id):
            raise RowError("the row names no account")
        return self._accounts.setdefault(plaid_id, plaid_id)

    def _optional_word(self, text: str | None) -> str | None:
        if not text:
            return None
        return self._words.get(text) or self._words.setdefault(text, clean(text))


def _make(kind: type[_R], values: tuple[object, ...]) -> _R:
    """Build a named tuple without its Python-level constructor, which doubles a page's cost."""
    return tuple.__new__(kind, values)


def amount_minor(amount: Decimal, currency: str) -> int:
    """Return an amount in minor units, exactly as `domain.money.to_minor` does.

    Nearly every row has two decimals and less than 10^12: that needs no context and no rounding.

    Raises:
        RowError: the ledger cannot hold the amount.
    """
    try:
        if minor_digits(currency) == 2 and -_FAST_AMOUNT < amount < _FAST_AMOUNT:
            cents = amount * 100
            whole = int(cents)
            if whole == cents:
                return whole
        return to_minor(amount, currency)
    except (AmountError, InvalidOperation) as exc:
        raise RowError("the row's amount is not one the ledger can hold") from exc


def currency_code(text: str) -> str | None:
    """Return a currency's code, official or not, as one short word; None when it is no code."""
    code = clean(text)
    return code if _CODE.fullmatch(code) else None


def clean(text: str) -> str:
    """Return a text from outside fit for one line: no controls or reordering marks, cut at 512."""
    if len(text) <= LONGEST_TEXT and text.isprintable():
        return text
    return _CONTROLS.sub(" ", _REORDERING.sub("", text)).strip()[:LONGEST_TEXT]
