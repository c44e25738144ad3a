"""What the window says of rules: their conditions, what they do, and how they did. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.domain.categories import title_of
from hive_desktop.domain.rules import Comparison, Subject
from hive_desktop.i18n import mark, tr, tr_c, tr_n
from hive_desktop.ui.kit import money, wording

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hive_desktop.domain.ledger import CategoryId
    from hive_desktop.domain.rules import Actions, Condition, Rule
    from hive_desktop.services.back_test import BackTest, RuleChange

SUBJECTS = {
    Subject.MERCHANT: mark("Merchant"),
    Subject.NAME: mark("Name"),
    Subject.DESCRIPTION: mark("Description"),
    Subject.AMOUNT: mark("Amount"),
    Subject.SIGN: mark("Direction"),
    Subject.ACCOUNT: mark("Account"),
    Subject.DAY: mark("Day of month"),
}
TESTS = {
    Comparison.CONTAINS: mark("contains"),
    Comparison.EQUALS: mark("is"),
    Comparison.REGEX: mark("matches"),
    Comparison.BETWEEN: mark("is between"),
}
_SIGNS = {"out": mark("money goes out"), "in": mark("money comes in")}
_IS = mark("{subject} is {value}")
_IS_BETWEEN = mark("{subject} is between {value} and {upper}")
_TEXT_TESTS = {
    Comparison.CONTAINS: mark("{subject} contains “{value}”"),
    Comparison.EQUALS: mark("{subject} is “{value}”"),
    Comparison.REGEX: mark("{subject} matches “{value}”"),
}
_SHOWN_AS = mark("shown as “{name}”")
_ARROW = "\N{RIGHTWARDS ARROW}"
_GONE = mark("a category that is gone")


def conditions(rule: Rule, accounts: Mapping[str, str]) -> str:
    """Return when a rule acts, in one sentence.

    Args:
        rule: the rule.
        accounts: names by the account's id in hexadecimal.
    """
    words = wording.all_of([condition(one, accounts) for one in rule.conditions])
    return tr("When {conditions}", conditions=words)


def condition(one: Condition, accounts: Mapping[str, str]) -> str:
    """Return one condition in words."""
    if one.subject is Subject.SIGN:
        return tr(_SIGNS[one.value])
    if one.subject is Subject.ACCOUNT:
        value = accounts.get(one.value) or tr("one that is gone")
        return tr(_IS, subject=_in_sentence(one.subject), value=value)
    if one.subject in (Subject.AMOUNT, Subject.DAY):
        template = _IS if one.upper is None else _IS_BETWEEN
    else:
        template = _TEXT_TESTS[one.test]
    return tr(template, subject=_in_sentence(one.subject), value=one.value, upper=one.upper)


def actions(does: Actions, names: Mapping[CategoryId, str]) -> str:
    """Return what a rule does, in a few words."""
    parts = []
    if does.category_id is not None:
        parts.append(names.get(does.category_id) or tr(_GONE))
    if does.is_transfer:
        parts.append(tr_c("what a rule does", "transfer"))
    if does.rename:
        parts.append(tr(_SHOWN_AS, name=does.rename))
    parts += [f"#{tag}" for tag in does.tags]
    if does.hides:
        parts.append(tr_c("what a rule does", "hidden"))
    return ", ".join(parts)


def change(one: RuleChange, names: Mapping[CategoryId, str]) -> str:
    """Return what a row is now, and what a rule would make of it."""
    now = title_of(one.row.category or "") or tr("Uncategorized")
    parts = []
    is_kept = one.category_id == one.row.category_id
    if one.category_id is not None and not is_kept:
        parts.append(f"{now} {_ARROW} {names.get(one.category_id) or tr(_GONE)}")
    if one.rename:
        parts.append(tr(_SHOWN_AS, name=one.rename))
    parts += [f"#{tag}" for tag in one.tags]
    if one.hides:
        parts.append(tr_c("what a rule does", "hidden"))
    return ", ".join(parts) or tr("{category}, fixed by the rule", category=now)


def hits(tried: BackTest) -> str:
    """Return how many rows a rule matches and would change."""
    if not tried.hits:
        return tr("No row of the past matches")
    return tr_n(
        "{count_text} row matches, {changed} would change",
        "{count_text} rows match, {changed} would change",
        tried.hits,
        count_text=count(tried.hits),
        changed=count(tried.would_change),
    )


def judged(tried: BackTest) -> str:
    """Return how a rule does against what the person chose by hand."""
    if tried.precision is None:
        return tr("You sorted none of them by hand, so nothing says yet whether it is right.")
    own = tried.agrees + tried.conflicts
    figures = {
        "count_text": count(own),
        "same": count(tried.agrees),
        "others": count(tried.conflicts),
        "share": money.percent(int(tried.precision * 100)),
    }
    if not tried.conflicts:
        return tr_n(
            "You sorted {count_text} row of them by hand: {same} the same way. Precision {share}.",
            "You sorted {count_text} rows of them by hand: {same} the same way. Precision {share}.",
            own,
            **figures,
        )
    return tr_n(
        "You sorted {count_text} row of them by hand: {same} the same way, {others} another way, "
        "which stay as they are. Precision {share}.",
        "You sorted {count_text} rows of them by hand: {same} the same way, {others} another way, "
        "which stay as they are. Precision {share}.",
        own,
        **figures,
    )


def rows(number: int) -> str:
    """Return a number of rows."""
    return tr_n("{count_text} row", "{count_text} rows", number, count_text=count(number))


def count(number: int) -> str:
    """Return a number as the person's locale groups it."""
    return wording.number(number)


def _in_sentence(subject: Subject) -> str:
    """Return a subject as it stands in a condition; a language may need an article there."""
    words = {
        Subject.MERCHANT: tr_c("in a condition", "merchant"),
        Subject.NAME: tr_c("in a condition", "name"),
        Subject.DESCRIPTION: tr_c("in a condition", "description"),
        Subject.AMOUNT: tr_c("in a condition", "amount"),
        Subject.ACCOUNT: tr_c("in a condition", "account"),
        Subject.DAY: tr_c("in a condition", "day of month"),
    }
    return words[subject]
