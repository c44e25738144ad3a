"""The desk of the chat: sessions that are kept, questions that are answered, proposals applied."""

from __future__ import annotations

import logging
import uuid
from contextlib import aclosing
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Final

from hive_desktop.domain.changes import Actor
from hive_desktop.domain.conversations import Conversation, Ended, Message, ProposalState, Role
from hive_desktop.ports.chat import Over
from hive_desktop.ports.errors import HiveError, UsageError
from hive_desktop.services.chat_keeping import Keeper, OpenSession, store
from hive_desktop.services.chat_open import OpenSessions
from hive_desktop.services.chat_run import Before, Run, stopped
from hive_desktop.services.chat_search import found_in
from hive_desktop.services.chat_shown import Shown
from hive_desktop.services.chat_today import Today
from hive_desktop.services.chat_voices import Asked, answered

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Iterable, Sequence

    from hive_desktop.domain.conversations import Proposal, Tail
    from hive_desktop.domain.figures import Figure
    from hive_desktop.domain.pieces import Checked
    from hive_desktop.ports.chat import ChatEvent
    from hive_desktop.ports.chat_store import DeletedSession, SessionLine
    from hive_desktop.ports.storage import Database
    from hive_desktop.ports.system import Clock
    from hive_desktop.services.chat_about import PageContext
    from hive_desktop.services.chat_proposals import Applied, Meant, Proposals, ProposalView
    from hive_desktop.services.chat_today import Changed
    from hive_desktop.services.chat_voices import Voices
    from hive_desktop.services.tasks import TaskScope

NEWEST: Final = 20
"""Messages of a session that are read when it is opened."""
OLDER: Final = 60
"""Messages that are read before those."""
_LONGEST_TITLE: Final = 200
_log = logging.getLogger(__name__)


