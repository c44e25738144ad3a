"""Asks a model about merchants that nobody is sure of, in the background, a batch at a time.

What a batch brought is stored before the next one is asked, so whatever stops the asking loses at
most one answer, and going on asks nothing twice. A payment between people is not asked about.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

from hive_desktop.domain import sentences
from hive_desktop.domain.money import from_minor
from hive_desktop.domain.orders import is_order
from hive_desktop.ports.ai import BATCH, Example, MerchantQuestion
from hive_desktop.ports.category_store import UNASKED_BY, Again, MerchantAnswer
from hive_desktop.ports.errors import HiveError
from hive_desktop.ports.events import AiProgress, AiState, SyncFinished

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from hive_desktop.domain.redaction import Direction, Redacted, Redactor
    from hive_desktop.ports.ai import LeftReason, Outcome
    from hive_desktop.ports.category_store import OpenMerchant, TaughtSample
    from hive_desktop.ports.events import EventSink, EventSource
    from hive_desktop.ports.storage import Database, Reads
    from hive_desktop.services.ai_access import AiAccess
    from hive_desktop.services.tasks import TaskScope

_MOST_MERCHANTS: Final = 2_000
_TAUGHT_READ: Final = 60
_MOST_EXAMPLES: Final = 12
_AGREEING: Final = 0.75
_UNASKED: Final = "What may be sent of it tells no model what it is"


@dataclass(slots=True)
class AiRun:
    """What came of one run, in merchants but for `rows`.

    Attributes:
        model: that was asked; empty where none was.
        found: were to be asked about.
        asked: were asked about, and the answer is kept.
        answered: got a category.
        left: got none, by the reason.
        skipped: were not asked about, because nothing may be sent that tells what they are.
        rows: have another category by it.
        error: ended it before all were asked about.
    """

    model: str = ""
    found: int = 0
    asked: int = 0
    answered: int = 0
    left: Counter[LeftReason] = field(default_factory=Counter)
    skipped: int = 0
    rows: int = 0
    error: HiveError | None = None


class _Round(NamedTuple):
    """What is asked about next, among which categories, and with which examples."""

    open: Sequence[OpenMerchant]
    categories: Sequence[str]
    examples: Sequence[Example]


class AiCategorizer:
    """Runs the asking.

    Args:
        database: has the merchants.
        access: has the model.
        redactor: gives what makes the texts that may be sent; called when the first is made.
        answer: stores what the model said and labels the merchants' rows; returns rows changed.
        bus: is told how far it is.
    """

    def __init__(
        self,
        database: Database,
        access: AiAccess,
        redactor: Callable[[], Redactor],
        answer: Callable[[Sequence[MerchantAnswer]], Awaitable[int]],
        bus: EventSink,
    ) -> None:
        self._database = database
        self._access = access
        self._redactor = redactor
        self._answer = answer
        self._bus = bus
        self._running: asyncio.Task[AiRun] | None = None
        self._may_go = asyncio.Event()
        self.progress = AiProgress(AiState.IDLE)

    def keep(self, scope: TaskScope, events: EventSource) -> Callable[[], None]:
        """Ask now and after each sync, until the scope ends; returns what ends the following."""

        def begin(_: SyncFinished) -> None:
            self.start(scope)

        self.start(scope)
        return events.subscribe(SyncFinished, begin)

    def start(self, scope: TaskScope, again: Again = Again.NONE) -> bool:
        """Begin to ask, unless it runs, is paused, or no model is set up."""
        if not self._access.is_set_up or self._access.is_paused or self.is_running:
            return False
        self._running = scope.spawn(self.run(again), name="ai")
        return True

    @property
    def is_running(self) -> bool:
        """Tell whether it is under way, paused or not."""
        return self._running is not None and not self._running.done()

    async def pause(self) -> None:
        """Stop before the next batch, and begin no more until `resume`."""
        self._may_go.clear()
        await self._access.put_paused(paused=True)
        state = AiState.PAUSED
        self._tell(AiProgress(state, self.progress.done, self.progress.total))

    async def resume(self, scope: TaskScope) -> None:
        """Go on."""
        await self._access.put_paused(paused=False)
        self._may_go.set()
        if self.is_running:
            self._tell(AiProgress(AiState.RUNNING, self.progress.done, self.progress.total))
        else:
            self._tell(AiProgress(AiState.IDLE))
            self.start(scope)

    async def cancel(self) -> None:
        """End the asking at once; what was answered is kept."""
        task = self._running
        if task is not None and not task.done():
            task.cancel()
            await asyncio.wait({task})

    async def run(self, again: Again = Again.NONE) -> AiRun:
        """Ask about all that is open, and what is to be asked again; returns what came of it.

        An error of the model's stops it; `progress` says which, too.
        """
        run, done = AiRun(), 0
        if self._access.is_paused:
            return run
        self._may_go.set()
        self._tell(AiProgress(AiState.RUNNING))
        known: set[tuple[str, str]] = set()
        try:
            run.model = self._access.backend().model
            while merchants := await self._next(run.model, again, known):
                run.found += len(merchants.open)
                for start in range(0, len(merchants.open), BATCH):
                    self._tell(AiProgress(self._state(), done, run.found))
                    await self._may_go.wait()
                    part = merchants.open[start : start + BATCH]
                    await self._ask(run, part, merchants)
                    done += len(part)
        except HiveError as error:
            run.error = error
            self._tell(AiProgress(AiState.STOPPED, done, run.found, error))
        except BaseException:
            self._tell(AiProgress(AiState.IDLE, done, run.found))
            raise
        else:
            self._tell(AiProgress(AiState.IDLE, done, run.found))
        return run

    async def _next(self, model: str, again: Again, known: set[tuple[str, str]]) -> _Round | None:
        """Return the next merchants to ask about, and note them; None where there are no more."""
        found = await self._database.read(lambda reads: self._read(reads, model, again, known))
        known.update((one.key, one.direction) for one in found.open)
        return found if found.open else None

    async def _ask(
        self,
        run: AiRun,
        merchants: Sequence[OpenMerchant],
        about: _Round,
    ) -> None:
        """Ask about one batch: each text once, whatever merchants have it."""
        asked: dict[tuple[Redacted, Direction], MerchantQuestion] = {}
        of: dict[str, list[OpenMerchant]] = {}
        unasked: list[OpenMerchant] = []
        for one in merchants:
            text = self._redactor().row(one.sample)
            direction = _direction(one.direction)
            if not text.is_telling or is_order(text.text):
                unasked.append(one)
                continue
            amount = abs(from_minor(one.sample.amount_minor, one.sample.currency))
            fresh = MerchantQuestion(
                str(len(asked) + 1), text, f"{amount:f}", one.sample.currency, direction
            )
            question = asked.setdefault((text, direction), fresh)
            of.setdefault(question.id, []).append(one)
        answers = [_silent(one, _UNASKED) for one in unasked]
        left: Counter[LeftReason] = Counter()
        if asked:
            backend = self._access.backend()
            outcome = await backend.categorize(
                list(asked.values()), about.categories, about.examples
            )
            answers += _answers(outcome, of)
            for each in outcome.left:
                left[each.reason] += len(of[each.id])
        run.rows += await self._answer(answers)
        run.skipped += len(unasked)
        run.asked += len(merchants) - len(unasked)
        run.answered += len(merchants) - len(unasked) - left.total()
        run.left += left

    def _read(self, reads: Reads, model: str, again: Again, known: set[tuple[str, str]]) -> _Round:
        self._redactor()  # made here, beside the window, if it is not there yet
        store = reads.categorization
        names = [one.name for one in reads.categories() if not one.is_archived]
        found = store.open_merchants(len(known) + _MOST_MERCHANTS, model, again)
        fresh = [one for one in found if (one.key, one.direction) not in known]
        return _Round(fresh, names, self._examples(store.taught_samples(_TAUGHT_READ), names))

    def _examples(self, taught: Iterable[TaughtSample], names: Sequence[str]) -> list[Example]:
        """Return what a row says of each: a merchant's name alone may be a person's by now."""
        examples: list[Example] = []
        for one, sample in taught:
            direction = _direction(one.direction)
            text = self._redactor().row(sample)
            is_clear = one.n >= _AGREEING * one.total and one.category in names
            if is_clear and text.is_telling and len(examples) < _MOST_EXAMPLES:
                examples.append(Example(text, direction, one.category))
        return examples

    def _state(self) -> AiState:
        return AiState.RUNNING if self._may_go.is_set() else AiState.PAUSED

    def _tell(self, progress: AiProgress) -> None:
        if progress != self.progress:
            self.progress = progress
            self._bus.publish(progress)


def _direction(word: str) -> Direction:
    return "in" if word == "in" else "out"


def _answers(outcome: Outcome, of: dict[str, list[OpenMerchant]]) -> list[MerchantAnswer]:
    answers = [
        MerchantAnswer(
            merchant.key,
            merchant.direction,
            one.category,
            one.confidence,
            sentences.MODEL_KNOWS(model=outcome.model, category=one.category),
            outcome.model,
        )
        for one in outcome.answers
        for merchant in of[one.id]
    ]
    for left in outcome.left:
        why = f"{outcome.model} gave no answer ({left.reason.value.replace('_', ' ')})"
        answers += [_silent(merchant, why, outcome.model) for merchant in of[left.id]]
    return answers


def _silent(merchant: OpenMerchant, why: str, model: str = UNASKED_BY) -> MerchantAnswer:
    return MerchantAnswer(merchant.key, merchant.direction, None, 0.0, why, model)
