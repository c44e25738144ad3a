"""Plaid's paths for transactions: the cursor stream, the window, refresh, recurring, create."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hive_desktop.sandbox.errors import PlaidError
from hive_desktop.sandbox.items import Phase
from hive_desktop.sandbox.page_values import SyncAsk
from hive_desktop.sandbox.pages import sync_page, write_rows
from hive_desktop.sandbox.recurring import find_streams
from hive_desktop.sandbox.script import Entry
from hive_desktop.sandbox.wire import encode

if TYPE_CHECKING:
    from hive_desktop.sandbox.items import Account, Item
    from hive_desktop.sandbox.scenario import Scenario

    Json = dict[str, Any]

DEFAULT_COUNT = 100
CREATE_LIMIT = 10
CREATE_DAYS = 14
_TOO_MANY = "The request contains too many transactions."
_BAD_DATES = (
    "Transaction and posted dates must be within the last 14 days. The posted date cannot be "
    "before the transaction date."
)


def transactions_sync(world: Scenario, body: Json) -> list[tuple[str, bytes]]:
    """/transactions/sync: one page, as ready JSON members in order."""
    item = world.item(body["access_token"])
    options = body.get("options") or {}
    world.enable_transactions(item, options.get("days_requested"))
    ask = _ask(body, options)
    if ask.stream:
        item.account(ask.stream)
    page = sync_page(item, world.seed, ask)
    item.syncs += 1
    if page.has_more:
        world.maybe_mutate(item)
    return page.members


def _ask(body: Json, options: Json) -> SyncAsk:
    return SyncAsk(
        cursor=body.get("cursor") or "",
        count=body.get("count") or DEFAULT_COUNT,
        stream=options.get("account_id") or "",
        original=bool(options.get("include_original_description")),
        version_1=options.get("personal_finance_category_version") == "v1",
    )


def transactions_get(world: Scenario, body: Json) -> list[tuple[str, bytes]]:
    """/transactions/get: a window, newest first."""
    item = world.item(body["access_token"])
    options = body.get("options") or {}
    world.enable_transactions(item, options.get("days_requested"))
    if item.phase is Phase.NOT_READY:
        raise PlaidError("PRODUCT_NOT_READY")
    first, last = date.fromisoformat(body["start_date"]), date.fromisoformat(body["end_date"])
    if first > last:
        raise PlaidError("INVALID_FIELD", "start_date must not be after end_date")
    wanted = {item.account(one).account_id for one in options.get("account_ids") or ()}
    rows = [
        row
        for row in item.ledger.live()
        if first <= row.tx.date <= last and (not wanted or row.tx.account_id in wanted)
    ]
    rows.sort(key=lambda row: (row.tx.date, row.added_seq), reverse=True)
    offset = options.get("offset") or 0
    shown = rows[offset : offset + (options.get("count") or DEFAULT_COUNT)]
    accounts = item.accounts_as_plaid()
    if wanted:
        accounts = [one for one in accounts if one["account_id"] in wanted]
    return [
        ("accounts", encode(accounts)),
        ("item", encode(item.as_plaid())),
        ("total_transactions", encode(len(rows))),
        ("transactions", write_rows(shown, _ask(body, options))),
    ]


def transactions_refresh(world: Scenario, body: Json) -> Json:
    """/transactions/refresh: the dynamic user gets new life, everyone else the day's own."""
    world.refresh(world.item(body["access_token"]))
    return {}


def transactions_recurring_get(world: Scenario, body: Json) -> Json:
    """/transactions/recurring/get."""
    item = world.item(body["access_token"])
    if item.phase is not Phase.HISTORICAL:
        raise PlaidError("PRODUCT_NOT_READY")
    wanted = {item.account(one).account_id for one in body.get("account_ids") or ()}
    rows = [row for row in item.ledger.live() if not wanted or row.tx.account_id in wanted]
    inflow, outflow = find_streams(rows, world.seed, item.ledger_on)
    return {
        "inflow_streams": inflow,
        "outflow_streams": outflow,
        "personal_finance_category_version": "v2",
        "updated_datetime": world.updated_instant(item),
    }


def sandbox_transactions_create(world: Scenario, body: Json) -> Json:
    """/sandbox/transactions/create."""
    item = world.item(body["access_token"])
    rows: list[Json] = body["transactions"]
    if len(rows) > CREATE_LIMIT:
        raise PlaidError("INVALID_FIELD", _TOO_MANY, display=_TOO_MANY)
    entries = [_created(world, item, row, place) for place, row in enumerate(rows)]
    world.add_entries(item, entries)
    return {}


def _created(world: Scenario, item: Item, row: Json, place: int) -> tuple[Account, Entry]:
    made, posted = (
        date.fromisoformat(row["date_transacted"]),
        date.fromisoformat(row["date_posted"]),
    )
    today = world.clock.today()
    earliest = today - timedelta(days=CREATE_DAYS)
    if not earliest <= made <= posted <= today:
        raise PlaidError("INVALID_FIELD", _BAD_DATES, display=_BAD_DATES)
    wanted = row.get("account_id")
    account = item.account(wanted) if wanted else item.accounts[0]
    entry = Entry(
        key=f"created/{world.minter.uuid('created')}/{place}",
        account=account.spec.key,
        transacted_on=made,
        posted_on=posted,
        amount=Decimal(str(row["amount"])),
        currency=row.get("iso_currency_code") or account.spec.currency,
        name=row["description"],
        has_pending=False,
    )
    return account, entry
