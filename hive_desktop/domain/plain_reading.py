"""A Markdown text as a person reads it, sign by sign, with the place where each sign stands.

What the eye does not see must not part a number: marks of emphasis, backslashes and signs without
width are taken out, and digits of every script become plain ones.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_SIGNS: Final = {
    **dict.fromkeys("\u2212\ufe63\uff0d\u2011\u2010", "-"),
    **dict.fromkeys("\u2007\u2009\u200a\u2008\u202f\u205f", "\N{NO-BREAK SPACE}"),
    **dict.fromkeys("\u2019\u02bc\uff07", "'"),
    "\u066b": ".",
    "\u066c": ",",
    "\t": " ",
}
_DROPPED: Final = frozenset("*`\\")
_FULL_WIDTH: Final = range(0xFF01, 0xFF5F)
_ODD: Final = re.compile(r"\u200b+|[^\x00-\x7f]|[*`\\_~\t]")


class Reading(NamedTuple):
    """What is read: `places[i]` is where the sign `text[i]` stands in the source."""

    text: str
    places: Sequence[int]


def read(source: str) -> Reading:
    """Return a text as it is read."""
    signs: list[str] = []
    places: list[int] = []
    at = 0
    for found in _ODD.finditer(source):
        start, end = found.span()
        signs.append(source[at:start])
        places += range(at, start)
        at = end
        if sign := _sign(source, start):
            signs.append(sign)
            places.append(start)
    if at == 0:
        return Reading(source, range(len(source)))
    signs.append(source[at:])
    places += range(at, len(source))
    return Reading("".join(signs), places)


def _sign(source: str, place: int) -> str:
    """Return what is read of the sign at a place."""
    sign = _plain(source[place])
    if sign in _DROPPED or (sign == "_" and _is_emphasis(source, place)):
        return ""
    if sign == "~" and source[max(0, place - 1) : place + 2].count("~") > 1:
        return ""
    return sign


@lru_cache(maxsize=1024)
def _plain(sign: str) -> str:
    """Return the ASCII sign that this one reads as; nothing for one without width."""
    if sign in _SIGNS:
        return _SIGNS[sign]
    if ord(sign) in _FULL_WIDTH:
        return chr(ord(sign) - 0xFEE0)
    digit = unicodedata.digit(sign, None)
    if digit is not None:
        return str(digit)
    return "" if unicodedata.category(sign) == "Cf" else sign


def _is_emphasis(source: str, place: int) -> bool:
    before, after = source[max(0, place - 1) : place], source[place + 1 : place + 2]
    return not (before.isalnum() and after.isalnum())
