"""Rows that tell a balance and are no transaction, by what they are called."""

from __future__ import annotations

import re
from typing import Final

from hive_desktop.adapters.files import reasons as common
from hive_desktop.adapters.files import tables_reasons as reasons
from hive_desktop.adapters.files.tables_words import BALANCES, OPENINGS, plain

LONGEST_NO_ROW: Final = 48
"""How many characters the name of such a row has at most."""
_MOST_KEPT: Final = 20_000
_MAY_BE_BALANCE: Final = re.compile(
    r"sald|balan|solde|turnover|kontostand|likut|apyvart|atlikum|apgroz|käive|ůstat|ostatok"
    r"|egyenleg|bakiye|余额|残高|b/f|c/f|s a l d o"
)


class NoTransactions(dict[str, str]):
    """Why a row is no transaction (marked), or "", by its name."""

    def __missing__(self, name: str) -> str:
        found = _no_transaction(name)
        if len(self) < _MOST_KEPT:
            self[name] = found
        return found


def _no_transaction(name: str) -> str:
    if len(name) >= LONGEST_NO_ROW or _MAY_BE_BALANCE.search(name.lower()) is None:
        return ""
    words = plain(name)
    if words in OPENINGS:
        return common.OPENING_BALANCE
    return reasons.A_BALANCE if words in BALANCES else ""
