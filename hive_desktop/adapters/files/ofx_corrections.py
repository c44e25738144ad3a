"""Rows of OFX that correct others: `CORRECTFITID` names the other, `CORRECTACTION` says how."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from hive_desktop.adapters.files import reasons

if TYPE_CHECKING:
    from collections.abc import Sequence

    Row = tuple[int, str, dict[str, str]]

_OTHER: Final = "CORRECTFITID"


class Corrected(NamedTuple):
    """Rows of a statement that count, those that do not with why, and whether any is not there.

    `has_earlier` is true where what is corrected came in another file.
    """

    rows: Sequence[Row]
    left_out: Sequence[tuple[Row, str]] = ()
    has_earlier: bool = False


def corrected(rows: Sequence[Row]) -> Corrected:
    """Return a statement's rows as its corrections leave them (`STMTTRN` in OFX 2.2)."""
    named = {fields[_OTHER]: i for i, (_, _, fields) in enumerate(rows) if _OTHER in fields}
    if not named:
        return Corrected(rows)
    kept: list[Row] = []
    left_out: list[tuple[Row, str]] = []
    found: set[str] = set()
    for i, row in enumerate(rows):
        fields = row[2]
        own = fields.get("FITID", "")
        if named.get(own, i) != i:
            found.add(own)
            left_out.append((row, reasons.CORRECTED))
        elif _OTHER in fields and fields.get("CORRECTACTION", "").upper() == "DELETE":
            left_out.append((row, reasons.TAKES_BACK))
        else:
            kept.append(row)
    return Corrected(kept, left_out, has_earlier=not found.issuperset(named))
