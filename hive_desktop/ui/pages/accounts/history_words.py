"""What the sync history says of runs and of what they did to rows. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.domain.journal import ChangeKind, RunResult
from hive_desktop.domain.told import told
from hive_desktop.i18n import mark, tr, tr_n
from hive_desktop.ui.kit import dates, journal_words, money
from hive_desktop.ui.kit.feed_lines import Line
from hive_desktop.ui.kit.wording import number, opened

if TYPE_CHECKING:
    from datetime import datetime

    from hive_desktop.domain.journal import RowChange, SyncRun, UndoPreview
    from hive_desktop.ports.bank import RefusedRow
    from hive_desktop.ports.sync_store import Applied
    from hive_desktop.ui.kit.widgets import Tone

_RESULTS: dict[RunResult, tuple[str, Tone]] = {
    RunResult.RUNNING: (mark("Running"), "accent"),
    RunResult.DONE: (mark("Done"), "income"),
    RunResult.FAILED: (mark("Failed"), "danger"),
    RunResult.CUT_OFF: (mark("Cut off"), "warning"),
    RunResult.UNDONE: (mark("Undone"), "muted"),
}
_CUT_OFF = mark("Hive ended before the sync did. The next one went on from where it stood.")


def result_pill(run: SyncRun) -> tuple[str, Tone]:
    """Return how a run ended, and the pill's colour role."""
    words, tone = _RESULTS[run.result]
    return tr(words), tone


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
    took = "" if run.seconds is None else tr("took {time}", time=dates.duration(run.seconds))
    return " · ".join(part for part in (_when(run, now), _why(run), took) if part)


def trouble(run: SyncRun) -> str:
    """Return what went wrong, in words."""
    if run.result is RunResult.CUT_OFF:
        return tr(_CUT_OFF)
    return journal_words.error_words(run.error_code) if run.result is RunResult.FAILED else ""


def counts(run: SyncRun) -> str:
    """Return what a run did, in numbers: `3 new · 1 changed`."""
    parts = (
        (run.added, _new),
        (run.modified, _changed),
        (run.removed, _removed),
        (run.refused, _refused),
    )
    shown = [words(count, number(count)) for count, words in parts if count]
    if shown:
        return " · ".join(shown)
    return tr("Nothing new") if run.result in (RunResult.DONE, RunResult.UNDONE) else ""


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
        detail=" · ".join(fields) if fields and not is_added else told(change.why),
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
        title=told(row.reason),
        detail=tr("The bank's id: {id}", id=row.plaid_id)
        if row.plaid_id
        else tr("The bank gave no id"),
        icon="alert",
        icon_tone="warning",
    )


def undo_effects(preview: UndoPreview) -> list[str]:
    """Return what undoing a run does, sentence by sentence."""
    found = []
    if preview.leave:
        found.append(
            tr_n(
                "{count_text} row leaves the ledger.",
                "{count_text} rows leave the ledger.",
                preview.leave,
                count_text=number(preview.leave),
            )
        )
    if preview.go_back:
        found.append(
            tr_n(
                "{count_text} row goes back to how the bank had sent it before.",
                "{count_text} rows go back to how the bank had sent it before.",
                preview.go_back,
                count_text=number(preview.go_back),
            )
        )
    if preview.come_back:
        found.append(
            tr_n(
                "{count_text} row comes back.",
                "{count_text} rows come back.",
                preview.come_back,
                count_text=number(preview.come_back),
            )
        )
    if preview.edited:
        found.append(
            tr_n(
                "{count_text} row of those carries something you wrote. It is kept, and put back "
                "when the bank sends the row again.",
                "{count_text} rows of those carry something you wrote. It is kept, and put back "
                "when the bank sends the row again.",
                preview.edited,
                count_text=number(preview.edited),
            )
        )
    return found or [tr("The sync changed no row; only its place in the bank's history goes back.")]


def undone_words(applied: Applied) -> str:
    """Return what an undo did, for its toast."""
    total = applied.added + applied.modified + applied.removed
    return tr_n(
        "Sync undone: {count_text} row is as before",
        "Sync undone: {count_text} rows are as before",
        total,
        count_text=number(total),
    )


def _when(run: SyncRun, now: datetime) -> str:
    when = dates.moment(run.started_at, now)
    return opened(when)


def _why(run: SyncRun) -> str:
    why = journal_words.reason_words(run.reason)
    if run.first_on is None or run.last_on is None:
        return why
    first, last = dates.day(run.first_on), dates.day(run.last_on, with_year=True)
    return f"{why} · {first} \N{EN DASH} {last}"


def _new(count: int, count_text: str) -> str:
    return tr_n("{count_text} new", "{count_text} new", count, count_text=count_text)


def _changed(count: int, count_text: str) -> str:
    return tr_n("{count_text} changed", "{count_text} changed", count, count_text=count_text)


def _removed(count: int, count_text: str) -> str:
    return tr_n("{count_text} removed", "{count_text} removed", count, count_text=count_text)


def _refused(count: int, count_text: str) -> str:
    return tr_n("{count_text} refused", "{count_text} refused", count, count_text=count_text)
