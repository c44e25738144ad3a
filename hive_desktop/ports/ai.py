"""What a back-end that chooses categories is: its questions, its answers, and what it may be sent.

A text reaches a back-end as `Redacted` only, and that only `domain.redaction` makes.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from hive_desktop.domain.prices import Price, Prices
    from hive_desktop.domain.redaction import Direction, Redacted
    from hive_desktop.ports.chat import ChatBackend
    from hive_desktop.ports.egress import Egress


@dataclass(frozen=True, slots=True)
class MerchantQuestion:
    """One merchant whose category is asked for.

    Attributes:
        id: short, and told apart within one call only; no id of a bank or of the ledger.
        text: what may be sent of it.
        amount: of one of its rows, without a sign, as decimal text such as "12.30".
        currency: of that amount.
        direction: of the money.
    """

    id: str
    text: Redacted
    amount: str
    currency: str
    direction: Direction


@dataclass(frozen=True, slots=True)
class Example:
    """One merchant that the person put into a category."""

    text: Redacted
    direction: Direction
    category: str


@dataclass(frozen=True, slots=True)
class Answer:
    """A category for one question; `confidence` is the model's own word, from 0 to 1."""

    id: str
    category: str
    confidence: float


class LeftReason(StrEnum):
    """Why a question has no answer."""

    REFUSED = "refused"
    FILTERED = "filtered"
    CUT_OFF = "cut_off"
    UNUSABLE = "unusable"


@dataclass(frozen=True, slots=True)
class Left:
    """A question that the model did not answer; it stays for review."""

    id: str
    reason: LeftReason


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the server counted them, over all requests of a call."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    requests: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a call: each question is among the answers or among those left, once."""

    answers: tuple[Answer, ...]
    left: tuple[Left, ...]
    usage: Usage
    model: str


@dataclass(frozen=True, slots=True)
class TestResult:
    """A connection that works.

    Attributes:
        model: as the server names it.
        seconds: until the answer.
        keeps_form: the server kept to the form that was asked for without being corrected.
    """

    __test__ = False  # its name is no test's

    model: str
    seconds: float
    keeps_form: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """A request before it is sent; `body` is exactly what would leave."""

    host: str
    purpose: str
    body: str


@dataclass(frozen=True, slots=True, repr=False)
class AiSettings:
    """Which model is asked, where, and within which bounds.

    Attributes:
        profile: the name of a kind of server, see `BackendMaker.profiles`.
        base_url: up to and with `/v1`; the profile's own where empty.
        model: the profile's own where empty.
        key: empty where the server needs none.
        budget_micros: at most this much a month, in millionths of the price list's currency; None
            for no bound.
    """

    profile: str
    base_url: str = ""
    model: str = ""
    key: str = field(default="", repr=False)
    budget_micros: int | None = None

    def __repr__(self) -> str:
        return f"AiSettings({self.profile}, {self.base_url or '-'}, {self.model or '-'})"


@dataclass(slots=True, eq=False)
class Held:
    """What requests that are not on record yet may cost at most, in micros.

    `turn` is held while one more is added to it.
    """

    micros: int = 0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)


@dataclass(frozen=True, slots=True)
class Hooks:
    """What a back-end is given by the program around it.

    Attributes:
        record: takes the record of each HTTP request, on the loop's thread.
        spent: returns what this month's requests cost so far, in micros.
        approve: is shown a request before it is sent, and says whether it may go; None sends
            without asking.
        held: what requests under way may cost, so that two never spend the same rest of a budget.
    """

    record: Callable[[Egress], None]
    spent: Callable[[], Awaitable[int]]
    approve: Callable[[Preview], Awaitable[bool]] | None = None
    held: Held = field(default_factory=Held)


@dataclass(frozen=True, slots=True)
class ProfileFacts:
    """What a person chooses by: a kind of server, and what it wants."""

    name: str
    title: str
    base_url: str
    model: str
    needs_key: bool


class CategoryBackend(Protocol):
    """A model behind a server. Methods raise AiError subclasses, and end at once when cancelled."""

    @property
    def model(self) -> str:
        """Return the model's name."""
        ...

    @property
    def price(self) -> Price | None:
        """Return what its tokens cost, nothing on this computer; None where it is not known."""
        ...

    async def categorize(
        self,
        questions: Sequence[MerchantQuestion],
        categories: Sequence[str],
        examples: Sequence[Example] = (),
    ) -> Outcome:
        """Ask for categories; what cannot be had is left, with the reason.

        Args:
            questions: at most one batch (`BATCH`) is asked in one request.
            categories: the names that may be answered, each once.
            examples: what the person chose themselves.
        """
        ...

    async def models(self) -> list[str]:
        """Return the names of the models that the server offers."""
        ...

    async def test(self) -> TestResult:
        """Ask one made-up question."""
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class BackendMaker(Protocol):
    """Makes back-ends, and knows the kinds of servers."""

    def profiles(self) -> Sequence[ProfileFacts]:
        """Return the kinds of servers, in the order in which they are shown."""
        ...

    def make(self, settings: AiSettings, prices: Prices, hooks: Hooks) -> CategoryBackend:
        """Return a back-end; raises AiSettingsError or AiKeyError for what cannot be used."""
        ...

    def make_chat(self, settings: AiSettings, prices: Prices, hooks: Hooks) -> ChatBackend:
        """Return a back-end that chats; raises as `make` does."""
        ...


BATCH = 40
"""How many merchants are asked in one request."""
