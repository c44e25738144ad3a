"""`hive vault ...`: make a vault and look after its key slots."""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from hive_desktop import bootstrap
from hive_desktop.cli import context, output, streams, words
from hive_desktop.ports.errors import HiveError, NoVaultError, UsageError, VaultBusyError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from pathlib import Path

    from hive_desktop.ports.vault import VaultKeys, VaultStore

_OLD_HEADER = (
    "A copy of the vault's folder made before this still opens with the old passphrase. "
    "Run it again with --rekey to encrypt the ledger anew."
)


def create(options: argparse.Namespace) -> int:
    """Make a vault and print its recovery kit."""
    store, folder = _place(options)
    passphrase = _new_passphrase(context.FIRST_PASSPHRASE, options.passphrase_fd)
    held: dict[str, Any] = {}
    if options.archive is None:
        _, kit = store.create(folder, passphrase)
    else:
        file = options.archive.absolute()
        with output.progress(is_quiet=options.json) as tell:
            heard = words.rows_far(tell, "Reading")
            _, kit, rows = store.exports.create_from(file, folder, passphrase, heard)
        held = {"archive": str(file), "rows": dict(rows)}
    if options.json:
        output.print_json({"vault": str(folder), "recovery_kit": kit} | held)
        return 0
    output.say(f"The vault is in {folder}.")
    if held:
        counted = words.counted(held["rows"].get("transactions", 0), "transaction")
        output.say(f"It has {counted} of the archive. Banks are to be connected anew: hive link.")
    _print_kit(kit)
    return 0


def info(options: argparse.Namespace) -> int:
    """Show what the header tells without a key."""
    store, folder = _place(options)
    if not store.exists(folder):
        raise NoVaultError(folder=folder)
    told = store.info(folder)
    slots = [
        {"id": slot.id, "kind": slot.kind, "created_at": slot.created_at.isoformat()}
        for slot in told.slots
    ]
    if options.json:
        document = {
            "vault": str(told.folder),
            "vault_id": told.vault_id,
            "format": told.format,
            "created_at": told.created_at.isoformat(),
            "slots": slots,
        }
        output.print_json(document)
        return 0
    streams.out.write(
        f"{told.folder}\nformat {told.format}, made {output.day_of(told.created_at)}\n"
    )
    output.print_table(
        ["KEY", "MADE"], [[one.kind, output.day_of(one.created_at)] for one in told.slots]
    )
    return 0


def change_passphrase(options: argparse.Namespace) -> int:
    """Wrap the vault's key under another passphrase."""
    with _alone(options) as (store, folder):
        keys = context.keys_of(options, store, folder)
        _set_passphrase(options, store, folder, keys)
    return _changed(options, store, folder, keys)


def recover(options: argparse.Namespace) -> int:
    """Open the vault with the recovery kit and set a new passphrase."""
    with _alone(options) as (store, folder):
        kit = context.secret(context.RECOVERY_KIT, fd=options.passphrase_fd, prompt="Recovery kit")
        keys = store.unlock_recovery(folder, kit)
        _set_passphrase(options, store, folder, keys)
    return _changed(options, store, folder, keys)


def recovery_kit(options: argparse.Namespace) -> int:
    """Replace the recovery kit."""
    with _alone(options) as (store, folder):
        kit = store.new_recovery_kit(folder, context.keys_of(options, store, folder))
    if options.json:
        output.print_json({"vault": str(folder), "recovery_kit": kit})
    else:
        _print_kit(kit)
    return 0


def keychain(options: argparse.Namespace) -> int:
    """Add or remove the slot that this computer's keychain opens."""
    with _alone(options) as (store, folder):
        if options.switch == "on":
            store.enable_keychain(folder, context.keys_of(options, store, folder))
        else:
            store.disable_keychain(folder)
    if options.json:
        output.print_json({"vault": str(folder), "keychain": options.switch == "on"})
    else:
        output.say(f"The keychain slot is {options.switch}.")
    return 0


def _place(options: argparse.Namespace) -> tuple[VaultStore, Path]:
    store = bootstrap.vault_store(bootstrap.clock_of(options.today))
    folder = context.folder_of(options)
    store.settle(folder)
    return store, folder


@contextmanager
def _alone(options: argparse.Namespace) -> Iterator[tuple[VaultStore, Path]]:
    """Have a vault for this command alone while its keys change; told before a secret is asked for.

    Raises:
        NoVaultError: there is none.
        VaultBusyError: another Hive has it open, and would go on with keys of before.
    """
    store, folder = _place(options)
    if not store.exists(folder):
        raise NoVaultError(folder=folder)
    with ExitStack() as stack:
        try:
            stack.enter_context(store.alone(folder))
        except VaultBusyError as busy:
            raise VaultBusyError(
                "Another Hive ({holder}) has this vault open; its keys cannot change meanwhile.",
                hint="Lock that Hive or quit it, and run the command again.",
                holder=busy.arguments.get("holder"),
            ) from busy
        yield store, folder


def _set_passphrase(
    options: argparse.Namespace, store: VaultStore, folder: Path, keys: VaultKeys
) -> None:
    new = _new_passphrase(context.NEW_PASSPHRASE, options.new_passphrase_fd)
    store.change_passphrase(folder, keys, new)


def _changed(options: argparse.Namespace, store: VaultStore, folder: Path, keys: VaultKeys) -> int:
    """Encrypt the ledger anew where that is asked for, and say what was done."""
    if options.rekey:
        try:
            store.rekey(folder, keys)
        except HiveError:
            output.say("The passphrase is changed. The ledger is not encrypted anew:")
            raise
    if options.json:
        output.print_json({"vault": str(folder), "rekeyed": options.rekey})
        return 0
    output.say("The passphrase is changed.")
    if options.rekey:
        output.say("Backups from before are removed. Make a new one: hive backup now.")
    else:
        output.say(_OLD_HEADER)
    return 0


def _new_passphrase(kind: context.SecretKind, fd: int | None) -> str:
    is_asked = fd is None and kind.variable not in os.environ
    first = context.secret(kind, fd=fd, prompt="New passphrase")
    if is_asked and context.ask("The same again") != first:
        raise UsageError("The two passphrases differ.", hint="Type the same one twice.")
    return first


def _print_kit(kit: str) -> None:
    output.say("Recovery kit: print it and keep it apart from this computer. It is shown once.")
    streams.out.write(f"{kit}\n")
