"""A minus before an amount that has a direction beside it: the standard has none, banks write it.

It says the direction once more (`-5.00 DBIT` leaves the account), or it turns it (`-5.00 DBIT`
takes a payment back). Balances prove which; without them all entries of a statement do.
"""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Minus(Enum):
    """What a minus means."""

    REPEATS = "repeats"
    TURNS = "turns"

    def out(self, amount: int, indicator: str) -> int:
        """Return an amount of minor units as the ledger has it, positive = money out."""
        value = abs(amount) if self is Minus.REPEATS else amount
        return value if indicator == "DBIT" else -value


def ways_of(entries: Iterable[tuple[int, str]]) -> tuple[Minus, ...]:
    """Return what a minus may mean, the likelier first; one alone where no amount has any.

    Args:
        entries: amounts with the sign that is written, each with its `CdtDbtInd`.
    """
    counts = {(is_minus, is_out): 0 for is_minus in (True, False) for is_out in (True, False)}
    for amount, indicator in entries:
        if amount:
            counts[amount < 0, indicator == "DBIT"] += 1
    if not counts[True, True] and not counts[True, False]:
        return (Minus.TURNS,)
    # Who repeats it does so at every debit and at no credit; nobody turns all that there is.
    repeats = not counts[False, True] and (not counts[True, False] or not counts[False, False])
    return (Minus.REPEATS, Minus.TURNS) if repeats else (Minus.TURNS, Minus.REPEATS)
