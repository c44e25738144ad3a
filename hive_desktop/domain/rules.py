"""Rules of the person: conditions on a row, and what is done to the rows that meet them all.

Rules are tried in their order. The first that names a category gives it; names, tags and hiding
come from every rule that matches, until one that stops. Patterns are RE2's, which takes time linear
in the text whatever the pattern (Cox, "Regular Expression Matching in the Wild", 2010).
"""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, NewType

import re2

from hive_desktop.domain import sentences
from hive_desktop.domain.days import from_day
from hive_desktop.domain.ledger import CategoryId
from hive_desktop.domain.merchants import normalise
from hive_desktop.domain.money import from_minor
from hive_desktop.i18n import tr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import datetime

RuleId = NewType("RuleId", bytes)

LONGEST_VALUE = 500
"""Characters that a condition's value may have."""

_DAYS_IN_MONTH = 31
_PATTERN_MEMORY = 1 << 20


class RuleError(ValueError):
    """A rule that cannot be; the text says why, in a sentence."""


class Subject(StrEnum):
    """What of a row a condition looks at."""

    NAME = "name"
    MERCHANT = "merchant"
    DESCRIPTION = "description"
    AMOUNT = "amount"
    """The amount without its sign, in whole units of its currency."""
    ACCOUNT = "account"
    DAY = "day"
    """The day of the month."""
    SIGN = "sign"
    """"out" or "in"."""


class Comparison(StrEnum):
    """How a condition looks at it."""

    CONTAINS = "contains"
    EQUALS = "equals"
    REGEX = "regex"
    BETWEEN = "between"


_TEXTS = (Subject.NAME, Subject.MERCHANT, Subject.DESCRIPTION)
_NUMBERS = (Subject.AMOUNT, Subject.DAY)
_ALLOWED: dict[Subject, tuple[Comparison, ...]] = {
    **dict.fromkeys(_TEXTS, (Comparison.CONTAINS, Comparison.EQUALS, Comparison.REGEX)),
    **dict.fromkeys(_NUMBERS, (Comparison.EQUALS, Comparison.BETWEEN)),
    Subject.ACCOUNT: (Comparison.EQUALS,),
    Subject.SIGN: (Comparison.EQUALS,),
}


class RuleRow(NamedTuple):
    """What conditions see of a row. `account` is the account's id in hexadecimal."""

    name: str
    merchant_key: str
    merchant_name: str
    description: str
    amount_minor: int
    currency: str
    account: str
    posted_on: int


@dataclass(frozen=True, slots=True)
class Condition:
    """One test of one part of a row. `upper` is the other end of `between`, inclusive.

    Raises:
        RuleError: the test does not suit the subject, or the value the test.
    """

    subject: Subject
    test: Comparison
    value: str
    upper: str | None = None

    def __post_init__(self) -> None:
        """Refuse what could never be looked at."""
        if self.test not in _ALLOWED[self.subject]:
            tests = " or ".join(_ALLOWED[self.subject])
            raise RuleError(
                tr(
                    "A condition on the {subject} says {tests}, not {test}.",
                    subject=self.subject,
                    tests=tests,
                    test=self.test,
                )
            )
        if not self.value.strip() or len(self.value) > LONGEST_VALUE:
            raise RuleError(
                tr("A condition's value has 1 to {most} characters.", most=LONGEST_VALUE)
            )
        if (self.upper is not None) != (self.test is Comparison.BETWEEN):
            raise RuleError(tr("“between” has two values, every other test has one."))
        _compiled(self)

    @property
    def words(self) -> str:
        """Return the condition as a person writes it; `parse` reads it back."""
        value = shlex.quote(self.value)
        tail = "" if self.upper is None else f" {shlex.quote(self.upper)}"
        return f"{self.subject} {self.test} {value}{tail}"


