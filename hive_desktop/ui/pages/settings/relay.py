"""A relay: signing in or up, how the line stands, what it knows, and signing out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from hive_desktop.i18n import mark, tr
from hive_desktop.ports.events import RelayChanged
from hive_desktop.services.news import Line
from hive_desktop.ui.forms.relay import SignInForm
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.confirm import confirmed
from hive_desktop.ui.kit.segmented import Segmented
from hive_desktop.ui.kit.states import ErrorBanner
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
from hive_desktop.ui.pages.settings.relay_data import RelayDataDialog
from hive_desktop.ui.pages.settings.sections import Section

if TYPE_CHECKING:
    from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ports.relay import RelayGrant
    from hive_desktop.ui.kit.bus_bridge import BusBridge
    from hive_desktop.ui.kit.widgets import Tone
    from hive_desktop.ui.page import PageContext

_NEW_BANKS = ((True, mark("Relay")), (False, mark("Own keys")))
_EXPLAINED = mark(
    "A small server that holds Plaid's keys for you, and tells Hive at once when a bank has news. "
    "It keeps no access token and no transaction."
)
_LINES: dict[Line, tuple[str, Tone]] = {
    Line.NONE: ("", "muted"),
    Line.OPEN: (mark("Connected; news of your banks arrives at once."), "muted"),
    Line.AWAY: (mark("The relay cannot be reached now. Hive tries again by itself."), "warning"),
    Line.SIGNED_OUT: (mark("The relay has ended this sign-in."), "danger"),
}


class RelaySection(Section):
    """Shows a form, or who is signed in where.

    Args:
        context: the page's own.
        bridge: hears how the line stands.
    """

    def __init__(self, context: PageContext, bridge: BusBridge) -> None:
        super().__init__(tr("Relay"))
        self._context = context
        self.form = SignInForm(context, self._entered, self._form_failed)
        self.signed_in = QWidget()
        self.who = label("")
        self.line = paragraph("", Type.SMALL)
        self.out = Button(tr("Sign out"))
        self.everywhere = Button(tr("Sign out everywhere"))
        self.data = Button(tr("Show"))
        self.new_banks: Segmented[bool] = Segmented(
            [(way, tr(name)) for way, name in _NEW_BANKS],
            self._prefer,
            tr("New banks are connected through"),
        )
        self._choice = QWidget()
        self._more = QWidget()
        self.error = ErrorBanner()
        self._explained = paragraph(tr(_EXPLAINED), Type.SMALL)
        self.add_wide(self._explained)
        self._build()
        self.add_wide(self.signed_in)
        self.add_wide(self.form)
        self.add_wide(self.error)
        bridge.on(RelayChanged, lambda _event: self.show_state())
        on_click(self.out, lambda: self._spawn(self._leave(everywhere=False)))
        on_click(self.everywhere, lambda: self._spawn(self._leave_everywhere()))
        on_click(self.data, lambda: self._spawn(self._show_data()))
        self.show_state()

    def show_state(self) -> None:
        """Show the form, or the sign-in and its line."""
        bank = self._context.session.bank
        grant = bank.grant
        line = self._context.session.news.line
        self._explained.setVisible(grant is None)
        self.form.setVisible(grant is None or line is Line.SIGNED_OUT)
        self.signed_in.setVisible(grant is not None)
        if grant is not None:
            self._show_grant(grant, line)
            self.new_banks.select(bank.prefers_relay)
            self._choice.setHidden(bank.keys_host is None)

    def _show_grant(self, grant: RelayGrant, line: Line) -> None:
        is_over = line is Line.SIGNED_OUT
        self.who.setText(
            tr("Was signed in as {email}" if is_over else "Signed in as {email}", email=grant.email)
        )
        self._more.setHidden(is_over)
        words, tone = _LINES[line]
        self.line.setText(f"{grant.url.removeprefix('https://')}  \N{MIDDLE DOT}  {tr(words)}")
        if not words:
            self.line.setText(grant.url.removeprefix("https://"))
        set_tone(self.line, tone)
        self.form.offer(grant.url, grant.email)

    def _build(self) -> None:
        layout = column(self.signed_in, gap=Space.M)
        words = column(gap=2)
        words.addWidget(self.who)
        words.addWidget(self.line)
        layout.addLayout(_beside(words, self.out))
        layout.addWidget(self._more)
        layout = column(self._more, gap=Space.M)
        choice = column(self._choice, gap=Space.M)
        choice.addWidget(frame("line"))
        choice.addLayout(
            _beside(
                _words(
                    tr("New banks are connected through"),
                    tr("Banks that are connected already stay with the way they came."),
                ),
                self.new_banks,
            )
        )
        layout.addWidget(self._choice)
        layout.addWidget(frame("line"))
        layout.addLayout(
            _beside(
                _words(
                    tr("What the relay knows of you"), tr("All that it stores, in its own words.")
                ),
                self.data,
            )
        )
        layout.addWidget(frame("line"))
        layout.addLayout(
            _beside(
                _words(
                    tr("A computer was lost"),
                    tr("Ends the sign-in on each of your devices, this one among them."),
                ),
                self.everywhere,
            )
        )

    def _entered(self) -> None:
        self.show_state()
        self._context.notices.show_message(
            tr("Signed in. New banks are connected through the relay")
        )

    def _form_failed(self, error: HiveError | None) -> None:
        if error is None:
            self.error.hide()
        else:
            self._failed(error)

    def _prefer(self, preferred: bool) -> None:  # noqa: FBT001 - a control's call-back
        self._spawn(self._context.session.bank.prefer_relay(preferred=preferred))

    async def _leave(self, *, everywhere: bool) -> None:
        for button in (self.out, self.everywhere):
            button.setEnabled(False)
        try:
            await self._context.session.bank.sign_out(everywhere=everywhere)
        finally:
            for button in (self.out, self.everywhere):
                button.setEnabled(True)
        self.show_state()
        self._context.notices.show_message(tr("Signed out of the relay"))

    async def _leave_everywhere(self) -> None:
        if await confirmed(
            self,
            tr("Sign out everywhere?"),
            tr(
                "Each of your devices must sign in at the relay again. Nothing in this vault is "
                "lost."
            ),
            tr("Sign out everywhere"),
        ):
            await self._leave(everywhere=True)

    async def _show_data(self) -> None:
        self.data.setEnabled(False)
        try:
            known = await self._context.session.bank.known_data()
        finally:
            self.data.setEnabled(True)
        await aio.finished(RelayDataDialog(self, known))

    def _spawn(self, work: aio.Work) -> None:
        self.error.hide()
        aio.spawn(self._context.scope, work, on_error=self._failed, name="relay")

    def _failed(self, error: HiveError) -> None:
        self.error.show_error(error)
        self.show_state()


def _words(title: str, text: str) -> QVBoxLayout:
    words = column(gap=2)
    words.addWidget(label(title))
    words.addWidget(paragraph(text, Type.SMALL))
    return words


def _beside(words: QVBoxLayout, control: QWidget) -> QHBoxLayout:
    line = row(gap=Space.XL)
    line.addLayout(words, 1)
    line.addWidget(control, 0, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight)
    return line
