"""Receipts and proposals as text that a vault keeps, and back: the one way of writing them down.

A query that several cells share is written once.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from hive_desktop.domain import saved_filters
from hive_desktop.domain.conversations import ChangeKind, Proposal, ProposedChange
from hive_desktop.domain.ledger import TransactionId
from hive_desktop.domain.receipts import Cell, CellKind, How, Made, Receipt, Series

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from hive_desktop.domain.conversations import ProposalState
    from hive_desktop.domain.ledger import CategoryId, TransactionQuery

    Heirs = Mapping[CategoryId, CategoryId]


def receipt_to_text(receipt: Receipt) -> str:
    """Return a receipt as JSON."""
    queries = _Queries()
    told: dict[str, Any] = {
        "id": receipt.id,
        "tool": receipt.tool,
        "arguments": dict(receipt.arguments),
        "title": receipt.title,
        "cells": [_cell(one, queries) for one in receipt.cells],
        "rows": receipt.rows,
        "query": queries.number(receipt.query),
        "notes": receipt.notes,
    }
    if receipt.series is not None:
        told["series"] = [receipt.series.title, receipt.series.places, receipt.series.cells]
    return _json(told | {"queries": queries.told})


def receipt_from_text(text: str, heirs: Heirs) -> Receipt:
    """Return a receipt that `receipt_to_text` wrote.

    Args:
        text: it.
        heirs: for each merged category, the one that has its rows now: queries ask for that.
    """
    told: Mapping[str, Any] = json.loads(text)
    query = _reader(told["queries"], heirs)
    series = told.get("series")
    return Receipt(
        told["id"],
        told["tool"],
        told["arguments"],
        told["title"],
        tuple(_cell_of(one, query) for one in told["cells"]),
        tuple(tuple(line) for line in told["rows"]),
        query(told["query"]),
        Series(series[0], tuple(series[1]), tuple(series[2])) if series else None,
        tuple(told["notes"]),
    )


def proposal_to_text(proposal: Proposal) -> str:
    """Return what a proposal would change, as JSON, without what became of it."""
    queries = _Queries()
    changes = [
        [one.kind, [queries.number(query) for query in one.queries], one.value, one.merchant]
        for one in proposal.changes
    ]
    told = {"changes": changes, "reason": proposal.reason, "call": proposal.call}
    return _json({**told, "queries": queries.told})


def proposal_from_text(key: str, state: ProposalState, text: str, heirs: Heirs) -> Proposal:
    """Return a proposal that `proposal_to_text` wrote; `heirs` as of receipts."""
    told: Mapping[str, Any] = json.loads(text)
    query = _reader(told["queries"], heirs)
    changes = tuple(
        ProposedChange(
            ChangeKind(kind),
            tuple(found for one in numbers if (found := query(one)) is not None),
            value,
            merchant,
        )
        for kind, numbers, value, merchant in told["changes"]
    )
    return Proposal(key, changes, told["reason"], state, told.get("call", ""))


def inherited(query: TransactionQuery, heirs: Heirs) -> TransactionQuery:
    """Return a query that asks, in place of merged categories, for those that have their rows."""
    if not any(one in heirs for one in query.categories):
        return query
    chosen = dict.fromkeys(heirs.get(one, one) for one in query.categories)
    return replace(query, categories=tuple(chosen))


class _Queries:
    """Queries, each written once."""

    def __init__(self) -> None:
        self.told: list[dict[str, Any]] = []
        self._known: dict[TransactionQuery, int] = {}

    def number(self, query: TransactionQuery | None) -> int | None:
        """Return where a query is written."""
        if query is None:
            return None
        known = self._known.get(query)
        if known is None:
            known = self._known[query] = len(self.told)
            self.told.append(_query(query))
        return known


def _query(query: TransactionQuery) -> dict[str, Any]:
    told = saved_filters.to_document(query)
    if query.ids:
        told["ids"] = [one.hex() for one in query.ids]
    if query.before is not None:
        told["before"] = query.before
    return told


def _reader(
    told: Iterable[Mapping[str, Any]], heirs: Heirs
) -> Callable[[int | None], TransactionQuery | None]:
    """Return what gives the query of a number."""
    found = [inherited(_query_of(one), heirs) for one in told]
    return lambda number: None if number is None else found[number]


def _query_of(told: Mapping[str, Any]) -> TransactionQuery:
    query = saved_filters.from_document(told)
    ids = tuple(TransactionId(bytes.fromhex(one)) for one in told.get("ids", ()))
    before = told.get("before")
    return replace(query, ids=ids, before=before) if ids or before is not None else query


def _cell(cell: Cell, queries: _Queries) -> list[Any]:
    value = cell.value.isoformat() if isinstance(cell.value, date) else cell.value
    number = queries.number(cell.query)
    told = [cell.name, cell.kind, value, cell.currency, number, cell.label, cell.sign]
    return told if cell.made is None else [*told, _made(cell.made)]


def _made(made: Made) -> list[Any]:
    by = None if made.by is None else [made.by.numerator, made.by.denominator]
    return [made.how, made.cells, by, made.unit]


def _cell_of(told: Sequence[Any], query: Callable[[int | None], TransactionQuery | None]) -> Cell:
    name, kind, value, currency, number, label, *more = told
    found = CellKind(kind)
    if found is CellKind.DAY:
        value = date.fromisoformat(value)
    sign = more[0] if more else 0  # older programs wrote none
    made = _made_of(more[1]) if len(more) > 1 else None
    return Cell(name, found, value, currency, query(number), label, sign, made)


def _made_of(told: Sequence[Any]) -> Made:
    how, cells, by, unit = told
    return Made(How(how), tuple(cells), None if by is None else Fraction(*by), unit)


def _json(told: Mapping[str, Any]) -> str:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))
