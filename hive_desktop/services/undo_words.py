"""What is said of changes that were taken back, or done again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from hive_desktop import i18n
from hive_desktop.domain.categories import title_of
from hive_desktop.i18n import mark, mark_n, tr

if TYPE_CHECKING:
    from collections.abc import Callable

# What is no row's, and what became of it: undone, and redone.
_KEPT = {
    "account": (mark("“{name}” is as it was"), mark("“{name}” is changed again")),
    "account added": (
        mark("“{name}” is taken out again with its transactions"),
        mark("“{name}” is added again"),
    ),
    "account deleted": (
        mark("“{name}” is back with its transactions"),
        mark("“{name}” is deleted again"),
    ),
    "own category": (mark("“{name}” is as it was"), mark("“{name}” is changed again")),
    "archived": (mark("“{name}” is offered again"), mark("“{name}” is archived again")),
    "offered": (mark("“{name}” is archived again"), mark("“{name}” is offered again")),
    "account order": (mark("the earlier order"), mark("the later order")),
    "category order": (mark("the earlier order"), mark("the later order")),
    "balance": (
        mark("“{name}” has its earlier balance again"),
        mark("“{name}” has its later balance again"),
    ),
    "joined": (
        mark("“{name}” is a category of its own again"),
        mark("“{name}” is merged again"),
    ),
    "own rule": (
        mark("the rule “{name}” is as it was before"),
        mark("the rule “{name}” is made again"),
    ),
}
KEPT = frozenset(_KEPT)
"""Fields of the edit log that are no row's."""
_OF_CATEGORIES = ("own category", "archived", "offered", "joined")
_SAME_AGAIN = ("deleted", "transfer", "hidden", "reviewed", "split", "added", "imported")


class _Words(NamedTuple):
    """What became of one row that is named, or of a number of rows."""

    named: str
    counted: tuple[str, str]


