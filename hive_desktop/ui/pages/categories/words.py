"""What the Categories page says, and the drawings that a category can have. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hive_desktop.domain.categories import category_title, title_of
from hive_desktop.domain.ledger import CategoryKind
from hive_desktop.i18n import mark, tr, tr_n
from hive_desktop.ui.kit.wording import number

if TYPE_CHECKING:
    from hive_desktop.domain.ledger import Category

KINDS: Final = (
    (CategoryKind.EXPENSE, mark("Spending")),
    (CategoryKind.INCOME, mark("Income")),
    (CategoryKind.TRANSFER, mark("Transfer")),
)
KIND_WORDS: Final = dict(KINDS)
KIND_HINTS: Final = {
    CategoryKind.EXPENSE: mark("Counts as money that you spend."),
    CategoryKind.INCOME: mark("Counts as money that you earn."),
    CategoryKind.TRANSFER: mark("Counts nowhere: money that moves between your own accounts."),
}
TRANSFER_KEY: Final = "Transfer"

DRAWINGS: Final = (
    ("utensils", mark("Fork and knife")),
    ("coffee", mark("Cup")),
    ("shopping-bag", mark("Shopping bag")),
    ("shopping-cart", mark("Shopping cart")),
    ("shirt", mark("Shirt")),
    ("gift", mark("Gift")),
    ("house", mark("House")),
    ("bed", mark("Bed")),
    ("wrench", mark("Wrench")),
    ("zap", mark("Flash")),
    ("droplets", mark("Drops")),
    ("wifi", mark("Wi-Fi")),
    ("phone", mark("Phone")),
    ("car", mark("Car")),
    ("fuel", mark("Fuel pump")),
    ("bus", mark("Bus")),
    ("train", mark("Train")),
    ("bike", mark("Bicycle")),
    ("plane", mark("Plane")),
    ("umbrella", mark("Umbrella")),
    ("film", mark("Film")),
    ("music", mark("Music")),
    ("game", mark("Game controller")),
    ("heart", mark("Heart")),
    ("stethoscope", mark("Stethoscope")),
    ("dumbbell", mark("Dumbbell")),
    ("scissors", mark("Scissors")),
    ("user", mark("Person")),
    ("baby", mark("Baby")),
    ("paw", mark("Paw")),
    ("book", mark("Book")),
    ("graduation-cap", mark("Graduation cap")),
    ("briefcase", mark("Briefcase")),
    ("file-text", mark("Document")),
    ("receipt", mark("Receipt")),
    ("card", mark("Card")),
    ("wallet", mark("Wallet")),
    ("bank", mark("Bank")),
    ("piggy", mark("Piggy bank")),
    ("dollar-sign", mark("Money")),
    ("trend", mark("Chart")),
    ("repeat", mark("Arrows")),
    ("calendar", mark("Calendar")),
    ("clock", mark("Clock")),
    ("key", mark("Key")),
    ("message", mark("Message")),
    ("spark", mark("Spark")),
    ("tag", mark("Tag")),
    ("folder", mark("Folder")),
    ("circle", mark("Circle")),
)


def rows(count: int) -> str:
    """Return how many transactions in words."""
    if count == 0:
        return tr("No transactions")
    return tr_n(
        "{count_text} transaction",
        "{count_text} transactions",
        count,
        count_text=number(count),
    )


def merging(count: int, name: str) -> str:
    """Return what merging a category of that name and so many transactions does."""
    if count == 0:
        return tr(
            "No transactions move. Rules, what you taught Hive, and what banks call {name} go "
            "there from then on. You can undo this.",
            name=name,
        )
    return tr_n(
        "{count_text} transaction moves. Rules, what you taught Hive, and what banks call {name} "
        "go there from then on. You can undo this.",
        "{count_text} transactions move. Rules, what you taught Hive, and what banks call {name} "
        "go there from then on. You can undo this.",
        count,
        count_text=number(count),
        name=name,
    )


def remark(category: Category, count: int) -> str:
    """Return what stands under a category's name."""
    parts = [tr(KIND_WORDS[category.kind]), rows(count)]
    if category.key is not None and category.key != category.name:
        parts.append(tr("banks call it {name}", name=title_of(category.key)))
    return " · ".join(parts)


def spoken(category: Category, count: int, place: int, of: int) -> str:
    """Return a category with so many transactions, at a place among others, as it is read out."""
    state = tr("archived")
    if not category.is_archived:
        state = tr("{place} of {count}", place=place + 1, count=of)
    return tr(
        "Category {name}, {state}: {remark}",
        name=category_title(category),
        state=state,
        remark=remark(category, count),
    )


def summary(active: int, archived: int) -> str:
    """Return how many there are."""
    words = tr_n("{count} category", "{count} categories", active)
    if not archived:
        return words
    return tr("{categories}, {count} archived", categories=words, count=archived)
