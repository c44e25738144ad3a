"""The machine that the program runs on, as `hive doctor` asks it."""

from __future__ import annotations

import json
import locale
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any, Final

from hive_desktop.logs.crashes import versions
from hive_desktop.ports.diagnostics import WindowLook

if TYPE_CHECKING:
    from collections.abc import Mapping

PROBE_FLAG: Final = "--probe-window"
"""Starts the program only to say what its window's library is; `ui/probe.py` answers."""

_WAIT_S: Final = 20.0
_LONGEST: Final = 60
_WORD: Final = re.compile(r"[A-Za-z0-9_.+-]{1,60}", re.ASCII)
_DISPLAYS: Final = ("WAYLAND_DISPLAY", "DISPLAY")


class ThisComputer:
    """Implements `ports.diagnostics.Computer`."""

    def versions(self) -> Mapping[str, str]:
        """Return the versions of the program, the system and libraries."""
        return versions()

    def window(self) -> WindowLook:
        """Ask a process of its own, so that a library that breaks takes only that one along."""
        has_display = sys.platform != "linux" or any(map(os.environ.get, _DISPLAYS))
        environment = dict(os.environ)
        if not has_display:
            environment["QT_QPA_PLATFORM"] = "offscreen"
        try:
            done = subprocess.run(  # noqa: S603 - this program itself
                [*_program(), PROBE_FLAG],
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                stdin=subprocess.DEVNULL,
                env=environment,
                timeout=_WAIT_S,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            return WindowLook(has_display=has_display, fault=type(error).__name__)
        if done.returncode != 0:
            return WindowLook(has_display=has_display, fault=f"exit {done.returncode}")
        return _look(done.stdout, has_display=has_display)

    def language(self) -> tuple[str, str]:
        """Return the locale, as the system writes it, and the encoding of files' names."""
        try:
            code, _ = locale.getlocale()
        except ValueError:
            code = None
        return _word(code or ""), _word(sys.getfilesystemencoding())


def _program() -> list[str]:
    is_frozen = getattr(sys, "frozen", False)
    return [sys.executable] if is_frozen else [sys.executable, "-m", "hive_desktop"]


def _look(said: bytes, *, has_display: bool) -> WindowLook:
    """Return what the other process said; it is held to words, whoever wrote it."""
    try:
        told: dict[str, Any] = json.loads(said[:10_000])
        platforms = [_word(str(one)) for one in list(told["platforms"])[:20]]
        return WindowLook(
            qt=_word(str(told["qt"])),
            platform=_word(str(told["platform"])),
            platforms=platforms,
            has_display=has_display,
            fault=_word(str(told["fault"])),
        )
    except (ValueError, KeyError, TypeError):
        return WindowLook(has_display=has_display, fault="no answer")


def _word(text: str) -> str:
    return text if _WORD.fullmatch(text[:_LONGEST]) else ""
