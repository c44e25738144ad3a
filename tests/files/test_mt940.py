"""MT940 and MT942 in the dialects of banks."""

import pytest

from hive_desktop.adapters.files import reasons
from hive_desktop.adapters.files.kinds import kind_of
from hive_desktop.adapters.files.mt940 import read_mt940
from hive_desktop.adapters.files.mt940_lines import account_of, booking_day, day_of, entry_of
from hive_desktop.adapters.files.mt940_words import words_of
from hive_desktop.domain.days import parse_day
from hive_desktop.domain.money import CURRENCIES
from hive_desktop.domain.statements import FileKind
from tests.files.reading import TODAY, check, named, text_of


def of(text, **given):
    found = read_mt940(text, today=TODAY, **given)
    check(found)
    return found


def test_reversals_have_the_sign_of_what_they_do():
    found = named("konto.sta")
    assert found.dialect == ()  # balances agree
    (konto,) = found.statements
    assert (konto.account.bank, konto.account.number) == ("37040044", "0532013000")
    power, back, pay, storno = konto.rows
    assert (power.name, power.amount_minor) == ("Stadtwerke Nord", 8_050)
    assert power.memo.startswith("Strom Februar; Basislastschrift")
    assert back.amount_minor == -8_050  # RD takes back a debit
    assert pay.amount_minor == -191_950
    assert storno.amount_minor == 1_000  # RC takes back a credit
    assert (power.external_id, pay.external_id) == ("B1", "")
    assert konto.balances[0].amount_minor == 290_950


def test_codes_between_slashes_in_swift_s_frame():
    (rekening,) = named("rekening.940").statements
    (row,) = rekening.rows
    assert (row.name, row.amount_minor, row.external_id) == ("Bakker Bart", 1_234, "26028000001")
    assert row.memo.startswith("Brood en koek")
    assert rekening.account.number == "NL20BANK0123456789"


def test_a_report_of_the_day_is_pending_and_counts_its_rows():
    found = named("dzien.942")
    (day,) = found.statements
    assert [one.is_pending for one in day.rows] == [True]
    assert (day.rows[0].name, day.rows[0].currency) == ("JAN NOWAK", "PLN")
    assert day.expected == 2
    assert {reasons.PENDING, reasons.ROWS_MISSING, reasons.SUMS_DISAGREE} == set(found.dialect)
    right = text_of("dzien.942").replace("2PLN0,02", "1PLN0,01")
    assert of(right).dialect == (reasons.PENDING,)


def test_balances_that_disagree_are_told():
    text = text_of("konto.sta")
    assert reasons.BALANCES_DISAGREE in of(text.replace("EUR1000,00", "EUR1000,01")).dialect
    both = text + text.replace("EUR1000,00", "EUR1,00").replace("EUR2909,50", "EUR1910,50")
    assert reasons.GAP_BETWEEN in of(both).dialect


def test_a_row_without_its_details_and_one_that_is_none():
    found = of(":20:A\n:25:1\n:60F:C260101EUR1,\n:61:260101D1,NTRF\n:61:rubbish\n:61:261301D1,N\n")
    (statement,) = found.statements
    assert [one.name for one in statement.rows] == ["Unnamed payment"]
    assert [one.reason for one in statement.refused] == [reasons.BAD_LINE, reasons.BAD_DAY]