@dataclass(frozen=True, slots=True)
class Actions:
    """What a rule does: a category, a name to show, tags, hiding. Transfers are a category too."""

    category_id: CategoryId | None = None
    rename: str | None = None
    tags: tuple[str, ...] = ()
    hides: bool = False
    is_transfer: bool = False

    @property
    def sorts(self) -> bool:
        """Tell whether the rule gives a category."""
        return self.category_id is not None or self.is_transfer

    def __bool__(self) -> bool:
        """Tell whether the rule does anything at all."""
        return bool(self.category_id or self.rename or self.tags or self.hides or self.is_transfer)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. It looks at rows that come after it was made; older ones are a person's to say."""

    id: RuleId
    name: str
    conditions: tuple[Condition, ...]
    actions: Actions
    created_at: datetime
    is_enabled: bool = True
    stops: bool = False

    @property
    def words(self) -> str:
        """Return the conditions in one sentence."""
        return " and ".join(one.words for one in self.conditions)

    @property
    def title(self) -> str:
        """Return the rule's own name, or else its conditions."""
        return self.name or self.words

    @property
    def reason(self) -> str:
        """Return why a row has the category that the rule gave it."""
        return sentences.RULE(rule=self.title)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the rules together say of one row; `category` names the rule that gave the category."""

    category: Rule | None = None
    rename: str | None = None
    tags: tuple[str, ...] = ()
    hides: bool = False
    matched: tuple[Rule, ...] = field(default=(), compare=False)

    def __bool__(self) -> bool:
        """Tell whether the rules do anything."""
        return bool(self.category or self.rename or self.tags or self.hides)


class RuleSet:
    """Rules made ready: patterns compiled once, texts folded once."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._ready = [
            (rule, [_compiled(one) for one in rule.conditions]) for rule in rules if rule.is_enabled
        ]

    def __bool__(self) -> bool:
        """Tell whether there is any rule to try."""
        return bool(self._ready)

    def outcome(self, row: RuleRow) -> Outcome:
        """Return what the rules say of a row."""
        matched = self._matched(row)
        if not matched:
            return _NOTHING
        actions = [rule.actions for rule in matched]
        return Outcome(
            next((one for one in matched if one.actions.sorts), None),
            next((one.rename for one in actions if one.rename), None),
            tuple(dict.fromkeys(tag for one in actions for tag in one.tags)),
            any(one.hides for one in actions),
            tuple(matched),
        )

    def share(self, row: RuleRow, rule_id: RuleId) -> Outcome:
        """Return what one of the rules does with a row where all of them are tried in their order.

        An earlier one may have given the category or the name, or have stopped before it.
        """
        matched = self._matched(row)
        own = next((one for one in matched if one.id == rule_id), None)
        if own is None:
            return _NOTHING
        sorts = next((one for one in matched if one.actions.sorts), None)
        names = next((one for one in matched if one.actions.rename), None)
        return Outcome(
            own if sorts is own else None,
            own.actions.rename if names is own else None,
            own.actions.tags,
            own.actions.hides,
            (own,),
        )

    def _matched(self, row: RuleRow) -> list[Rule]:
        matched: list[Rule] = []
        for rule, tests in self._ready:
            if all(test(row) for test in tests):
                matched.append(rule)
                if rule.stops:
                    break
        return matched


_NOTHING = Outcome()


def among(rules: Sequence[Rule], rule: Rule) -> RuleSet:
    """Return rules made ready with one of them, on or off, as it is now: a new one comes last."""
    meant = replace(rule, is_enabled=True)
    if all(one.id != rule.id for one in rules):
        return RuleSet([*rules, meant])
    return RuleSet([meant if one.id == rule.id else one for one in rules])


def parse(text: str) -> tuple[Condition, ...]:
    """Read conditions that a person wrote: `name contains shell and amount between 10 60`.

    A value of several words with an "and" among them stands in quotes.

    Raises:
        RuleError: a part that is no condition, in words that say which.
    """
    try:
        words = shlex.split(text)
    except ValueError as exc:
        raise RuleError(tr("A quotation mark is not closed.")) from exc
    parts: list[list[str]] = [[]]
    for word in words:
        if word.casefold() == "and" and _is_whole(parts[-1]):
            parts.append([])
        else:
            parts[-1].append(word)
    if not words or not parts[-1]:
        raise RuleError(tr("A rule has at least one condition, such as: name contains shell"))
    return tuple(_parse_one(part) for part in parts)


def to_text(conditions: Sequence[Condition], actions: Actions) -> tuple[str, str]:
    """Return conditions and actions as the JSON that is stored."""
    told = [
        {"subject": c.subject.value, "test": c.test.value, "value": c.value, "upper": c.upper}
        for c in conditions
    ]
    done = {
        "category": actions.category_id.hex() if actions.category_id else None,
        "rename": actions.rename,
        "tags": list(actions.tags),
        "hides": actions.hides,
        "is_transfer": actions.is_transfer,
    }
    return json.dumps(told), json.dumps(done)


