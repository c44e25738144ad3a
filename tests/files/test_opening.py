"""Bytes of given files: bounded, unpacked, refused with reasons."""

import gzip
import io
import os
import random
import zipfile

import pytest

from hive_desktop.adapters.files import opening, reasons
from hive_desktop.ports.errors import UnreadableFileError
from tests.files.fuzz import engine as fuzz
from tests.files.fuzz.engine import within
from tests.files.reading import DATA, read


def refusal(path, **more):
    with pytest.raises(UnreadableFileError) as caught:
        read(path, **more)
    assert caught.value.arguments["file"]
    return caught.value.arguments["reason"]


def given(tmp_path, data, name="given.ofx"):
    path = tmp_path / name
    path.write_bytes(data)
    return path


def zipped(members):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return packed.getvalue()


def test_one_statement_in_an_archive_is_opened(tmp_path):
    statement = (DATA / "bank.ofx").read_bytes()
    plain = read(DATA / "bank.ofx")
    packed = zipped({"bank.ofx": statement, "__MACOSX/._bank.ofx": b"x"})
    assert read(given(tmp_path, packed, "a.zip")) == plain
    assert read(given(tmp_path, gzip.compress(statement, mtime=0), "bank.ofx.gz")) == plain
    halves = gzip.compress(statement[:500], mtime=0) + gzip.compress(statement[500:], mtime=0)
    assert read(given(tmp_path, halves, "bank.ofx.gz")) == plain


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", reasons.EMPTY),
        (b"\xef\xbb\xbf \r\n", reasons.EMPTY),
        (b" \n \t\r\n", reasons.EMPTY),
        (b"\xff\xfe", reasons.EMPTY),
        (b'{"transactions": [{"date": "2024-01-02"}]}', reasons.A_JSON),
        (b'[\n {"date": "2024-01-02"}]', reasons.A_JSON),
        (b"%PDF-1.7", reasons.A_PDF),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), reasons.A_SPREADSHEET),
        (b"\x89PNG\r\n", reasons.A_PICTURE),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", reasons.A_WEB_PAGE),
        (b"<?xml version='1.0'?><Document><CstmrCdtTrfInitn/></Document>", reasons.OTHER_XML),
        (b"just words", reasons.NO_STATEMENT),
        (b":20:A\n:86:" + b"x" * (2**20 + 1), reasons.LINE_TOO_LONG),
        (zipped({"a.ofx": b"a", "b.ofx": b"b"}), reasons.ONE_BY_ONE),
        (zipped({}), reasons.NONE_IN_ARCHIVE),
        (zipped({"a.zip": zipped({"b.ofx": b"b"})}), reasons.ARCHIVE_IN_ARCHIVE),
        (zipped({"[Content_Types].xml": b"x", "sheet.xml": b"y"}), reasons.A_SPREADSHEET),
        (zipped({"a.ofx": bytes(50 * 2**20)}), reasons.A_BOMB),
        (gzip.compress(bytes(50 * 2**20), mtime=0), reasons.A_BOMB),
        (gzip.compress(b"abc" * 1000, mtime=0)[:-30], reasons.DAMAGED_ARCHIVE),
        (zipped({"a.ofx": b"abc" * 1000})[:60], reasons.DAMAGED_ARCHIVE),
    ],
)
def test_what_is_no_statement_is_refused_with_its_reason(tmp_path, data, reason):
    assert refusal(given(tmp_path, data)) == reason


@pytest.mark.parametrize(
    ("data", "hint"),
    [(b"", "again"), (zipped({"[Content_Types].xml": b"x"}), "save its sheet"), (b"%PDF-", "OFX")],
    ids=["empty", "spreadsheet", "pdf"],
)
def test_what_to_do_about_a_refusal_is_said(tmp_path, data, hint):
    with pytest.raises(UnreadableFileError, match="given") as caught:
        read(given(tmp_path, data))

    assert hint in caught.value.hint


def test_a_file_that_is_too_large_is_not_read_to_its_end(tmp_path, monkeypatch):
    path = tmp_path / "large.csv"
    with path.open("wb") as stream:
        stream.truncate(opening.MOST_BYTES + 1)
    monkeypatch.setattr(opening, "MOST_BYTES", 1_000)
    assert refusal(path) == reasons.TOO_LARGE


def test_what_is_no_file_is_never_opened(tmp_path):
    assert refusal(tmp_path) == reasons.NO_FILE
    assert refusal(tmp_path / "missing.ofx") == reasons.NOT_THERE
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe")
        assert refusal(tmp_path / "pipe") == reasons.NO_FILE


