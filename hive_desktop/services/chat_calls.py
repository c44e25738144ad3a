"""Runs the tools that a model calls, and says to it what went wrong, for one corrected try."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple, Protocol

from hive_desktop.domain import calculation, proposals
from hive_desktop.domain.figures import FigureError
from hive_desktop.domain.proposals import ProposalError
from hive_desktop.domain.sendable import OwnWords
from hive_desktop.i18n import tr
from hive_desktop.ports.errors import HiveError, UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hive_desktop.domain.conversations import Conversation, Proposal, ToolCall
    from hive_desktop.domain.receipts import Receipt
    from hive_desktop.domain.sendable import ChatTexts, Sendable
    from hive_desktop.ports.chat import ToolShape

MOST_CALLS: Final = 8
"""Calls that are answered of one message."""
_PATIENCE_S: Final = 30.0
_MOST_FAULTS: Final = 2
_DEEPEST: Final = 12
_ANEW: Final = "Call it again with what there is."
_NO_JSON: Final = "The arguments are not a JSON object that fits the tool's schema."


class Tools(Protocol):
    """What looks things up in the ledger."""

    @property
    def specs(self) -> Sequence[ToolShape]: ...  # noqa: D102
    async def run(self, name: str, arguments: Mapping[str, Any]) -> Receipt:
        """Return what a tool found; raises UsageError for arguments that it cannot use."""
        ...


@dataclass(frozen=True, slots=True)
class OwnTool:
    """A tool of the chat's own."""

    name: str
    description: str
    parameters: Mapping[str, Any]


CALCULATE: Final = OwnTool(
    calculation.TOOL,
    "Compute with cells of earlier results, such as (r1.total - r2.total) / 3.",
    {
        "type": "object",
        "additionalProperties": False,
        "required": ["expression", "result"],
        "properties": {
            "expression": {
                "type": "string",
                "description": "Cells and numbers with + - * / and brackets.",
            },
            "result": {"type": "string", "enum": list(calculation.KINDS)},
        },
    },
)
PROPOSE: Final = OwnTool(proposals.TOOL, proposals.DESCRIPTION, proposals.PARAMETERS)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a call: what the model is told, and what stays in the session."""

    told: Sendable
    receipt: Receipt | None = None
    proposal: Proposal | None = None
    fault: str = ""


class _Fault(NamedTuple):
    """A call that failed: templates for the model, and the person's words where they differ."""

    message: str
    hint: str = ""
    values: Mapping[str, object] = MappingProxyType({})
    shown: str = ""


