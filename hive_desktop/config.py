"""Where things lie and what was asked for: parsed once, frozen, passed along."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import platformdirs

_APP = "hive-desktop"


@dataclass(frozen=True, slots=True)
class AppConfig:
    """Folders of one run of the program.

    Args:
        vault: the vault's folder.
        logs: the folder of log files; nothing of the ledger is ever written there.
    """

    vault: Path
    logs: Path

    @classmethod
    def default(cls, vault: Path | None = None) -> AppConfig:
        """Return the platform's own folders, with another vault when one is named."""
        data = platformdirs.user_data_path(_APP, appauthor=False)
        logs = platformdirs.user_log_path(_APP, appauthor=False)
        return cls(vault=(vault or data / "vault").absolute(), logs=logs)


def resources_dir() -> Path:
    """Return the folder of icons, demo data and word lists.

    In a source checkout it lies beside the package, in a frozen program in the bundle, and an
    installed wheel brings it under the environment's `share`.
    """
    bundled = getattr(sys, "_MEIPASS", None)
    if bundled is not None:
        return Path(bundled) / "resources"
    beside = Path(__file__).resolve().parent.parent / "resources"
    return beside if beside.is_dir() else Path(sys.prefix) / "share" / _APP / "resources"
