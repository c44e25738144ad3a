"""Custom users in Plaid's own format: a JSON configuration read into a script.

The format is Plaid's (the page "Creating custom users" of its Sandbox documentation): accounts with
overrides, and rows with a transaction date, a posting date, an amount, a description and a
currency. A file that is no such configuration is refused as a whole; one bad row only by itself.
"""

from __future__ import annotations

import json
import re
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NoReturn

from hive_desktop.sandbox.script import AccountSpec, Entry, RefusedRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_CENT = Decimal("0.01")
_CURRENCY = re.compile(r"[A-Z]{3,6}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TYPES = {"depository", "credit", "loan", "investment", "brokerage", "other"}
_NAMES = {
    "checking": ("Plaid Checking", "Plaid Gold Standard 0% Interest Checking"),
    "savings": ("Plaid Saving", "Plaid Silver Standard 0.1% Interest Saving"),
    "cd": ("Plaid CD", "Plaid Bronze Standard 0.2% Interest CD"),
    "money market": ("Plaid Money Market", "Plaid Platinum Standard 1.85% Interest Money Market"),
    "credit card": ("Plaid Credit Card", "Plaid Diamond 12.5% APR Interest Credit Card"),
    "mortgage": ("Plaid Mortgage", None),
    "student": ("Plaid Student Loan", None),
    "ira": ("Plaid IRA", None),
    "401k": ("Plaid 401k", None),
}
_DEFAULT_SUBTYPES = {
    "depository": "checking",
    "credit": "credit card",
    "loan": "student",
    "investment": "brokerage",
    "brokerage": "brokerage",
    "other": "other",
}
_DEFAULT_BALANCES = {"depository": Decimal(1000), "credit": Decimal(500), "loan": Decimal(10000)}
_INFLOWS = {"monthly-income", "monthly-balance-payment", "monthly-interest-only-payment"}


class CustomUserError(ValueError):
    """Text that is no custom user's configuration; the message says where and why."""


@dataclass(frozen=True, slots=True)
class Inflow:
    """What an ``inflow_model`` asks for: one row a month, on top of the given ones."""

    kind: str
    amount: Decimal
    day: int
    name: str


@dataclass(frozen=True, slots=True)
class CustomAccount:
    """One overridden account.

    Attributes:
        rows: Its entries, keyed by their place in the file.
    """

    spec: AccountSpec
    rows: tuple[Entry, ...]
    inflow: Inflow | None = None


@dataclass(frozen=True, slots=True)
class CustomUser:
    """A configuration, read.

    Attributes:
        label: The file's name, or ``user_custom`` for one given through the API.
        refused: Rows that cannot be transactions.
    """

    label: str
    accounts: tuple[CustomAccount, ...]
    refused: tuple[RefusedRow, ...]
    seed: str = ""


def load_custom_user(text: str, *, label: str) -> CustomUser:
    """Read a configuration.

    Args:
        text: JSON in Plaid's format.
        label: Names the source in messages and in refused rows.

    Raises:
        CustomUserError: Not JSON, not an object, or values of the wrong type above the rows.
    """
    document = _parse(text)
    if not isinstance(document, dict):
        msg = "the configuration is not a JSON object"
        raise CustomUserError(msg)
    overrides = document.get("override_accounts")
    if not isinstance(overrides, list):
        msg = "override_accounts is missing or not a list"
        raise CustomUserError(msg)
    accounts: list[CustomAccount] = []
    refused: list[RefusedRow] = []
    for index, raw in enumerate(overrides):
        account, bad = _Reader(label, index).read(raw)
        accounts.append(account)
        refused += bad
    seed = document.get("seed")
    return CustomUser(label, tuple(accounts), tuple(refused), "" if seed is None else str(seed))


def _parse(text: str) -> Any:
    def refuse_constant(name: str) -> NoReturn:
        msg = f"{name} is not a number that JSON allows"
        raise CustomUserError(msg)

    try:
        return json.loads(
            text, parse_float=Decimal, parse_int=Decimal, parse_constant=refuse_constant
        )
    except json.JSONDecodeError as error:
        msg = f"not JSON: {error.msg} (line {error.lineno}, column {error.colno})"
        raise CustomUserError(msg) from error
    except RecursionError as error:
        msg = "not a configuration: nested too deeply"
        raise CustomUserError(msg) from error


@dataclass(slots=True)
class _Reader:
    """Reads one account; knows its place for messages."""

    label: str
    index: int
    refused: list[RefusedRow] = field(default_factory=list)

    def read(self, raw: Any) -> tuple[CustomAccount, list[RefusedRow]]:
        if not isinstance(raw, dict):
            self._fail("is not an object")
        spec = self._spec(raw)
        rows = self._list(raw, "transactions")
        entries = [
            entry for place, row in enumerate(rows) if (entry := self._row(place, row, spec))
        ]
        return CustomAccount(spec, tuple(entries), self._inflow(raw, spec)), self.refused

    def _fail(self, what: str) -> NoReturn:
        msg = f"account {self.index + 1} {what}"
        raise CustomUserError(msg)

    def _text(self, raw: dict[str, Any], name: str) -> str | None:
        value = raw.get(name)
        if value is not None and not isinstance(value, str):
            self._fail(f"has a {name} that is not text")
        return value or None

    def _number(self, raw: dict[str, Any], name: str) -> Decimal | None:
        value = raw.get(name)
        if value is not None and not isinstance(value, Decimal):
            self._fail(f"has a {name} that is not a number")
        return value

    def _list(self, raw: dict[str, Any], name: str) -> list[Any]:
        value = raw.get(name)
        if value is not None and not isinstance(value, list):
            self._fail(f"has {name} that are not a list")
        return value or []

    def _object(self, raw: dict[str, Any], name: str) -> dict[str, Any]:
        value = raw.get(name)
        if value is not None and not isinstance(value, dict):
            self._fail(f"has a {name} that is not an object")
        return value or {}

    def _spec(self, raw: dict[str, Any]) -> AccountSpec:
        kind = self._text(raw, "type") or "depository"
        if kind not in _TYPES:
            self._fail(f"has the unknown type {kind!r}")
        subtype = self._text(raw, "subtype") or _DEFAULT_SUBTYPES[kind]
        meta = self._object(raw, "meta")
        numbers = self._object(raw, "numbers")
        name, official = _NAMES.get(subtype, (f"Plaid {subtype.title()}", None))
        own = self._text(meta, "name")
        digits = self._text(meta, "mask") or (self._text(numbers, "account") or "")[-4:]
        current = self._number(raw, "starting_balance")
        return AccountSpec(
            key=str(self.index),
            name=own or name,
            official_name=self._text(meta, "official_name") or (None if own else official),
            mask=digits or f"{self.index * 1111 % 10000:04}",
            type=kind,
            subtype=subtype,
            currency=self._text(raw, "currency") or "USD",
            limit=self._number(meta, "limit"),
            current=_DEFAULT_BALANCES.get(kind, Decimal(1000)) if current is None else current,
            available=self._number(raw, "force_available_balance"),
        )

    def _row(self, place: int, row: Any, spec: AccountSpec) -> Entry | None:
        """One row as an entry, or None after noting why it is refused."""
        reason = _reason_against(row)
        if reason is not None:
            self.refused.append(RefusedRow(self.label, self.index, place, reason))
            return None
        posted = date.fromisoformat(row["date_posted"])
        made = row.get("date_transacted")
        description = row.get("description") or "Transaction"
        return Entry(
            key=f"{self.label}/{self.index}/{place}",
            account=spec.key,
            transacted_on=date.fromisoformat(made) if made else posted,
            posted_on=posted,
            amount=row["amount"],
            currency=row.get("currency") or spec.currency,
            name=description,
            original=description,
        )

    def _inflow(self, raw: dict[str, Any], spec: AccountSpec) -> Inflow | None:
        model = self._object(raw, "inflow_model")
        kind = self._text(model, "type")
        if kind is None or kind == "none":
            return None
        if kind not in _INFLOWS:
            self._fail(f"has the unknown inflow_model type {kind!r}")
        day = self._number(model, "payment_day_of_month") or Decimal(1)
        if not 1 <= day <= 31 or day != int(day):
            self._fail("has an inflow_model with a payment_day_of_month outside 1 to 31")
        amount = self._inflow_amount(kind, raw, model, spec)
        name = self._text(model, "transaction_name") or "PLAID INFLOW"
        return Inflow(kind, -abs(amount), int(day), name)

    def _inflow_amount(
        self, kind: str, raw: dict[str, Any], model: dict[str, Any], spec: AccountSpec
    ) -> Decimal:
        balance = abs(spec.current or Decimal(0))
        if kind == "monthly-income":
            amount = self._number(model, "income_amount")
            if amount is None:
                self._fail("has a monthly-income inflow_model without income_amount")
            return amount
        if kind == "monthly-balance-payment":
            return balance
        rate = self._number(self._object(raw, "liability"), "purchase_apr")
        yearly = rate if rate is not None else Decimal("12.5")
        return (balance * yearly / 1200).quantize(_CENT)


def _reason_against(row: Any) -> str | None:
    """Why a row cannot be a transaction, or None."""
    if not isinstance(row, dict):
        return "the row is not an object"
    amount = row.get("amount")
    if amount is None:
        return "the row has no amount"
    if not isinstance(amount, Decimal):
        return "the amount is not a number"
    return _reason_against_dates(row) or _reason_against_texts(row)


def _reason_against_dates(row: dict[str, Any]) -> str | None:
    if row.get("date_posted") is None:
        return "the row has no posting date"
    for name in ("date_posted", "date_transacted"):
        value = row.get(name)
        if value is not None and not _is_day(value):
            return f"{name} is not a date (YYYY-MM-DD)"
    return None


def _reason_against_texts(row: dict[str, Any]) -> str | None:
    description, currency = row.get("description"), row.get("currency")
    if description is not None and not isinstance(description, str):
        return "the description is not text"
    if currency is None:
        return None
    if not isinstance(currency, str) or not _CURRENCY.fullmatch(currency):
        return "the currency is not a currency code"
    return None


def _is_day(value: Any) -> bool:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class CustomScript:
    """A custom user's data: the file's rows, and what inflow models add month by month."""

    user: CustomUser
    epoch: None = None

    @property
    def accounts(self) -> tuple[AccountSpec, ...]:
        """The file's accounts, in its order."""
        return tuple(account.spec for account in self.user.accounts)

    def fixed(self) -> Iterable[Entry]:
        """The file's rows."""
        return [entry for account in self.user.accounts for entry in account.rows]

    def entries(self, first: date, last: date) -> Iterable[Entry]:
        """The rows of inflow models between two days."""
        for account in self.user.accounts:
            if account.inflow is not None:
                yield from _inflow_rows(account, account.inflow, first, last)


def _inflow_rows(
    account: CustomAccount, inflow: Inflow, first: date, last: date
) -> Iterator[Entry]:
    month = first.replace(day=1)
    while month <= last:
        length = monthrange(month.year, month.month)[1]
        on = month.replace(day=min(inflow.day, length))
        if first <= on <= last:
            is_pay = inflow.kind == "monthly-income"
            category = "INCOME_SALARY" if is_pay else "LOAN_PAYMENTS_CREDIT_CARD_PAYMENT"
            yield Entry(
                key=f"inflow/{account.spec.key}/{on:%Y-%m}",
                account=account.spec.key,
                transacted_on=on,
                posted_on=on,
                amount=inflow.amount,
                currency=account.spec.currency,
                name=inflow.name,
                category=category,
                confidence="HIGH",
                code="payment",
                has_pending=False,
                inflow=True,
            )
        month = (month + timedelta(days=32)).replace(day=1)
