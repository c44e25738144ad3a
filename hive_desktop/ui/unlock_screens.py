"""What the unlock window's card can show. Widgets only; the window decides what happens."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QProgressBar, QSizePolicy, QWidget

from hive_desktop.i18n import tr, tr_n
from hive_desktop.ui.kit import icons, theme
from hive_desktop.ui.kit.passphrase import CapsHint, NewPassphrase, PassphraseField
from hive_desktop.ui.kit.pill import pill_colors
from hive_desktop.ui.kit.theme import Radius, Space, Type
from hive_desktop.ui.kit.widgets import Button, column, on_click, paragraph
from hive_desktop.ui.kit.wording import foldable

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QVBoxLayout

    from hive_desktop.ui.kit.widgets import Tone

_TALL = 40


class WelcomeScreen(QWidget):
    """First run: make a vault, or look around in the demo."""

    def __init__(
        self,
        create: Callable[[], None],
        demo: Callable[[], None],
        restore: Callable[[], None],
        archive: Callable[[Path], None],
    ) -> None:
        super().__init__()
        layout = head(
            self,
            tr("Welcome to Hive"),
            tr("Your accounts and spending in one place, in a vault that only you can open."),
        )
        self.create_button = tall(Button(tr("Create my vault"), "primary"))
        self.demo_button = tall(Button(tr("Open the demo")))
        on_click(self.create_button, create)
        on_click(self.demo_button, demo)
        layout.addWidget(self.create_button)
        layout.addWidget(self.demo_button)
        layout.addWidget(
            centred_words(tr("The demo is a made-up household. It is thrown away on leaving."))
        )
        self.restore = Button(tr("Restore from a backup"), "link")
        on_click(self.restore, restore)
        layout.addWidget(self.restore, 0, Qt.AlignmentFlag.AlignHCenter)
        self._archive = archive
        self.from_archive = Button(tr("Make a vault of an archive"), "link")
        on_click(self.from_archive, self._ask_archive)
        layout.addWidget(self.from_archive, 0, Qt.AlignmentFlag.AlignHCenter)

    def _ask_archive(self) -> None:
        title, words = tr("Choose an archive"), tr("Hive archive (*.hivearchive)")
        dialog = QFileDialog(self, title, "", words)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda name: self._archive(Path(name)))
        dialog.open()


class CreateScreen(QWidget):
    """A new vault's passphrase."""

    def __init__(self, create: Callable[[str], None], back: Callable[[], None]) -> None:
        super().__init__()
        layout = head(
            self,
            tr("Choose a passphrase"),
            tr(
                "It encrypts your vault. Nobody can reset it; the next step gives you a recovery "
                "kit."
            ),
        )
        self.go_on = tall(Button(tr("Create the vault"), "primary"))
        self.passphrase = NewPassphrase(self._typed)
        self.of_archive = centred_words("")
        self.show_archive(None)
        layout.addWidget(self.of_archive)
        layout.addWidget(self.passphrase)
        layout.addWidget(self.go_on)
        cancel = tall(Button(tr("Back"), "plain"))
        on_click(cancel, back)
        layout.addWidget(cancel)
        on_click(self.go_on, lambda: create(self.passphrase.take()))
        self.passphrase.second.returnPressed.connect(self.go_on.click)
        self._typed()

    def show_archive(self, file: Path | None) -> None:
        """Say which archive the vault will be made of, if any."""
        self.of_archive.setVisible(file is not None)
        if file is not None:
            told = tr(
                "It will hold what is in {file}. Banks are connected anew.",
                file=foldable(file.name),
            )
            self.of_archive.setText(told)

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
        restore: Callable[[], None],
        demo: Callable[[], None],
    ) -> None:
        super().__init__()
        layout = head(self, tr("Unlock your vault"), "")
        self._unlock = unlock
        self._is_allowed = True
        self.passphrase = PassphraseField(tr("Passphrase"))
        self.go_on = tall(Button(tr("Unlock"), "primary"))
        self.keychain = tall(Button(tr("Unlock with this computer's keychain"), "secondary", "key"))
        self.recovery = Button(tr("Use the recovery kit"), "link")
        self.restore = Button(tr("Restore from a backup"), "link")
        self.demo = Button(tr("Open the demo instead"), "link")
        self.wait = WaitNote()
        caps = CapsHint(self.passphrase)
        for widget in (self.passphrase, caps, self.go_on, self.wait, self.keychain):
            layout.addWidget(widget)
        for link in (self.recovery, self.restore, self.demo):
            layout.addWidget(link, 0, Qt.AlignmentFlag.AlignHCenter)
        self.passphrase.textChanged.connect(self._typed)
        self.passphrase.returnPressed.connect(self._go)
        on_click(self.go_on, self._go)
        on_click(self.keychain, keychain)
        on_click(self.recovery, recovery)
        on_click(self.restore, restore)
        on_click(self.demo, demo)
        self._typed()

    def offer_keychain(self, *, offered: bool) -> None:
        """Show the keychain's button where the vault has a slot for it."""
        self.keychain.setVisible(offered)

    def allow(self, *, allowed: bool) -> None:
        """Let the next try happen, or not yet."""
        self._is_allowed = allowed
        self.go_on.setVisible(allowed)
        self.wait.setVisible(not allowed)
        self._typed()

    def _typed(self) -> None:
        self.go_on.setEnabled(self._is_allowed and bool(self.passphrase.text()))

    def _go(self) -> None:
        if self.go_on.isEnabled():
            self._unlock(self.passphrase.take())