class Caller:
    """Runs the calls of one reply.

    Args:
        tools: look things up.
        texts: makes what the model is told.
        conversation: gets the receipts and proposals.
        offered: the tools that the model may call.
        categories: the names that a proposal may use.
    """

    def __init__(
        self,
        tools: Tools,
        texts: ChatTexts,
        conversation: Conversation,
        offered: Sequence[ToolShape],
        categories: Sequence[str],
    ) -> None:
        self._tools = tools
        self._texts = texts
        self._conversation = conversation
        self._offered = frozenset(one.name for one in offered)
        self._categories = categories
        self._faults: Counter[str] = Counter()

    async def run(self, call: ToolCall, place: int) -> Outcome:
        """Return what came of a call; only a fault of the program is raised.

        Args:
            call: by the model.
            place: among the calls of its message.
        """
        refused = self._refused(call, place)
        arguments = _arguments(call.arguments)
        if refused is not None:
            return await self._failed(call, refused)
        if arguments is None:
            return await self._failed(
                call, _Fault(_NO_JSON, "Call it again with arguments that do.")
            )
        wrote: dict[str, str] = {}
        if call.name != CALCULATE.name:  # it takes cells, never names
            arguments = self._revealed(arguments, wrote)
        try:
            async with asyncio.timeout(_PATIENCE_S):
                return await self._called(call, arguments)
        except HiveError as error:
            hint = tr(error.hint) if isinstance(error, UsageError) else ""
            fault = _Fault(tr(error.message), hint, error.arguments, error.rendered()[1])
        except ProposalError as error:
            fault = _Fault(error.message, _ANEW, error.values, str(error))
        except FigureError as error:
            why = OwnWords(error) if call.name == CALCULATE.name else str(error)
            fault = _Fault("{why}", _ANEW, {"why": why}, str(error))
        except TimeoutError:
            fault = _Fault("It took too long.", "Ask for a shorter period.")
        return await self._failed(call, fault, wrote)

    def _refused(self, call: ToolCall, place: int) -> _Fault | None:
        """Return why a call is not made, and what to do; None where it may be."""
        if place >= MOST_CALLS:
            return _Fault("Too many calls at once.", f"Make at most {MOST_CALLS}.")
        if call.name not in self._offered:
            known = OwnWords(", ".join(sorted(self._offered)))
            return _Fault(
                "There is no tool {name!r}.",
                "There are: {known}",
                {"name": call.name[:60], "known": known},
            )
        if self._faults[call.name] >= _MOST_FAULTS:
            return _Fault("It failed twice already.")
        return None

    async def _called(self, call: ToolCall, arguments: Mapping[str, Any]) -> Outcome:
        name, receipts = call.name, self._conversation.receipts
        if name == PROPOSE.name:
            numbers = (int(one.id.removeprefix("p")) for one in self._conversation.proposals)
            key = f"p{max(numbers, default=0) + 1}"
            proposal = proposals.proposal_of(arguments, key, receipts, self._categories)
            proposal.call = call.id
            self._conversation.proposals.append(proposal)
            told = "The person sees the proposal and decides. Nothing has changed yet."
            return Outcome(self._texts.program(told), proposal=proposal)
        if name == CALCULATE.name:
            kind = str(arguments.get("result"))
            figure = calculation.calculated(str(arguments.get("expression")), kind, receipts)
            receipt = self._conversation.keep(calculation.receipt_of(figure, kind))
        else:
            receipt = self._conversation.keep(await self._tools.run(name, arguments))
        return Outcome(await self._result(receipt), receipt=receipt)

    async def _result(self, receipt: Receipt) -> Sendable:
        """Return what is told of a receipt; names take a while, beside the window."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(None, self._texts.result, receipt, self._categories)

    async def _failed(
        self, call: ToolCall, fault: _Fault, wrote: Mapping[str, str] | None = None
    ) -> Outcome:
        """Return what is told of a fault; its names take a while, beside the window."""
        self._faults[call.name] += 1
        is_final = self._faults[call.name] >= _MOST_FAULTS
        loop = asyncio.get_running_loop()
        told = await loop.run_in_executor(
            None,
            lambda: self._texts.fault(
                fault.message,
                fault.hint,
                fault.values,
                wrote or {},
                self._categories,
                is_final=is_final,
            ),
        )
        return Outcome(told, fault=fault.shown or fault.message.format(**fault.values))

    def _revealed(self, value: Any, wrote: dict[str, str]) -> Any:
        """Return arguments with the names that tokens stand for: the model never saw them.

        `wrote` gets each text as the model wrote it, by what it means.
        """
        if isinstance(value, str):
            meant = self._texts.revealed(value)
            wrote[meant] = value
            return meant
        if isinstance(value, list):
            return [self._revealed(one, wrote) for one in value]
        if isinstance(value, dict):
            wrote.update((key, key) for key in value)
            return {key: self._revealed(one, wrote) for key, one in value.items()}
        return value


def _arguments(text: str) -> dict[str, Any] | None:
    try:
        found = json.loads(text or "{}")
        if not isinstance(found, dict) or not _is_shallow(found):
            return None
        json.dumps(found, ensure_ascii=False).encode()  # half a sign can be neither kept nor sent
    except (ValueError, RecursionError):
        return None
    return found


def _is_shallow(found: dict[str, Any]) -> bool:
    level: list[Any] = [found]
    for _ in range(_DEEPEST):
        level = [
            part
            for one in level
            if isinstance(one, dict | list)
            for part in (one.values() if isinstance(one, dict) else one)
        ]
    return not level
