"""`hive backup ...`: make, list, prove and restore backups."""

from __future__ import annotations

import shlex
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hive_desktop import bootstrap
from hive_desktop.cli import context, output, served, streams, words
from hive_desktop.ports.backups import Fault, Survey
from hive_desktop.ports.errors import (
    BackupDamagedError,
    BackupError,
    BackupFolderMissingError,
    BackupStoppedError,
    BackupUnreadableError,
    HiveError,
    NoBackupError,
    UsageError,
    VaultError,
    VaultTooNewError,
)

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from hive_desktop.ports.backups import Backup, BackupStore, FaultyBackup, Heard, Tally
    from hive_desktop.ports.vault import VaultStore
    from hive_desktop.services.backup_status import BackupStatus
    from hive_desktop.services.backups import BackupService

_BACKUP_PASSPHRASE = context.SecretKind(
    "backup's passphrase", "HIVE_PASSPHRASE", "--passphrase-fd", opens_vault=True
)
_FAULTS = {
    Fault.DAMAGED: "damaged",
    Fault.UNREADABLE: "unreadable",
    Fault.SET_ASIDE: "set aside",
    Fault.NEWER: "of a newer Hive",
}


def now(options: argparse.Namespace) -> int:
    """Make a backup and prove it."""

    async def work() -> int:
        async with context.session_of(options) as session:
            with output.progress(is_quiet=options.json) as tell:
                backup = await session.backups.make(words.far(tell))
            if options.json:
                output.print_json({"backup": _document(backup)})
            else:
                output.say(f"Made and proven: {backup.file} ({words.size(backup.size)}).")
        return 0

    return context.run(work)


def listing(options: argparse.Namespace) -> int:
    """List backups: of the vault's folders, or of one that is named, which needs no key."""
    if options.place is not None:
        store = _store(options)
        found = store.survey(_there(store, options.place))
        if options.json:
            output.print_json(_documents(found))
        else:
            _print(found, f"No backup in {options.place}.")
        return 0

    async def work() -> int:
        async with context.session_of(options, may_read_only=True) as session:
            status = await session.backups.status()
        found = Survey(status.backups, status.others, status.faulty)
        if options.json:
            last = None if status.last is None else status.last.made_at.isoformat()
            document = {
                "folder": str(status.place),
                "folder_is_there": status.is_place_there,
                "daily": status.is_on,
                "last_proven": last,
            }
            output.print_json(document | _documents(found))
            return 0
        if not status.is_place_there:
            output.say(f"The folder of backups is not there: {status.place}")
            none = f"No backup in {_store(options).own_place(context.folder_of(options))} either."
        else:
            none = "No backup yet: hive backup now."
        _print(found, none)
        return 0

    return context.run(work)


def verify(options: argparse.Namespace) -> int:
    """Prove backups again; 1 where one is damaged, or where backups go is not there."""

    async def work() -> int:
        async with context.session_of(options, may_read_only=True) as session:
            service, store = session.backups, _store(options)
            away: list[HiveError] = []
            if options.place is not None:
                place = _there(store, options.place)
                found = store.survey(place, store.vault_id(context.folder_of(options)))
            else:
                place, found = await service.place(), await service.survey()
                if not (await service.status()).is_place_there:
                    away.append(BackupFolderMissingError(folder=place))
            chosen, faulty = _chosen(options, store, found)
            if not (chosen or faulty or away):
                raise NoBackupError(folder=place)
            results: list[Tally | HiveError] = []
            for backup in chosen:
                with output.progress(is_quiet=options.json) as tell:
                    results.append(await _verified(service, backup, words.far(tell)))
                if not options.json:
                    _tell(backup, results[-1])
        broken = [_error_of(one) for one in faulty]
        if options.json:
            documents = [
                _document(backup) | _proof(result)
                for backup, result in zip(chosen, results, strict=True)
            ]
            documents += [
                {"file": str(one.file), "made_at": None, "bytes": None, "schema": None}
                | _proof(error)
                for one, error in zip(faulty, broken, strict=True)
            ]
            output.print_json({"backups": documents, "folder_is_there": not away})
        else:
            for error in (*broken, *away):
                output.say_error(error)
            if found.others and not options.backup:
                others = words.counted(len(found.others), "backup")
                output.say(f"Not checked: {others} of another vault, which other keys open.")
        return int(any(isinstance(one, HiveError) for one in (*results, *broken, *away)))

    return context.run(work)


