"""The first rows of a table with what each column is, to be corrected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QScrollArea, QWidget

from hive_desktop import i18n
from hive_desktop.domain.csv_layouts import Role
from hive_desktop.i18n import tr
from hive_desktop.services.importing_layouts import corrected
from hive_desktop.ui.importing.words import MARKS, ORDERS, ROLES, SIGNS
from hive_desktop.ui.kit.select import Select
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Elided, column, label, row

if TYPE_CHECKING:
    from collections.abc import Callable

    from hive_desktop.domain.csv_layouts import CsvGuess, CsvLayout, DateOrder, Sign

_COLUMN, _ROWS, _COLUMNS = 132, 14, 40


class TableGrid(QWidget):
    """Shows a guess and takes corrections; tells each at once.

    Args:
        guess: how the table seems to be.
        changed: hears the layout after each correction.
    """

    def __init__(self, guess: CsvGuess, changed: Callable[[CsvLayout], None]) -> None:
        super().__init__()
        self._layout = guess.layout
        self._changed = changed
        outer = column(self, gap=Space.M)
        self.order: Select[DateOrder] = Select(
            [(one, i18n.tr(words)) for one, words in ORDERS.items()],
            tr("Order of dates"),
            self._said,
        )
        self.order.select(guess.layout.date_order)
        self.mark: Select[str] = Select(
            [(one, i18n.tr(words)) for one, words in MARKS.items()], tr("Amounts"), self._said
        )
        self.mark.select(guess.layout.decimal_mark)
        signs = [(one, i18n.tr(words)) for one, words in SIGNS.items()]
        self.sign: Select[Sign] = Select(signs, tr("Sign"), self._said)
        if guess.layout.sign in SIGNS:
            self.sign.select(guess.layout.sign)
        line = row(gap=Space.M)
        for words, field in (
            (tr("Order of dates"), self.order),
            (tr("Amounts"), self.mark),
            (tr("Sign"), self.sign),
        ):
            box = column(gap=Space.XS)
            box.addWidget(label(words, Type.SMALL, "muted"))
            box.addWidget(field)
            line.addLayout(box, 1)
        outer.addLayout(line)
        self.roles: list[Select[Role | None]] = []
        outer.addWidget(self._grid(guess), 1)
        self._enable()

    def _grid(self, guess: CsvGuess) -> QScrollArea:
        content = QWidget()
        content.setObjectName("plain")
        grid = QGridLayout(content)
        grid.setContentsMargins(0, 0, 0, Space.S)
        grid.setHorizontalSpacing(Space.S)
        grid.setVerticalSpacing(Space.XS)
        width = min(max((len(one) for one in guess.head), default=0), _COLUMNS)
        first = {at: role for role, at in reversed(guess.layout.columns)}
        options: list[tuple[Role | None, str]] = [(None, tr("Not used"))]
        options += [(role, i18n.tr(words)) for role, words in ROLES.items()]
        for at in range(width):
            name = tr("Column {number}", number=at + 1)
            select: Select[Role | None] = Select(options, name, self._said)
            select.select(first.get(at))
            select.setFixedWidth(_COLUMN)
            self.roles.append(select)
            grid.addWidget(select, 0, at)
            for line, cells in enumerate(guess.head[:_ROWS], start=1):
                is_heading = line == 1 and guess.layout.header > 0
                text = cells[at] if at < len(cells) else ""
                cell = Elided(text, Type.SMALL, "muted" if is_heading else "text")
                cell.setFixedWidth(_COLUMN)
                grid.addWidget(cell, line, at)
        grid.setRowStretch(_ROWS + 1, 1)
        grid.setColumnStretch(width, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName(tr("The first rows of the file"))
        scroll.setWidget(content)
        scroll.setStyleSheet("QScrollArea, QWidget#plain { background: transparent; }")
        return scroll

    def layout_told(self) -> CsvLayout:
        """Return the layout as it is corrected."""
        before = [first for first, _ in self._pairs()]
        roles = [one.value() for one in self.roles]
        return corrected(
            self._layout,
            roles=None if roles == before else roles,
            date_order=self.order.value(),
            decimal_mark=self.mark.value(),
            sign=self.sign.value() if self.sign.isEnabled() else None,
        )

    def _pairs(self) -> list[tuple[Role | None, int]]:
        first = {at: role for role, at in reversed(self._layout.columns)}
        return [(first.get(at), at) for at in range(len(self.roles))]

    def _said(self) -> None:
        self._enable()
        self._changed(self.layout_told())

    def _enable(self) -> None:
        """Offer a sign only where no column tells it."""
        roles = {one.value() for one in self.roles}
        self.sign.setEnabled(not roles & {Role.OUT, Role.IN, Role.INDICATOR})
