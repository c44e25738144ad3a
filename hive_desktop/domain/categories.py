"""The default categories, and how a bank's own category becomes one of them.

Plaid's personal finance categories (taxonomy versions 1 and 2) come as a primary and a detailed
code. A detailed code that is not listed follows its primary; an unknown primary becomes Other. The
codes say what a row is for, not its sign: a refund keeps its merchant's category and reduces it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from hive_desktop.domain import sentences
from hive_desktop.domain.file_categories import FILE_CATEGORY
from hive_desktop.domain.ledger import CategoryKind, CategorySource, Label
from hive_desktop.i18n import mark, tr

if TYPE_CHECKING:
    from hive_desktop.domain.ledger import Category

# name, kind, colour, icon: the seed that a new vault starts with, in display order
DEFAULT_CATEGORIES: tuple[tuple[str, CategoryKind, str, str], ...] = (
    (mark("Food & Dining"), CategoryKind.EXPENSE, "#FF6B6B", "utensils"),
    (mark("Transportation"), CategoryKind.EXPENSE, "#4ECDC4", "car"),
    (mark("Shopping"), CategoryKind.EXPENSE, "#45B7D1", "shopping-bag"),
    (mark("Entertainment"), CategoryKind.EXPENSE, "#96CEB4", "film"),
    (mark("Bills & Utilities"), CategoryKind.EXPENSE, "#FFEAA7", "file-text"),
    (mark("Healthcare"), CategoryKind.EXPENSE, "#DDA0DD", "heart"),
    (mark("Travel"), CategoryKind.EXPENSE, "#98D8C8", "plane"),
    (mark("Education"), CategoryKind.EXPENSE, "#F7DC6F", "book"),
    (mark("Personal Care"), CategoryKind.EXPENSE, "#BB8FCE", "user"),
    (mark("Income"), CategoryKind.INCOME, "#58D68D", "dollar-sign"),
    (mark("Transfer"), CategoryKind.TRANSFER, "#85C1E9", "repeat"),
    (mark("Other"), CategoryKind.EXPENSE, "#AAB7B8", "circle"),
)

NO_CATEGORY = "none"
"""How commands name no category: no category is called so."""

_NAMES = frozenset(name for name, *_ in DEFAULT_CATEGORIES)

# Below this an automatic category is shown as a guess that wants a look.
REVIEW_THRESHOLD = 0.6

# How far Plaid's own word is trusted. Plaid publishes words, not probabilities; these are ours.
_CONFIDENCE = {"VERY_HIGH": 0.98, "HIGH": 0.92, "MEDIUM": 0.55, "LOW": 0.45}
_UNSAID_CONFIDENCE = 0.4

_PRIMARY = {
    "INCOME": "Income",
    "LOAN_DISBURSEMENTS": "Transfer",
    "LOAN_PAYMENTS": "Bills & Utilities",
    "TRANSFER_IN": "Transfer",
    "TRANSFER_OUT": "Transfer",
    "BANK_FEES": "Other",
    "ENTERTAINMENT": "Entertainment",
    "FOOD_AND_DRINK": "Food & Dining",
    "GENERAL_MERCHANDISE": "Shopping",
    "HOME_IMPROVEMENT": "Shopping",
    "MEDICAL": "Healthcare",
    "PERSONAL_CARE": "Personal Care",
    "GENERAL_SERVICES": "Other",
    "GOVERNMENT_AND_NON_PROFIT": "Other",
    "TRANSPORTATION": "Transportation",
    "TRAVEL": "Travel",
    "RENT_AND_UTILITIES": "Bills & Utilities",
    "OTHER": "Other",
}

# Only those that leave their primary's category.
_DETAILED = {
    "LOAN_PAYMENTS_CREDIT_CARD_PAYMENT": "Transfer",
    "LOAN_PAYMENTS_CAR_PAYMENT": "Transportation",
    "HOME_IMPROVEMENT_REPAIR_AND_MAINTENANCE": "Bills & Utilities",
    "HOME_IMPROVEMENT_SECURITY": "Bills & Utilities",
    "GENERAL_SERVICES_EDUCATION": "Education",
    "GENERAL_SERVICES_CHILDCARE": "Education",
    "GENERAL_SERVICES_AUTOMOTIVE": "Transportation",
    "GENERAL_SERVICES_INSURANCE": "Bills & Utilities",
    "GENERAL_SERVICES_STORAGE": "Bills & Utilities",
}

# Longest first, so that LOAN_DISBURSEMENTS_X is not read as another primary's code.
_PRIMARIES_BY_LENGTH = sorted(_PRIMARY, key=len, reverse=True)


LOAN_LABEL = Label(
    "Transfer",
    CategorySource.BANK,
    _CONFIDENCE["VERY_HIGH"],
    sentences.LOAN,
)
"""What every row of a loan account is: the payment counts where the money left, and only there."""


def category_of(bank_category: str) -> str:
    """Return the default category of a bank's code, detailed or primary."""
    known = _DETAILED.get(bank_category) or _PRIMARY.get(bank_category)
    if known is not None:
        return known
    for primary in _PRIMARIES_BY_LENGTH:
        if bank_category.startswith(f"{primary}_"):
            return _PRIMARY[primary]
    return "Other"


@lru_cache(maxsize=1024)
def label_from_bank(bank_category: str, confidence: str | None) -> Label:
    """Return the bank's own category as a label.

    Args:
        bank_category: Plaid's detailed code, or the primary one where there is no other.
        confidence: Plaid's word for it: VERY_HIGH, HIGH, MEDIUM, LOW or UNKNOWN.
    """
    said = _CONFIDENCE.get(confidence or "", _UNSAID_CONFIDENCE)
    reason = sentences.BANK_SAYS(bank_words=in_words(bank_category))
    return Label(category_of(bank_category), CategorySource.BANK, said, reason)


def in_words(bank_category: str) -> str:
    """Return a bank's code as people read it, in English."""
    if bank_category.startswith(FILE_CATEGORY):
        return bank_category.removeprefix(FILE_CATEGORY)
    return bank_category.replace("_", " ").capitalize()


def category_title(category: Category) -> str:
    """Return a category's name as the window shows it: a default one in the language in use.

    What the person renamed is theirs, and never translated.
    """
    is_default = category.key == category.name and category.name in _NAMES
    return tr(category.name) if is_default else category.name


def title_of(name: str) -> str:
    """Return the same where the name alone is known.

    `CategoryService` gives no category the name of a default one: that is what banks call the
    default one, whatever its name is by now.
    """
    return tr(name) if name in _NAMES else name
