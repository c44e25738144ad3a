"""What a person types to find rows: words, "phrases", amounts, @accounts and #labels.

    coffee "blue bottle"    rows with a word that begins so, and with these words side by side
    > 50   <= 20   10..30   amounts, without their sign; +50 came in, -50 went out
    42.17                   this amount, or a word that begins so; 42 goes from 42.00 to 42.99
    @checking               accounts with a word that begins so
    #food  #"eating out"    categories or tags with words that begin so

All of it must hold. Nothing is ever wrong: what is not finished yet (`>`, `@`, an open quotation
mark) is left out or taken as far as it goes, so that each key press shows rows.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 300
"""Characters of a search that are looked at."""

_NUMBER = r"\d{1,12}(?:[.,]\d{0,4})?"
_SIGNS = r"[$\u20ac\u00a3\u00a5]?"
_TOKEN = re.compile(
    rf"""
    (?P<mark>[@\#]) (?: " (?P<marked_phrase>[^"]*) "? | (?P<marked_word>[^\s"@\#]*) )
    | " (?P<phrase>[^"]*) (?P<closed>"?)
    | (?P<compare>>=|<=|>|<|=) \s* {_SIGNS} (?P<compared>{_NUMBER})? (?=\s|$)
    | {_SIGNS} (?P<least>(?:{_NUMBER})?) \.\. {_SIGNS} (?P<most>(?:{_NUMBER})?) (?=\s|$)
    | (?P<sign>[+\-\u2212])? {_SIGNS} (?P<number>{_NUMBER}) {_SIGNS} (?=\s|$)
    | (?P<other>[^\s"]+)
    """,
    re.VERBOSE,
)
_WORD = re.compile(r"[^\W_]+")


class Bounds(NamedTuple):
    """Amounts without their sign, in whole units of their currency.

    Attributes:
        least: the smallest; None for none.
        most: the largest, or the first that is too large where `is_below`.
        is_above: whether `least` itself is left out.
        is_below: whether `most` itself is left out.
        is_in: True for money that came in, False for what went out, None for both.
    """

    least: Decimal | None = None
    most: Decimal | None = None
    is_above: bool = False
    is_below: bool = False
    is_in: bool | None = None

    def in_minor(self, digits: int) -> tuple[int | None, int | None]:
        """Return the smallest and the largest amount in minor units, each within the bounds.

        Args:
            digits: how many decimals the currency has.
        """
        least = most = None
        if self.least is not None:
            scaled = self.least.scaleb(digits)
            least = math.floor(scaled) + 1 if self.is_above else math.ceil(scaled)
        if self.most is not None:
            scaled = self.most.scaleb(digits)
            most = math.ceil(scaled) - 1 if self.is_below else math.floor(scaled)
        return least, most


class Figure(NamedTuple):
    """A number that stands alone: an amount, or the beginning of these words."""

    bounds: Bounds
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """What a row must have; everything in it holds together.

    Attributes:
        words: beginnings of words, of names, descriptions and notes.
        phrases: words side by side, of which the last may be a beginning.
        amounts: bounds of the amount.
        figures: amounts or beginnings of words.
        accounts: for each, beginnings of words of the account or its bank.
        labels: for each, beginnings of words of the category or a tag.
    """

    words: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()
    amounts: tuple[Bounds, ...] = ()
    figures: tuple[Figure, ...] = ()
    accounts: tuple[tuple[str, ...], ...] = ()
    labels: tuple[tuple[str, ...], ...] = ()

    @property
    def is_text_only(self) -> bool:
        """Tell whether the index of words alone can answer it."""
        return not (self.amounts or self.figures or self.accounts or self.labels)


class Unfinished(NamedTuple):
    """The token that stands before the cursor and may be completed.

    Attributes:
        mark: `@` or `#`.
        start: where the token begins, in characters of the text; it ends at the cursor.
        text: what is typed of it, without mark and quotation marks.
    """

    mark: str
    start: int
    text: str


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text as the index splits it."""
    return tuple(_WORD.findall(unicodedata.normalize("NFC", text)))


def begins(text: str, words: Sequence[str]) -> bool:
    """Tell whether each word begins some word of a text, whatever its case and accents."""
    known = words_of(_folded(text))
    return all(any(one.startswith(_folded(word)) for one in known) for word in words)


def parse(text: str) -> Search:
    """Return what a text asks for; the empty text asks for nothing."""
    parts: dict[str, list[Any]] = {field: [] for field in _FIELDS}
    for token in _TOKEN.finditer(unicodedata.normalize("NFC", text[:LONGEST])):
        if token["other"] is not None:
            parts["words"] += words_of(token["other"])
        elif token["number"]:
            kind, part = _number(token["sign"], token["number"])
            parts[kind].append(part)
        elif token["mark"] or token["phrase"] is not None:
            said = token["phrase"] or token["marked_phrase"] or token["marked_word"] or ""
            if words := words_of(said):
                parts[_MARKED[token["mark"]]].append(words)
        elif bounds := _bounds(token):
            parts["amounts"].append(bounds)
    return Search(**{field: tuple(found) for field, found in parts.items()})


def unfinished(text: str, cursor: int) -> Unfinished | None:
    """Return the @account or #label that is being typed at a cursor, or None."""
    found = None
    for token in _TOKEN.finditer(text[:LONGEST][:cursor]):
        found = token
    if found is None or not found["mark"] or found.end() != cursor:
        return None
    if found["marked_phrase"] is not None and found[0].endswith('"') and len(found[0]) > 2:
        return None
    return Unfinished(
        found["mark"], found.start(), found["marked_phrase"] or found["marked_word"] or ""
    )


def completed(mark: str, name: str) -> str:
    """Return a whole token for a name, in quotation marks where it needs them."""
    return f'{mark}"{name}"' if len(name.split()) != 1 or not name.isalnum() else f"{mark}{name}"


_FIELDS = ("words", "phrases", "amounts", "figures", "accounts", "labels")
_MARKED = {None: "phrases", "@": "accounts", "#": "labels"}


def _bounds(token: re.Match[str]) -> Bounds | None:
    """Return a comparison's or a range's bounds; None for one without a number."""
    if not token["compare"]:
        least, most = (_decimal(token[end]) if token[end] else None for end in ("least", "most"))
        return None if least is None and most is None else Bounds(least, most)
    if not token["compared"]:
        return None
    sign, number = token["compare"], _decimal(token["compared"])
    if sign == "=":
        return Bounds(number, number)
    if sign.startswith(">"):
        return Bounds(least=number, is_above=sign == ">")
    return Bounds(most=number, is_below=sign == "<")


def _number(sign: str | None, text: str) -> tuple[str, Bounds | Figure]:
    """Return the field of a number that stands alone, and what goes there."""
    least = _decimal(text)
    decimals = len(re.split("[.,]", text)[1]) if re.search("[.,]", text) else 0
    bounds = Bounds(least, least + Decimal(1).scaleb(-decimals), is_below=True)
    if sign:
        return "amounts", bounds._replace(is_in=sign == "+")
    return "figures", Figure(bounds, words_of(text))


def _folded(text: str) -> str:
    """Return a text as the index of words compares it."""
    bare = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in bare if not unicodedata.combining(sign)).casefold()


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", ".").rstrip("."))
