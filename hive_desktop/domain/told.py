"""What the ledger keeps in English, in the language in use.

`plaidkit` says why a row could not be read, and knows no language: the relay runs on it. Its words
are made known to the catalogue here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hive_desktop import i18n
from hive_desktop.domain.bank_words import BANK_WORDS
from hive_desktop.domain.categories import title_of
from hive_desktop.domain.sentences import SENTENCES
from hive_desktop.i18n import mark, tr

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

REFUSALS: Final = (
    mark("the account has no id"),
    mark("the row has no amount"),
    mark("the row could not be read"),
    mark("the row has no id"),
    mark("the row has no date"),
    mark("the row's date is not a date"),
    mark("the row names no currency"),
    mark("the row names no account"),
    mark("the row's amount is not one the ledger can hold"),
)
"""Why a row of the bank's could not be read (`plaidkit.rows`, `plaidkit.salvage`)."""


def told(text: str) -> str:
    """Return a text that the ledger keeps in the language in use; one that is not known stays."""
    if not text or i18n.language() == i18n.SOURCE_LANGUAGE:
        return text
    whole = tr(text)
    if whole != text:
        return whole
    for sentence in SENTENCES:
        values = sentence.values_in(text)
        if values is None:
            continue
        count = int(values.pop("count", "1"))
        said = {name: _INSIDE.get(name, str)(value) for name, value in values.items()}
        if sentence.many is not None:
            return i18n.tr_n(sentence.text, sentence.many, count, **said)
        return i18n.tr(sentence.text, **said)
    return text


def bank_words(words: str) -> str:
    """Return what a bank calls a row's category (`Food and drink groceries`)."""
    return tr(words) if words in BANK_WORDS else words


_INSIDE: Final[Mapping[str, Callable[[str], str]]] = {
    "bank_words": bank_words,
    "category": title_of,
    "kind": tr,
    "rate_source": tr,
    "when": told,
}
"""What is told as well of what a sentence is about, by its name there; the rest is names."""
