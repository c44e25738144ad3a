"""Reads whatever statement it is given: opens it, tells its format, asks that format's reader."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from hive_desktop.adapters.files import reasons
from hive_desktop.adapters.files.kinds import foreign_reason, kind_of
from hive_desktop.adapters.files.opening import has_long_line, members, open_file, refused
from hive_desktop.adapters.files.pace import tell, told_to
from hive_desktop.adapters.files.text import decode
from hive_desktop.domain.csv_layouts import DateOrder
from hive_desktop.domain.statements import FileKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from hive_desktop.adapters.files.opening import Opened
    from hive_desktop.adapters.files.text import Decoded
    from hive_desktop.domain.csv_layouts import CsvLayout
    from hive_desktop.domain.statements import ReadFile

_MARKUP: Final = re.compile(rb"OFXHEADER|<\?xml|<OFX|ENCODING\s*[:=]", re.IGNORECASE)
_MOST_LINES: Final = 4_000_000
_OF_LINES: Final = frozenset({FileKind.CSV, FileKind.QIF, FileKind.MT940})


class StatementReader:
    """The port `ports.files.FileReader`, on files of this computer."""

    def members(self, path: Path) -> list[str]:
        """Return the names of the files in an archive of several; see the port."""
        return members(path)

    def read(  # noqa: PLR0913 - a named choice each
        self,
        path: Path,
        *,
        member: str = "",
        layout: CsvLayout | None = None,
        remembered: Mapping[str, CsvLayout] = {},
        currency: str = "",
        today: int,
        heard: Callable[[int, int], bool] | None = None,
    ) -> ReadFile:
        """Return all that the file tells; see the port."""
        with told_to(heard):
            tell(0)
            opened = open_file(path, member)
            kind, decoded = _told(opened)
            found = _read(opened, kind, decoded, layout, remembered, currency, today)
        if isinstance(found, str):
            raise refused(opened.name, found)
        remarks = tuple(dict.fromkeys((*decoded.remarks, *found.dialect)))
        return replace(found, dialect=remarks, digest=hashlib.sha256(opened.data).digest())


def _told(opened: Opened) -> tuple[FileKind, Decoded]:
    """Return the format and the text of a file."""
    from hive_desktop.adapters.files.ofx_text import declared_encoding  # noqa: PLC0415

    is_markup = _MARKUP.search(opened.data[:4_000]) is not None
    decoded = decode(opened.data, declared=declared_encoding(opened.data) if is_markup else "")
    kind = kind_of(decoded.text)
    if kind in _OF_LINES and has_long_line(opened.data):
        raise refused(opened.name, reasons.LINE_TOO_LONG)
    if kind in _OF_LINES and opened.data.count(b"\n") > _MOST_LINES:
        raise refused(opened.name, reasons.TOO_LARGE)
    reason = foreign_reason(decoded.text) if kind is FileKind.CSV else ""
    if reason:
        raise refused(opened.name, reason)
    return kind, decoded


def _read(  # noqa: PLR0913, PLR0917
    opened: Opened,
    kind: FileKind,
    decoded: Decoded,
    layout: CsvLayout | None,
    remembered: Mapping[str, CsvLayout],
    currency: str,
    today: int,
) -> ReadFile | str:
    """Return what a text tells, or why it is no statement. Formats are imported as they come."""
    text = decoded.text
    if kind is FileKind.OFX:
        from hive_desktop.adapters.files.ofx import read_ofx  # noqa: PLC0415

        return read_ofx(text, currency=currency)
    if kind is FileKind.CAMT:
        from hive_desktop.adapters.files.camt import read_camt  # noqa: PLC0415

        return read_camt(text, currency=currency)
    lines = text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
    if kind is FileKind.MT940:
        from hive_desktop.adapters.files.mt940 import read_mt940  # noqa: PLC0415

        return read_mt940(lines, today=today, currency=currency)
    if kind is FileKind.QIF:
        from hive_desktop.adapters.files.qif import read_qif  # noqa: PLC0415

        said = layout.date_order if layout is not None else DateOrder.YMD
        order = None if said is DateOrder.YMD else said
        return read_qif(lines, today=today, currency=currency, order=order)
    from hive_desktop.adapters.files import tables  # noqa: PLC0415

    return tables.read_table(
        opened.data, layout=layout, remembered=remembered, currency=currency, today=today,
        name=opened.name,
    )  # fmt: skip
