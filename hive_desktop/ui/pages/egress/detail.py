"""One request with all that is known of it: its facts, and the body with secrets masked."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from hive_desktop.i18n import mark, tr
from hive_desktop.ui.forms.words import purpose_words
from hive_desktop.ui.kit.bodies import BodyView, readable
from hive_desktop.ui.kit.direction import set_margins
from hive_desktop.ui.kit.segmented import Segmented
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import (
    Button,
    column,
    frame,
    label,
    on_click,
    paragraph,
    row,
    set_tone,
)
from hive_desktop.ui.pages.egress import presenter

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QLabel

    from hive_desktop.ports.egress import EgressLine
    from hive_desktop.ui.page import Notices

_NAMES_WIDTH: Final = 64
_VIEWS: Final = ((True, mark("Readable")), (False, mark("As kept")))
_LONG_WORD: Final = re.compile(r"\S{16}(?=\S)")
_NO_BODY: Final = mark("(no body)")


class RequestDetail(QFrame):
    """Stands beside the table while a request is looked at.

    Args:
        notices: told when the body was copied.
        leave: called when it is put away.
    """

    def __init__(self, notices: Notices, leave: Callable[[], None]) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setAccessibleName(tr("The request"))
        self._notices = notices
        self._line: EgressLine | None = None
        self.title = label("", Type.TITLE)
        self.title.setWordWrap(True)
        self._values: list[tuple[QLabel, QLabel]] = []
        self._facts = QWidget()
        self._grid = QGridLayout(self._facts)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(Space.S)
        self._grid.setVerticalSpacing(Space.XS)
        self._grid.setColumnMinimumWidth(0, _NAMES_WIDTH)
        self._grid.setColumnStretch(1, 1)
        self.views: Segmented[bool] = Segmented(
            [(is_readable, tr(words)) for is_readable, words in _VIEWS],
            self._show_body,
            tr("How the body is shown"),
        )
        self.body = BodyView(tr("Body, secrets masked"))
        close = Button("", "plain", "x", name=tr("Put the request away"))
        copy = Button("", "plain", "copy", name=tr("Copy the body"))
        on_click(close, leave)
        on_click(copy, self._copy)
        inside = column(self, gap=Space.M)
        set_margins(inside, Space.L, Space.M, Space.M, Space.M)
        head = row(gap=Space.S)
        head.addWidget(self.title, 1)
        head.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)
        inside.addLayout(head)
        inside.addWidget(self._facts)
        inside.addWidget(frame("line"))
        over = row(gap=Space.XS)
        over.addWidget(label(tr("Body"), Type.STRONG))
        over.addStretch(1)
        over.addWidget(self.views)
        over.addWidget(copy)
        inside.addLayout(over)
        inside.addWidget(self.body, 1)

    def show_line(self, line: EgressLine) -> None:
        """Show a request."""
        is_other = self._line is None or self._line.id != line.id
        self._line = line
        self.title.setText(purpose_words(line.entry.purpose))
        known = presenter.facts(line)
        while len(self._values) < len(known):
            self._add_fact()
        for place, (name, value) in enumerate(self._values):
            is_known = place < len(known)
            name.setVisible(is_known)
            value.setVisible(is_known)
            if is_known:
                fact = known[place]
                name.setText(fact.name)
                value.setText(_LONG_WORD.sub("\\g<0>\N{ZERO WIDTH SPACE}", fact.text))
                value.setToolTip(fact.meaning)
                set_tone(value, fact.tone)
        if is_other:
            self._show_body(self.views.value())

    def line(self) -> EgressLine | None:
        """Return the request that is shown."""
        return self._line

    def facts(self) -> dict[str, str]:
        """Return what is shown of it, by name."""
        blank = "\N{ZERO WIDTH SPACE}"
        return {
            name.text(): value.text().replace(blank, "")
            for name, value in self._values
            if not name.isHidden()
        }

    def _add_fact(self) -> None:
        at = len(self._values)
        top = Qt.AlignmentFlag.AlignTop
        name, value = label("", Type.SMALL, "muted"), paragraph("", Type.SMALL, "text")
        value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._grid.addWidget(name, at, 0, top)
        self._grid.addWidget(value, at, 1, top)
        self._values.append((name, value))

    def _show_body(self, is_readable: bool) -> None:  # noqa: FBT001 - a control's call-back
        if self._line is not None:
            body = self._line.entry.body
            self.body.setPlainText((readable(body) if is_readable else body) or tr(_NO_BODY))

    def _copy(self) -> None:
        if self._line is not None:
            QGuiApplication.clipboard().setText(self._line.entry.body)
            self._notices.show_message(tr("Body copied, with its secrets masked"))
