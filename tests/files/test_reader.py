"""The reader tells formats by what stands in files, in any encoding and under any name."""

import shutil

import pytest

from hive_desktop.adapters.files import reasons
from hive_desktop.adapters.files.reader import StatementReader
from hive_desktop.domain.csv_layouts import CsvLayout, DateOrder
from hive_desktop.domain.days import parse_day
from hive_desktop.domain.statements import FileKind
from hive_desktop.ports.errors import UnreadableFileError
from tests.files.reading import DATA, TODAY, read, read_data

KINDS = {
    "bank.ofx": FileKind.OFX, "card.qfx": FileKind.OFX, "broker.ofx": FileKind.OFX,
    "bank.qif": FileKind.QIF, "depot.qif": FileKind.QIF, "konto.qif": FileKind.QIF,
    "statement.053.xml": FileKind.CAMT, "report.052.xml": FileKind.CAMT,
    "konto.sta": FileKind.MT940, "rekening.940": FileKind.MT940, "dzien.942": FileKind.MT940,
    "konto.csv": FileKind.CSV, "bank.csv": FileKind.CSV,
}  # fmt: skip


def values(found):
    return [(one.account, [row[1:] for row in one.rows]) for one in found.statements]


def test_every_sample_is_told():
    assert {one.name for one in DATA.iterdir()} == KINDS.keys()


@pytest.mark.parametrize("name", KINDS)
def test_the_format_is_told_by_content_alone(name, tmp_path):
    copied = tmp_path / "statement.txt"
    shutil.copy(DATA / name, copied)
    found = read(copied)
    assert found.kind is KINDS[name]
    assert found == read(DATA / name)
    assert (found.guess is not None) is (KINDS[name] is FileKind.CSV)


@pytest.mark.parametrize("coding", ["utf-16", "utf-8-sig", "cp1252", "utf-16-be"])
@pytest.mark.parametrize("name", [name for name in KINDS if not name.endswith(".csv")])
def test_any_encoding_gives_the_same_rows(name, coding, tmp_path):
    text = (DATA / name).read_text(encoding="utf-8").replace('encoding="ISO-8859-1"', "")
    copied = tmp_path / name
    copied.write_bytes(text.encode(coding))
    assert values(read(copied)) == values(read(DATA / name))


def test_the_person_s_order_of_dates_is_taken_for_qif(tmp_path):
    path = tmp_path / "a.qif"
    path.write_text("!Type:Bank\nD01/02/2026\nT-1.00\nPA\n^\n", encoding="utf-8")
    assert reasons.ORDER_UNSURE in read(path).dialect
    said = read(path, layout=CsvLayout(columns=(), date_order=DateOrder.DMY))
    assert said.statements[0].rows[0].day == parse_day("2026-02-01")
    assert reasons.ORDER_UNSURE not in said.dialect


def test_a_refusal_has_words_for_a_person():
    with pytest.raises(UnreadableFileError) as caught:
        read(DATA)
    title, message, hint = caught.value.rendered()
    assert title == "The file cannot be imported"
    assert message == "files cannot be imported: it is no file."
    assert hint


def test_the_currency_of_a_file_that_names_none_is_the_caller_s():
    assert {row.currency for row in read(DATA / "konto.qif").statements[0].rows} == {""}
    told = StatementReader().read(DATA / "konto.qif", currency="JPY", today=TODAY)
    assert {row.currency for row in told.statements[0].rows} == {"JPY"}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("!Type:Bank\nD1/2/2026\nT-1.00\nP<OFX> Corp\n^\n", FileKind.QIF),
        ("D1/2/2026\r\nT-1.00\r\nPShop\r\n^\r\n", FileKind.QIF),
        ("Date,Payee,Amount\n2026-01-02,<OFX> Corp,-1.00\n", FileKind.CSV),
        ("junk\n<OFX><STMTTRN><DTPOSTED>20260102<TRNAMT>-1<NAME>A</STMTTRN></OFX>", FileKind.OFX),
    ],
)
def test_a_payee_that_reads_like_markup_makes_no_other_format(text, kind, tmp_path):
    path = tmp_path / "statement"
    path.write_text(text, encoding="utf-8")
    found = read(path)
    assert found.kind is kind
    assert [len(one.rows) for one in found.statements] == [1]


def test_money_for_securities_is_a_transfer(tmp_path):
    path = tmp_path / "broker.qif"
    path.write_text(
        "!Type:Invst\nD1/2/2026\nNBuy\nYFund\nT10.00\n^\nD1/3/2026\nNDiv\nYFund\nT2.00\n^\n"
    )
    bought, paid = read(path).statements[0].rows
    assert (bought.amount_minor, bought.transfer_to) == (1_000, bought.name)
    assert (paid.amount_minor, paid.transfer_to) == (-200, "")


@pytest.mark.parametrize("zeros", [0, 900])
def test_zeros_in_a_text_are_let_go(zeros):
    data = b"Date,Payee,Amount\n2025-12-04,Ca\0fe,-1.25\n" + b"\0" * zeros
    (row,) = read_data(data).statements[0].rows

    assert (row.name, row.amount_minor) == ("Cafe", 125)
    assert isinstance(read_data(b"\x01\x02" + data + b"\0" * 9), UnreadableFileError)
