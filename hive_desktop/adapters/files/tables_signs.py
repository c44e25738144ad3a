"""Which amounts of a table are money out: proved by a running balance, else by what rows say."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Final, NamedTuple

from hive_desktop.adapters.files import tables_reasons as reasons
from hive_desktop.adapters.files.tables_words import (
    direction_of,
    is_card_payment,
    side_of_word,
)
from hive_desktop.domain.csv_layouts import Sign
from hive_desktop.domain.file_categories import category_meant

if TYPE_CHECKING:
    from collections.abc import Sequence

_MOST_STEPS: Final = 1_500
_NO_DIRECTION: Final = frozenset({"Transfer", "Other"})
_MANY: Final = 12  # amounts by whose number alone a sign can be sure


class Proof(NamedTuple):
    """How a running balance and amounts (positive = in) go together.

    Attributes:
        sign: 1 where the balance rises by the amount, -1 where it falls by it, 0 for no proof.
        is_newest_first: the rows go back in time.
        share: of the steps that agree.
        steps: that were looked at.
    """

    sign: int = 0
    is_newest_first: bool = False
    share: float = 0.0
    steps: int = 0

    @property
    def is_clear(self) -> bool:
        """Whether this leaves no doubt."""
        return self.sign != 0 and self.share >= 0.8


def proof_of(
    amounts: Sequence[int | None], balances: Sequence[int | None], days: Sequence[int | None]
) -> Proof:
    """Return how balances follow from amounts; no sign where both signs or none would do."""
    rows = [
        (amount, balance, day)
        for amount, balance, day in zip(amounts, balances, days, strict=True)
        if amount is not None and balance is not None
    ][: _MOST_STEPS + 1]
    steps = len(rows) - 1
    if steps < 1:
        return Proof()
    fits = {(sign, newest): 0 for sign in (1, -1) for newest in (False, True)}
    for (a_before, b_before, _), (a_after, b_after, _) in itertools.pairwise(rows):
        step = b_after - b_before
        fits[1, False] += step == a_after
        fits[-1, False] += step == -a_after
        fits[1, True] += step == -a_before
        fits[-1, True] += step == a_before
    allowed = _directions(rows)
    ranked = sorted(
        ((count, sign, newest) for (sign, newest), count in fits.items() if newest in allowed),
        reverse=True,
    )
    count, sign, newest = ranked[0]
    against = max((other for other, one, _ in ranked if one != sign), default=0)
    if not count or count == against:
        return Proof(steps=steps)
    return Proof(sign, newest, count / steps, steps)


def _directions(rows: Sequence[tuple[int, int, int | None]]) -> set[bool]:
    """Return in which directions of time the rows can go, as "newest first"."""
    days = [day for _, _, day in rows if day is not None]
    rises = sum(b > a for a, b in itertools.pairwise(days))
    falls = sum(b < a for a, b in itertools.pairwise(days))
    if rises and rises > 3 * falls:
        return {False}
    return {True} if falls and falls > 3 * rises else {False, True}


class Signed(NamedTuple):
    """A sign, how surely (0 to 1), and what it stands on."""

    sign: Sign
    confidence: float
    why: str


def by_text(
    amounts: Sequence[int | None], texts: Sequence[str], categories: Sequence[str] = ()
) -> Signed:
    """Judge signed amounts by the words of their rows, else by how many have a minus.

    Args:
        amounts: as they stand there.
        texts: the words of each row.
        categories: the category of each row, or none at all.
    """
    agree = differ = paid_off = others = 0
    by_category = {one: _direction_of_category(one) for one in set(categories)}
    told = [
        (amount, text, category)
        for amount, text, category in zip(
            amounts, texts, categories or [""] * len(texts), strict=True
        )
        if amount
    ]
    for amount, text, category in told:
        direction = direction_of(text) or by_category.get(category, "")
        is_payment = is_card_payment(text)
        if direction:
            is_usual = (direction == "out") == (amount < 0)
            agree, differ = agree + is_usual, differ + (not is_usual)
            others += is_usual and not is_payment
        if is_payment:
            paid_off += 1 if amount < 0 else -len(told)
    minus = sum(amount < 0 for amount, _, _ in told)
    plus, votes = len(told) - minus, agree + differ
    if paid_off > 0 and plus >= minus and not others:
        # A card's bill that was paid stands against what was bought.
        return Signed(Sign.OUT_POSITIVE, 0.8, reasons.SIGN_BY_TEXT)
    if votes >= 2 and max(agree, differ) >= 0.85 * votes:
        sign = Sign.IN_POSITIVE if agree > differ else Sign.OUT_POSITIVE
        sure = 0.9 if votes >= 4 and minus and plus else 0.8
        is_odd = sign is Sign.OUT_POSITIVE and not minus
        return Signed(sign, 0.75 if is_odd else sure, reasons.SIGN_BY_TEXT)
    return _by_count(minus, plus, agree - differ)


def _direction_of_category(category: str) -> str:
    """Return "out", "in" or "" by the category that the file names."""
    if not category:
        return ""
    meant = category_meant(category, ())
    if meant is None or meant in _NO_DIRECTION:
        return ""
    return "in" if meant == "Income" else "out"


def _by_count(minus: int, plus: int, votes: int) -> Signed:
    """Judge by how many amounts have a minus; `votes` of words count for a minus as money out."""
    if not minus:
        # Nothing has a minus: hardly an account that only gets money, rather a card's purchases.
        sign = Sign.IN_POSITIVE if votes > 0 else Sign.OUT_POSITIVE
        return Signed(sign, 0.5 if plus else 0.4, reasons.SIGN_UNSURE)
    is_many = minus + plus >= _MANY
    if minus >= plus:
        sure = 0.95 if plus and minus >= 3 * plus and is_many else 0.9
        return Signed(Sign.IN_POSITIVE, sure, reasons.SIGN_BY_MINUS)
    if (votes < 0 and plus >= 2 * minus) or (plus >= 2.5 * minus and minus + plus >= 8):
        # Spending is what most rows are, so this is a card's list with payments in between.
        return Signed(Sign.OUT_POSITIVE, 0.7, reasons.SIGN_UNSURE)
    return Signed(Sign.IN_POSITIVE, 0.75, reasons.SIGN_BY_MINUS)


def by_word(amounts: Sequence[int | None], words: Sequence[str]) -> Signed | None:
    """Judge amounts that have a word of direction beside them; None where it says nothing.

    Signed amounts that go with the words are read by their sign, the others by the word.
    """
    pairs = [
        (amount, side_of_word(word)) for amount, word in zip(amounts, words, strict=True) if amount
    ]
    told = [(amount, side) for amount, side in pairs if side]
    if not told:
        return None
    minus = sum(amount < 0 for amount, _ in told)
    if not minus and any(amount < 0 for amount, _ in pairs):
        return None  # rows without a word have a sign: the words say something else
    if not minus:
        sides = {side for _, side in told}
        is_whole = len(told) == sum(
            bool(amount and word) for amount, word in zip(amounts, words, strict=True)
        )
        return Signed(
            Sign.INDICATOR, 0.97 if is_whole and len(sides) == 2 else 0.9, reasons.SIGN_BY_WORD
        )
    usual = sum((amount < 0) == (side == "out") for amount, side in told)
    share = usual / len(told)
    # One word alone that goes against the signs is no direction: "C" may be "cleared".
    if 0.2 < share < 0.8 or (share <= 0.2 and len({side for _, side in told}) < 2):
        return None
    sign = Sign.IN_POSITIVE if share >= 0.8 else Sign.OUT_POSITIVE
    both = len({amount < 0 for amount, _ in told}) == 2
    sure = 0.95 if share in {0.0, 1.0} and both else 0.85
    return Signed(sign, sure, reasons.SIGN_BY_WORD)
