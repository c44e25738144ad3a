"""Cards of proposals: they look at the ledger, and do what the person says."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from hive_desktop.domain.conversations import ProposalState
from hive_desktop.ports.errors import HiveError
from hive_desktop.ui.kit import aio
from hive_desktop.ui.pages.chat.proposal_card import ProposalCard

if TYPE_CHECKING:
    import asyncio

    from hive_desktop.domain.conversations import Conversation, Proposal
    from hive_desktop.domain.ledger import BatchId
    from hive_desktop.services.chat_desk import ChatDesk
    from hive_desktop.ui.page import PageContext
    from hive_desktop.ui.pages.chat.turn import Turn


class ProposalDesk:
    """Shows proposals in turns, applies and dismisses them.

    Args:
        context: of the page.
        desk: does it.
    """

    def __init__(self, context: PageContext, desk: ChatDesk) -> None:
        self._context = context
        self._desk = desk
        self._cards: list[ProposalCard] = []
        self._tasks: set[asyncio.Task[None]] = set()

    def show(self, turn: Turn, proposal: Proposal) -> None:
        """Put a card into a turn."""
        card = ProposalCard(proposal)
        conversation = turn.conversation
        card.opened.connect(turn.opened)
        card.apply_wanted.connect(lambda: self._spawn(self._apply(conversation, card), card))
        card.dismiss_wanted.connect(lambda: self._spawn(self._dismiss(conversation, card), card))
        card.destroyed.connect(lambda _gone=None: self._forget(card))
        self._cards.append(card)
        turn.add_proposal(card)
        self._spawn(self._look(card), card)

    def look_again(self) -> None:
        """Look at open proposals anew: the rows may have changed."""
        for card in self._cards:
            if card.proposal.state is ProposalState.OPEN:
                self._spawn(self._look(card), card)

    async def settled(self) -> None:
        """Wait until all cards are shown."""
        while self._tasks:
            await next(iter(self._tasks))

    async def _look(self, card: ProposalCard) -> None:
        view = await self._desk.look(card.proposal)
        if card in self._cards:
            card.show_view(view)

    async def _apply(self, conversation: Conversation, card: ProposalCard) -> None:
        card.show_busy(is_busy=True)
        try:
            shown = None if card.view is None else card.view.meant
            applied = await self._desk.apply(conversation, card.proposal, shown)
        except HiveError:
            await self._look(card)  # other rows may be meant by now
            raise
        finally:
            if card in self._cards:
                card.show_busy(is_busy=False)
        await self._context.edits.offer(applied.told, partial(self._undo, applied.batch))
        await self._look(card)

    async def _undo(self, batch: BatchId) -> None:
        self._context.notices.show_message(await self._context.edits.undo_batch(batch))

    async def _dismiss(self, conversation: Conversation, card: ProposalCard) -> None:
        await self._desk.dismiss(conversation, card.proposal)
        await self._look(card)

    def _spawn(self, work: aio.Work, card: ProposalCard) -> None:
        task = aio.spawn(
            self._context.scope, work, on_error=partial(self._failed, card), name="proposal"
        )
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _failed(self, card: ProposalCard, error: HiveError) -> None:
        title, message, hint = error.rendered()
        self._context.notices.show_message(
            " ".join(one for one in (f"{title}.", message, hint) if one)
        )
        if card in self._cards:
            card.show_busy(is_busy=False)

    def _forget(self, card: ProposalCard) -> None:
        if card in self._cards:
            self._cards.remove(card)
