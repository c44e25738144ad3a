"""What a person types to find rows: words, "phrases", amounts, @accounts and #labels.

    coffee "blue bottle"    rows with a word that begins so, and with these words side by side
    > 50   <= 20   10..30   amounts, without their sign; +50 came in, -50 went out
    > 1,234.50              thousands may be apart, by either sign
    42.17                   this amount, or a word that begins so; 42 goes from 42.00 to 42.99
    @checking               accounts with a word that begins so
    #food  #"eating out"    categories or tags with words that begin so; a default category also
                            by its name in the language in use

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

# With thousands apart, or plain; three digits behind one separator are thousands.
_GROUPED = r"\d{1,3}(?:[.,'\u2019]\d{3})+(?!\d)(?:[.,]\d{0,2}(?!\d))?"
_NUMBER = rf"(?:{_GROUPED}|\d{{1,12}}(?:[.,]\d{{0,4}})?)"
_SIGNS = r"[$\u20ac\u00a3\u00a5]?"
_TOKEN = re.compile(
    rf"""
    (?P<mark>[@\#]) (?: " (?P<marked_phrase>[^"]*) "? | (?P<marked_word>[^\s"@\#]*) )
    | " (?P<phrase>[^"]*) (?P<closed>"?)
    | (?P<compare>>=|<=|[><=\u2265\u2264]) \s* [+\-\u2212]? {_SIGNS}
      (?P<compared>{_NUMBER})? (?=\s|$)
    | {_SIGNS} (?P<least>(?:{_NUMBER})?) \s* \.\. \s* {_SIGNS} (?P<most>(?:{_NUMBER})?) (?=\s|$)
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
    is_hopeless: bool = False
    """There is nothing in it but signs that are no word: no row can have it."""

    @property
    def is_text_only(self) -> bool:
        """Tell whether the index of words alone can answer it."""
        return not (
            self.amounts or self.figures or self.accounts or self.labels or self.is_hopeless
        )


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
    is_hopeless = False
    for token in _TOKEN.finditer(unicodedata.normalize("NFC", text[:LONGEST])):
        if token["other"] is not None:
            words = words_of(token["other"])
            parts["words"] += words
            is_hopeless = is_hopeless or not (words or _UNFINISHED.fullmatch(token["other"]))
        elif token["number"]:
            kind, part = _number(token["sign"], token["number"])
            parts[kind].append(part)
        elif token["mark"] or token["phrase"] is not None:
            said = token["phrase"] or token["marked_phrase"] or token["marked_word"] or ""
            if words := words_of(said):
                parts[_MARKED[token["mark"]]].append(words)
        elif bounds := _bounds(token):
            parts["amounts"].append(bounds)
    found = {field: tuple(some) for field, some in parts.items()}
    return Search(**found, is_hopeless=is_hopeless and not any(found.values()))


def unread(text: str) -> tuple[str, ...]:
    """Return the pieces of a text that ask for nothing: signs, and comparisons with no number."""
    found = _TOKEN.finditer(unicodedata.normalize("NFC", text[:LONGEST]))
    return tuple(token[0].strip() for token in found if not _is_read(token))


def _is_read(token: re.Match[str]) -> bool:
    if token["other"] is not None:
        return bool(words_of(token["other"]))
    if token["number"]:
        return True
    if token["mark"] or token["phrase"] is not None:
        said = token["phrase"] or token["marked_phrase"] or token["marked_word"] or ""
        return bool(words_of(said))
    return _bounds(token) is not None


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


_PLAIN = {"\u2265": ">=", "\u2264": "<="}
# What is being typed of an amount, a range or a quotation.
_UNFINISHED = re.compile(r"[$\u20ac\u00a3\u00a5+\-\u2212.]{1,3}")
_FIELDS = ("words", "phrases", "amounts", "figures", "accounts", "labels")
_MARKED = {None: "phrases", "@": "accounts", "#": "labels"}


def _bounds(token: re.Match[str]) -> Bounds | None:
    """Return a comparison's or a range's bounds; None for one without a number."""
    if not token["compare"]:
        least, most = (_decimal(token[end]) if token[end] else None for end in ("least", "most"))
        if least is not None and most is not None:
            least, most = min(least, most), max(least, most)
        return None if least is None and most is None else Bounds(least, most)
    if not token["compared"]:
        return None
    sign = _PLAIN.get(token["compare"], token["compare"])
    number = _decimal(token["compared"])
    if sign == "=":
        return Bounds(number, number)
    if sign.startswith(">"):
        return Bounds(least=number, is_above=sign == ">")
    return Bounds(most=number, is_below=sign == "<")


def _number(sign: str | None, text: str) -> tuple[str, Bounds | Figure]:
    """Return the field of a number that stands alone, and what goes there."""
    least = _decimal(text)
    _, _, behind = _plain(text).partition(".")
    decimals = len(behind)
    bounds = Bounds(least, least + Decimal(1).scaleb(-decimals), is_below=True)
    if sign:
        return "amounts", bounds._replace(is_in=sign == "+")
    return "figures", Figure(bounds, words_of(text))


def _folded(text: str) -> str:
    """Return a text as the index of words compares it."""
    bare = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in bare if not unicodedata.combining(sign)).casefold()


def _plain(text: str) -> str:
    """Return a number with a point before its decimals and nothing between its thousands."""
    whole, decimals = text, ""
    if re.fullmatch(_GROUPED, text):
        groups = re.split("[.,'\u2019]", text)
        last = groups[-1]
        # The last part is decimals where it is short, or nothing yet.
        if len(last) < 3:
            whole, decimals = text[: len(text) - len(last) - 1], last
        return re.sub(r"\D", "", whole) + (f".{decimals}" if decimals else "")
    return text.replace(",", ".").rstrip(".")


def _decimal(text: str) -> Decimal:
    return Decimal(_plain(text))
