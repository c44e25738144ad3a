"""What readers of tables say: why a row or file is not taken, what a guess stands on.

Reasons for a whole file end "... cannot be imported: "; all others are sentences.
"""

from __future__ import annotations

from typing import Final

from hive_desktop.i18n import mark

# Of a whole file.
HOLDINGS: Final = mark("it lists securities that are held, and no money of an account")
BALANCES_ONLY: Final = mark("it lists balances, and no transactions")
NO_AMOUNTS: Final = mark("it has no column of amounts")
NO_DAYS: Final = mark("it has no column of dates")
NO_YEARS: Final = mark("its dates have no year")

# Of a row.
WIDE: Final = mark("The row has more cells than the table has columns.")
TOTAL: Final = mark("This is a total, not a transaction.")
A_BALANCE: Final = mark("This is a balance, not a transaction.")
FAILED: Final = mark("It did not go through: declined, cancelled or reverted.")
PENDING_UNDATED: Final = mark("It is pending and has no date yet.")
NO_DIRECTION: Final = mark("It is not clear whether money came in or went out.")
BOTH_SIDES: Final = mark("The row has both money in and money out.")
OTHER_TABLE: Final = mark("It belongs to another table of the file, which is no statement.")
BEFORE_HEADINGS: Final = mark("It stands before the headings of the table.")
OF_ACCOUNT: Final = mark("It is written in another way than the rows below it.")
OPEN_QUOTE: Final = mark("A quotation mark opens here and is not closed.")
BAD_PARTS: Final = mark("The parts of this transaction do not add up to it.")

# What a guess stands on.
KNOWN_EXPORT: Final = mark("The headings are those of a known export.")
KNOWN_HEADINGS: Final = mark("The headings name the columns.")
BY_CONTENT: Final = mark("There are no headings, so the columns were told by what stands in them.")
SOME_BY_CONTENT: Final = mark(
    "Some headings are not known; those columns were told by what is there."
)
REMEMBERED: Final = mark("It is read as an earlier file of the same shape was.")
NOT_AS_REMEMBERED: Final = mark(
    "An earlier file of the same shape was read in another order of day and month or with another "
    "decimal mark, which does not fit this one: please check."
)
GIVEN: Final = mark("It is read as you said.")
SIGN_BY_BALANCE: Final = mark("The running balance proves which amounts are money out.")
SIGN_AGAINST_BALANCE: Final = mark(
    "The running balance does not agree with the amounts: please check."
)
SIGN_BY_COLUMNS: Final = mark("Money out and money in stand in columns of their own.")
SIGN_BY_WORD: Final = mark("A word in each row says whether money went out.")
SIGN_BY_TEXT: Final = mark("What the rows say tells which amounts are money out.")
SIGN_BY_MINUS: Final = mark("Amounts with a minus are taken as money out.")
FEES_UNSURE: Final = mark(
    "Whether the fees beside the amounts are in them is not sure: please check."
)
SIGN_UNSURE: Final = mark("Which amounts are money out is not sure: please check.")
ORDER_BY_ROWS: Final = mark(
    "The order of day and month was told by how the rows follow each other."
)
ORDER_UNSURE: Final = mark("Every date could also be read in the other order: please check.")
MARK_UNSURE: Final = mark("Whether amounts have decimals or thousands is not sure: please check.")
WHOSE_UNSURE: Final = mark(
    "Whether a column has your own accounts or other people's is not sure: please check."
)
NO_ROWS: Final = mark("The table has no rows.")
SOME_UNREADABLE: Final = mark("Many rows do not fit the rest of the table: please check.")
SEVERAL_TABLES: Final = mark("The file has several tables; each was read by itself.")
LOOSE_QUOTES: Final = mark("Quotation marks are not closed, so they were taken as they stand.")
