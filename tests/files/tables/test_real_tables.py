"""The real tables, where they are, give what was judged by eye."""

import pytest

from hive_desktop.adapters.files.tables import read_table
from hive_desktop.ports.errors.files import UnreadableFileError
from tests.files.reading import REAL, TODAY, check
from tests.files.tables.expected import EXPECTED, Holds

FOLDER = REAL / "csv"
THERE = sorted(one for one in EXPECTED if (FOLDER / one).is_file())


@pytest.mark.parametrize("name", THERE)
def test_gives_what_was_judged_by_eye(name):
    data, wanted = (FOLDER / name).read_bytes(), EXPECTED[name]
    if isinstance(wanted, str):
        with pytest.raises(UnreadableFileError) as caught:
            read_table(data, today=TODAY)
        assert caught.value.arguments["reason"] == wanted
        return
    found = read_table(data, today=TODAY)
    amounts = [row.amount_minor for one in found.statements for row in one.rows]

    check(found)
    assert wanted == Holds(
        len(amounts),
        sum(len(one.refused) for one in found.statements),
        sum(one for one in amounts if one > 0),
        -sum(one for one in amounts if one < 0),
    )


def test_each_table_that_is_there_was_judged():
    there = {one.name for one in FOLDER.iterdir()} if FOLDER.is_dir() else set()

    assert there <= set(EXPECTED)
