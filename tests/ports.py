"""Ports of this computer that tests give to programs, or to nobody."""

import socket
import sys

_HELD = []


def free_port():
    """Return a port of loopback that nobody else is given while this process lives.

    A system hands out ports to all who ask for any, and to each who connects. Linux passes over one
    that is held, but a server that names it can have it: both say SO_REUSEADDR, and whoever holds
    it does not listen. Until a server does, connections to it are refused.
    """
    held = socket.socket()
    if sys.platform == "linux":
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _HELD.append(held)
    held.bind(("127.0.0.1", 0))
    port = held.getsockname()[1]
    if held not in _HELD:
        held.close()
    return port
