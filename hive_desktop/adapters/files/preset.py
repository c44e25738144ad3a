"""What is said of one known export of a bank or program."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hive_desktop.adapters.files.tables_words import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hive_desktop.domain.csv_layouts import DateOrder, Role, Sign


@dataclass(frozen=True, slots=True)
class Preset:
    """One known export.

    Attributes:
        name: as people call it; it is kept in layouts and stays.
        headings: all of these are there.
        roles: of headings that have another sense here than elsewhere; None: nothing that counts.
        absent: none of these is there.
        others: what may be there besides, of headings that many programs have; None: anything.
        sign: how money out is told, or None where rows say it.
        order: of dates, or None where rows or the person's country say it.
        currency: of all rows, or "".
        kind: as `FileAccount.kind`.
        fee_is_extra: the fee comes on top of the amount.
        reshape: the name of a reshaping in `tables_shapes`, or "".
    """

    name: str
    headings: frozenset[str]
    roles: Mapping[str, Role | None] = field(default_factory=dict)
    absent: frozenset[str] = frozenset()
    others: frozenset[str] | None = None
    sign: Sign | None = None
    order: DateOrder | None = None
    currency: str = ""
    kind: str = ""
    fee_is_extra: bool = False
    reshape: str = ""


def all_of(headings: str) -> frozenset[str]:
    """Return headings that stand between commas, in the form in which they are compared."""
    return frozenset(plain(one) for one in headings.split(","))


def as_roles(**roles: Role | None) -> dict[str, Role | None]:
    """Return roles by headings, of which blanks are written as underlines."""
    return {name.replace("_", " "): role for name, role in roles.items()}
