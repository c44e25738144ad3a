"""Cells of tables for other programs that are text and no formulas."""

from __future__ import annotations

import re
from typing import Final

# A spreadsheet takes a cell that begins so for a formula, a Japanese one the wide letters too.
# Where a comma is the decimal mark it divides at semicolons, and a cell begins behind each.
_BEGINS: Final = r"=+\-@\uff1d\uff0b\uff0d\uff20"
_FORMULA: Final = re.compile(rf"\A(?=[{_BEGINS}\t\r\n])|(?<=[;\t\r\n])(?=[{_BEGINS}])")
_SUSPECT: Final = re.compile(rf"\A[{_BEGINS}]|[;\t\r\n]")  # found fast: most cells have neither
_NUMBER: Final = re.compile(r"[+-]?\d+(\.\d+)?", re.ASCII)


def safe_cell(value: object) -> object:
    """Return a value as a spreadsheet shows it and never computes it; a plain number stays."""
    if not isinstance(value, str) or not _SUSPECT.search(value) or _NUMBER.fullmatch(value):
        return value
    return _FORMULA.sub("'", value)
