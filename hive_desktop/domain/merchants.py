"""Whose row it is: a bank's descriptor becomes a merchant, without what a bank prints around it.

Banks add the way of payment, card tails, dates, store and phone numbers, references, towns and
foreign amounts. All of that is left out wherever it stands; what remains names the merchant. The
steps only ever take words away and are repeated until nothing changes, so that a merchant's name
normalises to the same merchant. Last, names that are known to be one merchant's become its own.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from hive_desktop.domain.merchant_aliases import named_as
from hive_desktop.domain.merchant_noise import (
    CURRENCIES,
    KEPT_CODES,
    KEPT_NUMBERS,
    LEGAL_FORMS,
    NOISE,
    PHRASES,
    PROCESSORS,
)
from hive_desktop.domain.places import PLACES, REGIONS

if TYPE_CHECKING:
    from collections.abc import Sequence

VERSION = 2
"""Grows when descriptors come out as other merchants: rows that are stored are then named anew."""

MOST = 200
"""Characters of a descriptor that are read; banks print at most 140."""

_WORDS = 12
_BAR = " | "
_OPENING = frozenset("<﹤＜")  # noqa: RUF001
_TOKEN = re.compile(r"[^\W_]{1,2}(?:&[^\W_]{1,2}(?![^\W_]))+|[^\W_]+")
_APOSTROPHE = re.compile(r"(?<=[^\W\d_])['’`´]+(?=[^\W\d_])")  # noqa: RUF001
_QUOTES = frozenset("'’`´")  # noqa: RUF001
_LONE_AND = re.compile(r"(?<![^\W_])([^\W\d_]) & ([^\W\d_])(?![^\W_])")
_NUMBERED = re.compile(r"([^\W\d_]{4,})\d+(?:[^\W\d_]|(?<=\d{4})[^\W\d_]{2,3})?")
_LED = re.compile(r"\d{1,2}[^\W\d_]{3,}")
_DIGIT = re.compile(r"\d")
JOINING = frozenset(("and", "und", "et", "y", "en", "the", "&"))
_KEEPS_ACRONYM = 3


class Merchant(NamedTuple):
    """A merchant: `key` groups rows and is stable, "" where nothing usable was printed.

    `name` is for people.
    """

    key: str
    name: str


NOBODY = Merchant("", "")


def merchant_of(merchant_name: str | None, name: str, description: str | None) -> Merchant:
    """Return the merchant of a row: of the bank's own merchant name, else name, else description.

    Args:
        merchant_name: the bank's or Plaid's cleaned name, where there is one.
        name: the row's name as the bank prints it.
        description: the original descriptor.
    """
    merchant = normalise(merchant_name or name)
    if merchant is NOBODY and merchant_name and name:
        merchant = normalise(name)
    if merchant is NOBODY and description:
        merchant = normalise(description)
    return merchant


@lru_cache(maxsize=65_536)
def normalise(descriptor: str) -> Merchant:
    """Return the merchant that one descriptor names; `NOBODY` where it names none.

    The same merchant comes out of its own name: `normalise(m.name).key == m.key`.
    """
    words = _settled(descriptor)
    if not words:
        return NOBODY
    name = named_as(words)
    if name is not None:
        return Merchant(" ".join(_settled(name)), name)
    return Merchant(" ".join(words), " ".join(map(_shown, words)))


def _settled(descriptor: str) -> list[str]:
    """Return the words that name the merchant, which come out of themselves again."""
    words = words_of(descriptor)
    while (again := words_of(" ".join(naming(words)))) != words:
        words = again
    return words


def words_of(descriptor: str) -> list[str]:
    """Return a descriptor's words, folded, without numbers, dates, references and card tails.

    The bank's own words for the way of payment stay: they tell what a row is for, though not whose.
    """
    return words_among(tokens_of(descriptor))


def words_among(tokens: Sequence[str]) -> list[str]:
    """Return the words of a descriptor of which `tokens_of` found these."""
    words: list[str] = []
    for place, token in enumerate(tokens):
        word = token if token.isalpha() else _unnumbered(token, tokens, place)
        if not word or word in JOINING:
            continue
        if word == "s" and words and len(words[-1]) > 2:
            words[-1] += "s"
        elif not words or words[-1] != word:
            words.append(word)
            if len(words) == _WORDS:
                break
    return words


def tokens_of(descriptor: str) -> tuple[str, ...]:
    """Return what is left of a descriptor without noise: words, and numbers that may be none.

    Its parts between bars are read by themselves, since many rows have one of them in common. No
    noise goes over a bar but what stands in angle brackets.
    """
    text = descriptor[:MOST]
    first, *others = text.split(_BAR) if _OPENING.isdisjoint(text) else (text,)
    found = _tokens(first)
    for other in others:
        found += _tokens(_BAR + other)  # which is not at the beginning
    return found


@lru_cache(maxsize=32_768)
def _tokens(part: str) -> tuple[str, ...]:
    text = fold(part)
    if "&" in text:
        text = _LONE_AND.sub(r"\1&\2", text.replace("&amp;", "&"))
    return tuple(_TOKEN.findall(NOISE.sub(" ", PROCESSORS.sub(" ", text))))


def fold(text: str) -> str:
    """Return a text cut to `MOST` characters, in small letters, without accents or controls."""
    text = text[:MOST]
    if not text.isascii():
        text = text.replace("ø", "o").replace("Ø", "o").replace("ł", "l").replace("Ł", "l")
        for _ in range(2):
            text = unicodedata.normalize("NFKD", text).casefold()
        text = "".join(c for c in text if not unicodedata.combining(c))
        text = "".join(c if c.isprintable() else " " for c in text)
    else:
        text = text.lower()
    return text if text.isalnum() or _QUOTES.isdisjoint(text) else _APOSTROPHE.sub("", text)


def _unnumbered(token: str, tokens: Sequence[str], place: int) -> str:
    """Return a token that has digits or signs as the word that it names, or ""."""
    if "&" in token or token in KEPT_CODES:
        return token
    if token.isdigit():
        near = KEPT_NUMBERS.get(token)
        if near is None:
            return ""
        around = (*tokens[max(0, place - 1) : place], *tokens[place + 1 : place + 2])
        return token if any(word in near for word in around) else ""
    numbered = _NUMBERED.fullmatch(token)
    if numbered is not None:
        return numbered[1]
    if _LED.fullmatch(token):
        return token
    return "" if _DIGIT.search(token) else token


def naming(words: list[str]) -> list[str]:
    """Return the words that name the merchant; all of them where none would be left."""
    kept = _without_phrases(words)
    if not kept:
        return words
    end = len(kept)
    while end > 1:
        last = kept[end - 1]
        if end > 2 and f"{kept[end - 2]} {last}" in PLACES:
            end -= 2
        elif last in PLACES or last in REGIONS or last in LEGAL_FORMS or last in CURRENCIES:
            end -= 1
        elif end > 3 and f"{kept[end - 3]} {kept[end - 2]} {last}" in PLACES:
            end -= 3
        else:
            break
    return kept[:end]


def _without_phrases(words: list[str]) -> list[str]:
    kept: list[str] = []
    place = 0
    while place < len(words):
        skipped = 0
        for phrase in PHRASES.get(words[place], ()) if not kept or words[place] != "mobile" else ():
            if words[place : place + len(phrase)] == phrase:
                skipped = len(phrase)
                break
        if skipped:
            place += skipped
        else:
            kept.append(words[place])
            place += 1
    return kept


def _shown(word: str) -> str:
    if not word.isascii():
        return word
    if "&" in word or (len(word) <= _KEEPS_ACRONYM and not set(word) & set("aeiouy")):
        return word.upper()
    return word.capitalize()
