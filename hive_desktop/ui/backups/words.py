"""What is said of backups: when they are of, how far one is, what is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QDateTime, QLocale

from hive_desktop.i18n import tr, tr_n
from hive_desktop.ports.backups import Phase
from hive_desktop.ui.kit import dates
from hive_desktop.ui.kit.money import locale
from hive_desktop.ui.kit.wording import number, size_words

if TYPE_CHECKING:
    from datetime import date, datetime

    from hive_desktop.ports.backups import Backup, Tally


def moment_words(at: datetime) -> str:
    """Return an instant as this computer's clock shows it: day and minute."""
    here = at.astimezone()
    clock = QDateTime.fromSecsSinceEpoch(round(at.timestamp()))
    time = locale().toString(clock.time(), QLocale.FormatType.ShortFormat)
    return tr("{day}, {time}", day=dates.day(here.date(), with_year=True), time=time)


def day_words(day: date) -> str:
    """Return a day with its year."""
    return dates.day(day, with_year=True)


def choice_words(backup: Backup) -> str:
    """Return a backup as one of several: when it is of, and its size."""
    return tr(
        "{moment} ({size})", moment=moment_words(backup.made_at), size=size_words(backup.size)
    )


def far_words(phase: Phase, done: int, total: int) -> str:
    """Return how far a backup or a restore is."""
    if phase is Phase.UPDATING:
        return tr("Updating your vault\N{HORIZONTAL ELLIPSIS}")
    sizes = {"done": size_words(done), "total": size_words(total)}
    if phase is Phase.COPYING:
        return tr("Copying {done} of {total}", **sizes)
    if total:
        return tr("Reading {done} of {total} again", **sizes)
    return tr("Opening and counting what is in it\N{HORIZONTAL ELLIPSIS}")


def read_words(phase: Phase, done: int, total: int) -> str:
    """Return how far the making of a vault of an archive is, in rows."""
    if phase is Phase.UPDATING:
        return far_words(phase, done, total)
    return tr("Reading {done} of {total} rows", done=number(done), total=number(total))


def update_words(phase: Phase, done: int, total: int) -> str:
    """Return how far the update of an older vault is, and the backup before it."""
    if phase is Phase.UPDATING:
        return far_words(phase, done, total)
    if phase is Phase.COPYING and total:
        return tr(
            "Backing up before the update: {done} of {total}",
            done=size_words(done),
            total=size_words(total),
        )
    return tr("Checking the backup before the update\N{HORIZONTAL ELLIPSIS}")


def held_words(held: Tally) -> str:
    """Return in a sentence what a backup holds."""
    rows = tr_n(
        "{count_text} transaction",
        "{count_text} transactions",
        held.transactions,
        count_text=number(held.transactions),
    )
    accounts = tr_n("{count} account", "{count} accounts", held.accounts)
    if held.newest_on is None:
        return tr("It holds {rows} in {accounts}.", rows=rows, accounts=accounts)
    return tr(
        "It holds {rows} in {accounts}; the newest is of {day}.",
        rows=rows,
        accounts=accounts,
        day=day_words(held.newest_on),
    )
