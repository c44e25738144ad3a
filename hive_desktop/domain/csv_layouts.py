"""How a table of a bank is to be read, and how sure a guess of it is.

A layout is a plain value: guessed from a file, corrected by a person, kept as JSON and used again
for the next file of the same shape. It holds no row and no name of a person.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_VERSION: Final = 1
_MOST_COLUMNS: Final = 500


class Role(StrEnum):
    """What a column tells."""

    DATE = "date"
    """The posting day."""
    HAPPENED = "happened"
    """The day of the purchase."""
    VALUE_DATE = "value date"
    AMOUNT = "amount"
    OUT = "money out"
    IN = "money in"
    INDICATOR = "indicator"
    """A word by which money out is told from money in (`D`, `Af`, `debit`)."""
    BALANCE = "balance"
    CURRENCY = "currency"
    NAME = "name"
    """Who was paid, or who paid."""
    PAYER = "payer"
    PAYEE = "payee"
    TEXT = "text"
    """A description: the name where there is no other, else beside it."""
    MEMO = "memo"
    KIND = "kind"
    ID = "id"
    """The bank's own id of the row."""
    CATEGORY = "category"
    GROUP = "category group"
    TAGS = "tags"
    STATE = "state"
    ACCOUNT = "account name"
    NUMBER = "account number"
    TRANSFER = "other account"
    FEE = "fee"


class DateOrder(StrEnum):
    """In which order a date has day, month and year."""

    DMY = "dmy"
    MDY = "mdy"
    YMD = "ymd"


class Sign(StrEnum):
    """How a table tells money out from money in."""

    IN_POSITIVE = "in positive"
    OUT_POSITIVE = "out positive"
    INDICATOR = "indicator"
    COLUMNS = "columns"


@dataclass(frozen=True, slots=True)
class CsvLayout:
    """How to read one table.

    Attributes:
        columns: which column (from 0) has which role; several may share one role, in this order.
        encoding: by which bytes became text ("utf-8", "cp1252", ...).
        delimiter: one character between cells.
        quote: the character around cells, or "" where quotes mean nothing.
        header: which record (from 1) has the headings, or 0 for none.
        headings: the headings as they stand there; a header that moved is found by them. Without
            them (a person chose the record) rows begin behind `header`.
        skip: how many records stand before the first row, where there is no header.
        date_order: of all dates of the table.
        decimal_mark: "." or ",".
        sign: how money out is told.
        out_words: cells of the indicator that mean money out, in small letters.
        out_is_negative: amounts in the column of money out have a minus, by rule.
        in_is_negative: amounts in the column of money in have a minus, by rule.
        fee_is_extra: the fee comes on top of the amount, as a cost.
        fee_is_negative: a fee is a cost where it has a minus, and is given back where it has none.
        currency: of all rows, ISO 4217, or "" where a column or nobody says it.
        account: of all rows, or "" where a column or nobody says it.
        account_kind: as `FileAccount.kind`.
        preset: which known export it is, or "".
    """

    columns: tuple[tuple[Role, int], ...]
    encoding: str = "utf-8"
    delimiter: str = ","
    quote: str = '"'
    header: int = 1
    headings: tuple[str, ...] = ()
    skip: int = 0
    date_order: DateOrder = DateOrder.YMD
    decimal_mark: str = "."
    sign: Sign = Sign.IN_POSITIVE
    out_words: tuple[str, ...] = ()
    out_is_negative: bool = False
    in_is_negative: bool = False
    fee_is_extra: bool = False
    fee_is_negative: bool = False
    currency: str = ""
    account: str = ""
    account_kind: str = ""
    preset: str = ""

    def of(self, role: Role) -> tuple[int, ...]:
        """Return the columns that have a role, from 0."""
        return tuple(column for one, column in self.columns if one is role)

    def first(self, role: Role) -> int | None:
        """Return the first column that has a role, or None."""
        return next((column for one, column in self.columns if one is role), None)

    def as_json(self) -> dict[str, object]:
        """Return it as values of JSON."""
        return {
            "version": _VERSION,
            "columns": [[role.value, column] for role, column in self.columns],
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "quote": self.quote,
            "header": self.header,
            "headings": list(self.headings),
            "skip": self.skip,
            "date_order": self.date_order.value,
            "decimal_mark": self.decimal_mark,
            "sign": self.sign.value,
            "out_words": list(self.out_words),
            "out_is_negative": self.out_is_negative,
            "in_is_negative": self.in_is_negative,
            "fee_is_extra": self.fee_is_extra,
            "fee_is_negative": self.fee_is_negative,
            "currency": self.currency,
            "account": self.account,
            "account_kind": self.account_kind,
            "preset": self.preset,
        }

    @classmethod
    def from_json(cls, found: Mapping[str, object]) -> CsvLayout:
        """Return the layout that `as_json` told.

        Raises:
            ValueError: it is none, or one of a later Hive.
        """
        if found.get("version") != _VERSION:
            raise ValueError("the layout is of another version")
        made = cls(
            columns=_columns(found.get("columns")),
            encoding=_text(found, "encoding"),
            delimiter=_text(found, "delimiter"),
            quote=_text(found, "quote"),
            header=_count(found, "header"),
            headings=_texts(found, "headings"),
            skip=_count(found, "skip"),
            date_order=DateOrder(_text(found, "date_order")),
            decimal_mark=_text(found, "decimal_mark"),
            sign=Sign(_text(found, "sign")),
            out_words=_texts(found, "out_words"),
            in_is_negative=found.get("in_is_negative") is True,
            out_is_negative=found.get("out_is_negative") is True,
            fee_is_extra=found.get("fee_is_extra") is True,
            fee_is_negative=found.get("fee_is_negative") is True,
            currency=_text(found, "currency"),
            account=_text(found, "account"),
            account_kind=_text(found, "account_kind"),
            preset=_text(found, "preset"),
        )
        if len(made.delimiter) != 1 or len(made.quote) > 1 or made.decimal_mark not in {".", ","}:
            raise ValueError("the layout has odd marks")
        return made


