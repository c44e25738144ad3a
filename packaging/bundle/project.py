"""What every part of the build asks of the project: names, version, date, places."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
PACKAGING: Final = ROOT / "packaging"
NAME: Final = "hive-desktop"
"""The window's program, its desktop file, its icon and its package."""
COMMAND: Final = "hive"
TITLE: Final = "Hive"
APP_ID: Final = "org.hivedesktop.Hive"
"""Reverse-DNS name for AppStream, Flatpak and macOS."""
SUMMARY: Final = "Personal finance on your own computer"
MAINTAINER: Final = "The Hive Desktop authors <maintainers@hivedesktop.invalid>"

_VERSION = re.compile(r'^__version__ = "([^"]+)"$', re.MULTILINE)
_RELEASE = re.compile(r"^## (\S+) - (\d{4}-\d{2}-\d{2}|unreleased)$", re.MULTILINE)
# What an unreleased version is dated where neither the caller nor git knows better.
_UNDATED = 1_767_225_600  # 2026-01-01T00:00:00Z


def version() -> str:
    """Return the version of the program, from `hive_desktop/__init__.py` alone."""
    found = _VERSION.search((ROOT / "hive_desktop" / "__init__.py").read_text("utf-8"))
    if found is None:
        raise SystemExit("hive_desktop/__init__.py names no version.")
    return found[1]


def version_numbers() -> tuple[int, int, int, int]:
    """Return the version as four numbers, which is all that Windows and macOS understand."""
    parts = [int(part) for part in re.findall(r"\d+", re.split(r"[a-z+-]", version())[0])]
    first, second, third, fourth = (*parts, 0, 0, 0, 0)[:4]
    return first, second, third, fourth


def epoch() -> int:
    """Return the one moment that every file of a build is dated, in seconds since 1970.

    `SOURCE_DATE_EPOCH`, else the day of the release, else the last commit.
    """
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    for name, day in _RELEASE.findall((ROOT / "CHANGELOG.md").read_text("utf-8")):
        if name == version() and day != "unreleased":
            return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp())
    git = shutil.which("git")
    if git and (ROOT / ".git").exists():
        asked = subprocess.run(
            [git, "-C", str(ROOT), "log", "-1", "--format=%ct"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if asked.returncode == 0 and asked.stdout.strip():
            return int(asked.stdout)
    return _UNDATED


def changes() -> list[str]:
    """Return what the changelog says of this version, each change in one line."""
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    part = text.partition(f"## {version()} ")[2].partition("\n## ")[0].partition("\n")[2]
    return [" ".join(change.split()) for change in re.split(r"^- ", part, flags=re.MULTILINE)[1:]]


def requirements() -> list[str]:
    """Return what the program needs of others, as `pyproject.toml` has it, without extras."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    found: list[str] = told["project"]["dependencies"]
    return found


def architecture() -> str:
    """Return this machine's kind as Debian calls it."""
    kind = platform.machine().lower()
    return {"x86_64": "amd64", "aarch64": "arm64"}.get(kind, kind)


def filled(template: Path, **more: str) -> str:
    """Return a file of the project with `@NAME@`s replaced by what is told here, and by `more`."""
    day = datetime.fromtimestamp(epoch(), UTC).date().isoformat()
    words = {
        "VERSION": version(),
        "NUMBERS": ".".join(str(number) for number in version_numbers()[:3]),
        "APP_ID": APP_ID,
        "DATE": day,
        "YEAR": day[:4],
        "SUMMARY": SUMMARY,
        "LICENCE": indented((ROOT / "LICENSE").read_text("utf-8")),
    }
    text = template.read_text("utf-8")
    for name, word in (words | more).items():
        text = text.replace(f"@{name}@", word)
    return text


def indented(text: str) -> str:
    """Return a text as a field of Debian's control files goes on."""
    return "\n".join(f" {line.rstrip() or '.'}" for line in text.strip().splitlines())


def is_linux() -> bool:
    """Tell whether the build runs on Linux."""
    return sys.platform.startswith("linux")
