"""Any rows, written in any format's usual dialects, are read back as they were."""

from datetime import date
from typing import NamedTuple
from xml.sax.saxutils import escape

from hypothesis import given, settings
from hypothesis import strategies as st

from hive_desktop.domain.days import from_day, to_day
from tests.examples import examples
from tests.files.reading import TODAY, check, read_data


class Row(NamedTuple):
    day: int
    minor: int
    name: str


LETTERS = st.characters(
    whitelist_categories=("Lu", "Ll", "Nd"), whitelist_characters=" &'-.,äöüéß", max_codepoint=0x17F
)
NAMES = st.text(LETTERS, min_size=1, max_size=27).map(lambda text: " ".join(f"A{text}".split()))
DAYS = st.dates(date(1995, 1, 1), date(2026, 3, 5)).map(to_day)
MINOR = st.integers(-(10**9), 10**9).filter(bool)
ROWS = st.lists(st.builds(Row, DAYS, MINOR, NAMES), min_size=1, max_size=12)
NEWLINES = st.sampled_from(["\n", "\r\n"])


def decimal(minor, mark):
    return f"{abs(minor) // 100}{mark}{abs(minor) % 100:02}"


def signed(minor, mark):
    return ("-" if minor > 0 else "") + decimal(minor, mark)


def ofx(rows, mark, *, closes, head):
    def leaf(tag, words):
        return f"<{tag}>{escape(words)}" + (f"</{tag}>" if closes else "") + "\n"

    body = "".join(
        "<STMTTRN>\n"
        + leaf("TRNTYPE", "OTHER")
        + leaf("DTPOSTED", f"{from_day(row.day):%Y%m%d}120000[-5:EST]")
        + leaf("TRNAMT", signed(row.minor, mark))
        + leaf("FITID", f"id{i}")
        + leaf("NAME", row.name)
        + "</STMTTRN>\n"
        for i, row in enumerate(rows)
    )
    account = leaf("CURDEF", "EUR") + "<BANKACCTFROM>" + leaf("ACCTID", "1") + "</BANKACCTFROM>"
    head = "OFXHEADER:100\nENCODING:UTF-8\n\n" if head else ""
    return f"{head}<OFX><STMTRS>{account}<BANKTRANLIST>\n{body}</BANKTRANLIST></STMTRS></OFX>\n"


def qif(rows, form, marks):
    mark, group = marks
    made = ["!Type:Bank"]
    for row in rows:
        amount = (
            f"{abs(row.minor) // 100:,}".replace(",", group) + f"{mark}{abs(row.minor) % 100:02}"
        )
        sign = "-" if row.minor > 0 else ""
        made += [f"D{from_day(row.day):{form}}", f"T{sign}{amount}", f"P{row.name}", "^"]
    return "\n".join(made) + "\n"


def mt940(rows):
    made = [":20:A", ":25:10020030/1234567", ":28C:1/1", ":60F:C260101EUR0,00"]
    for row in rows:
        side = "D" if row.minor > 0 else "C"
        day = from_day(row.day)
        made += [
            f":61:{day:%y%m%d}{day:%m%d}{side}R{decimal(row.minor, ',')}NTRFNONREF",
            f":86:166?00TEXT?20SVWZ+For this?32{row.name}",
        ]
    total = -sum(row.minor for row in rows)
    made.append(f":62F:{'C' if total >= 0 else 'D'}260305EUR{decimal(total, ',')}")
    return "\n".join(made) + "\n-\n"


def camt(rows, prefix):
    p = f"{prefix}:" if prefix else ""
    entries = "".join(
        f'<{p}Ntry><{p}Amt Ccy="EUR">{decimal(row.minor, ".")}</{p}Amt>'
        f"<{p}CdtDbtInd>{'DBIT' if row.minor > 0 else 'CRDT'}</{p}CdtDbtInd><{p}Sts>BOOK</{p}Sts>"
        f"<{p}BookgDt><{p}Dt>{from_day(row.day)}</{p}Dt></{p}BookgDt>"
        f"<{p}AddtlNtryInf>{escape(row.name)}</{p}AddtlNtryInf></{p}Ntry>\n"
        for row in rows
    )
    space = (
        f'xmlns{":" + prefix if prefix else ""}="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"'
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{p}Document {space}><{p}BkToCstmrStmt>'
        f"<{p}Stmt><{p}Acct><{p}Ccy>EUR</{p}Ccy></{p}Acct>\n{entries}"
        f"</{p}Stmt></{p}BkToCstmrStmt></{p}Document>\n"
    )


def assert_same(text, rows, newline, *, with_names=True):
    found = read_data(text.replace("\n", newline).encode())
    check(found)
    (statement,) = found.statements
    assert not statement.refused
    assert [(one.day, one.amount_minor) for one in statement.rows] == [
        (row.day, row.minor) for row in rows
    ]
    if with_names:
        assert [one.name for one in statement.rows] == [row.name for row in rows]
    return found


@settings(max_examples=examples(60))
@given(ROWS, st.sampled_from(".,"), st.booleans(), st.booleans(), NEWLINES)
def test_ofx(rows, mark, closes, head, newline):
    assert_same(ofx(rows, mark, closes=closes, head=head), rows, newline)


@settings(max_examples=examples(60))
@given(
    ROWS,
    st.sampled_from(["%m/%d/%Y", "%d.%m.%Y", "%Y-%m-%d", "%m/%d'%y"]),
    st.sampled_from([(".", ","), (".", ""), (",", "."), (",", "")]),
    NEWLINES,
)
def test_qif(rows, form, marks, newline):
    american = form.startswith("%m")
    text = qif(rows, form, marks)
    if american and marks[0] == ",":
        marks = (".", ",")
        text = qif(rows, form, marks)
    found = read_data(text.replace("\n", newline).encode())
    if "please check" in " ".join(found.dialect) and american:
        return  # told that the order is open
    assert_same(text, rows, newline)


@settings(max_examples=examples(60))
@given(ROWS, NEWLINES)
def test_mt940(rows, newline):
    found = assert_same(mt940(rows), rows, newline)
    assert not found.dialect


@settings(max_examples=examples(60))
@given(ROWS, st.sampled_from(["", "ns2"]), NEWLINES)
def test_camt(rows, prefix, newline):
    assert_same(camt(rows, prefix), rows, newline)


def test_every_day_that_mt940_can_write_is_itself():
    days = range(to_day(date(1995, 1, 1)), TODAY + 1, 13)
    rows = [Row(day, 100, "A") for day in days]
    assert_same(mt940(rows), rows, "\n")
