"""Each format tells how much of a file is read, never less than before, and can be stopped."""

from datetime import date

import pytest

from hive_desktop.adapters.files.reader import StatementReader
from hive_desktop.domain.days import to_day
from hive_desktop.ports.errors.files import ImportStoppedError

TODAY = to_day(date(2026, 11, 23))
N = 6_000
ENTRY = (
    "<Ntry><Amt Ccy='EUR'>1.25</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts>"
    "<BookgDt><Dt>2026-03-01</Dt></BookgDt></Ntry>"
)
FILES = {
    "csv": "Date,Name,Amount\n" + f"2026-03-01,{'Zebra ' * 90},-1.25\n" * N,
    "ofx": "<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>EUR<BANKACCTFROM><ACCTID>99"
    "</BANKACCTFROM><BANKTRANLIST>"
    + "<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260301<TRNAMT>-1.25<NAME>Zebra</STMTTRN>\n" * N
    + "</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>",
    "qif": "!Type:Bank\n" + "D03/25/2026\nT-1.25\nPZebra\n^\n" * N,
    "mt940": ":20:A\n:25:99/1\n:28C:1/1\n:60F:C260301EUR1,00\n"
    + ":61:260301D1,25NMSCNONREF\n:86:Zebra\n" * N
    + ":62F:C260301EUR1,00\n-",
    "camt": "<?xml version='1.0'?><Document xmlns='urn:iso:std:iso:20022:tech:xsd:camt.053.001.02'>"
    "<BkToCstmrStmt><Stmt><Acct><Id><IBAN>DE99</IBAN></Id><Ccy>EUR</Ccy></Acct>"
    f"{ENTRY * N}</Stmt></BkToCstmrStmt></Document>",
}


@pytest.mark.parametrize("kind", FILES)
def test_a_reading_tells_how_far_it_is_and_can_be_stopped(kind, tmp_path):
    path = tmp_path / f"long.{kind}"
    path.write_text(FILES[kind])
    heard = []

    def hear(done, total):
        heard.append((done, total))
        return True

    reader = StatementReader()
    read = reader.read(path, today=TODAY, currency="EUR", heard=hear)
    assert sum(len(one.rows) for one in read.statements) >= N
    shares = [done / total for done, total in heard]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert any(0.2 < one < 0.8 for one in shares)
    assert max(shares) <= 1
    stops = iter([True, True])
    with pytest.raises(ImportStoppedError):
        reader.read(path, today=TODAY, currency="EUR", heard=lambda *_: next(stops, False))
