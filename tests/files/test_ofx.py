"""OFX and QFX as banks write them."""

import pytest

from hive_desktop.adapters.files import reasons
from hive_desktop.adapters.files.ofx import read_ofx
from hive_desktop.adapters.files.tables_reasons import A_BALANCE, SIGN_UNSURE
from hive_desktop.domain.days import parse_day
from hive_desktop.domain.statements import FileKind, ReadFile
from hive_desktop.ports.errors import UnreadableFileError
from tests.files.reading import check, named, read_data, text_of

HEAD = "<OFX><BANKMSGSRSV1><STMTRS><CURDEF>USD<BANKACCTFROM><BANKID>1<ACCTID>2</BANKACCTFROM>"
TAIL = "</BANKTRANLIST></STMTRS></BANKMSGSRSV1></OFX>"


def of_rows(*rows, head=HEAD, tail=TAIL):
    found = read_ofx(f"OFXHEADER:100\n{head}<BANKTRANLIST>" + "\n".join(rows) + tail)
    assert isinstance(found, ReadFile), found
    check(found)
    return found


def row(kind="DEBIT", posted="20260203", amount="-1.00", fitid="1", rest="<NAME>A"):
    return (
        f"<STMTTRN><TRNTYPE>{kind}<DTPOSTED>{posted}<TRNAMT>{amount}<FITID>{fitid}{rest}</STMTTRN>"
    )


def test_two_accounts_with_their_rows_and_balances():
    found = named("bank.ofx")
    assert found.kind is FileKind.OFX
    assert found.confidence == 1
    checking, savings = found.statements
    assert (checking.account.number, checking.account.kind) == ("1234567", "checking")
    assert (savings.account.number, savings.account.kind) == ("7654321", "savings")
    bakery, check_, employer = checking.rows
    assert bakery.amount_minor == 1_250
    assert (bakery.name, bakery.memo, bakery.external_id) == (
        "Corner Bakery", "Card 1234 & tip", "A1",
    )  # fmt: skip
    assert bakery.day == parse_day("2026-02-03")
    assert bakery.happened == parse_day("2026-02-02")
    assert (check_.name, check_.amount_minor) == ("Check 101", 120_000)
    assert (employer.name, employer.amount_minor) == ("Employer Inc", -250_000)
    assert [one.amount_minor for one in checking.balances + savings.balances] == [128_750, 50_000]
    assert savings.rows[0].line == 28


@pytest.mark.parametrize(
    ("rest", "told"),
    [
        (
            "<NAME>City Waterworks and Electri<EXTDNAME>City Waterworks and Electricity",
            ("City Waterworks and Electricity", ""),
        ),
        (
            "<NAME>City Water<EXTDNAME>City Waterworks<MEMO>City Waterworks; bill 7",
            ("City Waterworks", "bill 7"),
        ),
        ("<NAME>City Water<EXTDNAME>City Waterworks<MEMO>bill 7", ("City Waterworks", "bill 7")),
        ("<NAME>ACH debit<EXTDNAME>Waterworks<MEMO>bill 7", ("ACH debit", "Waterworks; bill 7")),
        ("<EXTDNAME>Waterworks<MEMO>bill 7", ("Waterworks", "bill 7")),
    ],
)
def test_an_extended_name_makes_one_whole_that_hive_cut(rest, told):
    own = HEAD.replace("<BANKACCTFROM>", "<HIVE.ACCTNAME>Giro</HIVE.ACCTNAME><BANKACCTFROM>")
    (one,) = of_rows(row(rest=rest), head=own).statements[0].rows
    assert (one.name, one.memo) == told


def test_an_extended_name_of_a_bank_s_own_is_a_memo():
    rest = "<NAME>AMAZON<EXTDNAME>AMAZON MKTPLACE PMTS 123"
    (one,) = of_rows(row(rest=rest)).statements[0].rows
    assert (one.name, one.memo) == ("AMAZON", "AMAZON MKTPLACE PMTS 123")