def restore(options: argparse.Namespace) -> int:
    """Put a backup into the place of the vault."""
    clock = bootstrap.clock_of(options.today)
    vaults, folder = bootstrap.vault_store(clock), context.folder_of(options)
    vaults.settle(folder)
    store = vaults.backups
    vault_id = _own_id(vaults, folder)
    backup = _named(options, store, folder, vault_id)
    day = output.moment(backup.made_at)
    if vault_id is not None and backup.vault_id != vault_id and not options.another_vault:
        raise UsageError(
            "{file} is a backup of another vault than the one in {folder}.",
            title="Another vault's backup",
            hint="Give --vault DIR for another place, or --another-vault to replace this one.",
            file=backup.file,
            folder=folder,
        )
    question = f"Put the backup of {day} ({backup.file}) into the place of the vault in {folder}?"
    if _is_used(folder) and not context.agreed(options, question):
        hint = "Add --yes to do it; the vault before is kept aside."
        raise context.not_agreed(options, hint=hint)
    kind = context.RECOVERY_KIT if options.with_kit else _BACKUP_PASSPHRASE
    what = "Recovery kit" if options.with_kit else "Passphrase"
    secret = context.secret(kind, fd=options.passphrase_fd, prompt=f"{what} of {day}")
    unlock = store.unlock_recovery if options.with_kit else store.unlock
    keys = unlock(backup.file, secret)
    with output.progress(is_quiet=options.json) as tell:
        done = store.restore(backup.file, keys, folder, ready=lambda: None, heard=words.far(tell))
    if options.json:
        document = {
            "vault": str(done.folder),
            "aside": None if done.aside is None else str(done.aside),
            "backup": _document(backup) | _proof(done.tally),
        }
        output.print_json(document)
        return 0
    output.say(f"The vault in {done.folder} is that of {day}: {_held(done.tally)}.")
    output.say("It opens with the passphrase and the recovery kit of that day.")
    if done.aside is not None:
        output.say(f"The one before is kept in {done.aside}; delete it once you do not need it.")
        output.say(f"To look into it: hive accounts --vault {shlex.quote(str(done.aside))}")
        output.say("To go back to it, give the two folders each other's name while no Hive runs.")
    if (noted := store.noted_place(folder)) is not None:
        output.say(f"Backups go on into {noted.place or store.own_place(folder)}.")
    return 0


def place(options: argparse.Namespace) -> int:
    """Choose or show where backups go."""

    async def work() -> int:
        chooses = options.own or options.folder is not None
        async with context.session_of(options, may_read_only=not chooses) as session:
            service = session.backups
            before = (await service.status()) if chooses else None
            if chooses:
                await service.set_place(None if options.own else options.folder.absolute())
            status = await service.status()
        if options.json:
            output.print_json({"folder": str(status.place)})
            return 0
        streams.out.write(f"{status.place}\n")
        if before is not None:
            _tell_place(before, status)
        elif not status.is_place_there:
            output.say("It is not there now: connect the disk, or choose another.")
        return 0

    return context.run(work)


def _chosen(
    options: argparse.Namespace, store: BackupStore, found: Survey
) -> tuple[list[Backup], list[FaultyBackup]]:
    """Return the backups that were named, or all, and those that are none any more.

    Raises:
        BackupUnreadableError, BackupDamagedError: what was named is none.
    """
    if not options.backup:
        # What was set aside was told of then, and does not count any more.
        return list(found.mine), [one for one in found.faulty if one.fault is not Fault.SET_ASIDE]
    files = [one.file for one in (*found.mine, *found.others)]
    files += [one.file for one in found.faulty]
    return [store.look(_file(told, files)) for told in options.backup], []


def _file(told: Path, known: Iterable[Path]) -> Path:
    """Return the file that was named by its path, or as one of those that are known by its name."""
    here = served.current()
    file, start = told.absolute(), Path.cwd() if here is None else here.command.folder
    if file.exists() or file.parent != start:
        return file
    return next((one for one in known if one.name == file.name), file)


async def _verified(service: BackupService, backup: Backup, heard: Heard) -> Tally | HiveError:
    try:
        return await service.verify(backup, heard)
    except BackupStoppedError:
        raise
    except (BackupError, VaultTooNewError) as error:
        return error


def _own_id(vaults: VaultStore, folder: Path) -> str | None:
    """Return the id of the vault that is there; None where none is, or its header is damaged."""
    with suppress(VaultError):
        return vaults.info(folder).vault_id
    return None


def _is_used(folder: Path) -> bool:
    """Tell whether anything lies in a folder: it is put aside by a restore, vault or not."""
    return folder.is_dir() and any(folder.iterdir())


