"""What the window hears by itself: what waits for review, banks in need, what programs deleted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from hive_desktop.domain.changes import Kind
from hive_desktop.domain.ledger import ItemState
from hive_desktop.i18n import mark, tr
from hive_desktop.ports.errors import BackgroundEndedError, ConnectionLostError
from hive_desktop.ports.events import ChatDeleted, DrillDue, ItemNeedsPerson, UpdateFound
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.bus_bridge import BusBridge
from hive_desktop.ui.kit.clipboard import forget_secrets
from hive_desktop.ui.page import PageName

if TYPE_CHECKING:
    from collections.abc import Callable

    from hive_desktop.ports.errors import HiveError
    from hive_desktop.services.session import VaultSession
    from hive_desktop.ui.page import Notices

_NEEDS = {
    ItemState.EXPIRING: mark("{bank}: the bank's consent ends soon"),
    ItemState.NEEDS_RELINK: mark("{bank} wants you to sign in again"),
    ItemState.REVOKED: mark("{bank}: the connection was ended at the bank"),
    ItemState.MISCONFIGURED: mark("{bank}: Plaid or the relay refused access"),
    ItemState.DEGRADED: mark("{bank} has not answered several times in a row"),
}
_NEEDED = mark("{bank} needs you")

_COUNT_AT_LAST_MS = 1_000


class Watch(QObject):
    """Counts and tells for as long as the window stands.

    Args:
        session: the open vault's services.
        scope: owns the counting.
        notices: where banks in need are told of.
        show_page: opens the page that helps.
        show_count: shows how many questions wait.
        on_error: hears what goes wrong, here and in connections that a crash lost, and while
            the vault was locked.
    """

    def __init__(
        self,
        session: VaultSession,
        scope: aio.Scope,
        notices: Notices,
        *,
        show_page: Callable[[PageName], None],
        show_count: Callable[[int], None],
        on_error: Callable[[HiveError], None],
    ) -> None:
        super().__init__()
        self._session = session
        self._on_error = on_error
        self._notices = notices
        self._show_page = show_page
        self._show_count = show_count
        self._scope = scope
        self._latest = aio.Latest(scope, on_error, "count-reviews")
        self._bridge = BusBridge(session.bus, self)
        self._bridge.on(ConnectionLostError, on_error)
        self._bridge.on(BackgroundEndedError, on_error)
        self._bridge.on(ItemNeedsPerson, self._bank_needs)
        self._bridge.on(UpdateFound, self._update_found)
        self._bridge.on(DrillDue, self._drill_due)
        self._bridge.on(ChatDeleted, self._chat_deleted)
        self._bridge.on_changes(self._count, Kind.REVIEWS, Kind.TRANSACTIONS)
        self._has_counted = False
        QTimer.singleShot(_COUNT_AT_LAST_MS, self, self.begin)

    def begin(self) -> None:
        """Count for the first time, now that the first page has its figures."""
        if self._has_counted:
            return
        folding = self._session.folding
        if folding is not None and folding.refused is not None:
            self._on_error(folding.refused)
        self._count()

    async def settled(self) -> None:
        """Wait until the count is shown."""
        self.begin()
        await self._latest.settled()

    def shut(self) -> None:
        """End the subscriptions, count no more, and leave no secret in the clipboard."""
        forget_secrets()
        self._has_counted = True
        self._bridge.close()
        self._latest.cancel()

    def _count(self) -> None:
        self._has_counted = True
        self._latest.run(self._tell_count())

    async def _tell_count(self) -> None:
        questions = await self._session.reviews.count()
        self._show_count(questions + await self._session.inbox.count())

    def _bank_needs(self, event: ItemNeedsPerson) -> None:
        words = tr(_NEEDS.get(event.state, _NEEDED), bank=event.institution)
        self._notices.show_message(
            words, tr("Open Accounts"), lambda: self._show_page(PageName.ACCOUNTS)
        )

    def _drill_due(self, _event: DrillDue) -> None:
        self._notices.show_message(
            tr("It is a year since you tried whether a backup opens"),
            tr("Open Settings"),
            lambda: self._show_page(PageName.SETTINGS),
        )

    def _chat_deleted(self, event: ChatDeleted) -> None:
        def undo() -> None:
            work = self._session.deleted_chats.restore(event.session_id)
            aio.spawn(self._scope, work, on_error=self._on_error, name="chat-restore")

        self._notices.show_message(
            tr("{program} deleted the conversation “{title}”", program=event.by, title=event.title),
            tr("Undo"),
            undo,
        )

    def _update_found(self, event: UpdateFound) -> None:
        self._notices.show_message(
            tr("Hive {version} is out", version=event.version),
            tr("Open Settings"),
            lambda: self._show_page(PageName.SETTINGS),
        )
