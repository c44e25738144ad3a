"""Names of people in a bank's words, where no phrase tells that a person is paid.

Each word gets a letter for what it may be, and patterns over these letters find the names. A name
that the word list knows as a business's stays, and so does one beside a trade or a legal form.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from hive_desktop.domain.given_names import GIVEN, TOWNS_AND_MONTHS, UNSURE_GIVEN
from hive_desktop.domain.merchant_noise import PHRASES
from hive_desktop.domain.merchants import JOINING, fold, words_of
from hive_desktop.domain.name_words import (
    BY_CARD,
    HOUSEHOLD,
    ORDERS,
    PARTICLES,
    SAINTS,
    SHOPS,
    SURNAMES,
    TRADES,
    UNSURE_SURNAMES,
)
from hive_desktop.domain.places import PLACES, REGIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

_WORD: Final = re.compile(
    r"\[[a-z-]+ [a-z]+\]|[|,]|(?<=[^\W_]{2}[ ,])(?:[nb]\. ?v|s\. ?[al]|e\. ?v|c\. ?c)\b"
    r"|[^\W_]+(?:['\u2019`\u00b4][^\W_]+)*",
    re.IGNORECASE,
)
_TITLED: Final = re.compile(
    r"(?<![^\W\d_])(?:mr|mrs|ms|miss|mx|dr|prof|[md](?=\.)|herr|hr|frau|fr(?=\.)|mme|mlle|monsieur|"
    r"madame|dhr|mevr|mnr|mej|heer|mevrouw|mejuffrouw|se[n\u00f1]ora?|sra?|signora?|don|do\u00f1a)"
    r"(?:\.\s?|\s)(?P<value>[^\W\d_][\w.'-]*(?:,?\s[^\W\d_][\w.'-]*){0,5})",
    re.IGNORECASE,
)
_PERSON_LABEL: Final = re.compile(
    r"(?<![^\W\d_])(?P<label>indn|ind name|ind nm|individual name|name|naam|nom|nombre|bnf|benef|"
    r"beneficiary|beneficiaire|beneficiario|begunstigter|empf(?:ae|\u00e4)nger|auftraggeber|"
    r"ordenante|payee|payer|sender|recipient|attn|c/o)\s?[:=/]\s?"
    r"(?P<value>[^|:=\[\]/]+?)(?=\s(?:co id|id|ref|trn|web|ppd|ccd|des|iban|bic|orig|"
    r"omschrijving|kenmerk|description|machtiging|incassant)(?![^\W\d_])|\s\w+\s?[:=]|[|\[\]/]|$)",
    re.IGNORECASE,
)
# g given name, a perhaps one, d one that is a town or a month, s family name, t perhaps one, v one
# that is a brand too, i initial, j two letters, p particle, q joining word, h shop, b trade,
# o order, k known word, l place, u unknown, x no name, "," itself.
_ANYWHERE: Final = (
    r"g[gaipq]*,?[pq]*[ud](?:p*[gastvu]){0,2}",
    r"[ga][gaipq]*,?[pq]*[gastv](?:[pq]*[gastvu]){0,2}",
    r"d[ipq]*,?[stv](?:p*[su])?",
    r"a[aip]*i[ip]*[us](?:p*[stvu])?",
    r"[suv](?:p*[su])?,[gad]i*|t,[gad]i*|d,g",
    r"i[ip]*[sgv](?:p*[stvu])?(?:,[ga]i*)?|jp*s(?:,[ga]i*)?|i+p+[tvu]u?",
    r"s(?:p*s)?,?i*g[gai]*",
)
_ALONE: Final = r"a[aip]*,?p*u{1,2}|[us]p*u?,?i*gi*|[gs]i*"
_ORDERED: Final = (
    r"i[ip]*[utsva]u?(?:,[gad]i*)?",
    r"[utsv](?:p*u)?,?i*g[gai]*",
    r"a[aip]*,?p*u(?:p*u)?",
    r"[gs]+",
)
_PEOPLE: Final = re.compile("|".join(_ANYWHERE))
_PEOPLE_BY_ORDER: Final = re.compile("|".join((*_ANYWHERE, *_ORDERED)))
_PEOPLE_AT_HOME: Final = re.compile(r"[ijpq]*[gadstvu](?:[ijpq,]*[gadstvu])*i*")
# What decides where no list of names does; the first that has a word.
_SORTS: Final = (
    (UNSURE_GIVEN, "a"),
    (TOWNS_AND_MONTHS, "d"),
    (JOINING, "q"),
    (SHOPS, "h"),
    (UNSURE_SURNAMES, "t"),
    (TRADES, "b"),
    (PARTICLES, "p"),
    (ORDERS | HOUSEHOLD | BY_CARD | PHRASES.keys(), "o"),
    (PLACES | REGIONS, "l"),
)
_SURE_NAMES: Final = GIVEN | SURNAMES
_NAMES: Final = _SURE_NAMES | UNSURE_GIVEN | UNSURE_SURNAMES
_IN_NAMES: Final = frozenset("gadstvu")
_WHOLE: Final = re.compile(rf"[xlopq]*({_ALONE})[xlo]*")
_LONGEST: Final = 5
_STEM: Final = 5
_LETTERS: Final = 2
_TOLD: Final = 3  # letters from which a word of a found name is one elsewhere


class _Word(NamedTuple):
    begin: int
    end: int
    folded: str


class PersonNames:
    """Finds people's names, and knows which names are businesses'.

    Args:
        businesses: their names, folded; any words of them.
        words: that are no names, folded; `*apotheke` for words that end so, `tankstell*` for
            words that begin so.
    """

    def __init__(self, businesses: Iterable[str] = (), words: Iterable[str] = ()) -> None:
        known = [*businesses, *words, *(place for place in PLACES if " " in place)]
        self._known = frozenset(known)
        self._beginnings = frozenset(one.split()[0] for one in known if " " in one)
        self._stems = tuple(one[1:] for one in known if one.startswith("*") and len(one) > _STEM)
        self._starts = tuple(one[:-1] for one in known if one.endswith("*") and len(one) > _STEM)

    def is_numbered(self, word: str) -> bool:
        """Tell whether a word is a business's name with all its digits, as "1-800-flowers"."""
        words = words_of(word)
        compact = "".join(filter(str.isalnum, fold(word)))
        return "".join(words) == compact and " ".join(words) in self._known

    def replaced(self, text: str, replace: Callable[[str, str], str]) -> str:
        """Return a text with each person's name replaced.

        Args:
            text: one line.
            replace: is given a kind and the name, and returns what stands in its place.
        """
        text = _PERSON_LABEL.sub(lambda found: self._labelled(found, replace), text)
        text = _TITLED.sub(lambda found: self._titled(found, replace), text)
        words = _words(text)
        spoken = {word.folded for word in words}
        spans: list[tuple[int, int]] = []
        kinds = self._kinds(words, is_at_home=not HOUSEHOLD.isdisjoint(spoken))
        begin = 0
        for part in re.split(r"(\|)", kinds):
            spans += [(begin + one, begin + other) for one, other in _people(part, spoken)]
            begin += len(part)
        spans = _with_echoes(words, kinds, spans)
        for first, last in reversed(spans):
            start, stop = words[first].begin, words[last - 1].end
            text = text[:start] + replace("person", text[start:stop]) + text[stop:]
        return text

    def _labelled(self, found: re.Match[str], replace: Callable[[str, str], str]) -> str:
        kinds = self._kinds(_words(found["value"]))
        is_business = kinds.startswith("k") or not {"b", "h"}.isdisjoint(kinds)
        if is_business and not found["label"].casefold().startswith("ind"):
            return found[0]
        return f"{found['label']} {replace('person', found['value'])}"

    def _titled(self, found: re.Match[str], replace: Callable[[str, str], str]) -> str:
        words = _words(found[0])
        kinds = self._kinds(words)
        if kinds[0] == "k" and kinds[1:2] == "k":
            return found[0]
        trade = next((at for at, kind in enumerate(kinds) if at > 1 and kind in "bhk"), len(kinds))
        start, stop = found.start("value") - found.start(), words[trade - 1].end
        return found[0][:start] + replace("person", found[0][start:stop]) + found[0][stop:]

    def _kinds(self, words: Sequence[_Word], *, is_at_home: bool = False) -> str:
        """Return a letter for each word; at home "David Jones" is no department store."""
        kinds = [self._kind(word.folded) for word in words]
        for at, word in enumerate(words[:-1]):
            if word.folded in SAINTS and kinds[at + 1] in "ga":
                kinds[at] = kinds[at + 1] = "k"
            is_led = at == 0 or kinds[at - 1] in "o|,"
            if (
                len(word.folded) == _LETTERS
                and kinds[at] == "b"
                and kinds[at + 1] in ("stvu" if is_led else "stv")
            ):
                kinds[at] = "i"
        told = [at for at, word in enumerate(words) if word.folded not in JOINING]
        for place, at in enumerate(told):
            if words[at].folded not in self._beginnings:
                continue
            for length in range(min(_LONGEST, len(told) - place), 1, -1):
                run = told[place : place + length]
                name = " ".join(words[one].folded for one in run)
                if name in self._known and not (is_at_home and is_like_a_person(name)):
                    kinds[at : run[-1] + 1] = "k" * (run[-1] + 1 - at)
                    break
        return "".join(kinds)

    def _kind(self, word: str) -> str:  # noqa: PLR0911 - an answer for each sort
        if word[0] in "|,[":
            return "," if word == "," else "|"
        if not word.isalpha():
            return "x"
        is_known = word in self._known
        if word in GIVEN:
            return "a" if is_known else "g"
        if word in SURNAMES and word not in UNSURE_GIVEN:
            return "v" if is_known else "s"
        if len(word) == 1:
            return "i"
        for words, kind in _SORTS:
            if word in words:
                return kind
        if is_known or word.endswith(self._stems) or word.startswith(self._starts):
            return "k"
        if word.endswith("s") and word[:-1] in GIVEN:
            return "b"
        return "j" if len(word) == _LETTERS else "u"