def test_a_card_in_xml_with_commas_pendings_and_another_currency():
    (card,) = named("card.qfx").statements
    assert card.account.kind == "credit card"
    cafe, payment, kiosk, waiting = card.rows
    assert (cafe.name, cafe.memo) == ("Café Müller", "two < three & four")
    assert (cafe.amount_minor, payment.amount_minor) == (1_990, -10_000)
    assert kiosk.currency == "CHF"
    assert waiting.is_pending
    assert card.balances[0].amount_minor == 32_010  # what is owed
    assert reasons.COMMA_DECIMALS in named("card.qfx").dialect


def test_a_broker_s_cash_is_taken_and_the_rest_refused_with_reasons():
    found = named("broker.ofx")
    (broker,) = found.statements
    assert [(one.name, one.amount_minor) for one in broker.rows] == [
        ("Acme Works", 20_100), ("Acme Works", -10_900), ("Acme Works", -450),
        ("Deposit", -100_000),
    ]  # fmt: skip
    assert [one.reason for one in broker.refused] == [
        reasons.OTHER_MONEY, reasons.REINVESTED, reasons.NO_MONEY,
    ]  # fmt: skip
    assert {reasons.ROUNDED, reasons.SECURITIES_LEFT_OUT} <= set(found.dialect)
    assert not broker.balances


def test_a_purchase_of_securities_without_its_sign_is_money_out():
    head = "<OFX><INVSTMTRS><CURDEF>USD<INVACCTFROM><ACCTID>2</INVACCTFROM>"
    buy = "<BUYSTOCK><INVBUY><INVTRAN><FITID>1<DTTRADE>20260203</INVTRAN><UNITS>{}<TOTAL>50.00"
    found = of_rows(buy.format("5"), buy.format("-5"), head=head, tail="</INVSTMTRS></OFX>")
    assert [one.amount_minor for one in found.statements[0].rows] == [5_000, -5_000]
    assert all(one.transfer_to for one in found.statements[0].rows), "no spending, no income"


@pytest.mark.parametrize(
    ("change", "remark"),
    [
        (lambda text: text[text.index("<OFX>") :], reasons.NO_HEADER),
        (lambda text: text.replace("</STMTTRN>", ""), None),
        (str.lower, None),
        (lambda text: text.replace("<", "<ofx:").replace("<ofx:/", "</ofx:"), None),
        (lambda text: text.replace("\n", ""), None),
        (lambda text: text.replace("\n", "\r\n"), None),
        (lambda text: text.replace("Corner Bakery", "Corner < Bakery"), reasons.MENDED_MARKUP),
        (lambda text: text.replace("<MEMO>", "<!-- <STMTTRN> --><MEMO>"), None),
        (lambda text: text.replace("</OFX>", ""), reasons.NOT_ENDED),
        (lambda text: "<!--\n" + text.replace("<OFX>", "-->\n<OFX>"), None),
    ],
)
def test_broken_markup_gives_the_same_rows(change, remark):
    whole = [row[1:4] for one in named("bank.ofx").statements for row in one.rows]
    found = read_ofx(change(text_of("bank.ofx")))
    check(found)
    assert [row[1:4] for one in found.statements for row in one.rows] == whole
    assert remark is None or remark in found.dialect
    for one in (reasons.MENDED_MARKUP, reasons.NO_HEADER):
        assert remark is one or one not in found.dialect


def test_a_file_that_is_cut_says_so_and_believes_no_cut_amount():
    text = text_of("bank.ofx")
    cut = text[: text.index("2500.00") + 2]
    (statement,) = read_ofx(cut).statements
    assert len(statement.rows) == 2
    assert statement.refused[0].reason == reasons.CUT_OFF
    between = text[: text.index("<STMTTRN><TRNTYPE>CREDIT")]
    (statement,) = read_ofx(between).statements
    assert len(statement.rows) == 2
    assert statement.refused[0].reason == reasons.CUT_OFF


