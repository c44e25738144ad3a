"""Names and constants of the ledger's tables that need no SQLAlchemy to be known.

The start of the program reads figures before anything as large as SQLAlchemy is imported.
"""

from __future__ import annotations

from hive_desktop.domain.ledger import BankTransaction

LEDGER_FILE = "ledger.db"
"""The database in a vault's folder."""

HEAD = "0008"
"""The version that this program writes."""

KNOWN = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008")
"""Every version that this program can open, oldest first."""

KNOWN_TAGS = """
    WITH RECURSIVE known (tag) AS (
        SELECT min(tag) FROM row_tags
        UNION ALL
        SELECT (SELECT min(tag) FROM row_tags AS r WHERE r.tag > known.tag)
        FROM known WHERE tag IS NOT NULL
    )
    SELECT tag FROM known WHERE tag IS NOT NULL
"""
"""Every tag that a row has: from one to the next by the index, however many rows have them."""

SEQ_BITS = 20
"""`seq` is day * 2^20 + n: a day holds a million rows."""

NO_CATEGORY = b""
"""How `spend_daily` writes "without a category", because a primary key holds no NULL."""

NO_MERCHANT = 0
"""How `spend_monthly` writes that a row names no merchant."""

OWNER_COLUMNS = (
    "category_id",
    "category_source",
    "category_confidence",
    "category_reason",
    "display_name",
    "note",
    "tags",
    "reviewed",
    "hidden",
)
"""What people, rules and AI write, and sync never does."""

CATEGORY_COLUMNS = OWNER_COLUMNS[:4]
"""Those of them that are one value: a category, its source, how sure it is, and why."""

BANK_COLUMNS = tuple(
    "account_id" if name == "plaid_account_id" else name for name in BankTransaction._fields
)
"""The bank's own columns, in the order of `BankTransaction`'s fields."""

SYNC_COLUMNS = (*BANK_COLUMNS, "merchant_id")
"""What sync writes: the bank's columns, and the merchant that they name."""

UNDOING = "edits.undoing."
"""With a batch behind it, the setting that says down to which stamp a long undo has come."""
