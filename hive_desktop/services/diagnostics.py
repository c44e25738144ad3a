"""Looks whether all is well, and makes the one report that may be passed on to whoever helps.

The report has versions, rounded counts, what the checks found, the log and the reports of crashes,
each of them held to what `logs.telling` lets stand. It is text, so that the person sees all of it
before it is saved; nothing is ever sent.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field
from math import floor, log10
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar

from hive_desktop import logs
from hive_desktop.logs.crashes import CrashStore
from hive_desktop.ports.diagnostics import Result
from hive_desktop.ports.errors import HiveError, VaultDamagedError, VaultError
from hive_desktop.services import checks
from hive_desktop.services.whole_file import WholeFile

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence
    from datetime import datetime, timedelta
    from pathlib import Path

    from hive_desktop.domain.ledger import Item
    from hive_desktop.logs.crashes import Crash
    from hive_desktop.ports.diagnostics import (
        BackupsSeen,
        Computer,
        Finding,
        LedgerLook,
        Reached,
        VaultInspector,
        Web,
    )
    from hive_desktop.ports.secrets import Keychain
    from hive_desktop.ports.storage import Database
    from hive_desktop.ports.system import Clock, Network

P = ParamSpec("P")
T = TypeVar("T")

PURPOSE: Final = "See whether a host answers"
_EXACT_BELOW: Final = 10
_LOG_LINES: Final = 400
_LOG_LOOKED: Final = 2_000
_CRASHES_SHOWN: Final = 5
_LOUD: Final = (" ERROR ", " CRITICAL ")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is looked at whether a vault is open or not.

    Args:
        computer: the machine.
        inspector: looks at the vault's folder.
        keychain: this computer's.
        clock: tells the time.
        logs: the folder of the logs.
    """

    computer: Computer
    inspector: VaultInspector
    keychain: Keychain
    clock: Clock
    logs: Path


def _unheard() -> None:
    """No host has answered."""


@dataclass(frozen=True, slots=True)
class OpenVault:
    """What an open vault adds.

    Args:
        database: the ledger.
        check_seal: holds the header against its seal; raises VaultDamagedError. Blocks.
        backups: how they stand.
        hosts: the addresses that this vault speaks to, by kind.
        web: asks them; None where nothing may leave, because it could not be recorded.
        network: what the system says of it.
        skew: by how much the clock of the host that answered last is ahead; None where none did.
        waits: tells whether the relay is left alone, because what came could not be stored.
    """

    database: Database
    check_seal: Callable[[], None]
    backups: Callable[[], Awaitable[BackupsSeen]]
    hosts: Callable[[], Mapping[str, str]] = dict
    web: Web | None = None
    network: Network | None = None
    skew: Callable[[], timedelta | None] = _unheard
    waits: Callable[[], bool] = bool


@dataclass(frozen=True, slots=True)
class Checkup:
    """What all checks found, with versions and rounded counts by name.

    `asked` is how many hosts were asked; None where none could be.
    """

    findings: Sequence[Finding]
    versions: Mapping[str, str]
    rows: Mapping[str, str] = field(default_factory=dict)
    asked: int | None = None

    @property
    def has_problem(self) -> bool:
        """Tell whether something is broken."""
        return any(one.result is Result.PROBLEM for one in self.findings)

    def of(self, *results: Result) -> list[Finding]:
        """Return the findings that came out so."""
        return [one for one in self.findings if one.result in results]


@dataclass(slots=True)
class _Ledger:
    """What was read of an open vault; None where it could not be."""

    is_sealed: bool | None = None
    look: LedgerLook | None = None
    fault: VaultError | None = None
    items: list[Item] | None = None
    rows: Mapping[str, str] = field(default_factory=dict)
    backups: BackupsSeen | None = None


