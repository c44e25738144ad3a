"""Pairs the two ends of transfers between the person's own accounts. Pure: legs in, pairs out.

- Two rows are one transfer only when nothing else could be meant: `domain.legs` says which rows
  could meet, and a pair is made where neither row has another partner.
- Whatever is ambiguous becomes a doubt, which the person decides; what was refused stays refused.
- A missing end is never made up: a pairing names rows that exist, and each at most once.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hive_desktop.domain import sentences
from hive_desktop.domain.legs import MAX_DAYS, Leg, agrees, candidates, join, may_meet
from hive_desktop.domain.looks import Looks, looks_of
from hive_desktop.domain.rates import Rate, RateBook, RateSource, printed_rate

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from decimal import Decimal

    from hive_desktop.domain.ledger import TransactionId
    from hive_desktop.domain.legs import Edge

# Whoever pairs transfers needs all of these; they come from here.
__all__ = [
    "MAX_DAYS", "Doubt", "Leg", "Looks", "Pair", "Pairing", "Rate", "RateBook", "RateSource",
    "looks_of", "pair", "printed_rate", "still_holds",
]  # fmt: skip

DOUBTS_PER_LEG: Final = 3
"""A row about which more is asked than this is not asked about better."""

_SAID_BY: Final = {
    RateSource.PRINTED: sentences.RATE_PRINTED,
    RateSource.ENTERED: sentences.RATE_ENTERED,
    RateSource.MEDIAN: sentences.RATE_MEDIAN,
}
_RATE_DIGITS: Final = 6

# Scores only order the questions; each reason for doubt costs its share.
_PER_DAY: Final = 0.05
_PER_REASON: Final = 0.2
_BY_SOURCE: Final = {RateSource.ENTERED: 0.05, RateSource.MEDIAN: 0.1}
_LEAST_SCORE: Final = 0.05


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rows that are one transfer, and why.

    `rate` is what one unit of the outflow's currency became in the inflow's; None in one currency.
    """

    out_id: TransactionId
    in_id: TransactionId
    reason: str
    rate: Decimal | None
    source: RateSource | None


@dataclass(frozen=True, slots=True)
class Doubt:
    """Two rows that may be one transfer. `score` (0 to 1) orders them for whoever decides."""

    out_id: TransactionId
    in_id: TransactionId
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pairing:
    """What was found; a row is in one pair at most, and then in no doubt."""

    pairs: tuple[Pair, ...]
    doubts: tuple[Doubt, ...]


def pair(
    legs: Sequence[Leg],
    *,
    refused: Collection[tuple[TransactionId, TransactionId]],
    rates: RateBook,
) -> Pairing:
    """Return the transfers among rows, whatever the order of the rows.

    Args:
        legs: the rows of the person's own accounts that are in no pair yet, each once.
        refused: pairs (outflow, inflow) that the person said are none.
        rates: what amounts in two currencies are compared by.
    """
    found = candidates(legs, rates)
    never = frozenset(refused)
    edges = [edge for edge in found.edges if (edge.out.id, edge.into.id) not in never]
    partners = Counter(leg.id for edge in edges for leg in (edge.out, edge.into))
    contested = found.crowded | {leg_id for leg_id, count in partners.items() if count > 1}
    pairs: list[Pair] = []
    doubts: list[Doubt] = []
    for edge in edges:
        against = _reasons_against(edge, contested)
        if against:
            doubts.append(_doubt(edge, against))
        else:
            reason = _reason_for(edge)
            pairs.append(Pair(edge.out.id, edge.into.id, reason, edge.rate, edge.source))
    return Pairing(tuple(sorted(pairs, key=lambda one: one.out_id)), _best(doubts))


def still_holds(out: Leg, into: Leg, rates: RateBook, agreed_rate: Decimal | None) -> bool:
    """Tell whether two rows that were paired can be one transfer after the bank changed one.

    Args:
        out: the outflow as it is now.
        into: the inflow as it is now.
        rates: the rates as they are now.
        agreed_rate: the rate by which they were paired, or that follows from the amounts of a pair
            which the person made; it is believed within the widest slack, 1 %.
    """
    if not (out.amount_minor > 0 > into.amount_minor and may_meet(out, into)):
        return False
    if out.currency == into.currency:
        return out.amount_minor == -into.amount_minor
    if agreed_rate is not None and agrees(out, into, agreed_rate, RateSource.MEDIAN):
        return True
    return join(out, into, rates) is not None


def _reasons_against(edge: Edge, contested: Collection[TransactionId]) -> list[str]:
    """Return why an edge is not a pair by itself; nothing when it is one."""
    reasons = []
    if edge.out.id in contested or edge.into.id in contested:
        reasons.append(sentences.CONTESTED)
    if edge.out.is_spoken_for or edge.into.is_spoken_for:
        reasons.append(sentences.NO_TRANSFER)
    if Looks.PURCHASE in {edge.out.looks, edge.into.looks}:
        reasons.append(sentences.A_PURCHASE)
    if edge.is_contradicted:
        reasons.append(sentences.OTHER_RATE)
    return reasons


def _reason_for(edge: Edge) -> str:
    days = abs(edge.out.day - edge.into.day)
    when = sentences.SAME_DAY if days == 0 else sentences.DAYS_APART(days)
    if edge.rate is None or edge.source is None:
        return sentences.SAME_ON_BOTH_SIDES(when=when)
    source = _SAID_BY[edge.source]
    return sentences.CONVERTED(rate=_plain(edge.rate), rate_source=source, when=when)


def _plain(rate: Decimal) -> str:
    """Return a rate for people: six digits after the point, none of them an idle zero."""
    text = f"{rate:.{_RATE_DIGITS}f}".rstrip("0").rstrip(".")
    return text if text != "0" else f"{rate:.{_RATE_DIGITS}g}"


def _doubt(edge: Edge, against: list[str]) -> Doubt:
    score = 1.0 - _PER_DAY * abs(edge.out.day - edge.into.day) - _PER_REASON * len(against)
    if edge.source is not None:
        score -= _BY_SOURCE.get(edge.source, 0.0)
    score -= _PER_DAY * (edge.out.looks, edge.into.looks).count(Looks.UNKNOWN)
    return Doubt(
        edge.out.id,
        edge.into.id,
        round(max(score, _LEAST_SCORE), 2),
        (_reason_for(edge), *against),
    )


def _best(doubts: list[Doubt]) -> tuple[Doubt, ...]:
    """Keep the best few of each row, the most likely first."""
    asked: Counter[TransactionId] = Counter()
    kept = []
    for doubt in sorted(doubts, key=lambda one: (-one.score, one.out_id, one.in_id)):
        if max(asked[doubt.out_id], asked[doubt.in_id]) < DOUBTS_PER_LEG:
            asked.update((doubt.out_id, doubt.in_id))
            kept.append(doubt)
    return tuple(kept)
