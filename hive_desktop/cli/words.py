"""Sentences and lines for people; `shapes` and `sync_shapes` have what programs read."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from hive_desktop.cli import ids, output
from hive_desktop.domain.ledger import CategorySource
from hive_desktop.domain.reviews import ReviewKind, ReviewState
from hive_desktop.ports.backups import Phase

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from hive_desktop.domain.journal import RowChange, UndoPreview
    from hive_desktop.domain.ledger import Account, Edit, TransactionId, TransactionRow
    from hive_desktop.domain.reviews import Review, ReviewRow
    from hive_desktop.domain.splits import Split
    from hive_desktop.ports.backups import Heard
    from hive_desktop.ports.events import SyncProgress
    from hive_desktop.ports.import_store import ImportRecord


UNDO = "Undo: hive transactions undo"
_KILO = 1_000
_UNITS = ("kB", "MB", "GB", "TB")
_DOING = {
    Phase.COPYING: "Copying",
    Phase.CHECKING: "Checking",
    Phase.UPDATING: "Updating the vault",
}
_UPDATE = {
    Phase.COPYING: "The vault is of an older Hive. Before it is updated, a backup of it is made.",
    Phase.CHECKING: "The backup is opened and counted.",
    Phase.UPDATING: "The vault is brought up to date.",
}
_CHOSEN = "you chose it"
_ANSWERS = {
    ReviewState.OPEN: "open",
    ReviewState.MERGED: "merged",
    ReviewState.KEPT: "kept apart",
    ReviewState.PAIRED: "paired as a transfer",
    ReviewState.REFUSED: "no transfer",
    ReviewState.JOINED: "one row again",
    ReviewState.MOOT: "not asked any more",
}
_QUESTIONS = {
    ReviewKind.DUPLICATE: "one payment?",
    ReviewKind.TRANSFER: "a transfer?",
    ReviewKind.SPLIT: "the parts still right?",
}
_MARKS = {
    "hidden": ("you let it count again", "you hid it"),
    "reviewed": ("you want to look at it again", "you said that it is right"),
}
_EDITS = {
    "merged": "you merged it with another row",
    "owner": "a rule or a merge changed it",
    "added": "you added it",
    "facts": "you changed its day, amount or name",
}


def counted(number: int, noun: str) -> str:
    """Return a number with its noun, whose plural is made by an s: `1 row`, `2,000 rows`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def size(count: int) -> str:
    """Return a number of bytes for people, as the window writes it: `312 bytes`, `4.1 kB`."""
    if count < _KILO:
        return counted(count, "byte")
    value, unit = float(count), 0
    while (value := value / _KILO) >= _KILO and unit < len(_UNITS) - 1:
        unit += 1
    return f"{value:,.1f} {_UNITS[unit]}"


def far(tell: Callable[[str], None]) -> Heard:
    """Return what says on a terminal how far a backup, a restore or an update is."""

    def heard(phase: Phase, done: int, total: int) -> bool:
        tell(f"{_DOING[phase]} {size(done)} of {size(total)}" if total else f"{_DOING[phase]}...")
        return True

    return heard


def update_far(tell: Callable[[str], None], seen: set[Phase]) -> Heard:
    """Return what says how an update of the vault goes: also where no terminal shows how far.

    Args:
        tell: tells on one line of a terminal.
        seen: gets each phase that began.
    """
    shown = far(tell)

    def heard(phase: Phase, done: int, total: int) -> bool:
        if phase not in seen:
            seen.add(phase)
            tell("")
            output.say(_UPDATE[phase])
        return shown(phase, done, total)

    return heard


def rows_far(tell: Callable[[str], None], doing: str) -> Heard:
    """Return what says on a terminal how many rows of how many are written or read."""

    def heard(_phase: Phase, done: int, total: int) -> bool:
        tell(f"{doing} {done:,} of {counted(total, 'row')}" if total else "Computing figures...")
        return True

    return heard


def followed(number: int, name: str) -> str:
    """Return how many other rows of a merchant followed a choice, as the end of a sentence."""
    if not number:
        return ""
    return f", and {number:,} other {'row' if number == 1 else 'rows'} of {name} followed"


def change(one: RowChange) -> str:
    """Return what a sync did to a row."""
    fields = "; ".join(
        f"{each.field}: {each.before or 'none'} -> {each.after or 'none'}" for each in one.fields
    )
    amount = output.money(one.amount_minor, one.currency)
    tail = f"  {fields}" if fields else ""
    return f"{one.kind:<9} {one.posted_on.isoformat()}  {one.name}  {amount}{tail}"


