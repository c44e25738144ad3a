"""Transfers between own accounts: pairs of rows, what was refused, and the labels of both sides.

Pairing gives a row the category Transfer by rule, never over the person's own choice; a row that
the person put into an expense or income category is asked about, not paired. So a paired row never
counts as spending or income, and no figure needs to know of pairs.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from hive_desktop.adapters.storage import asking, manual_values, splits
from hive_desktop.adapters.storage.bulk import insert_rows, json_ids, json_keys, slices
from hive_desktop.adapters.storage.edit_entries import append
from hive_desktop.adapters.storage.edit_values import (
    category_state_of,
    category_states,
    choose,
    put_category_state,
    put_shelved_category_state,
    shelved_category_states,
)
from hive_desktop.adapters.storage.labels import label_rows, transfer_category
from hive_desktop.adapters.storage.pair_legs import legs_of, rate_between, rate_book
from hive_desktop.domain.changes import Kind
from hive_desktop.domain.ledger import CategorySource, Label, TransactionId
from hive_desktop.domain.rates import ENTERED_DAYS
from hive_desktop.domain.reviews import ReviewKind
from hive_desktop.domain.transfers import MAX_DAYS, pair, still_holds
from hive_desktop.ports.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from hive_desktop.adapters.storage.work import Work
    from hive_desktop.domain.ledger import BatchId
    from hive_desktop.domain.transfers import Leg

TRANSFER = "transfer"
"""The edit log's field for pairing and unpairing."""

_OF_ROWS = """
    SELECT p.out_id, p.in_id, p.by, p.rate, p.reason, p.out_before, p.in_before
    FROM json_each(?) AS k
    CROSS JOIN transfers AS p ON p.out_id = unhex(k.value)
    UNION
    SELECT p.out_id, p.in_id, p.by, p.rate, p.reason, p.out_before, p.in_before
    FROM json_each(?) AS k
    CROSS JOIN transfers AS p ON p.in_id = unhex(k.value)
"""
_HAS_PAIRS = "SELECT EXISTS (SELECT 1 FROM transfers)"
_COLUMNS = ("out_id", "in_id", "by", "rate", "reason", "at", "out_before", "in_before")
_UNPAIR = "DELETE FROM transfers WHERE out_id = ?"
_CHANGE_BEFORE = (
    "UPDATE transfers SET out_before = ? WHERE out_id = ? AND out_before = ?",
    "UPDATE transfers SET in_before = ? WHERE in_id = ? AND in_before = ?",
)
_REFUSE = "INSERT INTO transfer_refusals VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
_FORGET_REFUSAL = "DELETE FROM transfer_refusals WHERE out_id = ? AND in_id = ?"
_REFUSED = """
    SELECT r.out_id, r.in_id FROM json_each(?) AS k
    CROSS JOIN transfer_refusals AS r ON r.out_id = unhex(k.value)
"""
# |amount| has an index that goes on with sign and currency and ends with the row's position: named
# all, each probe reads a handful of entries, however many rows have the amount.
_PARTNERS = f"""
    SELECT DISTINCT t.id, o.id
    FROM json_each(?) AS k
    CROSS JOIN transactions AS t ON t.seq = k.value
    CROSS JOIN transactions AS o
      ON abs(o.amount_minor) = abs(t.amount_minor)
     AND (o.amount_minor < 0) = (t.amount_minor > 0) AND o.currency = t.currency
     AND o.seq BETWEEN t.seq - ({MAX_DAYS + 1} << 20) AND t.seq + ({MAX_DAYS + 1} << 20)
    WHERE o.amount_minor = -t.amount_minor AND t.amount_minor <> 0
      AND o.account_id <> t.account_id
      AND abs(o.posted_on - t.posted_on) <= {MAX_DAYS} AND t.hidden = 0 AND o.hidden = 0
"""  # noqa: S608 - constants of this module only
_CURRENCIES = "SELECT count(DISTINCT currency) FROM accounts"
_ABROAD = f"""
    SELECT DISTINCT t.id, o.id
    FROM json_each(?) AS k
    CROSS JOIN transactions AS t ON t.seq = k.value
    CROSS JOIN accounts AS a ON a.currency <> t.currency
    CROSS JOIN transactions AS o
      ON o.account_id = a.id
     AND o.seq BETWEEN t.seq - ({MAX_DAYS + 1} << 20) AND t.seq + ({MAX_DAYS + 1} << 20)
    WHERE o.currency <> t.currency AND (o.amount_minor < 0) <> (t.amount_minor < 0)
      AND o.account_id <> t.account_id AND abs(o.posted_on - t.posted_on) <= {MAX_DAYS}
      AND t.hidden = 0 AND o.hidden = 0
"""  # noqa: S608 - as above
_SEQS = """
    SELECT t.seq FROM json_each(?) AS k CROSS JOIN transactions AS t ON t.id = unhex(k.value)
"""
_AROUND = f"""
    SELECT t.id FROM accounts AS a CROSS JOIN transactions AS t
      ON t.account_id = a.id
     AND t.seq BETWEEN (:day - {ENTERED_DAYS} << 20) AND (:day + {ENTERED_DAYS + 1} << 20)
    WHERE a.currency = :currency
"""  # noqa: S608 - as above
# The person's word outlives a while in which a row was out: deleted, or undone with its sync.
_AGREED = """
    SELECT r.first_id, r.second_id, r.reasons, r.decided_at FROM json_each(?) AS k
    CROSS JOIN reviews AS r ON r.first_id = unhex(k.value)
    WHERE r.kind = 'transfer' AND r.state = 'paired'
    UNION
    SELECT r.first_id, r.second_id, r.reasons, r.decided_at FROM json_each(?) AS k
    CROSS JOIN reviews AS r ON r.second_id = unhex(k.value)
    WHERE r.kind = 'transfer' AND r.state = 'paired'
    ORDER BY 4 DESC
"""
_SIDES = 2


