"""What a person writes on rows of the ledger, one or a million of them at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hive_desktop.domain.ledger import CategoryId

LONGEST_NOTE = 2_000
LONGEST_NAME = 200
LONGEST_TAG = 40
"""Characters that are kept of each."""


@dataclass(frozen=True, slots=True)
class RowEdit:
    """Changes of rows; what is None, or empty, stays as it is.

    Attributes:
        category_id: the category that rows get where `has_category`; None is for no category.
        has_category: whether rows get another category.
        name: what rows are called from now on; an empty text gives them the bank's name again.
        note: what is noted on rows; an empty text takes the note away.
        add_tags: tags that rows get, after those that they have.
        remove_tags: tags that rows lose.
        is_hidden: whether rows count in no figure.
        is_reviewed: whether rows were looked at and are right.
    """

    category_id: CategoryId | None = None
    has_category: bool = False
    name: str | None = None
    note: str | None = None
    add_tags: tuple[str, ...] = ()
    remove_tags: tuple[str, ...] = ()
    is_hidden: bool | None = None
    is_reviewed: bool | None = None

    @property
    def has_words(self) -> bool:
        """Tell whether anything but the category is changed."""
        texts = (self.name, self.note, self.is_hidden, self.is_reviewed)
        return any(one is not None for one in texts) or bool(self.add_tags or self.remove_tags)

    def __bool__(self) -> bool:
        """Tell whether anything is changed."""
        return self.has_category or self.has_words

    def tidied(self) -> RowEdit:
        """Return it as it is kept: without needless blanks, and no longer than there is room."""
        return RowEdit(
            self.category_id,
            self.has_category,
            None if self.name is None else " ".join(self.name.split())[:LONGEST_NAME].strip(),
            None if self.note is None else self.note.strip()[:LONGEST_NOTE].strip(),
            tidy_tags(self.add_tags),
            tidy_tags(self.remove_tags),
            self.is_hidden,
            self.is_reviewed,
        )

    def tags_after(self, tags: Iterable[str]) -> list[str]:
        """Return the tags of a row that had these; one that differs by its case alone is there."""
        gone = {one.casefold() for one in self.remove_tags}
        kept = [one for one in tags if one.casefold() not in gone]
        known = {one.casefold() for one in kept}
        return kept + [one for one in self.add_tags if one.casefold() not in known]


def tidy_tag(tag: str) -> str:
    """Return a tag without a sign before it and needless blanks."""
    return " ".join(tag.strip().lstrip("#").replace('"', "").split())


def tidy_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Return tags without a sign before them and needless blanks, each once."""
    found: dict[str, str] = {}
    for one in tags:
        tag = tidy_tag(one)[:LONGEST_TAG].strip()
        if tag:
            found.setdefault(tag.casefold(), tag)
    return tuple(found.values())
