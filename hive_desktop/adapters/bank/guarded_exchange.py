"""Starts the guard of an exchange, waits for its answer, and clears away what it kept.

An exchange is named by its journal entry. Asking again about the same one, after a crash too, gives
the item that the first asking got.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Final

import msgspec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hive_desktop.adapters.bank import exchange_guard
from hive_desktop.adapters.bank.exchange_guard import Order, unseal
from hive_desktop.plaidkit.egress import SentRequest
from hive_desktop.plaidkit.errors import Advice, PlaidError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from datetime import datetime

    from hive_desktop.plaidkit.access import Access
    from hive_desktop.plaidkit.wire import ExchangeAnswer

_PREFIX: Final = "exchange-"
_SUFFIX: Final = ".sealed"
_KEY_BYTES: Final = 32
_LONGEST_S: Final = 100.0
_LOOK_S: Final = 0.1
_ROOT: Final = Path(exchange_guard.__file__).resolve().parents[3]
_BOOT: Final = (
    "import sys; sys.path.insert(0, sys.argv[1]); "
    "from hive_desktop.adapters.bank.exchange_guard import entry; entry()"
)


class GuardedExchange:
    """Exchanges public tokens so that no answer is lost.

    Args:
        access: host and keys.
        key: 32 bytes of the vault's, from which each exchange's sealing key is derived; it also
            keys the hashes of the requests' records.
        folder: where sealed answers are kept until they are in the ledger.
        now: the instant, aware, in UTC.
        observer: receives the records of requests that were sent.
    """

    def __init__(
        self,
        access: Access,
        key: bytes,
        folder: Path,
        now: Callable[[], datetime],
        observer: Callable[[SentRequest], None],
    ) -> None:
        self._access = access
        self._key = key
        self._folder = folder
        self._now = now
        self._observer = observer
        self._closing = Event()

    def exchange(self, public_token: str, attempt: bytes) -> ExchangeAnswer:
        """Turn a public token into an item; blocks.

        Raises:
            PlaidError: the bank refused, or no answer came. `close` ends the wait, not the guard.
        """
        file = self._folder / f"{_PREFIX}{attempt.hex()}{_SUFFIX}"
        seal_key = HKDF(SHA256(), _KEY_BYTES, attempt, b"hive exchange answer").derive(self._key)
        order = Order(
            host=self._access.host,
            client_id=self._access.client_id,
            secret=self._access.secret,
            public_token=public_token,
            egress_key=self._key,
            seal_key=seal_key,
            file=str(file),
            at=self._now(),
        )
        outcome = unseal(seal_key, self._run(msgspec.msgpack.encode(order)), file.name)
        if outcome is None:
            raise PlaidError("EXCHANGE_UNFINISHED", Advice.RETRY_LATER)
        for one in outcome.sent:
            self._observer(SentRequest(**one))
        if outcome.item is None:
            told = outcome.refusal
            code, advice = (told.code, told.advice) if told else ("NO_ANSWER", Advice.RETRY)
            raise PlaidError(code, advice, status=told.status if told else None)
        return outcome.item

    def forget(self, open_attempts: Collection[bytes]) -> None:
        """Delete what was kept of every other exchange: it is in the ledger, or came to nothing."""
        wanted = tuple(f"{_PREFIX}{attempt.hex()}{_SUFFIX}" for attempt in open_attempts)
        for file in self._folder.glob(f"{_PREFIX}*{_SUFFIX}*"):
            if not (wanted and file.name.startswith(wanted)):
                file.unlink(missing_ok=True)

    def close(self) -> None:
        """Stop waiting for guards; they finish and keep their answers."""
        self._closing.set()

    def _run(self, order: bytes) -> bytes:
        """Return what the guard says; nothing when it came to no end."""
        if self._closing.is_set():
            raise PlaidError("CLOSED", Advice.OFFLINE)
        # From here on the answer is worth more than this process: the guard gets a session of its
        # own, so that neither a closed terminal nor a signal to our group ends it.
        guard = subprocess.Popen(  # noqa: S603 - this interpreter, with constant arguments
            command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={name: value for name, value in os.environ.items() if not name.startswith("HIVE_")},
            start_new_session=True,
        )
        deadline = time.monotonic() + _LONGEST_S
        untold: bytes | None = order
        while True:
            try:
                said, _ = guard.communicate(untold, timeout=_LOOK_S)
            except subprocess.TimeoutExpired:
                untold = None  # communicate goes on with what it was given first
                if self._closing.is_set() or time.monotonic() > deadline:
                    raise PlaidError("EXCHANGE_UNFINISHED", Advice.RETRY_LATER) from None
                continue
            return said


def command() -> list[str]:
    """Return how the guard is started; nothing in it is secret."""
    if getattr(sys, "frozen", False):
        return [sys.executable, exchange_guard.FLAG]
    return [sys.executable, "-I", "-c", _BOOT, str(_ROOT)]