class DiagnosticsService:
    """Runs the checks and makes the report.

    Args:
        around: what is looked at.
        folder: the vault's.
        opened: the open vault; None where it is locked.
        fault: why the ledger could not be opened although the key is right.
    """

    def __init__(
        self,
        around: Surroundings,
        folder: Path,
        opened: OpenVault | None = None,
        *,
        fault: VaultError | None = None,
    ) -> None:
        self._fault = fault
        self._around = around
        self._folder = folder
        self._opened = opened
        self._crashes = CrashStore(around.logs)

    async def examine(self, *, thorough: bool = False, network: bool = False) -> Checkup:
        """Run every check. Nothing leaves the computer unless `network` is asked for.

        Args:
            thorough: look at every index and every seal of the ledger too; takes about twice as
                long.
            network: ask each host that the vault speaks to, once; each request is recorded.
        """
        around, now = self._around, self._around.clock.now()
        vault = await _off(around.inspector.look, self._folder)
        has_keychain = await _off(around.keychain.is_available)
        window = await _off(around.computer.window)
        known = await _off(around.computer.versions)
        code, encoding = await _off(around.computer.language)
        faults, crashes = await _off(self._lately)
        ledger, is_open = await self._read(thorough=thorough), self._opened is not None
        reached = await self._reach() if network else None
        newest = max((at for one in ledger.items or () if (at := one.last_synced_at)), default=None)
        findings = [
            checks.versions(known),
            checks.header(vault),
            checks.slots(vault, has_keychain=has_keychain),
            checks.seal(is_right=ledger.is_sealed) if vault.exists else None,
            *(checks.ledger(ledger.look, ledger.fault) if vault.exists else ()),
            checks.space(vault),
            checks.files(vault),
            checks.owner(vault),
            checks.restore(vault),
            checks.backup(ledger.backups, now, is_open=is_open) if vault.exists else None,
            checks.syncs(ledger.items, now, is_open=is_open) if vault.exists else None,
            checks.relay(waits=self._opened is not None and self._opened.waits()),
            checks.clock(now, newest, self._skews(now, reached)),
            checks.network(is_online=self._is_online(), reached=reached),
            checks.keychain(is_available=has_keychain),
            checks.window(window),
            checks.language(code, encoding),
            checks.errors(faults, crashes),
        ]
        found = [one for one in findings if one is not None]
        return Checkup(found, known, ledger.rows, None if reached is None else len(reached))

    async def report(self, checkup: Checkup) -> str:
        """Return the report for whoever helps, in English."""
        return await _off(self._written, checkup)

    def crashes(self) -> list[Crash]:
        """Return the reports of crashes, newest first. Blocks."""
        return self._crashes.all()

    def crash_count(self) -> int:
        """Return how many reports of crashes there are."""
        return self._crashes.count()

    def settle_crashes(self, names: Sequence[str]) -> None:
        """Note that the person was told of reports of crashes."""
        self._crashes.settle(names)

    def delete_crashes(self, names: Sequence[str] | None = None) -> None:
        """Delete reports of crashes: those named, or all."""
        self._crashes.delete(names)

    def _lately(self) -> tuple[int, int]:
        lines = logs.recent(self._around.logs, _LOG_LOOKED)
        return sum(any(level in one for level in _LOUD) for one in lines), self._crashes.count()

    def _skews(self, now: datetime, reached: Mapping[str, Reached] | None) -> list[timedelta]:
        """Return by how much the clocks of hosts are ahead, as far as they said."""
        last = None if self._opened is None else self._opened.skew()
        told = [one.said_at - now for one in (reached or {}).values() if one.said_at is not None]
        return told if last is None else [*told, last]

    def _is_online(self) -> bool | None:
        network = None if self._opened is None else self._opened.network
        return None if network is None else network.is_online

    async def _read(self, *, thorough: bool) -> _Ledger:
        """Read what the open vault tells; whatever cannot be read is left unknown."""
        found, opened = _Ledger(fault=self._fault), self._opened
        if opened is None:
            return found
        try:
            await _off(opened.check_seal)
            found.is_sealed = True
        except VaultDamagedError:
            found.is_sealed = False
        except VaultError:
            found.is_sealed = None
        try:
            found.look = await opened.database.examine(thorough=thorough)
        except VaultError as error:
            found.fault = error
            return found
        with suppress(VaultError):  # an older schema has not all that is asked for
            facts = await opened.database.facts()
            rows = {name.replace("_", " "): rounded(count) for name, count in facts.rows.items()}
            found.rows = {"SQLCipher": facts.cipher, "SQLite": facts.sqlite, **rows}
        with suppress(VaultError):
            found.items = await opened.database.read(lambda reads: reads.items())
        with suppress(HiveError):
            found.backups = await opened.backups()
        return found

    async def _reach(self) -> dict[str, Reached] | None:
        """Ask each host; returns None where nothing may leave."""
        opened = self._opened
        if opened is None or opened.web is None:
            return None
        hosts = opened.hosts()
        answers = [opened.web.reach(host, PURPOSE) for host in hosts.values()]
        return dict(zip(hosts, await asyncio.gather(*answers), strict=True))

    def _written(self, checkup: Checkup) -> str:
        at = self._around.clock.now()
        lines = [f"Hive report, made {at:%Y-%m-%d %H:%M} UTC", "", "Versions"]
        lines += [f"{name}: {value}" for name, value in checkup.versions.items()]
        if checkup.rows:
            lines += ["", "Ledger", *(f"{name}: {value}" for name, value in checkup.rows.items())]
        lines += ["", "Checks"]
        for one in checkup.findings:
            text, hint = one.in_english()
            lines.append(f"{one.result}: {one.check}: {text}{f' {hint}' if hint else ''}")
        lines += ["", "Log", *logs.recent(self._around.logs, _LOG_LINES)]
        for crash in self._crashes.all()[:_CRASHES_SHOWN]:
            lines += ["", "Crash", crash.text.rstrip()]
        return "\n".join(lines) + "\n"


def save(text: str, file: Path) -> None:
    """Write a report to a file that only its owner may read. Blocks.

    Raises:
        UsageError: it cannot be written.
    """
    with WholeFile(file) as out:
        out.write(text)
        out.finish()


def rounded(count: int) -> str:
    """Return a count to its first digit: what it is exactly is nobody else's business."""
    if count < _EXACT_BELOW:
        return "fewer than 10" if count else "none"
    unit = 10 ** floor(log10(count))
    return f"about {round(count / unit) * unit:,}"


async def _off(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run what blocks on the loop's own pool."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(None, lambda: work(*args, **kwargs))
