"""The local API: whether it is served, where, and which programs may ask it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QWidget

from hive_desktop.domain.api_clients import Scope
from hive_desktop.i18n import mark, tr
from hive_desktop.ports.events import LocalApiChanged
from hive_desktop.ui.forms.own_account import line
from hive_desktop.ui.kit import aio, dates
from hive_desktop.ui.kit.confirm import confirmed
from hive_desktop.ui.kit.dialog import accepted
from hive_desktop.ui.kit.states import ErrorBanner
from hive_desktop.ui.kit.switch import Switch
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import (
    Button,
    clear,
    column,
    label,
    on_click,
    paragraph,
    row,
)
from hive_desktop.ui.kit.wording import foldable
from hive_desktop.ui.pages.settings.client_dialog import ClientDialog, SecretDialog
from hive_desktop.ui.pages.settings.sections import Section

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hive_desktop.domain.api_clients import ApiClient
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ui.kit.bus_bridge import BusBridge
    from hive_desktop.ui.page import PageContext

_OFF = mark(
    "Programs on this computer can ask the open vault, each with an id and a secret of its own. "
    "Nobody else can: no other computer and no web page."
)
_SHORT = {Scope.READ: mark("read"), Scope.WRITE: mark("write"), Scope.CHAT: mark("chat")}
_PORT_WIDTH = 90


class LocalApiSection(Section):
    """Each choice takes effect at once and is kept in the vault.

    Args:
        context: the page's own.
        bridge: hears when it starts or stops.
    """

    def __init__(self, context: PageContext, bridge: BusBridge) -> None:
        super().__init__(tr("Local API"))
        self._context = context
        self._api, self._clients = context.session.local_api, context.session.api_clients
        self.served = Switch(tr("Serve the local API"), self._set_on)
        self._meaning = self.add_line(tr("Serve the local API"), tr(_OFF), self.served)
        self.port = line(tr("Port"), "")
        self.port.setValidator(QIntValidator(1, 65_535, self.port))
        self.port.setFixedWidth(_PORT_WIDTH)
        self.port.editingFinished.connect(self._set_port)
        self.add_line(tr("Port"), tr("Where programs find it, from 1024 to 65535."), self.port)
        self.new = Button(tr("New client\N{HORIZONTAL ELLIPSIS}"))
        on_click(self.new, self._ask_new)
        self.add_line(
            tr("Clients"), tr("Programs that may ask, and what each of them may do."), self.new
        )
        self._box = QWidget()
        self._list = column(self._box, gap=Space.S)
        self.add_wide(self._box)
        self.error = ErrorBanner()
        self.add_wide(self.error)
        self._latest = aio.Latest(context.scope, self.error.show_error, "local-api")
        bridge.on(LocalApiChanged, lambda _event: self.refresh())

    def refresh(self) -> None:
        """Look again what is in force."""
        self._latest.run(self._load())

    async def settled(self) -> None:
        """Wait until it is shown."""
        await self._latest.settled()

    async def _load(self) -> None:
        is_wanted, port = await self._api.is_wanted(), await self._api.wanted_port()
        clients = await self._clients.list()
        self.served.setChecked(is_wanted)
        if not self.port.hasFocus():
            self.port.setText(str(port))
        self._meaning.setText(tr(_OFF))
        if self._api.port is not None:
            address = f"http://127.0.0.1:{self._api.port}"
            self._meaning.setText(
                tr(
                    "Served at {address} until the vault is locked. "
                    "Its page {docs} says what can be asked.",
                    address=address,
                    docs=foldable(f"{address}/api/v1/docs"),
                )
            )
        if is_wanted and self._api.error is not None and self.error.isHidden():
            self.error.show_error(self._api.error)
        self.show_clients([one for one in clients if one.revoked is None])

    def show_clients(self, clients: Sequence[ApiClient]) -> None:
        """Show who may ask."""
        clear(self._list)
        now = self._context.session.clock.now()
        for one in clients:
            entry = row(gap=Space.M)
            words = column(gap=2)
            words.addWidget(label(one.name))
            may = ", ".join(tr(_SHORT[scope]) for scope in Scope if scope in one.scopes)
            used = dates.ago(one.last_used, now)
            told = tr("May {scopes}. Last used: {when}.", scopes=may, when=used)
            words.addWidget(paragraph(told, Type.SMALL))
            entry.addLayout(words, 1)
            end = Button(tr("Revoke"), "secondary", name=tr("Revoke {name}", name=one.name))
            on_click(end, partial(self._ask_revoke, one))
            entry.addWidget(end)
            self._list.addLayout(entry)
        self._box.setVisible(bool(clients))

    def _set_on(self, is_on: bool) -> None:  # noqa: FBT001 - a switch's call-back
        self._spawn(self._api.choose(is_on=is_on))

    def _set_port(self) -> None:
        text = self.port.text()
        if text.isdecimal():
            self._spawn(self._choose_port(int(text)))

    async def _choose_port(self, port: int) -> None:
        if port != await self._api.wanted_port():
            await self._api.choose(is_on=await self._api.is_wanted(), port=port)

    def _ask_new(self) -> None:
        self._spawn(self._make())

    async def _make(self) -> None:
        dialog = ClientDialog(self.window())
        made = await accepted(dialog, lambda: self._clients.create(*dialog.chosen()))
        if made is not None:
            self.refresh()
            await aio.finished(SecretDialog(self.window(), *made))

    def _ask_revoke(self, client: ApiClient) -> None:
        self._spawn(self._revoke(client))

    async def _revoke(self, client: ApiClient) -> None:
        title = tr("Revoke {name}?", name=client.name)
        text = tr("The program cannot ask any more. To let it in again, make another client.")
        if await confirmed(self.window(), title, text, tr("Revoke")):
            await self._clients.revoke(client.client_id)
            self.refresh()

    def _spawn(self, work: aio.Work) -> None:
        self.error.hide()
        aio.spawn(self._context.scope, self._then(work), on_error=self._failed, name="local-api")

    async def _then(self, work: aio.Work) -> None:
        await work
        self.refresh()

    def _failed(self, error: HiveError) -> None:
        self.error.show_error(error)
        self.refresh()
