"""What a model that chats is: what it is sent, what it streams, and what a reply's events are."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping, Sequence
    from datetime import date

    from hive_desktop.domain.conversations import Ended, Message, Proposal, ToolCall
    from hive_desktop.domain.pieces import Checked
    from hive_desktop.domain.prices import Price
    from hive_desktop.domain.receipts import Receipt
    from hive_desktop.domain.sendable import Sendable
    from hive_desktop.ports.errors import HiveError


class Speaker(StrEnum):
    """Whose words a sent message is."""

    PROGRAM = "program"
    PERSON = "person"
    MODEL = "model"
    TOOL = "tool"


@dataclass(frozen=True, slots=True)
class SentMessage:
    """One message of a request; the arguments of its calls are the model's own words."""

    speaker: Speaker
    text: Sendable
    calls: tuple[ToolCall, ...] = ()
    call_id: str = ""


class ToolShape(Protocol):
    """A tool as a model is told of it; `parameters` is a strict JSON schema."""

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def description(self) -> str: ...  # noqa: D102
    @property
    def parameters(self) -> Mapping[str, Any]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """One request; without tools the model can only answer."""

    messages: tuple[SentMessage, ...]
    tools: Sequence[ToolShape] = ()


class Finish(StrEnum):
    """How a stream ended."""

    STOP = "stop"
    CALLS = "calls"
    LENGTH = "length"
    FILTERED = "filtered"
    REFUSED = "refused"
    CUT = "cut"
    """It ended without saying that it is whole."""


@dataclass(frozen=True, slots=True)
class TextPart:
    """More of the reply's text."""

    text: str


class Tokens(NamedTuple):
    """Tokens of one request as the server counted them."""

    prompt: int
    completion: int


@dataclass(frozen=True, slots=True)
class DonePart:
    """The stream is over; calls that were cut are not among these."""

    finish: Finish
    calls: tuple[ToolCall, ...]
    tokens: Tokens | None
    model: str


StreamPart: TypeAlias = TextPart | DonePart


class ChatBackend(Protocol):
    """A model behind a server, that chats."""

    @property
    def model(self) -> str:
        """Return the model's name."""
        ...

    @property
    def price(self) -> Price | None:
        """Return what its tokens cost; None where it is not known."""
        ...

    @property
    def history_tokens(self) -> int:
        """Return how many tokens of messages a request may have."""
        ...

    def stream(self, request: ChatRequest) -> AsyncGenerator[StreamPart, None]:
        """Ask, and yield what comes; the last part is a `DonePart`.

        Closing the generator, or cancelling who reads it, ends the request at once.

        Raises:
            AiError: by what to do; before the first part, or in the middle of the stream.
        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


@dataclass(frozen=True, slots=True)
class ChatContext:
    """What a model is told before it asks: no balance and no row.

    Attributes:
        today: the person's day.
        language: of the window, `en` or `de`.
        currencies: of the accounts, the main one first.
        accounts: how many there are of each kind.
        first_day: of the oldest row; None where there is none.
        last_day: of the newest row.
        categories: names that the person has, for the arguments of tools.
    """

    today: date
    language: str
    currencies: tuple[str, ...] = ()
    accounts: Mapping[str, int] = field(default_factory=dict)
    first_day: date | None = None
    last_day: date | None = None
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Began:
    """A message of the model is there; it grows by `Wrote`."""

    message: Message


@dataclass(frozen=True, slots=True)
class Wrote:
    """More of a reply may be shown: `message.text[:length]` parts no reference."""

    message: Message
    length: int


@dataclass(frozen=True, slots=True)
class ToolBegan:
    """A tool is asked."""

    call: ToolCall


@dataclass(frozen=True, slots=True)
class ToolDone:
    """A tool has answered, with a receipt or with a fault that the model was told."""

    call: ToolCall
    receipt: Receipt | None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Proposed:
    """The model proposes changes; nothing is done yet."""

    proposal: Proposal


@dataclass(frozen=True, slots=True)
class Correcting:
    """Figures are not verified, and the model is asked once to correct itself."""

    message: Message
    flaws: int


@dataclass(frozen=True, slots=True)
class Verified:
    """A reply is whole, and its figures were held against its receipts.

    `is_corrected` tells that its text is another one than was streamed.
    """

    message: Message
    checked: Checked
    is_corrected: bool


@dataclass(frozen=True, slots=True)
class Titled:
    """The session has a title now."""

    title: str


@dataclass(frozen=True, slots=True)
class Over:
    """The reply is over, always the last event; an error is there where it failed or was cut.

    `is_kept` tells that it said nothing, and that the reply which it was to replace stays.
    """

    why: Ended
    message: Message | None
    error: HiveError | None = None
    is_kept: bool = False


ChatEvent: TypeAlias = (
    Began | Wrote | ToolBegan | ToolDone | Proposed | Correcting | Verified | Titled | Over
)
