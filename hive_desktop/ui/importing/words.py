"""What is said of files, their columns and their rows, and of what was imported."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from hive_desktop import i18n
from hive_desktop.domain.csv_layouts import DateOrder, Role, Sign
from hive_desktop.domain.days import from_day
from hive_desktop.domain.importing import Verdict
from hive_desktop.domain.money import KNOWN_CURRENCIES
from hive_desktop.domain.statements import FileKind
from hive_desktop.domain.told import told
from hive_desktop.i18n import mark, tr, tr_n
from hive_desktop.ports.import_store import ImportState
from hive_desktop.ui.kit import dates, money
from hive_desktop.ui.kit.wording import number

if TYPE_CHECKING:
    from datetime import datetime

    from hive_desktop.domain.importing import Judged
    from hive_desktop.domain.statements import FileRow
    from hive_desktop.ports.import_store import ImportEffects, PastImport
    from hive_desktop.services.importing_preview import Counts, Preview, Section
    from hive_desktop.services.importing_source import Source

_FIRST = 3
ENDINGS = (
    "*.ofx *.qfx *.qbo *.qif *.csv *.tsv *.txt *.xml *.sta *.mt940 *.940 *.942 *.dat *.zip *.gz"
)
KINDS = {
    FileKind.OFX: "OFX",
    FileKind.QIF: "QIF",
    FileKind.CSV: "CSV",
    FileKind.CAMT: "CAMT",
    FileKind.MT940: "MT940",
}
ROLES = {
    Role.DATE: mark("Day"),
    Role.HAPPENED: mark("Day of the purchase"),
    Role.VALUE_DATE: mark("Value date"),
    Role.AMOUNT: mark("Amount"),
    Role.OUT: mark("Money out"),
    Role.IN: mark("Money in"),
    Role.INDICATOR: mark("In or out"),
    Role.BALANCE: mark("Balance"),
    Role.CURRENCY: mark("Currency"),
    Role.NAME: mark("Name"),
    Role.PAYER: mark("Payer"),
    Role.PAYEE: mark("Payee"),
    Role.TEXT: mark("Description"),
    Role.MEMO: mark("Memo"),
    Role.KIND: mark("Kind of row"),
    Role.ID: mark("The bank's id"),
    Role.CATEGORY: mark("Category"),
    Role.GROUP: mark("Category group"),
    Role.TAGS: mark("Tags"),
    Role.STATE: mark("State"),
    Role.ACCOUNT: mark("Account"),
    Role.NUMBER: mark("Account number"),
    Role.TRANSFER: mark("Other account"),
    Role.FEE: mark("Fee"),
}
ORDERS = {
    DateOrder.DMY: mark("Day, month, year"),
    DateOrder.MDY: mark("Month, day, year"),
    DateOrder.YMD: mark("Year, month, day"),
}
MARKS = {".": mark("1,234.56"), ",": mark("1.234,56")}
SIGNS = {
    Sign.IN_POSITIVE: mark("A minus is money out"),
    Sign.OUT_POSITIVE: mark("A minus is money in"),
}
VERDICTS = {
    Verdict.NEW: mark("New"),
    Verdict.MATCHED: mark("Already there"),
    Verdict.DOUBTFUL: mark("Doubtful"),
    Verdict.REFUSED: mark("Refused"),
}


def rows_words(source: Source) -> str:
    """Return a file's format and how many rows it has."""
    count = sum(len(one.rows) for one in source.read.statements)
    return tr_n(
        "{kind}, {count_text} row",
        "{kind}, {count_text} rows",
        count,
        kind=KINDS[source.read.kind],
        count_text=number(count),
    )


def first_words(source: Source, currency: str) -> list[str]:
    """Return how the first rows of a file are understood, with money out and in told apart.

    Args:
        source: the file.
        currency: of rows that name none, or "".
    """
    rows = islice((row for one in source.read.statements for row in one.rows), _FIRST)
    return [_row_words(row, row.currency or currency) for row in rows]


def _row_words(row: FileRow, currency: str) -> str:
    minor = abs(row.amount_minor)
    day = dates.day(from_day(row.day), with_year=True)
    amount = money.plain(minor, currency) if currency in KNOWN_CURRENCIES else ""
    if not amount:
        return tr("{day}, {name}", day=day, name=row.name)
    if row.amount_minor > 0:
        return tr("{day}, {name}: {amount} out", day=day, name=row.name, amount=amount)
    return tr("{day}, {name}: {amount} in", day=day, name=row.name, amount=amount)


