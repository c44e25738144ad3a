"""Connecting and reconnecting: the wait for the person at the bank's page, and what follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from hive_desktop.domain.ledger import ItemState
from hive_desktop.i18n import tr
from hive_desktop.ui.forms.waiting import WaitingPanel
from hive_desktop.ui.kit import aio

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable

    from hive_desktop.domain.ledger import Item
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ui.page import Page

_URL_POLL_MS = 200


class LinkFlow(QObject):
    """One bank's page at a time.

    Args:
        page: where it is shown.
        moved: called when the wait began or ended.
        decide: called with a new connection to a bank that is known already.
        on_error: hears what goes wrong.
        connected: called once a bank is connected, before its history is read.
    """

    def __init__(
        self,
        page: Page,
        *,
        moved: Callable[[], None],
        decide: Callable[[Item], None],
        on_error: Callable[[HiveError], None],
        connected: Callable[[], None] | None = None,
    ) -> None:
        super().__init__(page)
        self._page = page
        self._moved = moved
        self._decide = decide
        self._on_error = on_error
        self._connected = connected
        self._task: asyncio.Task[None] | None = None
        self.waiting = WaitingPanel(self.cancel)
        self._url_timer = QTimer(self)
        self._url_timer.setInterval(_URL_POLL_MS)
        self._url_timer.timeout.connect(self._poll_url)

    def connect_bank(self) -> None:
        """Open the bank's page in the browser and wait for the person there."""
        if self._task is None:
            self._begin(tr("Waiting for your bank"), self._connect())

    def reconnect(self, item: Item) -> None:
        """Open the bank's page to sign in again."""
        if self._task is None:
            self._begin(tr("Waiting for {bank}", bank=item.institution), self._reconnect(item))

    def cancel(self) -> None:
        """Stop waiting for the bank's page."""
        if self._task is not None:
            self._task.cancel()

    def is_waiting(self) -> bool:
        """Tell whether a bank's page, or the first sync after it, is under way."""
        return self._task is not None

    def shut(self) -> None:
        """End the wait."""
        self._url_timer.stop()

    def _begin(self, title: str, work: aio.Work) -> None:
        self.waiting.show_waiting(title)
        self._url_timer.start()
        scope = self._page.context.scope
        self._task = aio.spawn(scope, work, on_error=self._on_error, name="link")
        self._task.add_done_callback(self._done)
        self._moved()

    def _done(self, _task: asyncio.Task[None]) -> None:
        self._task = None
        if self._page.is_shut:
            return
        self._url_timer.stop()
        self.waiting.hide()
        self._moved()

    async def _connect(self) -> None:
        session = self._page.context.session
        new = set(await session.linking.connect())
        self.waiting.hide()
        items = [item for item in await session.ledger.items() if item.id in new]
        known = [item for item in items if item.state is ItemState.AWAITING]
        fresh = [item_id for item_id in new if item_id not in {item.id for item in known}]
        for item in known:
            self._decide(item)
        if fresh:
            words = tr("Bank connected. Its history is being read now.")
            self._page.context.notices.show_message(words)
            if self._connected is not None:
                self._connected()
            await session.sync.settle(fresh)

    async def _reconnect(self, item: Item) -> None:
        """Sign in again, then sync anew: a run from before had the bank's refusal."""
        context = self._page.context
        session = context.session
        await session.linking.reconnect(item.id)
        self.waiting.hide()
        context.notices.show_message(tr("{bank} is connected again", bank=item.institution))
        for one in await session.sync.sync(items=[item.id], reason="link", joins=False):
            if one.error is not None:
                raise one.error

    def _poll_url(self) -> None:
        url = self._page.context.session.linking.pending_url or ""
        if url != self.waiting.url:
            self.waiting.set_url(url)
