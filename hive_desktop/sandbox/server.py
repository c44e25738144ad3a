"""The simulated bank on a port: on a thread beside a test or a demo, or as a process of its own."""

from __future__ import annotations

import logging
import socket
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Self

import uvicorn

from hive_desktop.sandbox.app import LOOPBACK_HOSTS, create_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from hive_desktop.sandbox.bank import Bank

_BACKLOG = 128
_START_SECONDS = 10.0


class _Server(uvicorn.Server):
    """uvicorn, saying when it answers."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Take SIGINT and SIGTERM as an ordinary end: uvicorn would raise them again after it."""
        with super().capture_signals():
            try:
                yield
            finally:
                self._captured_signals.clear()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        self.ready.set()


class SandboxServer:
    """Serves one bank over HTTP on loopback.

    Args:
        bank: What is served.
        port: 0 takes a free one.
        host: The address to bind.
    """

    def __init__(self, bank: Bank, *, port: int = 0, host: str = "127.0.0.1") -> None:
        self.bank = bank
        self._host = host
        self._port = port
        self._socket: socket.socket | None = None
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def url(self) -> str:
        """Where it listens, such as ``http://127.0.0.1:8900``."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    def start(self) -> None:
        """Bind, serve on the thread ``hive-sandbox``, and return when requests are answered.

        Raises:
            OSError: The port is taken, or the address is not this machine's.
        """
        if self._thread is not None:
            return
        server, bound = self._prepare()
        self._thread = threading.Thread(
            target=server.run, kwargs={"sockets": [bound]}, name="hive-sandbox", daemon=True
        )
        self._thread.start()
        if not server.ready.wait(_START_SECONDS):
            self.stop()
            msg = "the sandbox did not start in time"
            raise TimeoutError(msg)
        self.bank.courier.start(self._tick)

    def stop(self) -> None:
        """Stop serving and join the threads; a second call does nothing."""
        if self._server is not None:
            self._server.should_exit = True
            self._server.force_exit = True
        self.bank.courier.stop()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        self._server = None

    def serve_forever(self) -> None:
        """Serve on the calling thread until SIGINT or SIGTERM.

        Raises:
            OSError: As ``start``.
        """
        server, bound = self._prepare()
        self.bank.courier.start(self._tick)
        try:
            server.run(sockets=[bound])
        finally:
            self.stop()

    def bind(self) -> None:
        """Take the port without serving yet, so that ``url`` is final.

        Raises:
            OSError: As ``start``.
        """
        if self._socket is not None:
            return
        family = socket.AF_INET6 if ":" in self._host else socket.AF_INET
        # With its protocol named asyncio sends small pieces at once on what is accepted.
        bound = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        try:
            if sys.platform != "win32":  # there it would let two programs share the port
                bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            bound.bind((self._host, self._port))
            bound.listen(_BACKLOG)
        except BaseException:
            bound.close()
            raise
        self._port = bound.getsockname()[1]
        self._socket = bound

    def __enter__(self) -> Self:
        """Start."""
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop."""
        self.stop()

    def _prepare(self) -> tuple[_Server, socket.socket]:
        """Bind, and make the server; quiet, because faults on purpose are not worth a log line."""
        self.bind()
        bound = self._socket
        if bound is None:
            msg = "the sandbox has no socket"
            raise OSError(msg)
        config = uvicorn.Config(
            create_app(self.bank, hosts=LOOPBACK_HOSTS | {self._host}),
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            log_level=logging.CRITICAL,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=1,
        )
        self._server = _Server(config)
        return self._server, bound

    def _tick(self) -> None:
        with self.bank.lock:
            self.bank.tick()