def test_rows_that_cannot_be_read_are_refused_one_by_one():
    found = of_rows(
        row(), row(posted="20260230"), row(posted=""), row(amount=""), row(amount="x"),
        row(amount="1,2,3"), row(fitid="2", posted="2026-02-04"),
    )  # fmt: skip
    (statement,) = found.statements
    assert [one.day for one in statement.rows] == [parse_day("2026-02-03"), parse_day("2026-02-04")]
    assert [one.reason for one in statement.refused] == [
        reasons.BAD_DAY, reasons.NO_DAY, reasons.NO_AMOUNT, reasons.BAD_AMOUNT,
        reasons.BAD_AMOUNT,
    ]  # fmt: skip
    assert [one.line for one in statement.refused] == [3, 4, 5, 6, 7]


def test_signs_come_from_the_kinds_where_no_amount_has_one():
    found = of_rows(row("DEBIT", amount="5.00"), row("CREDIT", amount="7.00", fitid="2"))
    assert [one.amount_minor for one in found.statements[0].rows] == [500, -700]
    assert reasons.SIGNS_BY_KIND in found.dialect
    found = of_rows(row("CHECK", amount="5.00"), row("CHECK", amount="7.00", fitid="2"))
    assert [one.amount_minor for one in found.statements[0].rows] == [-500, -700]
    assert reasons.SIGNS_BY_KIND not in found.dialect
    assert SIGN_UNSURE in found.dialect, "some programs call all rows checks"
    for rest in ("<NAME>Check 1", "<CHECKNUM>0107<NAME>A", "<NAME>CHEQUE NO. 12"):
        found = of_rows(*(row("CHECK", amount="5.00", fitid=one, rest=rest) for one in "12"))
        assert [one.amount_minor for one in found.statements[0].rows] == [500, 500]
        assert reasons.SIGNS_BY_KIND in found.dialect
    found = of_rows(row("CHECK", amount="5.00"), row("CHECK", fitid="2"))
    assert found.dialect == (), "signs that differ are signs"


@pytest.mark.parametrize(
    ("told", "reason"),
    [
        ("<MEMO>SALDO ANTERIOR", A_BALANCE),
        ("<NAME>Saldo do dia</NAME><MEMO></MEMO>", A_BALANCE),
        ("<NAME>S A L D O<MEMO>Saldo", A_BALANCE),
        ("<MEMO>SALDO TOTAL DISPONÍVEL DIA", A_BALANCE),
        ("<NAME>Opening balance", reasons.OPENING_BALANCE),
        ("<NAME>Saldo<MEMO>Rechnung 7", ""),
        ("<NAME>Balance Studio", ""),
    ],
)
def test_a_row_that_tells_a_balance_is_no_transaction(told, reason):
    (statement,) = of_rows(row(), row(amount="9.00", fitid="2", rest=told)).statements
    assert len(statement.rows) == (1 if reason else 2)
    assert [one.reason for one in statement.refused] == [reason][: bool(reason)]
    opens = reason == reasons.OPENING_BALANCE
    assert [one[:2] for one in statement.balances] == [(parse_day("2026-02-02"), 900)][:opens]


def test_a_balance_without_an_amount_says_that_it_is_one_and_a_cut_row_takes_no_other_along():
    (statement,) = of_rows(row(), row(amount=" . ", rest="<MEMO>SALDO DIA")).statements
    assert [one.reason for one in statement.refused] == [A_BALANCE]
    cut = read_ofx(f"OFXHEADER:100\n{HEAD}<BANKTRANLIST>{row()}{row(posted='20260230')[:-10]}")
    (statement,) = cut.statements
    assert len(statement.rows) == 1
    assert [one.reason for one in statement.refused] == [reasons.BAD_DAY, reasons.CUT_OFF]


