"""The first Hive's side of the private socket: it shows its window, or runs a command.

A visitor is the person's own process, and may have the window shown. A command runs in the open
session for whoever proves that they know the vault's key; before, this side proves that it does.
"""

from __future__ import annotations

import asyncio
import logging
import os
import re
import secrets
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from contextvars import copy_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeGuard, TypeVar

from hive_desktop.domain import handover
from hive_desktop.domain.handover import HandoverError, Sealed
from hive_desktop.ports.errors import HiveError, VaultLockedError
from hive_desktop.ports.handover import Command, Terminal, Visit
from hive_desktop.services.tasks import TaskScope

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine

    from hive_desktop.domain.handover import Message
    from hive_desktop.ports.handover import Ask, Channel
    from hive_desktop.services.lifecycle import AppLifecycle
    from hive_desktop.services.session import VaultSession

T = TypeVar("T")
_log = logging.getLogger(__name__)
_SHAKE_S = 10.0
_END_S = 5.0
_MOST_GUESTS = 16
_MOST_COMMANDS = 4
_MOST_ARGUMENTS, _WIDEST, _USUAL_WIDTH = 4096, 10_000, 80
# What a reader that has stopped may let pile up before its command is ended.
_MOST_WAITING = 32 << 20
# A sign takes up to twelve bytes of a frame.
_PART = handover.LONGEST_FRAME // 16
_LOOK_S = 0.5
_FAULT = 1
# XDG Activation and Startup Notification: signs of ASCII.
_TOKEN = re.compile(r"[!-~]{1,512}")


class CommandRunner(Protocol):
    """Runs a command in an open session; blocks, and is called on a thread of its own."""

    def __call__(self, command: Command, session: VaultSession, loop: LoopWork) -> int:
        """Return the exit code."""
        ...


