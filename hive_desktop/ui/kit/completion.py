"""One way to go on with what is typed into a field."""

from __future__ import annotations

from typing import NamedTuple


class Completion(NamedTuple):
    """One way to go on.

    Attributes:
        start: the first character that is replaced; the last stands before the cursor.
        text: what is put in its place.
        words: what the list shows.
        icon: a drawing before the words.
        color: of the drawing, `#RRGGBB`; empty for the theme's.
    """

    start: int
    text: str
    words: str
    icon: str = ""
    color: str = ""
