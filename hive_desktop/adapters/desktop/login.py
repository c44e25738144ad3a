"""Start at login, as each desktop keeps it: an autostart entry, a LaunchAgent, a value of Run.

All three hold the same words: the program, the vault where it is not the usual one, and whether it
starts without a window.
"""

from __future__ import annotations

import os
import plistlib
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol
from xml.parsers.expat import ExpatError

from hive_desktop.ports.errors import EnvironmentFaultError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hive_desktop.ports.desktop import StartAtLogin

HIDDEN: Final = "--hidden"
_ENTRY: Final = "hive-desktop.desktop"
_LABEL: Final = "app.hive-desktop"
_RUN_KEY: Final = r"Software\Microsoft\Windows\CurrentVersion\Run"
_VALUE: Final = "Hive"
# Desktop Entry Specification 1.5, "The Exec key": what is escaped within quotes.
_ESCAPED: Final = re.compile(r'(["`$\\])')
_LONGEST: Final = 64 << 10
_CONTROLS: Final = bytes(range(32)) + b"\x7f"
# How desktops themselves turn an entry off.
_SWITCHED_OFF: Final = ("Hidden=true", "X-GNOME-Autostart-enabled=false")


def own_program() -> list[str]:
    """Return the words that start this program again."""
    if appimage := os.environ.get("APPIMAGE"):
        return [appimage]
    if getattr(sys, "frozen", False):
        return [sys.executable]
    return [sys.executable, "-m", "hive_desktop"]


def start_at_login(arguments: Sequence[str]) -> StartAtLogin | None:
    """Return this desktop's list; None where programs cannot put themselves on it.

    Args:
        arguments: what the program is started with, besides whether it has a window.
    """
    words = [*own_program(), *arguments]
    if sys.platform == "win32":
        return RunKey(words, WindowsRegistry())
    if sys.platform == "darwin":
        return LaunchAgent(words, Path.home() / "Library" / "LaunchAgents")
    if Path("/.flatpak-info").exists():
        return None
    config = os.environ.get("XDG_CONFIG_HOME", "")
    home = Path(config) if Path(config).is_absolute() else Path.home() / ".config"
    return AutostartEntry(words, home / "autostart")


class AutostartEntry:
    """Desktop Application Autostart Specification 0.5: an entry in the person's own folder."""

    def __init__(self, words: Sequence[str], folder: Path) -> None:
        self._words = list(words)
        self._file = folder / _ENTRY

    def is_on(self) -> bool:
        """Tell whether the entry is there, and not hidden by its own word."""
        text = _read(self._file)
        return bool(text) and not any(f"\n{word}\n" in f"{text}\n" for word in _SWITCHED_OFF)

    def is_hidden(self) -> bool:
        """Tell whether it starts the program without a window."""
        return f" {quoted(HIDDEN)}\n" in _read(self._file)

    def turn_on(self, *, hidden: bool) -> None:
        """Write the entry."""
        words = _told(self._words, hidden=hidden)
        line = " ".join(quoted(word) for word in words)
        # Where the program is gone, the desktop passes over what it left.
        program = words[0].replace("\\", "\\\\")
        _write(
            self._file,
            "[Desktop Entry]\nType=Application\nName=Hive\nIcon=hive-desktop\nTerminal=false\n"
            f"TryExec={program}\nExec={line}\nX-GNOME-Autostart-enabled=true\n".encode(),
        )

    def turn_off(self) -> None:
        """Remove the entry."""
        _remove(self._file)


class LaunchAgent:
    """launchd.plist(5): an agent of the person's own, loaded at login."""

    def __init__(self, words: Sequence[str], folder: Path) -> None:
        self._words = list(words)
        self._file = folder / f"{_LABEL}.plist"

    def is_on(self) -> bool:
        """Tell whether the agent is there."""
        return bool(self._arguments())

    def is_hidden(self) -> bool:
        """Tell whether it starts the program without a window."""
        return HIDDEN in self._arguments()

    def turn_on(self, *, hidden: bool) -> None:
        """Write the agent."""
        words = _told(self._words, hidden=hidden)
        agent = {
            "Label": _LABEL,
            "ProgramArguments": words,
            "RunAtLoad": True,
            "ProcessType": "Interactive",
        }
        _write(self._file, plistlib.dumps(agent))

    def turn_off(self) -> None:
        """Remove the agent."""
        _remove(self._file)

    def _arguments(self) -> list[str]:
        try:
            found = plistlib.loads(_read(self._file).encode())
        except (ValueError, ExpatError, plistlib.InvalidFileException):
            return []
        words = found.get("ProgramArguments") if isinstance(found, dict) else None
        return [str(word) for word in words] if isinstance(words, list) else []


