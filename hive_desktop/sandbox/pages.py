"""One page of /transactions/sync as ready JSON, and the pages that are made before anyone asks.

A page is kept as JSON members in order, so that only the request id is added when it is served.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.sandbox.cursors import Position, read_cursor, write_cursor
from hive_desktop.sandbox.errors import PlaidError
from hive_desktop.sandbox.items import UPDATE_STATUS, Phase
from hive_desktop.sandbox.page_values import SyncAsk, SyncPage
from hive_desktop.sandbox.wire import encode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hive_desktop.sandbox.items import Item
    from hive_desktop.sandbox.ledger import Changes, Row

_CURSOR_FOREIGN = "cursor not associated with access_token"


def sync_page(item: Item, seed: int, ask: SyncAsk) -> SyncPage:
    """The page that a request asks for, a prepared one where there is one.

    Raises:
        PlaidError: A foreign cursor, or data that changed inside the client's loop.
    """
    version, ready = item.ready
    if version == item.ledger.version and item.phase is Phase.HISTORICAL:
        found = ready.get(ask)
        if found is not None:
            return found
    return _make(item, seed, ask)


def prepare_pages(item: Item, seed: int) -> None:
    """Make all pages of the whole history, in the largest size and Hive's own form."""
    ready: dict[SyncAsk, SyncPage] = {}
    ask = SyncAsk()
    while True:
        page = _make(item, seed, ask)
        ready[ask] = page
        if not page.has_more:
            break
        ask = SyncAsk(page.cursor)
    item.ready = (item.ledger.version, ready)
    for row in item.ledger.rows.values():
        row.encoded = None


def _make(item: Item, seed: int, ask: SyncAsk) -> SyncPage:
    where = _where(item, seed, ask)
    if item.phase is Phase.NOT_READY:
        return _write(item, None, "", ask)
    head = item.ledger.head
    page = item.ledger.page(where.start, where.position, ask.count, ask.stream or None)
    after = Position(where.start, page.position, head) if page.has_more else Position(head, head)
    cursor = write_cursor(after, seed, item.cursor_key, ask.stream)
    return _write(item, page, cursor, ask)


def _where(item: Item, seed: int, ask: SyncAsk) -> Position:
    """Where the cursor stands."""
    head = item.ledger.head
    if not ask.cursor:
        return Position()
    if ask.cursor == "now":
        return Position(head, head)
    where = read_cursor(ask.cursor, seed, item.cursor_key, ask.stream)
    if where is None or where.position > head:
        raise PlaidError("INVALID_FIELD", _CURSOR_FOREIGN)
    if where.head is not None and where.head != head:
        raise PlaidError("TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION")
    return where


def _write(item: Item, page: Changes | None, cursor: str, ask: SyncAsk) -> SyncPage:
    removed = [
        {"account_id": row.tx.account_id, "transaction_id": row.tx.transaction_id}
        for row in (page.removed if page else ())
    ]
    has_more = page is not None and page.has_more
    members = [
        ("accounts", encode(item.accounts_as_plaid() if page else [])),
        ("added", write_rows(page.added if page else (), ask)),
        ("has_more", b"true" if has_more else b"false"),
        ("modified", write_rows(page.modified if page else (), ask)),
        ("next_cursor", encode(cursor)),
        ("removed", encode(removed)),
        ("transactions_update_status", encode(UPDATE_STATUS[item.phase])),
    ]
    return SyncPage(members, cursor, has_more)


def write_rows(rows: Iterable[Row], ask: SyncAsk) -> bytes:
    """Transactions as a JSON array, in the form asked for."""
    parts = (row.as_json(with_original=ask.original, version_1=ask.version_1) for row in rows)
    return b"[" + b",".join(parts) + b"]"
