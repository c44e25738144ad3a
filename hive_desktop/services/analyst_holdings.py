"""What the offline analyst says of what there is: balances, debts, worth, what comes again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.i18n import mark, mark_n
from hive_desktop.services.analyst_sheet import CannotTell

if TYPE_CHECKING:
    from hive_desktop.services.analyst_sheet import Sheet


def recurring(sheet: Sheet) -> None:
    """Say which payments come again, or what they come to."""
    found = sheet.first
    if sheet.has(found, "subscriptions"):
        sheet.say(mark("I find no subscriptions, but other regular payments."))
    if sheet.intent.detail == "month":
        amounts = sheet.money(found, "out.monthly")
        sheet.say(mark("They come to {amount} a month."), amount=amounts)
        return
    if not sheet.number(found, "count"):
        raise CannotTell("nothing")
    write = sheet.cite if sheet.intent.detail == "count" else sheet.aside
    sheet.say_n(
        mark_n(
            "I find {number} payment that comes again.", "I find {number} payments that come again."
        ),
        sheet.number(found, "count"),
        number=write(found, "count"),
    )
    lines = []
    for line in found.rows:
        told = {cell.rpartition(".")[2]: cell for cell in line}
        lines.append(f"- {sheet.cite(found, told['name'])}: {sheet.cite(found, told['amount'])}")
    sheet.paragraphs.append("\n".join(lines))


def balance(sheet: Sheet) -> None:
    """Say what accounts hold."""
    found = sheet.first
    lines = []
    for line in found.rows:
        told = {cell.rpartition(".")[2]: cell for cell in line}
        if "balance" in told:
            name = sheet.aside(found, told["name"])
            lines.append(f"- {name}: {sheet.cite(found, told['balance'])}")
    if not lines:
        raise CannotTell("nothing")
    sheet.paragraphs.append("\n".join(lines))
    if len(lines) > 1:
        sheet.say(mark("Together: {amount}."), amount=sheet.money(found, "total"))


def owed(sheet: Sheet) -> None:
    """Say what is owed."""
    found = sheet.first
    sheet.say(mark("You owe {amount}."), amount=sheet.money(found, "owed"))
    sheet.paragraphs.append(sheet.scope())


def net_worth(sheet: Sheet) -> None:
    """Say what all is worth."""
    sheet.say(
        mark("On {day} your net worth was {amount}."),
        amount=sheet.money(sheet.first, "total"),
        day=sheet.aside(sheet.first, "day"),
    )


def coverage(sheet: Sheet) -> None:
    """Say from when to when there are rows."""
    if not sheet.has(sheet.first, "from"):
        raise CannotTell("nothing")
    sheet.say(
        mark("There are transactions from {first} to {last}."),
        first=sheet.cite(sheet.first, "from"),
        last=sheet.cite(sheet.first, "to"),
    )


def accounts(sheet: Sheet) -> None:
    """Say how many accounts there are."""
    sheet.say_n(
        mark_n("There is {number} account.", "There are {number} accounts."),
        sheet.number(sheet.first, "count"),
        number=sheet.cite(sheet.first, "count"),
    )


def banks(sheet: Sheet) -> None:
    """Say how many banks there are."""
    sheet.say_n(
        mark_n("There is {number} bank.", "There are {number} banks."),
        sheet.number(sheet.first, "banks"),
        number=sheet.cite(sheet.first, "banks"),
    )