@pytest.mark.parametrize(
    ("told", "name", "memo"),
    [
        ("<NAME>BILL PAYMENT CITY OF SPRI<MEMO>BILL PAYMENT CITY OF SPRINGFIELD /1",
         "BILL PAYMENT CITY OF SPRINGFIELD", "BILL PAYMENT CITY OF SPRINGFIELD /1"),
        ("<NAME>Corner Shop<MEMO>Corner Shop, Elm Road", "Corner Shop", "Corner Shop, Elm Road"),
        ("<NAME>00000123<MEMO>DEBIT;Hill Power", "DEBIT;Hill Power", "00000123"),
        ("<NAME>24/7<MEMO>12345", "24/7", "12345"),
        ("<NAME>7-11<MEMO>Card payment", "7-11", "Card payment"),
        ("<NAME>BED BATH &amp<MEMO>A &amp B, Caf&eacute", "BED BATH &", "A & B, Café"),
        ("<PAYEE>Elm Phones</PAYEE><MEMO>Bill 3", "Elm Phones", "Bill 3"),
        ("<PAYEE><NAME>Elm Phones<CITY>X</PAYEE>", "Elm Phones", ""),
        ("<NAME>PAY &amp;lt;A &amp;amp; B&amp;gt;", "PAY <A & B>", ""),
        ("<NAME>A&amp;B", "A&B", ""),
        ("<CHKNUM>0107", "Check 107", ""),
    ],
)  # fmt: skip
def test_a_row_is_called_as_people_know_it(told, name, memo):
    (found,) = of_rows(row(rest=told)).statements[0].rows
    assert (found.name, found.memo) == (name, memo)


def test_ids_that_repeat_are_ids_of_no_row():
    found = of_rows(row(fitid="7"), row(fitid="7"), row(fitid="8"), row(fitid="0"))
    assert [one.external_id for one in found.statements[0].rows] == ["", "", "8", ""]
    assert reasons.IDS_REPEATED in found.dialect


def test_statements_of_one_account_become_one_and_overlaps_are_told_once():
    again = HEAD.removeprefix("<OFX>") + "<BANKTRANLIST>"
    found = of_rows(
        row(fitid="1"), row(fitid="2"), "</BANKTRANLIST></STMTRS></BANKMSGSRSV1>", again,
        row(fitid="2"), row(fitid="3"),
    )  # fmt: skip
    (statement,) = found.statements
    assert [one.external_id for one in statement.rows] == ["1", "2", "3"]
    assert [one.reason for one in statement.refused] == [reasons.TOLD_BEFORE]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("OFXHEADER:100\n<OFX></OFX>", reasons.NO_ACCOUNT),
        (
            "<OFX><SONRS><STATUS><CODE>15500<SEVERITY>ERROR</STATUS></SONRS></OFX>",
            reasons.BANK_ERROR,
        ),
        (
            "<OFX><ACCTINFORS><ACCTINFO><BANKACCTFROM><ACCTID>1</BANKACCTFROM></ACCTINFO></OFX>",
            reasons.NO_ACCOUNT,
        ),
    ],
)
def test_what_has_no_statement_is_refused_whole(text, reason):
    found = read_data(text.encode())
    assert isinstance(found, UnreadableFileError)
    assert found.arguments["reason"] == reason


def test_entities_of_the_file_s_own_are_never_read():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    found = of_rows(row(rest="<NAME>&b; &amp; &#65;"), head=bomb + HEAD)
    assert found.statements[0].rows[0].name == "&b; & A"


def test_a_currency_that_rows_alone_name_is_the_account_s():
    rest = "<NAME>A<CATEGORY>Food<CURRENCY><CURRATE>1<CURSYM>AUD</CURRENCY>"
    found = of_rows(row(rest=rest), head=HEAD.replace("<CURDEF>USD", "<CURDEF>"))
    (statement,) = found.statements
    assert statement.account.currency == statement.rows[0].currency == "AUD"
    assert statement.rows[0].category == "Food"


