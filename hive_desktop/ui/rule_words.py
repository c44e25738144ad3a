"""What the window says of rules: their conditions, what they do, and how they did. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.domain.rules import Comparison, Subject
from hive_desktop.ui.kit.money import locale

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hive_desktop.domain.ledger import CategoryId
    from hive_desktop.domain.rules import Actions, Condition, Rule
    from hive_desktop.services.back_test import BackTest, RuleChange

SUBJECTS = {
    Subject.MERCHANT: "Merchant",
    Subject.NAME: "Name",
    Subject.DESCRIPTION: "Description",
    Subject.AMOUNT: "Amount",
    Subject.SIGN: "Direction",
    Subject.ACCOUNT: "Account",
    Subject.DAY: "Day of month",
}
TESTS = {
    Comparison.CONTAINS: "contains",
    Comparison.EQUALS: "is",
    Comparison.REGEX: "matches",
    Comparison.BETWEEN: "is between",
}
_SIGNS = {"out": "money goes out", "in": "money comes in"}
_ARROW = "\N{RIGHTWARDS ARROW}"
_GONE = "a category that is gone"


def conditions(rule: Rule, accounts: Mapping[str, str]) -> str:
    """Return when a rule acts, in one sentence.

    Args:
        rule: the rule.
        accounts: names by the account's id in hexadecimal.
    """
    words = " and ".join(condition(one, accounts) for one in rule.conditions)
    return f"When {words}"


def condition(one: Condition, accounts: Mapping[str, str]) -> str:
    """Return one condition in words."""
    if one.subject is Subject.SIGN:
        return _SIGNS.get(one.value, one.value)
    subject = SUBJECTS[one.subject].lower()
    test = TESTS[one.test]
    if one.subject is Subject.ACCOUNT:
        return f"{subject} is {accounts.get(one.value, 'one that is gone')}"
    if one.upper is not None:
        return f"{subject} {test} {one.value} and {one.upper}"
    if one.subject in (Subject.AMOUNT, Subject.DAY):
        return f"{subject} {test} {one.value}"
    return f"{subject} {test} “{one.value}”"


def actions(does: Actions, names: Mapping[CategoryId, str]) -> str:
    """Return what a rule does, in a few words."""
    parts = []
    if does.category_id is not None:
        parts.append(names.get(does.category_id, _GONE))
    if does.is_transfer:
        parts.append("transfer")
    if does.rename:
        parts.append(f"shown as “{does.rename}”")
    parts += [f"#{tag}" for tag in does.tags]
    if does.hides:
        parts.append("hidden")
    return ", ".join(parts)


def change(one: RuleChange, names: Mapping[CategoryId, str]) -> str:
    """Return what a row is now, and what a rule would make of it."""
    now = one.row.category or "Uncategorized"
    parts = []
    is_kept = one.category_id == one.row.category_id
    if one.category_id is not None and not is_kept:
        parts.append(f"{now} {_ARROW} {names.get(one.category_id, _GONE)}")
    if one.rename:
        parts.append(f"shown as “{one.rename}”")
    parts += [f"#{tag}" for tag in one.tags]
    if one.hides:
        parts.append("hidden")
    return ", ".join(parts) or f"{now}, fixed by the rule"


def hits(tried: BackTest) -> str:
    """Return how many rows a rule matches and would change."""
    if not tried.hits:
        return "No row of the past matches"
    matching = f"{rows(tried.hits)} {'matches' if tried.hits == 1 else 'match'}"
    return f"{matching}, {count(tried.would_change)} would change"


def judged(tried: BackTest) -> str:
    """Return how a rule does against what the person chose by hand."""
    if tried.precision is None:
        return "You sorted none of them by hand, so nothing says yet whether it is right."
    own = rows(tried.agrees + tried.conflicts)
    share = int(tried.precision * 100)
    words = f"You sorted {own} of them by hand: {count(tried.agrees)} the same way"
    if tried.conflicts:
        words += f", {count(tried.conflicts)} another way, which stay as they are"
    return f"{words}. Precision {locale().toString(share)}%."


def rows(number: int) -> str:
    """Return a number of rows."""
    return f"{count(number)} {'row' if number == 1 else 'rows'}"


def count(number: int) -> str:
    """Return a number as the person's locale groups it."""
    return locale().toString(number)