@pytest.mark.parametrize(
    ("data", "is_long"),
    [
        (b"x" * opening.LONGEST_LINE, False),
        (b"x" * (opening.LONGEST_LINE + 1), True),
        (b"x\n" + b"y" * opening.LONGEST_LINE + b"\r\n" + b"z" * 10, False),
        (b"x" * 10 + b"\r" + b"y" * (opening.LONGEST_LINE + 1), True),
        (b"short\n" * 1_000_000, False),
    ],
)
def test_long_lines_are_found(data, is_long):
    assert opening.has_long_line(data) is is_long


def test_each_file_of_an_archive_is_read_by_its_name(tmp_path):
    statement = (DATA / "bank.ofx").read_bytes()
    packed = zipped({"a/jan.ofx": statement, "b/jan.csv": b"x", "__MACOSX/._jan.ofx": b"x"})
    path = given(tmp_path, packed, "year.zip")
    assert opening.members(path) == ["a/jan.ofx", "b/jan.csv"]
    assert read(path, member="a/jan.ofx") == read(DATA / "bank.ofx")
    assert refusal(path, member="c.ofx") == reasons.NOT_THERE
    assert opening.members(DATA / "bank.ofx") == [""]
    assert opening.members(given(tmp_path, zipped({"a.ofx": statement}), "one.zip")) == [""]


def test_an_archive_of_too_many_or_too_much_is_refused(tmp_path, monkeypatch):
    many = given(tmp_path, zipped({f"{at}.csv": b"x" for at in range(101)}), "many.zip")
    with pytest.raises(UnreadableFileError) as caught:
        opening.members(many)
    assert caught.value.arguments["reason"] == reasons.SEVERAL_IN_ARCHIVE
    much = given(tmp_path, zipped({"a.csv": bytes(600), "b.csv": bytes(600)}), "much.zip")
    monkeypatch.setattr(opening, "MOST_BYTES", 1_000)
    with pytest.raises(UnreadableFileError):
        opening.members(much)


def test_a_valid_head_hides_no_bomb(tmp_path):
    """What unpacks to far more than it is is refused before it is unpacked, whatever the method."""
    head = (DATA / "bank.ofx").read_bytes()
    bomb = head + bytes(40 * 2**20)
    assert refusal(given(tmp_path, zipped({"a.ofx": bomb}))) == reasons.A_BOMB
    for way in (zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        packed = fuzz.zipped([("a.ofx", head)], way)
        assert refusal(given(tmp_path, packed)) == reasons.ANOTHER_ARCHIVE


def test_a_member_that_lies_about_its_size_is_never_half_taken(tmp_path):
    statement = (DATA / "bank.ofx").read_bytes()
    packed = fuzz.zipped([("a.ofx", statement)], zipfile.ZIP_STORED)
    true = len(statement).to_bytes(4, "little")
    for said in (len(statement) // 2, len(statement) + 1_000, 2**32 - 2):
        lie = packed.replace(true, said.to_bytes(4, "little"))
        assert lie != packed
        assert refusal(given(tmp_path, lie)) == reasons.DAMAGED_ARCHIVE


def test_a_million_members_cost_no_more_than_one(tmp_path):
    entry = b"PK\x01\x02" + bytes(42)
    count = 600_000
    size = (count * len(entry)).to_bytes(4, "little")
    end = b"PK\x05\x06" + bytes(8) + size + bytes(6)
    many = given(tmp_path, b"PK\x03\x04" + entry * count + end)
    empty = given(tmp_path, gzip.compress(b"", mtime=0) * count, "many.gz")
    with within(1.0):
        assert refusal(many) == reasons.SEVERAL_IN_ARCHIVE
        assert refusal(empty) == reasons.DAMAGED_ARCHIVE
        with pytest.raises(UnreadableFileError):
            opening.members(many)


def test_many_pieces_of_one_file_are_read_in_their_order(tmp_path):
    statement = (DATA / "bank.ofx").read_bytes()
    pieces = [statement[at : at + 7] for at in range(0, len(statement), 7)]
    packed = b"".join(gzip.compress(one, mtime=0) for one in pieces)
    assert read(given(tmp_path, packed, "bank.ofx.gz")) == read(DATA / "bank.ofx")
    noise = random.Random(1).randbytes(3 * 2**20)
    opened = opening.open_file(given(tmp_path, gzip.compress(noise, mtime=0)))
    assert opened.data == noise


def test_a_member_is_named_by_its_last_part_alone(tmp_path):
    statement = (DATA / "bank.ofx").read_bytes()
    for name in ("../../etc/bank.ofx", "/bank.ofx", "a/" * 200 + "bank.ofx"):
        path = given(tmp_path, zipped({name: statement}), "a.zip")
        assert opening.open_file(path).name == "bank.ofx"
