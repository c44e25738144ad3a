"""Filters that a person keeps under a name, and how they are written down."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, NewType

from hive_desktop.domain.ledger import AccountId, CategoryId, CategoryKind, TransactionQuery

if TYPE_CHECKING:
    from collections.abc import Mapping

FilterId = NewType("FilterId", bytes)
LONGEST_NAME = 60

_FLAGS = ("uncategorized", "text", "pending", "needs_review", "currency")
_MORE = ("counted_only", "hidden", "is_in")


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """A filter with its name."""

    id: FilterId
    name: str
    query: TransactionQuery


def to_text(query: TransactionQuery) -> str:
    """Return a query as JSON; what it does not ask is left out, and so are rows one by one."""
    return json.dumps(to_document(query))


def to_document(query: TransactionQuery) -> dict[str, Any]:
    """Return the same as JSON has it, not yet as text."""
    told: dict[str, Any] = {name: getattr(query, name) for name in (*_FLAGS, *_MORE)}
    told |= {name: day.isoformat() for name in ("start", "end") if (day := getattr(query, name))}
    told["accounts"] = [one.hex() for one in query.accounts]
    told["categories"] = [one.hex() for one in query.categories]
    told["merchants"] = list(query.merchants)
    told["counts_as"] = query.counts_as
    kept = {key: value for key, value in told.items() if value not in (None, [], "")}
    return {key: value for key, value in kept.items() if value or key in _TELLING}


_TELLING = ("pending", "needs_review", "hidden", "is_in")
"""Where False says something else than nothing."""


def from_text(text: str) -> TransactionQuery:
    """Return a query that `to_text` wrote; what a newer program wrote beside it is left out."""
    return from_document(json.loads(text))


def from_document(told: Mapping[str, Any]) -> TransactionQuery:
    """Return a query that `to_document` wrote.

    Older programs wrote one merchant as `merchant`.
    """
    known = {name: told[name] for name in (*_FLAGS, *_MORE) if name in told}
    start, end = (date.fromisoformat(told[at]) if at in told else None for at in ("start", "end"))
    return TransactionQuery(
        start=start,
        end=end,
        accounts=tuple(AccountId(bytes.fromhex(one)) for one in told.get("accounts", ())),
        categories=tuple(CategoryId(bytes.fromhex(one)) for one in told.get("categories", ())),
        merchants=(told["merchant"],) if "merchant" in told else tuple(told.get("merchants", ())),
        counts_as=CategoryKind(told["counts_as"]) if "counts_as" in told else None,
        **known,
    )
