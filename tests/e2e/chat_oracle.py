"""What the right answer to a question is, by plain Python over all rows of the ledger.

It knows nothing of tools or of the grammar. Each question of `tests/data/chat_questions*.jsonl`
says in its `oracle` what it asks for:

    total spent 2026-09 cat=Food & Dining       figure, which rows, which days, filters
    largest,name:largest expense 2026           several figures
    change spent 2026-09 vs 2026-08             the first less the second
    total spent 2025 ; total spent 2026         several questions in one
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

MAIN = "USD"
_FILTER = re.compile(r"\b(cat|m|a|over|under|cur)=")


@dataclass(frozen=True)
class Row:
    day: date
    amount: int
    currency: str
    merchant: str | None
    name: str
    category: str | None
    kind: str | None
    account: str
    pending: bool


@dataclass(frozen=True)
class Holding:
    name: str
    currency: str
    worth: int


@dataclass(frozen=True)
class Household:
    rows: Sequence[Row]
    holdings: Sequence[Holding]


def expected(oracle: str, house: Household) -> list[dict[str, Any]]:
    """Return the figures that an answer must have, as `hive eval chat` reads them."""
    found: list[dict[str, Any]] = []
    for part in oracle.split(" ; "):
        found += _one(part.strip(), house)
    return found


def _one(said: str, house: Household) -> list[dict[str, Any]]:
    word, _, rest = said.partition(" ")
    if word in _GIVEN:
        return _GIVEN[word](rest, house)
    if " vs " in rest:
        one, other = _split(rest)
        return [_versus(word, _total(one, house), _total(other, house))]
    if word == "top":
        by, rest = rest.split(" ", 1)
        return _top(by, _rows(rest, house))
    return [one for figure in word.split(",") for one in _FIGURES[figure](rest, house)]


def _constant(rest: str, _: Household) -> list[dict[str, Any]]:
    kind, value = rest.split(" ", 1)
    return [{"kind": kind, "value": int(value) if kind == "count" else value}]


def _texts(rest: str, _: Household) -> list[dict[str, Any]]:
    return [{"kind": "text", "value": one} for one in rest.split(";")]


def _held(sign: int) -> Callable[[str, Household], list[dict[str, Any]]]:
    def figure(rest: str, house: Household) -> list[dict[str, Any]]:
        one = next(each for each in house.holdings if each.name == rest)
        return [money(sign * one.worth, one.currency)]

    return figure


def _all_held(_rest: str, house: Household) -> list[dict[str, Any]]:
    return [money(one.worth, one.currency) for one in house.holdings]


def _worth(_rest: str, house: Household) -> list[dict[str, Any]]:
    sums: dict[str, int] = defaultdict(int)
    for one in house.holdings:
        sums[one.currency] += one.worth
    return _by_currency(sums)


_GIVEN: dict[str, Callable[[str, Household], list[dict[str, Any]]]] = {
    "const": _constant,
    "text": _texts,
    "balance": _held(1),
    "owed": _held(-1),
    "balances": _all_held,
    "networth": _worth,
}


def money(minor: int, currency: str) -> dict[str, Any]:
    return {"kind": "money", "amount_minor": minor, "currency": currency}


def _by_currency(sums: dict[str, int]) -> list[dict[str, Any]]:
    full = {currency: minor for currency, minor in sums.items() if minor} or {MAIN: 0}
    return [money(full[one], one) for one in sorted(full, key=lambda each: (each != MAIN, each))]


def days_of(text: str) -> tuple[date, date]:
    """Return the first and last day of `all`, `2026`, `2026-09`, `2026-09-01` or `A..B`."""
    if text == "all":
        return date.min, date.max
    first, _, last = text.partition("..")
    last = last or first
    parts = [int(one) for one in first.split("-")]
    start = date(parts[0], *(parts[1:] or [1])[:1], (parts[2:] or [1])[0])
    ends = [int(one) for one in last.split("-")]
    month = ends[1] if len(ends) > 1 else 12
    end = date(ends[0], month, ends[2] if len(ends) > 2 else monthrange(ends[0], month)[1])
    return start, end


def _spent(row: Row) -> bool:
    return row.kind == "expense" or (row.kind is None and row.amount > 0)


def _earned(row: Row) -> bool:
    return row.kind == "income" or (row.kind is None and row.amount < 0)


# which rows, and the sign in which people see them
_KINDS: dict[str, tuple[Callable[[Row], bool], int]] = {
    "spent": (_spent, 1),
    "income": (_earned, -1),
    "net": (lambda row: row.kind != "transfer", -1),
    "rows": (lambda _: True, 1),
    "out": (lambda row: row.amount > 0, 1),
    "in": (lambda row: row.amount < 0, -1),
    "expense": (lambda row: _spent(row) and row.amount > 0, 1),
    "refunds": (lambda row: _spent(row) and row.amount < 0, -1),
    "pending": (lambda row: row.pending, 1),
    "transfers": (lambda row: row.kind == "transfer", 1),
}


def _rows(text: str, house: Household) -> list[tuple[Row, int]]:
    """Return the rows of `spent 2026-09 cat=A;B m=C`, each with its amount as people see it."""
    marks = list(_FILTER.finditer(text))
    head = text[: marks[0].start()] if marks else text
    filters = {
        one[1]: text[one.end() : (marks[at + 1].start() if at + 1 < len(marks) else len(text))]
        for at, one in enumerate(marks)
    }
    kind, period = head.split()
    is_of, sign = _KINDS[kind]
    start, end = days_of(period)
    allowed = {name: set(value.strip().split(";")) for name, value in filters.items()}
    found = []
    for row in house.rows:
        if not (is_of(row) and start <= row.day <= end):
            continue
        fits = {
            "cat": row.category,
            "m": row.merchant,
            "a": row.account,
            "cur": row.currency,
        }
        if any(fits[name] not in allowed[name] for name in fits if name in allowed):
            continue
        if "over" in allowed and abs(row.amount) <= 100 * int(filters["over"]):
            continue
        if "under" in allowed and abs(row.amount) >= 100 * int(filters["under"]):
            continue
        found.append((row, sign * row.amount))
    return found


def _sums(rows: Iterable[tuple[Row, int]]) -> dict[str, int]:
    sums: dict[str, int] = defaultdict(int)
    for row, amount in rows:
        sums[row.currency] += amount
    return sums


def _split(rest: str) -> tuple[str, str]:
    """Return both sides of `spent 2026-09 cat=A vs 2026-08`, or of `spent 2025 cat=A vs cat=B`."""
    one, other = rest.split(" vs ")
    kind, period = one.split()[:2]
    if other.startswith(("cat=", "m=")):
        return one, f"{kind} {period} {other}"
    tail = one.split(" ", 2)[2:]
    return one, " ".join((kind, other, *tail))


def _total(text: str, house: Household) -> int:
    return _sums(_rows(text, house)).get(MAIN, 0)


def _versus(figure: str, one: int, other: int) -> dict[str, Any]:
    if figure == "changepct":
        return {"kind": "percent", "value": _percent(one - other, abs(other))}
    return money(one - other, MAIN)


def _percent(part: int, whole: int) -> float:
    return round(Fraction(1000 * part, whole)) / 10


def _top(by: str, rows: list[tuple[Row, int]]) -> list[dict[str, Any]]:
    sums: dict[str, int] = defaultdict(int)
    for row, amount in rows:
        key = row.category if by == "category" else row.merchant
        if row.currency == MAIN and key:
            sums[key] += amount
    best = max(sums, key=lambda key: sums[key])
    return [{"kind": "text", "value": best}, money(sums[best], MAIN)]


def _month_sums(rows: list[tuple[Row, int]]) -> dict[tuple[int, int], int]:
    sums: dict[tuple[int, int], int] = defaultdict(int)
    for row, amount in rows:
        if row.currency == MAIN:
            sums[row.day.year, row.day.month] += amount
    return sums


def _months(rest: str, house: Household, choose: Callable[..., Any]) -> list[dict[str, Any]]:
    sums = _month_sums(_rows(rest, house))
    return [money(choose(sums.values()), MAIN)]


def _mean(total: int, count: int | Fraction) -> int:
    return round(Fraction(total) / count)


def _averages(rest: str, house: Household) -> list[dict[str, Any]]:
    counts: dict[str, int] = defaultdict(int)
    rows = _rows(rest, house)
    for row, _ in rows:
        counts[row.currency] += 1
    sums = _sums(rows)
    return _by_currency({one: _mean(sums[one], counts[one]) for one in sums})


def _per(unit: str) -> Callable[[str, Household], list[dict[str, Any]]]:
    def figure(rest: str, house: Household) -> list[dict[str, Any]]:
        start, end = days_of(rest.split()[1])
        days = (end - start).days + 1
        months = (end.year - start.year) * 12 + end.month - start.month + 1
        sums = _sums(_rows(rest, house))
        parts = {"month": months, "day": days, "week": Fraction(days, 7)}[unit]
        return _by_currency({one: _mean(sums[one], parts) for one in sums})

    return figure


def _extreme(choose: Callable[..., Any]) -> Callable[[str, Household], list[dict[str, Any]]]:
    def figure(rest: str, house: Household) -> list[dict[str, Any]]:
        found = {}
        for row, _ in _rows(rest, house):
            found.setdefault(row.currency, []).append(abs(row.amount))
        return _by_currency({one: choose(some) for one, some in found.items()})

    return figure


def _name_of_largest(rest: str, house: Household) -> list[dict[str, Any]]:
    rows = [row for row, _ in _rows(rest, house) if row.currency == MAIN]
    best = max(rows, key=lambda row: row.amount)
    return [{"kind": "text", "value": best.merchant or best.name}]


def _day(choose: Callable[..., date]) -> Callable[[str, Household], list[dict[str, Any]]]:
    def figure(rest: str, house: Household) -> list[dict[str, Any]]:
        day = choose(row.day for row, _ in _rows(rest, house))
        return [{"kind": "date", "value": day.isoformat()}]

    return figure


def _newest(rest: str, house: Household) -> list[dict[str, Any]]:
    rows = [row for row, _ in _rows(rest, house)]
    last = max(row.day for row in rows)
    return [money(abs(row.amount), row.currency) for row in rows if row.day == last][:1]


def _count(rest: str, house: Household) -> list[dict[str, Any]]:
    return [{"kind": "count", "value": len(_rows(rest, house))}]


def _listed(rest: str, house: Household) -> list[dict[str, Any]]:
    """Return their number, and the amounts of the newest, as far as their order is clear."""
    rows = sorted(_rows(rest, house), key=lambda pair: pair[0].day, reverse=True)
    sure = [row for row, _ in rows[:20]] if len(rows) <= 20 else []
    amounts = [money(abs(row.amount), row.currency) for row in sure]
    return [{"kind": "count", "value": len(rows)}, *amounts]


def _share(rest: str, house: Household) -> list[dict[str, Any]]:
    whole = " ".join(rest.split()[:2])
    part = _percent(_total(rest, house), _total(whole, house))
    return [{"kind": "percent", "value": part}]


def _sum(rest: str, house: Household) -> list[dict[str, Any]]:
    return _by_currency(_sums(_rows(rest, house)))


_FIGURES: dict[str, Callable[[str, Household], list[dict[str, Any]]]] = {
    "total": _sum,
    "count": _count,
    "average": _averages,
    "permonth": _per("month"),
    "perweek": _per("week"),
    "perday": _per("day"),
    "largest": _extreme(max),
    "smallest": _extreme(min),
    "name:largest": _name_of_largest,
    "day:newest": _day(max),
    "day:oldest": _day(min),
    "newest": _newest,
    "list": _listed,
    "listnewest": _count,
    "share": _share,
    "topmonth": lambda rest, house: _months(rest, house, max),
    "lowmonth": lambda rest, house: _months(rest, house, min),
}
