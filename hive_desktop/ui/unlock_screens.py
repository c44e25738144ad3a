"""What the unlock window's card can show. Widgets only; the window decides what happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit, QProgressBar, QWidget

from hive_desktop.ui.kit import icons, theme
from hive_desktop.ui.kit.passphrase import CapsHint, NewPassphrase, PassphraseField
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, column, label, on_click, paragraph

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QVBoxLayout

_TALL = 40


class WelcomeScreen(QWidget):
    """First run: make a vault, or look around in the demo."""

    def __init__(self, create: Callable[[], None], demo: Callable[[], None]) -> None:
        super().__init__()
        layout = _head(
            self,
            "Welcome to Hive",
            "Your accounts and spending in one place, in a vault that only you can open.",
        )
        self.create_button = _tall(Button("Create my vault", "primary"))
        self.demo_button = _tall(Button("Open the demo"))
        on_click(self.create_button, create)
        on_click(self.demo_button, demo)
        layout.addWidget(self.create_button)
        layout.addWidget(self.demo_button)
        layout.addWidget(_centred("The demo is a made-up household. It is thrown away on leaving."))


class CreateScreen(QWidget):
    """A new vault's passphrase."""

    def __init__(self, create: Callable[[str], None], back: Callable[[], None]) -> None:
        super().__init__()
        layout = _head(
            self,
            "Choose a passphrase",
            "It encrypts your vault. Nobody can reset it; the next step gives you a recovery kit.",
        )
        self.go_on = _tall(Button("Create the vault", "primary"))
        self.passphrase = NewPassphrase(self._typed)
        layout.addWidget(self.passphrase)
        layout.addWidget(self.go_on)
        cancel = _tall(Button("Back", "plain"))
        on_click(cancel, back)
        layout.addWidget(cancel)
        on_click(self.go_on, lambda: create(self.passphrase.take()))
        self.passphrase.second.returnPressed.connect(self.go_on.click)
        self._typed()

    def _typed(self) -> None:
        if hasattr(self, "passphrase"):
            self.go_on.setEnabled(not self.passphrase.problem())


class UnlockScreen(QWidget):
    """The vault's passphrase, and the other ways in."""

    def __init__(
        self,
        *,
        unlock: Callable[[str], None],
        keychain: Callable[[], None],
        recovery: Callable[[], None],
        demo: Callable[[], None],
    ) -> None:
        super().__init__()
        layout = _head(self, "Unlock your vault", "")
        self._unlock = unlock
        self._is_allowed = True
        self.passphrase = PassphraseField("Passphrase")
        self.go_on = _tall(Button("Unlock", "primary"))
        self.keychain = _tall(Button("Unlock with this computer's keychain", "secondary", "key"))
        self.recovery = Button("Use the recovery kit", "link")
        self.demo = Button("Open the demo instead", "link")
        self.wait = WaitNote()
        caps = CapsHint(self.passphrase)
        for widget in (self.passphrase, caps, self.go_on, self.wait, self.keychain):
            layout.addWidget(widget)
        for link in (self.recovery, self.demo):
            layout.addWidget(link, 0, Qt.AlignmentFlag.AlignHCenter)
        self.passphrase.textChanged.connect(self._typed)
        self.passphrase.returnPressed.connect(self._go)
        on_click(self.go_on, self._go)
        on_click(self.keychain, keychain)
        on_click(self.recovery, recovery)
        on_click(self.demo, demo)
        self._typed()

    def offer_keychain(self, *, offered: bool) -> None:
        """Show the keychain's button where the vault has a slot for it."""
        self.keychain.setVisible(offered)

    def allow(self, *, allowed: bool) -> None:
        """Let the next try happen, or not yet."""
        self._is_allowed = allowed
        self.wait.setVisible(not allowed)
        self._typed()

    def _typed(self) -> None:
        self.go_on.setEnabled(self._is_allowed and bool(self.passphrase.text()))

    def _go(self) -> None:
        if self.go_on.isEnabled():
            self._unlock(self.passphrase.take())


class WaitNote(QLabel):
    """Counts the seconds down until the next try."""

    def __init__(self) -> None:
        super().__init__()
        self.setFont(theme.font(Type.SMALL, tabular=True))
        self.setProperty("tone", "warning")
        self.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.hide()

    def show_left(self, seconds: int) -> None:
        """Show how many seconds are left."""
        unit = "second" if seconds == 1 else "seconds"
        self.setText(f"Next try in {seconds} {unit}")


class RecoveryScreen(QWidget):
    """The recovery kit's key."""

    def __init__(self, recover: Callable[[str], None], back: Callable[[], None]) -> None:
        super().__init__()
        layout = _head(
            self,
            "Use your recovery kit",
            "Type or paste the key as it stands on the kit. Hyphens and case do not matter.",
        )
        self._recover = recover
        self._is_allowed = True
        self.key = QLineEdit()
        self.key.setPlaceholderText("Recovery key")
        self.key.setAccessibleName("Recovery key")
        self.key.setFont(theme.font(Type.BODY))
        self.key.setFixedHeight(38)
        self.go_on = _tall(Button("Unlock", "primary"))
        cancel = _tall(Button("Back", "plain"))
        self.wait = WaitNote()
        for widget in (self.key, self.go_on, self.wait, cancel):
            layout.addWidget(widget)
        self.key.textChanged.connect(self._typed)
        self.key.returnPressed.connect(self._go)
        on_click(self.go_on, self._go)
        on_click(cancel, back)
        self._typed()

    def allow(self, *, allowed: bool) -> None:
        """Let the next try happen, or not yet."""
        self._is_allowed = allowed
        self.wait.setVisible(not allowed)
        self._typed()

    def _typed(self) -> None:
        self.go_on.setEnabled(self._is_allowed and bool(self.key.text().strip()))

    def _go(self) -> None:
        if self.go_on.isEnabled():
            key = self.key.text().strip()
            self.key.clear()
            self._recover(key)


class BusyScreen(QWidget):
    """Something is being opened."""

    def __init__(self) -> None:
        super().__init__()
        layout = _head(self, "One moment", " ")
        self._words = self.findChildren(QLabel)[-1]
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setAccessibleName("Working")
        layout.addWidget(bar)
        layout.addStretch(1)

    def say(self, words: str) -> None:
        """Say what is being done."""
        self._words.setText(words)


def _head(widget: QWidget, title: str, text: str) -> QVBoxLayout:
    layout = column(widget, gap=Space.M)
    picture = QLabel()
    picture.setPixmap(icons.pixmap("hive", "#000000", 48))
    layout.addWidget(picture, 0, Qt.AlignmentFlag.AlignHCenter)
    layout.addSpacing(Space.XS)
    layout.addWidget(label(title, Type.DISPLAY), 0, Qt.AlignmentFlag.AlignHCenter)
    if text:
        layout.addWidget(_centred(text))
    layout.addSpacing(Space.S)
    return layout


def _centred(text: str) -> QLabel:
    result = paragraph(text)
    result.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    return result


def _tall(button: Button) -> Button:
    button.setFixedHeight(_TALL)
    return button
