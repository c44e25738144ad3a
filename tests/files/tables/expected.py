"""What the tables among the real files hold, judged by eye: never their rows, only how many.

A file gives rows, refused rows, and the sums of money out and money in (minor units, over all its
currencies), or it is refused whole with a reason.
"""

from typing import NamedTuple

from hive_desktop.adapters.files import tables_reasons as reasons


class Holds(NamedTuple):
    """Rows, refused rows, and the sums of money out and money in."""

    rows: int
    refused: int
    out_minor: int
    in_minor: int


_B = "beancount-import__"
_S = f"{_B}schwab_csv_test_"
EXPECTED: dict[str, Holds | str] = {
    "bank2ynab__20180226-1000594757-umsatz.CSV": Holds(1, 0, 3699, 0),
    "bank2ynab__20180226_12345678.csv": Holds(1, 0, 500, 0),
    "bank2ynab__2019-03-02_11-50-46_bunq-statement.csv": Holds(7, 0, 3968, 1586),
    "bank2ynab__CSV_A_20180414_112204.csv": Holds(3, 0, 108749, 5000),
    "bank2ynab__MS_JANE_SMITH_01-12-2019_14-12-2019.csv": Holds(10, 3, 138580, 110000),
    "bank2ynab__Movements_1234512345_201805271848.csv": Holds(1, 0, 100, 0),
    "bank2ynab__TH_20180101-20180523_page_1.csv": Holds(0, 9, 0, 0),
    "bank2ynab__TH_20180521-20180523.csv": Holds(0, 1, 0, 0),
    "bank2ynab__TransactionHistory_20180418043121.csv": Holds(8, 0, 17328, 0),
    "bank2ynab__dba33fceecd62c3c727893361e0ba4d3.P000000027355791.csv": Holds(1, 0, 780, 0),
    "bank2ynab__export_BE11123456789012_20180304_1422.csv": Holds(1, 0, 340, 0),
    "bank2ynab__kta_ei.dat": Holds(11, 0, 615222, 0),
    "bank2ynab__test_BOI_TransactionExport.csv": Holds(27, 0, 426083, 384122),
    "bank2ynab__test_raiffeisen_01.csv": Holds(73, 0, 645890, 187820),
    "bank2ynab__test_row_format_CD_flag.csv": Holds(70, 3, 631936, 187820),
    "bank2ynab__test_swedebank_statement.xls": Holds(13, 4, 28470, 286363),
    "bank2ynab__umsatz-1234________1234-20180227.CSV": Holds(1, 0, 500, 0),
    f"{_B}ex_importers_creditcard.csv": Holds(2, 0, 1550, 3000),
    f"{_B}ex_venmo_balances.csv": reasons.BALANCES_ONLY,
    f"{_B}ex_venmo_transactions.csv": Holds(50, 0, 1916749, 1741649),
    f"{_B}healthequity_data_1234567_2016-08-26T152440-0700.balances.csv": reasons.HOLDINGS,
    f"{_B}healthequity_data_1234567_2016-08-27T200554-0700.balances.csv": reasons.HOLDINGS,
    f"{_B}healthequity_data_1234567_investment-transactions.csv": reasons.HOLDINGS,
    f"{_B}mint_mint.csv": Holds(3, 0, 6933, 6688),
    f"{_S}basic_transactions_Brokerage_Transactions_20201115-180021.CSV": (
        Holds(16, 6, 241345, 2927941)
    ),
    f"{_S}basic_transactions_Brokerage_Transactions_20201130-180000.CSV": Holds(0, 0, 0, 0),
    f"{_S}basic_transactions_EAC_Checking_Transactions_20201223-160009.CSV": (
        Holds(12, 0, 1175804, 3423921)
    ),
    f"{_S}basic_transactions_Intelligent_Transactions_20201115-180120.CSV": (
        Holds(22, 4, 1887473, 1357877)
    ),
    f"{_S}lots_positions_lots_2020-08-25_FNDA.csv": reasons.HOLDINGS,
    f"{_S}lots_positions_lots_2020-08-25_SCHA.csv": reasons.HOLDINGS,
    f"{_S}lots_positions_lots_2020-09-25_FNDA.csv": reasons.HOLDINGS,
    f"{_S}lots_positions_lots_2020-09-25_HYLB.csv": reasons.HOLDINGS,
    f"{_S}lots_positions_lots_2020-10-25_HYLB.csv": reasons.HOLDINGS,
    f"{_S}lots_positions_lots_2020-10-25_SCHA.csv": reasons.HOLDINGS,
    f"{_S}lots_transactions_Intelligent_Transactions_20201115-180120.CSV": (
        Holds(8, 4, 257959, 148249)
    ),
    f"{_B}venmo_transactions.csv": Holds(11, 0, 350081, 257373),
    "reckon__1_chase.csv": Holds(9, 0, 26141, 718352),
    "reckon__73-sample.csv": Holds(1, 0, 2700, 0),
    "reckon__bom_utf8_file.csv": Holds(0, 0, 0, 0),
    "reckon__broker_canada_example.csv": Holds(12, 0, 491624, 969915),
    "reckon__intuit_mint_example.csv": Holds(7, 0, 163231, 94335),
    "reckon__invalid_header_example.csv": Holds(2, 0, 810, 5000),
    "reckon__inversed_credit_card.csv": Holds(16, 0, 37074, 55775),
    "reckon__multi-line-field.csv": Holds(1, 0, 2159, 0),
    "reckon__nationwide.csv": Holds(4, 0, 13977, 50000),
    "reckon__some_other.csv": Holds(9, 0, 22918, 718375),
    "reckon__spanish_date_example.csv": Holds(3, 0, 87600, 32749),
    "reckon__suntrust.csv": Holds(7, 0, 50000, 120000),
    "reckon__test_money_column.csv": Holds(2, 0, 1000, 5000),
}