def remarks(source: Source) -> str:
    """Return what was tolerated or guessed, as sentences."""
    said = [*source.read.dialect, *(source.guess.why if source.guess else ())]
    return " ".join(dict.fromkeys(told(i18n.tr(one)) for one in said))


def tab_words(verdict: Verdict, count: int) -> str:
    """Return a tab's words."""
    return tr("{verdict} ({count})", verdict=i18n.tr(VERDICTS[verdict]), count=number(count))


def count_of(counts: Counts, verdict: Verdict) -> int:
    """Return how many rows have a verdict."""
    return {
        Verdict.NEW: counts.new,
        Verdict.MATCHED: counts.matched,
        Verdict.DOUBTFUL: counts.doubtful,
        Verdict.REFUSED: counts.refused,
    }[verdict]


def sums_words(sections: list[Section], verdict: Verdict) -> str:
    """Return what the rows of a verdict add up to, by currency."""
    total: dict[str, tuple[int, int]] = {}
    for section in sections:
        for code, (out, into) in section.sums(verdict).items():
            known = total.get(code, (0, 0))
            total[code] = (known[0] + out, known[1] + into)
    said = [
        tr("{out} out, {into} in", out=money.plain(out, code), into=money.plain(into, code))
        for code, (out, into) in total.items()
        if code
    ]
    return " · ".join(said)


def why_words(one: Judged) -> str:
    """Return why a row has its verdict."""
    return " · ".join(told(i18n.tr(each)) for each in one.why)


def done_words(counts: Counts) -> str:
    """Return what an import did."""
    came = counts.new + counts.doubtful
    if not came:
        return tr("No row is new; the balances that the files tell are kept")
    return tr_n(
        "{count_text} row is imported",
        "{count_text} rows are imported",
        came,
        count_text=number(came),
    )


def nothing_words(counts: Counts) -> str:
    """Return why an import did nothing."""
    if counts.refused and not counts.matched:
        return tr("Nothing was imported: no row of it can be taken.")
    if not counts.matched:
        return tr("Nothing was imported: there is no row in it.")
    return tr("There was nothing to add: all of it is there already.")


def before_words(preview: Preview) -> str:
    """Return which of the files were imported before, or ""."""
    names = ", ".join(dict.fromkeys(one.file_name for one in preview.before))
    return tr("Imported before: {files}.", files=names) if names else ""


_STATES = {ImportState.UNDONE: mark("Undone"), ImportState.PARTLY: mark("Partly undone")}


def past_title(one: PastImport) -> str:
    """Return the names of the files of an import."""
    first, *more = dict.fromkeys(file.record.file_name for file in one.files)
    if not more:
        return first
    return tr_n("{file} and {count} more", "{file} and {count} more", len(more), file=first)


def past_line(one: PastImport, now: datetime) -> str:
    """Return when an import was, into which accounts, and how many rows it brought."""
    rows = tr_n("{count_text} row", "{count_text} rows", one.added, count_text=number(one.added))
    accounts = ", ".join(dict.fromkeys(file.account for file in one.files))
    day = dates.moment(one.at, now) if one.at else ""
    return " · ".join(filter(None, (day, accounts, rows)))


def past_state(one: PastImport) -> str:
    """Return what is to be known of an import beside that it was: undone, or not there."""
    if one.state in _STATES:
        return i18n.tr(_STATES[one.state])
    return tr("Account deleted") if all(file.is_gone for file in one.files) else ""


def effects_words(effects: ImportEffects) -> str:
    """Return in sentences what undoing an import would do."""
    said = [
        tr_n(
            "{count_text} row leaves the ledger.",
            "{count_text} rows leave the ledger.",
            effects.leaving,
            count_text=number(effects.leaving),
        )
    ]
    if effects.staying:
        said.append(
            tr_n(
                "{count_text} row stays, which your bank has told since.",
                "{count_text} rows stay, which your bank has told since.",
                effects.staying,
                count_text=number(effects.staying),
            )
        )
    for name, others in effects.accounts:
        said.append(
            tr_n(
                "The account “{name}” was made by this import and leaves too, with {count_text} "
                "row that came into it later.",
                "The account “{name}” was made by this import and leaves too, with {count_text} "
                "rows that came into it later.",
                others,
                name=name,
                count_text=number(others),
            )
            if others
            else tr("The account “{name}” was made by this import and leaves too.", name=name)
        )
    return " ".join((*said, tr("It can be done again.")))
