"""What every dialog is: a title, words, what it shows, an error in place, buttons at the foot.

Opened with `aio.finished` or `accepted`, never executed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QDialog

from hive_desktop.ports.errors import UsageError
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.states import ErrorBanner
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, column, label, on_click, paragraph, row

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from PySide6.QtGui import QShowEvent
    from PySide6.QtWidgets import QWidget

    from hive_desktop.ui.kit.widgets import Look

_WIDTH = 440

T = TypeVar("T")


class Dialog(QDialog):
    """A dialog as wide as it is told and as tall as its content.

    Args:
        parent: the widget over whose window it stands.
        title: the headline, and the accessible name.
        text: a sentence or two under it.
        width: in pixels.
        height: for a dialog whose content scrolls; None for as tall as needed.
    """

    def __init__(
        self,
        parent: QWidget,
        title: str,
        text: str = "",
        *,
        width: int = _WIDTH,
        height: int | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("screen")
        self.setWindowTitle(title)
        self.setAccessibleName(title)
        self._height = height
        self.setFixedWidth(width)
        self._layout = column(self, gap=Space.M)
        self._layout.setContentsMargins(Space.XL, Space.L + Space.XS, Space.XL, Space.L + Space.XS)
        head = column(gap=Space.XS)
        head.addWidget(label(title, Type.TITLE))
        if text:
            head.addWidget(paragraph(text))
        self._layout.addLayout(head)
        self.body = column(gap=Space.M)
        self._layout.addLayout(self.body, 1)
        self.error = ErrorBanner()
        self._layout.addWidget(self.error)
        self.buttons = row(gap=Space.S)
        self.buttons.addStretch(1)
        self._layout.addSpacing(Space.XS)
        self._layout.addLayout(self.buttons)
        self._fit_soon = QTimer(self)
        self._fit_soon.setSingleShot(True)
        self._fit_soon.timeout.connect(self.fit)
        if height is not None:
            self.setFixedHeight(height)

    def add_button(self, text: str, look: Look, callback: Callable[[], None]) -> Button:
        """Add a button at the foot, to the right of those that are there."""
        button = Button(text, look)
        on_click(button, callback)
        self.buttons.addWidget(button)
        return button

    def fit(self) -> None:
        """Be as tall as the content needs at this width."""
        if self._height is None:
            self._layout.activate()
            height = self._layout.totalHeightForWidth(self.width())
            # Nothing in it wraps: it is as tall at any width.
            self.setFixedHeight(height if height > 0 else self._layout.totalSizeHint().height())

    def showEvent(self, event: QShowEvent) -> None:
        """Take the right height from the start."""
        super().showEvent(event)
        self.fit()

    def event(self, event: QEvent) -> bool:
        """Grow and shrink with the content."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit_soon.start(0)
        return super().event(event)


async def accepted(dialog: Dialog, work: Callable[[], Awaitable[T]]) -> T | None:
    """Open a dialog and do what it says once it is accepted; None where it is not.

    What is refused is said in the dialog, which is there again with all that was typed.
    """
    with aio.kept(dialog):
        while await aio.result_of(dialog) == QDialog.DialogCode.Accepted:
            dialog.error.hide()
            try:
                return await work()
            except UsageError as error:
                dialog.error.show_error(error)
    return None