def _named(
    options: argparse.Namespace, store: BackupStore, folder: Path, vault_id: str | None
) -> Backup:
    """Return the backup to restore: the file or name that was given, or the vault's newest."""
    if options.place is not None:
        places = [_there(store, options.place)]
    else:
        places, noted = [store.own_place(folder)], store.noted_place(folder)
        if noted is not None and noted.place is not None:
            places.append(noted.place)
    if options.backup is not None:
        inside = (place / options.backup.name for place in places)
        return store.look(_file(options.backup, [one for one in inside if one.exists()]))
    if options.place is None and len(places) > 1 and not store.is_folder(places[1]):
        raise BackupFolderMissingError(
            "{folder} cannot be found, and the newest backup may be in it.",
            hint="Connect the disk, or name a backup: hive backup restore FILE.",
            folder=places[1],
        )
    found = sum((store.survey(place, vault_id) for place in places), Survey()).mine
    if not found:
        hint = "Name its folder with --in DIR, or the file itself."
        raise NoBackupError(hint=hint, folder=places[-1])
    return found[0]


def _there(store: BackupStore, told: Path) -> Path:
    """Return a folder that was named, as a whole path; raises BackupFolderMissingError."""
    place = told.absolute()
    if not store.is_folder(place):
        raise BackupFolderMissingError(
            "There is no folder {folder}.", hint="Check its name, or connect the disk.", folder=told
        )
    return place


def _store(options: argparse.Namespace) -> BackupStore:
    return bootstrap.vault_store(bootstrap.clock_of(options.today)).backups


def _print(found: Survey, none: str) -> None:
    if found == Survey():
        output.say(none)
        return
    listed = [(one, "proven") for one in found.mine] + [(one, "another's") for one in found.others]
    rows = [
        [output.moment(one.made_at), words.size(one.size), one.schema, state, str(one.file)]
        for one, state in listed
    ]
    rows += [["", "", "", _FAULTS[one.fault], str(one.file)] for one in found.faulty]
    output.print_table(["MADE", "SIZE", "SCHEMA", "STATE", "FILE"], rows, right="SIZE")
    if found.others:
        output.say("another's: of another vault, opened by its own passphrase or recovery kit.")
    if any(one.fault is Fault.SET_ASIDE for one in found.faulty):
        output.say("set aside: found damaged earlier; delete it once you do not need it.")


def _tell_place(before: BackupStatus, now: BackupStatus) -> None:
    """Say what choosing a folder means for backups to come, and for those that are there."""
    if before.place == now.place:
        output.say("Backups go there, as before.")
        return
    output.say("Backups go there from now on.")
    if not any(one.file.parent == before.place for one in (*before.backups, *before.others)):
        return
    if before.is_own_place:
        output.say(f"Those in {before.place} stay there, and are listed too.")
    else:
        again = shlex.quote(str(before.place))
        output.say(
            f"Those in {before.place} stay there, and are not listed any more: "
            f"hive backup list --in {again}"
        )


def _error_of(one: FaultyBackup) -> HiveError:
    if one.fault is Fault.NEWER:
        return VaultTooNewError(
            "{file} was made by a newer Hive, and this one does not know its format.",
            title="The backup is newer than this program",
            hint="Update Hive and try again. Nothing was changed.",
            file=one.file.name,
        )
    if one.fault is Fault.UNREADABLE:
        return BackupUnreadableError(
            "{file} cannot be read now.",
            hint="Look at its disk and its permissions, and try again.",
            file=one.file,
        )
    return BackupDamagedError(file=one.file.name)


def _tell(backup: Backup, result: Tally | HiveError) -> None:
    if isinstance(result, HiveError):
        output.say_error(result)
    else:
        output.say(f"{backup.file.name} is whole: {_held(result)}.")


def _held(tally: Tally) -> str:
    rows = words.counted(tally.transactions, "transaction")
    accounts = words.counted(tally.accounts, "account")
    newest = "" if tally.newest_on is None else f", the newest of {tally.newest_on}"
    return f"{rows} in {accounts}{newest}"


def _document(backup: Backup) -> dict[str, Any]:
    return {
        "file": str(backup.file),
        "made_at": backup.made_at.isoformat(),
        "bytes": backup.size,
        "schema": backup.schema,
    }


def _documents(found: Survey) -> dict[str, Any]:
    return {
        "backups": [_document(one) for one in found.mine],
        "others": [_document(one) for one in found.others],
        "faulty": [{"file": str(one.file), "fault": one.fault.value} for one in found.faulty],
    }


def _proof(result: Tally | HiveError) -> dict[str, Any]:
    if isinstance(result, HiveError):
        return {"is_whole": False, "error": result.rendered(in_window=False)[1]}
    newest = None if result.newest_on is None else result.newest_on.isoformat()
    return {
        "is_whole": True,
        "transactions": result.transactions,
        "accounts": result.accounts,
        "newest": newest,
    }