class LoopWork:
    """Runs a command's coroutines on the loop, from the command's own thread.

    Args:
        scope: owns them; the session's, so that they end with it.
        loop: where they run.
    """

    def __init__(self, scope: TaskScope, loop: asyncio.AbstractEventLoop) -> None:
        self._scope = scope
        self._loop = loop
        self._task: asyncio.Task[Any] | None = None
        self._is_stopped = False

    def run(self, make: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Run a coroutine to its end, in the context of the caller; returns what it returns.

        Raises:
            KeyboardInterrupt: the person stopped the command.
            VaultLockedError: the vault was locked meanwhile.
        """
        done: Future[T] = Future()
        context = copy_context()

        def start() -> None:
            if self._is_stopped:
                done.set_exception(KeyboardInterrupt())
                return
            try:
                self._task = context.run(self._begin, make)
            except RuntimeError:
                done.set_exception(_locked())
                return
            self._task.add_done_callback(lambda task: self._finish(task, done))

        self._loop.call_soon_threadsafe(start)
        while not wait((done,), _LOOK_S).done:
            if self._is_stopped and not self._loop.is_running():
                raise KeyboardInterrupt  # the program ends: nothing will ever answer
        return done.result()

    def stop(self) -> None:
        """End what runs, and whatever would come after it. On the loop's thread."""
        self._is_stopped = True
        if self._task is not None:
            self._task.cancel()

    def _begin(self, make: Callable[[], Coroutine[Any, Any, T]]) -> asyncio.Task[T]:
        return self._scope.spawn(make(), name="command")

    def _finish(self, task: asyncio.Task[T], done: Future[T]) -> None:
        if task.cancelled():
            done.set_exception(KeyboardInterrupt() if self._is_stopped else _locked())
        elif (error := task.exception()) is not None:
            done.set_exception(error)
        else:
            done.set_result(task.result())


class FrontDoor:
    """Receives visitors, each in a task of its own.

    Args:
        lifecycle: has the session and what commands are proven by.
        show: brings the window to the front, or opens the demo.
        run: runs commands; None where there is nobody who could.
    """

    def __init__(
        self,
        lifecycle: AppLifecycle,
        show: Callable[[Visit], None],
        run: CommandRunner | None = None,
    ) -> None:
        self._lifecycle = lifecycle
        self._show = show
        self._run = run
        # Threads of their own: a command waits for coroutines that need the pool of the loop.
        self._threads = ThreadPoolExecutor(_MOST_COMMANDS, thread_name_prefix="hive-command")
        self._scope = TaskScope("front-door")

    def receive(self, channel: Channel) -> None:
        """Take in a visitor."""
        if not channel.is_own_user or len(self._scope) >= _MOST_GUESTS:
            channel.close()
            return
        try:
            self._scope.spawn(self._talk(channel), name="visitor")
        except RuntimeError:
            channel.close()

    async def close(self) -> None:
        """Let go of all visitors, and wait until their commands have ended."""
        await self._scope.close()
        self._threads.shutdown(wait=False, cancel_futures=True)
        loop = asyncio.get_running_loop()
        # Their threads speak to the loop up to their end, which comes soon: it is cancelled.
        with suppress(TimeoutError):
            async with asyncio.timeout(_END_S):
                await loop.run_in_executor(None, self._threads.shutdown)

    async def _talk(self, channel: Channel) -> None:
        try:
            async with asyncio.timeout(_SHAKE_S):
                wish = await _next(channel)
            if wish.get("hive") != handover.VERSION:
                channel.send(handover.encode({"refused": "version", "pid": os.getpid()}))
            elif wish.get("want") == "show":
                channel.send(handover.encode({"shown": True, "pid": os.getpid()}))
                self._show(_visit(wish))
            elif wish.get("want") == "command":
                await self._command(channel, wish)
        except (HandoverError, TimeoutError) as error:
            _log.info("a visitor was let go: %s", str(error) or "it was too slow")
        finally:
            channel.close()

    async def _command(self, channel: Channel, wish: Message) -> None:
        session, key = self._lifecycle.session, self._lifecycle.command_key
        if session is None or key is None or self._run is None:
            channel.send(handover.encode({"refused": "locked"}))
            return
        theirs = handover.nonce_of(wish.get("nonce"))
        ours = secrets.token_bytes(handover.NONCE_BYTES)
        proof = handover.owner_proof(key, theirs, ours)
        channel.send(handover.encode({"nonce": ours.hex(), "proof": proof.hex()}))
        async with asyncio.timeout(_SHAKE_S):
            shown = handover.nonce_of((await _next(channel)).get("proof"))
            if not handover.is_same(shown, handover.client_proof(key, theirs, ours)):
                raise HandoverError("a proof that proves nothing")
            sealed = Sealed(key, theirs, ours, is_owner=True)
            told = sealed.open(await _payload(channel))
        if self._lifecycle.session is not session:
            channel.send(sealed.seal({"refused": "locked"}))
            return
        await _Served(channel, sealed, session, self._scope).run(told, self._run, self._threads)


class _Served:
    """One command while it runs."""

    def __init__(
        self, channel: Channel, sealed: Sealed, session: VaultSession, scope: TaskScope
    ) -> None:
        self._channel: Channel | None = channel
        self._sealed = sealed
        self._session = session
        self._scope = scope
        self._loop = asyncio.get_running_loop()
        self._work = LoopWork(session.scope, self._loop)
        self._answer: asyncio.Future[str | None] | None = None

    async def run(self, told: Message, run: CommandRunner, threads: ThreadPoolExecutor) -> None:
        channel = self._channel
        if channel is None:
            return
        command = _command_of(told, self.say, self.ask)
        hearing = self._scope.spawn(self._hear(channel), name="hear")
        try:
            code = await self._loop.run_in_executor(
                threads, run, command, self._session, self._work
            )
        except HiveError as error:  # what a runner does not tell by itself
            code = error.exit_code
        except Exception:  # noqa: BLE001 - a task's edge: the window goes on
            _log.exception("a command that was handed over failed")
            code = _FAULT
        finally:
            # A runner that is still there ends by itself: its coroutines were cancelled.
            self._work.stop()
            hearing.cancel()
            # The command's thread may be the last that knows this, and a channel of Qt's must not
            # end on it.
            self._channel = None
        channel.send(self._sealed.seal({"end": code}))

    def say(self, stream: int, text: str) -> None:
        """Send words of the command, from any thread."""
        for start in range(0, len(text), _PART):
            message = {"say": stream, "text": text[start : start + _PART]}
            with suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(self._send, message)

    async def ask(self, question: Ask) -> str | None:
        """Have the person asked at the other side."""
        self._answer = self._loop.create_future()
        self._send({"ask": question.text, "variable": question.variable, "fd": question.fd})
        try:
            return await self._answer
        finally:
            self._answer = None

    def _send(self, message: Message) -> None:
        if self._channel is None:
            return
        if self._channel.waiting > _MOST_WAITING:
            self._work.stop()
            return
        self._channel.send(self._sealed.seal(message))

    async def _hear(self, channel: Channel) -> None:
        """Hear answers and Ctrl-C; a client that has gone has stopped its command."""
        with suppress(HandoverError):
            while (payload := await channel.receive()) is not None:
                message = self._sealed.open(payload)
                if message.get("stop"):
                    break
                answer = message.get("answer")
                if self._answer is not None and not self._answer.done():
                    self._answer.set_result(answer if isinstance(answer, str) else None)
        self._work.stop()


async def _payload(channel: Channel) -> bytes:
    payload = await channel.receive()
    if payload is None:
        raise HandoverError("a visitor that has gone")
    return payload


async def _next(channel: Channel) -> Message:
    return handover.decode(await _payload(channel))


def _visit(wish: Message) -> Visit:
    token, files = wish.get("token"), wish.get("files", [])
    return Visit(
        demo=wish.get("demo") is True,
        hidden=wish.get("hidden") is True,
        token=token if isinstance(token, str) and _TOKEN.fullmatch(token) else "",
        files=tuple(one for one in files if _is_path(one)) if _is_list(files) else (),
    )


def _is_path(one: object) -> bool:
    return isinstance(one, str) and "\0" not in one and Path(one).is_absolute()


def _command_of(
    told: Message, say: Callable[[int, str], None], ask: Callable[[Ask], Awaitable[str | None]]
) -> Command:
    words, folder, columns = told.get("run"), told.get("folder"), told.get("columns")
    if not _is_list(words) or not all(isinstance(one, str) for one in words):
        raise HandoverError("a command that is none")
    if not isinstance(folder, str) or not Path(folder).is_absolute():
        raise HandoverError("a folder that is none")
    width = columns if isinstance(columns, int) and 0 < columns < _WIDEST else _USUAL_WIDTH
    terminal = Terminal(
        out=told.get("out") is True,
        err=told.get("err") is True,
        asks=told.get("asks") is True,
        columns=width,
    )
    names = told.get("given")
    given = frozenset(one for one in names if isinstance(one, str)) if _is_list(names) else ()
    return Command(tuple(words), Path(folder), terminal, frozenset(given), say, ask)


def _is_list(value: object) -> TypeGuard[list[Any]]:
    return isinstance(value, list) and len(value) <= _MOST_ARGUMENTS


def _locked() -> VaultLockedError:
    return VaultLockedError(
        "The vault was locked while the command ran.",
        hint="Unlock it, look what was done, and run the command again.",
    )
