"""The offline analyst's reply as the events of a chat, so that one widget shows both."""

from __future__ import annotations

import json
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, Final, cast

from hive_desktop import i18n
from hive_desktop.domain.conversations import (
    OFFLINE,
    Ended,
    Fault,
    Message,
    Role,
    ToolCall,
    title_of,
)
from hive_desktop.domain.pieces import Checked, Standing
from hive_desktop.ports.chat import Began, Over, Titled, ToolBegan, ToolDone, Verified, Wrote
from hive_desktop.ports.errors import HiveError
from hive_desktop.services.chat_about import BETWEEN

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    from hive_desktop.domain.conversations import Conversation
    from hive_desktop.ports.chat import ChatEvent
    from hive_desktop.ports.system import Clock
    from hive_desktop.services.analyst import Analyst, Reply

_SAID_TWICE: Final = ("periods", "both")
_NARROWING: Final = ("categories", "merchants", "accounts")


async def answer(
    analyst: Analyst,
    clock: Clock,
    talk: Conversation,
    shown: Callable[[Message], Awaitable[Checked]],
    why: HiveError | None = None,
) -> AsyncGenerator[ChatEvent, None]:
    """Answer the last question of a session, and yield what happens; `Over` is the last event.

    Args:
        analyst: answers.
        clock: dates messages.
        talk: the session.
        shown: returns a reply in pieces.
        why: what kept the model from answering, if one is set up.

    Raises:
        ValueError: nothing was asked.
    """
    question = talk.question()
    if question is None:
        raise ValueError("nothing was asked")
    if not talk.title:
        talk.title = title_of(question.text)
        yield Titled(talk.title)
    message = Message(Role.MODEL, model=OFFLINE, at=clock.now())
    if why is not None:
        message.fault = Fault(*why.rendered())
    error: HiveError | None = None
    try:
        async with aclosing(_steps(analyst, talk, question, message)) as events:
            async for event in events:
                yield event
        message.ended = Ended.DONE
        yield Verified(message, await shown(message), is_corrected=False)
    except HiveError as exc:
        error, message.ended = exc, Ended.FAILED
        message.fault = Fault(*exc.rendered())
    finally:
        message.ended = message.ended or Ended.STOPPED
        if message not in talk.messages:
            talk.messages.append(message)
    yield Over(message.ended, message, error)


async def _steps(
    analyst: Analyst, talk: Conversation, question: Message, message: Message
) -> AsyncGenerator[ChatEvent, None]:
    wording = await _wording(analyst, talk, question)
    stream = analyst.stream(wording, first=talk.receipts_made + 1, spoken=i18n.language())
    async with aclosing(cast("AsyncGenerator[Reply | str, None]", stream)) as parts:
        async for part in parts:
            if not isinstance(part, str):
                message.language = part.language
                for event in _looked_up(talk, part, message):
                    yield event
                talk.messages.append(message)
                yield Began(message)
                continue
            message.text += part
            yield Wrote(message, len(message.text))


async def _wording(analyst: Analyst, talk: Conversation, question: Message) -> str:
    """Return the question with what its page shows beside what it says itself.

    Days, or names, that the question has are its own, and the page's are left out.
    """
    if not question.about:
        return question.text

    async def reply(text: str) -> Reply:
        return await analyst.reply(text, first=talk.receipts_made + 1, spoken=i18n.language())

    own = _names_in(await reply(question.text))
    words = question.text.rstrip(" ?.!")
    for part in question.about.split(BETWEEN):
        found = await reply(f"{words} {part}?")
        is_twice = found.refusal in _SAID_TWICE or (own and _names_in(found) != own)
        words = words if is_twice else f"{words} {part}"
    return f"{words}?"


def _names_in(reply: Reply) -> set[str]:
    """Return the names that a question was narrowed by."""
    given = (one.arguments.get(kind) for one in reply.receipts for kind in _NARROWING)
    return {str(name) for names in given if isinstance(names, list) for name in names}


def _looked_up(talk: Conversation, reply: Reply, message: Message) -> list[ChatEvent]:
    """Put what was looked up into the session, as a model's calls are; returns what to tell."""
    if not reply.receipts:
        return []
    calls = tuple(
        ToolCall(f"{OFFLINE}-{one.id}", one.tool, json.dumps(dict(one.arguments)))
        for one in reply.receipts
    )
    asked = Message(Role.MODEL, calls=calls, ended=Ended.DONE, model=OFFLINE, at=message.at)
    talk.messages.append(asked)
    events: list[ChatEvent] = []
    for call, receipt in zip(calls, reply.receipts, strict=True):
        kept = talk.keep(receipt)
        result = Message(Role.TOOL, call_id=call.id, receipt=kept.id, at=message.at)
        talk.messages.append(result)
        events += [ToolBegan(call), ToolDone(call, kept)]
    return events


def trusted(found: Checked) -> Checked:
    """Return the analyst's reply in pieces: the figures that it writes itself are the person's."""
    return Checked(
        tuple(
            replace(one, standing=Standing.TEXT, reason="")
            if one.standing is Standing.UNVERIFIED
            else one
            for one in found.pieces
        )
    )
