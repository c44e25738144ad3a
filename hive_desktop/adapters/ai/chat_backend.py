"""Chats with a model by OpenAI's streaming Chat Completions, at OpenAI or a server like it.

What leaves is made by `domain.sendable` alone: the person's question, figures, names as the
redaction lets them go, and the model's own words. Each request is one entry of the egress ledger,
is held against the budget, and ends at once when it is cancelled.
"""

from __future__ import annotations

import asyncio
import json
import random
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from hive_desktop.adapters.ai.faults import FieldRefusedError
from hive_desktop.adapters.ai.line import Line
from hive_desktop.domain.conversations import ToolCall
from hive_desktop.domain.sendable import Sendable
from hive_desktop.i18n import mark
from hive_desktop.ports.chat import DonePart, Finish, Speaker, TextPart, Tokens
from hive_desktop.ports.errors import (
    AiBusyError,
    AiError,
    AiQuotaError,
    AiRateLimitError,
    AiSettingsError,
    AiTimeoutError,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    from hive_desktop.adapters.ai.events import CallPart, Chunk, PartChoice
    from hive_desktop.adapters.ai.line import Access
    from hive_desktop.domain.prices import Price, Prices
    from hive_desktop.ports.ai import Hooks
    from hive_desktop.ports.chat import ChatRequest, SentMessage, StreamPart, ToolShape
    from hive_desktop.ports.system import Clock

PURPOSE: Final = "Ask a model about your money"
_MOST_TOKENS: Final = 2_000
_TRIES: Final = 3
_LONGEST_PAUSE_S: Final = 15.0
_MOST_ADAPTED: Final = 6
_MOST_CALLS: Final = 32
_AT_ONCE: Final = 16
_LONGEST_ARGUMENTS: Final = 20_000
_UNKNOWN: Final = "unknown_tool"
_HINTS: Final[dict[type[AiError], str]] = {
    AiRateLimitError: mark("Wait a little, and ask again."),
    AiBusyError: mark("Ask again in a moment."),
    AiTimeoutError: mark("Ask again, or choose a smaller model if it runs on this computer."),
    AiQuotaError: mark("Look at the account's billing there, and ask again."),
}
_FINISHES: Final = {
    "stop": Finish.STOP,
    "tool_calls": Finish.CALLS,
    "function_call": Finish.CALLS,
    "length": Finish.LENGTH,
    "content_filter": Finish.FILTERED,
}
_ROLES: Final = {
    Speaker.PERSON: "user",
    Speaker.MODEL: "assistant",
    Speaker.TOOL: "tool",
}


class OpenAIChat:
    """Implements `ports.chat.ChatBackend`.

    Args:
        access: where it is asked.
        prices: what tokens cost.
        hooks: who is told of requests, and asked before them.
        egress_key: keys the hash of bodies.
        clock: dates the records.
        sleep: waits between tries.
    """

    def __init__(
        self,
        access: Access,
        prices: Prices,
        hooks: Hooks,
        egress_key: bytes,
        clock: Clock,
        *,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._access = access
        self._line = Line(access, prices, hooks, egress_key, clock)
        self._sleep = sleep

    def __repr__(self) -> str:
        return f"OpenAIChat({self._access.profile.name}, {self._access.model})"

    @property
    def model(self) -> str:
        """Return the model's name."""
        return self._access.model

    @property
    def price(self) -> Price | None:
        """Return what its tokens cost; None where it is not known."""
        return self._line.price

    @property
    def history_tokens(self) -> int:
        """Return how many tokens of messages a request may have."""
        return self._access.profile.history_tokens

    async def stream(self, request: ChatRequest) -> AsyncGenerator[StreamPart, None]:
        """Ask, and yield what comes; the last part is a `DonePart`.

        A server that is busy is asked again until something has come of it.

        Raises:
            AiError: by what to do.
        """
        tries = adapted = 0
        while True:
            fields = self._line.fitted(self._fields(request))
            answer = _Answer(frozenset(one.name for one in request.tools))
            try:
                async with aclosing(self._asked(fields, answer)) as parts:
                    async for part in parts:
                        yield part
            except FieldRefusedError as exc:
                adapted += 1
                if exc.code in ("tools", "tool_choice"):
                    raise AiSettingsError(
                        "The model {model} cannot look anything up.",
                        hint="Choose a model that can use tools.",
                        code="NO_TOOLS",
                        model=self.model,
                    ) from exc
                if adapted > _MOST_ADAPTED or not self._line.adapt(exc.code, fields):
                    raise AiError(code=f"{exc.code}_refused") from exc
            except (AiRateLimitError, AiBusyError) as exc:
                tries += 1
                if answer.is_begun or tries >= _TRIES or exc.wait_s > _LONGEST_PAUSE_S:
                    raise _in_a_chat(exc) from exc
                pause = tries * random.uniform(1, 1.5)  # noqa: S311 - no secret
                await self._sleep(max(exc.wait_s, pause))
            except (AiTimeoutError, AiQuotaError) as exc:
                raise _in_a_chat(exc) from exc
            else:
                return

    async def close(self) -> None:
        """Let go of connections."""
        await self._line.close()

    async def _asked(
        self, fields: dict[str, Any], answer: _Answer
    ) -> AsyncGenerator[StreamPart, None]:
        client = await self._line.connected()
        async with self._line.paid(fields), client.stream(fields, PURPOSE) as chunks:
            number = 0
            async for chunk in chunks:
                if text := answer.take(chunk):
                    yield TextPart(text)
                number += 1
                if number % _AT_ONCE == 0:
                    await asyncio.sleep(0)  # many may have come at once, and others wait
        if rest := answer.rest():
            yield TextPart(rest)
        yield DonePart(answer.finish, answer.calls(), answer.tokens, answer.model or self.model)

    def _fields(self, request: ChatRequest) -> dict[str, Any]:
        profile = self._access.profile
        fields: dict[str, Any] = {
            "model": self.model,
            "messages": [self._message(one) for one in request.messages],
            "stream": True,
            "stream_options": {"include_usage": True},
            "temperature": 0,
            profile.token_param: _MOST_TOKENS + profile.spare_tokens,
        }
        if request.tools:
            fields["tools"] = [self._tool(one) for one in request.tools]
        if profile.send_effort:
            fields["reasoning_effort"] = "none"
        if profile.send_store:
            fields["store"] = False
        return fields

    def _message(self, one: SentMessage) -> dict[str, Any]:
        if not isinstance(one.text, Sendable):
            raise TypeError("only what domain.sendable made may be sent")
        role = _ROLES.get(one.speaker, self._access.profile.role)
        said: dict[str, Any] = {"role": role, "content": one.text.text}
        if one.calls:
            said["content"] = one.text.text or None
            said["tool_calls"] = [
                {
                    "id": call.id,
                    "type": "function",
                    "function": {"name": call.name, "arguments": call.arguments},
                }
                for call in one.calls
            ]
        if one.call_id:
            said["tool_call_id"] = one.call_id
        return said

    def _tool(self, one: ToolShape) -> dict[str, Any]:
        function: dict[str, Any] = {
            "name": one.name,
            "description": one.description,
            "parameters": one.parameters,
        }
        if self._access.profile.supports_schema:
            function["strict"] = True
        return {"type": "function", "function": function}


class _Thoughts:
    """Keeps what a model thinks aloud before it answers (`<think>...</think>`) from being shown."""

    def __init__(self) -> None:
        self._held = ""
        self._is_over = False

    def spoken(self, text: str) -> str:
        """Return what of the text so far is no thought and was not returned yet."""
        if self._is_over:
            return text
        self._held += text
        begun = self._held.lstrip()
        if begun.startswith("<think>"):
            _, is_closed, after = begun.partition("</think>")
            if not is_closed:
                return ""
            begun = after.lstrip()
            if not begun:
                return ""
        elif "<think>".startswith(begun[:7]) and len(begun) < 7:
            return ""
        self._is_over, self._held = True, ""
        return begun

    def rest(self) -> str:
        """Return what was held back and is no thought."""
        held, self._held = self._held, ""
        return "" if held.lstrip().startswith("<think>") else held


def _in_a_chat(error: AiError) -> AiError:
    """Return an error with what a person can do about it in a chat, where no sync goes on."""
    return type(error)(hint=_HINTS[type(error)], code=error.code, wait_s=error.wait_s)


@dataclass(slots=True)
class _Call:
    name: str = ""
    parts: list[str] = field(default_factory=list)
    size: int = 0


@dataclass(slots=True)
class _Answer:
    """What has come of a stream; `known` are the tools that were offered."""

    known: frozenset[str] = frozenset()
    finish: Finish = Finish.CUT
    tokens: Tokens | None = None
    model: str = ""
    is_begun: bool = False
    _calls: dict[int, _Call] = field(default_factory=dict)
    _thoughts: _Thoughts = field(default_factory=_Thoughts)

    def take(self, chunk: Chunk) -> str:
        """Take in a chunk; returns the text that it adds."""
        self.model = (chunk.model or self.model)[:200]
        if chunk.usage is not None:
            self.tokens = Tokens(chunk.usage.prompt_tokens, chunk.usage.completion_tokens)
        text = ""
        for choice in (chunk.choices or ())[:1]:
            text += self._choice(choice)
        return text

    def calls(self) -> tuple[ToolCall, ...]:
        """Return the calls that came whole; an answer that was cut has none.

        Ids, and names of tools that there are not, are the program's own: both are sent again.
        """
        if self.finish not in (Finish.CALLS, Finish.STOP):
            return ()
        found = [self._calls[place] for place in sorted(self._calls)]
        return tuple(
            ToolCall(
                f"call_{number}",
                one.name if one.name in self.known else _UNKNOWN,
                "".join(one.parts) or "{}",
            )
            for number, one in enumerate(found, 1)
            if one.name
        )

    def rest(self) -> str:
        """Return the text that was still held back."""
        return self._thoughts.rest()

    def _choice(self, choice: PartChoice) -> str:
        delta = choice.delta or choice.message
        text = ""
        if delta is not None:
            for one in delta.tool_calls or ():
                self._add(one)
            if delta.refusal:
                self.finish, text = Finish.REFUSED, delta.refusal
            text += self._thoughts.spoken(delta.content or "")
            self.is_begun = self.is_begun or bool(text or delta.tool_calls)
        if choice.finish_reason and self.finish is not Finish.REFUSED:
            self.finish = _FINISHES.get(choice.finish_reason, Finish.STOP)
        return text

    def _add(self, part: CallPart) -> None:
        place = part.index
        if place is None:  # a server that numbers none sends each whole
            place = len(self._calls) if part.id or not self._calls else max(self._calls)
        if place not in self._calls and len(self._calls) >= _MOST_CALLS:
            return
        call = self._calls.setdefault(place, _Call())
        function = part.function
        if function is None:
            return
        call.name = function.name or call.name
        arguments = function.arguments
        text = json.dumps(arguments) if isinstance(arguments, dict) else arguments or ""
        call.size += len(text)
        if call.size <= _LONGEST_ARGUMENTS:
            call.parts.append(text)
