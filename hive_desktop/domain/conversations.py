"""What a session of the chat is: messages, the receipts they stand on, and what was proposed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from hive_desktop.domain import links

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hive_desktop.domain.ledger import TransactionQuery
    from hive_desktop.domain.receipts import Receipt

OFFLINE: Final = "offline"
"""What stands for a model where the offline analyst wrote a message."""
_LONGEST_TITLE: Final = 60
_SPACES: Final = re.compile(r"\s+")


class Role(StrEnum):
    """Who a message is of."""

    PERSON = "person"
    MODEL = "model"
    TOOL = "tool"


class Ended(StrEnum):
    """Why a reply is over."""

    DONE = "done"
    STOPPED = "stopped"
    """The person stopped it, or the program was closed."""
    CUT = "cut"
    """The connection broke off; what had come is kept."""
    TIMED_OUT = "timed_out"
    TOO_LONG = "too_long"
    """It reached the most that a reply may have."""
    FILTERED = "filtered"
    """The server's filter ended it."""
    REFUSED = "refused"
    """The model would not answer."""
    ROUNDS = "rounds"
    """It asked for tools to the last and never answered."""
    EMPTY = "empty"
    FAILED = "failed"
    """It did not begin, and the message's fault says why."""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """One call of a tool; `arguments` is JSON as the model wrote it, which may be none."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Fault:
    """What went wrong, as it was told to the person."""

    title: str
    message: str
    hint: str


@dataclass(slots=True, eq=False)
class Message:
    """One message; that of a model grows while it streams.

    Attributes:
        text: the person's words, a reply with its references, or a tool's result as it was sent.
        calls: of tools, by the model.
        call_id: whose result it is.
        receipt: the id of the receipt that a tool left.
        ended: why a reply is over; None while it is under way, and for what is no reply.
        fault: why it failed.
        model: that wrote it; `OFFLINE` where the analyst did, without any.
        at: when it began.
        language: of what the analyst wrote; else that in use.
        about: what page a question is about, in words.
    """

    role: Role
    text: str = ""
    calls: tuple[ToolCall, ...] = ()
    call_id: str = ""
    receipt: str | None = None
    ended: Ended | None = None
    fault: Fault | None = None
    model: str = ""
    at: datetime | None = None
    language: str = ""
    about: str = ""


class ChangeKind(StrEnum):
    """What a proposal would change."""

    RECATEGORIZE = "recategorize"
    MAKE_RULE = "make_rule"
    RENAME = "rename"
    TAG = "tag"
    MARK_TRANSFER = "mark_transfer"


@dataclass(frozen=True, slots=True)
class ProposedChange:
    """One change of some rows.

    Attributes:
        queries: whose rows it would change.
        value: the category, the name or the tag; empty for a transfer.
        merchant: whose rows a rule is for.
    """

    kind: ChangeKind
    queries: tuple[TransactionQuery, ...]
    value: str = ""
    merchant: str = ""


class ProposalState(StrEnum):
    """What the person did with a proposal."""

    OPEN = "open"
    APPLIED = "applied"
    DISMISSED = "dismissed"


@dataclass(slots=True, eq=False)
class Proposal:
    """Changes that a model proposes; nothing of it is done until the person applies it.

    Attributes:
        id: within the session.
        call: the id of the call that made it.
    """

    id: str
    changes: tuple[ProposedChange, ...]
    reason: str
    state: ProposalState = ProposalState.OPEN
    call: str = ""


@dataclass(frozen=True, slots=True)
class Tail:
    """What came after a message: messages, their receipts and proposals."""

    messages: tuple[Message, ...]
    receipts: tuple[Receipt, ...]
    proposals: tuple[Proposal, ...]

    @property
    def has_reply(self) -> bool:
        """Tell whether a model or the analyst said something in it."""
        return any(one.role is Role.MODEL and one.text.strip() for one in self.messages)

    @property
    def is_of_model(self) -> bool:
        """Tell whether what was said in it is a model's."""
        return self.has_reply and all(one.model != OFFLINE for one in self.messages)


@dataclass(slots=True, eq=False)
class Conversation:
    """A session.

    Attributes:
        receipts: by their ids, which are never given twice.
        receipts_made: how many ids were given.
        title: made of the first question; empty until there is one.
    """

    id: str
    title: str = ""
    messages: list[Message] = field(default_factory=list)
    receipts: dict[str, Receipt] = field(default_factory=dict)
    proposals: list[Proposal] = field(default_factory=list)
    receipts_made: int = 0

    def keep(self, receipt: Receipt) -> Receipt:
        """Give a receipt its id, and keep it."""
        self.receipts_made += 1
        named = replace(receipt, id=f"r{self.receipts_made}")
        self.receipts[named.id] = named
        return named

    def renew(self, receipts: Mapping[str, Receipt]) -> None:
        """Take receipts as they are by now; what is the same stays, and what is gone stays away."""
        known = self.receipts
        known |= {key: one for key, one in receipts.items() if key in known and one != known[key]}

    def question(self) -> Message | None:
        """Return what the person asked last."""
        return next((one for one in reversed(self.messages) if one.role is Role.PERSON), None)

    def addresses(self) -> tuple[str, ...]:
        """Return the addresses of web pages that the person wrote: a reply may link to these."""
        return links.addresses(one.text for one in self.messages if one.role is Role.PERSON)

    def cut_after(self, message: Message) -> Tail:
        """Take out what came after a message, with the receipts and proposals that it left.

        What was taken out is returned, for `put_back`.

        Raises:
            ValueError: the message is none of this session.
        """
        place = next((i for i, one in enumerate(self.messages) if one is message), None)
        if place is None:
            raise ValueError("the message is of another session")
        messages = tuple(self.messages[place + 1 :])
        names = [one.receipt for one in messages if one.receipt in self.receipts]
        receipts = tuple(self.receipts.pop(name) for name in dict.fromkeys(names) if name)
        gone = {call.id for one in messages for call in one.calls}
        proposals = tuple(one for one in self.proposals if one.call in gone)
        self.proposals[:] = [one for one in self.proposals if one.call not in gone]
        del self.messages[place + 1 :]
        return Tail(messages, receipts, proposals)

    def put_back(self, message: Message, tail: Tail) -> None:
        """Let come after a message what came after it before, and nothing else."""
        self.cut_after(message)
        self.messages += tail.messages
        self.receipts |= {one.id: one for one in tail.receipts}
        self.proposals += tail.proposals


def title_of(question: str) -> str:
    """Return a title for a session that begins with a question: its first words."""
    text = _SPACES.sub(" ", question).strip()
    if len(text) <= _LONGEST_TITLE:
        return text
    head = text[: _LONGEST_TITLE - 1]
    return (head[: head.rfind(" ")] if " " in head[20:] else head).rstrip(" ,.;:") + "…"
