"""The form that signs in at a relay, or up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLineEdit, QWidget

from hive_desktop.i18n import mark, tr
from hive_desktop.ports.relay import Credentials
from hive_desktop.ui.kit import aio, theme
from hive_desktop.ui.kit.passphrase import SHORTEST, PassphraseField
from hive_desktop.ui.kit.segmented import Segmented
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, column, on_click, paragraph, row

if TYPE_CHECKING:
    from collections.abc import Callable

    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ui.page import PageContext

_FORM_WIDTH = 420
_FIELD_HEIGHT = 38
_WAYS = ((False, mark("Sign in")), (True, mark("Create an account")))


class SignInForm(QWidget):
    """Address, e-mail and password; for a new account also an invite code.

    Args:
        context: the page's own.
        entered: called once the person is signed in.
        failed: hears what went wrong; None when another try begins.
    """

    def __init__(
        self,
        context: PageContext,
        entered: Callable[[], None],
        failed: Callable[[HiveError | None], None],
    ) -> None:
        super().__init__()
        self._context = context
        self._entered = entered
        self._failed = failed
        self.way: Segmented[bool] = Segmented(
            [(is_new, tr(words)) for is_new, words in _WAYS],
            lambda _way: self._typed(),
            tr("Sign in or up"),
        )
        self.url = _line(
            tr("Address, such as https://relay.example.org"), tr("The relay's address")
        )
        self.email = _line(tr("E-mail"), tr("E-mail"))
        self.password = PassphraseField(tr("Password"))
        self.invite = PassphraseField(tr("Invite code"))
        self.hint = paragraph(
            tr(
                "At least {count} characters. Whoever runs the relay gives you an invite code.",
                count=SHORTEST,
            ),
            Type.SMALL,
        )
        self.go_on = Button(tr("Sign in"), "primary")
        self._is_busy = False
        layout = column(self, gap=0)
        inner = QWidget()
        inner.setFixedWidth(_FORM_WIDTH)
        form = column(inner, gap=Space.S)
        for widget in (self.way, self.url, self.email, self.password, self.invite, self.hint):
            form.addWidget(widget)
        buttons = row()
        buttons.addWidget(self.go_on)
        buttons.addStretch(1)
        form.addLayout(buttons)
        layout.addWidget(inner)
        for field in (self.url, self.email, self.password, self.invite):
            field.textChanged.connect(self._typed)
            field.returnPressed.connect(self._go)
        on_click(self.go_on, self._go)
        self._typed()

    def offer(self, url: str, email: str) -> None:
        """Fill in what is known, where nothing was typed."""
        for field, text in ((self.url, url), (self.email, email)):
            if not field.text():
                field.setText(text)

    def _typed(self) -> None:
        is_new = self.way.value()
        self.invite.setVisible(is_new)
        self.hint.setVisible(is_new)
        self.go_on.setText(tr("Create the account") if is_new else tr("Sign in"))
        needed = (self.url.text(), self.email.text(), self.password.text())
        is_long = not is_new or len(self.password.text()) >= SHORTEST
        is_whole = is_long and all(text.strip() for text in needed)
        self.go_on.setEnabled(is_whole and not self._is_busy)

    def _go(self) -> None:
        if not self.go_on.isEnabled():
            return
        invite = self.invite.text().strip() if self.way.value() else ""
        credentials = Credentials(self.email.text().strip(), self.password.text(), invite or None)
        work = self._sign_in(self.url.text().strip(), credentials, is_new=self.way.value())
        self._failed(None)
        aio.spawn(self._context.scope, work, on_error=self._failed, name="relay")

    async def _sign_in(self, url: str, credentials: Credentials, *, is_new: bool) -> None:
        self._set_busy(busy=True)
        try:
            await self._context.session.bank.sign_in(url, credentials, is_new=is_new)
        finally:
            self._set_busy(busy=False)
        for field in (self.url, self.email, self.password, self.invite):
            field.clear()
        self._entered()

    def _set_busy(self, *, busy: bool) -> None:
        self._is_busy = busy
        self._typed()


def _line(placeholder: str, name: str) -> QLineEdit:
    field = QLineEdit()
    field.setPlaceholderText(placeholder)
    field.setAccessibleName(name)
    field.setFont(theme.font(Type.BODY))
    field.setFixedHeight(_FIELD_HEIGHT)
    return field
