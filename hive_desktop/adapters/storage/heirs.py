"""Merged categories: whatever names one of them means the one that took its rows.

The window's first reads need this, so nothing here may bring SQLAlchemy.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.domain.ledger import CategoryId

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hive_desktop.adapters.storage.connect import RawConnection

_MERGED = "SELECT id, merged_into FROM categories WHERE merged_into IS NOT NULL"


def heirs(raw: RawConnection) -> dict[CategoryId, CategoryId]:
    """Return, for each merged category, the one that has its rows now."""
    return settled(
        {CategoryId(row[0]): CategoryId(row[1]) for row in raw.execute(_MERGED).fetchall()}
    )


def in_hex(raw: RawConnection) -> dict[str, str]:
    """Return the same in hexadecimal, as the edit log names categories."""
    return {one.hex(): end.hex() for one, end in heirs(raw).items()}


def settled(merged: Mapping[CategoryId, CategoryId]) -> dict[CategoryId, CategoryId]:
    """Return the end of each chain: what was merged into a category goes on with that."""
    ends: dict[CategoryId, CategoryId] = {}
    for one, into in merged.items():
        seen = {one}
        end = into
        while end in merged and end not in seen:
            seen.add(end)
            end = merged[end]
        ends[one] = end
    return ends