@pytest.mark.parametrize(
    ("org", "number", "bank", "name"),
    [
        ("First", "1", "First · 1", "First"),
        ("First", "", "First", "First"),
        ("", "1", "1", ""),
        ("", "HIVEXX01", "HIVEXX01", "HIVEXX01"),
        ("", "", "", ""),
    ],
)
def test_a_bank_is_called_by_its_name_where_the_file_has_one(org, number, bank, name):
    signed_on = f"<OFX><SIGNONMSGSRSV1><SONRS><FI><ORG>{org}<FID>1</FI></SONRS>"
    head = HEAD.replace("<OFX>", signed_on).replace("<BANKID>1", f"<BANKID>{number}")
    (statement,) = of_rows(row(), head=head).statements

    assert (statement.account.bank, statement.account.bank_name) == (bank, name)
    assert statement.account.bank_number == (number or org)


def test_accounts_of_one_number_at_two_branches_are_two():
    signed_on = "<OFX><SIGNONMSGSRSV1><SONRS><FI><ORG>First<FID>1</FI></SONRS>"
    head = HEAD.replace("<OFX>", signed_on)
    branches = [head, HEAD.replace("<BANKID>1", "<BANKID>2").partition("<BANKMSGSRSV1>")[2]]
    rows = [
        f"{one}<BANKTRANLIST>{row(fitid=str(n))}</BANKTRANLIST></STMTRS>"
        for n, one in enumerate(branches)
    ]
    found = read_ofx(f"OFXHEADER:100\n{''.join(rows)}</BANKMSGSRSV1></OFX>")

    assert [one.account.bank for one in found.statements] == ["First · 1", "First · 2"]


def test_the_other_account_of_a_transfer_is_told():
    rest = "<NAME>A<BANKACCTTO><BANKID>9<ACCTID>77<ACCTTYPE>SAVINGS</BANKACCTTO>"
    (statement,) = of_rows(row("XFER", rest=rest), row(fitid="2")).statements
    assert [one.transfer_to for one in statement.rows] == ["77", ""]
    assert statement.account.number == "2"


def test_the_currency_before_a_conversion_is_not_the_amounts():
    rate = "<CURRATE>1.1<CURSYM>EUR"
    found = of_rows(
        row(rest=f"<NAME>A<ORIGCURRENCY>{rate}</ORIGCURRENCY>"),
        row(fitid="2", rest=f"<NAME>B<CURRENCY>{rate}</CURRENCY>"),
    )
    assert [one.currency for one in found.statements[0].rows] == ["USD", "EUR"]


@pytest.mark.parametrize(
    ("second", "kept", "reasons_"),
    [
        (("1", "REPLACE"), ["B"], [reasons.CORRECTED]),
        (("1", "DELETE"), [], [reasons.CORRECTED, reasons.TAKES_BACK]),
        (("9", "REPLACE"), ["A", "B"], []),
        (("9", "DELETE"), ["A"], [reasons.TAKES_BACK]),
    ],
    ids=["replaced", "deleted", "replaced_earlier", "deleted_earlier"],
)
def test_a_correction_stands_in_for_what_it_corrects(second, kept, reasons_):
    other, action = second
    correction = f"<NAME>B<CORRECTFITID>{other}<CORRECTACTION>{action}"
    found = of_rows(row(), row(fitid="2", amount="-7.00", rest=correction))
    (made,) = found.statements
    assert [one.name for one in made.rows] == kept
    assert [one.reason for one in made.refused] == reasons_
    assert (reasons.CORRECTS_EARLIER in found.dialect) is (other == "9")


