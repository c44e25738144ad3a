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


class WrongBackupKeyError(WrongKeyError):
    """The passphrase does not open a backup."""

    default_message = "This passphrase does not open the backup."
    default_hint = "It is the passphrase of the day of the backup, or the recovery kit of then."


class VaultLockedError(VaultError):
    """A key is needed and none was given."""

    exit_code = 3
    default_title = "The vault is locked"
    default_message = "This needs the vault's passphrase, and none was given."
    default_hint = "Set HIVE_PASSPHRASE, use --passphrase-fd, or run it in a terminal."


class RelayWaitsError(VaultError):
    """What came while the vault was locked cannot be stored, the relay's newest sign-in with it."""

    default_title = "The relay is left alone for now"
    default_message = (
        "What came while the vault was locked could not be stored, because the vault's disk "
        "refuses it. Nothing is lost: it waits."
    )
    default_hint = "Make room on the vault's disk, then lock and unlock."
    command_hint = "Make room on the vault's disk, and run the command again."


class VaultBusyError(VaultError):
    """Another process owns the vault."""

    default_title = "The vault is in use"
    default_message = "Another Hive ({holder}) has this vault open."
    default_hint = (
        "Quit that Hive first, by Ctrl+Q or from its tray icon: closing its window may leave it "
        "running. Or work in its window."
    )
    command_hint = (
        "Quit that Hive first; it may still run in the tray, or serve in another terminal. "
        "Commands that only read work beside it."
    )


class VaultDamagedError(VaultError):
    """The header or the database is altered, truncated or not ours."""

    default_title = "The vault is damaged"
    default_message = "The vault's files were changed or cut short from outside."
    default_hint = "Nothing was written. Restore the vault from a backup."
    command_hint = "Nothing was written. Restore the vault: hive backup restore."


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


class RestoredUnopenedError(VaultError):
    """A restore is done, and the vault that it put in place did not open."""

    default_title = "The restored vault did not open"
    default_message = "The vault of the backup is in its place. The one before is kept in {aside}."
    default_hint = (
        "Unlock it to see why. To go back, quit Hive and put the one before into the place of "
        "{folder}."
    )


class BackupError(VaultError):
    """Anything about backups; the vault itself is unharmed."""

    default_title = "The backup cannot be used"


class BackupDamagedError(BackupError):
    """A backup does not hold what was written into it."""

    default_title = "A backup is damaged"
    default_message = "{file} does not hold what was written into it."
    default_hint = "Nothing else was touched. Use another backup, and check the disk."


class BackupUnreadableError(BackupError):
    """A file that is no backup, or is not there, or cannot be read."""

    default_title = "The backup cannot be read"
    default_message = "{file} cannot be read: {reason}."
    default_hint = "Choose a file whose name ends in .hivebackup."


class BackupFolderMissingError(BackupError):
    """The folder of backups is not there, such as a disk that is not connected."""

    default_title = "The folder of backups is not there"
    default_message = "{folder} cannot be found or written."
    default_hint = "Connect the disk, or choose another folder for backups."


class BackupPlaceError(BackupError):
    """A folder in which backups would not last, or cannot be kept."""

    exit_code = 2
    default_title = "Backups cannot be kept there"
    default_message = "{folder} cannot be used: {reason}."
    default_hint = "Choose a folder of your own, better on another disk."


class BackupUnwritableError(BackupError, VaultUnwritableError):
    """The folder of backups refuses to be written, or is full."""

    default_title = "The backup cannot be written"
    default_hint = (
        "Make room, or choose another folder for backups. The vault and earlier backups are "
        "unharmed."
    )


class BackupStoppedError(BackupError):
    """Whoever asked for it stopped it."""

    default_title = "Stopped"
    default_message = "It was stopped before its end, and left nothing behind."
    default_hint = "Start it again at any time."


class BackupBusyError(BackupError):
    """One is being made already."""

    default_title = "A backup is under way"
    default_message = "Another backup of this vault is being made."
    default_hint = "Wait until it is done."


class NoBackupError(BackupError):
    """There is no backup to use."""

    default_title = "No backup"
    default_message = "There is no backup in {folder}."
    default_hint = "Choose another folder, or make a backup first."


class KeychainError(HiveError):
    """This computer's keychain is missing or refused."""

    default_title = "The keychain is not available"
    default_message = "This computer's keychain did not answer."
    default_hint = "Unlock with the passphrase instead."