def is_like_a_person(name: str) -> bool:
    """Tell whether all words of a folded name are people's names, as "david jones"."""
    words = name.split()
    return all(word in _NAMES for word in words) and any(word in _SURE_NAMES for word in words)


def says_no_more_than_an_order(text: str) -> bool:
    """Tell whether all words of a text only say how something was paid."""
    words = [fold(found[0]) for found in _WORD.finditer(text)]
    return all(len(word) < _TOLD or word in ORDERS or word in BY_CARD for word in words)


def _words(text: str) -> list[_Word]:
    """Return a text's words; a legal form in single letters, as "N.V.", is one."""
    return [
        _Word(one.start(), one.end(), fold(one[0]).replace(".", "").replace(" ", ""))
        for one in _WORD.finditer(text)
    ]


def _people(kinds: str, spoken: Collection[str]) -> list[tuple[int, int]]:
    """Return where names stand among the words of one part, as begins and ends."""
    found = _WHOLE.fullmatch(kinds)
    if found is not None:
        return [found.span(1)]
    is_by_card = not BY_CARD.isdisjoint(spoken)
    if not HOUSEHOLD.isdisjoint(spoken) and not is_by_card and not set("bhk") & set(kinds):
        return [one.span() for one in _PEOPLE_AT_HOME.finditer(kinds)]
    is_order = not is_by_card and not (ORDERS.isdisjoint(spoken) and HOUSEHOLD.isdisjoint(spoken))
    pattern = _PEOPLE_BY_ORDER if is_order else _PEOPLE
    return [
        one.span()
        for one in pattern.finditer(kinds)
        if not _is_business(kinds, one.start(), one.end())
    ]


def _is_business(kinds: str, begin: int, end: int) -> bool:
    after = kinds[end:].lstrip(",pq")[:2]
    return kinds[:begin].rstrip("pq").endswith("h") or "b" in after or "h" in after[:1]


def _with_echoes(
    words: Sequence[_Word], kinds: str, spans: Sequence[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Return the spans, and in order the single words elsewhere that belong to a found name."""
    names = {
        words[at].folded
        for first, last in spans
        for at in range(first, last)
        if kinds[at] in _IN_NAMES and len(words[at].folded) >= _TOLD
    }
    inside = {at for first, last in spans for at in range(first, last)}
    echoes = [
        (at, at + 1)
        for at, word in enumerate(words)
        if word.folded in names and at not in inside and kinds[at] in _IN_NAMES
    ]
    return sorted([*spans, *echoes])
