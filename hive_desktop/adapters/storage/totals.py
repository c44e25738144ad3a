"""Daily sums gathered into weeks, months or years."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Any

from hive_desktop.domain.days import to_day
from hive_desktop.domain.ledger import CategoryKind
from hive_desktop.ports.row_store import BucketTotal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from hive_desktop.domain.days import Period, Span


def by_bucket(days: Iterable[Sequence[Any]], span: Span, period: Period) -> list[BucketTotal]:
    """Gather days into the buckets of a span.

    Args:
        days: (day number, currency, kind or None, out, in, count), days within the span.
        span: what was asked for; its first and last bucket may be cut by it.
        period: the length of a bucket.

    Returns:
        Oldest bucket first; within a bucket by currency, then kind, None last.
    """
    starts = span.buckets(period)
    firsts = [to_day(start) for start in starts]
    sums: dict[tuple[int, str, str | None], list[int]] = {}
    for day, currency, kind, *amounts in days:
        key = (bisect_right(firsts, day) - 1, currency, kind)
        known = sums.setdefault(key, [0, 0, 0])
        for at, amount in enumerate(amounts):
            known[at] += amount
    ordered = sorted(sums, key=lambda key: (key[0], key[1], key[2] is None, key[2] or ""))
    return [
        BucketTotal(
            starts[bucket],
            currency,
            None if kind is None else CategoryKind(kind),
            *sums[bucket, currency, kind],
        )
        for bucket, currency, kind in ordered
    ]
