"""What stands beside a computed figure and makes another one of it: a sign, a unit, a digit."""

from __future__ import annotations

import html
import re
from typing import Final

from hive_desktop.domain import plain_reading
from hive_desktop.domain.receipts import CellKind
from hive_desktop.domain.written_figures import COUNTED, CURRENCY_MARK, WORDLIKE

REACH: Final = 48
"""How many signs on each side are looked at."""
_NEAR: Final = 24

_GROUP_BEFORE: Final = re.compile(r"(?<![\w.,])\d{1,3}(?:[ \u00a0']\d{3})*[ \u00a0']$")
_DIGIT_BEFORE: Final = re.compile(r"\d[.,']?$")
_MINUS_BEFORE: Final = re.compile(
    rf"(?:(?<![\w\])])[-\u2013]|(?<!\w)(?<!\] )(?:minus|negative) )(?:{CURRENCY_MARK})?$",
    re.IGNORECASE,
)
_PLUS_BEFORE: Final = re.compile(r"\+$")
_CHANGED_BY: Final = re.compile(
    r"[ \u00a0]?(?:\d|[.,']\d)|[ \u00a0-]?(?:k|m|bn|tsd|mio|mrd|thousands?|millions?|billions?"
    r"|trillions?|hundreds?|dozens?|grand|crores?|lakhs?|tausend|hundert|hundred|millionen"
    r"|milliarden?|billionen|dutzend)(?!\w)",
    re.IGNORECASE,
)
_SMALL_AFTER: Final = re.compile(
    r"[ \u00a0-]?(?:(?:cents?|ct|pence)(?!\w)|¢)|p(?!\w)", re.IGNORECASE
)
_PERCENT_BEFORE: Final = re.compile(r"[%\u2030][ \u00a0]?$")
_PERCENT_AFTER: Final = re.compile(
    r"[ \u00a0-]?(?:[%\u2030]|per ?cent(?!\w)|percentage|prozent|promille|pp(?!\w))", re.IGNORECASE
)
_MARK_BEFORE: Final = re.compile(
    rf"(?<![^\W\d_])(?P<mark>{CURRENCY_MARK})[ \u00a0]?$", re.IGNORECASE
)
_MARK_AFTER: Final = re.compile(
    rf"[ \u00a0-]?(?P<mark>{CURRENCY_MARK})(?![ -](?:{COUNTED})(?!\w))", re.IGNORECASE
)


def fault_of(before: str, after: str, kind: CellKind, shown: str) -> str:
    """Return why a figure reads as another one beside these words; nothing where it does not.

    Args:
        before: what stands before it, as a model wrote it; at most REACH signs are needed.
        after: what stands behind it.
        kind: of the figure; a text is never changed.
        shown: the figure as it is written.
    """
    if kind is CellKind.TEXT:
        return ""
    before, after = (plain_reading.read(html.unescape(text)).text for text in (before, after))
    begins = shown[:1].isdigit()
    if _DIGIT_BEFORE.search(before) or (begins and _GROUP_BEFORE.search(before)):
        return "a number stands before it, and it reads as another one"
    if kind is not CellKind.DAY and (
        _MINUS_BEFORE.search(before[-_NEAR:]) or (shown[:1] == "-" and _PLUS_BEFORE.search(before))
    ):
        return "the sign before it makes another number of it; a cell brings its own"
    if _CHANGED_BY.match(after):
        return "what follows makes another number of it"
    if kind is not CellKind.DAY and _is_of_another_unit(before, after, kind):
        return "the unit beside it is not the cell's; a cell brings its own"
    return ""


def _is_of_another_unit(before: str, after: str, kind: CellKind) -> bool:
    if _SMALL_AFTER.match(after):
        return True
    is_percent = _PERCENT_BEFORE.search(before) or _PERCENT_AFTER.match(after)
    if is_percent and kind is not CellKind.SHARE:
        return True
    if kind is CellKind.MONEY:
        return False
    ahead, behind = _MARK_BEFORE.search(before[-_NEAR:]), _MARK_AFTER.match(after)
    # A currency's word before a number belongs to what was said before: "paid in euros 14 times".
    is_ahead = ahead is not None and not (ahead["mark"].isalpha() and not ahead["mark"].isupper())
    return is_ahead or (behind is not None and behind["mark"] not in WORDLIKE)
