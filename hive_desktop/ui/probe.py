"""Says on standard output what the window's library is here, for `hive doctor`, and ends.

It runs in a process of its own: a library that cannot be loaded, or that ends the process, is then
one line of the doctor's and nothing else.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def run() -> int:
    """Write one JSON document: qt, platform, platforms and fault; returns the exit code."""
    told: dict[str, object] = {"qt": "", "platform": "", "platforms": [], "fault": ""}
    try:
        from PySide6.QtCore import QLibraryInfo, qVersion  # noqa: PLC0415 - its absence is told
        from PySide6.QtGui import QGuiApplication  # noqa: PLC0415 - as above
        from PySide6.QtWidgets import QApplication  # noqa: F401, PLC0415 - as above

        told["qt"] = str(qVersion())
        plugins = Path(QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)) / "platforms"
        told["platforms"] = sorted({_short(one.stem) for one in plugins.glob("*")})
        app = QGuiApplication([])
        told["platform"] = app.platformName()
        del app
    except ImportError as error:
        told["fault"] = error.name if error.name and "." not in error.name else "library"
    sys.stdout.write(json.dumps(told))
    sys.stdout.flush()
    return 0


def _short(stem: str) -> str:
    """Return a plugin's name without what a system puts around it: `libqxcb` is xcb."""
    return stem.removeprefix("lib").removeprefix("q").partition(".")[0]