def from_text(conditions: str, actions: str) -> tuple[tuple[Condition, ...], Actions]:
    """Return what `to_text` wrote."""
    told = tuple(
        Condition(Subject(c["subject"]), Comparison(c["test"]), c["value"], c["upper"])
        for c in json.loads(conditions)
    )
    done: Mapping[str, object] = json.loads(actions)
    category = done["category"]
    tags = done["tags"]
    return told, Actions(
        CategoryId(bytes.fromhex(str(category))) if category else None,
        str(done["rename"]) if done["rename"] else None,
        tuple(tags) if isinstance(tags, list) else (),
        bool(done["hides"]),
        bool(done["is_transfer"]),
    )


def _is_whole(words: list[str]) -> bool:
    """Tell whether words could be a condition: subject, test and value, or two values."""
    is_range = len(words) > 1 and words[1].casefold() == Comparison.BETWEEN
    return len(words) >= (4 if is_range else 3)


def _parse_one(words: list[str]) -> Condition:
    if len(words) < 3:
        raise RuleError(
            tr("“{words}” is no condition: say what, how, and a value.", words=" ".join(words))
        )
    try:
        subject = Subject(words[0].casefold())
    except ValueError as exc:
        raise RuleError(
            tr(
                "“{word}” is nothing that a row has; it has {known}.",
                word=words[0],
                known=", ".join(Subject),
            )
        ) from exc
    try:
        test = Comparison(words[1].casefold())
    except ValueError as exc:
        raise RuleError(
            tr(
                "“{word}” is no test; there are {known}.",
                word=words[1],
                known=", ".join(Comparison),
            )
        ) from exc
    values = [
        one for one in words[2:] if not (test is Comparison.BETWEEN and one.casefold() == "and")
    ]
    if test is Comparison.BETWEEN:
        if len(values) != 2:
            raise RuleError(tr("“between” has two values, such as: amount between 10 60"))
        return Condition(subject, test, values[0], values[1])
    if len(values) > 1 and any(one.casefold() == "or" for one in values):
        raise RuleError(tr("“or” is not understood: make two rules, or put the value in quotes."))
    return Condition(subject, test, " ".join(values))


def _compiled(condition: Condition) -> Callable[[RuleRow], bool]:
    subject, value = condition.subject, condition.value
    if subject in _TEXTS:
        return _text_test(condition)
    if subject is Subject.ACCOUNT:
        return lambda row: row.account == value
    if subject is Subject.SIGN:
        if value not in ("in", "out"):
            raise RuleError(tr("The sign is “in” or “out”."))
        return lambda row: ("in" if row.amount_minor < 0 else "out") == value
    low = _number(value)
    high = low if condition.upper is None else _number(condition.upper)
    if low > high:
        raise RuleError(tr("“between” has the smaller value first."))
    if subject is Subject.DAY:
        if not (low >= 1 and high <= _DAYS_IN_MONTH and low % 1 == high % 1 == 0):
            raise RuleError(tr("A day of the month is a whole number from 1 to 31."))
        return lambda row: low <= from_day(row.posted_on).day <= high
    return lambda row: low <= from_minor(abs(row.amount_minor), row.currency) <= high


def _text_test(condition: Condition) -> Callable[[RuleRow], bool]:
    texts = _TEXT_OF[condition.subject]
    if condition.test is Comparison.REGEX:
        options = re2.Options()
        options.case_sensitive = False
        options.log_errors = False
        options.max_mem = _PATTERN_MEMORY
        try:
            pattern = re2.compile(condition.value, options)
        except re2.error as exc:
            raise RuleError(
                tr(
                    "“{pattern}” is no regular expression: {reason}.",
                    pattern=condition.value,
                    reason=_told(exc),
                )
            ) from exc
        return lambda row: any(pattern.search(text) for text in texts(row))
    wanted = condition.value.casefold()
    if condition.test is Comparison.CONTAINS:
        return lambda row: any(wanted in text.casefold() for text in texts(row))
    if condition.subject is Subject.MERCHANT:
        key = normalise(condition.value).key
        return lambda row: bool(key) and row.merchant_key == key
    return lambda row: any(text.casefold() == wanted for text in texts(row))


_TEXT_OF: dict[Subject, Callable[[RuleRow], tuple[str, ...]]] = {
    Subject.NAME: lambda row: (row.name,),
    Subject.MERCHANT: lambda row: (row.merchant_name,),
    Subject.DESCRIPTION: lambda row: (row.description,),
}


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text)
    except InvalidOperation as exc:
        raise RuleError(tr("“{text}” is no number.", text=text)) from exc
    if not number.is_finite() or number < 0:
        raise RuleError(tr("“{text}” is no number of 0 or more.", text=text))
    return number


def _told(error: Exception) -> str:
    reason = error.args[0] if error.args else error
    return reason.decode(errors="replace") if isinstance(reason, bytes) else str(reason)
