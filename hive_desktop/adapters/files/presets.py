"""Exports of banks and programs that are known by their headings.

A preset says only what headings and rows do not say by themselves: whose account number a column
has, what a plain amount means, in which order dates are where every day of a month is below 13.
Headings are compared as `tables_words.plain`; what a preset does not name has its usual sense.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.adapters.files.presets_known import PRESETS
from hive_desktop.adapters.files.tables_words import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hive_desktop.adapters.files.preset import Preset


def preset_of(headings: Sequence[str]) -> Preset | None:
    """Return the export that has these headings; of several the one that names most."""
    there = {plain(one) for one in headings}
    found = [
        one
        for one in PRESETS
        if one.headings <= there
        and not one.absent & there
        and (one.others is None or there - {""} <= one.headings | one.others)
    ]
    return max(found, key=lambda one: len(one.headings), default=None)


def preset_named(name: str) -> Preset | None:
    """Return a preset by its name, or None."""
    return next((one for one in PRESETS if one.name == name), None)
