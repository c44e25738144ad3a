"""Exchange rates that somebody vouches for: printed by a bank, entered, or learnt from transfers.

Hive asks nobody for rates. It reads those that a bank prints in a description, takes those that the
person entered, and learns from transfers that the person confirmed. No rate is guessed from two
amounts that happen to lie near each other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal, localcontext
from enum import StrEnum
from functools import lru_cache
from statistics import median
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ENTERED_DAYS: Final = 7
"""How far in time an entered rate may lie from the transfer that it serves."""

MEDIAN_DAYS: Final = 30
MEDIAN_PAIRS: Final = 3
"""So many confirmed transfers within so many days make a median that counts."""

_PRECISION: Final = 28

# A rate has at least two decimals; what goes on like a date, a time, a grouped number or a
# percentage is none.
_NUMBER: Final = r"(?P<rate>\d{1,6}[.,]\d{2,10})(?![.,/:-]?\d)(?!\s?(?:%|[ap]m\b))"
_NAMED: Final = (
    r"(?<!\w)(?:(?:fx|foreign|exchange|exch|conversion|conv|currency)\.?[ -]?(?:exch(?:ange)?\.? )?"
    r"rate|wechselkurs|taux de change|tipo de cambio)"
)
_HINT: Final = re.compile(r"[@=/]|rate|kurs|taux|cambio", re.IGNORECASE)
_BY_NAME: Final = re.compile(rf"{_NAMED}(?:\s+of)?\s*[:=@]?\s*{_NUMBER}", re.IGNORECASE)


class RateSource(StrEnum):
    """Who vouches for a rate, the surest first."""

    PRINTED = "printed"
    ENTERED = "entered"
    MEDIAN = "median"


@dataclass(frozen=True, slots=True)
class Rate:
    """What one unit of `base` was worth on a day (a day number): `rate` units of `quote`.

    Raises:
        ValueError: the rate is not a positive number.
    """

    day: int
    base: str
    quote: str
    rate: Decimal

    def __post_init__(self) -> None:
        if not (self.rate.is_finite() and self.rate > 0):
            raise ValueError("an exchange rate is a positive number")


class RateBook:
    """The rates that there are for a pair of currencies around a day, in either direction.

    Args:
        entered: rates by the person; of several as near, the last one given counts.
        confirmed: rates of transfers that the person confirmed.
    """

    __slots__ = ("_confirmed", "_entered")

    def __init__(self, entered: Sequence[Rate] = (), confirmed: Sequence[Rate] = ()) -> None:
        self._entered = _by_currencies(entered)
        self._confirmed = _by_currencies(confirmed)

    def find(self, base: str, quote: str, day: int) -> tuple[Decimal, RateSource] | None:
        """Return how many units of `quote` one unit of `base` was worth, and who says so.

        The nearest entered rate within 7 days goes before the median of at least three confirmed
        ones within 30 days; where there is neither, there is no rate.
        """
        best: tuple[int, Decimal] | None = None
        for on, rate in self._entered.get((base, quote), ()):
            distance = abs(on - day)
            if distance <= ENTERED_DAYS and (best is None or distance <= best[0]):
                best = distance, rate
        if best is not None:
            return best[1], RateSource.ENTERED
        near = [
            rate
            for on, rate in self._confirmed.get((base, quote), ())
            if abs(on - day) <= MEDIAN_DAYS
        ]
        return (median(near), RateSource.MEDIAN) if len(near) >= MEDIAN_PAIRS else None


def _by_currencies(rates: Iterable[Rate]) -> dict[tuple[str, str], list[tuple[int, Decimal]]]:
    found: dict[tuple[str, str], list[tuple[int, Decimal]]] = {}
    for rate in rates:
        if rate.base == rate.quote:
            continue
        found.setdefault((rate.base, rate.quote), []).append((rate.day, rate.rate))
        found.setdefault((rate.quote, rate.base), []).append((rate.day, inverse(rate.rate)))
    return found


def inverse(rate: Decimal) -> Decimal:
    """Return the rate in the other direction, whatever the caller's decimal context is."""
    with localcontext(prec=_PRECISION):
        return 1 / rate


def printed_rate(text: str, base: str, quote: str) -> Decimal | None:
    """Return the rate that a description prints: one unit of `base` in `quote`.

    Read are `1 EUR = 1.08 USD` and `EUR/USD 1.08` (in either direction, whichever is asked for),
    and without currencies `FX RATE 1.0845` and `@ 1.25`. Those last ones do not say which way they
    go: whoever uses one tries it both ways against the amounts. A description that prints two
    different rates prints none.

    Args:
        text: the description as the bank has it.
        base: the currency of the money that left.
        quote: the currency in which it arrived.
    """
    if base == quote or not _HINT.search(text):
        return None
    rates = _read(_labelled(base, quote), text)
    rates += [inverse(rate) for rate in _read(_labelled(quote, base), text)]
    if not rates:
        rates = _read(_BY_NAME, text) + _after_at(text, base, quote)
    return rates[0] if len(set(rates)) == 1 else None


def _read(pattern: re.Pattern[str], text: str) -> list[Decimal]:
    return [rate for found in pattern.finditer(text) if (rate := _rate_of(found))]


def _after_at(text: str, base: str, quote: str) -> list[Decimal]:
    """Read `@ 1.25`. After a count of things that is a price, unless a currency is named too."""
    before = text[: text.find("@")].upper()
    has_count = any(mark.isdigit() for mark in before)
    if has_count and base not in before and quote not in before:
        return []
    return _read(_bare(base, quote), text)


@lru_cache(maxsize=128)
def _labelled(base: str, quote: str) -> re.Pattern[str]:
    """Return what matches `1 BASE = rate QUOTE` and `BASE/QUOTE rate`."""
    one, other = re.escape(base), re.escape(quote)
    # An equation says by itself that its number is a rate, so that one may be whole.
    equation = (
        rf"(?<![\w.,])1(?:[.,]0+)?\s*{one}\s*=\s*(?P<equal>\d{{1,6}}(?:[.,]\d+)?)\s*{other}\b"
    )
    return re.compile(rf"{equation}|(?<!\w){one}\s?/\s?{other}\s*[:=@]?\s*{_NUMBER}", re.IGNORECASE)


@lru_cache(maxsize=128)
def _bare(base: str, quote: str) -> re.Pattern[str]:
    """Return what matches `@ rate` where no currency and no `each` makes it a price."""
    one, other = re.escape(base), re.escape(quote)
    return re.compile(
        rf"@\s*{_NUMBER}(?!\s*(?:each\b|ea\b|{one}\b|{other}\b|[$€£¥]))", re.IGNORECASE
    )


def _rate_of(found: re.Match[str]) -> Decimal:
    """Return the number of a match; it stands in the one or the other of two named groups."""
    groups = found.groupdict()
    return Decimal((groups["rate"] or groups["equal"]).replace(",", "."))
