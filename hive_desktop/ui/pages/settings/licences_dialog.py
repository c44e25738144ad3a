"""Each package that the program is built on, with its version and licence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QScrollArea, QWidget

from hive_desktop.i18n import tr
from hive_desktop.ui.kit.dialog import Dialog
from hive_desktop.ui.kit.direction import set_margins
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import column, label, paragraph

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hive_desktop.services.licences import Part

_WIDTH, _HEIGHT = 560, 520


class LicencesDialog(Dialog):
    """Each package that the program is built on, with its version and licence."""

    def __init__(self, parent: QWidget, parts: Sequence[Part]) -> None:
        text = tr("Hive Desktop is under the MIT licence. It is built on these packages.")
        super().__init__(parent, tr("Licences"), text, width=_WIDTH, height=_HEIGHT)
        content = QWidget()
        content.setObjectName("scrolled")
        layout = column(content)
        set_margins(layout, 0, 0, Space.L, 0)
        grid = QGridLayout()
        grid.setHorizontalSpacing(Space.L)
        grid.setVerticalSpacing(Space.S)
        grid.setColumnStretch(2, 1)
        top = Qt.AlignmentFlag.AlignTop
        for line, part in enumerate(parts):
            grid.addWidget(label(part.name, Type.SMALL), line, 0, top)
            grid.addWidget(label(part.version, Type.SMALL, "muted", tabular=True), line, 1, top)
            grid.addWidget(paragraph(part.licence, Type.SMALL, "text"), line, 2, top)
        layout.addLayout(grid)
        if not parts:
            layout.addWidget(paragraph(tr("Their licences lie beside the program's files.")))
        layout.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName(tr("Licences"))
        scroll.setWidget(content)
        self.body.addWidget(scroll)
        self.add_button(tr("Close"), "primary", self.accept).setDefault(True)