@pytest.mark.parametrize(
    ("line", "is_out", "amount", "kind", "rest"),
    [
        ("1105240524D9,N192NONREF", True, "9,", "N192", "NONREF"),
        ("0709040904CR300,NTRFTFNr 40005 MSGID//07", False, "300,", "NTRF", "TFNr 40005 MSGID//07"),
        ("0709040904RCR204,88NRTINONREF", True, "204,88", "NRTI", "NONREF"),
        ("0709040904DR999946,95NMSCNONREF", True, "999946,95", "NMSC", "NONREF"),
        ("020324DM50000,00S051", True, "50000,00", "S051", ""),
        ("260101RD5,00FMSCX", False, "5,00", "FMSC", "X"),
        ("2601010101ED5,00NTRF", True, "5,00", "NTRF", ""),
        ("1007220722D12,24NOV NONREF", True, "12,24", "NOV", "NONREF"),
        ("100722    DD212,39NMSCNONREF//", True, "212,39", "NMSC", "NONREF//"),
        ("1007220722C50,00 NTRFNONREF//21", False, "50,00", "NTRF", "NONREF//21"),
        ("030111D000000000500.00NMSC11  ROBECO", True, "000000000500.00", "NMSC", "11  ROBECO"),
        ("100628D49,37this is", True, "49,37", "", "this is"),
        ("260101C1.234,56", False, "1.234,56", "", ""),
        ("2601010101D20,00NONREF", True, "20,00", "", "NONREF"),
    ],
)
def test_the_line_of_an_entry(line, is_out, amount, kind, rest):
    found, more = entry_of([line, "and more"])
    assert more == ["and more"]
    assert (found.is_out, found.amount, found.kind, found.references) == (
        is_out, amount, kind, rest,
    )  # fmt: skip


def test_days_of_value_and_booking():
    assert day_of("160230", today=TODAY) == (parse_day("2016-02-29"), True)
    assert day_of("991231", today=TODAY) == (parse_day("1999-12-31"), False)
    assert day_of("261301", today=TODAY) == (None, False)
    assert booking_day("0102", parse_day("2025-12-31")) == parse_day("2026-01-02")
    assert booking_day("1231", parse_day("2026-01-02")) == parse_day("2025-12-31")
    assert booking_day("0230", parse_day("2026-03-01")) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("51210600/9223382012EUR", ("51210600", "9223382012", "EUR")),
        ("PL25106000760000888888888888", ("", "PL25106000760000888888888888", "")),
        ("NL20BANK0123456789 EUR", ("", "NL20BANK0123456789", "EUR")),
        ("0067-00763/93984487", ("0067-00763", "93984487", "")),
        ("GJB0291077111", ("", "GJB0291077111", "")),
        ("BANKHUHB/123456789150ABCDEF002/HUF", ("BANKHUHB", "123456789150ABCDEF002", "HUF")),
        ("//AT12345/00012345678/EUR", ("AT12345", "00012345678", "EUR")),
        ("/", ("", "", "")),
    ],
)
def test_the_account(text, told):
    assert account_of(text, CURRENCIES) == told


