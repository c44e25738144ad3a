"""The person's own names: categories, merchants and accounts, as questions write them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum, auto
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from hive_desktop.domain.questions import english, german
from hive_desktop.domain.questions.folding import by_first_letter, key_of, nearest, spellings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date


class Sort(StrEnum):
    """What a name is of."""

    CATEGORY = auto()
    MERCHANT = auto()
    ACCOUNT = auto()


class Named(NamedTuple):
    """One thing that a question may name, by the name that tools know it by."""

    sort: Sort
    name: str


class NamedCategory(NamedTuple):
    """A category that rows are spent in, what banks call it if it is a default one, and its names.

    `title` is its name in the language in use, `others` those in the others.
    """

    name: str
    key: str | None = None
    title: str | None = None
    others: tuple[str, ...] = ()


class NamedAccount(NamedTuple):
    """An account: its name, its type and subtype, its bank, and whether its balance is a debt."""

    name: str
    type: str = ""
    subtype: str = ""
    bank: str = ""
    is_owed: bool = False


Key = tuple[str, ...]
_K = TypeVar("_K")


@dataclass(frozen=True)
class Names:
    """What a ledger knows by name, and from when to when it has rows.

    Attributes:
        merchants: all merchants, those with most rows first.
        currency: the main one.
        busiest: the category in which most was spent lately; None where nothing was in any.
    """

    categories: tuple[NamedCategory, ...] = ()
    merchants: tuple[str, ...] = ()
    accounts: tuple[NamedAccount, ...] = ()
    first_day: date | None = None
    last_day: date | None = None
    currency: str = "USD"
    busiest: NamedCategory | None = None

    def account(self, name: str) -> NamedAccount:
        """Return the account of a name."""
        return next(one for one in self.accounts if one.name == name)

    @cached_property
    def whole(self) -> Mapping[Key, list[Named]]:
        """Every name as its words, with what it names; several where it is not said which."""
        table: dict[Key, list[Named]] = {}
        for category in self.categories:
            for key in self._of_category(category):
                _put(table, key, Named(Sort.CATEGORY, category.name))
        for account in self.accounts:
            for text in (account.name, f"{account.name} account"):
                _put(table, key_of(text), Named(Sort.ACCOUNT, account.name))
            if account.bank:
                _put(table, key_of(account.bank), Named(Sort.ACCOUNT, account.name))
        for merchant in self.merchants:
            _put(table, key_of(merchant), Named(Sort.MERCHANT, merchant))
            _put(table, _without_article(key_of(merchant)), Named(Sort.MERCHANT, merchant))
        return table

    @cached_property
    def joined(self) -> Mapping[str, list[Named]]:
        """Whole names of merchants and accounts, their words written together."""
        table: dict[str, list[Named]] = {}
        for key, named in self.whole.items():
            for one in named:
                if one.sort is not Sort.CATEGORY:
                    _put(table, "".join(key), one)
        return table

    def beginning(self, key: Key) -> list[Named]:
        """Return what begins with some words, where they are no everyday words alone."""
        return self._begun.get(key, []) if _says_something(key) else []

    def might_be(self, key: Key) -> list[Named]:
        """Return what begins with two or more everyday words: it may be meant, or not."""
        return self._begun.get(key, []) if len(key) > 1 else []

    @cached_property
    def _begun(self) -> Mapping[Key, list[Named]]:
        table: dict[Key, list[Named]] = {}
        for key, named in self.whole.items():
            for count in range(1, len(key)):
                for one in named:
                    if one.sort is not Sort.CATEGORY:
                        _put(table, key[:count], one)
        return table

    def mistyped(self, word: str) -> list[Named]:
        """Return what a word with a mistake in it most likely names: several are equally near.

        Too many words are like a category or the first word of a longer name: of these, no letter
        may be another (shipping is no shopping), and of a first word none may lack.
        """
        for letters, table, is_whole in self._nearly:
            near = nearest(word, letters, is_swap_only=not is_whole)
            if table is not self.joined:
                near = [one for one in near if len(one) != len(word) or sorted(one) == sorted(word)]
            found = list(dict.fromkeys(one for name in near for one in table[name]))
            if found:
                return found
        return []

    @cached_property
    def _nearly(self) -> list[tuple[dict[str, list[str]], Mapping[str, list[Named]], bool]]:
        """Return whole names, then single words of categories, then first words, by letters."""
        singles = {key[0]: named for key, named in self.whole.items() if len(key) == 1}
        begun = {
            key[0]: named
            for key, named in self._begun.items()
            if len(key) == 1 and _says_something(key)
        }
        tables = ((self.joined, True), (singles, True), (begun, False))
        return [(by_first_letter(table), table, is_whole) for table, is_whole in tables]

    def kinds(self, language: str) -> Mapping[Key, list[Named]]:
        """Return words for kinds of accounts with the accounts of that kind."""
        table: dict[Key, list[Named]] = {}
        for kind, phrases in (german if language == "de" else english).KINDS.items():
            members = self._of_kind(kind)
            for phrase in phrases.split("|"):
                for key in spellings(phrase):
                    for one in members:
                        _put(table, key, Named(Sort.ACCOUNT, one.name))
        return table

    def _of_kind(self, kind: str) -> list[NamedAccount]:
        by_kind = [one for one in self.accounts if kind in (one.subtype, one.type)]
        named = [one for one in by_kind if set(key_of(kind)) <= set(key_of(one.name))]
        return named if kind == "checking" and len(named) == 1 else by_kind

    @staticmethod
    def _of_category(category: NamedCategory) -> set[Key]:
        keys = set[Key]()
        for text in (category.name, category.title or category.name, *category.others):
            keys |= spellings(text)
        if category.key == category.name:
            for table in (english.CATEGORIES, german.CATEGORIES):
                for phrase in table.get(category.name, "").split("|"):
                    keys |= spellings(phrase)
        whole = {
            key
            for one in keys
            if one
            for word in ("category", "kategorie")
            for key in ((*one, word), (word, *one))
        }
        # What is called Other is no word for it.
        return {key for key in keys if key and key not in _NO_NAMES} | whole


def _put(table: dict[_K, list[Named]], key: _K, one: Named) -> None:
    known = table.setdefault(key, [])
    if key and one not in known:
        known.append(one)


def _without_article(key: Key) -> Key:
    return key[1:] if len(key) > 1 and key[0] in _ARTICLES else key


def is_everyday(word: str) -> bool:
    """Tell whether a word begins many names, and so is none alone where nothing says so."""
    return word in _EVERYDAY


def _says_something(key: Key) -> bool:
    """Tell whether the first words of a name are enough to mean it."""
    telling = [word for word in key if word not in _EVERYDAY and word not in _ARTICLES]
    if len(key) == 1:
        return bool(telling) and len(key[0]) >= _LEAST_LETTERS and not key[0].isdigit()
    return bool(telling) or len(key) > _ALWAYS


def _words(*lines: str) -> Iterable[str]:
    return frozenset(" ".join(lines).split())


_LEAST_LETTERS, _ALWAYS = 4, 2
_ARTICLES: Final = frozenset(("the", "der", "die", "das", "el", "la", "le", "los", "les"))
_NO_NAMES: Final = frozenset((("other",), ("sonstiges",), ("andere",)))
# Words that begin many names and are no name alone.
_EVERYDAY: Final = _words(
    "city town village state county national international global american european german",
    "world first second best better good great grand little small big super mega mini",
    "blue red green white black golden silver yellow orange pink purple grey gray brown",
    "north south east west northern southern eastern western central upper lower old new",
    "morning evening night day daily weekly sun moon star sky sea ocean lake river bay beach",
    "mountain hill valley forest park garden street road avenue square bridge station airport",
    "home house family friends kids baby child school college university academy institute",
    "food foods coffee cafe tea bar pub restaurant kitchen grill pizza burger sushi ramen bakery",
    "bread cake ice cream juice wine beer water milk meat fish fruit fresh farm farmers market",
    "supermarket grocery groceries store shop shopping outlet mall center centre point corner",
    "hotel hostel motel inn lodge resort apartment travel tours airline airlines flight flights",
    "taxi car auto bike bus train rail metro transit parking garage fuel petrol gas energy power",
    "electric solar wifi internet mobile phone telecom media music movie cinema theatre theater",
    "museum gallery book books paper office computer software cloud data digital online web game",
    "games sport sports fitness gym yoga climbing health medical clinic dental pharmacy doctor",
    "vet veterinary hair beauty salon spa barber nail laundry cleaning insurance bank credit loan",
    "mortgage money cash check checks cheque payment autopay annual interest service services",
    "group company fashion",
    "shoes clothes clothing jewelry watch toys pet pets dog cat flower flowers gift gifts",
    "hardware tools furniture electronics church charity foundation club tax taxes rent fee fees",
    "california texas florida oakland london paris berlin lisboa tokyo kyoto",
    "deposit deposits transfer transfers withdrawal withdrawals atm dividend transaction",
    "transactions",
    "fees back reward rewards buy sell sweep conversion fx received late membership non network",
    "pull",
    "ach direct debit standing order refund salary payroll wages pension invoice online mobile",
    "from to",
    "gutschrift lastschrift dauerauftrag uberweisung ueberweisung zinsen gebuhr gebuehr entgelt",
    "gehalt",
    "lohn rente miete rechnung beitrag einzahlung auszahlung barauszahlung umbuchung",
    "osteria trattoria taqueria ristorante pastelaria bistro brasserie museu metropolitano",
    "euro euros dollar dollars pound everyday student brokerage checking savings joint personal",
    "stadt haus heim kinder schule hotel gasthaus restaurant pizzeria backerei baeckerei metzgerei",
    "apotheke drogerie markt supermarkt laden neue neuer neues alte alter gute guter kleine grosse",
    "deutsche deutscher deutsches bayerische berliner stadtwerke versicherung versicherungen",
    "sparkasse",
    "tankstelle autohaus friseur salon blumen bucher buecher mobel moebel reise reisen zoo kino",
)
