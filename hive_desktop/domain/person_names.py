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
    BRANDS,
    BY_CARD,
    FAMILY_ENDINGS,
    GOODS,
    HOUSEHOLD,
    LEGAL_FORMS,
    MORE_SURNAMES,
    ORDERS,
    PARTICLES,
    PROCESSORS,
    SAINTS,
    SHOPS,
    SURNAMES,
    TRADES,
    UNSURE_SURNAMES,
)
from hive_desktop.domain.places import PLACES, REGIONS
from hive_desktop.domain.plain_letters import foreign_words

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

_WORD: Final = re.compile(
    r"\[[a-z-]+ [a-z]+\]|[|,]|(?<=[^\W_]{2}[ ,])(?:[nb]\. ?v|s\. ?[al]|e\. ?v|c\. ?c)\b"
    r"|[^\W_]+(?:['\u2019`\u00b4][^\W_]+)*",
    re.IGNORECASE,
)
_TITLED: Final = re.compile(
    r"(?<![^\W\d_])(?:mr|mrs|ms|miss|mx|dr(?:\.?\s?(?:med|dent|jur|phil)(?![^\W\d_]))*|prof|"
    r"[md](?=\.)|herr|hr|frau|fr(?=\.)|mme|mlle|monsieur|madame|eheleute|fam(?=\.)|dhr|mevr|mnr|"
    r"mej|heer|mevrouw|mejuffrouw|se[n\u00f1]ora?|sra?|signora?|don|do\u00f1a)"
    r"(?:\.\s?|\s)(?P<value>[^\W\d_][\w.'-]*(?:,?\s[^\W\d_][\w.'-]*){0,5})",
    re.IGNORECASE,
)
_PERSON_LABEL: Final = re.compile(
    r"(?<![^\W\d_])(?P<label>indn|ind name|ind nm|individual name|(?:kunden|konto|customer ?|"
    r"client ?|account ?)?name|naam|nom|nombre|bnf|benef|"
    r"beneficiary|beneficiaire|beneficiario|begunstigter|empf(?:ae|\u00e4)nger|auftraggeber|"
    r"ordenante|payee|payer|sender|recipient|attn|c/o)\s?[:=/]\s?"
    r"(?P<value>[^|:=\[\]/]+?)(?=\s(?:co id|id|ref|trn|web|ppd|ccd|des|iban|bic|orig|"
    r"omschrijving|kenmerk|description|machtiging|incassant)(?![^\W\d_])|\s\w+\s?[:=]|[|\[\]/]|$)",
    re.IGNORECASE,
)
# As airlines print a passenger: "SMITH/JOHNMR".
_PASSENGER: Final = re.compile(
    r"(?<![^\W_])[^\W\d_]{2,}/[^\W\d_]{2,}?\s?(?:mr|mrs|ms|miss|mstr|dr)(?![^\W_])", re.IGNORECASE
)
# g given name, a perhaps one, d one that is a town or a month, s family name, t perhaps one, v one
# that is a brand too, n given and family name in one word, i initial, j two letters, p particle,
# q joining word, h shop, b trade, c legal form, o order, k known word, l place, u unknown, m what
# is sold by a given name's word, x no name, "," itself.
_ANYWHERE: Final = (
    r"(?:i[ip]*)?g[gaipq]*,?[pq]*[ud](?:p*[gastvu]){0,2}",
    r"(?:i[ip]*)?[ga][gaipq]*,?[pq]*[gastv](?:[pq]*[gastvu]){0,2}",
    r"d[ipq]*,?[stv](?:p*[su])?",
    r"a[aip]*i[ip]*[us](?:p*[stvu])?",
    r"[suv](?:p*[su])?,[gad]i*|t,[gad]i*|d,g|[gastv],i+",
    r"i[ip]*[sgv](?:p*[stvu])?(?:,?[ga]i*)?|jp*s(?:,?[ga]i*)?|i+p+[tvu]u?(?:,?gi*)?|i+[ut](?:,?[ga]i*|,i+)",
    r"p*[stv](?:p*[stv])?,?i*g[gai]*|p*[sv](?:p*[sv])?,?i*a[gai]*|p+t,?i*a[gai]*",
    r"gi+|si+|vi+(?=[xlo]*$)|n[gasi]*|dg|i{6,}",
    # The last words of a part, behind a business that is known.
    r"(?<=k)(?:a[ai]*u|ug|i+[tav]|[tav]i+)(?=[xlo]*$)",
)
_ALONE: Final = r"d,i|a[aip]*,?p*u{1,2}|[us]p*u?,?i*gi*|[gs]i*|[vta]i+|i+[tva]"
_ORDERED: Final = (
    r"i[ip]*[utsva]u?(?:,[gad]i*)?",
    r"[utsv](?:p*u)?,?i*g[gai]*",
    r"a[aip]*,?p*u(?:p*u)?",
    r"[gs]+|[vta]i+",
)
_PEOPLE: Final = re.compile("|".join(_ANYWHERE))
_PEOPLE_BY_ORDER: Final = re.compile("|".join((*_ANYWHERE, *_ORDERED)))
_PEOPLE_AT_HOME: Final = re.compile(r"[ijpq]*[gadstvu](?:[ijpq,]*[gadstvu])*i*")
_AFTER_NAMES: Final = frozenset({"jr", "jnr", "snr", "ii", "iii"})
# What decides where no list of names does; the first that has a word.
_SORTS: Final = (
    (_AFTER_NAMES, "i"),
    (PROCESSORS, "x"),
    (UNSURE_GIVEN, "a"),
    (TOWNS_AND_MONTHS, "d"),
    (JOINING, "q"),
    (SHOPS, "h"),
    (LEGAL_FORMS, "c"),
    (UNSURE_SURNAMES, "t"),
    (TRADES, "b"),
    (PARTICLES, "p"),
    (ORDERS | HOUSEHOLD | BY_CARD | PHRASES.keys(), "o"),
    (PLACES | REGIONS, "l"),
)
# Of a family name beside a word that nobody knows, and nothing else, only the name goes.
_BESIDE: Final = re.compile(r"[xlopq]*u[ip]*(s)[xlo]*|[xlopq]*(s)[ip]*u[xlo]*")
_SURE_SURNAMES: Final = SURNAMES | MORE_SURNAMES
_SURE_NAMES: Final = GIVEN | _SURE_SURNAMES
_NAMES: Final = _SURE_NAMES | UNSURE_GIVEN | UNSURE_SURNAMES
_IN_NAMES: Final = frozenset("gadstvun")
# A full name beyond doubt: a business may be called so by its legal form only.
_FULL: Final = re.compile(r"g[gaipq]*,?[pq]*[sv]|[sv],?[ip]*g|i[ip]*[sv]|[sv],?i|n")
_AS_DIGITS: Final = str.maketrans("01345", "oieas")
_LETTERS_APART: Final = str.maketrans(
    {"\u00f0": "d", "\u0111": "d", "\u00fe": "th", "\u00e6": "ae", "\u0153": "oe", "\u0127": "h"}
)
_WHOLE: Final = re.compile(rf"[xlopq]*({_ALONE})[xlo]*")
_LONGEST: Final = 5
_STEM: Final = 5
_LETTERS: Final = 2
_LEAST_GIVEN: Final = 3
_LEAST_FAMILY: Final = 4
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
        known = [*businesses, *words, *BRANDS, *(place for place in PLACES if " " in place)]
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
        text = _PASSENGER.sub(lambda found: replace("person", found[0]), text)
        text = self._without_foreign(text, replace)
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

    def _without_foreign(self, text: str, replace: Callable[[str, str], str]) -> str:
        """Return a text without words in another script, but for known businesses'."""
        runs: list[tuple[int, int]] = []
        for begin, end in foreign_words(text):
            if runs and not text[runs[-1][1] : begin].strip():
                runs[-1] = runs[-1][0], end
            else:
                runs.append((begin, end))
        for begin, end in reversed(runs):
            if " ".join(fold(text[begin:end]).split()) not in self._known:
                text = text[:begin] + replace("name", text[begin:end]) + text[end:]
        return text

    def _labelled(self, found: re.Match[str], replace: Callable[[str, str], str]) -> str:
        kinds = self._kinds(_words(found["value"]))
        is_business = kinds.startswith("k") or not {"b", "h", "c"}.isdisjoint(kinds)
        if is_business and not found["label"].casefold().startswith("ind"):
            return found[0]
        return f"{found['label']} {replace('person', found['value'])}"

    def _titled(self, found: re.Match[str], replace: Callable[[str, str], str]) -> str:
        words = _words(found[0])
        kinds = self._kinds(words)
        if kinds.startswith("kk") and not set("gs") & set(kinds):
            return found[0]
        trade = next((at for at, kind in enumerate(kinds) if at > 1 and kind in "bchk"), len(kinds))
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
                and kinds[at] in "bc"
                and kinds[at + 1] in ("stvu" if is_led else "stv")
            ):
                kinds[at] = "i"
        for at in range(len(words)):
            kinds[at] = _beside_others(words, kinds, at)
        told = [at for at, word in enumerate(words) if word.folded not in JOINING]
        for place, at in enumerate(told):
            if words[at].folded not in self._beginnings:
                continue
            for length in range(min(_LONGEST, len(told) - place), 1, -1):
                run = told[place : place + length]
                name = " ".join(words[one].folded for one in run)
                beside = {*kinds[at - 1 : at], *kinds[run[-1] + 1 : run[-1] + 2]}
                is_taken = is_at_home or not beside.isdisjoint("gsv")
                if name in self._known and not (is_taken and is_like_a_person(name)):
                    kinds[at : run[-1] + 1] = "k" * (run[-1] + 1 - at)
                    break
        return "".join(kinds)

    def _kind(self, word: str) -> str:  # noqa: PLR0911 - an answer for each sort
        if word[0] in "|,[":
            return "," if word == "," else "|"
        if not word.isalpha():
            return self._kind_of_numbered(word)
        is_known = word in self._known
        if word in GIVEN:
            return "a" if is_known else "g"
        if word in _SURE_SURNAMES and word not in UNSURE_GIVEN:
            return "v" if is_known else "s"
        if len(word) == 1:
            return "i"
        sort = next((kind for words, kind in _SORTS if word in words), None)
        if sort is not None:
            return sort
        if is_known or word.endswith(self._stems) or word.startswith(self._starts):
            return "k"
        if word.endswith("s") and word[:-1] in GIVEN:
            return "b"
        return self._kind_of_unknown(word)

    def _kind_of_unknown(self, word: str) -> str:
        if word.endswith(FAMILY_ENDINGS):
            return "s"
        if self._is_both(word):
            return "n"
        return "j" if len(word) == _LETTERS else "u"

    def _kind_of_numbered(self, word: str) -> str:
        letters = word.rstrip("0123456789")
        if letters.isalpha() and self._is_both(letters):
            return "n"
        meant = word.translate(_AS_DIGITS)
        if len(word) < _LEAST_FAMILY or word in self._known or not meant.isalpha():
            return "x"
        return "g" if meant in GIVEN else "s" if meant in _SURE_SURNAMES else "x"

    def _is_both(self, word: str) -> bool:
        """Tell whether a word is a given name and a family name in one: "johnsmith", "jsmith"."""
        if word in self._known:
            return False
        if word[1:] in _SURE_SURNAMES and len(word) > _LEAST_FAMILY + 1:
            return True
        return any(
            (one in GIVEN and (other in _SURE_SURNAMES or other[1:] in _SURE_SURNAMES))
            or (one in _SURE_SURNAMES and other in GIVEN)
            for one, other in (
                (word[:at], word[at:])
                for at in range(_LEAST_GIVEN, len(word) - _LEAST_GIVEN + 1)
                if f"{word[:at]} {word[at:]}" not in self._known
            )
            if len(word) > _LEAST_GIVEN + _LEAST_FAMILY
        )