@dataclass(frozen=True, slots=True)
class CsvGuess:
    """What a file seems to be, for a person to look at.

    Attributes:
        layout: how it would be read.
        confidence: 0 to 1; above 0.9 nothing needs a look.
        why: what it stands on and what is unsure, marked for translation.
        head: the first records as cells, headings first where there are any.
        signature: the same for files of the same shape; a corrected layout is kept under it.
    """

    layout: CsvLayout
    confidence: float
    why: tuple[str, ...] = ()
    head: tuple[tuple[str, ...], ...] = ()
    signature: str = field(default="")


def _text(found: Mapping[str, object], key: str) -> str:
    value = found.get(key)
    if not isinstance(value, str):
        raise ValueError(f"{key} is no text")  # noqa: TRY004 - one kind of fault for a caller
    return value


def _texts(found: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = found.get(key)
    if not isinstance(value, list | tuple) or not all(isinstance(one, str) for one in value):
        raise ValueError(f"{key} is no list of texts")
    return tuple(value)


def _count(found: Mapping[str, object], key: str) -> int:
    value = found.get(key)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise ValueError(f"{key} is no count")
    return value


def _columns(value: object) -> tuple[tuple[Role, int], ...]:
    if not isinstance(value, list | tuple) or len(value) > _MOST_COLUMNS:
        raise ValueError("columns is no list")
    made = []
    for one in value:
        if not isinstance(one, list | tuple) or len(one) != 2:
            raise ValueError("a column is no pair")
        role, column = one
        if not isinstance(column, int) or isinstance(column, bool):
            raise ValueError("a column is no number")  # noqa: TRY004
        if not 0 <= column < _MOST_COLUMNS:
            raise ValueError("a column lies outside of a table")
        made.append((Role(role), column))
    return tuple(made)