@pytest.mark.parametrize(
    ("lines", "supplement", "name", "purpose"),
    [
        (["166?00Gutschrift?20SVWZ+Miete?32Max", "?33 Muster"], "", "Max Muster", "Miete"),
        (["166?00Gutschrift?20SVWZ+Rate?32PayPal?21ABWA+Shop"], "", "PayPal", "Rate"),
        (["20<00PRZELEW<20Za prad<32ENERGA"], "", "", "20<00PRZELEW<20Za prad<32ENERGA"),
        (["020<00PRZELEW<20Za prad<32ENERGA"], "", "ENERGA", "Za prad"),
        (["A44?Librairie", "Virement"], "", "Librairie", "Virement"),
        (["NL47INGB9999999999 hr jansen", "  ", "Huur"], "hr jansen", "hr jansen", "Huur"),
        (["/TRTP/SEPA/NAME/Jan/REMI/Huur mei/EREF/NOTPROVIDED"], "", "Jan", "Huur mei"),
        (["Plain words", "go on"], "", "", "Plain words go on"),
        (["166", "?00Gutschrift", "?20Miete", "?32Max"], "", "Max", "Miete"),
        (["999Zahlung an", "Kiosk"], "", "", "Zahlung an Kiosk"),
        (["999CARD:Tee, Ulm:Teehaus:DE00123456780000000000"], "", "Teehaus", "Tee, Ulm"),
        (
            ["REK: NL00BANK01/NAAM: BAKKER"],
            "",
            "BAKKER",
            "REK: NL00BANK01/NAAM: BAKKER",
        ),
        (["AB12D0000123", "HUF 1.200,00", "Pék Kft.", "Kenyér"], "", "Pék Kft.", "Kenyér"),
        (["AB12D0000123", "HUF 1.200,00"], "Díj", "", "Díj"),
        (
            ["/BENM/300000000000001", "/PEKARA DOO", "/00//00", "/Leb 3/26"],
            "",
            "PEKARA DOO",
            "00 00/Leb 3/26",
        ),
        (["/OCMT/USD12,50/", "TEA AND CAKE"], "", "", "TEA AND CAKE"),
        (["SHOP*EBAY12345", "LUXEMBOURG"], "", "", "SHOP*EBAY12345 LUXEMBOURG"),
        (["NL47INGB9999999999", "hr jansen"], "", "hr jansen", ""),
        (["166", "Rewe Markt"], "", "", "166 Rewe Markt"),
        (["/ORDP/A/S Firma/REMI/Tea"], "", "A/S Firma", "Tea"),
        (["/ORDP/C/O Muster GmbH"], "", "C/O Muster GmbH", ""),
        (["/ORDP/24/7 Fitness"], "", "24/7 Fitness", ""),
        (["/NAME/Shop/REMI/" + "Shop " * 12, "1.00 NZD"], "", "Shop", "Shop " * 12 + " 1.00 NZD"),
    ],
)
def test_who_and_what_for(lines, supplement, name, purpose):
    found = words_of(lines, supplement)
    assert (found.name, found.purpose) == (name, purpose)


@pytest.mark.parametrize(
    ("line", "name", "memo", "id_"),
    [
        ("N0600712345678      T. Bakker", "T. Bakker", "Brood; 0712345678", ""),
        ("NMSCFees according//to advice", "Brood", "Fees according to advice", ""),
        ("NMSCNONREF//CIAB260101000001/IACC/D3/", "Brood", "", "CIAB260101000001"),
        ("NTRFPREF//0001", "Brood", "", "0001"),
        ("NCLRN", "Brood", "", ""),
        ("NTRFNONREF//NONREF", "Brood", "", ""),
        ("NTRFNONREF//ABCDEFGH", "Brood", "", "ABCDEFGH"),
        ("NTRFMY REF 123//ABCDEFGH", "Brood", "MY REF 123", "ABCDEFGH"),
    ],
)
def test_what_stands_in_the_references_of_an_entry(line, name, memo, id_):
    (row,) = of(f":20:A\n:25:1\n:61:2601010101D5,00{line}\n:86:Brood\n").statements[0].rows
    assert (row.name, row.memo, row.external_id) == (name, memo, id_)


def test_a_time_that_is_broken_is_no_field_and_a_balance_without_a_colon_is_one():
    found = of(
        ":20:A\n:25:1\n:60F:C260101EUR9,00\n:61:2601010101D1,00NMSCNONREF\n:86:Tea T16\n"
        ":20:37 Folgenr. 7\n:61:2601010101D1,00NMSCNONREF\n:86:Cake\n"
        ":62FC260101EUR7,00\n:65F:Dnull7\n"
    )
    assert found.dialect == ()
    (statement,) = found.statements
    assert [row.name for row in statement.rows] == ["Tea T16 :20:37 Folgenr. 7", "Cake"]
    assert statement.balances[0].amount_minor == 700


def test_words_behind_a_balance_do_not_hide_it():
    found = of(":20:A\n:25:1\nLisbon\n:60F:C260101EUR1,00\nx\n:62F:C260102EUR1,00\n\nend of page\n")
    (statement,) = found.statements
    assert statement.account.number == "1"
    assert statement.balances[0].amount_minor == 100