def test_transfers_that_stand_as_answers_to_orders_are_rows_of_their_accounts():
    answer = (
        "<INTRARS>\n<CURDEF>USD<SRVRTID>{}<XFERINFO><TRNAMT>{}<BANKACCTFROM><BANKID>1<ACCTID>{}"
        "<ACCTTYPE>CHECKING</BANKACCTFROM><BANKACCTTO><BANKID>1<ACCTID>7<ACCTTYPE>SAVINGS"
        "</BANKACCTTO></XFERINFO><{}>20260203\n</INTRARS>\n"
    )
    answers = [
        answer.format("a", "20.00", "2", "DTPOSTED"), answer.format("b", "5.00", "2", "DTXFERPRJ"),
        answer.format("c", "-3.00", "3", "DTPOSTED"),
    ]  # fmt: skip
    head = f"<OFX><BANKMSGSRSV1><INTRATRNRS>{''.join(answers)}</INTRATRNRS>"
    found = of_rows(row(), head=head + HEAD.removeprefix("<OFX><BANKMSGSRSV1>"))
    told = [
        (one.account.number, one.account.kind, each.line, each.amount_minor, each.is_pending)
        for one in found.statements
        for each in one.rows
    ]
    assert told == [
        ("2", "checking", 2, 2_000, False), ("2", "checking", 5, 500, True),
        ("3", "checking", 8, 300, False), ("2", "", 11, 100, False),
    ]  # fmt: skip
    transfer = found.statements[0].rows[0]
    assert (transfer.name, transfer.transfer_to, transfer.external_id) == ("Transfer 7", "7", "a")
    assert reasons.PENDING in found.dialect


def test_what_is_only_held_is_pending_and_a_row_s_only_date_is_its_day():
    held = row("HOLD").replace("DTPOSTED", "DTHELD")
    (one,) = of_rows(held).statements[0].rows
    assert (one.is_pending, one.day) == (True, parse_day("2026-02-03"))


@pytest.mark.parametrize(
    ("others", "is_one"),
    [
        (("<NAME>Tea", "<NAME>Bus"), True),
        (("<NAME>Tea",), False),
        (("<NAME>Tea", "<NAME>Bus", "<NAME>Cinema<MEMO>two seats"), False),
        (("<NAME>Tea", "<NAME>Bus", f"<NAME>{'Tea ' * 7}Road<MEMO>rent march"), False),
        (("<NAME>Tea", "<NAME>Bus", f"<NAME>{'Tea ' * 7}0001<MEMO>Ref 7"), False),
        (("<NAME>Tea", "<NAME>Bus", f"<NAME>{'Far' * 10}th<MEMO>{'Far' * 12}"), False),
    ],
)
def test_a_memo_that_goes_on_where_the_name_is_full_belongs_to_it(others, is_one):
    cut = "<NAME>Amznmktplace**********, amazon.c<MEMO>o.uk 1234"
    worded = "<NAME>Payment to John Smith reference <MEMO>rent march"
    words = (cut, worded, *others)
    found = of_rows(*(row(fitid=str(i), rest=one) for i, one in enumerate(words)))
    rows = found.statements[0].rows[:2]
    assert [(one.name, one.memo) for one in rows] == (
        [
            ("Amznmktplace**********, amazon.co.uk 1234", ""),
            ("Payment to John Smith reference rent march", ""),
        ]
        if is_one
        else [
            ("Amznmktplace**********, amazon.c", "o.uk 1234"),
            ("Payment to John Smith reference", "rent march"),
        ]
    )


@pytest.mark.parametrize(
    ("amounts", "is_told"), [(("5.00", "-7.00"), True), (("-5.00", "-7.00"), False)]
)
def test_kinds_that_all_speak_against_the_signs_are_told(amounts, is_told):
    debit, credit = amounts
    found = of_rows(row(amount=debit), row("CREDIT", fitid="2", amount=credit))
    assert [one.amount_minor for one in found.statements[0].rows][1] == 700
    assert (SIGN_UNSURE in found.dialect) is is_told
