"""Exports whose rows are not those of an account, made into rows that are.

A program that keeps double entries writes a transfer once: it becomes a row of each account. What a
reshaping gives has headings of its own, which the usual reading understands.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Final, NamedTuple

from hive_desktop.adapters.files.tables_cells import Record
from hive_desktop.adapters.files.tables_words import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from hive_desktop.adapters.files.tables_cells import Pair

_OWN: Final = "asset account"


class Shape(NamedTuple):
    """Headings that a reshaping gives, and what makes rows with these columns of a row."""

    headings: tuple[str, ...]
    rows: Callable[[list[str]], list[list[str]]]


def shape_of(name: str, headings: Sequence[str]) -> Shape | None:
    """Return a reshaping by its name for a table with these headings, or None for ""."""
    made = _SHAPES.get(name)
    return None if made is None else made([plain(one) for one in headings])


def reshaped(records: Iterable[Pair], shape: Shape) -> Iterator[Record]:
    """Yield the rows that a shape makes of records."""
    for line, cells in records:
        for one in shape.rows(cells):
            yield Record(line, one)


def _picker(headings: list[str]) -> Callable[[list[str], str], str]:
    places = {name: i for i, name in reversed(list(enumerate(headings)))}

    def pick(cells: list[str], name: str) -> str:
        i = places.get(name, -1)
        return cells[i].strip() if 0 <= i < len(cells) else ""

    return pick


def _firefly(headings: list[str]) -> Shape:
    pick = _picker(headings)

    def rows(cells: list[str]) -> list[list[str]]:
        if not any(one.strip() for one in cells):
            return []
        kind = plain(pick(cells, "type"))
        source, target = pick(cells, "source name"), pick(cells, "destination name")
        amount = pick(cells, "amount").lstrip("+-")
        currency = pick(cells, "currency code")

        def row(*, is_out: bool, own: str, other: str, **more: str) -> list[str]:
            sign = "-" if is_out else ""
            return [
                own,
                pick(cells, "date"),
                more.get("name", other),
                pick(cells, "description"),
                pick(cells, "category"),
                sign + more.get("amount", amount),
                more.get("currency", currency),
                pick(cells, "tags"),
                pick(cells, "notes"),
                more.get("transfer", ""),
            ]

        if kind == "transfer":
            foreign = pick(cells, "foreign amount").lstrip("+-")
            code = pick(cells, "foreign currency code")
            theirs = {"amount": foreign, "currency": code} if foreign and code else {}
            return [
                row(is_out=True, own=source, other=target, transfer=target),
                row(is_out=False, own=target, other=source, transfer=source, **theirs),
            ]
        is_out = kind == "withdrawal"
        if kind not in {"withdrawal", "deposit"}:
            is_out = plain(pick(cells, "source type")) == _OWN
        own, other = (source, target) if is_out else (target, source)
        if kind == "opening balance":
            return [row(is_out=is_out, own=own, other=other, name="Opening balance")]
        return [row(is_out=is_out, own=own, other=other)]

    made = ("Account", "Date", "Payee", "Description", "Category", "Amount", "Currency", "Tags",
            "Notes", "Transfer account")  # fmt: skip
    return Shape(made, rows)


def _actual(headings: list[str]) -> Shape:
    pick = _picker(headings)

    def rows(cells: list[str]) -> list[list[str]]:
        if not any(one.strip() for one in cells):
            return []
        amount, whole = pick(cells, "amount"), pick(cells, "split amount")
        if pick(cells, "notes").startswith("(SPLIT INTO ") and whole:
            amount = whole
        names = ("account", "date", "payee", "notes", "category")
        return [[*(pick(cells, one) for one in names), amount]]

    return Shape(("Account", "Date", "Payee", "Notes", "Category", "Amount"), rows)


def _wise(headings: list[str]) -> Shape:
    pick = _picker(headings)

    def total(cells: list[str], side: str) -> str:
        amount, fee = pick(cells, f"{side} amount after fees"), pick(cells, f"{side} fee amount")
        same = pick(cells, f"{side} fee currency") in {"", pick(cells, f"{side} currency")}
        try:
            added = Decimal(amount) + (Decimal(fee) if fee and same else 0)
        except InvalidOperation:
            return amount
        return str(added)

    def rows(cells: list[str]) -> list[list[str]]:
        if not any(one.strip() for one in cells):
            return []
        direction = plain(pick(cells, "direction"))

        def row(side: str, name: str, amount: str) -> list[str]:
            return [
                pick(cells, "finished on") or pick(cells, "created on"),
                name,
                pick(cells, "reference"),
                pick(cells, "note"),
                amount,
                pick(cells, f"{side} currency"),
                pick(cells, "status"),
                pick(cells, "category"),
                pick(cells, "id"),
            ]

        source, target = pick(cells, "source name"), pick(cells, "target name")
        out = row("source", target, f"-{total(cells, 'source')}")
        into = row("target", source, pick(cells, "target amount after fees"))
        if direction == "out":
            return [out]
        return [into] if direction == "in" else [out, into]

    made = ("Date", "Name", "Description", "Note", "Amount", "Currency", "Status", "Category", "ID")
    return Shape(made, rows)


_SHAPES: Final = {"firefly": _firefly, "actual": _actual, "wise": _wise}
