"""What one receipt lets a reply say: its figures, its days, and the names that have digits."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final

from hive_desktop.domain import plain_reading
from hive_desktop.domain.figures import CellPlace, Figure
from hive_desktop.domain.matching_figures import Fitting
from hive_desktop.domain.receipts import CellKind
from hive_desktop.domain.written_dates import dates_in
from hive_desktop.domain.written_figures import Unit, figures_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import date

    from hive_desktop.domain.receipts import Receipt

# The last digits of an account's or a card's number.
_MASK: Final = re.compile(r"\D([0-9]{3,6})$")


class Source:
    """One receipt, read once for all that cites it.

    Args:
        receipt: with its id.
    """

    def __init__(self, receipt: Receipt) -> None:
        self.receipt = receipt
        self._are_names: dict[str, bool] = {}

    @cached_property
    def figures(self) -> Fitting:
        """Return the figures of its cells, by what is written of them."""
        return Fitting(
            Figure(cell.kind, cell.value, cell.currency, (place,), str(place))
            for cell in self.receipt.cells
            if cell.kind not in (CellKind.TEXT, CellKind.DAY)
            for place in (CellPlace(self.receipt.id, cell.name),)
        )

    @cached_property
    def days(self) -> tuple[date, ...]:
        """Return its days, and the days that its queries begin and end with."""
        cells = self.receipt.cells
        days = [cell.value for cell in cells if not isinstance(cell.value, int | str)]
        queries = (self.receipt.query, *(cell.query for cell in cells))
        for query in {id(one): one for one in queries if one is not None}.values():
            days += [day for day in (query.start, query.end) if day is not None]
        return tuple(dict.fromkeys(days))

    def names_in(self, lowered: str) -> Iterator[str]:
        """Return names with digits, such as `7-Eleven`, that a text in small letters may have.

        A name that says a figure is none; of an account the last digits are enough.
        """
        for name, small, digits in self._numbered:
            if small in lowered or (digits and digits in lowered):
                if name not in self._are_names:
                    self._are_names[name] = _is_name(name)
                if self._are_names[name]:
                    yield name

    @cached_property
    def _numbered(self) -> tuple[tuple[str, str, str], ...]:
        texts = [cell.value for cell in self.receipt.cells if isinstance(cell.value, str)]
        for value in self.receipt.arguments.values():
            if isinstance(value, list | tuple):
                texts += [one for one in value if isinstance(one, str)]
        return tuple(
            (text, text.lower(), digits_of(text))
            for text in dict.fromkeys(texts)
            if any(sign.isdigit() for sign in text)
        )


class Sources:
    """What a session's replies may stand on: receipts that were read, and addresses.

    Attributes:
        addresses: of web pages, that the person wrote.
    """

    def __init__(self, addresses: Sequence[str] = ()) -> None:
        self.addresses = addresses
        self._known: dict[str, Source] = {}

    def of(self, receipts: Mapping[str, Receipt], key: str) -> Source:
        """Return the receipt of an id that is there; it is read again where it is another one."""
        known = self._known.get(key)
        if known is None or known.receipt is not receipts[key]:
            known = self._known[key] = Source(receipts[key])
        return known


def digits_of(name: str) -> str:
    """Return the last digits of an account's name, or nothing."""
    found = _MASK.search(name)
    return found[1] if found else ""


def _is_name(text: str) -> bool:
    if sum(sign.isalpha() for sign in text) < 3:
        return False
    seen = plain_reading.read(text).text
    return not any(True for _ in dates_in(seen)) and all(
        one.unit is Unit.NUMBER and one.readings for one in figures_in(seen)
    )