def dissolve(work: Work) -> list[bytes]:
    """End pairs of rows that left or changed beyond recognition; returns the sides that remain."""
    found = _pairs_of(work, work.moved) if work.moved else []
    if not found:
        return []
    freed: list[bytes] = []
    for line in found:
        if not _holds(work, line[0], line[1], line[3]):
            _remove(work, line)
            freed += line[:2]
    return freed


def keep_labels(work: Work) -> None:
    """Let both sides of a pair stay transfers where a rule of the person says something else."""
    if not work.touched or not work.connection.exec_driver_sql(_HAS_PAIRS).scalar():
        return
    ids = {row_id for row_id, _ in work.touched.values()}
    _label(work, [line for some in slices(ids) for line in _pairs_of(work, some)])


def pair_up(work: Work, freed: Sequence[bytes] = ()) -> int:
    """Pair what this transaction brought, and what `dissolve` freed.

    Returns:
        How many questions were put.
    """
    freed = [*freed, *_pair_as_agreed(work)]
    return pair_rows(work, [*work.touched, *_seqs_of(work, freed)])


def pair_rows(work: Work, seqs: Sequence[int]) -> int:
    """Pair what has a side among rows, given by their seq; returns how many questions were put."""
    ids = _linked(work, seqs)
    if ids:
        # A partner may have other partners than the rows that came: ambiguity is seen from both.
        ids |= _linked(work, _seqs_of(work, ids))
    if not ids:
        return 0
    taken = {row_id for line in _pairs_of(work, ids) for row_id in line[:2]}
    legs: list[Leg] = [leg for leg in legs_of(work.handle, ids) if leg.id not in taken]
    refused = {
        (TransactionId(row[0]), TransactionId(row[1]))
        for row in work.connection.exec_driver_sql(_REFUSED, (json_ids(ids),))
    }
    pairing = pair(legs, refused=refused, rates=rate_book(work.handle))
    lines = [
        (one.out_id, one.in_id, "rule", None if one.rate is None else str(one.rate), one.reason)
        for one in pairing.pairs
    ]
    _write(work, lines)
    doubts = [(one.out_id, one.in_id, one.score, one.reasons) for one in pairing.doubts]
    return asking.ask(work, ReviewKind.TRANSFER, doubts)


def pair_abroad(work: Work, currency: str, day: int) -> None:
    """Pair what a new exchange rate of a day makes recognisable; `currency` is one of its two."""
    values = {"currency": currency, "day": day}
    found = work.connection.exec_driver_sql(_AROUND, values).all()
    pair_up(work, [row[0] for row in found])


def resettle(work: Work) -> None:
    """After whole rows were moved by the person: end what no longer holds, pair what came back."""
    manual_values.settle(work)
    splits.settle(work)
    manual_values.settle(work)  # a whole that its parts left may be of an account that is gone
    freed = dissolve(work)
    pair_up(work, [*freed, *work.moved])
    asking.reopen_duplicates(work, work.moved)
    asking.settle(work)


