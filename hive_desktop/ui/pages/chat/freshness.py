"""Holds the figures that are in sight against the ledger, and says which are of another day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject

from hive_desktop.ui.kit import aio

if TYPE_CHECKING:
    from collections.abc import Callable

    from hive_desktop.ports.errors import HiveError
    from hive_desktop.services.chat_desk import ChatDesk
    from hive_desktop.ui.pages.chat.answer import Answer
    from hive_desktop.ui.pages.chat.transcript import Transcript

_QUIET_MS: Final = 150


class Freshness(QObject):
    """Compares answers once each, when they come into sight, and all again after a change.

    Args:
        transcript: shows them; while it is not shown nothing is compared.
        desk: compares.
        scope: owns the task.
        failed: hears what goes wrong.
    """

    def __init__(
        self,
        transcript: Transcript,
        desk: ChatDesk,
        scope: aio.Scope,
        failed: Callable[[HiveError], None],
    ) -> None:
        super().__init__(transcript)
        self._transcript = transcript
        self._desk = desk
        self._number = 1
        self._is_fresh = False
        self._looking = aio.Latest(scope, failed, "chat-today")
        self._soon = aio.Debounce(self, self._look, _QUIET_MS)
        bar = transcript.verticalScrollBar()
        bar.valueChanged.connect(self._soon.poke)
        bar.rangeChanged.connect(self._soon.poke)
        transcript.installEventFilter(self)

    def again(self) -> None:
        """Compare what is in sight anew: rows may have changed."""
        self._number += 1
        self._soon.poke()

    async def settled(self) -> None:
        """Wait until what is in sight is compared."""
        self._soon.flush()
        await self._looking.settled()
        if self._is_fresh:
            self._is_fresh = False
            await aio.painted(self._transcript)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Begin where the transcript is shown, and end where it goes."""
        if event.type() == QEvent.Type.Show:
            self._soon.poke()
        elif event.type() == QEvent.Type.Hide:
            self._soon.stop()
            self._looking.cancel()
        return super().eventFilter(watched, event)

    def _look(self) -> None:
        if self._due():
            self._looking.run(self._compare())

    async def _compare(self) -> None:
        while due := self._due():
            answer, number = due[0], self._number
            found = await self._desk.outdated(answer.conversation, answer.figures())
            if answer in self._answers():  # it may have gone meanwhile
                answer.compared = number
                self._is_fresh |= answer.show_changed(found)

    def _answers(self) -> list[Answer]:
        return [answer for turn in self._transcript.turns for answer in turn.answers]

    def _due(self) -> list[Answer]:
        """Return the answers in sight that are over and not compared yet."""
        return [
            answer
            for answer in self._answers()
            if answer.compared < self._number
            and answer.message.ended is not None
            and answer.figures()
            and not answer.visibleRegion().isEmpty()
        ]
