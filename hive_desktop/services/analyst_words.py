"""Words of the offline analyst beside its figures: what an answer is of, and why there is none."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from hive_desktop.domain.days import Period, Span
from hive_desktop.domain.periods import in_words
from hive_desktop.i18n import mark, tr_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from hive_desktop.domain.questions import Intent, Names, NotUnderstood, Scope

_BETWEEN: Final = " · "
_PIECE: Final = re.compile(r"(?:\[\[[^\]]*\]\]|\S)+\s*|\s+")


def pieces(text: str) -> Iterator[str]:
    """Yield a text word by word; a reference is never parted."""
    for one in _PIECE.finditer(text):
        yield one[0]


def joined(parts: Sequence[str], language: str) -> str:
    """Return parts as a list in a sentence."""
    found = parts[0]
    for one in parts[1:]:
        found = tr_in(language, mark("{one} and {other}"), one=found, other=one)
    return found


def scope(told: Scope, intent: Intent, names: Names) -> str:
    """Return which rows an answer is of: names, bounds and days."""
    language = intent.language
    parts = [escaped(one) for one in (*told.categories, *told.merchants, *told.accounts)]
    bounds = intent.bounds
    if bounds is not None:
        if bounds.least is not None:
            above = mark("over {amount}") if bounds.is_above else mark("from {amount}")
            parts.append(tr_in(language, above, amount=bounds.least))
        if bounds.most is not None:
            below = mark("under {amount}") if bounds.is_below else mark("up to {amount}")
            parts.append(tr_in(language, below, amount=bounds.most))
    parts.append(period(told.span, language, names.first_day))
    if told.span is not None and names.first_day and told.span.start < names.first_day:
        first = in_words(Span(names.first_day, names.first_day), language=language)
        parts.append(tr_in(language, mark("the ledger begins on {day}"), day=first))
    return _BETWEEN.join(parts)


def period(span: Span | None, language: str, first: date | None) -> str:
    """Return the days in words."""
    if span is not None:
        return in_words(span, language=language)
    if first is None:
        return tr_in(language, mark("all time"))
    day = in_words(Span(first, first), language=language)
    return tr_in(language, mark("since {day}"), day=day)


def escaped(name: str) -> str:
    """Return a name that Markdown reads as nothing else."""
    return re.sub(r"([\\`*_\[\]<>#|~])", r"\\\1", name)


_WHY: Final = {
    "unknown": mark("I do not understand {words} here, and would rather not guess."),
    "unsure": mark("{words} could be any of these: {choices}."),
    "period": mark("I cannot tell which days are meant by “{words}”."),
    "future": mark("I know only what has happened, and those days have not begun yet."),
    "no_data": mark("There are no transactions of those days here: they begin on {first}."),
    "average": mark(
        "An average needs whole days, weeks or months that are over. Name them, such as {example}."
    ),
    "least": mark("That needs whole months that are over. Name them, such as {example}."),
    "day": mark("Net worth is of one day. Name one, such as yesterday."),
    "payments": mark(
        "“Payments” may mean transfers too. Ask for purchases, or for all transactions."
    ),
    "periods": mark("That names more than one period. Ask for one, or for a comparison of two."),
    "price": mark(
        "That may mean one payment or all of them. Name a period, or ask for the last payment."
    ),
    "card": mark(
        "That may mean what was paid with it or what was paid to it. Ask what was spent with it."
    ),
    "both": mark("That names a category and a merchant. Ask for one of them at a time."),
    "all": mark("That would be everything since {first}. Name a period, a merchant or a category."),
    "nothing": mark("I find nothing of that."),
    "not_spending": mark(
        "There are transactions of {words}, but none counts as spending: they are income or "
        "transfers. Ask how much was sent or received instead."
    ),
    "kind": mark("That is a kind of question that I cannot answer without a model."),
    "tool": mark("That cannot be looked up as it is put."),
}
_ITEM: Final = "- "
_ESCAPED: Final = re.compile(r"\\(.)")
_TRY: Final = mark("You could ask, for example:")
_SPENT_ON: Final = mark("How much did I spend on {category} in {month}?")
_SPENT_AT: Final = mark("How much did I spend at {merchant} in {month}?")
_BIGGEST: Final = mark("What was my biggest purchase in {month}?")
_LAST_MONTH: Final = mark("How much did I spend last month?")


def refused(told: NotUnderstood, names: Names) -> str:
    """Return why a question is not answered, and three that could be."""
    language = told.language
    first = names.first_day
    why = tr_in(
        language,
        _WHY[told.reason],
        words=", ".join(
            f"“{escaped(one)}”" if told.reason == "unknown" else escaped(one) for one in told.words
        ),
        choices=", ".join(map(escaped, told.choices[:5])),
        first="" if first is None else in_words(Span(first, first), language=language),
        example=_last_month(names, language),
    )
    listed = "\n".join(f"{_ITEM}{escaped(one)}" for one in examples(names, language))
    return f"{why}\n\n{tr_in(language, _TRY)}\n\n{listed}"


def offered(text: str, language: str) -> tuple[str, ...]:
    """Return the questions that a refusal offers, the list at its end; none for another text."""
    _, is_refusal, listed = text.partition(f"\n\n{tr_in(language, _TRY)}\n\n")
    lines = listed.split("\n")
    if not is_refusal or not all(line.startswith(_ITEM) for line in lines):
        return ()
    return tuple(_ESCAPED.sub(r"\1", line.removeprefix(_ITEM)) for line in lines)


def examples(names: Names, language: str) -> tuple[str, ...]:
    """Return three questions of the person's own data that can be answered; one without rows."""
    if names.last_day is None:
        return (tr_in(language, _LAST_MONTH),)
    month = _last_month(names, language)
    found = []
    if names.merchants:
        found.append(tr_in(language, _SPENT_AT, merchant=names.merchants[0], month=month))
    if (busiest := names.busiest) is not None:
        is_default = busiest.key == busiest.name
        title = tr_in(language, busiest.name) if is_default else busiest.title or busiest.name
        found.append(tr_in(language, _SPENT_ON, category=title, month=month))
    found += [tr_in(language, _BIGGEST, month=month), tr_in(language, _LAST_MONTH)]
    return tuple(found[:3])


def _last_month(names: Names, language: str) -> str:
    """Return the last month that the ledger has to its end, or else its newest."""
    last = names.last_day
    if last is None:
        return tr_in(language, mark("last month"))
    end = Period.MONTH.end_of(last)
    month = end if last == end else last.replace(day=1) - timedelta(days=1)
    if names.first_day is not None and month < names.first_day:
        month = last
    return in_words(Span.of(Period.MONTH, month), language=language)
