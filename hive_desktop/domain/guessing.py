"""How many guesses find a password, by zxcvbn (Wheeler, USENIX Security 2016), in bounded time."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

JUDGED: Final = 72
"""Characters that are looked at."""

_LEET: Final = frozenset("4@8({[<369&#!1|0$5+7%2")
# zxcvbn tries all ways to read letters out of such characters: with all of them, for seconds.
_MOST_LEET: Final = 8


class Guesses(NamedTuple):
    """The logarithm to the base of ten of the guesses, and in English why they are few, or ""."""

    log10: float
    warning: str


def guesses(text: str, known: Sequence[str] = ()) -> Guesses:
    """Return how many guesses find a text.

    Args:
        text: the password or passphrase; judged by its first `JUDGED` characters.
        known: what whoever guesses knows, such as a name.
    """
    from zxcvbn import zxcvbn  # type: ignore[import-untyped] # noqa: PLC0415 - its word lists

    normal = unicodedata.normalize("NFC", text)[:JUDGED]
    found = [zxcvbn(piece, list(known)) for piece in _pieces(normal) if piece]
    warnings = [str(one["feedback"]["warning"]) for one in found]
    return Guesses(
        sum(float(one["guesses_log10"]) for one in found), next(filter(None, warnings), "")
    )


def _pieces(text: str) -> Iterator[str]:
    """Cut a text where it would hold more kinds of characters that stand for letters than a few."""
    start, seen = 0, set[str]()
    for index, character in enumerate(text):
        if character in _LEET and len(seen | {character}) > _MOST_LEET:
            yield text[start:index]
            start, seen = index, set()
        if character in _LEET:
            seen.add(character)
    yield text[start:]
