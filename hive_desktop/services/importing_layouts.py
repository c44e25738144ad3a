"""What a person says of a table, put into the layout by which it is read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hive_desktop.domain.csv_layouts import CsvLayout, Role, Sign

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hive_desktop.domain.csv_layouts import DateOrder


def corrected(
    layout: CsvLayout | None,
    *,
    roles: Sequence[Role | None] | None = None,
    date_order: DateOrder | None = None,
    decimal_mark: str | None = None,
    sign: Sign | None = None,
    currency: str | None = None,
) -> CsvLayout:
    """Return a layout as the person corrects it; what is None stays.

    Args:
        layout: as it was guessed; None of a file that is no table.
        roles: of each column from the first; None for one that says nothing.
        date_order: of all dates.
        decimal_mark: "." or ",".
        sign: how money out is told; where columns or a word tell it, they do.
        currency: of all rows, ISO 4217.
    """
    made = layout or CsvLayout(())
    if roles is not None:
        chosen = tuple((role, at) for at, role in enumerate(roles) if role is not None)
        made = replace(made, columns=chosen, preset="")
    if date_order is not None:
        made = replace(made, date_order=date_order, preset="")
    if decimal_mark is not None:
        made = replace(made, decimal_mark=decimal_mark)
    if currency is not None:
        made = replace(made, currency=currency)
    if sign is not None or roles is not None:
        made = replace(made, sign=_sign(made, sign or made.sign))
    return made


def _sign(layout: CsvLayout, wanted: Sign) -> Sign:
    """Return how the columns of a layout can tell money out."""
    if layout.of(Role.OUT) or layout.of(Role.IN):
        return Sign.COLUMNS
    if layout.of(Role.INDICATOR):
        return Sign.INDICATOR
    return wanted if wanted in (Sign.IN_POSITIVE, Sign.OUT_POSITIVE) else Sign.IN_POSITIVE
