"""The one request whose answer may not be lost, made by a process of its own.

A public token is good once, and whoever loses the answer to its exchange has a connection at the
bank that nobody can use or end. So this program outlives Hive: it sends the exchange, seals the
answer into a file of the vault's folder, and only then tells Hive. Asked again about the same
exchange, it gives the kept answer and sends nothing. What it needs comes over standard input; its
arguments and environment hold no secret, and nothing readable is ever on the disk.
"""

from __future__ import annotations

import dataclasses
import os
import secrets
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from filelock import FileLock, Timeout

from hive_desktop.plaidkit import wire
from hive_desktop.plaidkit.access import Access
from hive_desktop.plaidkit.client import PlaidClient
from hive_desktop.plaidkit.egress import Recorder
from hive_desktop.plaidkit.errors import Advice, PlaidError
from hive_desktop.plaidkit.transport import Patience

if TYPE_CHECKING:
    from hive_desktop.plaidkit.egress import SentRequest

FLAG: Final = "--exchange-guard"
"""By this argument alone a bundled program becomes the guard."""

LOCK_SUFFIX: Final = ".lock"
DRAFT_SUFFIX: Final = ".draft"

_PATIENCE: Final = Patience(whole_s=40.0)
_OTHER_GUARD_S: Final = 50.0
_NONCE_BYTES: Final = 12
_ONCE_BYTES: Final = 16
_ROOM: Final = 4096
_PRIVATE: Final = 0o600


class Order(msgspec.Struct):
    """What to exchange, with whose keys, and where the sealed answer is kept."""

    host: str
    client_id: str
    secret: str
    public_token: str
    egress_key: bytes
    seal_key: bytes
    file: str
    at: datetime

    def __repr__(self) -> str:
        return "Order(***)"


class Refusal(msgspec.Struct):
    """A `PlaidError` on its way between two processes."""

    code: str
    advice: Advice
    status: int | None = None
    request_id: str | None = None


class Outcome(msgspec.Struct):
    """What came of an order: an item or a refusal, and the records of requests that were sent."""

    item: wire.ExchangeAnswer | None = None
    refusal: Refusal | None = None
    sent: list[dict[str, Any]] = msgspec.field(default_factory=list)

    def __repr__(self) -> str:
        return "Outcome(***)"


def seal(key: bytes, outcome: Outcome, name: str) -> bytes:
    """Encrypt and authenticate an outcome under a key of its own (AES-256-GCM, random nonce).

    Args:
        key: 32 bytes.
        outcome: what came of it.
        name: the file's name; the answer to another exchange does not open under it.
    """
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, msgspec.msgpack.encode(outcome), name.encode())


def unseal(key: bytes, sealed: bytes, name: str) -> Outcome | None:
    """Open what `seal` made; None when it is anything else."""
    try:
        plain = AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], name.encode())
    except (InvalidTag, ValueError):
        return None
    return msgspec.msgpack.decode(plain, type=Outcome)


def answer(order: Order) -> bytes:
    """Exchange once and return the sealed outcome; a kept one is returned without a request.

    The lock lets a second guard wait for the first instead of using up the token under it.

    Raises:
        OSError: there is no room for an answer, so nothing was sent.
        Timeout: another guard holds the lock for longer than an exchange may take.
    """
    file = Path(order.file)
    lock = file.with_name(file.name + LOCK_SUFFIX)
    with FileLock(lock, timeout=_OTHER_GUARD_S, mode=_PRIVATE):
        kept = file.read_bytes() if file.exists() else b""
        if kept and unseal(order.seal_key, kept, file.name) is not None:
            return kept
        draft = file.with_name(file.name + DRAFT_SUFFIX)
        _make_room(draft)
        outcome = _exchange(order)
        sealed = seal(order.seal_key, outcome, file.name)
        if outcome.item is None:
            draft.unlink()
        else:
            _keep(draft, file, sealed)
        return sealed


def _exchange(order: Order) -> Outcome:
    sent: list[SentRequest] = []
    recorder = Recorder(order.egress_key, lambda: order.at, sent.append)
    outcome = Outcome()
    try:
        access = Access(order.host, order.client_id, order.secret)
        outcome.item = PlaidClient(access, recorder, patience=_PATIENCE).exchange(
            order.public_token
        )
    except PlaidError as exc:
        outcome.refusal = Refusal(exc.code, exc.advice, exc.status, exc.request_id)
    # A kept outcome is told again to whoever asks again; the ledger has each request once.
    outcome.sent = [
        dataclasses.asdict(one) | {"once": secrets.token_bytes(_ONCE_BYTES)} for one in sent
    ]
    return outcome


def _make_room(draft: Path) -> None:
    """Take the space before the request: a full disk must be found out while nothing is lost."""
    descriptor = os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, _PRIVATE)
    with os.fdopen(descriptor, "wb") as room:
        room.write(secrets.token_bytes(_ROOM))
        room.flush()
        os.fsync(room.fileno())


def _keep(draft: Path, file: Path, sealed: bytes) -> None:
    with draft.open("r+b") as room:
        room.write(sealed)
        room.truncate()
        room.flush()
        os.fsync(room.fileno())
    draft.replace(file)
    if os.name != "nt":
        folder = os.open(file.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def entry() -> None:
    """Read an order from standard input, carry it out, and write the sealed outcome."""
    try:
        # A Hive that died while it was still telling leaves an order that cannot be read.
        order = msgspec.msgpack.decode(sys.stdin.buffer.read(), type=Order)
        sealed = answer(order)
    except (msgspec.DecodeError, OSError, Timeout):
        sys.exit(1)
    try:
        sys.stdout.buffer.write(sealed)
        sys.stdout.buffer.flush()
    except OSError:
        # Nobody listens any more; the answer is kept.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
