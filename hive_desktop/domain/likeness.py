"""How alike two bank rows read: the same merchant, or only perhaps. Pure, by whole words.

Banks write one payment in several ways: short while it is pending, with a store's number once it
has posted, cleaned up by an aggregator later. Words that are only digits say nothing here.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hive_desktop.domain.ledger import BankTransaction

_WORD = re.compile(r"[^\W_]+")
_SHORTEST_WORD = 3
_INSTALMENT = re.compile(
    r"(?<![\d/])(?<!\d[.,-])0?(\d{1,2})\s?(?:/|de|of|von|di|sur|van|av)\s?0?(\d{1,2})(?![\d/]|[.,-]\d)",
    re.IGNORECASE,
)
# What processors and banks put around a merchant's name.
_NOISE = frozenset(
    {
        *("pos", "purchase", "debit", "credit", "card", "checkcard", "visa", "mastercard"),
        *("payment", "pending", "recurring", "the", "and", "tst", "paypal", "com", "www"),
        *("inc", "llc", "ltd", "gmbh"),
    }
)
_SAME = 0.75


def same_merchant(one: BankTransaction, other: BankTransaction) -> bool:
    """Tell whether both rows name the same business.

    Ids of the aggregator decide where both rows have one; else the names, or three quarters of the
    words of the shorter one. One word in common is enough only where both names begin with it.
    """
    if one.merchant_entity_id and other.merchant_entity_id:
        return one.merchant_entity_id == other.merchant_entity_id
    if _shown(one) == _shown(other):
        return True
    words, others = _words_of(one), _words_of(other)
    if not words or not others:
        return False
    shared = set(words) & set(others)
    is_telling = len(shared) > 1 or words[0] == others[0]
    return is_telling and len(shared) / min(len(words), len(others)) >= _SAME


def told_alike(one: BankTransaction, other: BankTransaction) -> bool:
    """Tell whether any name of a row is that of the other: a file has the bank's long one.

    Args:
        one: a row, of a bank or a file.
        other: another.
    """
    return any(
        same_merchant(mine, theirs)
        for mine in _told_otherwise(one)
        for theirs in _told_otherwise(other)
    )


def are_instalments(one: str, other: str) -> bool:
    """Tell whether two texts name different parts of as many: "2/6" is not the payment "1/6"."""
    if one == other:
        return False
    mine, theirs = _instalments(one), _instalments(other)
    pairs = [(numbers, theirs[of]) for of, numbers in mine.items() if of in theirs]
    return any(not (some <= more or more <= some) for some, more in pairs)  # one may tell a day too


@lru_cache(maxsize=4_096)
def _instalments(text: str) -> dict[int, set[int]]:
    """Return the numbers of instalments that a text names, by how many there are."""
    found: dict[int, set[int]] = {}
    for number, of in _INSTALMENT.findall(text):
        if 1 <= int(number) <= int(of) > 1:
            found.setdefault(int(of), set()).add(int(number))
    return found


def _told_otherwise(row: BankTransaction) -> list[BankTransaction]:
    """Return a row as it is, and by each other of its names."""
    bare = row._replace(merchant_name=None, merchant_entity_id=None)
    more = [bare] if row.merchant_name else []
    if row.description:
        more.append(bare._replace(name=row.description))
    return [row, *more]


def likeness(one: BankTransaction, other: BankTransaction) -> float:
    """Return the share of the shorter row's words that the other has, 0 to 1."""
    words, others = _words_of(one), _words_of(other)
    if not words or not others:
        return 0.0
    return len(set(words) & set(others)) / min(len(words), len(others))


def _shown(row: BankTransaction) -> str:
    return (row.merchant_name or row.name).casefold()


def _words_of(row: BankTransaction) -> tuple[str, ...]:
    return _words(row.merchant_name or row.name)


@lru_cache(maxsize=4_096)
def _words(text: str) -> tuple[str, ...]:
    """Return the words that say something, each once, in their order."""
    found = dict.fromkeys(_WORD.findall(text.casefold()))
    said = [word for word in found if not word.isdigit() and len(word) >= _SHORTEST_WORD]
    return tuple(word for word in said if word not in _NOISE) or tuple(said)
