"""What `hive doctor` and the report for help look at, and what they find.

No fact here names a person, a bank, a merchant, an amount or a place on the disk: what is found may
be passed on as it is.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol

from hive_desktop.i18n import tr

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path


class Result(StrEnum):
    """How one check came out."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found.

    Args:
        check: its name, a word.
        result: how it came out.
        text: a sentence, a template with `{names}` that was `mark`ed.
        hint: what to do about it in the window, likewise; empty where nothing is to be done.
        command: the hint where the command line has another.
        values: for the names; numbers, versions, and words of the program.
    """

    check: str
    result: Result
    text: str
    hint: str = ""
    command: str = ""
    values: Mapping[str, object] = field(default_factory=dict)

    def rendered(self) -> tuple[str, str]:
        """Return text and hint in the language in use."""
        return tr(self.text, **self.values), tr(self.hint, **self.values)

    def in_english(self) -> tuple[str, str]:
        """Return text and hint as the command line and the report have them."""
        hint = self.command or self.hint
        return self.text.format(**self.values), hint.format(**self.values)


@dataclass(frozen=True, slots=True)
class KeySlots:
    """How many slots of each kind a vault's header has.

    `weak` counts those whose passphrase is cheaper to guess than the program makes it now.
    """

    passphrase: int
    recovery: int
    keyring: int
    weak: int


@dataclass(frozen=True, slots=True)
class VaultLook:
    """What can be told of a vault's folder without a key.

    Args:
        exists: whether there is a vault.
        slots: of the header; None where it cannot be read.
        header_fault: the error's class of a header that cannot be read.
        is_cut_short: the ledger ends within a page; None where there is no ledger.
        open_to_others: how many files of the vault others than their owner may read or write;
            None where the system tells it otherwise.
        leftovers: how many files an interrupted write left.
        holder: process that has the vault open, as a word and number; empty where none has.
        is_held_here: the process that has it open is this one.
        ledger_bytes: with its log.
        free_bytes: on the vault's disk; None where the system does not tell.
        is_restoring: a restore was cut off, or is under way in another process.
    """

    exists: bool
    slots: KeySlots | None = None
    header_fault: str = ""
    is_cut_short: bool | None = None
    open_to_others: int | None = None
    leftovers: int = 0
    holder: str = ""
    is_held_here: bool = False
    ledger_bytes: int = 0
    free_bytes: int | None = None
    is_restoring: bool = False


@dataclass(frozen=True, slots=True)
class LedgerLook:
    """What an open ledger tells of itself.

    Args:
        schema: the version that it has.
        head: the version that the program knows.
        faults: how many faults SQLite found in its pages, 100 at most.
        is_thorough: whether each index was held against its table, and each page against its seal.
        broken_pages: pages whose seal is wrong; None where not each was looked at.
        orphans: rows that name another which is not there; None where not looked at.
        differing: which derived tables do not add up to the rows.
    """

    schema: str
    head: str
    faults: int
    is_thorough: bool
    broken_pages: int | None
    orphans: int | None
    differing: Sequence[str]


@dataclass(frozen=True, slots=True)
class WindowLook:
    """What the window's library says of itself, asked in a process of its own.

    Args:
        qt: its version; empty where it cannot be loaded.
        platform: how windows are shown here.
        platforms: the ways that are installed.
        has_display: whether the system offers a display.
        fault: a word for what went wrong; empty where nothing did.
    """

    qt: str = ""
    platform: str = ""
    platforms: Sequence[str] = ()
    has_display: bool = False
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Reached:
    """What came of asking one host; `said_at` is the time by its clock."""

    is_reached: bool
    result: str
    said_at: datetime | None = None


class BackupsSeen(NamedTuple):
    """How the backups of a vault stand.

    Attributes:
        proven_at: when the last of them was proven; None where none was.
        is_place_there: the folder that the person chose for them is there.
    """

    proven_at: datetime | None
    is_place_there: bool


class VaultInspector(Protocol):
    """Looks at a vault's folder. Blocks."""

    def look(self, folder: Path) -> VaultLook:
        """Return what can be told without a key; whatever is broken is told and never raised."""
        ...


class Computer(Protocol):
    """The machine that the program runs on. All methods block."""

    def versions(self) -> Mapping[str, str]:
        """Return the versions of the program, the system and libraries, by name."""
        ...

    def window(self) -> WindowLook:
        """Return what a process of its own finds of the window's library."""
        ...

    def language(self) -> tuple[str, str]:
        """Return the locale, as the system writes it, and the encoding of files' names."""
        ...


class Web(Protocol):
    """Small requests that belong to no bank and no model; each is recorded."""

    async def read(self, url: str, purpose: str, largest: int) -> bytes:
        """Return what lies at an address, over https or on this computer.

        Raises:
            UpdateError: there was no whole answer, or one that is longer.
        """
        ...

    async def reach(self, host: str, purpose: str) -> Reached:
        """Ask whether a host answers; any answer of HTTP counts."""
        ...
