"""The tools as the Model Context Protocol tells of them: names, schemas and annotations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import mcp_types as types

from hive_desktop.domain.receipts import CellKind
from hive_desktop.services.assistants import CONTEXT, offered
from hive_desktop.services.chat_calls import PROPOSE

if TYPE_CHECKING:
    from hive_desktop.ports.chat import ToolShape

_TEXT: Final = {"type": "string"}
_CELL: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["name", "kind", "label", "text"],
    "additionalProperties": False,
    "properties": {
        "name": {**_TEXT, "description": "Its place, such as total; r1.total names it elsewhere."},
        "kind": {"type": "string", "enum": [one.value for one in CellKind]},
        "label": _TEXT,
        "text": {**_TEXT, "description": "The value as people read it."},
        "amount_minor": {
            "type": "integer",
            "description": "Of money: minor units, such as cents. Spending and income are sizes"
            " without a sign; a balance or difference below nothing is negative.",
        },
        "currency": {"type": ["string", "null"], "description": "Of money: ISO 4217."},
        "value": {
            "type": "integer",
            "description": "Of a count; of a share in tenths of a percent; of a ratio in"
            " hundredths.",
        },
    },
}
_RECEIPT: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["receipt", "title", "notes", "cells", "cells_left_out"],
    "additionalProperties": False,
    "properties": {
        "receipt": {**_TEXT, "description": "What calculate and proposals name this result by."},
        "title": _TEXT,
        "notes": {"type": "array", "items": _TEXT},
        "cells": {"type": "array", "items": _CELL},
        "cells_left_out": {"type": "integer"},
    },
}
_FACTS: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["today", "weekday", "currencies", "accounts", "categories"],
    "additionalProperties": False,
    "properties": {
        "today": _TEXT,
        "weekday": _TEXT,
        "currencies": {"type": "array", "items": _TEXT},
        "accounts": {
            "type": "object",
            "additionalProperties": {"type": "integer"},
            "description": "How many there are of each kind.",
        },
        "categories": {"type": "array", "items": _TEXT},
        "data": {**_TEXT, "description": "The first and the last day with data."},
    },
}
_WAITING: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["state", "changes"],
    "additionalProperties": False,
    "properties": {
        "state": {**_TEXT, "description": "open: the person has not decided yet."},
        "changes": {"type": "integer"},
    },
}
_PROPOSING: Final = (
    "Propose changes to transactions. Nothing changes by it: the person sees each row before and"
    " after in Hive's chat and decides there. Use it only when the person asks for a change. First"
    " find the rows with find_transactions."
)


def tools(*, may_propose: bool) -> list[types.Tool]:
    """Return the tools that an assistant is offered."""
    return [_tool(one) for one in offered(may_propose=may_propose)]


def _tool(one: ToolShape) -> types.Tool:
    is_proposing = one.name == PROPOSE.name
    outputs = {CONTEXT.name: _FACTS, PROPOSE.name: _WAITING}
    return types.Tool(
        name=one.name,
        title=one.name.replace("_", " ").capitalize(),
        description=_PROPOSING if is_proposing else one.description,
        input_schema=dict(one.parameters),
        output_schema=outputs.get(one.name, _RECEIPT),
        annotations=types.ToolAnnotations(
            read_only_hint=not is_proposing,
            destructive_hint=False,
            idempotent_hint=not is_proposing,
            open_world_hint=False,
        ),
    )
