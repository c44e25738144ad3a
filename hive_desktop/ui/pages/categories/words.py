"""What the Categories page says, and the drawings that a category can have. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hive_desktop.domain.ledger import CategoryKind
from hive_desktop.ui.kit.money import locale

if TYPE_CHECKING:
    from hive_desktop.domain.ledger import Category

KINDS: Final = (
    (CategoryKind.EXPENSE, "Spending"),
    (CategoryKind.INCOME, "Income"),
    (CategoryKind.TRANSFER, "Transfer"),
)
KIND_WORDS: Final = dict(KINDS)
KIND_HINTS: Final = {
    CategoryKind.EXPENSE: "Counts as money that you spend.",
    CategoryKind.INCOME: "Counts as money that you earn.",
    CategoryKind.TRANSFER: "Counts nowhere: money that moves between your own accounts.",
}
TRANSFER_KEY: Final = "Transfer"

DRAWINGS: Final = (
    ("utensils", "Fork and knife"),
    ("shopping-bag", "Shopping bag"),
    ("house", "House"),
    ("car", "Car"),
    ("plane", "Plane"),
    ("film", "Film"),
    ("heart", "Heart"),
    ("book", "Book"),
    ("user", "Person"),
    ("file-text", "Document"),
    ("card", "Card"),
    ("bank", "Bank"),
    ("piggy", "Piggy bank"),
    ("dollar-sign", "Money"),
    ("trend", "Chart"),
    ("repeat", "Arrows"),
    ("calendar", "Calendar"),
    ("clock", "Clock"),
    ("key", "Key"),
    ("message", "Message"),
    ("spark", "Spark"),
    ("tag", "Tag"),
    ("folder", "Folder"),
    ("circle", "Circle"),
)


def rows(count: int) -> str:
    """Return how many transactions in words."""
    if count == 0:
        return "No transactions"
    if count == 1:
        return "1 transaction"
    return f"{locale().toString(count)} transactions"


def remark(category: Category, count: int) -> str:
    """Return what stands under a category's name."""
    parts = [KIND_WORDS[category.kind], rows(count)]
    if category.key is not None and category.key != category.name:
        parts.append(f"banks call it {category.key}")
    return " · ".join(parts)


def summary(active: int, archived: int) -> str:
    """Return how many there are."""
    words = f"{active} {'category' if active == 1 else 'categories'}"
    return f"{words}, {archived} archived" if archived else words
