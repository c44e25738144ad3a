"""Plaid as bytes in, bytes out: for a server that passes calls through and keeps nothing of them.

Where `client` speaks for one person and understands answers, this carries requests that its caller
built, for many people at once. It blocks: callers run it on worker threads.
"""

from __future__ import annotations

import json
from threading import Event
from typing import TYPE_CHECKING, Final

from hive_desktop.plaidkit import wire
from hive_desktop.plaidkit.access import API_VERSION
from hive_desktop.plaidkit.errors import Advice, PlaidError
from hive_desktop.plaidkit.line import Lines
from hive_desktop.plaidkit.transport import PURPOSES, Patience

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hive_desktop.plaidkit.access import Access

THREADS: Final = 32
"""How many threads may call at a time, each with a connection that is kept."""
PATHS: Final = frozenset(PURPOSES)
"""All that can be asked; no other path of Plaid's is reached through a gateway."""


class Gateway:
    """One host of Plaid's and the keys that open it; no text form shows them.

    Nothing is tried again, paced or recorded here.

    Args:
        access: host and keys.
        patience: time-outs.
    """

    def __init__(self, access: Access, *, patience: Patience | None = None) -> None:
        self._host = access.host
        self._patience = patience or Patience()
        headers = {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "PLAID-CLIENT-ID": access.client_id,
            "PLAID-SECRET": access.secret,
            "Plaid-Version": API_VERSION,
            "User-Agent": "Hive",
        }
        self._lines = Lines(access.base, headers, most=THREADS, whole_s=self._patience.whole_s)
        self._closing = Event()

    def __repr__(self) -> str:
        return f"Gateway({self._host})"

    def send(self, path: str, fields: Mapping[str, object], *, slow: bool = False) -> wire.Answer:
        """Send one request and return a 2xx answer, whose body is a JSON object by its ends.

        Args:
            path: one of `PATHS`.
            fields: the body; the keys are not part of it.
            slow: whether Plaid asks the bank while the call waits.

        Raises:
            PlaidError: anything else that can happen, as with `PlaidClient`.
        """
        if path not in PATHS:
            raise PlaidError("UNKNOWN_PATH", Advice.BUG)
        if self._closing.is_set():
            raise PlaidError("CLOSED", Advice.OFFLINE)
        read_s = self._patience.slow_read_s if slow else self._patience.read_s
        body = json.dumps(fields, separators=(",", ":")).encode()
        answer = self._lines.post(path, body, connect_s=self._patience.connect_s, read_s=read_s)
        wire.require_object(answer)
        return answer

    def close(self) -> None:
        """Break calls under way and refuse further ones."""
        self._closing.set()
        self._lines.close()
