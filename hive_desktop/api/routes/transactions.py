"""`transactions`: pages of rows, one row and its category, and a window read anew."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TYPE_CHECKING, Annotated, Final

import msgspec

from hive_desktop.api import shapes
from hive_desktop.api.endpoints import SLOW_S, Endpoint
from hive_desktop.api.refusals import not_found
from hive_desktop.api.routes.days import check_days, span_of
from hive_desktop.api.routes.syncing import counted, failed
from hive_desktop.domain.api_clients import Scope
from hive_desktop.domain.ledger import AccountId, CategoryId, TransactionId, TransactionQuery
from hive_desktop.domain.row_edits import RowEdit
from hive_desktop.ports.errors import UsageError

if TYPE_CHECKING:
    from hive_desktop.api.endpoints import Call
    from hive_desktop.api.shapes import Changed, Synced, Transactions, TransactionShape
    from hive_desktop.domain.ledger import TransactionRow


class Filters(msgspec.Struct, forbid_unknown_fields=True):
    """Which rows, and which page of them.

    A day that is left out leaves its end open: `start_date` alone is all from it on, `end_date`
    alone all up to it, and without any it is all there is.
    """

    start_date: date | None = None
    end_date: date | None = None
    account_id: uuid.UUID | None = None
    category_id: uuid.UUID | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=500)] = 50
    offset: Annotated[int, msgspec.Meta(ge=0, le=100_000_000)] = 0


class Choice(msgspec.Struct, forbid_unknown_fields=True):
    """The category of a row: by its id or by its name; null takes it away."""

    category_id: uuid.UUID | msgspec.UnsetType | None = msgspec.UNSET
    category: (
        Annotated[str, msgspec.Meta(min_length=1, max_length=200)] | msgspec.UnsetType | None
    ) = msgspec.UNSET


class Window(msgspec.Struct, forbid_unknown_fields=True):
    """Days of posting, both included; without any, what is new.

    A day that is left out leaves its end open: `start_date` alone is all from it on, `end_date`
    alone all up to it.
    """

    start_date: date | None = None
    end_date: date | None = None


async def listing(call: Call, asked: Filters) -> Transactions:
    """Return a page of rows."""
    check_days(asked.start_date, asked.end_date)
    query = TransactionQuery(
        start=asked.start_date,
        end=asked.end_date,
        accounts=() if asked.account_id is None else (AccountId(asked.account_id.bytes),),
        categories=() if asked.category_id is None else (CategoryId(asked.category_id.bytes),),
    )
    ledger = call.session.ledger
    rows, total = await ledger.page_of_all(query, offset=asked.offset, limit=asked.limit)
    shown = [shapes.transaction_of(row) for row in rows]
    return shapes.Transactions(shown, total, asked.limit, asked.offset)


async def one(call: Call) -> TransactionShape:
    """Return one row."""
    return shapes.transaction_of(await _row(call))


async def change(call: Call, asked: Choice) -> Changed:
    """Choose a row's category, as the person does by hand."""
    row = await _row(call)
    category = await _category(call, asked)
    edited = await call.session.ledger.edit([row.id], RowEdit(category, has_category=True))
    return shapes.Changed(
        shapes.transaction_of(await _row(call)),
        uuid.UUID(bytes=edited.batch) if edited.changed else None,
        edited.followed,
    )


async def sync(call: Call, asked: Window) -> Synced:
    """Ask all banks for what is new, or for a window again; what comes is categorized."""
    span = None
    if asked.start_date is not None or asked.end_date is not None:
        span = await span_of(call.session, asked.start_date, asked.end_date)
    results = await call.session.sync.sync(span=span, reason="api")
    return shapes.Synced(counted(results), failed(results))


async def _row(call: Call) -> TransactionRow:
    wanted = TransactionId(call.ids["transaction_id"])
    row = await call.session.ledger.transaction(wanted)
    if row is None:
        raise not_found("transaction")
    return row


async def _category(call: Call, asked: Choice) -> CategoryId | None:
    given = [one for one in (asked.category_id, asked.category) if one is not msgspec.UNSET]
    if len(given) != 1:
        raise UsageError(
            "A row gets one category.", hint="Give either category_id or category, its name."
        )
    if given == [None]:
        return None
    for category in await call.session.ledger.categories():
        is_named = isinstance(asked.category, str) and category.name == asked.category
        if is_named or category.id == getattr(asked.category_id, "bytes", None):
            return category.id
    raise UsageError("There is no such category.", hint="GET /categories names them.")


ENDPOINTS: Final = (
    Endpoint(
        "GET",
        "/transactions",
        "A page of rows, the newest first.",
        listing,
        shapes.Transactions,
        Scope.READ,
        asked=Filters,
    ),
    Endpoint(
        "POST",
        "/transactions/sync",
        "Ask all banks for new rows, or for a window of days again.",
        sync,
        shapes.Synced,
        Scope.WRITE,
        asked=Window,
        seconds=SLOW_S,
    ),
    Endpoint(
        "GET",
        "/transactions/{transaction_id}",
        "One row.",
        one,
        shapes.TransactionShape,
        Scope.READ,
    ),
    Endpoint(
        "PATCH",
        "/transactions/{transaction_id}",
        "Choose a row's category; the person can undo it.",
        change,
        shapes.Changed,
        Scope.WRITE,
        asked=Choice,
    ),
)
