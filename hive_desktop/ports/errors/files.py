"""A file of a bank or another program cannot be taken in."""

from __future__ import annotations

from hive_desktop.ports.errors.base import HiveError


class UnreadableFileError(HiveError):
    """What was given is no statement, or one that cannot be read; nothing of it is taken."""

    default_title = "The file cannot be imported"
    default_message = "{file} cannot be imported: {reason}."
    default_hint = "Download the statement again, as OFX, QFX, QIF, CAMT, MT940 or CSV."


class ImportStoppedError(HiveError):
    """Whoever asked for a file to be read, or imported, stopped that."""

    default_title = "Stopped"
    default_message = "It was stopped before its end, and nothing was imported."
    default_hint = "Start it again at any time."