class WaitNote(QLabel):
    """Counts the seconds down until the next try, in the place of the button that tries."""

    def __init__(self) -> None:
        super().__init__()
        self.setFont(theme.font(Type.BODY, tabular=True))
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._dress()
        self.hide()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the theme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._dress()

    def _dress(self) -> None:
        ground, words = pill_colors("warning")
        # As tall as a button is, whose place it takes.
        sheet = (
            f"background: {ground}; color: {words}; border: 1px solid {ground};"
            f" border-radius: {Radius.M}px; min-height: 30px;"
        )
        if self.styleSheet() != sheet:
            self.setStyleSheet(sheet)

    def show_left(self, seconds: int) -> None:
        """Show how many seconds are left."""
        self.setText(tr_n("Next try in {count} second", "Next try in {count} seconds", seconds))


class RecoveryScreen(QWidget):
    """The recovery kit's key."""

    def __init__(self, recover: Callable[[str], None], back: Callable[[], None]) -> None:
        super().__init__()
        layout = head(
            self,
            tr("Use your recovery kit"),
            tr("Type or paste the key as it stands on the kit. Hyphens and case do not matter."),
        )
        self._recover = recover
        self._is_allowed = True
        self.key = QLineEdit()
        self.key.setPlaceholderText(tr("Recovery key"))
        self.key.setAccessibleName(tr("Recovery key"))
        self.key.setFont(theme.font(Type.BODY))
        self.key.setFixedHeight(38)
        self.go_on = tall(Button(tr("Unlock"), "primary"))
        cancel = tall(Button(tr("Back"), "plain"))
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
        self.go_on.setVisible(allowed)
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
        layout = head(self, tr("One moment"), " ")
        self._words = self.findChildren(QLabel)[-1]
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setAccessibleName(tr("Working"))
        layout.addWidget(bar)
        self.stop = tall(Button(tr("Stop"), "plain"))
        self.stop.hide()
        on_click(self.stop, self._stop)
        layout.addWidget(self.stop)
        layout.addStretch(1)
        self._stopped: Callable[[], None] | None = None

    def offer_stop(self, stopped: Callable[[], None] | None) -> None:
        """Offer to stop what is being done; None where it cannot be stopped."""
        self._stopped = stopped
        self.stop.setVisible(stopped is not None)

    def _stop(self) -> None:
        if self._stopped is not None:
            self.stop.hide()
            self._stopped()

    def say(self, words: str) -> None:
        """Say what is being done."""
        self._words.setText(words)


def head(widget: QWidget, title: str, text: str) -> QVBoxLayout:
    """Give a screen its picture, title and words; returns where the rest goes."""
    layout = column(widget, gap=Space.M)
    picture = QLabel()
    picture.setPixmap(icons.pixmap("hive", "#000000", 48))
    layout.addWidget(picture, 0, Qt.AlignmentFlag.AlignHCenter)
    layout.addSpacing(Space.XS)
    layout.addWidget(centred_words(title, Type.DISPLAY, "text"))
    if text:
        layout.addWidget(centred_words(text))
    layout.addSpacing(Space.S)
    return layout


def centred_words(text: str, role: Type = Type.BODY, tone: Tone = "muted") -> QLabel:
    """Return words in the middle of the card."""
    result = paragraph(text, role, tone)
    result.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    return result


def tall(button: Button) -> Button:
    """Return a button as tall as those of the card are."""
    button.setFixedHeight(_TALL)
    return button
