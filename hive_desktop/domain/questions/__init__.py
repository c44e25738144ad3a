"""Questions about money in English and German, understood by a grammar: without any model.

`understand` gives an intent, which names the tools to call and what is asked of their figures, or
says why not. Nothing is guessed: a word that nobody knows is a reason not to answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hive_desktop.domain.questions.intents import Ask, Call, Intent, Scope, whole_units
from hive_desktop.domain.questions.names import NamedAccount, NamedCategory, Names
from hive_desktop.domain.questions.planning import Unanswerable, plan
from hive_desktop.domain.questions.reading import LANGUAGES, read

if TYPE_CHECKING:
    from datetime import date

    from hive_desktop.domain.questions.reading import Reading

__all__ = [
    "LANGUAGES",
    "Ask",
    "Call",
    "Intent",
    "NamedAccount",
    "NamedCategory",
    "Names",
    "NotUnderstood",
    "Scope",
    "understand",
    "whole_units",
]


@dataclass(frozen=True, slots=True)
class NotUnderstood:
    """Why a question is not answered.

    Attributes:
        reason: `unknown` words, an `unsure` name, a `period` that is none, `future`, `no_data` of
            days without rows, `kind` where no kind of question has these words, or why one that
            is understood has no one answer (`analyst_words` has a sentence for each).
        words: what it is about, as the person wrote it.
        choices: what an unsure name may mean.
    """

    reason: str
    language: str
    words: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()


def understand(
    text: str, names: Names, today: date, *, week_start: int = 0, spoken: str = "en"
) -> Intent | NotUnderstood:
    """Return what a question asks for, or why it cannot be said.

    Args:
        text: the question, in any of `LANGUAGES`.
        names: the person's own.
        today: what "last month" counts from.
        week_start: the first day of a week, 0 for Monday to 6 for Sunday.
        spoken: the language in use, for questions that both languages would write so.
    """
    reading = read(text, names, today, week_start=week_start, spoken=spoken)
    try:
        told = _unclear(reading, today) or plan(reading, names, today)
    except Unanswerable as exc:
        return NotUnderstood(exc.reason, reading.language)
    if told is None:
        return NotUnderstood("kind", reading.language)
    if isinstance(told, Intent) and told.ask is not Ask.NET_WORTH:
        return _without_data(reading, names) or told
    return told


def _unclear(reading: Reading, today: date) -> NotUnderstood | None:
    """Return what of a reading is not understood."""
    language = reading.language
    found = None
    if reading.period_error is not None:
        found = NotUnderstood("period", language, (reading.period_error,))
    elif reading.unknown:
        found = NotUnderstood("unknown", language, tuple(reading.unknown))
    elif reading.unsure:
        words, choices = reading.unsure[0]
        found = NotUnderstood("unsure", language, (words,), tuple(choices))
    elif any(span.start > today for span in reading.spans):
        found = NotUnderstood("future", language)
    return found


def _without_data(reading: Reading, names: Names) -> NotUnderstood | None:
    """Return that a period lies wholly before the first row."""
    first = names.first_day
    if any(first is None or span.end < first for span in reading.spans):
        return NotUnderstood("no_data", reading.language)
    return None
