"""CAMT.052, .053 and .054, whole and broken."""

import pytest

from hive_desktop.adapters.files import reasons
from hive_desktop.adapters.files.camt import read_camt
from hive_desktop.domain.days import parse_day
from tests.files.reading import check, named, text_of


def of(text, **given):
    found = read_camt(text, **given)
    check(found)
    return found


def test_a_statement_with_a_batch_and_a_reversal():
    found = named("statement.053.xml")
    assert found.dialect == ()  # balances and counts agree
    (konto,) = found.statements
    assert (konto.account.number, konto.account.bank) == ("DE89370400440532013000", "COBADEFFXXX")
    assert [(one.name, one.amount_minor) for one in konto.rows] == [
        ("Stadtwerke", 8_050), ("First", 1_000), ("Second", 2_000), ("Stadtwerke", -8_050),
        ("Arbeitgeber AG", -191_950),
    ]  # fmt: skip
    assert [one.external_id for one in konto.rows] == ["R1", "R2/1", "R2/2", "R3", "R4"]
    assert konto.rows[0].memo == "Strom Februar Kunde 7"
    assert konto.rows[0].code == "PMNT/RDDT/ESDD"
    assert konto.rows[4].day == parse_day("2026-02-27")
    assert konto.balances[0].amount_minor == 288_950
    assert konto.expected == 5


def test_pendings_and_what_is_only_told():
    found = named("report.052.xml")
    (report,) = found.statements
    assert [(one.name, one.is_pending) for one in report.rows] == [("Kartenzahlung", True)]
    assert [one.reason for one in report.refused] == [reasons.ONLY_INFORMATION]
    assert reasons.PENDING in found.dialect


def test_reversals_that_a_bank_marks_by_the_original_s_side_are_turned():
    text = text_of("statement.053.xml")
    entry = "<CdtDbtInd>CRDT</CdtDbtInd><RvslInd>true"
    found = of(text.replace(entry, entry.replace("CRDT", "DBIT")))
    assert found.statements[0].rows[3].amount_minor == -8_050
    assert reasons.REVERSALS_TURNED in found.dialect


def minus(*entries, held=None):
    """Return amounts and remarks of entries, with balances where `held` says what they come to."""
    told = "".join(
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{way}</CdtDbtInd><Sts>BOOK</Sts>'
        "<BookgDt><Dt>2026-03-02</Dt></BookgDt></Ntry>"
        for amount, way in (one.split() for one in entries)
    )
    balances = "".join(
        f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp>"
        f'<Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>CRDT</CdtDbtInd>'
        "<Dt><Dt>2026-03-02</Dt></Dt></Bal>"
        for code, amount in (("OPBD", "100.00"), ("CLBD", held or ""))
        if held
    )
    found = of(
        f"<Document><BkToCstmrStmt><Stmt><Acct><Ccy>EUR</Ccy></Acct>{balances}{told}"
        "</Stmt></BkToCstmrStmt></Document>"
    )
    return [one.amount_minor for one in found.statements[0].rows], found.dialect


@pytest.mark.parametrize(
    ("entries", "held", "amounts", "said"),
    [
        # Balances prove that a minus says the direction once more, or that it turns it.
        (("-5.00 DBIT", "20.00 CRDT"), "115.00", [500, -2000], ()),
        (("-5.00 DBIT", "20.00 CRDT"), "125.00", [-500, -2000], ()),
        (("-5.00 DBIT", "7.00 DBIT"), "98.00", [-500, 700], ()),
        (("-5.00 DBIT", "7.00 DBIT"), "88.00", [500, 700], ()),
        (("-5.00 CRDT", "20.00 CRDT"), "115.00", [500, -2000], ()),
        # Without them all entries together say which, and a person is asked to look.
        (("-5.00 DBIT", "20.00 CRDT"), None, [500, -2000], (reasons.MINUS_UNSURE,)),
        (("-5.00 DBIT", "7.00 DBIT"), None, [-500, 700], (reasons.MINUS_UNSURE,)),
        (("-5.00 CRDT", "20.00 CRDT"), None, [500, -2000], (reasons.MINUS_UNSURE,)),
        (("-5.00 DBIT",), "1.00", [500], (reasons.MINUS_UNSURE, reasons.BALANCES_DISAGREE)),
        (("5.00 DBIT", "20.00 CRDT"), None, [500, -2000], ()),
    ],
)
def test_a_minus_beside_a_direction_is_proved_by_balances_or_told(entries, held, amounts, said):
    assert minus(*entries, held=held) == (amounts, said)


