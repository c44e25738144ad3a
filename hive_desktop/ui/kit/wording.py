"""Pieces of sentences: labels that stand in one, lists, numbers."""

from __future__ import annotations

import re
from functools import reduce
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale

from hive_desktop.i18n import language, tr
from hive_desktop.ui.kit.money import locale

if TYPE_CHECKING:
    from collections.abc import Sequence

_BREAK = "\N{ZERO WIDTH SPACE}"
_LONG_WORD, _PIECE = re.compile(r"\S{25,}"), re.compile(r"\S{1,12}")
# Languages that write nouns with a capital letter wherever they stand.
_CAPITAL_NOUNS = frozenset({"de", "lb"})


def inside(words: str) -> str:
    """Return a label as it stands in a sentence: `Category` as `category`, a German one as is."""
    return words if language() in _CAPITAL_NOUNS else words.lower()


def either(words: Sequence[str]) -> str:
    """Return alternatives in words, such as `F5 or Ctrl+R`."""
    template = tr("{one} or {other}")
    return reduce(lambda one, other: template.format(one=one, other=other), words)


def all_of(words: Sequence[str]) -> str:
    """Return what holds together in words, such as `name and amount`; "" of nothing."""
    template = tr("{one} and {other}")
    return reduce(lambda one, other: template.format(one=one, other=other), words) if words else ""


def number(count: int) -> str:
    """Return a whole number with its digits grouped as the person's locale does."""
    return locale().toString(count)


def size_words(count: int) -> str:
    """Return a number of bytes as the person's locale writes sizes."""
    form = QLocale.DataSizeFormat.DataSizeSIFormat
    return locale().formattedDataSize(count, 1, form)


def foldable(path: str) -> str:
    """Return a path with room to wrap after each folder."""
    return path.replace("/", f"/{_BREAK}").replace("\\", f"\\{_BREAK}")


def breakable(text: str) -> str:
    """Return a text that a narrow place can wrap: a very long word gets places to break at."""
    return _LONG_WORD.sub(lambda word: _BREAK.join(_PIECE.findall(word[0])), text)


def opened(words: str) -> str:
    """Return words as they begin a sentence; all other letters stay."""
    return words[:1].upper() + words[1:]
