"""Fields for passphrases: hidden, shown on request, with a hint of how strong they are."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QLineEdit, QProgressBar, QWidget

from hive_desktop.domain.guessing import Guesses, guesses
from hive_desktop.i18n import mark, tr
from hive_desktop.ui.kit import icons, theme
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import announce, column, label, set_tone

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QEvent
    from PySide6.QtGui import QFocusEvent, QKeyEvent

    from hive_desktop.ui.kit.widgets import Tone

SHORTEST = 10
# By the logarithm of the guesses that find it. Each of them costs whoever tries a second's work.
_LEVELS: tuple[tuple[float, str, Tone], ...] = (
    (8, mark("Too easy to guess"), "danger"),
    (11, mark("Fair \N{EN DASH} one more word makes it safe"), "warning"),
    (14, mark("Good"), "income"),
    (math.inf, mark("Strong"), "income"),
)
# What zxcvbn says against a text.
_WARNINGS = frozenset(
    {
        mark("Straight rows of keys are easy to guess."),
        mark("Short keyboard patterns are easy to guess."),
        mark('Repeats like "aaa" are easy to guess.'),
        mark('Repeats like "abcabcabc" are only slightly harder to guess than "abc".'),
        mark('Sequences like "abc" or "6543" are easy to guess.'),
        mark("Recent years are easy to guess."),
        mark("Dates are often easy to guess."),
        mark("This is a top-10 common password."),
        mark("This is a top-100 common password."),
        mark("This is a very common password."),
        mark("This is similar to a commonly used password."),
        mark("A word by itself is easy to guess."),
        mark("Names and surnames by themselves are easy to guess."),
        mark("Common names and surnames are easy to guess."),
    }
)
_FULL = 16
_STILL_MS = 60
_CAPS = mark("Caps lock is on")


class PassphraseField(QLineEdit):
    """A line that hides what is typed until its eye is clicked.

    Attributes:
        caps_lock: says whether caps lock is on, as far as what is typed tells.
    """

    caps_lock = Signal(bool)

    def __init__(self, placeholder: str) -> None:
        super().__init__()
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(placeholder)
        self.setFont(theme.font(Type.BODY))
        self.setFixedHeight(38)
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self._is_caps = False
        self._eye = QAction(self)
        self._eye.triggered.connect(self._toggle)
        self.addAction(self._eye, QLineEdit.ActionPosition.TrailingPosition)
        self._show_eye()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Notice caps lock: Qt does not tell of it, but a letter against its Shift key does."""
        text = event.text()
        if event.key() == Qt.Key.Key_CapsLock:
            self._tell_caps(on=not self._is_caps)
        elif len(text) == 1 and text.lower() != text.upper():
            has_shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self._tell_caps(on=text.isupper() != has_shift)
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Say nothing of a key that may be pressed elsewhere."""
        self._tell_caps(on=False)
        super().focusOutEvent(event)

    def _tell_caps(self, *, on: bool) -> None:
        if on is not self._is_caps:
            self._is_caps = on
            self.caps_lock.emit(on)

    def take(self) -> str:
        """Return what was typed and empty the field."""
        text = self.text()
        self.clear()
        return text

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == event.Type.PaletteChange:
            self._show_eye()

    def _toggle(self) -> None:
        hidden = self.echoMode() == QLineEdit.EchoMode.Password
        self.setEchoMode(QLineEdit.EchoMode.Normal if hidden else QLineEdit.EchoMode.Password)
        self._show_eye()

    def _show_eye(self) -> None:
        hidden = self.echoMode() == QLineEdit.EchoMode.Password
        self._eye.setIcon(
            icons.icon("eye" if hidden else "eye-off", theme.active().colors.text_muted)
        )
        self._eye.setText(tr("Show the passphrase") if hidden else tr("Hide the passphrase"))


class CapsHint(QLabel):
    """Says under some fields that caps lock is on; takes no room else."""

    def __init__(self, *fields: PassphraseField) -> None:
        super().__init__(tr(_CAPS))
        self.setFont(theme.font(Type.SMALL))
        self.setProperty("tone", "warning")
        self.setVisible(False)
        for field in fields:
            field.caps_lock.connect(self._heard)

    def _heard(self, on: bool) -> None:  # noqa: FBT001 - a signal's slot
        self.setVisible(on)
        if on:
            announce(self, tr(_CAPS))


class NewPassphrase(QWidget):
    """A new passphrase, twice, with a hint of its strength.

    Args:
        changed: called whenever the answer of `problem` may have changed.
    """

    def __init__(self, changed: Callable[[], None]) -> None:
        super().__init__()
        self.first = PassphraseField(tr("New passphrase"))
        self.second = PassphraseField(tr("The same once more"))
        self._bar = QProgressBar()
        self._bar.setRange(0, 100)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("Strength of the passphrase"))
        self._hint = label("", Type.SMALL, "muted")
        self._changed = changed
        layout = column(self, gap=Space.S)
        caps = CapsHint(self.first, self.second)
        for widget in (self.first, self._bar, self._hint, self.second, caps):
            layout.addWidget(widget)
        self._still = QTimer(self)
        self._still.setSingleShot(True)
        self._still.timeout.connect(self._judge)
        self.first.textChanged.connect(self._typed)
        self.second.textChanged.connect(self._typed)
        self._judge()

    def problem(self) -> str:
        """Return what keeps the passphrase from being used, or nothing."""
        text = self.first.text()
        if len(text) < SHORTEST:
            return tr("At least {count} characters; several words are best.", count=SHORTEST)
        if self.second.text() and text != self.second.text():
            return tr("The two do not match yet.")
        return "" if self.second.text() else tr("Type it once more.")

    def take(self) -> str:
        """Return the passphrase and empty both fields."""
        self.second.clear()
        return self.first.take()

    def _typed(self) -> None:
        self._still.start(_STILL_MS)
        self._changed()

    def _judge(self) -> None:
        """Show how hard what was typed is to guess, or what keeps it from being used."""
        text = self.first.text()
        found = guesses(text) if text else Guesses(0.0, "")
        self._bar.setValue(min(round(100 * found.log10 / _FULL), 100))
        level, tone = next((words, tone) for limit, words, tone in _LEVELS if found.log10 < limit)
        words = tr(level)
        if found.warning and tone == "danger":
            words = f"{words}. {tr(found.warning)}"
        problem = self.problem()
        is_short = len(text) < SHORTEST or (problem and self.second.text())
        self._hint.setText(problem if is_short else words)
        set_tone(self._hint, "muted" if is_short else tone)
        set_tone(self._bar, "danger" if len(text) < SHORTEST else tone)
