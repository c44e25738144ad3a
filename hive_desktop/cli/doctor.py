"""`hive doctor`: whether the vault, the program and the computer are well, and a report of it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any

from hive_desktop import bootstrap
from hive_desktop.bootstrap import diagnosing
from hive_desktop.cli import context, output, served, streams, words
from hive_desktop.ports.diagnostics import Result
from hive_desktop.ports.errors import (
    HiveError,
    KeychainError,
    NoVaultError,
    UsageError,
    VaultBusyError,
    VaultError,
    VaultLockedError,
)
from hive_desktop.services.diagnostics import save

if TYPE_CHECKING:
    import argparse
    from collections.abc import AsyncIterator
    from pathlib import Path

    from hive_desktop.ports.vault import VaultKeys, VaultStore
    from hive_desktop.services.diagnostics import Checkup, DiagnosticsService

_NONE_ASKED = "No host was asked"
_NO_HOST = "No bank and no relay is set up that could be asked."
_UNSAVED = "Nothing was saved"


def run(options: argparse.Namespace) -> int:
    """Run every check; 0 where nothing is broken and all that was asked for is done.

    Raises:
        HiveError: what was asked for beside the checks was not done; these are printed before.
    """
    if options.save is not None and options.save.is_dir():
        raise UsageError("{file} is a folder.", hint="Name a file.", file=options.save)
    clock = bootstrap.clock_of(options.today)
    store = bootstrap.vault_store(clock)
    folder = context.folder_of(options)
    keys = None
    if served.current() is None:
        with suppress(HiveError):  # what cannot be settled is a finding
            store.settle(folder)
        # On this thread, so that Ctrl-C ends a prompt.
        keys = _keys(options, store, folder)

    async def work() -> int:
        left: list[HiveError] = []
        if options.vault is not None and not store.exists(folder):
            left.append(NoVaultError(folder=folder))
        async with _looking(options, store, folder, keys) as (doctor, fault):
            checkup = await doctor.examine(thorough=options.thorough, network=options.network)
            is_saved = False
            if options.save is not None:
                is_saved = await _save(options, await doctor.report(checkup), left)
            _show(options, checkup, is_saved=is_saved)
            if options.delete_crashes:
                await _delete_crashes(options, doctor, left)
        if options.network and not checkup.asked:
            left.append(fault or _unasked(checkup))
        for error in left:
            output.say_error(error)
        return max((one.exit_code for one in left), default=int(checkup.has_problem))

    return context.run(work)


def _keys(options: argparse.Namespace, store: VaultStore, folder: Path) -> VaultKeys | None:
    """Return the keys where they are given or asked for; without them the vault stays locked."""
    try:
        if not store.exists(folder):
            return None
        is_given = options.passphrase_fd is not None or context.is_given(
            context.PASSPHRASE.variable
        )
        if is_given or options.unlock:
            return store.unlock(folder, context.passphrase(options))
        if any(slot.kind == "keyring" for slot in store.info(folder).slots):
            return store.unlock_keychain(folder)
    except KeychainError:
        return None
    except VaultError as error:
        if error.exit_code != 1:  # a passphrase that is wrong or missing
            raise
    return None


@asynccontextmanager
async def _looking(
    options: argparse.Namespace, store: VaultStore, folder: Path, keys: VaultKeys | None
) -> AsyncIterator[tuple[DiagnosticsService, HiveError | None]]:
    """Give what looks at the vault, and why it can ask no host.

    The vault is opened to be read, and for hosts as a session.

    Raises:
        OwnedElsewhereError: another Hive has the vault, and can ask the hosts on record.
    """
    if (here := served.current()) is not None:
        here.check(options)
        yield here.session.diagnostics, None
        return
    clock = bootstrap.clock_of(options.today)
    if keys is None:
        locked = VaultLockedError("The hosts stand in the vault, so none of them was asked.")
        yield diagnosing.diagnostics(folder, clock), locked if store.exists(folder) else None
        return
    fault = None
    if options.network:
        try:
            with context.update_told(store, folder) as heard:
                session = await bootstrap.open_session(
                    folder, keys, clock=clock, store=store, heard=heard
                )
        except VaultBusyError as busy:
            raise context.OwnedElsewhereError(busy, folder, keys) from busy
        except HiveError as error:
            fault = error
        else:
            try:
                yield session.diagnostics, None
            finally:
                await session.close()
            return
    loop = asyncio.get_running_loop()
    try:
        database = await loop.run_in_executor(
            None, lambda: store.open_database(folder, keys, read_only=True)
        )
    except VaultError as error:
        yield diagnosing.diagnostics(folder, clock, fault=error), fault or error
        return
    try:
        found = diagnosing.opened(database, store, folder, keys, clock)
        yield diagnosing.diagnostics(folder, clock, found), fault
    finally:
        await database.close()


def _unasked(checkup: Checkup) -> HiveError:
    """Return why no host was asked of a vault that is open, or not there."""
    if checkup.asked is None:
        return UsageError(_NO_HOST, title=_NONE_ASKED, hint="Create a vault: hive vault create.")
    return UsageError(_NO_HOST, title=_NONE_ASKED, hint="Set a bank or a relay up, and ask then.")


async def _save(options: argparse.Namespace, report: str, left: list[HiveError]) -> bool:
    """Show the report and save it, if the person says so; `left` gets why it was not."""
    if not options.json:
        streams.out.write(report)
    is_there = options.save.exists()
    if is_there and not options.force and (options.yes or options.json):
        left.append(
            UsageError(
                "{file} is there already.",
                title=_UNSAVED,
                hint="Give another name, or --force to write over it.",
                file=options.save,
            )
        )
        return False
    question = "Save this report?"
    if is_there and not options.force:
        question = f"{options.save} is there already. Write this report over it?"
    if not await context.agreed_inside(options, question):
        left.append(context.not_agreed(options, _UNSAVED))
        return False
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(None, save, report, options.save)
    output.say(f"The report is in {options.save}. Nothing was sent.")
    return True


async def _delete_crashes(
    options: argparse.Namespace, doctor: DiagnosticsService, left: list[HiveError]
) -> None:
    """Delete the reports of crashes, if the person says so; `left` gets why they were not."""
    loop = asyncio.get_running_loop()
    count = await loop.run_in_executor(None, doctor.crash_count)
    if not count:
        output.say("There are no reports of crashes.")
        return
    reports = words.counted(count, "report")
    if not await context.agreed_inside(options, f"Delete {reports} of crashes?"):
        left.append(context.not_agreed(options, "Nothing was deleted"))
        return
    await loop.run_in_executor(None, doctor.delete_crashes)
    output.say(f"{reports} of crashes deleted.")


def _document(checkup: Checkup, *, saved: bool) -> dict[str, Any]:
    checks = []
    for one in checkup.findings:
        text, hint = one.in_english()
        checks.append({"check": one.check, "result": one.result, "text": text, "hint": hint})
    return {
        "result": Result.PROBLEM if checkup.has_problem else Result.OK,
        "versions": dict(checkup.versions),
        "ledger": dict(checkup.rows),
        "checks": checks,
        "saved": saved,
    }


def _show(options: argparse.Namespace, checkup: Checkup, *, is_saved: bool) -> None:
    """Print what was found, unless the report has said it."""
    if options.json:
        output.print_json(_document(checkup, saved=is_saved))
        return
    if options.save is not None:
        return
    name_width = max(len(one.check) for one in checkup.findings)
    for one in checkup.findings:
        text, hint = one.in_english()
        streams.out.write(f"{one.result:<7}  {one.check:<{name_width}}  {text}\n")
        if hint and one.result is not Result.OK:
            streams.out.write(f"{'':<7}  {'':<{name_width}}  {hint}\n")
