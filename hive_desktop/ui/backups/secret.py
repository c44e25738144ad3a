"""What opens a backup: the passphrase of its day, or the recovery kit of then."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit, QWidget

from hive_desktop.i18n import tr
from hive_desktop.ui.kit import theme
from hive_desktop.ui.kit.passphrase import CapsHint, PassphraseField
from hive_desktop.ui.kit.segmented import Segmented
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import column

if TYPE_CHECKING:
    from collections.abc import Callable

_HEIGHT = 38


class SecretField(QWidget):
    """Asks for one of the two.

    Args:
        changed: called whenever `is_given` may have changed.
        entered: called when Enter is pressed in a field.
    """

    def __init__(self, changed: Callable[[], None], entered: Callable[[], None]) -> None:
        super().__init__()
        self._changed = changed
        self.way: Segmented[bool] = Segmented(
            [(False, tr("Passphrase")), (True, tr("Recovery kit"))],
            self._choose,
            tr("What opens the backup"),
        )
        self.passphrase = PassphraseField(tr("Passphrase of that day"))
        self.kit = QLineEdit()
        self.kit.setPlaceholderText(tr("Recovery key"))
        self.kit.setAccessibleName(tr("Recovery key"))
        self.kit.setFont(theme.font(Type.BODY))
        self.kit.setFixedHeight(_HEIGHT)
        self.kit.hide()
        layout = column(self, gap=Space.S)
        layout.addWidget(self.way)
        for field in (self.passphrase, self.kit):
            layout.addWidget(field)
            field.textChanged.connect(changed)
            field.returnPressed.connect(entered)
        layout.addWidget(CapsHint(self.passphrase))
        self.setFocusProxy(self.passphrase)

    def is_given(self) -> bool:
        """Tell whether something was typed."""
        return bool(self._field().text().strip())

    def take(self) -> tuple[str, bool]:
        """Return what was typed, and whether it is the kit; the fields are empty then."""
        is_kit = self.way.value()
        text = self._field().text()
        self.passphrase.clear()
        self.kit.clear()
        return (text.strip() if is_kit else text), is_kit

    def _choose(self, is_kit: bool) -> None:  # noqa: FBT001 - a choice's call-back
        self.passphrase.setVisible(not is_kit)
        self.kit.setVisible(is_kit)
        self._field().setFocus()
        self._changed()

    def _field(self) -> QLineEdit:
        return self.kit if self.way.value() else self.passphrase
