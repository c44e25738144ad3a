"""What accounts hold, what comes and goes, and what of all that is known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hive_desktop.domain.ledger import CategoryKind, ItemState, TransactionQuery
from hive_desktop.ports.query_sums import Grouping
from hive_desktop.services.chat_tools.names import accounts_of
from hive_desktop.services.chat_tools.sheet import chart
from hive_desktop.services.chat_tools.spending import (
    grain_of,
    step_name,
    stepped,
    steps_of,
    within,
)
from hive_desktop.services.net_worth import worth_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hive_desktop.domain.ledger import Account
    from hive_desktop.domain.receipts import Receipt
    from hive_desktop.services.chat_tools.look import Look
    from hive_desktop.services.chat_tools.sheet import Sheet

_MOST_ACCOUNTS = 20


def balances(look: Look, given: Mapping[str, Any]) -> Receipt:
    """Return what accounts hold, as their banks last said."""
    shown = [one for one in look.accounts if not one.is_hidden]
    found = accounts_of(given["accounts"], look.accounts) if given["accounts"] else shown
    sheet = look.sheet()
    for currency in _currencies(look, found):
        known = [
            worth
            for one in found
            if one.currency == currency and (worth := one.worth_minor) is not None
        ]
        sheet.of(currency).money("total", sum(known), "held less owed")
        sheet.money("own", sum(worth for worth in known if worth > 0), "held")
        sheet.money("owed", -sum(worth for worth in known if worth < 0), "owed")
    sheet.of(look.main).count("count", len(found), "accounts")
    for place, one in enumerate(found[:_MOST_ACCOUNTS], start=1):
        _balance(sheet, place, one)
    if any(one.worth_minor is None for one in found):
        sheet.note("Of some accounts no balance is known; they are in no sum.")
    if any(one.state is ItemState.CLOSED for one in found):
        sheet.note("Some banks were disconnected: what they hold is of the last day they told.")
    if len(found) > _MOST_ACCOUNTS:
        sheet.note("Not all accounts are listed; the sums have them all.")
    return sheet.receipt("balances", given, "Balances of accounts")


def _balance(sheet: Sheet, place: int, account: Account) -> None:
    name = sheet.text(f"{place}.name", account.title, "account")
    kind = sheet.text(f"{place}.kind", account.subtype or account.type, "kind of account")
    currency = account.currency
    held = at = None
    if account.worth_minor is not None:
        worth = account.worth_minor
        label = "owed, as less than nothing" if account.is_owed else "held"
        held = sheet.amount(f"{place}.balance", worth, currency, label)
    if account.balance_available_minor is not None:
        available = account.balance_available_minor
        sheet.amount(f"{place}.available", available, currency, "can be spent")
    if account.balance_limit_minor is not None:
        sheet.amount(f"{place}.limit", account.balance_limit_minor, currency, "limit of the card")
    if account.balance_at is not None:
        at = sheet.day(f"{place}.day", account.balance_at.date(), "day of the balance")
    sheet.line(name, kind, held, at)


def net_worth(look: Look, given: Mapping[str, Any]) -> Receipt:
    """Return what all accounts are worth together at the end of a day."""
    day = look.day(given["day"])
    worth = worth_of(look.accounts, look.reads.reports.holdings([day]), [day], look.main)
    sheet = look.sheet()
    if worth.points:
        sheet.money("total", worth.points[-1].minor, "held less owed")
    else:
        sheet.note("No balance is known in the main currency.")
    for currency, minor in worth.others:
        sheet.of(currency).money("total", minor, "held less owed")
    sheet.of(look.main).day("day", day, "at the end of this day")
    if look.history is not None and day < look.history.start:
        sheet.note("The ledger begins after this day: balances of later days were used.")
    if worth.unknown:
        sheet.note("Of some accounts no balance is known; they are in no sum.")
    if worth.closed:
        sheet.note("Accounts of disconnected banks are left out.")
    if worth.assumed:
        sheet.note("Some loans or investments stand at the balance of a later day.")
    return sheet.receipt("net_worth", given, "Net worth")


def cash_flow(look: Look, given: Mapping[str, Any]) -> Receipt:
    """Return income, spending and what is left of a period."""
    span = look.span(given["period"])
    sides = {
        name: look.query(kind, span, {})
        for name, kind in (("income", CategoryKind.INCOME), ("spent", CategoryKind.EXPENSE))
    }
    every = replace(sides["spent"].query, counts_as=None)
    sheet = look.sheet()
    unit, steps = steps_of(look, sheet, span, given["by"])
    totals = {
        name: {one.currency: one for one in look.reads.sums.grouped(each.query, Grouping.NONE)}
        for name, each in sides.items()
    }
    days = {
        name: look.reads.sums.grouped(each.query, grain_of(unit)) for name, each in sides.items()
    }
    series = None
    for currency in (look.main, *sorted({*totals["income"], *totals["spent"]} - {look.main})):
        own = replace(every, currency=currency)
        sheet.of(currency)
        amounts = {}
        for name, sign in (("income", -1), ("spent", 1)):
            one = totals[name].get(currency)
            amounts[name] = sign * one.amount_minor if one else 0
            query = sides[name].of(currency)
            sheet.money(f"{name}.total", amounts[name], name, query, sign=sign)
            sheet.count(f"{name}.count", one.rows if one else 0, "transactions", query)
        left = amounts["income"] - amounts["spent"]
        sheet.money("net.total", left, "income less spent", own, sign=-1)
        came = ("income.total", amounts["income"])
        sheet.share("net_share", ("net.total", left), came, "share of the income that is left")
        income = stepped(days["income"], steps, currency, -1)
        spent = stepped(days["spent"], steps, currency)
        cells = []
        for place, step in enumerate(steps, start=1):
            into, went = income[place - 1][0], spent[place - 1][0]
            name = sheet.text(f"{place}.name", step_name(unit, step), unit)
            sheet.day(f"{place}.from", step.start, f"first day of the {unit}")
            parts = [
                sheet.money(f"{place}.{word}", minor, word, within(query, step), sign=sign)
                for word, minor, query, sign in (
                    ("income", into, sides["income"].of(currency), -1),
                    ("spent", went, sides["spent"].of(currency), 1),
                    ("net", into - went, own, -1),
                )
            ]
            sheet.line(name, *parts)
            cells.append(parts[-1])
        if currency == look.main:
            series = chart(f"Net by {unit}", [step_name(unit, one) for one in steps], cells)
    look.begin(sheet.of(look.main), sides["spent"])
    title = f"Cash flow by {unit}, {sides['spent'].words}"
    return sheet.receipt("cash_flow", given, title, every, series)


def data_coverage(look: Look, given: Mapping[str, Any]) -> Receipt:
    """Return what of the person's money is known here, and how fresh it is."""
    reads, sheet = look.reads, look.sheet()
    items = [one for one in reads.items() if one.state is not ItemState.MANUAL]
    if look.history is None:
        sheet.note("The ledger has no transactions yet.")
    else:
        sheet.day("from", look.history.start, "first day with transactions")
        sheet.day("to", look.history.end, "last day with transactions")
    for name, label, query in (
        ("count", "transactions", TransactionQuery()),
        ("pending", "transactions that are not booked yet", TransactionQuery(pending=True)),
        ("uncategorized", "transactions without a category", TransactionQuery(uncategorized=True)),
        ("unsure", "transactions that want a look", TransactionQuery(needs_review=True)),
        ("hidden", "transactions that are hidden", TransactionQuery(hidden=True)),
    ):
        sheet.count(name, reads.count(query), label, query)
    sheet.count("accounts", len(look.accounts), "accounts")
    sheet.count("banks", len(items), "banks")
    for place, item in enumerate(items, start=1):
        synced = item.last_synced_at
        sheet.line(
            sheet.text(f"{place}.name", item.institution, "bank"),
            sheet.text(f"{place}.state", item.state.value, "how the connection stands"),
            None
            if synced is None
            else sheet.day(f"{place}.synced", synced.astimezone().date(), "day of the last sync"),
        )
    if any(item.state not in (ItemState.HEALTHY, ItemState.SYNCING) for item in items):
        sheet.note("Not every bank is connected well: newer transactions may be missing.")
    return sheet.receipt("data_coverage", given, "What is known", TransactionQuery())


def _currencies(look: Look, accounts: list[Account]) -> list[str]:
    others = {one.currency for one in accounts if one.worth_minor is not None} - {look.main}
    return [look.main, *sorted(others)]
