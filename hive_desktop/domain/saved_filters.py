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
_MORE = ("counted_only", "merchant", "hidden")


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """A filter with its name."""

    id: FilterId
    name: str
    query: TransactionQuery


def to_text(query: TransactionQuery) -> str:
    """Return a query as JSON; what it does not ask is left out, and so are rows one by one."""
    told: dict[str, Any] = {name: getattr(query, name) for name in (*_FLAGS, *_MORE)}
    told |= {name: day.isoformat() for name in ("start", "end") if (day := getattr(query, name))}
    told["accounts"] = [one.hex() for one in query.accounts]
    told["categories"] = [one.hex() for one in query.categories]
    told["counts_as"] = query.counts_as
    kept = {key: value for key, value in told.items() if value not in (None, [], "")}
    return json.dumps({key: value for key, value in kept.items() if value or key in _TELLING})


_TELLING = ("pending", "needs_review", "hidden")  # where False says something else than nothing


def from_text(text: str) -> TransactionQuery:
    """Return a query that `to_text` wrote; what a newer program wrote beside it is left out."""
    told: Mapping[str, Any] = json.loads(text)
    known = {name: told[name] for name in (*_FLAGS, *_MORE) if name in told}
    start, end = (date.fromisoformat(told[at]) if at in told else None for at in ("start", "end"))
    return TransactionQuery(
        start=start,
        end=end,
        accounts=tuple(AccountId(bytes.fromhex(one)) for one in told.get("accounts", ())),
        categories=tuple(CategoryId(bytes.fromhex(one)) for one in told.get("categories", ())),
        counts_as=CategoryKind(told["counts_as"]) if "counts_as" in told else None,
        **known,
    )