class Registry(Protocol):
    """One key of the registry; raises OSError."""

    def get(self, name: str) -> str | None:
        """Return a value; None where there is none."""
        ...

    def put(self, name: str, value: str) -> None:
        """Store a value."""
        ...

    def delete(self, name: str) -> None:
        """Remove a value; silent where there is none."""
        ...


class RunKey:
    """The Run key of the person's own registry: a command line for each program."""

    def __init__(self, words: Sequence[str], registry: Registry) -> None:
        self._words = list(words)
        self._registry = registry

    def is_on(self) -> bool:
        """Tell whether the value is there."""
        return bool(self._line())

    def is_hidden(self) -> bool:
        """Tell whether it starts the program without a window."""
        return self._line().endswith(f" {HIDDEN}")

    def turn_on(self, *, hidden: bool) -> None:
        """Store the value."""
        words = _told(self._words, hidden=hidden)
        try:
            self._registry.put(_VALUE, subprocess.list2cmdline(words))
        except OSError as exc:
            raise _refused(exc) from exc

    def turn_off(self) -> None:
        """Remove the value."""
        try:
            self._registry.delete(_VALUE)
        except OSError as exc:
            raise _refused(exc) from exc

    def _line(self) -> str:
        try:
            return self._registry.get(_VALUE) or ""
        except OSError:
            return ""


class WindowsRegistry:
    """Implements `Registry` over the Run key of this user."""

    def get(self, name: str) -> str | None:
        """Return a value; None where there is none."""
        import winreg  # noqa: PLC0415 - Windows has it alone

        try:
            with winreg.OpenKey(winreg.HKEY_CURRENT_USER, _RUN_KEY) as key:  # type: ignore[attr-defined,unused-ignore]
                return str(winreg.QueryValueEx(key, name)[0])  # type: ignore[attr-defined,unused-ignore]
        except FileNotFoundError:
            return None

    def put(self, name: str, value: str) -> None:
        """Store a value."""
        import winreg  # noqa: PLC0415 - as above

        with winreg.CreateKey(winreg.HKEY_CURRENT_USER, _RUN_KEY) as key:  # type: ignore[attr-defined,unused-ignore]
            winreg.SetValueEx(key, name, 0, winreg.REG_SZ, value)  # type: ignore[attr-defined,unused-ignore]

    def delete(self, name: str) -> None:
        """Remove a value; silent where there is none."""
        import winreg  # noqa: PLC0415 - as above

        with (
            suppress(FileNotFoundError),
            winreg.OpenKey(  # type: ignore[attr-defined,unused-ignore]
                winreg.HKEY_CURRENT_USER,  # type: ignore[attr-defined,unused-ignore]
                _RUN_KEY,
                0,
                winreg.KEY_SET_VALUE,  # type: ignore[attr-defined,unused-ignore]
            ) as key,
        ):
            winreg.DeleteValue(key, name)  # type: ignore[attr-defined,unused-ignore]


def _told(words: Sequence[str], *, hidden: bool) -> list[str]:
    """Return what is started.

    Raises:
        EnvironmentFaultError: a word holds what no such list can have: a line break or another sign
            of control, or bytes that are no text.
    """
    try:
        is_plain = "".join(words).encode().translate(None, _CONTROLS) == "".join(words).encode()
    except UnicodeEncodeError:
        is_plain = False
    if not is_plain:
        raise EnvironmentFaultError(
            "The path of the program or of the vault holds a line break or a sign that is no text.",
            title="It cannot start at login",
            hint="Give that folder another name.",
        )
    return [*words, *([HIDDEN] if hidden else [])]


def quoted(word: str) -> str:
    """Return a word as the Exec key of a desktop entry has it."""
    inside = _ESCAPED.sub(r"\\\1", word).replace("%", "%%")
    # A value of an entry is a string, whose own escapes are read first.
    return f'"{inside}"'.replace("\\", "\\\\")


def _read(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return opened.read(_LONGEST).decode("utf-8", "replace")
    except OSError:
        return ""


def _write(file: Path, content: bytes) -> None:
    draft = file.with_name(f".{file.name}.part")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(content)
        draft.replace(file)
    except OSError as exc:
        raise _refused(exc) from exc


def _remove(file: Path) -> None:
    try:
        file.unlink(missing_ok=True)
    except OSError as exc:
        raise _refused(exc) from exc


def _refused(exc: OSError) -> EnvironmentFaultError:
    return EnvironmentFaultError(
        "The desktop's list of what starts at login cannot be changed: {reason}.",
        title="It cannot start at login",
        hint="Add Hive in your desktop's own settings instead.",
        reason=exc.strerror or "refused",
    )
