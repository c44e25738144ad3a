"""What assistants of others may ask of the ledger: the chat's tools, one call at a time.

An assistant is a program beside Hive with a model behind it. What it is told leaves the machine, so
it is told what a model of the chat would be: names through the redaction, results fenced and
bounded. It reads; the one thing that it may leave is a proposal, which the person decides on.

Answering reads only. What an answer leaves behind (its line in the record of what left, and a
proposal) comes with it as `Kept`, and is written before the answer goes, wherever the vault can be
written.
"""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from hive_desktop import logs
from hive_desktop.domain.assistants import Kept, KeptReceipt, client_name, place_name
from hive_desktop.domain.changes import Actor
from hive_desktop.domain.conversations import (
    Conversation,
    Ended,
    Message,
    ProposalState,
    Role,
    ToolCall,
    title_of,
)
from hive_desktop.domain.receipt_text import (
    proposal_from_text,
    proposal_to_text,
    receipt_from_text,
    receipt_to_text,
)
from hive_desktop.ports.chat_store import SessionPatch
from hive_desktop.ports.egress import Egress
from hive_desktop.ports.errors import UsageError
from hive_desktop.services.chat_calls import CALCULATE, PROPOSE, Caller, OwnTool
from hive_desktop.services.chat_history import facts_of
from hive_desktop.services.chat_tools import SPECS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hive_desktop.domain.conversations import Proposal
    from hive_desktop.domain.receipts import Receipt
    from hive_desktop.domain.sendable import ChatTexts, Sendable
    from hive_desktop.ports.chat import ChatContext, ToolShape
    from hive_desktop.ports.storage import Database, Reads, Writes
    from hive_desktop.ports.system import Clock
    from hive_desktop.services.chat_calls import Outcome, Tools
    from hive_desktop.services.chat_context import ContextReader
    from hive_desktop.services.egress import EgressService

PURPOSE: Final = "Answer an assistant"
MOST_RECEIPTS: Final = 200
"""Results that one assistant can still name; older ones are forgotten."""
MOST_PROPOSALS: Final = 20
"""Proposals of one assistant that the person has not decided on."""
# Another Hive may be handed them, in a frame that has a bound; a proposal is shown without, too.
_LONGEST_RECEIPTS: Final = 300_000
_SENT: Final = "sent"
_NO_ARGUMENT: Final = "It takes no argument {name!r}."
_LEAVE: Final = "Leave it out."
_TOO_MANY: Final = "There are many proposals of this assistant already."
_DECIDE: Final = "Let the person decide on those first."

CONTEXT: Final = OwnTool(
    "ledger_context",
    "What there is: today's date, currencies, kinds of accounts, names of categories, and from"
    " which day to which there is data. Ask this first.",
    {"type": "object", "properties": {}, "required": [], "additionalProperties": False},
)


def offered(*, may_propose: bool) -> tuple[ToolShape, ...]:
    """Return the tools that an assistant may call."""
    own: tuple[ToolShape, ...] = (CALCULATE, PROPOSE) if may_propose else (CALCULATE,)
    return (CONTEXT, *SPECS, *own)


@dataclass(slots=True, eq=False)
class Assistant:
    """An assistant while it is connected, and what it was told.

    Attributes:
        name: who it says that it is, for people.
        may_propose: whether it may propose changes.
    """

    name: str
    may_propose: bool = False
    talk: Conversation = field(default_factory=lambda: Conversation("assistant"))
    told: dict[str, str] = field(default_factory=dict)
    texts: ChatTexts | None = None
    calls: int = 0

    def remember(self, receipt: Receipt, text: str) -> None:
        """Keep what was told of a receipt, and forget the oldest."""
        self.told[receipt.id] = text
        for known in (self.told, self.talk.receipts):
            while len(known) > MOST_RECEIPTS:
                del known[next(iter(known))]


@dataclass(frozen=True, slots=True)
class Told:
    """What an assistant is told of a call.

    Attributes:
        text: for its model.
        document: the same for programs; None of a call that failed.
        kept: what is to be written before it is told.
    """

    text: str
    document: Mapping[str, Any] | None
    kept: Kept


