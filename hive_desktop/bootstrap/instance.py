"""Who is the one window of a vault, how the others reach it, and what it is given for that."""

from __future__ import annotations

import logging
import os
import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from hive_desktop.adapters.desktop.instance import Claim, Line, claim, is_own_user
from hive_desktop.adapters.desktop.instance import call as call_window
from hive_desktop.adapters.desktop.login import start_at_login
from hive_desktop.config import AppConfig
from hive_desktop.domain import handover
from hive_desktop.domain.handover import HandoverError
from hive_desktop.ports.errors import EnvironmentFaultError
from hive_desktop.services.residence import Residence

if TYPE_CHECKING:
    from pathlib import Path

    from hive_desktop.ports.handover import Visit
    from hive_desktop.services.front_door import CommandRunner

__all__ = ["Claim", "Line", "Place", "call_window", "take_place"]

_log = logging.getLogger(__name__)
# A window that starts at the same time may take as long to listen.
_PATIENCE_S = 30.0
_ANSWER_S = 5.0
_POLL_S = 0.1


@dataclass(frozen=True, slots=True)
class Place:
    """The place of the one window of a vault."""

    claim: Claim | None
    residence: Residence = field(default_factory=Residence)

    def leave(self) -> None:
        """Let another process have it."""
        if self.claim is not None:
            self.claim.release()


def take_place(
    settings: AppConfig, visit: Visit, run_command: CommandRunner | None
) -> Place | None:
    """Become the one window of a vault; None when the one that is there has been called instead.

    Raises:
        EnvironmentFaultError: it is there, and does not answer, or is of another version.
    """
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            claimed = claim(settings.vault)
        except OSError as error:
            _log.info("no private socket: %s", error)
            return Place(None, _residence(settings, visit, "", run_command))
        if claimed is not None:
            return Place(claimed, _residence(settings, visit, claimed.address, run_command))
        if _call(settings.vault, visit):
            return None
        if time.monotonic() >= deadline:
            raise EnvironmentFaultError(
                "Hive is running already with this vault, and does not answer.",
                title="Hive does not answer",
                hint="Wait a moment and start it again. If that does not help, end the process "
                "hive-desktop first.",
            )
        time.sleep(_POLL_S)


def _call(folder: Path, visit: Visit) -> bool:
    """Have the window shown; tells whether it answered."""
    line = call_window(folder, patience_s=0.0, answer_s=_ANSWER_S)
    if line is None:
        return False
    wish: dict[str, Any] = {"hive": handover.VERSION, "want": "show", "demo": visit.demo}
    wish |= {"hidden": visit.hidden, "token": visit.token}
    wish |= {"files": list(visit.files)} if visit.files else {}
    with line:
        try:
            line.send(handover.encode(wish))
            answer = line.receive()
            return answer is not None and _is_shown(handover.decode(answer))
        except (OSError, HandoverError):
            return False


def _is_shown(answer: handover.Message) -> bool:
    if answer.get("refused") == "version":
        raise EnvironmentFaultError(
            "Hive is running already with this vault, in another version.",
            title="Another version of Hive is running",
            hint="Quit it, and start Hive again.",
        )
    if answer.get("shown") is not True:
        return False
    if sys.platform == "win32":
        _let_to_the_front(answer.get("pid"))
    return True


def _let_to_the_front(process: object) -> None:
    """Let the first window come to the front: Windows lets this process say so alone."""
    import ctypes  # noqa: PLC0415 - Windows alone

    if isinstance(process, int):
        ctypes.windll.user32.AllowSetForegroundWindow(process)  # type: ignore[attr-defined,unused-ignore]


def token_of_the_desktop() -> str:
    """Return what the desktop gave this process to bring a window to the front; empty for none."""
    return os.environ.get("XDG_ACTIVATION_TOKEN", "") or os.environ.get("DESKTOP_STARTUP_ID", "")


def _residence(
    settings: AppConfig, visit: Visit, address: str, run_command: CommandRunner | None
) -> Residence:
    is_usual = settings.vault == AppConfig.default().vault
    arguments = [] if is_usual else ["--vault", str(settings.vault)]
    return Residence(
        hidden=visit.hidden,
        files=visit.files,
        address=address,
        is_own_user=is_own_user,
        run_command=run_command,
        start_at_login=start_at_login(arguments),
    )
