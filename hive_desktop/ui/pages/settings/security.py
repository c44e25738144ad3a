"""Security: idle lock, passphrase, recovery kit, keychain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from PySide6.QtWidgets import QCheckBox, QWidget
from shiboken6 import isValid

from hive_desktop.i18n import mark, tr
from hive_desktop.services.settings import AUTOLOCK_MINUTES, HIDE_AT_START
from hive_desktop.ui.kit import aio, theme
from hive_desktop.ui.kit.passphrase import NewPassphrase, PassphraseField
from hive_desktop.ui.kit.segmented import Segmented
from hive_desktop.ui.kit.states import ErrorBanner
from hive_desktop.ui.kit.switch import Switch
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, column, frame, on_click, paragraph, row
from hive_desktop.ui.pages.settings.sections import Section
from hive_desktop.ui.recovery import RecoveryKitView

if TYPE_CHECKING:
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.services.lifecycle import AppLifecycle
    from hive_desktop.ui.page import PageContext

_AUTOLOCK = ((5, mark("5 min")), (10, mark("10 min")), (30, mark("30 min")), (0, mark("Never")))
_FORM_WIDTH = 420
_WHO_OPENS = mark(
    "Whoever is signed in to this computer can then open the vault without the passphrase."
)
_NO_KEYCHAIN = mark("This computer has no keychain that could hold a key")


class SecuritySection(Section):
    """Everything about the vault's keys."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(tr("Security"))
        self._context = context
        self.autolock: Segmented[int] = Segmented(
            [(minutes, tr(words)) for minutes, words in _AUTOLOCK],
            context.go.set_autolock,
            tr("Lock when idle"),
        )
        self.autolock.select(10)
        self.add_line(
            tr("Lock when idle"),
            tr("Without a key or pointer for this long, the vault locks."),
            self.autolock,
        )
        self.hides = Switch(tr("Hide amounts at start"), self._put_hides)
        self.hides.setChecked(context.session.settings.seen(HIDE_AT_START, "0") == "1")
        self.add_line(
            tr("Hide amounts at start"),
            tr("Every opening begins with amounts hidden, until you show them."),
            self.hides,
        )
        self.error = ErrorBanner()
        lifecycle = context.lifecycle
        if lifecycle is not None and not context.session.is_demo:
            self._add_keys(lifecycle)
        self.add_wide(self.error)

    async def load(self) -> None:
        """Show what is stored."""
        minutes = await self._context.session.settings.get(AUTOLOCK_MINUTES, "10")
        if minutes.isdigit() and int(minutes) in dict(_AUTOLOCK):
            self.autolock.select(int(minutes))
        lifecycle = self._context.lifecycle
        if lifecycle is not None and not self._context.session.is_demo:
            has_slot = lifecycle.has_keychain_slot()
            available = has_slot or await lifecycle.keychain_available()
            self.keychain.setEnabled(available)
            self.keychain.setText(tr("Remove") if has_slot else tr("Allow"))
            words = tr(_WHO_OPENS) if available else tr(_NO_KEYCHAIN)
            self._keychain_words.setText(words)
            self.keychain.setToolTip("" if available else words)

    def _put_hides(self, hides: bool) -> None:  # noqa: FBT001 - a switch's call-back
        work = self._context.session.settings.put(HIDE_AT_START, str(int(hides)))
        self._spawn(work, "hide-at-start")

    def _add_keys(self, lifecycle: AppLifecycle) -> None:
        self.change = Button(tr("Change\N{HORIZONTAL ELLIPSIS}"))
        self.change.setAccessibleName(tr("Change the passphrase"))
        self.add_line(tr("Passphrase"), tr("Opens the vault on this computer."), self.change)
        self.form = _PassphraseForm(self._change_passphrase)
        self.add_wide(self.form)
        on_click(self.change, self.form.open)
        self.new_kit = Button(tr("Make a new one"))
        self.add_line(
            tr("Recovery kit"),
            tr("A new kit replaces the old one, which then opens nothing."),
            self.new_kit,
        )
        self.kit = _kit_box(RecoveryKitView(self._kit_kept))
        self.add_wide(self.kit)
        on_click(self.new_kit, lambda: self._spawn(self._make_kit(lifecycle), "recovery-kit"))
        self.keychain = Button(tr("Allow"))
        self.keychain.setAccessibleName(tr("Unlock with this computer's keychain"))
        self.keychain.setEnabled(False)
        self._keychain_words = self.add_line(
            tr("Unlock with this computer's keychain"), tr(_WHO_OPENS), self.keychain
        )
        on_click(self.keychain, lambda: self._spawn(self._toggle_keychain(lifecycle), "keychain"))

    def _change_passphrase(self, current: str, new: str, *, rekey: bool) -> None:
        lifecycle = self._context.lifecycle
        if lifecycle is not None:
            aio.spawn(
                self._context.program,
                self._do_change(lifecycle, current, new, rekey=rekey),
                on_error=self._failed,
                name="change-passphrase",
            )

    async def _do_change(
        self, lifecycle: AppLifecycle, current: str, new: str, *, rekey: bool
    ) -> None:
        self.error.hide()
        self.form.setEnabled(False)
        try:
            await lifecycle.change_passphrase(current, new, rekey=rekey)
        finally:
            if isValid(self.form):
                self.form.setEnabled(True)
        if not isValid(self.form):
            return  # encrypting anew closed this window, and another stands in its place
        self.form.hide()
        self._context.notices.show_message(tr("The passphrase is changed"))

    async def _make_kit(self, lifecycle: AppLifecycle) -> None:
        self.error.hide()
        kit = await lifecycle.new_recovery_kit()
        view = self.kit.findChild(RecoveryKitView)
        if isinstance(view, RecoveryKitView):
            view.show_kit(kit)
        self.kit.show()

    def _kit_kept(self) -> None:
        self.kit.hide()
        self._context.notices.show_message(tr("The new recovery kit is in force"))

    async def _toggle_keychain(self, lifecycle: AppLifecycle) -> None:
        self.error.hide()
        if lifecycle.has_keychain_slot():
            await lifecycle.disable_keychain()
        else:
            await lifecycle.enable_keychain()
        await self.load()

    def _failed(self, error: HiveError) -> None:
        if isValid(self.error):
            self.error.show_error(error)

    def _spawn(self, work: aio.Work, name: str) -> None:
        aio.spawn(self._context.scope, work, on_error=self._failed, name=name)


