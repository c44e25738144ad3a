"""A bank's words in plain letters: no invisible signs, no look-alikes, digits as 0 to 9.

What is left in another script than the Latin one is found by `foreign_words`.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_DASHES: Final = dict.fromkeys(range(0x2010, 0x2016), "-") | {0x2212: "-"}
# Letters without a form, which show as nothing or as a blank.
_BLANKS: Final = frozenset("\u115f\u1160\u3164\uffa0\u17b4\u17b5")
_LATIN: Final = re.compile(
    r"LATIN (?:SMALL|CAPITAL) |LATIN (?:LETTER|SUBSCRIPT) |FEMININE|MASCULINE"
)
# Letters that only look unlike: small capitals, letters in squares, letters of flags.
_DRESSED: Final = re.compile(
    r"(?:LATIN LETTER SMALL CAPITAL|(?:NEGATIVE |CROSSED NEGATIVE )?(?:SQUARED|CIRCLED) LATIN"
    r" (?:CAPITAL|SMALL) LETTER|REGIONAL INDICATOR SYMBOL LETTER"
    r"|LATIN SMALL LETTER (?:SCRIPT|DOTLESS)) ([A-Z])"
)
_LOOK_ALIKES: Final = str.maketrans(
    # Cyrillic, then Greek, then Armenian and Cherokee.
    "\u0430\u0435\u0456\u0458\u043e\u0440\u0441\u0443\u0445\u0455\u0501\u051b\u051d\u04bb\u0491\u04cf"
    "\u0410\u0412\u0415\u0406\u0408\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0423\u0425\u0405\u051a\u051c"
    "\u0432\u043a\u043c\u043d\u0442\u0437\u043f\u0433\u044c\u0457\u0451\u04af\u0475\u0474"
    "\u03b1\u03b5\u03b9\u03ba\u03bd\u03bf\u03c1\u03c4\u03c5\u03c7\u03b7\u03bc\u03c9\u03b3\u03c3\u03c2"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"
    "\u03ac\u03ad\u03ae\u03af\u03cc\u03cd\u0585\u057d\u0570\u0578\u0581\u0566"
    "\u13aa\u13a0\u13bb\u13d4\u13dd\u13b3",
    "aeijopcyxsdqwhrl"
    "ABEIJKMHOPCTYXSQW"
    "bkmhtznrbieyvV"
    "aeikvoptuxnuwyss"
    "ABEZHIKMNOPTYX"
    "aenioyouhngq"
    "GDHWLW",
)


def plain(text: str) -> str:
    """Return a text of one line: digits as 0 to 9, no invisible signs, single spaces.

    An invisible sign parts two words, but inside an address or a number it is nothing. A word
    that mixes scripts is written in Latin letters as far as its letters look so.
    """
    folded = unicodedata.normalize("NFKC", text).translate(_DASHES)
    if folded.isascii() and folded.isprintable():
        return " ".join(folded.split())
    words = (_visible(word) for word in folded.split())
    known = unicodedata.normalize("NFKC", " ".join(words))
    return " ".join(_unmixed(word) for word in known.split())


def foreign_words(text: str) -> Iterator[tuple[int, int]]:
    """Yield where words with a letter of another script than the Latin one begin and end."""
    if not text.isascii():
        for found in re.finditer(r"[^\W_]+(?:['\u2019\u00b7\u30fb-][^\W_]+)*", text):
            if any(_is_foreign(sign) for sign in found[0]):
                yield found.span()


def _visible(word: str) -> str:
    gap = "" if "@" in word or any(map(str.isdigit, word)) else " "
    return "".join(_shown(sign, gap) for sign in word)


@lru_cache(maxsize=2_048)
def _shown(sign: str, gap: str) -> str:
    kind = unicodedata.category(sign)
    if kind == "Nd":
        return str(unicodedata.decimal(sign))
    if kind in ("Mn", "Mc") and unicodedata.combining(sign):
        return ""
    name = unicodedata.name(sign, "")
    if kind in ("Cf", "Cs", "Co", "Cn", "Me", "Mn", "Mc") or sign in _BLANKS:
        return "" if "VOWEL" in name else gap
    if kind == "Lm" and "MODIFIER LETTER" in name:
        return "'"
    dressed = _DRESSED.fullmatch(name)
    if dressed is not None:
        return dressed[1].lower() if "SMALL LETTER" in dressed[0] else dressed[1]
    return " " if kind[0] in "CZ" else sign


@lru_cache(maxsize=2_048)
def _is_foreign(sign: str) -> bool:
    return sign.isalpha() and not sign.isascii() and not _LATIN.match(unicodedata.name(sign, ""))


def _unmixed(word: str) -> str:
    if word.isascii() or not any(map(_is_foreign, word)):
        return word
    is_mixed = any(sign.isalpha() and not _is_foreign(sign) for sign in word)
    return word.translate(_LOOK_ALIKES) if is_mixed else word
