"""QIF cut into records: which account each is about, and what stands behind its letters."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from hive_desktop.adapters.files.parts import MOST_ROWS, TooManyError
from hive_desktop.domain.csv_layouts import DateOrder

if TYPE_CHECKING:
    from collections.abc import Iterator

KINDS: Final = {
    "bank": "checking",
    "cash": "cash",
    "ccard": "credit card",
    "oth a": "",
    "oth l": "loan",
    "invst": "investment",
    "port": "investment",
    "mutual": "investment",
    "401(k)": "investment",
    "401(k)/403(b)": "investment",
}
INVESTMENT: Final = "investment"
_LISTS: Final = frozenset(
    {
        *("cat", "class", "tag", "memorized", "security", "prices", "price", "budget", "payee"),
        *("template", "invitem", "invoice", "tax", "bill", "loan", "emp", "cust", "vend", "todo"),
    }
)
_ORDERS: Final = {"!option:mdy": DateOrder.MDY, "!option:dmy": DateOrder.DMY}
MOST_PARTS: Final = 500
_MOST_LINES: Final = 12
_ADDRESS: Final = "A"
_SPLIT: Final = "S"
_OF_SPLITS: Final = "E$%D"
_AMOUNTS: Final = frozenset("TU$")
_BETWEEN: Final = r"\s*[/.\-'\u2019 ]\s*"
_WHOLE_DAY: Final = re.compile(
    rf"[0-9]{{1,4}}{_BETWEEN}(?:[0-9]{{1,2}}{_BETWEEN}['\u2019]?[0-9]{{1,4}}"
    rf"|[^\W\d_]{{3,9}}{_BETWEEN}[0-9]{{4}})\s*|[0-9]{{8}}"
)


@dataclass(slots=True)
class Part:
    """A split as it is written."""

    category: str
    memo: str = ""
    amount: str = ""


@dataclass(slots=True)
class Record:
    """What stands before a `^`: the first value of each letter, splits and address apart."""

    line: int
    fields: dict[str, str] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    address: list[str] = field(default_factory=list)
    is_ended: bool = False

    def quote(self) -> str:
        """Return the record on one line."""
        return " ".join(f"{letter}{value}" for letter, value in self.fields.items())


@dataclass(slots=True)
class Section:
    """Records of one account."""

    name: str
    kind: str
    records: list[Record] = field(default_factory=list)


@dataclass(slots=True)
class Sections:
    """A file's sections, and what else it told.

    `has_accounts` is true where it lists accounts, `order` is that of its dates where it names one.
    """

    found: list[Section] = field(default_factory=list)
    has_lists: bool = False
    has_accounts: bool = False
    order: DateOrder | None = None
    has_header: bool = True


def sections_of(text: str) -> Sections:
    """Return the records of all accounts, in the file's order.

    Raises:
        TooManyError: there are more than a statement has.
    """
    made = Sections()
    state = "start"  # or "list", "account", "rows"
    name = kind = ""
    now: Section | None = None
    for i, record in enumerate(_records(text)):
        if i > MOST_ROWS:
            raise TooManyError
        if isinstance(record, str):
            made.order = _ORDERS.get("".join(record.lower().split()), made.order)
            header = _state_of(record)
            if header is None:
                continue
            state, told = header
            made.has_accounts = made.has_accounts or state == "account"
            made.has_lists = made.has_lists or state == "list"
            if state == "rows":
                now = Section(name, told or kind)
                made.found.append(now)
            continue
        if state == "account":
            name = record.fields.get("N", "").strip() or name
            kind = _kind_of(record.fields.get("T", ""))
        elif state == "start" and {"D"} < record.fields.keys():
            state, made.has_header = "rows", False
            now = Section("", "", [record])
            made.found.append(now)
        elif state == "rows" and now is not None and (record.fields or record.parts):
            now.records.append(record)
    return made


def _state_of(header: str) -> tuple[str, str] | None:
    """Return what follows a header, and the kind of account where rows follow.

    None is returned for options and the like, which have no records: what was read goes on.
    """
    word, _, what = header[1:].partition(":")
    word, what = word.strip().lower(), " ".join(what.lower().split())
    if word == "account":
        return "account", ""
    if word != "type":
        return None
    return ("list", "") if what.split(" ")[0] in _LISTS else ("rows", _kind_of(what))


def _kind_of(told: str) -> str:
    return KINDS.get(" ".join(told.lower().split()), "")


def _records(text: str) -> Iterator[Record | str]:
    """Give records, and headers as they are."""
    now: Record | None = None
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.strip("\r\x1a\x00\ufeff")
        if not line or line.isspace():
            continue
        letter, value = line[0], line[1:].strip()
        if letter in "^!":
            if now is not None:
                now.is_ended = letter == "^"
                yield now
                now = None
            if letter == "!":
                yield line
        else:
            if now is not None and letter == "D" and _is_another(now, value):
                yield now
                now = None
            if now is None:
                now = Record(number)
            _add(now, letter, value)
    if now is not None:
        yield now


def _is_another(record: Record, day: str) -> bool:
    """Tell whether a date begins another record, whose `^` before it is missing."""
    if record.parts or "D" not in record.fields or record.fields.keys().isdisjoint(_AMOUNTS):
        return False
    return _WHOLE_DAY.fullmatch(day) is not None


def _add(record: Record, letter: str, value: str) -> None:
    if letter == _SPLIT:
        if len(record.parts) <= MOST_PARTS:
            record.parts.append(Part(value))
    elif record.parts and letter in _OF_SPLITS:
        part = record.parts[-1]
        if letter == "E":
            part.memo = part.memo or value
        elif letter == "$":
            part.amount = part.amount or value
    elif letter == _ADDRESS:
        if len(record.address) < _MOST_LINES:
            record.address.append(value)
    elif letter != "#" and value:
        record.fields.setdefault(letter.upper(), value)
