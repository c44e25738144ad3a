"""Tells outside of the window what happens in the vault, and while it is locked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Slot

from hive_desktop.domain.ledger import TransactionId, TransactionQuery
from hive_desktop.domain.notice_choices import Choices, NoticeKind, is_quiet
from hive_desktop.ui.page import PageName
from hive_desktop.ui.tray.notice_words import worded, worded_locked

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hive_desktop.domain.noticing import Happening
    from hive_desktop.ports.events import BackgroundChanged
    from hive_desktop.ports.notices import Notice, Target
    from hive_desktop.ports.system import Clock
    from hive_desktop.services.session import VaultSession
    from hive_desktop.ui.session_window import SessionWindow
    from hive_desktop.ui.tray.notifier import TrayNotifier

_LOOK_MS: Final = 60_000


class Telling(QObject):
    """Implements `ports.notices.Teller`.

    Of a vault that was open it keeps what the person wants to be told, and nothing else.

    Args:
        notifier: shows notices.
        is_in_sight: tells whether the person has the vault's window before them.
        show_inside: shows a notice in that window, where the desktop shows none; False where the
            person does not have it before them.
    """

    def __init__(
        self,
        notifier: TrayNotifier,
        is_in_sight: Callable[[], bool],
        show_inside: Callable[[Notice], bool] = lambda _notice: False,
    ) -> None:
        super().__init__()
        self._notifier = notifier
        self._is_in_sight = is_in_sight
        self._show_inside = show_inside
        self._session: VaultSession | None = None
        self._choices = Choices()
        self._clock: Clock | None = None
        self._needs_you = False
        self._waits = QTimer(self)
        """Runs while the quiet hours keep something back that the locked vault has to say."""
        self._waits.setInterval(_LOOK_MS)
        self._waits.timeout.connect(self.say_locked)

    @property
    def is_in_sight(self) -> bool:
        """Tell whether the person has the window before them."""
        return self._is_in_sight()

    def follow(self, session: VaultSession) -> None:
        """Tell what happens in the vault that is open now."""
        self._waits.stop()
        self._needs_you = False
        self._session, self._clock = session, session.clock
        session.notices.start(self, looks=not session.is_demo)

    def forget(self) -> None:
        """Take back what is still shown: the vault is locked, and it may name what is in there."""
        session, self._session = self._session, None
        if session is not None:
            self._choices = session.notices.choices
            self._notifier.withdraw()

    def tell(self, happenings: Sequence[Happening], *, hides_details: bool) -> bool:
        """Show one notice of all these; False, and nothing, once the vault is being locked.

        False, too, where neither the desktop nor the window shows it.
        """
        if self._session is None:
            return False
        notice = worded(happenings, hides_details=hides_details)
        if self._notifier.show(notice):
            return True
        # A test is of the desktop.
        return notice.kind is not NoticeKind.TEST and self._show_inside(notice)

    def try_again(self) -> None:
        """Tell what could not be shown before: the window may be in sight now."""
        if self._session is not None:
            self._session.notices.try_again()

    def hear_locked(self, event: BackgroundChanged) -> None:
        """Hear how syncing beside a locked vault stands."""
        is_new = event.needs_you and not self._needs_you
        self._needs_you = event.needs_you
        if not event.needs_you:
            self._waits.stop()
        elif is_new:
            self.say_locked()

    @Slot()
    def say_locked(self) -> None:
        """Say that something needs the person, once the quiet hours are over."""
        if self._session is not None or not self._choices.has(NoticeKind.NEEDS_YOU):
            self._waits.stop()
        elif self._clock is not None and is_quiet(
            self._clock.now().astimezone(), self._choices.quiet
        ):
            self._waits.start()
        else:
            self._waits.stop()
            self._notifier.show(worded_locked())

    def close(self) -> None:
        """Tell no more."""
        self._waits.stop()
        self._session = None


def lead(window: SessionWindow, target: Target) -> None:
    """Show in the window where a notice leads."""
    if target.page not in set(PageName):
        return
    ids, merchants = target.values.get("ids"), target.values.get("merchants")
    if isinstance(ids, tuple) and ids:
        rows = tuple(TransactionId(bytes.fromhex(one)) for one in ids)
        window.show_transactions(TransactionQuery(ids=rows))
    elif isinstance(merchants, tuple) and merchants:
        window.show_transactions(TransactionQuery(merchants=merchants))
    else:
        window.show_page(PageName(target.page))
        place = target.values.get("place")
        if isinstance(place, str):
            window.current_page().come_back(place)