def undo(preview: UndoPreview, *, is_done: bool) -> str:
    """Return what taking a run back does to how many rows, or did."""
    run = preview.run
    head = (
        f"The newest sync of {run.institution} that changed something "
        f"({run.reason}, {run.started_at.astimezone():%Y-%m-%d %H:%M:%S}) "
        f"{'was' if is_done else 'would be'} taken back"
    )
    was = "it was" if preview.go_back == 1 else "they were"
    left, went, came = (
        ("left", "went", "came") if is_done else ("would leave", "would go", "would come")
    )
    parts = [
        (preview.leave, f"{left}{_edited(preview)}"),
        (preview.go_back, f"{went} back to what {was}"),
        (preview.come_back, f"{came} back"),
    ]
    told = [(number, what) for number, what in parts if number]
    if not told:
        return f"{head}."
    (first, what), *others = told
    rows = [f"{counted(first, 'row')} {what}", *(f"{n:,} {words}" for n, words in others)]
    return f"{head}: {', '.join(rows)}."


def progress(event: SyncProgress) -> str:
    """Return how far a sync is."""
    if event.wait_s:
        return (
            f"{event.institution}: asked often enough for now; goes on in {ceil(event.wait_s)} s, "
            f"{counted(event.rows, 'row')} so far"
        )
    return (
        f"{event.institution}: {counted(event.rows, 'row')} on {counted(event.pages, 'page')}, "
        f"{event.items_done} of {counted(event.items_total, 'bank')} done"
    )


def again(preview: UndoPreview) -> str:
    """Return what brings again what was taken back."""
    what = "the rows" if preview.leave else "the same changes"
    if preview.run.first_on is None:
        return f"The next sync brings {what} again."
    return f"Fetching the same dates again (--from) brings {what} again."


def row(
    one: TransactionRow, where: Account | None, reason: str | None, deleted_at: datetime | None
) -> str:
    """Return a row of the ledger, a line for each thing that is known of it.

    Args:
        one: the row.
        where: its account.
        reason: why it has its category.
        deleted_at: when the person deleted it; None: they have not.
    """
    if deleted_at is not None:
        state = f"deleted by you {output.moment(deleted_at)}"
    else:
        state = "pending" if one.pending else "posted"
    told = ((one.is_hidden, "hidden: counts in no figure"), (one.is_reviewed, "reviewed"))
    marks = [word for holds, word in told if holds]
    known = {
        "Date": one.posted_on.isoformat(),
        "Name": one.merchant or one.name,
        "Bank's name": one.name if one.merchant not in (None, one.name) else None,
        "Description": one.description if one.description != one.name else None,
        "Amount": output.money(one.amount_minor, one.currency),
        "Account": None
        if where is None
        else ", ".join(filter(None, (where.title, where.institution))),
        "Category": _category(one, reason),
        "State": state,
        "Note": one.note,
        "Tags": ", ".join(one.tags) or None,
        "Marks": ", ".join(marks) or None,
        "Id": output.id_text(one.id),
    }
    width = max(map(len, known))
    lines = [f"{name:<{width}}  {value}\n" for name, value in known.items() if value]
    if deleted_at is not None:
        lines.append(f"Bring it back: hive transactions restore {ids.short(one.id)}\n")
    return "".join(lines)


def partner(one: Review, row_id: TransactionId) -> str:
    """Return the other side of a transfer."""
    other = one.second if one.first.id == row_id else one.first
    return (
        f"A transfer with {_side(other)}\n"
        f"{_reasons(one)}"
        f"  If it is none: hive transactions unpair {ids.short(row_id)}\n"
    )


def parts(one: Split, row_id: TransactionId) -> str:
    """Return the parts of a row, and what it is as a whole."""
    whole, widest = one.whole, max(len(_amount(part)) for part in (one.whole, *one.parts))
    lines = [
        f"  {_amount(part):>{widest}}  {part.category or 'no category'}"
        f"{'  <- this one' if part.id == row_id else ''}\n"
        for part in one.parts
    ]
    head = "In parts" if whole.id == row_id else f"A part of {whole.merchant or whole.name}"
    return (
        f"{head}, {_amount(whole)} as a whole\n{''.join(lines)}"
        f"  To make them one again: hive transactions join {ids.short(whole.id)}\n"
    )


def _amount(one: TransactionRow) -> str:
    return output.money(one.amount_minor, one.currency)


