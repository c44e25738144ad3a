"""How the window looks before a vault is open: theme and language, in a plain file beside it.

The choices themselves are settings of the encrypted ledger; this is their copy for the screens that
come before it. It holds nothing else.
"""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from hive_desktop import i18n
from hive_desktop.ports.errors import UsageError
from hive_desktop.services.whole_file import WholeFile
from hive_desktop.ui.kit.theme import Mode
from hive_desktop.ui.language import SYSTEM

if TYPE_CHECKING:
    from pathlib import Path

FILE: Final = "look.json"
_LONGEST: Final = 1024
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Look:
    """A theme and a language; both the system's where nothing was chosen."""

    theme: Mode = Mode.SYSTEM
    language: str = SYSTEM


def look_of(theme: str, language: str) -> Look:
    """Return a look by names; the system's for what is not known."""
    return Look(
        Mode(theme) if theme in set(Mode) else Mode.SYSTEM,
        language if language in i18n.languages() else SYSTEM,
    )


def read_look(folder: Path) -> Look:
    """Return the look that a vault's folder keeps; the system's for what is missing or odd."""
    try:
        with (folder / FILE).open("rb") as file:
            found = json.loads(file.read(_LONGEST))
    except (OSError, ValueError, RecursionError):
        return Look()
    if not isinstance(found, dict):
        return Look()
    return look_of(str(found.get("theme", "")), str(found.get("language", "")))


def write_look(folder: Path, look: Look) -> None:
    """Keep a look in a vault's folder, where it is another; without one it is the system's."""
    if read_look(folder) == look:
        return
    told = json.dumps({"theme": look.theme.value, "language": look.language})
    try:
        with WholeFile(folder / FILE) as file:
            file.write(told + "\n")
            file.finish()
    except UsageError as error:
        _log.info("the look was not kept: %s", error)