def test_a_balance_with_a_minus_is_owed_whatever_stands_beside_it():
    text = text_of("statement.053.xml")
    closing = text[text.index("CLBD") :]
    owed = closing.replace(">2889.50<", ">-2889.50<", 1)
    assert closing != owed
    (konto,) = of(text.replace(closing, owed)).statements
    assert konto.balances[0].amount_minor == -288_950


@pytest.mark.parametrize(
    ("first", "last"),
    [("Cd>OPBD</Cd", "Cd>CLBD</Cd"), ("Prtry>010</Prtry", "Prtry>015</Prtry")],
)
def test_balances_are_known_by_their_codes_and_by_those_of_bai2(first, last):
    def told(kind, amount):
        return (
            f'<Bal><Tp><CdOrPrtry><{kind}></CdOrPrtry></Tp><Amt Ccy="CAD">{amount}</Amt>'
            "<CdtDbtInd>DBIT</CdtDbtInd><Dt><Dt>2026-03-02</Dt></Dt></Bal>"
        )

    entry = (
        '<Ntry><Amt Ccy="CAD">5</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts>'
        "<BookgDt><Dt>2026-03-02</Dt></BookgDt></Ntry>"
    )
    text = (
        f"<Document><BkToCstmrStmt><Stmt><Acct><Ccy>CAD</Ccy></Acct>{told(last, 20)}"
        f"{told('Prtry>901</Prtry', 7)}{told(first, 15)}{entry}</Stmt></BkToCstmrStmt></Document>"
    )
    found = of(text)
    assert found.dialect == ()
    assert [one.amount_minor for one in found.statements[0].balances] == [-2_000]
    assert reasons.BALANCES_DISAGREE in of(text.replace(">15<", ">16<")).dialect
    (only,) = of(text.replace(entry, "").replace(told(last, 20), "")).statements[0].balances
    assert (only.day, only.amount_minor) == (parse_day("2026-03-01"), -1_500)


def test_sums_that_disagree_are_told():
    text = text_of("statement.053.xml")
    assert reasons.BALANCES_DISAGREE in of(text.replace("2889.50", "2889.51")).dialect
    assert reasons.ROWS_MISSING in of(text.replace("<NbOfNtries>4", "<NbOfNtries>5")).dialect
    summary = "<TxsSummry>"
    sums = "<TtlDbtNtries><Sum>{}</Sum></TtlDbtNtries><TtlCdtNtries><Sum>2000</Sum></TtlCdtNtries>"
    assert not of(text.replace(summary, summary + sums.format("110.50"))).dialect
    wrong = text.replace(summary, summary + sums.format("110.51"))
    assert of(wrong).dialect == (reasons.SUMS_DISAGREE,)
    assert reasons.MORE_PAGES in of(
        text.replace("</GrpHdr>", "<MsgPgntn><LastPgInd>false</LastPgInd></MsgPgntn></GrpHdr>")
    ).dialect  # fmt: skip


def test_a_batch_whose_parts_do_not_add_up_is_one_row():
    text = text_of("statement.053.xml").replace('<Amt Ccy="EUR">20.00</Amt>', "")
    rows = of(text).statements[0].rows
    assert len(rows) == 4
    assert rows[1].amount_minor == 3_000
    assert {"First", "Second"} <= set(f"{rows[1].name}; {rows[1].memo}".split("; "))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Stadtwerke", "Stadtwerke & Söhne"), ("Stadtwerke", "Stadt&nbsp;werke"),
        ("Gehalt", "Ge\x0bhalt"), ("camt.053.001.08", "camt.053.001.99"),
        ("<?xml", "\ufeff<?xml"), ('encoding="UTF-8"', 'encoding="ISO-8859-15"'),
    ],
)  # fmt: skip
def test_what_xml_forbids_is_mended(before, after):
    found = of(text_of("statement.053.xml").replace(before, after))
    assert [one.amount_minor for one in found.statements[0].rows] == [
        8_050, 1_000, 2_000, -8_050, -191_950,
    ]  # fmt: skip


