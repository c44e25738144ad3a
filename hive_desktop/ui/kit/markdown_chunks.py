"""A text of Markdown and marks in chunks, so that what stands already is not laid out again."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hive_desktop.domain.verification import paragraphs
from hive_desktop.ui.kit.markdown_parts import parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hive_desktop.ui.kit.markdown_parts import Part

_FIRST, _LAST = "\ue000", "\ue001"
MARK: Final = re.compile(f"{_FIRST}([0-9]+){_LAST}")
"""Where a mark stands in a chunk's text: its number among the chunk's marks."""


@dataclass(frozen=True, slots=True)
class Mark:
    """Words that are not Markdown, such as a figure; they stand among the words.

    Attributes:
        href: what is told when they are chosen; empty where nothing is behind them.
        tip: the tooltip.
        is_flaw: nothing stands behind the figure, and that is said beside it.
        note: what is said quietly beside the words, in brackets; empty for nothing.
        note_tip: the tooltip of the note.
    """

    text: str
    href: str = ""
    tip: str = ""
    is_flaw: bool = False
    note: str = ""
    note_tip: str = ""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Whole paragraphs of a text, or a part of a long table or fence, and the marks in them.

    Attributes:
        is_next: it goes on with the table or fence that the chunk before it began.
    """

    text: str
    marks: tuple[Mark, ...] = ()
    is_next: bool = False


def chunked(told_parts: Iterable[str | Mark]) -> list[Chunk]:
    """Return a text of Markdown and marks as chunks; a long table or fence as several."""
    marks: list[Mark] = []
    told: list[str] = []
    for part in told_parts:
        if isinstance(part, Mark):
            told.append(f"{_FIRST}{len(marks)}{_LAST}")
            marks.append(part)
        else:
            told.append(part.replace(_FIRST, "").replace(_LAST, ""))
    text = "".join(told)
    return [
        _chunk(part, marks) for start, end in paragraphs(text) for part in parts(text[start:end])
    ]


def _chunk(part: Part, marks: Sequence[Mark]) -> Chunk:
    """Return a chunk whose marks are counted from nought."""
    text = part.text
    kept = [int(found[1]) for found in MARK.finditer(text)]
    numbers = iter(range(len(kept)))
    text = MARK.sub(lambda _found: f"{_FIRST}{next(numbers)}{_LAST}", text)
    return Chunk(text, tuple(marks[number] for number in kept), part.is_next)