def make(
    work: Work, out_id: bytes, in_id: bytes, reason: str, *, batch: BatchId | None = None
) -> None:
    """Pair two rows by the person's word; logged, so that it can be taken back.

    A side that the person once called spending or income is a transfer from now on, by their own
    later word.

    Raises:
        UsageError: a row has left, or the amounts are not of one transfer any more.
    """
    legs = {leg.id: leg for leg in legs_of(work.handle, (out_id, in_id))}
    if len(legs) < _SIDES:
        raise UsageError("One of the rows has left the ledger, or is hidden.")
    out, into = legs[TransactionId(out_id)], legs[TransactionId(in_id)]
    if not out.amount_minor > 0 > into.amount_minor:
        raise UsageError(
            "The bank has changed an amount: the two rows are no transfer any more.",
            hint="Look at both rows again.",
        )
    unpair(work, [out_id, in_id], batch, refuses=False)
    spoken_for = [leg.id for leg in legs.values() if leg.is_spoken_for]
    if spoken_for and batch is not None:
        choose(work, spoken_for, transfer_category(work), batch)
    _write(work, [(out_id, in_id, "person", _implied_rate(work, out_id, in_id), reason)])
    if batch is not None:
        (line,) = _pairs_of(work, [out_id])
        append(work, batch, None, [(out_id, TRANSFER, None, _told(line))])


def unpair(
    work: Work, ids: Iterable[bytes], batch: BatchId | None, *, refuses: bool = True
) -> bool:
    """End the pairs of rows because the person said so; each is refused from then on."""
    found = _pairs_of(work, ids)
    for line in found:
        _remove(work, line)
        if refuses:
            refuse(work, line[0], line[1])
        if batch is not None:
            append(work, batch, None, [(line[0], TRANSFER, _told(line), None)])
    return bool(found)


def take_back(work: Work, told: Mapping[str, Any], *, was: bool) -> bool:
    """Undo a line of the edit log: make the pair again that `was`, or end the one that was not."""
    out_id, in_id = bytes.fromhex(told["out"]), bytes.fromhex(told["in"])
    if not was:
        # The row may be in another pair by now, which this line knows nothing of.
        for line in _pairs_of(work, [out_id]):
            if line[1] == in_id:
                _remove(work, line)
        return True
    forget_refusal(work, out_id, in_id)
    before = {out_id: told["out_before"], in_id: told["in_before"]}
    is_free = not _pairs_of(work, [out_id, in_id])
    if not (is_free and _holds(work, out_id, in_id, told["rate"])):
        _put_back(work, before)
        return False
    _write(work, [(out_id, in_id, told["by"], told["rate"], told["reason"])], before)
    return True


def sides_of(work: Work, ids: Iterable[bytes]) -> set[bytes]:
    """Return both sides of the pairs that rows are in."""
    found = (line for some in slices(ids) for line in _pairs_of(work, some))
    return {row_id for line in found for row_id in line[:2]}


def change_before(work: Work, row_id: bytes, before: str, after: str) -> None:
    """Change the category that a row has again when its pair ends, where it is still `before`."""
    for statement in _CHANGE_BEFORE:
        work.connection.exec_driver_sql(statement, (after, row_id, before))


def refuse(work: Work, out_id: bytes, in_id: bytes) -> None:
    """Remember that two rows are no transfer."""
    work.connection.exec_driver_sql(_REFUSE, (out_id, in_id, work.now()))


def forget_refusal(work: Work, out_id: bytes, in_id: bytes) -> None:
    """Let two rows be paired again."""
    work.connection.exec_driver_sql(_FORGET_REFUSAL, (out_id, in_id))


def _linked(work: Work, seqs: Sequence[int]) -> set[bytes]:
    """Return rows that could be two sides of one transfer, one of each pair among `seqs`."""
    execute = work.connection.exec_driver_sql
    has_several = execute(_CURRENCIES).scalar_one() > 1
    found: list[Any] = []
    for some in slices(seqs):
        found += execute(_PARTNERS, (json_keys(some),)).all()
        if has_several:
            found += execute(_ABROAD, (json_keys(some),)).all()
    return {row_id for row in found for row_id in row}