class Assistants:
    """Answers assistants, and writes down that it did.

    Args:
        database: the ledger.
        tools: look things up.
        reader: makes the texts that may be sent.
        egress: records what left.
        clock: dates what is kept.
    """

    def __init__(
        self,
        database: Database,
        tools: Tools,
        reader: ContextReader,
        egress: EgressService,
        clock: Clock,
    ) -> None:
        self._database = database
        self._tools = tools
        self._reader = reader
        self._egress = egress
        self._clock = clock

    async def answer(self, one: Assistant, name: str, arguments: Mapping[str, Any]) -> Told:
        """Return what a call found, or why it found nothing; nothing is written.

        Args:
            one: who asks.
            name: of a tool.
            arguments: as JSON has them.

        Raises:
            HiveError: the ledger cannot be read.
        """
        began = time.monotonic()
        if one.texts is None:
            one.texts = await self._reader.texts()
        texts, context = one.texts, await self._reader.context()
        one.calls += 1
        call = ToolCall(f"c{one.calls}", name, json.dumps(dict(arguments)))
        told: Sendable
        document: Mapping[str, Any] | None = None
        outcome: Outcome | None = None
        unknown = _unknown(name, arguments)
        if unknown:
            told = texts.fault(
                _NO_ARGUMENT, _LEAVE, {"name": unknown}, {unknown: unknown}, is_final=False
            )
        elif name == CONTEXT.name:
            facts = facts_of(context)
            told, document = texts.context(facts), facts
        elif name == PROPOSE.name and await self._has_many(one.name):
            told = texts.fault(_TOO_MANY, _DECIDE, {}, {}, is_final=False)
        else:
            outcome = await self._called(one, call, context)
            told = outcome.told
            document = await _document_of(texts, outcome, context.categories)
        kept = self._kept(one, call, told.text, document, outcome)
        return Told(told.text, document, kept.after(time.monotonic() - began))

    async def keep(self, kept: Kept) -> None:
        """Write down that something is told, and what is proposed with it.

        Raises:
            VaultError: the vault cannot be written; nothing may be told then.
            UsageError: what is proposed is one too many, or would stand in a session that there is.
        """
        body = kept.body.encode()
        entry = Egress(
            at=self._clock.now(),
            host=f"mcp://{place_name(kept.client)}",
            purpose=PURPOSE,
            path=f"/{place_name(kept.tool)}?rows={kept.rows}",
            body=logs.redact(kept.body),
            body_hash=self._egress.digest(body),
            body_length=len(body),
            status=None,
            seconds=kept.seconds,
            method="SEND",
            result=_SENT,
        )
        patch = self._proposed(kept) if kept.proposal else None

        def work(writes: Writes) -> None:  # both or neither
            writes.egress.record([entry])
            if patch is not None and not _is_kept(writes, patch):
                if writes.chats.open_proposals(kept.client) >= MOST_PROPOSALS:
                    raise UsageError(
                        "There are many proposals of this assistant already.",
                        hint="Let the person decide on those first.",
                    )
                writes.chats.put(patch)

        await self._database.write(work, actor=Actor.PROGRAM)

    async def _has_many(self, client: str) -> bool:
        count = await self._database.read(lambda reads: reads.chats.open_proposals(client))
        return count >= MOST_PROPOSALS

    async def _called(self, one: Assistant, call: ToolCall, context: ChatContext) -> Outcome:
        tools = offered(may_propose=one.may_propose)
        texts = one.texts or await self._reader.texts()
        caller = Caller(self._tools, texts, one.talk, tools, context.categories)
        outcome = await caller.run(call, 0)
        if outcome.receipt is not None:
            one.remember(outcome.receipt, outcome.told.text)
        one.talk.proposals.clear()  # each is shown in a session of its own
        return outcome

    def _kept(
        self,
        one: Assistant,
        call: ToolCall,
        text: str,
        document: Mapping[str, Any] | None,
        outcome: Outcome | None,
    ) -> Kept:
        receipt = None if outcome is None else outcome.receipt
        proposal = None if outcome is None else outcome.proposal
        body = json.dumps(
            {"content": text} | ({} if document is None else {"structuredContent": document}),
            ensure_ascii=False,
        )
        return Kept(
            client=one.name,
            tool=call.name,
            rows=0 if receipt is None else len(receipt.rows),
            body=body,
            told=text,
            arguments=call.arguments,
            proposal="" if proposal is None else proposal_to_text(proposal),
            receipts=() if proposal is None else tuple(_named(one, call.arguments)),
        )

    def _proposed(self, kept: Kept) -> SessionPatch:
        """Return a session of the chat that shows a proposal and what it stands on."""
        proposal = proposal_from_text("p1", ProposalState.OPEN, kept.proposal, {})
        receipts = [(receipt_from_text(one.text, {}), one.told) for one in kept.receipts]
        calls = [
            (ToolCall(f"{one.id}-call", one.tool, json.dumps(one.arguments)), one.id, told)
            for one, told in receipts
        ]
        calls.append((ToolCall(proposal.call, PROPOSE.name, kept.arguments), "", kept.told))
        messages = list(self._messages(kept.client, calls))
        numbers = [int(one.id.removeprefix("r")) for one, _ in receipts]
        return SessionPatch(
            kept.session,
            title_of(f"{kept.client}: {proposal.reason}" if proposal.reason else kept.client),
            max(numbers, default=0),
            dict(enumerate(messages)),
            len(messages),
            [one for one, _ in receipts],
            [proposal],
        )

    def _messages(
        self, client: str, calls: Iterable[tuple[ToolCall, str, str]]
    ) -> Iterable[Message]:
        at = self._clock.now()
        for call, receipt, told in calls:
            yield Message(Role.MODEL, calls=(call,), ended=Ended.DONE, model=client, at=at)
            yield Message(Role.TOOL, told, call_id=call.id, receipt=receipt or None, at=at)
        yield Message(Role.MODEL, ended=Ended.DONE, model=client, at=at)


