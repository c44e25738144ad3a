"""Where things lie and what was asked for: parsed once, frozen, passed along."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

if TYPE_CHECKING:
    from collections.abc import Mapping

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


@dataclass(frozen=True, slots=True)
class UpdateSource:
    """Where this build asks for newer versions, and whose word it believes.

    Args:
        url: of the signed document, https; empty where there is none.
        keys: Ed25519 public keys in base64, by their id.
    """

    url: str
    keys: Mapping[str, str]


def update_source() -> UpdateSource:
    """Return what `resources/updates/source.json` says; a build without one asks nobody."""
    try:
        told = json.loads((resources_dir() / "updates" / "source.json").read_text("utf-8"))
        return UpdateSource(str(told["url"]), {str(k): str(v) for k, v in told["keys"].items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return UpdateSource("", {})


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
