"""The agent: a question, rounds of tools, a reply whose figures are held against its receipts.

A session is a `Conversation` in memory; it is changed as events are yielded, so whatever ends a
reply (the person, a broken line, a closed program) leaves what had come, marked, and the next
question can be asked.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING, Final

from hive_desktop import i18n
from hive_desktop.domain.cited_receipts import Sources
from hive_desktop.domain.conversations import Ended, Message, Role, title_of
from hive_desktop.domain.figures import FigureWords
from hive_desktop.domain.proposals import asks_for_change
from hive_desktop.domain.references import settled_length
from hive_desktop.domain.verification import checked
from hive_desktop.ports.chat import (
    Began,
    ChatRequest,
    Correcting,
    DonePart,
    Finish,
    Over,
    Proposed,
    Titled,
    ToolBegan,
    ToolDone,
    Verified,
    Wrote,
)
from hive_desktop.ports.errors import AiTooLongError, HiveError, UsageError
from hive_desktop.services.chat_calls import CALCULATE, PROPOSE, Caller
from hive_desktop.services.chat_history import Correction, History
from hive_desktop.services.chat_reply import Reply, bounded, why_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Collection

    from hive_desktop.domain.conversations import Conversation, ToolCall
    from hive_desktop.domain.figures import FigureFormat
    from hive_desktop.domain.pieces import Checked
    from hive_desktop.domain.sendable import ChatTexts
    from hive_desktop.ports.chat import ChatBackend, ChatEvent, ToolShape
    from hive_desktop.ports.system import Clock
    from hive_desktop.services.chat_calls import Tools
    from hive_desktop.services.chat_context import ContextReader

MOST_ROUNDS: Final = 8
"""Requests of one reply; the last has no tools."""
_MOST_SHORTENED: Final = 3


class ChatService:
    """Answers questions with a model.

    Args:
        tools: look things up in the ledger.
        backend: returns the model; raises AiError where there is none.
        reader: reads what a model is told, and makes the texts that may be sent.
        clock: dates messages.
    """

    def __init__(
        self,
        tools: Tools,
        backend: Callable[[], ChatBackend],
        reader: ContextReader,
        clock: Clock,
    ) -> None:
        self._tools = tools
        self._backend = backend
        self._reader = reader
        self._clock = clock
        self._words: Callable[[str], FigureFormat] | None = None
        self._sent_by: ChatTexts | None = None
        self._busy: set[Conversation] = set()
        self._read_of: Conversation | None = None
        self._sources = Sources()

    async def ask(
        self, conversation: Conversation, question: str
    ) -> AsyncGenerator[ChatEvent, None]:
        """Ask a question, and yield what happens; `Over` is the last event.

        Closing the generator, or cancelling who reads it, stops the reply: what had come stays.

        Raises:
            UsageError: the question is empty, or another reply of this session is under way.
        """
        self._require_free(conversation)
        if not question.strip():
            raise UsageError("The question is empty.")
        asked = Message(Role.PERSON, question.strip(), at=self._clock.now())
        conversation.messages.append(asked)
        self._read_of = None  # the question may name addresses
        async with aclosing(self._answer(conversation)) as events:
            async for event in events:
                yield event

    async def again(self, conversation: Conversation) -> AsyncGenerator[ChatEvent, None]:
        """Answer the last question once more; the reply that there is, or its fault, goes.

        Raises:
            UsageError: nothing was asked yet, or a reply is under way.
        """
        self._require_free(conversation)
        question = conversation.question()
        if question is None:
            raise UsageError("Nothing was asked yet.")
        conversation.cut_after(question)
        async with aclosing(self._answer(conversation)) as events:
            async for event in events:
                yield event

    async def resend(
        self, conversation: Conversation, message: Message, question: str
    ) -> AsyncGenerator[ChatEvent, None]:
        """Ask an earlier question in other words; it and all that came after it go.

        Raises:
            UsageError: the question is empty, or a reply is under way.
            ValueError: the message is of another session, or is no question.
        """
        self._require_free(conversation)
        if message.role is not Role.PERSON:
            raise ValueError("only a question is asked again")
        if not question.strip():
            raise UsageError("The question is empty.")
        conversation.cut_after(message)
        message.text, message.at = question.strip(), self._clock.now()
        async with aclosing(self._answer(conversation)) as events:
            async for event in events:
                yield event

    def write_by(self, words: Callable[[str], FigureFormat]) -> None:
        """Write figures by what a reply's language gives; an empty one is that in use."""
        self._words = words

    def _words_of(self, language: str) -> FigureFormat:
        language = language or i18n.language()
        return FigureWords(language) if self._words is None else self._words(language)

    async def shown(self, conversation: Conversation, message: Message) -> Checked:
        """Return a reply in pieces: names in place of tokens, figures held against receipts."""
        texts = await self._reader.texts()
        language = message.language
        return await self._checked(texts, conversation, message.text, language)

    def shown_now(
        self,
        conversation: Conversation,
        text: str,
        cited: Collection[str] | None = None,
        *,
        language: str = "",
    ) -> Checked:
        """Return a part of a reply that still grows in pieces, at once.

        Args:
            conversation: whose receipts it cites.
            text: some whole paragraphs, or the rest of one.
            cited: the receipts that the beginning of that one cites.
            language: the reply's.
        """
        known = self._sent_by.revealed(text) if self._sent_by is not None else text
        words = self._words_of(language)
        if self._read_of is not conversation:
            self._read_of, self._sources = conversation, Sources(conversation.addresses())
        return checked(
            known,
            conversation.receipts,
            words,
            today=self._clock.today(),
            sources=self._sources,
            cited=cited,
        )

    async def _checked(
        self,
        texts: ChatTexts,
        conversation: Conversation,
        text: str,
        language: str = "",
        *,
        is_own: bool = False,
    ) -> Checked:
        """Return a reply in pieces, with names in place of tokens or as the model wrote it."""
        words = self._words_of(language)
        known, today = dict(conversation.receipts), self._clock.today()
        sources = Sources(conversation.addresses())

        def work() -> Checked:
            said = text if is_own else texts.revealed(text)
            return checked(said, known, words, today=today, sources=sources)

        return await asyncio.get_running_loop().run_in_executor(None, work)

    def _require_free(self, conversation: Conversation) -> None:
        if conversation in self._busy:
            raise UsageError("An answer is still under way.", hint="Stop it, or wait for its end.")

    async def _answer(self, conversation: Conversation) -> AsyncGenerator[ChatEvent, None]:
        self._busy.add(conversation)
        reply = Reply(conversation)
        why, error = Ended.STOPPED, None
        try:
            question = conversation.question()
            if not conversation.title and question is not None:
                conversation.title = title_of(question.text)
                yield Titled(conversation.title)
            backend = self._backend()
            texts, context = await self._reader.texts(), await self._reader.context()
            self._sent_by = texts
            history = History(texts, context, backend.history_tokens)
            caller = Caller(
                self._tools, texts, conversation, self._offered(conversation), context.categories
            )
            async with aclosing(self._rounds(reply, backend, history, caller, texts)) as events:
                async for event in events:
                    yield event
            why = reply.why
        except HiveError as exc:
            why, error = reply.failed(exc), exc
        finally:
            self._busy.discard(conversation)
            reply.end(why, error, self._clock)
        yield Over(why, reply.last, error)

    def _offered(self, conversation: Conversation) -> tuple[ToolShape, ...]:
        """Return the tools of a reply; changes only where the person's own words ask for one."""
        question = conversation.question()
        is_change = question is not None and asks_for_change(question.text)
        own = (CALCULATE, PROPOSE) if is_change else (CALCULATE,)
        return (*self._tools.specs, *own)

    async def _rounds(
        self,
        reply: Reply,
        backend: ChatBackend,
        history: History,
        caller: Caller,
        texts: ChatTexts,
    ) -> AsyncGenerator[ChatEvent, None]:
        conversation = reply.conversation
        tools = self._offered(conversation)
        correction: Correction | None = None
        for number in range(1, MOST_ROUNDS + 1):
            is_last = number == MOST_ROUNDS
            reply.begin(backend.model, self._clock)
            request_tools = () if is_last else tools
            try:
                async with aclosing(
                    self._round(reply, backend, history, request_tools, correction)
                ) as events:
                    async for event in events:
                        yield event
            except HiveError:
                if correction is None:
                    raise
                break  # the draft stands as it is
            done = reply.done
            if done is not None and done.calls and not is_last:
                calls = reply.keep(done.calls)
                async with aclosing(self._called(conversation, caller, calls)) as events:
                    async for event in events:
                        yield event
                continue
            if correction is not None:
                break
            reply.why = why_of(reply, done)
            if reply.message is None:
                return
            seen = await self._checked(texts, conversation, reply.message.text)
            reply.draft, reply.seen = reply.message, seen
            reasons = await self._reasons(reply, texts)
            if reply.why is not Ended.DONE or not reasons or is_last:
                break
            correction = Correction(reply.message, reasons)
            yield Correcting(reply.message, len(seen.flaws))
        yield await self._settled(reply, texts)

    async def _reasons(self, reply: Reply, texts: ChatTexts) -> tuple[str, ...]:
        """Return why a draft is written once more, of the model's own words only.

        What a token stands for never goes out, and the model could not mend it.
        """
        draft, seen = reply.draft, reply.seen
        if draft is None or seen is None or not seen.flaws:
            return ()
        own = await self._checked(texts, reply.conversation, draft.text, is_own=True)
        return tuple(one.reason for one in own.flaws)

    async def _settled(self, reply: Reply, texts: ChatTexts) -> Verified:
        """Return the reply as it stays: the corrected one where it has fewer flaws."""
        draft, seen, other = reply.draft, reply.seen, reply.message
        if draft is None or seen is None:
            raise AssertionError("a reply is settled after it was written")
        is_better = False
        if other is not None and other is not draft:
            again = await self._checked(texts, reply.conversation, other.text)
            is_whole = reply.done is not None and reply.done.finish is Finish.STOP
            is_better = is_whole and len(again.flaws) < len(seen.flaws)
            if is_better:
                draft.text, seen = other.text, again
        reply.settle(draft)
        return Verified(draft, seen, is_better)

    async def _round(
        self,
        reply: Reply,
        backend: ChatBackend,
        history: History,
        tools: tuple[ToolShape, ...],
        correction: Correction | None,
    ) -> AsyncGenerator[ChatEvent, None]:
        """Ask once; a request that is too long is asked again with less of the history."""
        for _ in range(_MOST_SHORTENED):
            messages = history.messages(reply.conversation, correction)
            try:
                stream = bounded(backend.stream(ChatRequest(messages, tools)), backend.model)
                async with aclosing(stream) as parts:
                    async for part in parts:
                        if isinstance(part, DonePart):
                            reply.done = part
                            continue
                        is_new = reply.write(part.text, is_shown=correction is None)
                        if reply.message is None or correction is not None:
                            continue
                        if is_new:
                            yield Began(reply.message)
                        yield Wrote(reply.message, settled_length(reply.message.text))
            except AiTooLongError:
                if reply.message is not None or history.budget < 500:
                    raise
                history.budget //= 2
            else:
                if reply.message is not None and correction is None:
                    yield Wrote(reply.message, len(reply.message.text))
                return
        raise AiTooLongError(code="TOO_LONG")

    async def _called(
        self, conversation: Conversation, caller: Caller, calls: tuple[ToolCall, ...]
    ) -> AsyncGenerator[ChatEvent, None]:
        for place, call in enumerate(calls):
            yield ToolBegan(call)
            outcome = await caller.run(call, place)
            receipt = outcome.receipt
            conversation.messages.append(
                Message(
                    Role.TOOL,
                    outcome.told.text,
                    call_id=call.id,
                    receipt=None if receipt is None else receipt.id,
                    at=self._clock.now(),
                )
            )
            yield ToolDone(call, receipt, outcome.fault)
            if outcome.proposal is not None:
                yield Proposed(outcome.proposal)
