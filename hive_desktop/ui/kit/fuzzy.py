"""How well what was typed fits a name: letters in order, better at the beginnings of words."""

from __future__ import annotations

import unicodedata

_WHOLE, _WORD_START, _ADJACENT, _SKIPPED = 60, 14, 8, 1
_FARTHEST = 20
_NO_FIT = -1


def folded(text: str) -> str:
    """Return a text without case and accents."""
    bare = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in bare if not unicodedata.combining(sign)).casefold()


def score(typed: str, name: str) -> int:
    """Return how well the folded `typed` fits a name, 0 for nothing typed, -1 for no fit.

    Each letter must come in order, spaces aside. Words that stand in the name as they were typed
    are worth more than letters here and there.
    """
    letters = typed.replace(" ", "")
    where = folded(name)
    if not letters:
        return 0
    words = where.replace("-", " ").split()
    whole = all(any(word.startswith(part) for word in words) for part in typed.split())
    found = _walk(letters, where, from_words=True)
    if found == _NO_FIT:
        found = _walk(letters, where, from_words=False)
    if found == _NO_FIT:
        return _NO_FIT
    bonus = _WHOLE if whole else 0
    return max(found + bonus - len(where) // 8, 1)


def _walk(letters: str, where: str, *, from_words: bool) -> int:
    """Follow the letters through the name; each run begins at a word where `from_words`."""
    total, at = 0, -1
    for letter in letters:
        place = at + 1
        if place < len(where) and where[place] == letter and at >= 0:
            total += _ADJACENT
        else:
            place = _next(where, letter, at + 1, at_word=from_words)
            if place < 0:
                return _NO_FIT
            total += _WORD_START if _begins(where, place) else 0
            total -= _SKIPPED * min(place - at - 1, _FARTHEST)
        at = place
    return max(total, 0)


def _next(where: str, letter: str, start: int, *, at_word: bool) -> int:
    place = where.find(letter, start)
    while at_word and place >= 0 and not _begins(where, place):
        place = where.find(letter, place + 1)
    return place


def _begins(where: str, place: int) -> bool:
    return place == 0 or not where[place - 1].isalnum()