def is_like_a_person(name: str) -> bool:
    """Tell whether all words of a folded name are people's names, as "david jones"."""
    words = name.split()
    return all(word in _NAMES for word in words) and any(word in _SURE_NAMES for word in words)


def may_be_a_person(name: str) -> bool:
    """Tell whether a folded name could be a person's: "max", "april", "david jones"."""
    return all(word in _NAMES or word in TOWNS_AND_MONTHS for word in name.split())


def _beside_others(words: Sequence[_Word], kinds: Sequence[str], at: int) -> str:
    """Return the kind of a word after those beside it."""
    kind, word = kinds[at], words[at]
    before = kinds[at - 1] if at else ""
    after = kinds[at + 1] if at + 1 < len(kinds) else ""
    if kind == "a" and word.folded in GOODS and before and before in "katvi":
        return kind if after and after in "gstv," else "m"
    if kind == "a" and word.folded in GIVEN and before and before in "stv":
        return "g"
    if kind == "n" and before and before in "gaipstv":
        return "s"
    if kind == "s" and _is_family(word) and {before, after}.isdisjoint("gaidpu,"):
        return "u"
    return "g" if kind == "u" and after == "s" and _is_family(words[at + 1]) else kind


def _is_family(word: _Word) -> bool:
    return word.folded not in _SURE_SURNAMES and word.folded.endswith(FAMILY_ENDINGS)


