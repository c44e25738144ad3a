"""Hands a command over to the Hive that has the vault open, and shows here what it says there.

The other side is told nothing before it has proven that it knows the vault's key.
"""

from __future__ import annotations

import os
import secrets
import signal
import sys
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from hive_desktop import bootstrap
from hive_desktop.cli import context, given, streams
from hive_desktop.domain import handover
from hive_desktop.domain.handover import HandoverError, Sealed
from hive_desktop.ports.errors import HiveError, UsageError, VaultBusyError, VaultLockedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from hive_desktop.bootstrap.instance import Line
    from hive_desktop.domain.handover import Message

_PATIENCE_S = 0.5
_ANSWER_S = 15.0
# A terminal sends Ctrl-C to a whole group, and `timeout` to its child and to the group.
_ONE_INTERRUPT_S = 1.0
_INTERRUPTED = 130
_OURS = "HIVE_"


def run(arguments: Sequence[str], owned: context.OwnedElsewhereError) -> int:
    """Have the owner of the vault run a command; returns its exit code.

    Raises:
        VaultBusyError: nobody listens there (it is no window), or it does not answer, or is no Hive
            that knows this vault.
        VaultLockedError: it was locked meanwhile.
    """
    line = bootstrap.call_window(owned.folder, patience_s=_PATIENCE_S, answer_s=_ANSWER_S)
    if line is None:
        raise owned.busy
    with line:
        told = _told(arguments)
        try:
            sealed = _shaken(line, owned.keys.commands)
            _send(line, sealed.seal(told))
            line.wait_long()
            return _followed(line, sealed)
        except HandoverError as exc:
            raise VaultBusyError(
                "Another Hive ({holder}) has this vault open, and does not answer.",
                hint="Look at its window, or end that Hive, and run the command again.",
                holder=owned.busy.arguments.get("holder"),
            ) from exc


def _shaken(line: Line, key: bytes) -> Sealed:
    """Prove both sides to each other."""
    ours = secrets.token_bytes(handover.NONCE_BYTES)
    wish = {"hive": handover.VERSION, "want": "command", "nonce": ours.hex()}
    _send(line, handover.encode(wish))
    answer = handover.decode(_payload(line))
    _check(answer)
    theirs, proof = handover.nonce_of(answer.get("nonce")), handover.nonce_of(answer.get("proof"))
    if not key or not handover.is_same(proof, handover.owner_proof(key, ours, theirs)):
        raise HandoverError("a proof that proves nothing")
    _send(line, handover.encode({"proof": handover.client_proof(key, ours, theirs).hex()}))
    return Sealed(key, ours, theirs, is_owner=False)


def _told(arguments: Sequence[str]) -> Message:
    try:
        folder = Path.cwd()
    except OSError as exc:
        raise UsageError(
            "The folder in which the command was called is gone.", hint="Go to another, and repeat."
        ) from exc
    return {
        "run": list(arguments),
        "folder": str(folder),
        "out": sys.stdout.isatty(),
        "err": sys.stderr.isatty(),
        "asks": context.has_terminal(),
        "columns": streams.columns(),
        "given": given.names() + [name for name in os.environ if name.startswith(_OURS)],
    }


def _followed(line: Line, sealed: Sealed) -> int:
    """Show what is said, ask what is asked, and return the exit code."""
    stop = _Stop(line, sealed)
    with stop.heard():
        while True:
            message = sealed.open(_payload(line))
            _check(message)
            if "end" in message:
                return int(message["end"])
            if "say" in message:
                stream = streams.out if message["say"] == 1 else streams.err
                stream.write(str(message.get("text", "")))
                stream.flush()
            elif "ask" in message:
                stop.send({"answer": _answer(message, stop)})


def _answer(message: Message, stop: _Stop) -> str | None:
    """Return what the person gave or gives; None where nobody can."""
    text, variable, fd = (message.get(name) for name in ("ask", "variable", "fd"))
    try:
        if not variable:
            return given.YES if context.says_yes(str(text)) else None
        known = given.kept(str(variable))
        if known is not None:
            return known
        stored = given.take(str(variable)) if str(variable).startswith(_OURS) else None
        if isinstance(fd, int):
            return context.secret_from_fd(fd)
        if stored is not None or not text:
            return stored
        return context.ask(str(text)) if context.has_terminal() else None
    except KeyboardInterrupt:
        stop.now()
    except HiveError:
        pass  # the other side says what is missing
    return None


class _Stop:
    """Tells the owner of Ctrl-C; a second one later ends this process."""

    def __init__(self, line: Line, sealed: Sealed) -> None:
        self._line = line
        self._sealed = sealed
        self._is_sending = False
        self._stopped_at: float | None = None

    def send(self, message: Message) -> None:
        """Send a message, and a stop that came amid it after it."""
        self._is_sending = True
        _send(self._line, self._sealed.seal(message))
        self._is_sending = False
        if self._stopped_at is not None:
            _send(self._line, self._sealed.seal({"stop": True}))

    def now(self) -> None:
        """Have the command ended."""
        if self._stopped_at is None:
            self._stopped_at = time.monotonic()
            if not self._is_sending:
                with suppress(HandoverError):
                    _send(self._line, self._sealed.seal({"stop": True}))
        elif time.monotonic() - self._stopped_at > _ONE_INTERRUPT_S:
            os._exit(_INTERRUPTED)

    @contextmanager
    def heard(self) -> Iterator[None]:
        """Hear Ctrl-C meanwhile; the main thread can."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.signal(signal.SIGINT, lambda _number, _frame: self.now())
        try:
            yield
        finally:
            signal.signal(signal.SIGINT, before)


def _check(answer: Message) -> None:
    refused = answer.get("refused")
    if refused == "locked":
        raise VaultLockedError(
            "The Hive that has this vault is locked.", hint="Unlock it, and run the command again."
        )
    if refused is not None:
        raise VaultBusyError(
            "Another Hive of another version has this vault open.",
            hint="Quit it, start it again, and run the command again.",
        )


def _send(line: Line, payload: bytes) -> None:
    """Send a payload. An OSError beside the line's is of this process's own streams."""
    try:
        line.send(payload)
    except OSError as exc:
        raise HandoverError("the line broke") from exc


def _payload(line: Line) -> bytes:
    try:
        payload = line.receive()
    except OSError as exc:
        raise HandoverError("the line broke") from exc
    if payload is None:
        raise HandoverError("the other side has gone")
    return payload
