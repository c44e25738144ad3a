"""The person's own programs that may ask this vault: who they are, and what each may do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

LONGEST_NAME: Final = 60
"""Letters of a client's name."""


class Scope(StrEnum):
    """What a client may do; none includes another.

    `READ` sees the ledger, `WRITE` changes it and reaches the banks, `CHAT` asks in the chat and
    sees its sessions.
    """

    READ = "read"
    WRITE = "write"
    CHAT = "chat"


@dataclass(frozen=True, slots=True)
class ApiClient:
    """A program that the person let in. Its secret is known to it alone.

    Attributes:
        client_id: what it signs in as; no secret.
        name: the person's word for it.
        scopes: what it may do.
        created: when it was let in.
        last_used: when it last signed in or asked, to the minute; None for never.
        revoked: when the person took its access away; None while it has it.
    """

    client_id: str
    name: str
    scopes: frozenset[Scope]
    created: datetime
    last_used: datetime | None = None
    revoked: datetime | None = None

    def may(self, scope: Scope) -> bool:
        """Tell whether it may do this."""
        return self.revoked is None and scope in self.scopes
