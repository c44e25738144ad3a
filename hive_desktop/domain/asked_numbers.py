"""Numbers in a person's question: those of cards, accounts and telephones do not leave.

A run of eight digits or more goes, however it is parted, and so does a sort code. What a question
needs stays: days, months, years, times, amounts, and spans of them.
"""

from __future__ import annotations

import re
from typing import Final

_LONG: Final = 8
# A comma or a semicolon with a space behind it parts a list, not a number.
_RUN: Final = re.compile(r"\+?\d(?:(?![,;]\s)[\W_]{0,3}\d)+")
_SORT_CODE: Final = re.compile(r"\d\d([-\u2010-\u2015\u2212])\d\d\1\d\d")
_DAY: Final = r"(?:0?[1-9]|[12][0-9]|3[01])"
_MONTH: Final = r"(?:0?[1-9]|1[0-2])"
_YEAR: Final = r"(?:19|20)[0-9]{2}"
_SMALL: Final = re.compile(r"[0-9]{1,2}(?![0-9])")
_PLAIN: Final = re.compile(r"[0-9]{1,6}(?![0-9])")
_USUAL: Final = re.compile(
    rf"(?:{_YEAR}([-./]){_MONTH}\1{_DAY}"
    rf"|{_DAY}([-./]){_MONTH}\2(?:{_YEAR}|[0-9]{{2}})"
    rf"|{_MONTH}([-./]){_DAY}\3(?:{_YEAR}|[0-9]{{2}})"
    r"|[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?"
    rf"|{_YEAR}[-./](?:0[1-9]|1[0-2])"
    r"|[0-9]{1,3}(?:,[0-9]{3}){1,3}(?:\.[0-9]{1,2})?"
    r"|[0-9]{1,3}(?:[.'\u2019][0-9]{3}){1,2}(?:[.,][0-9]{1,2})?"
    r"|[0-9]{1,9}[.,][0-9]{1,2}"
    rf"|{_YEAR}|{_DAY}[./]{_DAY})(?![0-9]|[.,][0-9])"
)
_JOINT: Final = re.compile(r"(?=\W*(?:\s|\.\.|[-\u2010-\u2015\u2212/]))[\W_]+")
_CURRENCY: Final = "$\u20ac\u00a3\u00a5"


def without_numbers(text: str, mark: str) -> str:
    """Return a text with a mark in place of each number that may be a secret."""

    def kept(found: re.Match[str]) -> str:
        run = found[0]
        if _SORT_CODE.fullmatch(run):
            return run if _is_usual(run, is_money=False) else mark
        if sum(map(str.isdigit, run)) < _LONG:
            return run
        around = text[max(0, found.start() - 1) : found.end() + 2]
        is_money = any(sign in around for sign in _CURRENCY)
        return run if _is_usual(run, is_money=is_money) else mark

    return _RUN.sub(kept, text)


def _is_usual(run: str, *, is_money: bool) -> bool:
    """Tell whether a run is all days, times and amounts, and one small number at most."""
    at, small = 0, 0
    while True:
        found = _USUAL.match(run, at) or (_PLAIN.match(run, at) if is_money else None)
        if found is None:
            found, small = _SMALL.match(run, at), small + 1
        if found is None or small > 1:
            return False
        if found.end() == len(run):
            return True
        joint = _JOINT.match(run, found.end())
        if joint is None:
            return False
        at = joint.end()
