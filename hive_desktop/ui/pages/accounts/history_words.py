"""What the sync history says of runs and of what they did to rows. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.domain.journal import ChangeKind, RunResult
from hive_desktop.ui.kit import dates, journal_words, money
from hive_desktop.ui.kit.feed_lines import Line
from hive_desktop.ui.kit.money import locale

if TYPE_CHECKING:
    from datetime import datetime

    from hive_desktop.domain.journal import RowChange, SyncRun, UndoPreview
    from hive_desktop.ports.bank import RefusedRow
    from hive_desktop.ports.sync_store import Applied
    from hive_desktop.ui.kit.widgets import Tone

_RESULTS: dict[RunResult, tuple[str, Tone]] = {
    RunResult.RUNNING: ("Running", "accent"),
    RunResult.DONE: ("Done", "income"),
    RunResult.FAILED: ("Failed", "danger"),
    RunResult.CUT_OFF: ("Cut off", "warning"),
    RunResult.UNDONE: ("Undone", "muted"),
}
_CUT_OFF = "Hive ended before the sync did. The next one went on from where it stood."


def result_pill(run: SyncRun) -> tuple[str, Tone]:
    """Return how a run ended, and the pill's colour role."""
    return _RESULTS[run.result]


def run_line(run: SyncRun, now: datetime) -> Line:
    """Return what the list shows of a run."""
    pill, tone = result_pill(run)
    took = "" if run.seconds is None else dates.duration(run.seconds)
    return Line(
        title=run.institution,
        detail=" · ".join(part for part in (_when(run, now), _why(run), trouble(run)) if part),
        icon="bank",
        pill=pill,
        pill_tone=tone,
        right=counts(run),
        right_detail=took,
    )


def run_summary(run: SyncRun, now: datetime) -> str:
    """Return when, why and how long, as a run's own page says it."""
    took = "" if run.seconds is None else f"took {dates.duration(run.seconds)}"
    return " · ".join(part for part in (_when(run, now), _why(run), took) if part)


def trouble(run: SyncRun) -> str:
    """Return what went wrong, in words."""
    if run.result is RunResult.CUT_OFF:
        return _CUT_OFF
    return journal_words.error_words(run.error_code) if run.result is RunResult.FAILED else ""


def counts(run: SyncRun) -> str:
    """Return what a run did, in numbers: `3 new · 1 changed`."""
    parts = (
        (run.added, "new"),
        (run.modified, "changed"),
        (run.removed, "removed"),
        (run.refused, "refused"),
    )
    shown = [f"{locale().toString(count)} {word}" for count, word in parts if count]
    if shown:
        return " · ".join(shown)
    return "Nothing new" if run.result in (RunResult.DONE, RunResult.UNDONE) else ""


def change_line(change: RowChange, now: datetime) -> Line:
    """Return what the list shows of one changed row."""
    icon, tone = journal_words.kind_icon(change.kind)
    fields = [
        f"{name} {before} {journal_words.ARROW} {after}"
        for name, before, after in map(journal_words.field_change, change.fields)
    ]
    is_added = change.kind is ChangeKind.ADDED
    return Line(
        title=change.name,
        detail=" · ".join(fields) if fields and not is_added else change.why,
        icon=icon,
        icon_tone=tone,
        pill=journal_words.kind_word(change.kind),
        pill_tone=tone,
        right=money.flow(change.amount_minor, change.currency),
        right_tone="income" if change.amount_minor < 0 else "text",
        right_detail=dates.day(change.posted_on, with_year=change.posted_on.year != now.year),
    )


def refused_line(row: RefusedRow) -> Line:
    """Return what the list shows of a row that could not be read."""
    return Line(
        title=row.reason,
        detail=f"The bank's id: {row.plaid_id}" if row.plaid_id else "The bank gave no id",
        icon="alert",
        icon_tone="warning",
    )


def undo_effects(preview: UndoPreview) -> list[str]:
    """Return what undoing a run does, sentence by sentence."""
    found = []
    if preview.leave:
        found.append(f"{_rows(preview.leave, 'leaves', 'leave')} the ledger.")
    if preview.go_back:
        found.append(
            f"{_rows(preview.go_back, 'goes', 'go')} back to how the bank had sent it before."
        )
    if preview.come_back:
        found.append(f"{_rows(preview.come_back, 'comes', 'come')} back.")
    if preview.edited:
        found.append(
            f"{_rows(preview.edited, 'of those carries', 'of those carry')} something you wrote. "
            "It is kept, and put back when the bank sends the row again."
        )
    return found or ["The sync changed no row; only its place in the bank's history goes back."]


def undone_words(applied: Applied) -> str:
    """Return what an undo did, for its toast."""
    total = applied.added + applied.modified + applied.removed
    return f"Sync undone: {_rows(total, 'is', 'are')} as before"


def _when(run: SyncRun, now: datetime) -> str:
    when = dates.moment(run.started_at, now)
    return when[0].upper() + when[1:]


def _why(run: SyncRun) -> str:
    why = journal_words.reason_words(run.reason)
    if run.first_on is None or run.last_on is None:
        return why
    first, last = dates.day(run.first_on), dates.day(run.last_on, with_year=True)
    return f"{why} · {first} \N{EN DASH} {last}"


def _rows(count: int, one: str, many: str) -> str:
    return f"1 row {one}" if count == 1 else f"{locale().toString(count)} rows {many}"