_CHANGED = _Words(
    mark("{what} is changed again"),
    mark_n("{count_text} row is changed again", "{count_text} rows are changed again"),
)
_EARLIER_CATEGORY = _Words(
    mark("{what} has its earlier category again"),
    mark_n(
        "{count_text} row has its earlier category again",
        "{count_text} rows have their earlier category again",
    ),
)
_RULED = _Words(
    mark("what rules did to {what} is taken back"),
    mark_n(
        "what rules did to {count_text} row is taken back",
        "what rules did to {count_text} rows is taken back",
    ),
)
_SPLIT_AGAIN = _Words(
    mark("{what} is split again"),
    mark_n("{count_text} row is split again", "{count_text} rows are split again"),
)
_MERGED = _Words(
    mark("{what} is no longer merged"),
    mark_n("{count_text} row is no longer merged", "{count_text} rows are no longer merged"),
)
_WRITTEN = _Words(
    mark("what you changed on {what} is taken back"),
    mark_n(
        "what you changed on {count_text} row is taken back",
        "what you changed on {count_text} rows is taken back",
    ),
)
# By what was undone: where something stood before it, and where nothing did.
_THEN = {
    "category": (_EARLIER_CATEGORY, _EARLIER_CATEGORY),
    "owner": (_RULED, _RULED),
    "merged": (_MERGED, _MERGED),
    "written": (_WRITTEN, _WRITTEN),
    "several": (_WRITTEN, _WRITTEN),
    "facts": (_WRITTEN, _WRITTEN),
    "added": (
        _Words(
            mark("{what} is taken out again"),
            mark_n("{count_text} row is taken out again", "{count_text} rows are taken out again"),
        ),
        _Words(
            mark("{what} is added again"),
            mark_n("{count_text} row is added again", "{count_text} rows are added again"),
        ),
    ),
    "imported": (
        _Words(
            mark("{what} is taken out again"),
            mark_n(
                "{count_text} imported row is taken out again",
                "{count_text} imported rows are taken out again",
            ),
        ),
        _Words(
            mark("{what} is imported again"),
            mark_n("{count_text} row is imported again", "{count_text} rows are imported again"),
        ),
    ),
    "deleted": (
        _Words(
            mark("{what} is deleted again"),
            mark_n("{count_text} row is deleted again", "{count_text} rows are deleted again"),
        ),
        _Words(
            mark("{what} is no longer deleted"),
            mark_n(
                "{count_text} row is no longer deleted", "{count_text} rows are no longer deleted"
            ),
        ),
    ),
    "transfer": (
        _Words(
            mark("{what} is part of a transfer again"),
            mark_n(
                "{count_text} row is part of a transfer again",
                "{count_text} rows are part of a transfer again",
            ),
        ),
        _Words(
            mark("{what} is no longer part of a transfer"),
            mark_n(
                "{count_text} row is no longer part of a transfer",
                "{count_text} rows are no longer part of a transfer",
            ),
        ),
    ),
    "split": (
        _Words(
            mark("{what} is in its earlier parts again"),
            mark_n(
                "{count_text} row is in its earlier parts again",
                "{count_text} rows are in their earlier parts again",
            ),
        ),
        _Words(
            mark("{what} is no longer split"),
            mark_n("{count_text} row is no longer split", "{count_text} rows are no longer split"),
        ),
    ),
    "name": (
        _Words(
            mark("{what} has its earlier name again"),
            mark_n(
                "{count_text} row has its earlier name again",
                "{count_text} rows have their earlier name again",
            ),
        ),
        _Words(
            mark("{what} has the bank's name again"),
            mark_n(
                "{count_text} row has the bank's name again",
                "{count_text} rows have the bank's name again",
            ),
        ),
    ),
    "note": (
        _Words(
            mark("{what} has its earlier note again"),
            mark_n(
                "{count_text} row has its earlier note again",
                "{count_text} rows have their earlier note again",
            ),
        ),
        _Words(
            mark("{what} has no note again"),
            mark_n("{count_text} row has no note again", "{count_text} rows have no note again"),
        ),
    ),
    "tags": (
        _Words(
            mark("{what} has its earlier tags again"),
            mark_n(
                "{count_text} row has its earlier tags again",
                "{count_text} rows have their earlier tags again",
            ),
        ),
        _Words(
            mark("{what} has no tags again"),
            mark_n("{count_text} row has no tags again", "{count_text} rows have no tags again"),
        ),
    ),
    "hidden": (
        _Words(
            mark("{what} is hidden again"),
            mark_n("{count_text} row is hidden again", "{count_text} rows are hidden again"),
        ),
        _Words(
            mark("{what} is no longer hidden"),
            mark_n(
                "{count_text} row is no longer hidden", "{count_text} rows are no longer hidden"
            ),
        ),
    ),
    "reviewed": (
        _Words(
            mark("{what} is reviewed again"),
            mark_n("{count_text} row is reviewed again", "{count_text} rows are reviewed again"),
        ),
        _Words(
            mark("{what} is no longer reviewed"),
            mark_n(
                "{count_text} row is no longer reviewed",
                "{count_text} rows are no longer reviewed",
            ),
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing, or redoing, a batch of edits has changed.

    Attributes:
        changes: fields that have another value now; 0 where nothing was left to do.
        field: what the batch had changed, by the edit log's name.
        rows: how many rows are as they were.
        name: the name of the row, where the batch had changed one alone; or of what else it was.
        before: what the field of that row is again, in words.
        had_rows: how many rows the batch had changed.
        is_redo: it was done again.
    """

    changes: int
    field: str = ""
    rows: int = 0
    name: str | None = None
    before: str | None = None
    had_rows: int = 0
    is_redo: bool = False

    @property
    def sentence(self) -> str:
        """Return in words what was undone or redone."""
        return self.told(lambda count: f"{count:,}")

    def told(self, number: Callable[[int], str]) -> str:
        """Return the same, with counts as `number` groups them: as their reader's locale does."""
        return _sentence(self, number)


def _sentence(undone: Undone, number: Callable[[int], str]) -> str:
    again = undone.is_redo
    if not undone.had_rows:
        return tr("There is nothing to redo.") if again else tr("There is nothing to undo.")
    if undone.changes:
        told = _told(undone, number)
        return (
            tr("Redone: {change}.", change=told) if again else tr("Undone: {change}.", change=told)
        )
    if undone.field in KEPT and again:
        return tr("Redone, and nothing changed: it was changed again since.")
    if undone.field in KEPT:
        return tr("Undone, and nothing changed: it was changed again since.")
    if again:
        return tr("Redone, and no row changed: what it had done was changed again since.")
    return tr("Undone, and no row changed: what it had done was changed again since.")


def _told(undone: Undone, number: Callable[[int], str]) -> str:
    field, name = undone.field, undone.name
    if field in KEPT:
        shown = title_of(name) if name and field in _OF_CATEGORIES else name
        return i18n.tr(_KEPT[field][undone.is_redo], name=shown)
    if field == "category" and name is not None:
        if not undone.before:
            return tr("{what} has no category again", what=name)
        return tr("{what} is in {before} again", what=name, before=title_of(undone.before))
    if undone.is_redo and field not in _SAME_AGAIN:
        words = _CHANGED
    elif undone.is_redo and field == "split" and undone.before:
        words = _SPLIT_AGAIN
    else:
        words = _THEN[field][0 if undone.before else 1]
    if name:
        return i18n.tr(words.named, what=name)
    return i18n.tr_n(*words.counted, undone.rows, count_text=number(undone.rows))
