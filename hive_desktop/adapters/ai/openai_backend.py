"""Asks a model for categories by OpenAI's Chat Completions, at OpenAI or a server like it.

An answer that cannot be used halves the batch; what a lone question does not get is left for
review. Requests are bounded in number, in waiting and in cost, and end at once when cancelled.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from hive_desktop.adapters.ai import form
from hive_desktop.adapters.ai.faults import FieldRefusedError
from hive_desktop.adapters.ai.line import Line
from hive_desktop.domain.redaction import Redacted, Redactor
from hive_desktop.ports.ai import (
    BATCH,
    Left,
    LeftReason,
    MerchantQuestion,
    Outcome,
    TestResult,
    Usage,
)
from hive_desktop.ports.errors import (
    AiAnswerError,
    AiBusyError,
    AiError,
    AiRateLimitError,
    AiTimeoutError,
    AiTooLongError,
)

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from hive_desktop.adapters.ai.client import Completion
    from hive_desktop.adapters.ai.line import Access
    from hive_desktop.domain.prices import Price, Prices
    from hive_desktop.ports.ai import Answer, Example, Hooks
    from hive_desktop.ports.system import Clock

_ASKING: Final = "Ask a model for categories"
_LISTING: Final = "List the models of a server"
_TESTING: Final = "Test the connection to a model"
_TRIES: Final = 3
_PAUSES_S: Final = (1.0, 4.0)
_LONGEST_PAUSE_S: Final = 60.0
_REQUESTS_A_BATCH: Final = 12
_MOST_FRUITLESS: Final = 3
_TEST_S: Final = 60.0


class _Refused(Exception):  # noqa: N818 - no fault, an answer
    def __init__(self, reason: LeftReason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class _Call:
    """What one call of `categorize` has come to."""

    requests_left: int
    answers: dict[str, Answer] = field(default_factory=dict)
    left: dict[str, LeftReason] = field(default_factory=dict)
    prompt_tokens: int = 0
    completion_tokens: int = 0
    requests: int = 0
    is_exact: bool = True
    is_patient: bool = True
    fruitless: int = 0

    def got(self, answers: int) -> None:
        """Note what a request brought; a server that only brings nonsense is asked no more."""
        self.fruitless = 0 if answers else self.fruitless + 1
        if self.fruitless >= _MOST_FRUITLESS and not self.answers:
            self.requests_left = 0


class OpenAIBackend:
    """Implements `ports.ai.CategoryBackend`.

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
        self._form = form.SCHEMA if access.profile.supports_schema else form.OBJECT

    def __repr__(self) -> str:
        return f"OpenAIBackend({self._access.profile.name}, {self._access.model})"

    @property
    def model(self) -> str:
        """Return the model's name."""
        return self._access.model

    @property
    def price(self) -> Price | None:
        """Return what its tokens cost; None where it is not known."""
        return self._line.price

    async def categorize(
        self,
        questions: Sequence[MerchantQuestion],
        categories: Sequence[str],
        examples: Sequence[Example] = (),
    ) -> Outcome:
        """Ask for categories; each question is answered or left, once.

        Raises:
            AiError: nothing more can be had now; by what to do.
            ValueError: two questions have one id, or there is no category.
        """
        if len({one.id for one in questions}) != len(questions) or not categories:
            raise ValueError("ids are told apart, and there is something to choose")
        texts: list[object] = [one.text for one in questions]
        texts += [one.text for one in examples]
        if not all(isinstance(text, Redacted) for text in texts):
            raise TypeError("only redacted texts may be sent")
        batches = [list(questions[i : i + BATCH]) for i in range(0, len(questions), BATCH)]
        call = _Call(_REQUESTS_A_BATCH * len(batches))
        await self._work(call, deque(batches), categories, examples, _ASKING)
        return Outcome(
            answers=tuple(call.answers[one.id] for one in questions if one.id in call.answers),
            left=tuple(Left(one.id, call.left[one.id]) for one in questions if one.id in call.left),
            usage=Usage(call.prompt_tokens, call.completion_tokens, call.requests),
            model=self.model,
        )

    async def models(self) -> list[str]:
        """Return the names of the models that the server offers.

        Raises:
            AiError: by what to do.
        """
        client = await self._line.connected()
        return sorted(set(await client.models(_LISTING)))

    async def test(self) -> TestResult:
        """Ask one made-up question.

        Raises:
            AiError: by what to do.
        """
        text = Redactor(b"a made-up question").text("SHOP EXAMPLE 12", "out")
        question = MerchantQuestion("1", text, "12.30", "EUR", "out")
        call = _Call(_TRIES, is_patient=False)
        began = time.monotonic()
        names = ("Shopping", "Other")
        try:
            async with asyncio.timeout(_TEST_S):
                await self._work(call, deque([[question]]), names, (), _TESTING)
        except TimeoutError as exc:
            raise AiTimeoutError(code="TIMED_OUT") from exc
        if not call.answers:
            raise AiAnswerError(code=call.left["1"].value.upper())
        return TestResult(self.model, time.monotonic() - began, call.is_exact)

    async def close(self) -> None:
        """Let go of connections."""
        await self._line.close()

    async def _work(
        self,
        call: _Call,
        waiting: deque[list[MerchantQuestion]],
        categories: Sequence[str],
        examples: Sequence[Example],
        purpose: str,
    ) -> None:
        last = LeftReason.UNUSABLE
        while waiting:
            batch = waiting.popleft()
            if call.requests_left <= 0:
                call.left.update((one.id, last) for one in batch)
                continue
            try:
                reading = await self._ask(call, batch, categories, examples, purpose)
            except AiTooLongError:
                if len(batch) == 1:
                    raise
                last = LeftReason.CUT_OFF
                missing = batch
            except (AiAnswerError, _Refused) as exc:
                last = exc.reason if isinstance(exc, _Refused) else LeftReason.UNUSABLE
                call.is_exact, missing = False, batch
                call.got(0)
            else:
                call.answers.update((one.id, one) for one in reading.answers)
                call.got(len(reading.answers))
                call.is_exact = call.is_exact and reading.is_exact
                missing = [one for one in batch if one.id not in call.answers]
            if not missing:
                continue
            if len(batch) == 1:
                call.left[batch[0].id] = last
                continue
            half = (len(missing) + 1) // 2
            waiting.extendleft(part for part in (missing[half:], missing[:half]) if part)

    async def _ask(
        self,
        call: _Call,
        batch: Sequence[MerchantQuestion],
        categories: Sequence[str],
        examples: Sequence[Example],
        purpose: str,
    ) -> form.Reading:
        said = await self._sent(call, batch, categories, examples, purpose)
        if said.usage is not None:
            call.prompt_tokens += said.usage.prompt_tokens
            call.completion_tokens += said.usage.completion_tokens
        if not said.choices:
            raise AiAnswerError(code="NO_CHOICE")
        choice = said.choices[0]
        if choice.message.refusal:
            raise _Refused(LeftReason.REFUSED)
        if choice.finish_reason == "content_filter":
            raise _Refused(LeftReason.FILTERED)
        if choice.finish_reason == "length":
            raise _Refused(LeftReason.CUT_OFF)
        if not choice.message.content:
            raise AiAnswerError(code="EMPTY")
        return form.read(choice.message.content, [one.id for one in batch], categories)

    async def _sent(
        self,
        call: _Call,
        batch: Sequence[MerchantQuestion],
        categories: Sequence[str],
        examples: Sequence[Example],
        purpose: str,
    ) -> Completion:
        """Send a batch until it is answered; waits where the server asks for it."""
        client, tries = await self._line.connected(), 0
        while True:
            fields = self._fields(batch, categories, examples)
            try:
                async with self._line.paid(fields):
                    call.requests_left -= 1
                    call.requests += 1
                    return await client.complete(fields, purpose)
            except FieldRefusedError as exc:
                if call.requests_left <= 0 or not self._adapt(exc.code, fields):
                    raise AiError(code=f"{exc.code}_refused") from exc
            except (AiRateLimitError, AiBusyError, AiTimeoutError) as exc:
                tries += 1
                is_over = tries >= _TRIES or call.requests_left <= 0
                if is_over or not call.is_patient or exc.wait_s > _LONGEST_PAUSE_S:
                    raise
                pause = _PAUSES_S[tries - 1] * random.uniform(1, 1.5)  # noqa: S311 - no secret
                await self._sleep(max(exc.wait_s, pause) if exc.wait_s else pause)

    def _fields(
        self,
        batch: Sequence[MerchantQuestion],
        categories: Sequence[str],
        examples: Sequence[Example],
    ) -> dict[str, Any]:
        profile = self._access.profile
        fields = form.request(profile, self.model, batch, categories, examples, self._form)
        return self._line.fitted(fields)

    def _adapt(self, refused: str, fields: dict[str, Any]) -> bool:
        """Do without a field that the server refused; False where that cannot be."""
        if refused == "response_format" and refused in fields:
            self._form = form.OBJECT if self._form == form.SCHEMA else form.PROMPT
            return True
        return self._line.adapt(refused, fields)
