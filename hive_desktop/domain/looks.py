"""What one row looks like by itself: money moved between own accounts, a purchase, or neither.

Equal amounts alone do not make a transfer: a refund equals its purchase, and a salary may equal
last month's rent. The bank's category and the words of the description say which rows may be the
two ends of one movement. Small tables; a row that they do not know is UNKNOWN.
"""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final


class Looks(StrEnum):
    """What a row looks like."""

    TRANSFER = "transfer"
    PURCHASE = "purchase"
    UNKNOWN = "unknown"


# Plaid's personal finance categories, by how they begin (CONTRACTS A6).
_MOVEMENTS: Final = ("TRANSFER_IN", "TRANSFER_OUT", "LOAN_PAYMENTS", "LOAN_DISBURSEMENTS")
_SAYS_NOTHING: Final = ("OTHER", "GENERAL_OTHER")
_SURE: Final = frozenset({"HIGH", "VERY_HIGH"})

_OWN: Final = (
    r"(?:(?:my|own|your)\s+)?(?:own|self|savings?|sav|checking|chequing|chk|current\s+account|"
    r"money\s+market|brokerage|credit\s+card|loan|own\s+account|my\s+account)"
)
# Whole words, as banks write them. A payment to another person (Zelle, wire, ACH) is none of these
# unless it says that it goes to or comes from the person's own account.
_WORDS: Final = re.compile(
    r"\b(?:"
    r"transfers?|xfers?|trf|tfr|trnsfr|umbuchung|virement|transferencia|"
    r"payment,?\s*-?\s*thank\s+you|thank\s+you\s+(?:for\s+your\s+)?payment|"
    r"auto\s?pay|automatic\s+payment|(?:credit\s+)?(?:card|crd)\s+(?:payment|pymt|pmt)|"
    r"(?:payment|pymt|pmt)\s+(?:to|from)\s+(?:credit\s+)?(?:card|crd)|"
    rf"(?:to|from)\s+{_OWN}"
    r")\b",
    re.IGNORECASE,
)


def looks_of(
    bank_category: str | None,
    confidence: str | None,
    text: str,
    *,
    has_merchant: bool,
    account_type: str,
    amount_minor: int,
) -> Looks:
    """Return what a row looks like.

    Args:
        bank_category: Plaid's category of the row, detailed or primary.
        confidence: how sure Plaid is of it (`VERY_HIGH` to `LOW`).
        text: the row's name and description.
        has_merchant: Plaid recognised who was paid.
        account_type: Plaid's type of the account.
        amount_minor: minor units, positive = money out. Money into a loan account pays it off.
    """
    if account_type == "loan" and amount_minor < 0:
        return Looks.TRANSFER
    category = (bank_category or "").upper()
    if category.startswith(_MOVEMENTS):
        return Looks.TRANSFER
    is_sure = confidence in _SURE and bool(category) and not category.startswith(_SAYS_NOTHING)
    # A subscription's "autopay" and a mover's "transfer" are purchases: two witnesses beat a word.
    if has_merchant and is_sure:
        return Looks.PURCHASE
    if _WORDS.search(text):
        return Looks.TRANSFER
    return Looks.PURCHASE if has_merchant or is_sure else Looks.UNKNOWN
