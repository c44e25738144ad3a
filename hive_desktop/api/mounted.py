"""What is served beside the routes, behind the same guard: each part at its own address."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hive_desktop.api.app import Mounted
    from hive_desktop.api.desk import Desk


def mounted(desk: Desk) -> Sequence[Mounted]:
    """Return the parts of a server.

    Each signs its clients in by `desk.let_in`, asks the session by `desk.bridge.run` alone, and
    counts what it hands out by `desk.usage.note`.
    """
    del desk
    return ()