def test_an_entry_that_is_broken_before_its_amount():
    (row,) = of(":20:A\n:25:1\n:61:2601010101CR\n30,00N062NONREF\nmore\n").statements[0].rows
    assert (row.amount_minor, row.code, row.name) == (-3_000, "N062", "more")


def test_a_message_that_the_file_has_twice_is_taken_once():
    text = text_of("rekening.940").replace("//26028000001", "")
    (statement,) = of(text + text).statements
    assert len(statement.rows) == 1
    assert [one.reason for one in statement.refused] == [reasons.TOLD_BEFORE]
    (statement,) = of(text + text.replace("12,34", "12,35").replace("87,66", "87,65")).statements
    assert len(statement.rows) == 2


@pytest.mark.parametrize(
    "end", [":90D:1EUR1,00\n", ":62F:C260203EUR9,00\n"], ids=["behind_sums", "behind_balances"]
)
def test_what_is_said_of_a_whole_message_is_no_rows_words(end):
    found = of(
        ":20:A\n:25:123\n:28C:1/1\n:34F:EUR0,\n:61:2602030203D1,00NMSCNONREF\n:86:Shop\n"
        f"{end}:86:Sum of all\n-\n"
    )
    (row,) = found.statements[0].rows
    assert (row.name, row.memo) == ("Shop", "")


def test_an_account_within_an_entry_is_its_words():
    (statement,) = of(
        ":20:A\n:25:123\n:60F:C260101EUR9,00\n:61:2601010101D1,00NMSCNONREF\n:25:Tea house\n"
    ).statements
    assert (statement.account.number, statement.rows[0].name) == ("123", "Tea house")


def test_lines_may_end_with_signs_as_in_answers_to_fints():
    text = "@@:20:A@@:25:20030000/123@@:61:2601020102D0,50NMSCNONREF@@:86:166?00X?32Tea ho@@use"
    assert kind_of(text) is FileKind.MT940
    (statement,) = of(text).statements
    assert (statement.account.number, statement.rows[0].name) == ("123", "Tea house")
    assert "@@" in of(text.replace("@@", "\n").replace("Tea", "@@")).statements[0].rows[0].name


@pytest.mark.parametrize(
    ("lines", "name", "memo"),
    [
        ("999PN0911STANDING ORDER 14", "STANDING ORDER 14", ""),
        ("0123456789 NL69INGB0123456789 J. Bakker Tea", "J. Bakker Tea",
         "0123456789 NL69INGB0123456789"),
        ("000>100>20TEA AND CAKES FOR THE AFTER>21NOON OF ALL WHO LIVE IN HER>22E TOO>310012",
         "TEA AND CAKES FOR THE AFTERNOON OF ALL WHO LIVE IN HERE TOO", ""),
        ("000>100>20TEA AND CAKES FOR ALL MARCH>21PLEASE>310012",
         "TEA AND CAKES FOR ALL MARCH PLEASE", ""),
        ("000>100>20TEA AND CAKES>21FOR ALL AND EVERYBODY HERE>22NO MORE",
         "TEA AND CAKES FOR ALL AND EVERYBODY HERE NO MORE", ""),
        ("TBB+00TRANSFER TEA+30ABCDEFGH+31BG001+32KARL ", "KARL", "TRANSFER TEA"),
        ("SEPA GIRO      IBAN: NL05\nBIC: X   NAAM: KARL\nKENMERKNR.: 9", "KARL",
         "SEPA GIRO IBAN: NL05 BIC: X NAAM: KARL KENMERKNR.: 9"),
        ("166?00GIFT?20TEA?32KARL\n:86:166?00GIFT?20TEA?32KARL", "KARL", "TEA; GIFT"),
    ],
)  # fmt: skip
def test_numbers_breaks_and_repeats_in_the_words_of_an_entry(lines, name, memo):
    (row,) = of(f":20:A\n:25:1\n:61:2601010101D5,00NMSCNONREF\n:86:{lines}\n").statements[0].rows
    assert (row.name, row.memo) == (name, memo)
