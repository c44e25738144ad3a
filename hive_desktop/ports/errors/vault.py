"""A vault, or the keychain with its key, cannot be used."""

from __future__ import annotations

from hive_desktop.ports.errors.base import HiveError


class VaultError(HiveError):
    """Anything about the vault's folder and keys."""

    default_title = "The vault cannot be used"


class NoVaultError(VaultError):
    """There is no vault in the folder."""

    default_title = "No vault here"
    default_message = "There is no vault in {folder}."
    default_hint = "Create one with: hive vault create, or name another folder with --vault."


class VaultExistsError(VaultError):
    """There is a vault already."""

    default_title = "There is a vault already"
    default_message = "{folder} already holds a vault."
    default_hint = "Open it, or choose an empty folder."


class WrongKeyError(VaultError):
    """The passphrase or recovery key opens no slot."""

    exit_code = 3
    default_title = "Wrong passphrase"
    default_message = "This passphrase does not open the vault."
    default_hint = "Check the keyboard layout and Caps Lock, or use the recovery kit."


class VaultLockedError(VaultError):
    """A key is needed and none was given."""

    exit_code = 3
    default_title = "The vault is locked"
    default_message = "This needs the vault's passphrase, and none was given."
    default_hint = "Set HIVE_PASSPHRASE, use --passphrase-fd, or run it in a terminal."


class VaultBusyError(VaultError):
    """Another process owns the vault."""

    default_title = "The vault is in use"
    default_message = "Another Hive ({holder}) has this vault open."
    default_hint = "Close it first, or work in its window."
    command_hint = "Close it first; commands that only read work beside it."


class VaultDamagedError(VaultError):
    """The header or the database is altered, truncated or not ours."""

    default_title = "The vault is damaged"
    default_message = "The vault's files were changed or cut short from outside."
    default_hint = (
        "Nothing was written. Restore the folder from a backup; backups/ holds Hive's own."
    )


class VaultTooNewError(VaultError):
    """The vault was made by a newer Hive."""

    default_title = "The vault is newer than this program"
    default_message = "A newer Hive made this vault, and this one does not know its format."
    default_hint = "Update Hive and open the vault again. Nothing was changed."


class VaultUnwritableError(VaultError):
    """The folder, file or disk refuses to be written."""

    default_title = "The vault cannot be written"
    default_message = "The disk refused to write in {folder}: {reason}."
    default_hint = (
        "Check free space and the folder's permissions. What was saved before is unharmed."
    )


class KeychainError(HiveError):
    """This computer's keychain is missing or refused."""

    default_title = "The keychain is not available"
    default_message = "This computer's keychain did not answer."
    default_hint = "Unlock with the passphrase instead."
