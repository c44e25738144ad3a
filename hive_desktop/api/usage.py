"""What the local API hands out is written down with all that leaves this computer.

The first answer of a client's minute is on record before it goes: where it cannot be written down,
it does not go. What follows in that minute is counted, and is one more line at its end: how often
each thing was asked and how many bytes of answers went out; never an answer itself.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import Counter
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Final

import msgspec

from hive_desktop.ports.egress import Egress

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from datetime import datetime

    from hive_desktop.ports.system import Clock

PURPOSE: Final = "Answer a program on this computer"


@dataclass(slots=True)
class _Used:
    """What one client has had since it was written down last."""

    first: datetime
    asked: Counter[str] = field(default_factory=Counter)
    answered: int = 0


class Usage:
    """Counts on the server's loop; drained from any thread.

    Args:
        clock: tells when.
        host: the server's address with its scheme and port.
        write: writes a line into the record, and returns once it stands there.
    """

    def __init__(self, clock: Clock, host: str, write: Callable[[Egress], Awaitable[None]]) -> None:
        self._clock = clock
        self._host = host
        self._write = write
        self._guard = Lock()
        self._used: dict[str, _Used] = {}
        self._on_record: set[str] = set()
        self._writing: dict[str, asyncio.Lock] = {}

    async def note(self, client: str, what: str, size: int) -> None:
        """Count an answer, and return once it may go.

        Args:
            client: to whom, by name.
            what: it asked.
            size: of the answer, in bytes.

        Raises:
            HiveError: it could not be written down, and so may not go.
        """
        if self._counted(client, what, size):
            return
        async with self._writing.setdefault(client, asyncio.Lock()):
            if self._counted(client, what, size):
                return
            first = _Used(self._clock.now(), Counter([what]), size)
            await self._write(self._line(client, first))
            with self._guard:
                self._on_record.add(client)

    def drain(self) -> list[Egress]:
        """Return a line for each client that had more than one answer, and begin another minute."""
        with self._guard:
            drained, self._used = self._used, {}
            self._on_record.clear()
        return [self._line(client, used) for client, used in drained.items()]

    def _counted(self, client: str, what: str, size: int) -> bool:
        """Count an answer where the client's minute is on record; tells whether it is."""
        with self._guard:
            if client not in self._on_record:
                return False
            used = self._used.setdefault(client, _Used(self._clock.now()))
            used.asked[what] += 1
            used.answered += size
            return True

    def _line(self, client: str, used: _Used) -> Egress:
        told = {"client": client, "asked": dict(used.asked), "answered_bytes": used.answered}
        body = msgspec.json.encode(told)
        return Egress(
            at=used.first,
            host=self._host,
            purpose=PURPOSE,
            path=f"/{client}",
            body=body.decode(),
            # Of no secret: a plain hash, which nobody needs a key to hold against the body.
            body_hash=hashlib.blake2b(body, digest_size=32).digest(),
            body_length=used.answered,
            status=200,
            seconds=0.0,
            method="SERVE",
        )
