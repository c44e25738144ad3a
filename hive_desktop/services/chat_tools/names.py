"""Which category, merchant or account a name means: exactly, by its words, or nearly so.

What may be several is refused with their names, but for accounts, where the name of a bank means
all of its accounts.
"""

from __future__ import annotations

import gettext
import unicodedata
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple, TypeVar

from hive_desktop import i18n
from hive_desktop.domain.categories import category_title
from hive_desktop.domain.merchants import normalise
from hive_desktop.domain.search import words_of
from hive_desktop.domain.sendable import Names
from hive_desktop.i18n import mark
from hive_desktop.services.chat_tools.specs import ToolInputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from hive_desktop.domain.ledger import Account, AccountId, Category, CategoryId
    from hive_desktop.ports.query_sums import KnownMerchant

T = TypeVar("T")

_NEARLY: Final = 0.82
_NEAR: Final = 0.5
_SHOWN: Final = 5
_MOST_CATEGORIES: Final = 15
_JOINING = frozenset(("and", "und", "the", "der", "die", "das"))
_WITHOUT_CATEGORY = frozenset(
    (
        *("uncategorized", "uncategorised", "no category", "without category", "none"),
        *("without a category", "ohne kategorie", "keine kategorie", "nicht kategorisiert"),
        "unkategorisiert",
    )
)


class Chosen(NamedTuple):
    """Categories by their ids, and whether rows without one are meant too."""

    ids: tuple[CategoryId, ...] = ()
    uncategorized: bool = False

    @property
    def is_any(self) -> bool:
        """Tell whether nothing was chosen."""
        return not (self.ids or self.uncategorized)


def words(text: str) -> tuple[str, ...]:
    """Return the words of a name that say something, without case and accents."""
    bare = unicodedata.normalize("NFKD", text)
    plain = "".join(sign for sign in bare if not unicodedata.combining(sign)).casefold()
    found = words_of(plain)
    return tuple(word for word in found if word not in _JOINING) or found


def categories_of(names: Iterable[str], known: Sequence[Category]) -> Chosen:
    """Return the categories that names mean: built-in ones in every language of the program.

    Raises:
        ToolInputError: there is no such category, or there are several.
    """
    ids: list[CategoryId] = []
    uncategorized = False
    for name in names:
        if " ".join(name.casefold().split()) in _WITHOUT_CATEGORY:
            uncategorized = True
        else:
            ids.append(category_of(name, known).id)
    return Chosen(tuple(dict.fromkeys(ids)), uncategorized)


def category_of(name: str, known: Sequence[Category]) -> Category:
    """Return the category that a name means.

    Raises:
        ToolInputError: there is none, or there are several.
    """
    found = _meant(name, known, _names_of)
    if len(found) == 1:
        return found[0]
    open_ones = [one for one in known if not one.is_archived]
    near = [*_nearest(name, open_ones, _names_of), *open_ones]
    raise _refused(
        mark("There is no category “{name}”."),
        mark("Several categories could be “{name}”."),
        name,
        dict.fromkeys(category_title(one) for one in found or near),
        is_several=bool(found),
        most=_MOST_CATEGORIES,
    )


def merchants_of(names: Iterable[str], known: Sequence[KnownMerchant]) -> list[KnownMerchant]:
    """Return the merchants that names mean, each once.

    Raises:
        ToolInputError: there is no such merchant, or there are several.
    """
    found: dict[str, KnownMerchant] = {}
    for name in names:
        found |= {one.key: one for one in _merchants_called(name, known)}
    return list(found.values())


def similar_to(chosen: Sequence[KnownMerchant], known: Sequence[KnownMerchant]) -> list[str]:
    """Return the names of other merchants that begin like a chosen one."""
    keys = {one.key for one in chosen}
    begin = {words(one.name)[:1] for one in chosen}
    others = (one.name for one in known if one.key not in keys and words(one.name)[:1] in begin)
    return sorted(others)[:_SHOWN]


def accounts_of(names: Iterable[str], known: Sequence[Account]) -> list[Account]:
    """Return the accounts that names mean: by their name, bank, kind or last digits.

    Raises:
        ToolInputError: there is no such account.
    """
    found: dict[AccountId, Account] = {}
    for name in names:
        said = words(name)
        meant = [one for one in known if said in (words(one.name), words(one.title))]
        meant = meant or [one for one in known if said and _begins(words(one.name), said)]
        meant = meant or _meant(name, known, _words_of_account)
        if not meant:
            near = _nearest(name, known, lambda one: (one.name, one.institution))
            offered = [one.name for one in near or known]
            raise _refused(mark("There is no account “{name}”."), "", name, offered)
        found |= {one.id: one for one in meant}
    return list(found.values())


