"""All that a relay keeps of the person, as it tells it."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QScrollArea, QWidget

from hive_desktop.i18n import mark, tr
from hive_desktop.ui.kit.dialog import Dialog
from hive_desktop.ui.kit.direction import set_margins
from hive_desktop.ui.kit.money import locale
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import column, frame, label, paragraph

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtWidgets import QVBoxLayout

_SIZE = (560, 560)
_MOST = 50
# A word as long as a line has no place to wrap of its own.
_LONG_WORD: Final = re.compile(r"\S{48}(?=\S)")
_TITLES = {
    "user": mark("Your account"),
    "devices": mark("Devices"),
    "items": mark("Banks"),
    "links": mark("Sign-ins at banks that were begun"),
    "exchanges": mark("Connections under way"),
    "ai_usage": mark("Use of the AI"),
    "events": mark("What happened to the account"),
}

FIELDS: Final = frozenset(
    {
        mark("Acknowledged"),
        mark("Address"),
        mark("At"),
        mark("Begun"),
        mark("Created"),
        mark("Day"),
        mark("Detail"),
        mark("Device id"),
        mark("Email"),
        mark("Expires"),
        mark("Id"),
        mark("Institution"),
        mark("Item id"),
        mark("Kind"),
        mark("Link id"),
        mark("Name"),
        mark("News"),
        mark("News seq"),
        mark("Removed"),
        mark("Requests"),
        mark("Revoked"),
        mark("Revoked for"),
        mark("State"),
        mark("Told seq"),
        mark("Tokens"),
        mark("Used"),
    }
)
"""What a relay's fields are called; the name of another one is shown as it comes."""


class RelayDataDialog(Dialog):
    """One group for each kind of thing; what is not known here is shown all the same."""

    def __init__(self, parent: QWidget, known: Mapping[str, object]) -> None:
        width, height = _SIZE
        super().__init__(
            parent,
            tr("What the relay knows of you"),
            tr("It keeps no access token, no transaction and no amount."),
            width=width,
            height=height,
        )
        content = QWidget()
        content.setObjectName("scrolled")
        layout = column(content, gap=Space.M)
        set_margins(layout, 0, 0, Space.M, 0)
        for name, value in known.items():
            _add_group(layout, name, value)
        layout.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(content)
        scroll.setAccessibleName(tr("What the relay knows of you"))
        self.body.addWidget(scroll)
        self.add_button(tr("Close"), "primary", self.accept).setDefault(True)


def _add_group(layout: QVBoxLayout, name: str, value: object) -> None:
    entries = value if isinstance(value, list) else [value]
    layout.addWidget(label(tr(_TITLES.get(name, words_of(name))), Type.STRONG))
    if not entries:
        layout.addWidget(paragraph(tr("Nothing"), Type.SMALL))
        return
    card = frame("inset")
    inside = column(card, gap=Space.S, margin=Space.M)
    for place, entry in enumerate(entries[:_MOST]):
        if place:
            inside.addWidget(frame("line"))
        fields = entry if isinstance(entry, dict) else {name: entry}
        inside.addLayout(_grid(fields))
    if len(entries) > _MOST:
        inside.addWidget(paragraph(_more_words(len(entries) - _MOST), Type.SMALL))
    layout.addWidget(card)


def _more_words(count: int) -> str:
    return tr("and {count} more", count=locale().toString(count))


def _grid(fields: Mapping[str, Any]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(Space.L)
    grid.setVerticalSpacing(2)
    grid.setColumnMinimumWidth(0, 130)
    grid.setColumnStretch(1, 1)
    for line, (name, value) in enumerate(fields.items()):
        top = Qt.AlignmentFlag.AlignTop
        grid.addWidget(label(words_of(name), Type.SMALL, "muted"), line, 0, top)
        shown = paragraph(text_of(value), Type.SMALL, "text")
        shown.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(shown, line, 1, top)
    return grid


def words_of(name: str) -> str:
    """Return a field's name as words: `created_at` is Created."""
    if name == "institution_id":
        return tr("Bank's id")
    words = name.removesuffix("_at").replace("_", " ")
    return tr(words[:1].upper() + words[1:])


def text_of(value: object) -> str:
    """Return a value for people; an instant as this computer's clock shows it."""
    if value is None or value == "":
        return "\N{EN DASH}"
    if isinstance(value, bool):
        return tr("Yes") if value else tr("No")
    if isinstance(value, str) and "T" in value:
        with suppress(ValueError, OverflowError):
            return f"{datetime.fromisoformat(value).astimezone():%Y-%m-%d %H:%M}"
    if isinstance(value, dict):
        return "; ".join(f"{words_of(name)}: {text_of(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return ", ".join(text_of(inner) for inner in value) or "\N{EN DASH}"
    return _LONG_WORD.sub("\\g<0>\N{ZERO WIDTH SPACE}", str(value))
