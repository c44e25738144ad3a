"""Why a file or a row is not taken, and what was tolerated: every sentence that readers say.

Reasons for a whole file end "… cannot be imported: "; reasons for a row and remarks are sentences.
"""

from __future__ import annotations

from typing import Final

from hive_desktop.i18n import mark

# Of a whole file.
NO_FILE: Final = mark("it is no file")
NOT_THERE: Final = mark("it is not there")
NOT_ALLOWED: Final = mark("you may not read it")
UNREADABLE: Final = mark("the disk or network that it is on cannot be read")
EMPTY: Final = mark("it is empty")
TOO_LARGE: Final = mark("it is too large for a statement")
LINE_TOO_LONG: Final = mark("one of its lines is too long for a statement")
A_PDF: Final = mark("it is a PDF, which is made for reading and printing")
A_SPREADSHEET: Final = mark("it is a spreadsheet; save the sheet as CSV first")
A_PICTURE: Final = mark("it is a picture")
A_DATABASE: Final = mark("it is a database")
A_HIVE_ARCHIVE: Final = mark("it is an archive of Hive's, which a new vault is made of")
A_WEB_PAGE: Final = mark("it is a web page")
NO_STATEMENT: Final = mark("no statement was found in it")
A_JSON: Final = mark("it is JSON, which is made for programs")
OTHER_XML: Final = mark("it is XML of another kind than a statement")
A_BOMB: Final = mark("it unpacks to far more than a statement")
DAMAGED_ARCHIVE: Final = mark("the archive is damaged")
LOCKED_ARCHIVE: Final = mark("the archive has a password")
ANOTHER_ARCHIVE: Final = mark("it is an archive of another kind than zip or gzip")
ARCHIVE_IN_ARCHIVE: Final = mark("it is an archive within an archive")
NONE_IN_ARCHIVE: Final = mark("the archive is empty")
SEVERAL_IN_ARCHIVE: Final = mark("the archive holds too many files; import some of them at a time")
ONE_BY_ONE: Final = mark("the archive holds several files; import them one by one")
BANK_ERROR: Final = mark("instead of a statement it holds an error of the bank")
NO_ACCOUNT: Final = mark("it holds no account's statement")
LISTS_ONLY: Final = mark("it holds lists alone (categories, securities), and no transactions")
TOO_DEEP: Final = mark("its parts are nested too deeply for a statement")
HAS_ENTITIES: Final = mark("it defines entities, which a statement never does")
BROKEN: Final = mark("its structure is broken")

# Of a row.
NO_DAY: Final = mark("There is no date.")
BAD_DAY: Final = mark("The date cannot be read.")
NO_AMOUNT: Final = mark("There is no amount.")
BAD_AMOUNT: Final = mark("The amount cannot be read.")
UNCLEAR_AMOUNT: Final = mark("The amount can be read in two ways.")
BAD_LINE: Final = mark("The line cannot be read.")
NO_CURRENCY: Final = mark("The currency is not known.")
NO_SIGN: Final = mark("It does not say whether money came in or went out.")
CUT_OFF: Final = mark("The file ends or breaks here; what should follow is missing.")
NO_MONEY: Final = mark("Only securities moved, and no money.")
OTHER_MONEY: Final = mark("The money moved in another account; this one's cash is unchanged.")
REINVESTED: Final = mark("The income was reinvested at once; this account's cash is unchanged.")
ONLY_INFORMATION: Final = mark("The bank tells of it and did not book it.")
OPENING_BALANCE: Final = mark("This is the opening balance; it becomes the account's balance.")
TOLD_BEFORE: Final = mark("An earlier statement in the file has the same row.")
UNKNOWN_ACTION: Final = mark("This kind of transaction with securities is not known.")
CORRECTED: Final = mark("Another row of the file corrects this one or takes it back.")
TAKES_BACK: Final = mark("This row only takes back another one.")

# What was tolerated or found, for the whole file.
NO_HEADER: Final = mark("The file has no header; it was read all the same.")
NOT_ENDED: Final = mark("The end of the file is missing; all rows before it were read.")
MENDED_MARKUP: Final = mark("The file's markup is not correct; it was mended.")
COMMA_DECIMALS: Final = mark("Amounts are written with a decimal comma.")
ROUNDED: Final = mark("Amounts with more decimals than the currency has were rounded.")
SIGNS_BY_KIND: Final = mark(
    "No amount is negative; the kind of each row says whether money came in or went out."
)
REVERSALS_TURNED: Final = mark(
    "The signs of reversals were turned, because the balances agree only so."
)
MINUS_UNSURE: Final = mark(
    "Some amounts have a minus beside their direction, and no balance says what it means: "
    "please check."
)
CORRECTS_EARLIER: Final = mark("The bank corrects rows of an earlier file: please look for them.")
IDS_REPEATED: Final = mark("Different rows have the same id; these ids are not used.")
ROWS_MISSING: Final = mark("The file says that it has another number of rows than it holds.")
SUMS_DISAGREE: Final = mark("The rows do not add up to what the file says of its sums.")
BALANCES_DISAGREE: Final = mark("The rows do not lead from the first balance to the last.")
GAP_BETWEEN: Final = mark("Between two statements of the file something seems to be missing.")
SECURITIES_LEFT_OUT: Final = mark(
    "Holdings of securities are left out; what they cost or brought in cash is taken."
)
LISTS_LEFT_OUT: Final = mark("Lists of categories, securities and the like are left out.")
PENDING: Final = mark("Some rows are not booked yet.")
MORE_PAGES: Final = mark("The file is one page of several; the others are files of their own.")
ACCOUNT_FAILED: Final = mark("The bank could not give the statement of one account.")
DAY_OF_MESSAGE: Final = mark("Some rows have no date; they got the day of the bank's message.")
DAY_CLAMPED: Final = mark("A date such as 30 February was taken as the last day of its month.")
PARTS_DISAGREE: Final = mark("The parts of a row do not add up to it; the row is kept whole.")
DAY_FIRST: Final = mark("Dates are read as day, month, year.")
YEAR_FIRST: Final = mark("Dates are read as year, month, day.")
MONTH_FIRST: Final = mark("Dates are read as month, day, year.")
ORDER_UNSURE: Final = mark("Every date could also be read in the other order: please check.")
ORDER_MIXED: Final = mark("The dates do not follow one order.")
