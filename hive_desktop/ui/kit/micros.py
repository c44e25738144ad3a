"""Prices of models, in millionths of the price list's currency, as the person's locale writes them.

They have up to six decimals, as no amount of the ledger has, and are not hidden with those.
"""

from __future__ import annotations

import re
from typing import Final

from hive_desktop.domain.prices import PriceError, micros
from hive_desktop.ui.kit.money import locale

_MILLION: Final = 1_000_000
_GROUPED: Final = re.compile(r"[0-9]{1,3}(\.[0-9]{3})+")


def text(value: int) -> str:
    """Return micros as an amount for people, with two to six decimals: `1,234.50`, `1.234,50`."""
    return locale().toString(value // _MILLION) + _decimals(value)


def typed(value: int | None) -> str:
    """Return micros as a person would type them; nothing where there are none."""
    return "" if value is None else f"{value // _MILLION}{_decimals(value)}"


def read(words: str) -> int:
    """Return what a person typed in micros; a point is taken wherever decimals have a comma.

    Raises:
        PriceError: it is no amount from 0 to a million, has more than six decimals, or may mean
            thousands.
    """
    point = locale().decimalPoint()
    if point != "." and _GROUPED.fullmatch(words.strip()):
        raise PriceError(f"{words!r} may be thousands or decimals")
    return micros(words.replace(point, "."))


def _decimals(value: int) -> str:
    digits = f"{value % _MILLION:06}".rstrip("0")
    return f"{locale().decimalPoint()}{digits:0<2}"
