"""A sync event in words: which fields of a row changed, from what to what."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hive_desktop.adapters.storage.instants import from_micros
from hive_desktop.domain import sentences
from hive_desktop.domain.categories import in_words
from hive_desktop.domain.days import from_day
from hive_desktop.domain.journal import ChangeKind, FieldChange, RowChange
from hive_desktop.domain.ledger import TransactionId
from hive_desktop.domain.money import from_minor

if TYPE_CHECKING:
    from collections.abc import Callable


def of_event(row: Any) -> RowChange:
    """Return an event's line as a value.

    Args:
        row: transaction, run, kind, at, the run's reason, why, the image before, the image after or
            None where the row left.
    """
    transaction_id, run_id, kind, at, reason, why, before, after = row
    image = json.loads(before)
    kind = ChangeKind(kind)
    has_after = after is not None and kind not in (ChangeKind.REMOVED, ChangeKind.REFUSED_LINK)
    fields = _differences(image, json.loads(after)) if has_after else ()
    return _change(transaction_id, run_id, kind, at, reason, why or "", image, fields)


def of_added(
    transaction_id: TransactionId, run_id: bytes, at: int, reason: str, image: str
) -> RowChange:
    """Return how a row came, with its oldest image."""
    return _change(
        transaction_id,
        run_id,
        ChangeKind.ADDED,
        at,
        reason,
        sentences.BROUGHT,
        json.loads(image),
        (),
    )


def _change(  # noqa: PLR0913, PLR0917 - the fields of one value
    transaction_id: bytes,
    run_id: bytes,
    kind: ChangeKind,
    at: int,
    reason: str,
    why: str,
    image: dict[str, Any],
    fields: tuple[FieldChange, ...],
) -> RowChange:
    return RowChange(
        transaction_id=TransactionId(transaction_id),
        run_id=run_id,
        kind=kind,
        at=from_micros(at),
        reason=reason,
        why=why,
        fields=fields,
        name=image["display_name"] or image["merchant_name"] or image["name"],
        posted_on=from_day(image["posted_on"]),
        amount_minor=image["amount_minor"],
        currency=image["currency"],
    )


def _amount(image: dict[str, Any], name: str) -> str:
    return f"{from_minor(-image[name], image['currency']):,} {image['currency']}"


def _day(image: dict[str, Any], name: str) -> str | None:
    return None if image[name] is None else from_day(image[name]).isoformat()


def _state(image: dict[str, Any], name: str) -> str:
    return "pending" if image[name] else "posted"


def _text(image: dict[str, Any], name: str) -> str | None:
    return None if image[name] is None else str(image[name])


def _words(image: dict[str, Any], name: str) -> str | None:
    return in_words(image[name]) if image[name] else None


_FIELDS: tuple[tuple[str, str, Callable[[dict[str, Any], str], str | None]], ...] = (
    ("amount", "amount_minor", _amount),
    ("date", "posted_on", _day),
    ("authorized date", "authorized_on", _day),
    ("state", "pending", _state),
    ("name", "name", _text),
    ("merchant", "merchant_name", _text),
    ("description", "description", _text),
    ("bank category", "bank_category", _words),
    ("payment channel", "payment_channel", _text),
    ("check number", "check_number", _text),
)


def _differences(before: dict[str, Any], after: dict[str, Any]) -> tuple[FieldChange, ...]:
    found = []
    for label, name, shown in _FIELDS:
        was, became = shown(before, name), shown(after, name)
        if was != became:
            found.append(FieldChange(label, was, became))
    return tuple(found)
