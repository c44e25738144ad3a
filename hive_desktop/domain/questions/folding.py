"""Words as they are compared: small letters, no accents, with or without umlauts written out."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_WORD = re.compile(r"[^\W_]+(?:['’`´][^\W_]+)*|%")  # noqa: RUF001
_MARKS = re.compile(r"['’`´]")  # noqa: RUF001
_WRITTEN_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})


class Word(NamedTuple):
    """One word of a text: folded, and where it stands."""

    text: str
    start: int
    end: int


def fold(text: str) -> str:
    """Return a text in small letters without accents and apostrophes; ß is ss."""
    bare = unicodedata.normalize("NFKD", _MARKS.sub("", text).casefold())
    return "".join(sign for sign in bare if not unicodedata.combining(sign))


def words_in(text: str) -> list[Word]:
    """Return the words of a text in order."""
    return [Word(fold(one[0]), one.start(), one.end()) for one in _WORD.finditer(text)]


def blanked(text: str, start: int, end: int) -> str:
    """Return a text with blanks in place of a part, so that all else stays where it was."""
    return text[:start] + " " * (end - start) + text[end:]


def key_of(text: str) -> tuple[str, ...]:
    """Return a name or phrase as its folded words."""
    return tuple(one.text for one in words_in(text))


def spellings(text: str) -> set[tuple[str, ...]]:
    """Return a phrase with umlauts as folded words: without them, and with them written out."""
    return {key_of(text), key_of(text.casefold().translate(_WRITTEN_OUT))}


def distance(one: str, other: str, most: int) -> int:
    """Return how many letters are wrong, missing, too many or swapped; `most` + 1 beyond that."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, sign in enumerate(one, start=1):
        now = [i]
        for j, against in enumerate(other, start=1):
            cost = min(row[j] + 1, now[j - 1] + 1, row[j - 1] + (sign != against))
            if i > 1 and j > 1 and sign == other[j - 2] and one[i - 2] == against:
                cost = min(cost, before[j - 2] + 1)
            now.append(cost)
        before, row = row, now
    return min(row[-1], most + 1)


def nearest(
    word: str, names: Mapping[str, Sequence[str]], *, is_swap_only: bool = False
) -> list[str]:
    """Return the names that a word with one mistake in it may mean; names of six letters or more.

    The first letter is right.

    Args:
        word: folded, without spaces.
        names: by their first letter.
        is_swap_only: no other mistake than two letters that changed places.
    """
    found = []
    letters = set(word)
    for name in names.get(word[:1], ()):
        is_near = len(name) == len(word) if is_swap_only else abs(len(name) - len(word)) <= 1
        if not is_near or max(len(word), len(name)) < _ONE_FROM or len(word) < _LEAST:
            continue
        if len(letters.symmetric_difference(name)) > (0 if is_swap_only else 2):
            continue
        if distance(word, name, 1) == 1:
            found.append(name)
    return found


def by_first_letter(names: Iterable[str]) -> dict[str, list[str]]:
    """Return names by their first letter, as `nearest` looks them up."""
    found: dict[str, list[str]] = {}
    for name in names:
        found.setdefault(name[:1], []).append(name)
    return found


_LEAST, _ONE_FROM = 4, 6