def says_no_more_than_an_order(text: str) -> bool:
    """Tell whether all words of a text only say how something was paid."""
    words = [fold(found[0]) for found in _WORD.finditer(text)]
    return all(len(word) < _TOLD or word in ORDERS or word in BY_CARD for word in words)


def _words(text: str) -> list[_Word]:
    """Return a text's words; a legal form in single letters, as "N.V.", is one."""
    return [
        _Word(one.start(), one.end(), _folded(one[0]).replace(".", "").replace(" ", ""))
        for one in _WORD.finditer(text)
    ]


def _folded(word: str) -> str:
    folded = fold(word)
    return folded if folded.isascii() else folded.translate(_LETTERS_APART)


def _people(kinds: str, spoken: Collection[str]) -> list[tuple[int, int]]:
    """Return where names stand among the words of one part, as begins and ends."""
    found = _WHOLE.fullmatch(kinds)
    if found is not None:
        return [found.span(1)]
    beside = _BESIDE.fullmatch(kinds)
    if beside is not None and beside.lastindex is not None:
        return [beside.span(beside.lastindex)]
    is_by_card = not BY_CARD.isdisjoint(spoken)
    if not HOUSEHOLD.isdisjoint(spoken) and not is_by_card and not set("bchk") & set(kinds):
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
    if "c" in after or _FULL.search(kinds, begin, end):
        return "c" in after
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
