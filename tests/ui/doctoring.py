"""A computer and a vault's folder as the doctor finds them, and an address for updates."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hive_desktop.config import UpdateSource
from hive_desktop.ports.diagnostics import (
    BackupsSeen,
    KeySlots,
    LedgerLook,
    VaultLook,
    WindowLook,
)
from hive_desktop.services.diagnostics import DiagnosticsService, OpenVault, Surroundings
from hive_desktop.services.updates import UpdateService

NOWHERE = Path("/nowhere/hive-logs")
LOOK = LedgerLook("0005", "0005", 0, is_thorough=False, broken_pages=None, orphans=None,
                  differing=())  # fmt: skip


class FakeComputer:
    """A Linux machine with a display."""

    def versions(self) -> dict[str, str]:
        return {"Hive": "0.1.0", "System": "Linux 6.1.0, x86_64", "Python": "3.11.7"}

    def window(self) -> WindowLook:
        return WindowLook("6.11.3", "xcb", ("offscreen", "xcb"), has_display=True)

    def language(self) -> tuple[str, str]:
        return "en_GB", "utf-8"


class FakeInspector:
    """A vault as it should be."""

    def look(self, _folder: Path) -> VaultLook:
        return VaultLook(
            exists=True,
            slots=KeySlots(passphrase=1, recovery=1, keyring=0, weak=0),
            is_cut_short=False,
            open_to_others=0,
            holder="process 4711",
            is_held_here=True,
            ledger_bytes=48_300_000,
            free_bytes=80_000_000_000,
        )


class FakeKeychain:
    """There, and empty."""

    def is_available(self) -> bool:
        return True


class FakeWeb:
    """Answers with what it was given, or refuses."""

    def __init__(self) -> None:
        self.answer: bytes | Exception = b""
        self.asked: list[str] = []

    async def read(self, url: str, _purpose: str, _largest: int) -> bytes:
        self.asked.append(url)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def diagnostics(database: Any, clock: Any, logs: Path = NOWHERE) -> DiagnosticsService:
    """Return what looks at a vault that is well."""

    async def backups() -> BackupsSeen:
        return BackupsSeen(clock.now(), is_place_there=True)

    around = Surroundings(
        FakeComputer(),
        FakeInspector(),
        FakeKeychain(),
        clock,
        logs,  # type: ignore[arg-type]
    )
    return DiagnosticsService(around, Path("/nowhere"), OpenVault(database, lambda: None, backups))


def updates(
    settings: Any, bus: Any, clock: Any, *, source: UpdateSource | None = None, web: Any = None
) -> UpdateService:
    """Return what asks for updates; without a source no address is configured."""
    known = source or UpdateSource("", {})
    return UpdateService(known, web or FakeWeb(), settings, bus=bus, clock=clock, version="0.1.0")