def _merchants_called(name: str, known: Sequence[KnownMerchant]) -> list[KnownMerchant]:
    """Return the merchant of a name; several only where the same words name them."""
    key, said = normalise(name).key, words(name)
    same = [one for one in known if one.key == key or words(one.name) == said]
    if same:
        return same
    # A word that only begins like a name is no proof: an apple is no Applebee's.
    found = [one for one in known if said and set(said) <= set(words(one.name))]
    found = found or _nearly(said, _told(known, _name_of_merchant))
    if len(found) == 1:
        return found
    near = [one for one in known if said and _begins(words(one.name), said)]
    near = found or [*near, *_nearest(name, known, _name_of_merchant)]
    raise _refused(
        mark("No merchant is called “{name}”."),
        mark("Several merchants could be “{name}”."),
        name,
        dict.fromkeys(one.name for one in near),
        is_several=bool(found),
    )


def _name_of_merchant(merchant: KnownMerchant) -> tuple[str]:
    return (merchant.name,)


def _refused(
    unknown: str,
    several: str,
    name: str,
    near: Iterable[str],
    *,
    is_several: bool = False,
    most: int = _SHOWN,
) -> ToolInputError:
    message = several if is_several else unknown
    shown = list(islice(near, most))
    if not shown:
        return ToolInputError(message, hint="Nothing has a name like this.", name=name)
    return ToolInputError(
        message, hint="It could be one of: {names}.", name=name, names=Names(shown)
    )


def _meant(name: str, known: Sequence[T], names: Callable[[T], Iterable[str]]) -> list[T]:
    """Return what has this name, else whose words begin so, else what is nearly called so."""
    said = words(name)
    if not said:
        return []
    told = _told(known, names)
    same = [one for one, every in told if said in every]
    begun = same or [one for one, every in told if any(_begins(each, said) for each in every)]
    return begun or _nearly(said, told)


def _told(
    known: Iterable[T], names: Callable[[T], Iterable[str]]
) -> list[tuple[T, list[tuple[str, ...]]]]:
    return [(one, [words(text) for text in names(one)]) for one in known]


def _nearly(said: Sequence[str], told: Sequence[tuple[T, list[tuple[str, ...]]]]) -> list[T]:
    """Return what is nearly called so: one if it is clearly the nearest, or the two nearest."""
    ranked = sorted(
        ((max((_likeness(said, each) for each in every), default=0.0), one) for one, every in told),
        key=lambda pair: -pair[0],
    )
    best = [one for score, one in ranked[:2] if score >= _NEARLY]
    is_clear = len(best) == 1 or (len(best) == 2 and ranked[0][0] - ranked[1][0] > 0.1)
    return best[:1] if is_clear else best


def _begins(each: Sequence[str], said: Sequence[str]) -> bool:
    return all(any(word.startswith(one) for word in each) for one in said)


def _likeness(said: Sequence[str], each: Sequence[str]) -> float:
    matcher = SequenceMatcher(None, " ".join(said), " ".join(each), autojunk=False)
    if min(matcher.real_quick_ratio(), matcher.quick_ratio()) < _NEAR:
        return 0.0
    return matcher.ratio()


def _nearness(said: Sequence[str], each: Sequence[str]) -> float:
    """Return how alike two names are, or one of them and a word of the other."""
    return max(_likeness(said, each), *(_likeness(said, (word,)) for word in each), 0.0)


def _nearest(name: str, known: Sequence[T], names: Callable[[T], Iterable[str]]) -> list[T]:
    said = words(name)
    scored = [
        (max((_nearness(said, words(text)) for text in names(one)), default=0.0), place, one)
        for place, one in enumerate(known)
    ]
    best = sorted((one for one in scored if one[0] >= _NEAR), key=lambda one: (-one[0], one[1]))
    return [one for _, _, one in best[:_SHOWN]]


def _names_of(category: Category) -> Iterable[str]:
    yield category.name
    if category.key is not None:
        yield category.key
        yield from _in_every_language(category.key)


@lru_cache(maxsize=64)
def _in_every_language(name: str) -> tuple[str, ...]:
    catalogues = (
        gettext.translation(i18n.DOMAIN, i18n.locale_dir(), [code], fallback=True)
        for code in i18n.languages()
    )
    return tuple(dict.fromkeys(one.gettext(name) for one in catalogues))


def _words_of_account(account: Account) -> Iterable[str]:
    told = (account.name, account.institution, account.mask, account.subtype, account.type)
    yield " ".join(part for part in told if part)
    yield " ".join(part for part in (account.official_name, account.institution) if part)
