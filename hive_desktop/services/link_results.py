"""What linking and unlinking come to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hive_desktop.domain.ledger import ItemId


@dataclass(frozen=True, slots=True)
class Recovered:
    """What `recover` found: items finished, and banks whose connection could not be taken over."""

    finished: tuple[ItemId, ...] = ()
    lost: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ending:
    """What disconnecting a bank touches.

    Attributes:
        institution: the bank.
        is_closed: the connection has ended already, and its history was kept.
        rows: its rows in the ledger.
        edited: those among them on which the person has written.
    """

    institution: str
    is_closed: bool
    rows: int
    edited: int
