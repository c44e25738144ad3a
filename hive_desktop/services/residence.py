"""How the program lives beside its window: what the composition root gives it for that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import socket
    from collections.abc import Callable

    from hive_desktop.ports.desktop import StartAtLogin
    from hive_desktop.services.front_door import CommandRunner


@dataclass(frozen=True, slots=True)
class Residence:
    """What a window needs that stays when it is closed.

    Attributes:
        hidden: start without a window.
        files: absolute paths of files to import once a vault is open.
        address: of the private socket; empty where there can be none.
        is_own_user: tells whether the other end of a socket is this user's.
        run_command: runs commands of other processes; None where nobody can.
        start_at_login: the desktop's list of what it starts; None where it has none.
    """

    hidden: bool = False
    files: tuple[str, ...] = ()
    address: str = ""
    is_own_user: Callable[[socket.socket], bool] = lambda _socket: False
    run_command: CommandRunner | None = None
    start_at_login: StartAtLogin | None = None
