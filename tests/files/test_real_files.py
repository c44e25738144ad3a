"""Every real file that is there is imported right or refused with a reason."""

import pytest

from hive_desktop.ports.errors import UnreadableFileError
from tests.files.fuzz.engine import within
from tests.files.reading import REAL, check, counts, read
from tests.files.results import expected_of

EXPECTED = expected_of(REAL) if (REAL / "manifest.csv").is_file() else {}
# The tables' counts are heuristic: `tests/files/tables` says what each of them holds.
KNOWN = {
    name: wanted
    for name, wanted in EXPECTED.items()
    if wanted is not None and not name.startswith("csv/")
}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_each_file_is_read_or_refused_within_a_second(name):
    with within(1.0):
        try:
            check(read(REAL / name))
        except UnreadableFileError as exc:
            assert exc.arguments["reason"]  # noqa: PT017 - either is right


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_each_transaction_is_a_row_or_a_reason(name):
    try:
        found = counts(read(REAL / name))
    except UnreadableFileError:
        found = (0, 0)
    assert sum(found) == KNOWN[name]