def _pair_as_agreed(work: Work) -> list[bytes]:
    """Pair rows that came back as the person once said; returns rows that lost a pair by that.

    What was paired by rule while one of them was out makes room.
    """
    keys = json_ids(work.moved)
    agreed = work.connection.exec_driver_sql(_AGREED, (keys, keys)).all() if work.moved else ()
    freed: list[bytes] = []
    for out_id, in_id, reasons, _ in agreed:
        found = _pairs_of(work, [out_id, in_id])
        is_free = all(line[2] == "rule" and line[:2] != (out_id, in_id) for line in found)
        refused = work.connection.exec_driver_sql(_REFUSED, (json_ids([out_id]),))
        if not is_free or in_id in {row[1] for row in refused}:
            continue
        rate = _implied_rate(work, out_id, in_id)
        if not _holds(work, out_id, in_id, rate):
            continue
        for line in found:
            _remove(work, line)
            freed += line[:2]
        _write(work, [(out_id, in_id, "person", rate, json.loads(reasons)[0])])
    return freed


def _seqs_of(work: Work, ids: Iterable[bytes]) -> list[int]:
    return [row[0] for row in work.connection.exec_driver_sql(_SEQS, (json_ids(ids),))]


def _pairs_of(work: Work, ids: Iterable[bytes]) -> list[Any]:
    keys = json_ids(ids)
    return list(work.connection.exec_driver_sql(_OF_ROWS, (keys, keys)).all())


def _holds(work: Work, out_id: bytes, in_id: bytes, rate: str | None) -> bool:
    """Tell whether two rows can be one transfer as they are now, by the bank and by the person."""
    legs = {leg.id: leg for leg in legs_of(work.handle, (out_id, in_id))}
    if len(legs) < _SIDES or any(leg.is_spoken_for for leg in legs.values()):
        return False
    out, into = legs[TransactionId(out_id)], legs[TransactionId(in_id)]
    agreed = None if rate is None else Decimal(rate)
    return still_holds(out, into, rate_book(work.handle), agreed)


def _write(
    work: Work,
    lines: Collection[tuple[bytes, bytes, str, str | None, str]],
    before: Mapping[bytes, str] | None = None,
) -> None:
    """Pair rows and label both sides; `before` has their categories, by default those of now."""
    if not lines:
        return
    ids = [row_id for line in lines for row_id in line[:2]]
    before = before or {row.id: category_state_of(row) for row in category_states(work, ids)}
    values = [(*line, work.now(), before[line[0]], before[line[1]]) for line in lines]
    insert_rows(work.connection, "transfers", _COLUMNS, values)
    asking.close_rivals(work, ids)
    _label(work, lines)
    work.note(Kind.TRANSACTIONS, ids)


def _label(work: Work, lines: Iterable[Sequence[Any]]) -> None:
    label_rows(
        work,
        [
            (TransactionId(row_id), Label("Transfer", CategorySource.RULE, 1.0, line[4]))
            for line in lines
            for row_id in line[:2]
        ],
    )


def _remove(work: Work, line: Any) -> None:
    """End a pair; each side has the category again that it had before, unless it got another."""
    work.connection.exec_driver_sql(_UNPAIR, (line[0],))
    _put_back(work, dict(zip(line[:2], line[5:7], strict=True)))
    asking.open_rivals(work, line[:2])


def _put_back(work: Work, before: Mapping[bytes, str]) -> None:
    for row in category_states(work, before):
        if row.category_source == CategorySource.RULE:
            put_category_state(work, [row], before[row.id])
    for row in shelved_category_states(work, before):
        if row.category_source == CategorySource.RULE:
            put_shelved_category_state(work, row.id, before[row.id])
    work.note(Kind.TRANSACTIONS, before)


def _implied_rate(work: Work, out_id: bytes, in_id: bytes) -> str | None:
    """Return the rate that two currencies' amounts imply, in whole units of both.

    None in one currency, and where the rows are no two sides.
    """
    legs = {leg.id: leg for leg in legs_of(work.handle, (out_id, in_id))}
    if len(legs) < _SIDES:
        return None
    rate = rate_between(legs[TransactionId(out_id)], legs[TransactionId(in_id)])
    return None if rate is None else str(rate)


def _told(line: Any) -> str:
    told = {"out": line[0].hex(), "in": line[1].hex(), "by": line[2], "rate": line[3]}
    before = {"out_before": line[5], "in_before": line[6]}
    return json.dumps(told | {"reason": line[4]} | before)
