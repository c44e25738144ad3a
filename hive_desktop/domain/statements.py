"""What a file of a bank or another program tells: accounts, rows, balances, what it cannot say.

Readers of files make these values, the import compares them with the ledger. Amounts are integers
of minor units with their currency, positive = money out; days count from 1970-01-01.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from hive_desktop.domain.csv_layouts import CsvGuess, DateOrder

_BEFORE_NUMBER: Final = " · "


class FileKind(Enum):
    """The formats that are read."""

    OFX = "ofx"
    QIF = "qif"
    CSV = "csv"
    CAMT = "camt"
    MT940 = "mt940"


class FilePart(NamedTuple):
    """A part of a row that the file itself divides (a split of QIF or Mint)."""

    amount_minor: int
    category: str = ""
    memo: str = ""


class FileRow(NamedTuple):
    """A row as its file tells it.

    Attributes:
        line: where it begins, from 1: a line of a text, the number of the entry in XML.
        day: the posting day.
        amount_minor: positive = money out of the account.
        currency: ISO 4217.
        name: payee or description, as the bank writes it; never empty.
        memo: what the file says beside it, or "".
        external_id: the bank's own id within the account (FITID, AcctSvcrRef), or "".
        happened: the day of the purchase where the file tells it, else None.
        is_pending: not booked yet.
        code: the file's own code of the kind of row (TRNTYPE, BkTxCd, :61:), or "".
        category: the category that the file names, or "".
        tags: the tags that the file names.
        parts: how the file divides the row; their amounts add up to the row's.
        transfer_to: the other account of a transfer as the file names it, of a trade what money
            was changed for, or "".
    """

    line: int
    day: int
    amount_minor: int
    currency: str
    name: str
    memo: str = ""
    external_id: str = ""
    happened: int | None = None
    is_pending: bool = False
    code: str = ""
    category: str = ""
    tags: tuple[str, ...] = ()
    parts: tuple[FilePart, ...] = ()
    transfer_to: str = ""


class FileBalance(NamedTuple):
    """What the account held at the end of a day, in the bank's sense (of a card: what is owed)."""

    day: int
    amount_minor: int
    currency: str


class Refused(NamedTuple):
    """A row that cannot be taken: where it stands, what stands there, and why.

    Attributes:
        line: as `FileRow.line`.
        text: what stands there, at most 200 characters.
        reason: a sentence marked for translation (`i18n.mark`), without values.
    """

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class FileAccount:
    """The account that a part of a file is about, as far as the file says.

    Attributes:
        number: account number, IBAN or the program's own id, or "".
        name: what the file calls it, or "".
        bank: the bank's number or name, both (`named_bank`), or "".
        kind: "checking", "savings", "credit card", "loan", "investment", "cash" or "".
        currency: ISO 4217, or "" where the file does not say.
    """

    number: str = ""
    name: str = ""
    bank: str = ""
    kind: str = ""
    currency: str = ""

    @property
    def bank_name(self) -> str:
        """Return what the bank is called, without its number, or ""."""
        name, _, number = self.bank.rpartition(_BEFORE_NUMBER)
        return name or ("" if number.isdigit() else number)

    @property
    def bank_number(self) -> str:
        """Return the bank's number, or its name where it has none, or ""."""
        return self.bank.rpartition(_BEFORE_NUMBER)[2]


def named_bank(name: str, number: str) -> str:
    """Return a bank's name and number in one: accounts of two branches can have one number."""
    return _BEFORE_NUMBER.join(filter(None, (name, number)))


@dataclass(frozen=True, slots=True)
class Statement:
    """The rows of one account in a file, in the file's order.

    `expected` is how many rows the file itself says there are (control sums), else None.
    """

    account: FileAccount
    rows: list[FileRow] = field(default_factory=list)
    balances: list[FileBalance] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    expected: int | None = None


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A whole file, read.

    Attributes:
        kind: its format.
        statements: one for each account; none where the file has no account at all.
        dialect: what was tolerated or guessed, in words marked for translation, for the preview.
        confidence: 0 to 1; below 1 only where something was guessed (tables, QIF's dates).
        guess: how a table was understood; None where it is no table.
        date_order: in which its dates were read, of a file that is no table and leaves that open.
        digest: SHA-256 of what was read, 32 bytes; b"" where no file was read.
    """

    kind: FileKind
    statements: list[Statement]
    dialect: tuple[str, ...] = ()
    confidence: float = 1.0
    guess: CsvGuess | None = None
    date_order: DateOrder | None = None
    digest: bytes = b""
