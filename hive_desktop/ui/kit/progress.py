"""How far something is: a bar with words under it, which turns to and fro where nobody knows."""

from __future__ import annotations

from PySide6.QtWidgets import QProgressBar, QWidget

from hive_desktop.i18n import tr
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import column, label
from hive_desktop.ui.kit.wording import number


class Progress(QWidget):
    """A bar and a line of words.

    Args:
        name: the accessible name, such as "Encrypting".
        counted: the marked words that `show_far` says, with `{done}` and `{total}`.
    """

    def __init__(self, name: str, counted: str = "") -> None:
        super().__init__()
        self._counted = counted
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(name)
        self._words = label("", Type.SMALL, "muted", tabular=True)
        layout = column(self, gap=Space.S)
        layout.addWidget(self._bar)
        layout.addWidget(self._words)
        self.show_busy()

    def show_busy(self, words: str = "") -> None:
        """Show that it goes on, and nobody knows how far it is."""
        self._bar.setRange(0, 0)
        self._say(words)

    def show_far(self, done: int, total: int) -> None:
        """Show how many of how many are done."""
        words = tr(self._counted, done=number(done), total=number(total))
        self.show_share(done, total, words)

    def show_share(self, done: int, total: int, words: str) -> None:
        """Show how much of how much is done, in other words."""
        self._bar.setRange(0, max(total, 1))
        self._bar.setValue(done)
        self._say(words)

    def share(self) -> float | None:
        """Return which share is shown as done; None where nobody knows."""
        most = self._bar.maximum()
        return self._bar.value() / most if most else None

    def words(self) -> str:
        """Return the line under the bar."""
        return self._words.text()

    def _say(self, words: str) -> None:
        self._words.setText(words)
        self._words.setVisible(bool(words))
