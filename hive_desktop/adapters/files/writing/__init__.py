"""Writers of the ledger's rows for other programs, one module for each format."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hive_desktop.adapters.files.writing import (
    beancount,
    csv_rows,
    hledger,
    json_lines,
    ofx,
    qif,
)
from hive_desktop.domain.exporting import ExportFormat

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hive_desktop.ports.exports import Writer

WRITERS: Final[Mapping[ExportFormat, Writer]] = {
    ExportFormat.CSV: csv_rows.write,
    ExportFormat.JSONL: json_lines.write,
    ExportFormat.OFX: ofx.write,
    ExportFormat.QIF: qif.write,
    ExportFormat.HLEDGER: hledger.write,
    ExportFormat.BEANCOUNT: beancount.write,
}
