"""What the local API hands out is written down with all that leaves this computer.

One line for each client and minute, with how often each thing was asked and how many bytes of
answers went out; never an answer itself.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Final

import msgspec

from hive_desktop.ports.egress import Egress

if TYPE_CHECKING:
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
    """Counts, from any thread.

    Args:
        clock: tells when.
        host: the server's address with its scheme and port.
    """

    def __init__(self, clock: Clock, host: str) -> None:
        self._clock = clock
        self._host = host
        self._guard = Lock()
        self._used: dict[str, _Used] = {}

    def note(self, client: str, what: str, size: int) -> None:
        """Count an answer: to which client (by name), what it asked, and the answer's bytes."""
        with self._guard:
            used = self._used.setdefault(client, _Used(self._clock.now()))
            used.asked[what] += 1
            used.answered += size

    def drain(self) -> list[Egress]:
        """Return a line for each client, and begin anew."""
        with self._guard:
            drained, self._used = self._used, {}
        return [self._line(client, used) for client, used in drained.items()]

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
