"""Who answers a question of the chat: the model, or the analyst where none can be reached."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, NamedTuple

from hive_desktop.domain.conversations import Ended
from hive_desktop.ports.chat import Over, Titled
from hive_desktop.ports.errors import AiOfflineError
from hive_desktop.services import chat_offline

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    from hive_desktop.domain.conversations import Conversation, Message
    from hive_desktop.domain.pieces import Checked
    from hive_desktop.ports.chat import ChatEvent
    from hive_desktop.ports.system import Clock
    from hive_desktop.services.ai_access import AiAccess
    from hive_desktop.services.analyst import Analyst
    from hive_desktop.services.chat import ChatService
    from hive_desktop.services.chat_context import ContextReader


class Voices(NamedTuple):
    """A model, if one is set up, and the analyst.

    Attributes:
        ai: knows whether there is a model.
        chat: answers with it.
        analyst: answers without one.
        reader: makes what may be sent.
    """

    ai: AiAccess
    chat: ChatService
    analyst: Analyst
    reader: ContextReader


class Asked(NamedTuple):
    """A session whose last question is answered.

    Attributes:
        talk: the session.
        shown: returns one of its replies in pieces.
        is_offline: the analyst alone answers.
        is_model_only: the analyst does not where the model cannot be reached: a reply of the
            model's is there already.
    """

    talk: Conversation
    shown: Callable[[Message], Awaitable[Checked]]
    is_offline: bool = False
    is_model_only: bool = False


async def answered(voices: Voices, clock: Clock, asked: Asked) -> AsyncGenerator[ChatEvent, None]:
    """Yield what happens: the model's answer, or the analyst's where none can be reached."""
    talk = asked.talk
    why: AiOfflineError | None = None
    question = talk.question()
    if voices.ai.is_set_up and question is not None and not asked.is_offline:
        is_silent = True
        async with aclosing(voices.chat.again(talk)) as events:
            async for event in events:
                error = event.error if isinstance(event, Over) else None
                if is_silent and isinstance(error, AiOfflineError):
                    why = error
                    break
                is_silent = is_silent and isinstance(event, Titled)
                yield event
        if why is None:
            return
        talk.cut_after(question)
        if asked.is_model_only:
            yield Over(Ended.FAILED, None, why)
            return
    told = chat_offline.answer(voices.analyst, clock, talk, asked.shown, why)
    async with aclosing(told) as events:
        async for event in events:
            yield event
