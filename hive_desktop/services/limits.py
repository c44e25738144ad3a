"""How long the words may be that a person gives: refused with the limit, never cut unasked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hive_desktop.domain.row_edits import LONGEST_NAME, LONGEST_NOTE, LONGEST_TAG, tidy_tag
from hive_desktop.i18n import mark
from hive_desktop.ports.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hive_desktop.domain.row_edits import RowEdit

LONGEST_ACCOUNT: Final = 60
LONGEST_CATEGORY: Final = 40
NOTE: Final = mark("The note is too long: it has {count} characters, and {most} are the most.")
NAME: Final = mark("The name is too long: it has {count} characters, and {most} are the most.")
TAG: Final = mark("A tag is too long: it has {count} characters, and {most} are the most.")
_HINT: Final = mark("Make it shorter.")


def one_line(text: str) -> str:
    """Return words without needless blanks, line breaks and tabs."""
    return " ".join(text.split())


def named(text: str, most: int = LONGEST_NAME) -> str:
    """Return a name on one line; raises UsageError where it is longer than `most`."""
    return _within(one_line(text), most, NAME)


def noted(text: str) -> str:
    """Return a note without blanks at its ends; raises UsageError where it is too long."""
    return _within(text.strip(), LONGEST_NOTE, NOTE)


def tagged(tags: Iterable[str]) -> tuple[str, ...]:
    """Return tags as they were given; raises UsageError where one is too long."""
    given = tuple(tags)
    for one in given:
        _within(tidy_tag(one), LONGEST_TAG, TAG)
    return given


def tidied(told: RowEdit) -> RowEdit:
    """Return an edit of rows as it is kept; raises UsageError where a text of it is too long."""
    if told.name is not None:
        named(told.name)
    if told.note is not None:
        noted(told.note)
    tagged(told.add_tags)
    return told.tidied()


def _within(text: str, most: int, words: str) -> str:
    if len(text) > most:
        raise UsageError(words, title="Too long", hint=_HINT, count=len(text), most=most)
    return text
