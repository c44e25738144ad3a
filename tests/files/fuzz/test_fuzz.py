"""A short run of the fuzzer, and anything at all for each reader."""

import gc
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import examples
from tests.files.fuzz.engine import KINDS, run, trial

ROOT = Path(__file__).parents[3]
INPUTS = 150
MORE = 20_000


@pytest.fixture(autouse=True)
def _own_rubbish_alone():
    """What the tests before left is not gone through at the cost of an input."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_reader_falls_over_a_broken_file(kind):
    failed = list(run(kind, 1, INPUTS))
    assert not failed, failed[0]


@pytest.mark.every
@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_no_reader_falls_over_many_broken_files(kind):
    failed = list(run(kind, 2, MORE, real=True))
    assert not failed, failed[0]


@pytest.mark.parametrize("kind", [None, *sorted(KINDS)])
@settings(max_examples=examples(60))
@given(data=st.one_of(st.binary(max_size=400), st.text(max_size=400).map(str.encode)))
def test_any_bytes_are_read_or_refused(kind, data):
    error = trial(kind, data)
    assert error is None, error


@pytest.mark.parametrize(
    ("kind", "piece"),
    [
        ("ofx", b"<STMTTRN>"), ("ofx", b"<A>"), ("ofx", b"<!--"), ("ofx", b"<![CDATA["),
        ("ofx", b"<"), ("ofx", b"<STMTRS>"), ("ofx", b"&"), ("ofx", b"<TRNAMT>1,1,"),
        ("qif", b"^\n"), ("qif", b"!Account\n"), ("qif", b"D1/1/1\n^\n"), ("qif", b"S\n"),
        ("camt", b"<Ntry>"), ("camt", b"<Stmt></Stmt>"), ("camt", b"&a;"), ("camt", b"<?xml "),
        ("mt940", b":61:"), ("mt940", b":20:\n"), ("mt940", b":86:?20"), ("mt940", b"{1:"),
        ("mt940", b":61:260101D1,\n:86:/NAME/"), ("mt940", b"SVWZ+"), ("mt940", b"{"),
        ("mt940", b"\xe9 " + b"DR" * 180_000),
    ],
)  # fmt: skip
def test_much_of_the_same_takes_no_second(kind, piece):
    data = piece * max(1, 400_000 // len(piece))
    heads = {"ofx": b"OFXHEADER:100\n<OFX>", "qif": b"!Type:Bank\n", "mt940": b":20:A\n"}
    error = trial(kind, heads.get(kind, b"<Document>") + data)
    assert error is None, error


HOSTILE = """
import re, sys
from pathlib import Path
from hive_desktop.domain.statements import FileKind
from tests.files.reading import read_data
head, piece, kind = sys.argv[1:]
data = head.encode() + piece.encode().decode("unicode_escape").encode() * (60 * 2**20 // len(piece))
read_data(data, kind=FileKind(kind))
print(int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) // 1024)
"""


@pytest.mark.full
@pytest.mark.timeout(600)
@pytest.mark.skipif(sys.platform != "linux", reason="where else it stands is not known here")
@pytest.mark.parametrize(
    ("head", "piece", "kind"),
    [
        ("<OFX>", "<STMTTRN>", "ofx"), ("<OFX><STMTTRN>", "<A>x", "ofx"), ("<OFX>", "<", "ofx"),
        ("<D>", "<Stmt><Ntry></Ntry></Stmt>", "camt"), ("<D><Stmt><Ntry>", "<A>x</A>", "camt"),
        ("<D><Stmt><Ntry><A>", "xxxxxxxx ", "camt"), ("<D>", "<a>", "camt"),
        ("!Type:Bank", "\\nD\\n^", "qif"), (":20:", "\\n:61:", "mt940"), (":86:", "a\\n", "mt940"),
    ],
)  # fmt: skip
def test_a_large_file_takes_no_more_memory_than_several_times_its_size(head, piece, kind):
    done = subprocess.run(
        [sys.executable, "-c", HOSTILE, head, piece, kind],
        cwd=ROOT, capture_output=True, text=True, check=True, timeout=500,
    )  # fmt: skip
    assert int(done.stdout) < 700
