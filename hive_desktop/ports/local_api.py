"""The server of the local API, as the services know it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from hive_desktop.ports.egress import Egress


class ApiServer(Protocol):
    """One run of a server on loopback over the open vault. Used on the session's loop."""

    async def start(self, port: int) -> int:
        """Begin to serve at a port, 0 for any; returns the port.

        Raises:
            EnvironmentFaultError: the port is taken, or the server did not start.
        """
        ...

    @property
    def is_running(self) -> bool:
        """Tell whether it serves still; a fault may have ended it."""
        ...

    def drain(self) -> list[Egress]:
        """Return what was handed out since the last time, for the record."""
        ...

    async def stop(self) -> None:
        """End within seconds, whoever is connected."""
        ...
