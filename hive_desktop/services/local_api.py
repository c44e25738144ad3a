"""Whether the local API is served, and where: from unlock to lock, where the person wants it."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from hive_desktop.ports.errors import (
    EnvironmentFaultError,
    UsageError,
    VaultError,
    VaultLockedError,
)
from hive_desktop.ports.events import LocalApiChanged

if TYPE_CHECKING:
    from collections.abc import Callable

    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ports.events import EventSink
    from hive_desktop.ports.local_api import ApiServer
    from hive_desktop.services.api_clients import ApiClients
    from hive_desktop.services.egress import EgressService
    from hive_desktop.services.settings import SettingsService
    from hive_desktop.services.tasks import TaskScope

_log = logging.getLogger(__name__)

DEFAULT_PORT: Final = 8737
_ON: Final = "api.on"
_PORT: Final = "api.port"
_LEAST_PORT: Final = 1024
_LAST_PORT: Final = 65_535
_RECORD_S: Final = 60.0


class LocalApi:
    """Starts and stops the server, and writes down what it handed out.

    Args:
        settings: keep whether it is wanted, and its port.
        clients: whose tokens end with the server.
        egress: the record.
        bus: hears when it starts or stops.
        scope: ends it with the session.
        make: makes a server.
    """

    def __init__(
        self,
        settings: SettingsService,
        clients: ApiClients,
        egress: EgressService,
        bus: EventSink,
        scope: TaskScope,
        make: Callable[[], ApiServer],
    ) -> None:
        self._settings = settings
        self._clients = clients
        self._egress = egress
        self._bus = bus
        self._scope = scope
        self._make = make
        self._choosing = asyncio.Lock()
        self._changing = asyncio.Lock()
        self._serving: asyncio.Task[None] | None = None
        self._port: int | None = None
        self._error: HiveError | None = None

    @property
    def port(self) -> int | None:
        """Return at which port it is served; None where it is not."""
        return self._port

    @property
    def error(self) -> HiveError | None:
        """Return why it is not served although it is wanted."""
        return self._error

    async def is_wanted(self) -> bool:
        """Tell whether the person wants it while the vault is open in the window."""
        return await self._settings.get(_ON, "0") == "1"

    async def wanted_port(self) -> int:
        """Return the port that the person chose, or the usual one."""
        stored = await self._settings.get(_PORT, "")
        return int(stored) if stored.isdecimal() else DEFAULT_PORT

    async def choose(self, *, is_on: bool, port: int | None = None) -> None:
        """Keep what the person wants, and do it now.

        Raises:
            UsageError: the port is none that a program may have.
            EnvironmentFaultError: the port is taken; it is tried again at the next unlock.
        """
        if port is not None:
            _check_port(port)
        async with self._choosing:
            if port is not None:
                await self._settings.put(_PORT, str(port))
            await self._settings.put(_ON, "1" if is_on else "0")
            await self.stop()
            if is_on:
                await self.start(await self.wanted_port())

    async def begin(self) -> None:
        """Serve where the person wants it; what is in the way is kept in `error`."""
        with suppress(EnvironmentFaultError):
            if await self.is_wanted():
                await self.start(await self.wanted_port())

    async def start(self, port: int) -> int:
        """Serve until `stop`, or the session's end; returns the port, or that of one already there.

        Args:
            port: where, 0 for any.

        Raises:
            UsageError: the port is none that a program may have.
            EnvironmentFaultError: the port is taken.
            VaultLockedError: the session ended meanwhile.
        """
        if port:
            _check_port(port)
        async with self._changing:
            if self._port is not None:
                return self._port
            began: asyncio.Future[int] = asyncio.get_running_loop().create_future()
            began.add_done_callback(lambda told: told.cancelled() or told.exception())
            # The task that ends the server also starts it: what never began has nothing to end.
            hold = self._hold(self._make(), port, began)
            self._serving = self._scope.spawn(hold, name="local-api")
            await asyncio.wait((began, self._serving), return_when=asyncio.FIRST_COMPLETED)
            if not began.done():
                raise VaultLockedError
            try:
                chosen = began.result()
            except EnvironmentFaultError as error:
                self._serving, self._error = None, error
                self._bus.publish(LocalApiChanged())
                raise
            self._error = None
            self._bus.publish(LocalApiChanged())
            return chosen

    async def stop(self) -> None:
        """Stop serving; every client has to sign in again."""
        async with self._changing:
            serving, self._serving, self._error = self._serving, None, None
            if serving is not None:
                serving.cancel()
                await asyncio.wait((serving,))

    async def over(self) -> None:
        """Wait until it is not served any more."""
        if self._serving is not None:
            await asyncio.wait((self._serving,))

    async def _hold(self, server: ApiServer, port: int, began: asyncio.Future[int]) -> None:
        """Serve, write down once a minute what was handed out, and end it with this task."""
        try:
            self._port = await server.start(port)
        except EnvironmentFaultError as error:
            began.set_exception(error)
            return
        try:
            began.set_result(self._port)
            while server.is_running:
                await asyncio.sleep(_RECORD_S)
                with suppress(VaultError):
                    await self._write_down(server)
            self._error = EnvironmentFaultError(
                "The local API ended by itself.",
                title="The local API is not served",
                hint="Turn it off and on again; the log has more.",
            )
        finally:
            self._port = None
            self._clients.end_all()
            with suppress(asyncio.CancelledError):  # it ends in any case: what follows is due
                await server.stop()
            with suppress(VaultError):
                await self._write_down(server)
            self._bus.publish(LocalApiChanged())

    async def _write_down(self, server: ApiServer) -> None:
        for entry in server.drain():
            self._egress.note(entry)
        await self._clients.write_down()


def _check_port(port: int) -> None:
    """Raise UsageError for a port of the system's own; at 80 a client leaves it out of its Host."""
    if not _LEAST_PORT <= port <= _LAST_PORT:
        raise UsageError(
            "{port} is no port that Hive may have.",
            hint="Choose a number from 1024 to 65535.",
            port=port,
        )
