"""How a row came to be as it is: syncs and the person's own edits, in one order. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hive_desktop.domain.categories import title_of
from hive_desktop.domain.journal import ChangeKind
from hive_desktop.domain.reviews import ReviewState
from hive_desktop.domain.told import told
from hive_desktop.i18n import mark, tr, tr_n
from hive_desktop.ui.kit import dates, journal_words, money

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hive_desktop.domain.journal import RowChange
    from hive_desktop.domain.ledger import Account, Edit, TransactionId, TransactionRow
    from hive_desktop.domain.reviews import Review, ReviewRow
    from hive_desktop.ports.import_store import ImportRecord
    from hive_desktop.ui.kit.widgets import Tone


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened to a row; `fields` are name, before and after."""

    at: datetime
    icon: str
    tone: Tone
    text: str
    detail: str
    fields: tuple[tuple[str, str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """The row itself, as the head of the page shows it."""

    name: str
    amount: str
    detail: str


def subject(
    row: TransactionRow | None, changes: Sequence[RowChange], accounts: Sequence[Account]
) -> Subject:
    """Return the row's head; from the journal where the row has left the ledger."""
    if row is not None:
        account = next((each for each in accounts if each.id == row.account_id), None)
        where = account.title if account else ""
        parts = (
            dates.day(row.posted_on, with_year=True),
            where,
            title_of(row.category or "") or tr("Uncategorized"),
        )
        return Subject(
            row.merchant or row.name,
            money.flow(row.amount_minor, row.currency),
            " · ".join(part for part in (*parts, tr("Pending") if row.pending else "") if part),
        )
    if changes:
        last = changes[0]
        day = dates.day(last.posted_on, with_year=True)
        return Subject(
            last.name,
            money.flow(last.amount_minor, last.currency),
            tr("{day} · not in the ledger", day=day),
        )
    return Subject(tr("This row is not in the ledger"), "", "")


def entries(
    changes: Sequence[RowChange], edits: Sequence[Edit], origin: ImportRecord | None = None
) -> list[Entry]:
    """Return syncs, edits and the import that brought the row together, newest first."""
    found = [_of_change(change) for change in changes] + [_of_edit(edit) for edit in edits]
    if origin is not None and origin.at is not None:
        text = tr("Imported from {file}", file=origin.file_name)
        found.append(Entry(origin.at, "file-input", "muted", text, tr("By hand")))
    return sorted(found, key=lambda entry: entry.at, reverse=True)


def partner_of(review: Review, transaction_id: TransactionId) -> ReviewRow:
    """Return the other side of a transfer."""
    return review.second if review.first.id == transaction_id else review.first


def is_paired(review: Review | None) -> bool:
    """Tell whether a row is a side of a transfer now."""
    return review is not None and review.state is ReviewState.PAIRED


def _of_change(change: RowChange) -> Entry:
    icon, tone = journal_words.kind_icon(change.kind)
    text = told(change.why) or journal_words.kind_sentence(change.kind)
    return Entry(
        change.at,
        icon,
        tone,
        text,
        tr("Sync, {reason}", reason=journal_words.reason_words(change.reason)),
        tuple(journal_words.field_change(each) for each in change.fields)
        if change.kind is not ChangeKind.ADDED
        else (),
    )


def _of_edit(edit: Edit) -> Entry:
    hand = tr("By API client {name}", name=edit.by) if edit.by else tr("By hand")
    if edit.field == "deleted":
        text = tr("You deleted it") if edit.after else tr("You restored it")
        return Entry(edit.at, "trash" if edit.after else "undo", "muted", text, hand)
    if edit.field == "split":
        parts = int(edit.after or 0)
        text = tr_n("You split it into {count} part", "You split it into {count} parts", parts)
        if not parts:
            text = tr("You joined its parts")
        return Entry(edit.at, "split", "muted", text, hand)
    if edit.field in _EDITS:
        return Entry(edit.at, "user", "muted", tr(_EDITS[edit.field]), hand)
    if edit.field in ("hidden", "reviewed"):
        text = tr(_MARKS[edit.field][bool(edit.after)])
        return Entry(edit.at, "user", "muted", text, hand)
    name, text = _field_words(edit.field)
    tells = title_of if edit.field == "category" else str
    none = tr("none")
    change = (name, tells(edit.before or "") or none, tells(edit.after or "") or none)
    return Entry(edit.at, "user", "muted", text, hand, (change,))


def _field_words(field: str) -> tuple[str, str]:
    """Return the name of a field, and that the person changed it."""
    if field in _FIELDS:
        name, text = _FIELDS[field]
        return tr(name), tr(text)
    return field.replace("_", " ").capitalize(), tr("You changed the {field}", field=field)


_FIELDS = {
    "category": (mark("Category"), mark("You changed the category")),
    "name": (mark("Name"), mark("You changed the name")),
    "note": (mark("Note"), mark("You changed the note")),
    "tags": (mark("Tags"), mark("You changed the tags")),
    "transfer": (mark("Transfer"), mark("You changed the transfer")),
}


_MARKS = {
    "hidden": (mark("You let it count again"), mark("You hid it: it counts in no figure")),
    "reviewed": (mark("You want to look at it again"), mark("You looked at it: it is right")),
}
_EDITS = {
    "merged": mark("You merged it with another row"),
    "owner": mark("A rule or a merge changed it"),
    "added": mark("You added it"),
    "facts": mark("You changed its day, amount or name"),
}
