"""A file that is to be written, or an archive that is to be read, cannot be."""

from __future__ import annotations

from hive_desktop.ports.errors.base import HiveError
from hive_desktop.ports.errors.vault import VaultUnwritableError


class ExportError(HiveError):
    """Anything about files that the ledger is written into; the vault itself is unharmed."""

    default_title = "The export failed"


class ExportUnwritableError(ExportError, VaultUnwritableError):
    """The place that a copy of everything is written to refuses it, or is full."""

    default_title = "The file cannot be written"
    default_hint = "Make room, or choose another place. The vault is unharmed."


class ExportStoppedError(ExportError):
    """Whoever asked for it stopped it."""

    default_title = "Stopped"
    default_message = "It was stopped before its end, and left nothing behind."
    default_hint = "Start it again at any time."


class ArchiveError(ExportError):
    """An archive that no vault can be made of; nothing is left of what was begun."""

    default_title = "The archive cannot be used"


class ArchiveUnreadableError(ArchiveError):
    """A file that is no archive, or is not there, or cannot be read."""

    default_message = "{file} cannot be read: {reason}."
    default_hint = "Choose a file whose name ends in .hivearchive."


class ArchiveDamagedError(ArchiveError):
    """An archive that does not hold what was written into it."""

    default_title = "The archive is damaged"
    default_message = "{file} does not hold what was written into it."
    default_hint = "Nothing was made of it. Copy it once more, or write another archive."


class ArchiveTooNewError(ArchiveError):
    """An archive of a newer Hive."""

    default_title = "The archive is newer than this program"
    default_message = "A newer Hive wrote {file}, and this one does not know its format."
    default_hint = "Update Hive and try again. Nothing was changed."
