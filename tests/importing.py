"""Files that are told and not read: what tests of the import hand to it in the reader's place."""

from __future__ import annotations

import hashlib

from hive_desktop.domain.csv_layouts import CsvGuess, CsvLayout
from hive_desktop.domain.statements import FileAccount, FileKind, FileRow, ReadFile, Statement


class ToldFiles:
    """Reads what a test says that a file holds; the file itself only has to be there."""

    def __init__(self):
        self.told = {}
        self.asked = []

    def put(self, path, *statements, kind=FileKind.OFX):
        told = repr((kind, statements)).encode()
        path.write_bytes(told)
        is_table = kind is FileKind.CSV
        guess = CsvGuess(CsvLayout(()), 0.8, signature="table") if is_table else None
        digest = hashlib.sha256(told).digest()
        self.told[path] = ReadFile(kind, list(statements), guess=guess, digest=digest)
        return path

    def members(self, _path):
        return [""]

    def read(self, path, *, layout=None, currency="", **_facts):
        self.asked.append((path, layout, currency))
        return self.told[path]


def row(day, minor, name, **more):
    """A row of a file; a day number, minor units with money out positive."""
    return FileRow(more.pop("line", 1), day, minor, more.pop("currency", "USD"), name, **more)


def statement(rows, account=None, **more):
    """A statement of an account."""
    told = account or FileAccount("DE001234", "Household", "First Bank", "checking", "USD")
    return Statement(told, list(rows), **more)