def assistant(name: str, *, may_propose: bool) -> Assistant:
    """Return an assistant that has just connected.

    Args:
        name: who it says that it is.
        may_propose: whether it may propose changes.
    """
    return Assistant(client_name(name), may_propose)


def _is_kept(reads: Reads, patch: SessionPatch) -> bool:
    """Tell whether a proposal was handed over before.

    Raises:
        UsageError: its session is another conversation.
    """
    there = reads.chats.session(patch.id, 1)
    if there is None:
        return False
    if [proposal_to_text(one) for one in there.proposals] != list(
        map(proposal_to_text, patch.proposals)
    ):
        raise UsageError(
            "A proposal begins a conversation of its own.", hint="Have the assistant propose again."
        )
    return True


async def _document_of(
    texts: ChatTexts, outcome: Outcome, categories: Sequence[str]
) -> Mapping[str, Any] | None:
    if outcome.proposal is not None:
        return _waiting(outcome.proposal)
    receipt = outcome.receipt
    if receipt is None:
        return None
    loop = asyncio.get_running_loop()  # names take a while
    found = await loop.run_in_executor(None, texts.document, receipt, categories)
    document: dict[str, Any] = json.loads(found.text)
    return document


def _unknown(name: str, arguments: Mapping[str, Any]) -> str:
    """Return an argument that one of the chat's own tools has not; empty where each is known."""
    own = next((one for one in (CONTEXT, CALCULATE, PROPOSE) if one.name == name), None)
    known = arguments if own is None else own.parameters["properties"]
    return next((one[:60] for one in arguments if one not in known), "")


def _waiting(proposal: Proposal) -> Mapping[str, Any]:
    return {"state": proposal.state.value, "changes": len(proposal.changes)}


def _named(one: Assistant, arguments: str) -> Iterable[KeptReceipt]:
    """Return the receipts whose rows a proposal names, in their order."""
    given = json.loads(arguments)
    rows = [str(row).lower() for change in given["changes"] for row in change["rows"]]
    names = {row.strip().partition(".")[0] for row in rows}
    spare = _LONGEST_RECEIPTS
    for key, receipt in one.talk.receipts.items():
        text = receipt_to_text(receipt) if key in names else ""
        if 0 < len(text) <= spare:
            spare -= len(text)
            yield KeptReceipt(text, one.told.get(key, ""))
