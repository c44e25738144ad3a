"""What would be sent to a model, shown before it is sent, for those who want to be asked."""

from __future__ import annotations

import asyncio
from contextvars import copy_context
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QDialog

from hive_desktop.i18n import mark, tr, tr_c, tr_n
from hive_desktop.ports.egress import place
from hive_desktop.ports.errors import NotApprovedError
from hive_desktop.ports.events import AiProgress, AiState
from hive_desktop.ui.forms.words import purpose_words
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.bodies import BodyView, readable
from hive_desktop.ui.kit.bus_bridge import BusBridge
from hive_desktop.ui.kit.dialog import Dialog
from hive_desktop.ui.kit.money import locale
from hive_desktop.ui.kit.segmented import Segmented
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import column, label, row

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from PySide6.QtWidgets import QVBoxLayout, QWidget

    from hive_desktop.ports.ai import Preview
    from hive_desktop.services.session import VaultSession

_SIZE = (680, 560)
_VIEWS = ((True, mark("Readable")), (False, mark("As sent")))
_NO_BODY = mark("(This request has no body: it asks the server a question by its address alone.)")


class Approvals:
    """Answers a session's question whether a request may be sent, one request at a time.

    Args:
        window: stands under the dialogs.
        session: asks; nobody else is asked while the window stands.
    """

    def __init__(self, window: QWidget, session: VaultSession) -> None:
        self._window = window
        self._session = session
        self._in_turn = asyncio.Lock()
        self._agreed: set[tuple[str, str]] = set()
        self._dialog: ApprovalDialog | None = None
        self._is_shut = False
        # Of the window: a command that runs in its session may speak another language.
        self._context = copy_context()
        self._bridge = BusBridge(session.bus, window)
        self._bridge.on(AiProgress, self._heard)
        # A bound method is another object each time it is named.
        self._ask: Callable[[Preview], Awaitable[bool]] = self.ask
        session.ai.approver = self._ask
        self._go_on()

    async def ask(self, preview: Preview) -> bool:
        """Show a request and tell whether it may be sent."""
        async with self._in_turn:
            if self._is_shut:
                return False
            of = (preview.host, preview.purpose)
            is_run = self._session.ai_categorize.is_running
            if is_run and of in self._agreed:
                return True
            make = partial(ApprovalDialog, self._window, preview, offers_all=is_run)
            self._dialog = self._context.copy().run(make)
            try:
                result = await aio.finished(self._dialog)
                for_all = self._dialog.for_all
            finally:
                self._dialog = None
            is_agreed = result == QDialog.DialogCode.Accepted and not self._is_shut
            if is_agreed and for_all:
                self._agreed.add(of)
            return is_agreed

    def shut(self) -> None:
        """Let nothing be sent any more that is to be shown."""
        self._is_shut = True
        self._bridge.close()
        if self._session.ai.approver is self._ask:
            self._session.ai.approver = None
        if self._dialog is not None:
            self._dialog.reject()

    def _heard(self, progress: AiProgress) -> None:
        if progress.state in (AiState.IDLE, AiState.STOPPED):
            self._agreed.clear()

    def _go_on(self) -> None:
        """Begin again what had nobody to ask because the window was not there yet."""
        progress = self._session.ai_categorize.progress
        if progress.state is AiState.STOPPED and isinstance(progress.error, NotApprovedError):
            self._session.ai_categorize.start(self._session.scope)


class ApprovalDialog(Dialog):
    """One request: to whom, why, how large, and all of it.

    Args:
        parent: the window.
        preview: the request.
        offers_all: further requests of the same run may be agreed to at once.
    """

    def __init__(self, parent: QWidget, preview: Preview, *, offers_all: bool) -> None:
        width, height = _SIZE
        super().__init__(
            parent,
            tr("Send this?"),
            tr("Nothing has been sent yet. This is all that would leave this computer."),
            width=width,
            height=height,
        )
        self.for_all = False
        self._body = preview.body
        facts = row(gap=Space.XL)
        length = len(preview.body.encode(errors="replace"))
        size = tr_n(
            "{count_text} byte",
            "{count_text} bytes",
            length,
            count_text=locale().toString(length),
        )
        for name, value in (
            (tr_c("address", "To"), place(preview.host)),
            (tr("Why"), purpose_words(preview.purpose)),
            (tr("Size"), size),
        ):
            facts.addLayout(_fact(name, value))
        facts.addStretch(1)
        self.body.addLayout(facts)
        self.view = BodyView(tr("The request"))
        self.views: Segmented[bool] = Segmented(
            [(is_readable, tr(words)) for is_readable, words in _VIEWS],
            self._show,
            tr("How the request is shown"),
        )
        head = row()
        head.addWidget(label(tr("What would be sent"), Type.STRONG))
        head.addStretch(1)
        head.addWidget(self.views)
        self.views.setVisible(bool(preview.body))
        self.body.addLayout(head)
        self.body.addWidget(self.view, 1)
        self.refuse = self.add_button(tr("Don't send"), "secondary", self.reject)
        if offers_all:
            self.send_all = self.add_button(
                tr("Send all in this run"), "secondary", self._agree_to_all
            )
        self.send = self.add_button(tr("Send"), "primary", self.accept)
        self._show(True)  # noqa: FBT003 - a control's call-back
        self.refuse.setFocus()

    def _show(self, is_readable: bool) -> None:  # noqa: FBT001 - a control's call-back
        shown = readable(self._body) if is_readable else self._body
        self.view.setPlainText(shown or tr(_NO_BODY))

    def _agree_to_all(self) -> None:
        self.for_all = True
        self.accept()


def _fact(name: str, value: str) -> QVBoxLayout:
    words = column(gap=2)
    words.addWidget(label(name, Type.CAPTION, "muted"))
    words.addWidget(label(value))
    return words
