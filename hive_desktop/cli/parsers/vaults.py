"""`hive vault`."""

from __future__ import annotations

from pathlib import Path

from hive_desktop.cli import vaults as run_vaults
from hive_desktop.cli.parsers import options


def add_commands(commands: options.Commands) -> None:
    """Add `hive vault`."""
    group = options.add(commands, "vault", "Make a vault and look after its keys.")
    actions = group.add_subparsers(title="actions", required=True, metavar="ACTION")
    for name, run, words in (
        ("create", run_vaults.create, "Make a vault; prints the recovery kit once."),
        ("info", run_vaults.info, "Show what the header tells without a key."),
        ("change-passphrase", run_vaults.change_passphrase, "Change the passphrase."),
        ("recovery-kit", run_vaults.recovery_kit, "Make a new recovery kit; the old one ends."),
        ("recover", run_vaults.recover, "Set a new passphrase with the recovery kit."),
        ("keychain", run_vaults.keychain, "Let this computer's keychain open the vault, or not."),
    ):
        parser = options.add(actions, name, words)
        options.vault_options(parser)
        parser.set_defaults(run=run)
        if name in ("change-passphrase", "recover"):
            parser.add_argument(
                "--new-passphrase-fd", type=int, metavar="N", help="read the new one from here"
            )
            parser.add_argument(
                "--rekey",
                action="store_true",
                help="encrypt the ledger anew, so that old copies of the header open nothing",
            )
        if name == "create":
            parser.add_argument(
                "--from",
                dest="archive",
                type=Path,
                metavar="FILE",
                help="fill it from an archive that hive export archive wrote",
            )
        if name == "keychain":
            parser.add_argument("switch", choices=("on", "off"))
