"""A reply in pieces: text, figures that the program wrote, and figures that the model wrote."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from hive_desktop.domain.links import escaped
from hive_desktop.domain.receipts import CellKind

if TYPE_CHECKING:
    from hive_desktop.domain.figures import Figure

BROKEN_MARK: Final = "[?]"
"""What stands where a reference shows nothing."""


class Standing(StrEnum):
    """What a piece of a reply is."""

    TEXT = "text"
    FIGURE = "figure"
    """A reference: the program wrote it."""
    CITATION = "citation"
    """A receipt that is named without a figure; nothing is shown."""
    SUPPORTED = "supported"
    """The model wrote it, and a cell has it."""
    UNVERIFIED = "unverified"
    """The model wrote it, and nothing cited has it."""
    BROKEN = "broken"
    """A reference to what is not there."""
    LINK = "link"
    """The address of a web page that the person wrote before."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a reply, in order.

    Attributes:
        text: what is shown: Markdown, but for a figure that is a name, which is as it is.
        figure: what opens its rows; None for text and for what nothing stands behind.
        receipts: that a reference names.
        reason: why it is not verified, in English, for the model.
    """

    text: str
    standing: Standing = Standing.TEXT
    figure: Figure | None = None
    receipts: tuple[str, ...] = ()
    reason: str = ""

    @property
    def markdown(self) -> str:
        """Return the text as Markdown: a name is no mark-up, whatever it is called."""
        is_name = self.figure is not None and self.figure.kind is CellKind.TEXT
        return escaped(self.text) if is_name else self.text

    @property
    def is_flaw(self) -> bool:
        """Tell whether it is marked as not verified."""
        return self.standing in (Standing.UNVERIFIED, Standing.BROKEN)


@dataclass(frozen=True, slots=True)
class Checked:
    """A reply in pieces."""

    pieces: tuple[Piece, ...]

    @property
    def flaws(self) -> tuple[Piece, ...]:
        """Return the pieces that are marked."""
        return tuple(one for one in self.pieces if one.is_flaw)

    @property
    def text(self) -> str:
        """Return the reply as it is shown, without marks."""
        return "".join(one.text for one in self.pieces)
