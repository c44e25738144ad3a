"""Cells of tables for other programs that are text and no formulas."""

from __future__ import annotations

import re
from typing import Final

# A spreadsheet takes a cell that begins so for a formula.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)


def safe_cell(value: object) -> object:
    """Return a value as a spreadsheet shows it and never computes it; a plain number stays."""
    if isinstance(value, str) and value.startswith(_FORMULA) and not _NUMBER.fullmatch(value):
        return f"'{value}"
    return value
