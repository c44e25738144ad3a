"""Odd tables: what is tolerated, what is refused row by row, what is refused whole."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hive_desktop.adapters.files import reasons as common
from hive_desktop.adapters.files import tables_reasons as reasons
from hive_desktop.adapters.files.amounts import NO_AMOUNT, NO_VALUE, TOO_FINE
from hive_desktop.adapters.files.dates import NO_DATE, NO_DAY, NO_SUCH_DAY, SERIAL
from hive_desktop.adapters.files.tables import guess_table
from hive_desktop.domain.csv_layouts import CsvLayout, DateOrder, Role, Sign
from hive_desktop.ports.errors.files import UnreadableFileError
from tests.examples import examples
from tests.files.reading import check
from tests.files.tables.reading import read, refused_of, rows_of

HEAD = "Date,Description,Amount,Balance"
ROWS = (
    "2024-01-02,Market,-5.00,95.00\n2024-01-03,Employer,10.00,105.00\n2024-01-04,Bar,-3.00,102.00"
)

USUAL = [
    ("2024-01-02", 500, "Market"),
    ("2024-01-03", -1000, "Employer"),
    ("2024-01-04", 300, "Bar"),
]


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}\n{ROWS}",
        f"\ufeff{HEAD}\r\n{ROWS}\r\n\r\n".replace("\n2", "\r\n2"),
        f"{HEAD}\r{ROWS}".replace("\n", "\r"),
        f"sep=,\n{HEAD}\n{ROWS}\n",
        f"My bank\n\nAccount,12345\n{HEAD}\n{ROWS}\nEnd of file\n",
        f"{HEAD},\n{ROWS}\n",
        f"{HEAD}\n{ROWS}".replace(",", "\t"),
        f"{HEAD}\n{ROWS}".replace(",", "|"),
        f"{HEAD}\n{ROWS}\n{HEAD}\n",
        f"{HEAD}\n\n\n{ROWS}\n,,,\n",
    ],
)
def test_reads_the_same_in_any_dress(text):
    found = read(text)

    assert rows_of(found) == USUAL
    assert found.confidence > 0.9
    assert not refused_of(found)


def test_the_running_balance_proves_what_is_money_out():
    swapped = f"{HEAD}\n2024-01-02,A,5.00,5.00\n2024-01-03,B,7.00,12.00\n2024-01-04,C,-2.00,10.00\n"
    found = read(swapped)

    assert [amount for _, amount, _ in rows_of(found)] == [-500, -700, 200]
    assert reasons.SIGN_BY_BALANCE in found.dialect


def test_a_balance_that_falls_by_an_amount_turns_the_sign():
    owed = f"{HEAD}\n2024-01-02,A,5.00,95.00\n2024-01-03,B,7.00,88.00\n2024-01-04,C,-2.00,90.00\n"

    assert [amount for _, amount, _ in rows_of(read(owed))] == [500, 700, -200]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("2024-02-30,X,-1.00,1.00", NO_SUCH_DAY), ("30.02.2024,X,-1.00,1.00", NO_DATE),
        (",X,-1.00,1.00", NO_DAY), ("45321,X,-1.00,1.00", SERIAL),
        ("2024-01-05,X,-1x,1.00", NO_AMOUNT), ("2024-01-05,X,,1.00", NO_VALUE),
        ("2024-01-05,X,-1.005,1.00", TOO_FINE), ('2024-01-05,X,"-1,5",1.00', NO_AMOUNT),
        ("2024-01-05,X,-1.00,1.00,more", reasons.WIDE), ("Total,,-1.00,", reasons.TOTAL),
        ("2024-01-05,Closing balance,-1.00,1.00", reasons.A_BALANCE),
        ("2024-01-05,Total balance,0.00,1.00", reasons.A_BALANCE),
        ("Pending,X,-1.00,", reasons.PENDING_UNDATED),
        ("2024-01-05,Opening balance,100.00,", common.OPENING_BALANCE),
    ],
)  # fmt: skip
def test_a_row_that_does_not_fit_is_refused_with_its_line(line, reason):
    found = read(f"{HEAD}\n{ROWS}\n{line}\n2024-01-09,Last,-1.00,\n")

    assert rows_of(found) == [*USUAL, ("2024-01-09", 100, "Last")]
    assert refused_of(found) == [(5, reason)]


def test_a_late_row_of_the_wrong_order_is_refused_and_never_bent():
    lines = [
        f"{day:02}/{month:02}/2024,Shop {day},-1.00" for month in (1, 2) for day in range(1, 29)
    ]
    found = read("Date,Description,Amount\n" + "\n".join(lines) + "\n12/31/2024,X,-1.00\n")

    assert refused_of(found) == [(58, NO_SUCH_DAY)]


def test_what_only_the_end_of_a_long_table_proves_counts_for_all_of_it():
    early = ["03/04/2024,Shop,-1.00"] * 1_500
    found = read("Date,Description,Amount\n" + "\n".join([*early, "25/04/2024,Late,-1.00"]))

    assert rows_of(found)[0][0] == "2024-04-03"
    assert not refused_of(found)


def test_lines_that_go_on_belong_to_the_row_above():
    found = read(
        "Transaction date,Description,Withdrawals (SGD),Deposits (SGD)\n"
        "18/04/2024,DEBIT PURCHASE,6.60,\n,15/04/24 Cafe Roma,,\n17/04/2024,PAY,,9.00\n"
    )

    assert [(row.name, row.memo) for row in found.statements[0].rows] == [
        ("DEBIT PURCHASE", "15/04/24 Cafe Roma"),
        ("PAY", ""),
    ]
    assert found.statements[0].account.currency == "SGD"


@pytest.mark.parametrize(
    ("beside", "memo"), [("EUR", ""), ("", "More of it"), ("Rate: 1.05", "More of it")]
)
def test_a_line_with_a_currency_of_its_own_does_not_go_on(beside, memo):
    found = read(
        f"Date,Description,Amount,Currency\n2024-01-15,A,-5.00,EUR\n,More of it,,{beside}\n"
    )

    assert [(row.name, row.memo) for row in found.statements[0].rows] == [("A", memo)]


def test_a_cell_of_several_lines_is_one_text_and_lines_are_counted():
    found = read(f'{HEAD}\n2024-01-02,"A\nB, C",-5.00,1.00\n2024-13-03,X,-1.00,1.00\n')

    assert rows_of(found) == [("2024-01-02", 500, "A B, C")]
    assert refused_of(found) == [(4, NO_SUCH_DAY)]


def test_text_like_a_formula_stays_text():
    found = read(
        "Date,Description,Amount\n2024-01-02,\"=cmd|'/C calc'!A0\",-5.00\n2024-01-03,+1,-1.00\n"
    )

    assert [name for _, _, name in rows_of(found)] == ["=cmd|'/C calc'!A0", "+1"]


def test_two_tables_are_read_each_by_itself():
    second = "Booking date;x\n"
    found = read(
        "Date,Description,Amount\n2024-01-02,A,-5.00\n2024-01-03,B,-1.00\n\nPending\n"
        "Date,Amount,Description\n2024-01-04,-2.00,C\n" + second.replace(";", ",")
    )

    assert rows_of(found) == [
        ("2024-01-02", 500, "A"),
        ("2024-01-03", 100, "B"),
        ("2024-01-04", 200, "C"),
    ]
    assert reasons.SEVERAL_TABLES in found.dialect


def test_rows_before_the_headings_are_told():
    found = read(f"2023-01-01,Lost,-1.00,0\n{HEAD}\n{ROWS}\n")

    assert refused_of(found) == [(1, reasons.BEFORE_HEADINGS)]


@pytest.mark.parametrize("at", [2, 27, 900])
def test_a_quotation_mark_that_does_not_close_swallows_nothing(at):
    lines = [f"2024-01-{n % 28 + 1:02},Shop {n},-1.00,1.00" for n in range(1_000)]
    lines[at] = lines[at].replace("Shop", '"Shop')
    lines[at - 1] = lines[at - 1].replace(f"Shop {at - 1}", '"Quoted shop"')
    found = read("\n".join([HEAD, *lines]))

    assert len(rows_of(found)) == 1_000
    assert rows_of(found)[at - 1][2] == "Quoted shop"
    assert reasons.LOOSE_QUOTES in found.dialect


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Fund,Name,Shares,Closing Price,Closing Value\nA,B,1.5,199.17,2099.85\n",
         reasons.HOLDINGS),
        ("Open Date,Quantity,Price,Market Value,Cost Basis\n01/02/2024,1,$3.00,$3.00,$2.00\n",
         reasons.HOLDINGS),
        ("date,type,ticker,qty\n2024-01-02,BUY,ABC,10\n2024-01-04,SELL,ABC,-10\n",
         reasons.HOLDINGS),
        ("Start Date,End Date,Start Balance,End Balance\n2024-01-01,2024-01-31,1.00,2.00\n",
         reasons.BALANCES_ONLY),
        ("Date,Description,Category\n2024-01-01,Shop 2,Food\n2024-01-02,Shop 3,Food\n",
         reasons.NO_AMOUNTS),
        ("Date,Description,Amount\n01/15,Shop,-3.00\n01/16,Inn,-4.00\n", reasons.NO_YEARS),
        ("hello\nworld\n", common.NO_STATEMENT),
        ("just words, and more words\nof a letter, to no one\n", common.NO_STATEMENT),
    ],
)  # fmt: skip
def test_what_is_no_statement_is_refused_whole(text, reason):
    with pytest.raises(UnreadableFileError) as caught:
        read(text)

    assert caught.value.arguments["reason"] == reason


def test_headings_without_rows_are_a_statement_without_rows():
    found = read("Date,Time,TimeZone,Name,Type,Status,Currency,Gross,Fee,Net,Transaction ID\n")

    assert rows_of(found) == []
    assert found.dialect == (reasons.NO_ROWS,)


def test_a_spreadsheets_day_numbers_are_refused_with_words():
    found = read("Date,Description,Amount\n45296,Bar,-12.50\n45297,Cafe,-1.50\n")

    assert refused_of(found) == [(2, SERIAL), (3, SERIAL)]


def test_money_in_with_a_minus_in_a_column_of_its_own_is_money_in():
    found = read(
        "Status,Date,Description,Debit,Credit,Member Name\n"
        "Cleared,01/15/2024,CAFE,12.50,,A B\nCleared,01/14/2024,PAYMENT,,-100.00,A B\n"
    )

    assert rows_of(found) == [("2024-01-15", 1250, "CAFE"), ("2024-01-14", -10000, "PAYMENT")]
    assert found.confidence < 0.9


def test_of_kinds_alone_the_one_that_says_most_is_the_name():
    found = read(
        "Buchungstag;Vorgang;Buchungstext;Umsatz in EUR\n15.01.2024;Karte;Strom AG;-12,50\n"
        "16.01.2024;Karte;Bahn AG;-3,50\n"
    )

    assert [(row.name, row.code) for row in found.statements[0].rows] == [
        ("Strom AG", "Karte"), ("Bahn AG", "Karte"),
    ]  # fmt: skip


def test_currencies_and_accounts_are_statements_of_their_own():
    found = read(
        "Date,Account,Description,Amount,Currency\n2024-01-02,A,x,-5.00,EUR\n"
        "2024-01-02,A,y,-500,JPY\n2024-01-03,B,z,-7.00,EUR\n2024-01-03,A,w,-1.00,???\n"
    )

    assert [
        (one.account.name, one.account.currency, [row.amount_minor for row in one.rows])
        for one in found.statements
    ] == [("A", "EUR", [500]), ("A", "JPY", [500]), ("B", "EUR", [700])]
    assert refused_of(found) == [(5, common.NO_CURRENCY)]


def test_a_given_currency_counts_where_the_table_has_none():
    found = read("Date,Description,Amount\n2024-01-02,A,-500\n2024-01-03,B,-1500\n", currency="JPY")

    assert [(row.amount_minor, row.currency) for row in found.statements[0].rows] == [
        (500, "JPY"), (1500, "JPY"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("headings", "rows", "names"),
    [
        ("Amount", "12,-3.50|2024-01-06,13,-4.50", ["12", "13"]),
        ("Wkg,Amount", "12,EUR,-3.50|2024-01-06,13,EUR,-4.50", ["12", "13"]),
        ("Odd,Amount", "12,,-3.50|2024-01-06,13,a word,-4.50|2024-01-07,14,,-5.50",
         ["12", "13", "14"]),
        ("Payee,Amount", "12,,-3.50|2024-01-06,13,,-4.50", ["12", "13"]),
        ("Memo,Amount", "12,Shop,-3.50|2024-01-06,13,Inn,-4.50", ["Shop", "Inn"]),
    ],
)  # fmt: skip
def test_names_that_count_are_names_where_there_are_no_words(headings, rows, names):
    found = read(f"Date,Description,{headings}\n2024-01-05," + rows.replace("|", "\n"))

    assert [name for _, _, name in rows_of(found)] == names


def test_a_few_shops_without_a_known_heading_are_words_and_no_kinds():
    shops = ["Rewe", "Lidl", "Aldi", "Edeka", "Netto", "Penny", "Norma", "Tegut", "Metro"]
    rows = "".join(
        f"{i % 28 + 1:02}.01.2024;{shops[i % 9]};Zweck {i} abc;-{i + 1},50\n" for i in range(100)
    )
    found = read(f"Datum;Wo;Wozu;Betrag\n{rows}")

    assert {name for _, _, name in rows_of(found)} == set(shops)


def test_numbers_of_lines_are_no_ids():
    counted = read("Id,Date,Description,Amount\n1,2024-01-02,A,-5.00\n2,2024-01-03,B,-1.00\n")
    real = read("Id,Date,Description,Amount\nx81,2024-01-02,A,-5.00\nx17,2024-01-03,B,-1.00\n")
    twice = read("Id,Date,Description,Amount\nx8,2024-01-02,A,-5.00\nx8,2024-01-03,B,-1.00\n")

    def ids(found):
        return [row.external_id for row in found.statements[0].rows]

    assert (ids(counted), ids(real), ids(twice)) == (["", ""], ["x81", "x17"], ["", ""])


def test_a_correction_of_the_person_counts():
    text = "Date,Description,Amount\n03/04/2024,A,5.00\n04/04/2024,B,6.00\n"
    guess = guess_table(text.encode())
    right = replace(guess.layout, date_order=DateOrder.MDY, sign=Sign.OUT_POSITIVE)

    assert guess.confidence < 0.9
    assert rows_of(read(text, layout=right)) == [("2024-03-04", 500, "A"), ("2024-04-04", 600, "B")]


def test_what_was_right_once_is_remembered_for_files_of_the_same_shape():
    text = "Date,Description,Amount\n03/04/2024,A,5.00\n"
    later = "My bank\nsince 2024\n\nDate,Description,Amount\n05/06/2024,B,7.00\n"
    guess = guess_table(text.encode())
    right = replace(guess.layout, date_order=DateOrder.MDY, sign=Sign.OUT_POSITIVE)
    found = read(later, remembered={guess.signature: right})

    assert rows_of(found) == [("2024-05-06", 700, "B")]
    assert (found.confidence, reasons.REMEMBERED in found.dialect) == (1.0, True)
    assert guess_table(b"Date,Amount,Description\n03/04/2024,5.00,A\n").signature != guess.signature


def test_rows_begin_behind_the_header_that_a_person_chose():
    text = "Bank,x,y\nTag,Was,Wieviel\n2024-01-02,A,-1.00\n"
    layout = CsvLayout(((Role.DATE, 0), (Role.TEXT, 1), (Role.AMOUNT, 2)), header=2)

    assert rows_of(read(text, layout=layout)) == [("2024-01-02", 100, "A")]


def test_a_layout_for_another_table_is_refused():
    guess = guess_table(f"{HEAD}\n{ROWS}".encode())

    with pytest.raises(UnreadableFileError):
        read("Day,What,How much\n2024-01-02,A,1.00\n", layout=guess.layout)


def test_shows_the_first_rows_and_why():
    guess = guess_table(f"My bank\n\n{HEAD}\n{ROWS}\n".encode())

    assert guess.head == tuple(tuple(line.split(",")) for line in (HEAD, *ROWS.split("\n")))
    assert reasons.SIGN_BY_BALANCE in guess.why
    assert guess.layout.header == 3
    assert guess.layout.first(Role.BALANCE) == 3


@settings(max_examples=examples(150))
@given(
    st.lists(
        st.lists(
            st.one_of(
                st.sampled_from(
                    ["Date", "Amount", "Debit", "Credit", "Balance", "2024-01-02", "1.00", "-5,00",
                     "",
                     '"', "EUR", "D", "C", "Total", "=1", "01/02/24", "Currency", "x" * 300]
                ),
                st.text(max_size=8),
            ),
            max_size=6,
        ),
        max_size=12,
    ),
    st.sampled_from(",;\t"),
)  # fmt: skip
def test_any_grid_of_cells_is_read_or_refused(grid, delimiter):
    text = "\n".join(delimiter.join(cells) for cells in grid)
    try:
        found = read(text.encode("utf-8", errors="replace"))
    except UnreadableFileError as exc:
        assert exc.arguments["reason"]  # noqa: PT017 - either is right
    else:
        check(found)


def test_quotes_that_a_program_wrote_twice_are_no_part_of_words():
    found = read(
        'Date;Text;Details;Amount\n2024-01-15;"""A; B""";"""C""";-5.00\n'
        '2024-01-16;"The ""A"" shop";"""D"" and ""E""";-6.00\n'
    )

    assert [(one.name, one.memo) for one in found.statements[0].rows] == [
        ("A; B", "C"),
        ('The "A" shop', '"D" and "E"'),
    ]