def test_a_file_that_breaks_keeps_what_came_before_and_says_where():
    text = text_of("statement.053.xml")
    cut = text[: text.index('<Ntry><Amt Ccy="EUR">1919.50')]
    (statement,) = of(cut).statements
    assert len(statement.rows) == 4
    assert [(one.reason, one.line) for one in statement.refused] == [(reasons.CUT_OFF, 15)]


def test_documents_that_follow_each_other():
    text = text_of("statement.053.xml")
    other = text.replace("DE89370400440532013000", "DE02120300000000202051")
    found = of(text + other)
    assert [len(one.rows) for one in found.statements] == [5, 5]
    assert found.statements[1].rows[0].line == 9 + text.count("\n")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("<Document>" + "<a>" * 100_000, reasons.TOO_DEEP),
        (
            '<!DOCTYPE d [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><Document>&b;</Document>',
            reasons.HAS_ENTITIES,
        ),
        ("<Document><BkToCstmrStmt/></Document>", reasons.NO_STATEMENT),
        ("<Document><BkToCstmrStmt>", reasons.BROKEN),
    ],
)
def test_what_is_built_to_harm_or_holds_nothing_is_refused(text, reason):
    assert read_camt(text) == reason


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (("<CdtDbtInd>DBIT</CdtDbtInd><Sts>PDNG", "<Sts>PDNG"), reasons.NO_SIGN),
        (("2026-03-02", "2026-02-30"), reasons.BAD_DAY),
        ((">5.00<", ">five<"), reasons.BAD_AMOUNT),
        ((">5.00<", "><"), reasons.NO_AMOUNT),
        (('"EUR">5.00<', '"&amp;EUR">5.00<'), reasons.NO_CURRENCY),
    ],
)
def test_an_entry_that_cannot_be_read_is_refused(change, reason):
    text = text_of("report.052.xml").replace("ns2:", "").replace(*change)
    found = of(text)
    assert reason in {one.reason for one in found.statements[0].refused}


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (("Tea and cakes for all of the after", "noon"), "Tea and cakes for all of the after noon"),
        (("Tea and cakes for all of those afte", "rnoons in the old garden of our nei",
          "ghbours"),
         "Tea and cakes for all of those afternoons in the old garden of our neighbours"),
        (("Tea and cakes for all of those two,", " cups and plates for the neighbours",
          " too"),
         "Tea and cakes for all of those two, cups and plates for the neighbours too"),
        (("Tea and cakes and our old flat Rent", "Flat 3"),
         "Tea and cakes and our old flat Rent Flat 3"),
        (("Rent for May and the old flat, Rent", "for June and also the new flat Rent", "July"),
         "Rent for May and the old flat, Rent for June and also the new flat Rent July"),
        (("Tea", "Tea and cakes for all of those afte", "rnoons in the old garden of our nei"),
         "Tea Tea and cakes for all of those afte rnoons in the old garden of our nei"),
    ],
)  # fmt: skip
def test_lines_that_are_full_go_on_within_words(lines, said):
    told = "".join(f"<Ustrd>{one}</Ustrd>" for one in lines)
    found = of(
        "<Document><BkToCstmrStmt><Stmt><Acct><Ccy>EUR</Ccy></Acct>"
        '<Ntry><Amt Ccy="EUR">5</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>'
        f"2026-03-02</Dt></BookgDt><NtryDtls><TxDtls><RmtInf>{told}</RmtInf></TxDtls></NtryDtls>"
        "</Ntry></Stmt></BkToCstmrStmt></Document>"
    )
    assert found.statements[0].rows[0].name == said
