"""Serves the local API on loopback, on a thread and a loop of its own: the window never waits."""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
import threading
from typing import TYPE_CHECKING, Final

from uvicorn import Config, Server

from hive_desktop.api.app import create_app
from hive_desktop.api.bridge import Bridge
from hive_desktop.api.connections import BoundedProtocol, BoundedSocketProtocol
from hive_desktop.api.desk import Desk
from hive_desktop.api.limits import Limits
from hive_desktop.api.mounted import mounted as parts
from hive_desktop.api.usage import Usage
from hive_desktop.api.websocket import MESSAGE_BYTES
from hive_desktop.logs import crashes
from hive_desktop.ports.errors import EnvironmentFaultError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.types import ASGIApp

    from hive_desktop.api.app import Mounted
    from hive_desktop.ports.egress import Egress
    from hive_desktop.services.session import VaultSession

_log = logging.getLogger(__name__)

_HEAD_BYTES: Final = 32 * 1024
_KEEP_ALIVE_S: Final = 15
_PING_S: Final = 30.0
_START_S: Final = 15.0
_END_S: Final = 3.0
_BACKLOG: Final = 128
_TRIES: Final = 20
_NO_IPV6: Final = (errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT)


class ApiServer:
    """One run of the server over one open vault. Implements `ports.local_api.ApiServer`.

    Args:
        session: what is served; `start` is called on its loop.
        mounted: makes what is served beside the routes.
        limits: of requests.
    """

    def __init__(
        self,
        session: VaultSession,
        mounted: Callable[[Desk], Sequence[Mounted]] = parts,
        limits: Limits | None = None,
    ) -> None:
        self._session = session
        self._mounted = mounted
        self._limits = limits or Limits()
        self._server: Server | None = None
        self._thread: threading.Thread | None = None
        self._usage: Usage | None = None

    async def start(self, port: int) -> int:
        """Begin to serve at a port of loopback, 0 for any; returns the port.

        Raises:
            EnvironmentFaultError: the port is taken, or the server did not start.
        """
        await self._session.api_clients.learn()
        sockets = listen(port)
        port = sockets[0].getsockname()[1]
        session = self._session
        bridge = Bridge(session.scope, asyncio.get_running_loop())
        usage = Usage(
            session.clock,
            f"http://127.0.0.1:{port}",
            lambda entry: bridge.run(lambda: session.egress.write(entry)),
        )
        desk = Desk.of(session, bridge, usage, self._limits)
        server = Server(configure(create_app(desk, port, self._mounted(desk))))
        thread = threading.Thread(target=_run, args=(server, sockets), name="hive-api", daemon=True)
        self._server, self._thread, self._usage = server, thread, usage
        thread.start()
        loop = asyncio.get_running_loop()
        until = loop.time() + _START_S
        try:
            while not server.started and thread.is_alive() and loop.time() < until:  # noqa: ASYNC110 - it has no event
                await asyncio.sleep(0.01)
        except asyncio.CancelledError:
            await self.stop()
            raise
        if not server.started:
            await self.stop()
            raise EnvironmentFaultError(
                "The local API did not start.", hint="Look into the log, and try another port."
            )
        return int(port)

    @property
    def is_running(self) -> bool:
        """Tell whether it serves still."""
        return self._thread is not None and self._thread.is_alive()

    def drain(self) -> list[Egress]:
        """Return what was handed out since the last time, for the record."""
        return [] if self._usage is None else self._usage.drain()

    async def stop(self) -> None:
        """End: connections are closed, and nobody waits long for them."""
        server, thread = self._server, self._thread
        self._server = self._thread = None
        if server is None or thread is None:
            return
        server.should_exit = True
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(None, thread.join, _END_S)
        if thread.is_alive():
            _log.warning("the local API did not end in time")


def listen(port: int) -> list[socket.socket]:
    """Return sockets that listen on loopback, on both of its addresses where there are two.

    `localhost` may mean either: another program must not have the second one.

    Raises:
        EnvironmentFaultError: the port is taken.
    """
    tries = 1 if port else _TRIES
    while True:
        tries -= 1
        try:
            return _listening_twice(port)
        except OSError as exc:
            if tries:  # the second address of a port that was free may be somebody's
                continue
            raise EnvironmentFaultError(
                "The port {port} of this computer cannot be had.",
                title="The local API did not start",
                hint="Another program has it: choose another port.",
                port=port,
            ) from exc


def _listening_twice(port: int) -> list[socket.socket]:
    made = [_listening(socket.AF_INET, "127.0.0.1", port)]
    try:
        made.append(_listening(socket.AF_INET6, "::1", made[0].getsockname()[1]))
    except OSError as exc:
        if exc.errno not in _NO_IPV6:
            made[0].close()
            raise
    return made


def _listening(family: socket.AddressFamily, address: str, port: int) -> socket.socket:
    """Return a socket that listens, at an address that no other program can have beside it."""
    # With its protocol named asyncio sends small pieces at once (TCP_NODELAY) on what is accepted.
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # On Windows another program could listen there too, and be sent secrets. Elsewhere none
        # can, and without the other option a port is not had again for a minute.
        option = getattr(socket, "SO_EXCLUSIVEADDRUSE", socket.SO_REUSEADDR)
        made.setsockopt(socket.SOL_SOCKET, option, 1)
        if family == socket.AF_INET6:
            made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        made.bind((address, port))
        made.listen(_BACKLOG)
    except OSError:
        made.close()
        raise
    return made


def configure(app: ASGIApp) -> Config:
    """Return how uvicorn serves an application, within bounds."""
    return Config(
        app,
        http=BoundedProtocol,
        ws=BoundedSocketProtocol,
        ws_max_size=MESSAGE_BYTES,
        ws_ping_interval=_PING_S,
        ws_ping_timeout=_PING_S,
        ws_per_message_deflate=False,
        lifespan="on",
        loop="asyncio",
        proxy_headers=False,
        server_header=False,
        access_log=False,
        log_config=None,
        h11_max_incomplete_event_size=_HEAD_BYTES,
        timeout_keep_alive=_KEEP_ALIVE_S,
        timeout_graceful_shutdown=1,
    )


def _run(server: Server, sockets: list[socket.socket]) -> None:
    """Serve until it is told to end. On a thread of its own."""
    # What uvicorn says is noise, or holds addresses with their queries; its errors are faults.
    logging.getLogger("uvicorn").setLevel(logging.CRITICAL)

    async def work() -> None:
        crashes.watch_loop(asyncio.get_running_loop())
        await server.serve(sockets)

    try:
        asyncio.run(work())
    except SystemExit:  # it could not start; `start` says so
        _log.warning("the local API did not start")
    except Exception as error:  # noqa: BLE001 - a thread's edge: the program goes on
        _log.exception("a fault of the program itself in the local API")
        crashes.note_error("Python error of the local API", error)
    finally:
        for one in sockets:
            one.close()