class ChatDesk:
    """What the window and the command line ask of the chat.

    A `Conversation` that is open is one object: opening it again returns the same one.

    Args:
        database: keeps sessions.
        voices: who answers.
        proposals: looks at proposals and applies them.
        scope: owns what writes beside a reply.
        clock: dates messages.
    """

    def __init__(
        self,
        database: Database,
        voices: Voices,
        proposals: Proposals,
        scope: TaskScope,
        clock: Clock,
    ) -> None:
        self._database = database
        self._voices = voices
        self._reader = voices.reader
        self._proposals = proposals
        self._scope = scope
        self._clock = clock
        self._today = Today(database)
        self._open = OpenSessions(self.is_answering)
        self._shown = Shown(voices, self._open.__contains__)
        self._runs: dict[Conversation, Run] = {}

    async def sessions(self, text: str = "") -> list[SessionLine]:
        """Return the sessions, the one changed last first.

        Args:
            text: keeps those that have it in their title or in a message, in any case of letters.
        """
        if not text.strip():
            return await self._database.read(lambda reads: reads.chats.sessions())
        texts = await self._reader.texts()
        return await self._database.read(lambda reads: found_in(reads, text, texts.revealed))

    async def create(self) -> Conversation:
        """Return a new session; it is kept once something is asked in it."""
        talk = Conversation(uuid.uuid4().hex)
        return self._open.put(OpenSession(talk)).talk

    async def open(self, session_id: str) -> Conversation:
        """Return a session with its newest messages, about 20; `older` brings more.

        A model is told of what is loaded only: whoever shows a session asks for `older` once after
        it is shown.
        A reply that was under way when the program ended is marked `Ended.CUT`. One that is open
        has receipts as they are by now: of merged categories they ask for the heirs.

        Raises:
            UsageError: there is no such session.
        """
        if (known := self._open.get(session_id)) is not None:
            talk = known.talk
            names = list(talk.receipts)
            talk.renew(
                await self._database.read(lambda reads: reads.chats.receipts(session_id, names))
            )
            return talk
        kept = await self._database.read(lambda reads: reads.chats.session(session_id, NEWEST))
        session = self._open.begun(session_id) if kept is None else OpenSession.of(kept)
        if session is None:
            raise _no_session()
        return self._open.put(session).talk

    async def read(self, session_id: str, most: int) -> Conversation:
        """Return a copy of a session with its newest messages; UsageError where there is none."""
        kept = await self._database.read(lambda reads: reads.chats.session(session_id, most))
        if (talk := self._open.copied(session_id, kept)) is None:
            raise _no_session()
        return talk

    async def older(self, conversation: Conversation) -> int:
        """Put about 60 older messages before those that are there; returns how many came."""
        known = self._session(conversation)
        first = known.first
        if first == 0:
            return 0
        part = await self._database.read(
            lambda reads: reads.chats.older(conversation.id, first, OLDER)
        )
        return known.put_before(part) if known.first == first else 0

    async def rename(self, session_id: str, title: str) -> None:
        """Give a session a title.

        Raises:
            UsageError: the title is empty.
            UsageError: there is no such session.
        """
        tidy = " ".join(title.split())[:_LONGEST_TITLE].strip()
        if not tidy:
            raise UsageError("A conversation needs a name.", hint="Type one.")
        known = self._open.get(session_id)
        before = "" if known is None else known.talk.title
        if known is not None:
            known.talk.title = tidy  # at once: what is stored meanwhile has it too
        try:
            renamed, _ = await self._database.write(
                lambda writes: writes.chats.rename(session_id, tidy), actor=Actor.PERSON
            )
        except BaseException:
            if known is not None and known.talk.title == tidy:
                known.talk.title = before
            raise
        if known is None and not renamed:
            raise _no_session()

    async def delete(self, session_id: str) -> DeletedSession:
        """Delete a session; a reply that is under way in it is stopped.

        Raises:
            UsageError: there is no such session.
        """
        known = self._open.get(session_id)
        run = self._runs.get(known.talk) if known is not None else None
        if known is not None:
            known.is_gone = True
        if run is not None:
            run.stop()
        deleted: DeletedSession | None = None
        try:
            deleted, _ = await self._database.write(
                lambda writes: writes.chats.delete(session_id), actor=Actor.PERSON
            )
        finally:
            if deleted is None and known is not None:
                known.is_gone = False
        if deleted is None:
            raise _no_session()
        self._open.drop(session_id)
        return deleted

    def discard(self, conversation: Conversation) -> None:
        """Let go of a session in which nothing was asked: there is nothing to delete."""
        if not conversation.messages:
            self._open.drop(conversation.id)

    async def restore(self, deleted: DeletedSession) -> None:
        """Bring a deleted session back, as it was."""
        await self._database.write(lambda writes: writes.chats.restore(deleted), actor=Actor.PERSON)

    def ask(
        self,
        conversation: Conversation,
        text: str,
        *,
        about: PageContext | None = None,
        offline: bool = False,
    ) -> AsyncGenerator[ChatEvent, None]:
        """Ask, and yield what happens; `Over` is the last event.

        The model answers where one is set up and can be reached, and else the offline analyst, by
        the same events and with `Message.model == OFFLINE`; it alone does where that is wanted.
        Where the model could not be reached, the `fault` of the analyst's message says why, though
        its `ended` is `DONE`.
        What arrived is kept while it streams. Closing the generator, or cancelling who reads it,
        stops the reply; `stop` does so too, and then `Over` comes still.

        Raises:
            UsageError: the question is empty, or another reply of this session is under way.
        """

        async def begin() -> None:
            asked = Message(Role.PERSON, _worded(text), at=self._clock.now())
            if about is not None:
                texts = await self._reader.texts()
                asked.about = about.without(lambda name: texts.name(name) != name).words
            conversation.messages.append(asked)

        return self._answer(conversation, begin, offline=offline)

    def again(self, conversation: Conversation) -> AsyncGenerator[ChatEvent, None]:
        """Answer the last question once more. As `ask`.

        The reply that there is goes with the first words of the new one; where none come, it is
        there again and `Over.is_kept` says so. A model's is replaced by no analyst's.
        """

        async def begin() -> Tail:
            question = conversation.question()
            if question is None:
                raise UsageError("Nothing was asked yet.", hint="Ask a question first.")
            return conversation.cut_after(question)

        return self._answer(conversation, begin)

    def resend(
        self, conversation: Conversation, message: Message, text: str
    ) -> AsyncGenerator[ChatEvent, None]:
        """Ask an earlier question in other words; all that came after it goes. As `ask`.

        Raises:
            ValueError: the message is of another session, or is no question.
        """

        async def begin() -> None:
            if message.role is not Role.PERSON:
                raise ValueError("only a question is asked again")
            words = _worded(text)
            conversation.cut_after(message)
            message.text, message.at = words, self._clock.now()

        return self._answer(conversation, begin)

    async def stop(self, conversation: Conversation) -> None:
        """Stop the reply that is under way, if one is; what had come is kept and marked."""
        run = self._runs.get(conversation)
        if run is not None:
            run.stop()

    def is_answering(self, conversation: Conversation) -> bool:
        """Tell whether a reply is under way."""
        return conversation in self._runs

    async def shown(self, conversation: Conversation, message: Message) -> Checked:
        """Return a reply in pieces: names in place of tokens, figures held against receipts."""
        return await self._shown.whole(conversation, message)

    def shown_now(
        self,
        conversation: Conversation,
        message: Message,
        length: int,
        start: int = 0,
        cited: Collection[str] | None = None,
    ) -> Checked:
        """Return the first `length` signs of a reply that still grows, in pieces, at once.

        `start` leaves out what was shown before: whole paragraphs, or with `cited` the beginning of
        one that names these receipts.
        """
        return self._shown.now(conversation, message, length, start, cited)

    async def outdated(
        self, conversation: Conversation, figures: Iterable[Figure]
    ) -> dict[str, Changed]:
        """Return the figures that their rows do not have any more, by formula; see `Today`."""
        return await self._today.outdated(conversation, figures)

    async def suggestions(self, language: str) -> tuple[str, ...]:
        """Return three questions of the person's own data that can be answered without a model."""
        return await self._voices.analyst.examples(language)

    async def look(self, proposal: Proposal) -> ProposalView:
        """Return the rows of a proposal before and after, or why it can not be applied any more."""
        return await self._proposals.look(proposal)

    async def apply(
        self, conversation: Conversation, proposal: Proposal, shown: Sequence[Meant] | None = None
    ) -> Applied:
        """Do what a proposal says, rules too, as one batch of edits that can be undone.

        Args:
            conversation: whose it is.
            proposal: what is done.
            shown: the rows that the person was shown to be meant (`ProposalView.meant`).

        Raises:
            UsageError: it was applied or dismissed before, its rows or category are gone, or other
                rows are meant by now than were shown.
        """
        session = self._session(conversation)
        if proposal.state is not ProposalState.OPEN:
            raise UsageError(
                "This proposal was decided already.", hint="Ask once more for another one."
            )
        proposal.state = ProposalState.APPLIED  # a second press finds it so
        try:
            applied = await self._proposals.apply(proposal, shown)
        except BaseException:
            proposal.state = ProposalState.OPEN
            raise
        try:
            await store(self._database, session)
        except HiveError as exc:  # it is done all the same, and stored with what comes next
            _log.info("the state of a proposal could not be kept: %s", type(exc).__name__)
        return applied

    async def dismiss(self, conversation: Conversation, proposal: Proposal) -> None:
        """Put a proposal aside; nothing changes."""
        if proposal.state is ProposalState.OPEN:
            proposal.state = ProposalState.DISMISSED
            await store(self._database, self._session(conversation))

    def _session(self, conversation: Conversation) -> OpenSession:
        """Return what is stored of an open session.

        Raises:
            UsageError: it was deleted.
        """
        known = self._open.get(conversation.id)
        if known is None or known.talk is not conversation:
            raise _no_session()
        return known

    async def _answer(
        self,
        conversation: Conversation,
        begin: Callable[[], Awaitable[Tail | None]],
        *,
        offline: bool = False,
    ) -> AsyncGenerator[ChatEvent, None]:
        session = self._session(conversation)
        if conversation in self._runs:
            raise UsageError("An answer is still under way.", hint="Stop it, or wait for its end.")
        run = self._runs[conversation] = Run()
        keeper = Keeper(self._database, self._scope, session)
        over: Over | None = None
        before: Before | None = None
        try:
            before = Before(session, await begin(), keeper)
            session.begin()
            before.hear()
            asked = Asked(
                conversation, partial(self.shown, conversation), offline, before.is_of_model
            )
            async with aclosing(answered(self._voices, self._clock, asked)) as events:
                while (event := await run.next(events)) is not None:
                    before.hear(event)
                    if isinstance(event, Over):
                        over = event
                    else:
                        yield event
            if over is None:
                over = Over(Ended.STOPPED, stopped(conversation, self._clock))
        finally:
            if before is not None:
                before.settle()
            del self._runs[conversation]
            await keeper.finish()
        over = before.told(over)
        yield over if over.error is not None else replace(over, error=keeper.error)


def _worded(text: str) -> str:
    tidy = text.encode(errors="replace").decode().strip()
    if not tidy:
        raise UsageError("The question is empty.", hint="Type a question.")
    return tidy


def _no_session() -> UsageError:
    return UsageError("There is no such conversation.", hint="It may have been deleted.")
