"""What a request for a page of /transactions/sync asks for, and the page that answers it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

LARGEST = 500
"""The most rows that one page holds."""

Members: TypeAlias = list[tuple[str, bytes]]
"""A JSON object's members in order, each value encoded."""


@dataclass(frozen=True, slots=True)
class SyncAsk:
    """What a request for a page asks for.

    Attributes:
        cursor: "" for the whole history.
        stream: "" for all accounts, else one account's id.
        original: Whether to add original descriptions.
        version_1: Whether categories are told in the first taxonomy.
    """

    cursor: str = ""
    count: int = LARGEST
    stream: str = ""
    original: bool = True
    version_1: bool = False


@dataclass(frozen=True, slots=True)
class SyncPage:
    """A page and how the loop goes on."""

    members: Members
    cursor: str
    has_more: bool