def edits(every: Sequence[Edit]) -> str:
    """Return what the person changed on a row."""
    lines = [f"  {output.moment(one.at)}  {_edit(one)}{_by(one)}\n" for one in every]
    return f"What you changed\n{''.join(lines)}"


def _by(one: Edit) -> str:
    return f" (by API client {output.printable(one.by)})" if one.by else ""


def history(changes: Sequence[RowChange]) -> str:
    """Return what syncs did to a row."""
    lines = [
        f"  {output.moment(one.at)}  {one.why or one.kind.replace('_', ' ')}\n    {change(one)}\n"
        for one in changes
    ]
    return f"What syncs did\n{''.join(lines)}"


def imported(record: ImportRecord) -> str:
    """Return which file brought a row, and when."""
    day = f" on {output.day_of(record.at)}" if record.at else ""
    return f"Imported from {output.printable(record.file_name)}{day}\n"


def review(one: Review) -> str:
    """Return a question, or its answer, as a block of lines."""
    answer = "" if one.state is ReviewState.OPEN else f"  ({_answer(one)})"
    sides = (one.first, one.second)
    amounts = [output.money(side.amount_minor, side.currency) for side in sides]
    widest, longest = max(map(len, amounts)), max(len(side.account) for side in sides)
    lines = [
        f"  {side.posted_on.isoformat()}  {amount:>{widest}}  {side.account:<{longest}}  "
        f"{_name(side)}\n"
        for side, amount in zip(sides, amounts, strict=True)
    ]
    return (
        f"{ids.short(one.id)}  {_QUESTIONS[one.kind]}  {one.score:.0%}{answer}\n"
        f"{''.join(lines)}{_reasons(one)}"
    )


def _answer(one: Review) -> str:
    if one.kind is ReviewKind.SPLIT and one.state is ReviewState.KEPT:
        return "right as they are"
    return _ANSWERS[one.state]


def answered(one: Review) -> str:
    """Return what a question's answer did, or that it is open again."""
    pair = f"{_side(one.first)} and {_side(one.second)}"
    whole = _side(one.first)
    if one.kind is ReviewKind.SPLIT and one.state is ReviewState.KEPT:
        return f"The parts stay as they are: {whole}."
    said = {
        ReviewState.MERGED: f"Merged: {pair}.",
        ReviewState.KEPT: f"Kept apart: {pair}.",
        ReviewState.PAIRED: f"Paired as a transfer: {pair}.",
        ReviewState.REFUSED: f"No transfer: {pair}.",
        ReviewState.JOINED: f"One row again: {whole}.",
    }
    return said.get(one.state, f"Asked again: {pair}.")


def _edited(preview: UndoPreview) -> str:
    if not preview.edited:
        return ""
    if preview.leave == 1:
        return " (changed by you)"
    return f" ({preview.edited:,} of them changed by you)"


def category(one: TransactionRow) -> str:
    """Return the category of a row as lists show it, with a question mark after a guess."""
    return f"{one.category or ''} ?".strip() if one.needs_review else one.category or ""


def _category(one: TransactionRow, reason: str | None) -> str:
    if one.category_source is CategorySource.USER:
        reason = _CHOSEN
    sure = "" if one.confidence is None or not one.needs_review else f"{one.confidence:.0%} sure"
    why = "; ".join(word for word in (sure, reason) if word)
    return f"{one.category or 'none'}{f' ({why})' if why else ''}"


def _edit(one: Edit) -> str:
    if one.field == "deleted":
        return "you deleted it" if one.after else "you restored it"
    if one.field == "transfer":
        return "you said that it is no transfer" if one.before else "you paired it as a transfer"
    if one.field == "split":
        return f"you split it into {one.after} parts" if one.after else "you joined its parts"
    if one.field in _EDITS:
        return _EDITS[one.field]
    if one.field in _MARKS:
        return _MARKS[one.field][bool(one.after)]
    return f"{one.field.replace('_', ' ')}: {one.before or 'none'} -> {one.after or 'none'}"


def _name(side: ReviewRow) -> str:
    marks = [word for holds, word in ((side.pending, "pending"), (side.is_gone, "gone")) if holds]
    return f"{side.name} ({', '.join(marks)})" if marks else side.name


def _side(side: ReviewRow) -> str:
    amount = output.money(side.amount_minor, side.currency)
    return f"{side.name} {amount} of {side.posted_on.isoformat()} ({side.account})"


def _reasons(one: Review) -> str:
    return "".join(f"  - {reason}\n" for reason in one.reasons)
