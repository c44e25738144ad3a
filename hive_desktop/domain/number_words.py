"""Whole numbers in English and German words, from two on."""

from __future__ import annotations

import re
from typing import Final


def _listed(words: str) -> tuple[str, ...]:
    return tuple(words.split())


_ENGLISH: Final = _listed(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen"
)
_ENGLISH_TENS: Final = _listed("twenty thirty forty fifty sixty seventy eighty ninety")
_GERMAN: Final = _listed(
    "null ein zwei drei vier fünf sechs sieben acht neun zehn elf zwölf dreizehn vierzehn fünfzehn "
    "sechzehn siebzehn achtzehn neunzehn"
)
_GERMAN_TENS: Final = _listed("zwanzig dreißig vierzig fünfzig sechzig siebzig achtzig neunzig")
_PLAIN: Final = {
    **{word: number for number, word in enumerate(_ENGLISH)},
    **{word: ten * 10 for ten, word in enumerate(_ENGLISH_TENS, start=2)},
}
_TIMES: Final = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "dozen": 12}


def _german(number: int) -> str:
    """Return a number below a thousand as German writes it."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    head = ("" if hundreds == 1 else _GERMAN[hundreds]) + "hundert" if hundreds else ""
    if rest < 20:
        return head + (_GERMAN[rest] if rest else "")
    return head + (f"{_GERMAN[ones]}und" if ones else "") + _GERMAN_TENS[tens - 2]


_GERMAN_NUMBERS: Final = {_german(number): number for number in range(2, 1_000)} | {"dutzend": 12}
_ENGLISH_WORD: Final = "|".join(sorted([*list(_PLAIN)[1:], *_TIMES], key=len, reverse=True))
_GERMAN_SMALL: Final = "|".join(
    [
        *("ein(?=hundert|tausend|und)", "hundert", "tausend", "dutzend", "und", "sechs", "sech"),
        *("sieben", "sieb", "zwei", "drei", "vier", "fünf", "acht", "neun", "zehn", "elf"),
        *("zwölf", *_GERMAN_TENS),
    ]
)
NUMBER_WORD: Final = (
    rf"(?:(?:a|{_ENGLISH_WORD})(?:(?:[ -]| and )(?:{_ENGLISH_WORD})){{0,8}}(?!\w)"
    rf"|(?:{_GERMAN_SMALL}){{1,12}}(?:(?<=hundert|tausend)eins?)?)"
)
"""A pattern of what may be such a number; `number_of` says whether it is."""


def number_of(text: str) -> int | None:
    """Return the number that words say, in any case; None for one, for none, and for no number."""
    words = text.lower()
    found = _of_german(words.removesuffix("s") if words.endswith("eins") else words) or _of_english(
        re.split(r"[ -]+", words)
    )
    return found if found and found > 1 else None


def _of_german(word: str) -> int | None:
    word = re.sub(r"(^|tausend)einhundert", r"\1hundert", word)
    head, is_thousand, tail = word.partition("tausend")
    if not is_thousand:
        return _GERMAN_NUMBERS.get(word)
    thousands = 1 if head in ("", "ein") else _GERMAN_NUMBERS.get(head)
    rest = _GERMAN_NUMBERS.get(tail) if tail else 0
    return None if thousands is None or rest is None else thousands * 1_000 + rest


def _of_english(words: list[str]) -> int | None:
    total = part = 0
    for word in words:
        if word in _TIMES:
            size = _TIMES[word]
            part = (part or 1) * size
            if size >= 1_000:
                total, part = total + part, 0
        elif word in _PLAIN:
            part += _PLAIN[word]
        elif word not in ("and", "a"):
            return None
    return total + part