class _Send(Protocol):
    def __call__(self, current: str, new: str, *, rekey: bool) -> None: ...


class _PassphraseForm(QWidget):
    """The current passphrase, the new one twice, and whether to encrypt anew."""

    def __init__(self, send: _Send) -> None:
        super().__init__()
        self._send = send
        self.current = PassphraseField(tr("Current passphrase"))
        self.save = Button(tr("Change the passphrase"), "primary")
        self.new = NewPassphrase(self._typed)
        self.rekey = QCheckBox(tr("Also encrypt the ledger anew"))
        self.rekey.setFont(theme.font(Type.BODY))
        cancel = Button(tr("Cancel"))
        layout = column(self, gap=Space.S)
        inner = QWidget()
        inner.setFixedWidth(_FORM_WIDTH)
        form = column(inner, gap=Space.S)
        for widget in (self.current, self.new, self.rekey):
            form.addWidget(widget)
        meaning = paragraph(
            tr(
                "An old copy of the vault's header, and each backup, still opens with the old "
                "passphrase. Encrypting anew makes such a copy worthless and removes the backups; "
                "the vault closes for a moment."
            ),
            Type.SMALL,
        )
        # Layouts within layouts forget that a text wraps.
        meaning.setMinimumHeight(meaning.heightForWidth(_FORM_WIDTH))
        form.addWidget(meaning)
        buttons = row(gap=Space.S)
        buttons.addWidget(self.save)
        buttons.addWidget(cancel)
        buttons.addStretch(1)
        form.addLayout(buttons)
        layout.addWidget(inner)
        on_click(self.save, self._go)
        on_click(cancel, self.hide)
        self.current.textChanged.connect(self._typed)
        self._typed()
        self.hide()

    def open(self) -> None:
        """Show the form."""
        self.show()
        self.current.setFocus()

    def _typed(self) -> None:
        if hasattr(self, "new"):
            self.save.setEnabled(bool(self.current.text()) and not self.new.problem())

    def _go(self) -> None:
        self._send(self.current.take(), self.new.take(), rekey=self.rekey.isChecked())


def _kit_box(view: RecoveryKitView) -> QWidget:
    box = frame("notice")
    inside = column(box, margin=Space.L)
    inside.addWidget(view)
    box.hide()
    return box
