"""The paged model: any length, few fetches, stale answers dropped, selection kept."""

import asyncio
from dataclasses import dataclass

import pytest
from PySide6.QtCore import QItemSelectionModel, Qt
from PySide6.QtTest import QAbstractItemModelTester

from hive_desktop.ports.errors import VaultDamagedError
from hive_desktop.services.tasks import TaskScope
from hive_desktop.ui.kit.paged_model import PAGE_ROWS, ROW_ROLE, PagedModel, visible_rows
from tests.ui.helpers import Heard, until


@dataclass(frozen=True)
class Row:
    key: int


class Columns:
    titles = ("Number", "Square")

    def text(self, row, column):
        return str(row.key if column == 0 else row.key**2)

    def alignment(self, column):
        return Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft

    def key(self, row):
        return row.key


class Source:
    def __init__(self, keys, *, gate=None, error=None):
        self.keys = keys
        self.asked = []
        self.gate = gate
        self.error = error

    async def count(self):
        return len(self.keys)

    async def page(self, offset, limit):
        self.asked.append(offset)
        await asyncio.sleep(0)
        if self.gate is not None:
            await self.gate.wait()
        if self.error is not None:
            raise self.error
        return [Row(key) for key in self.keys[offset : offset + limit]]


@pytest.fixture
def scope(qloop):
    made = TaskScope("test")
    yield made
    qloop.run_until_complete(made.close())


@pytest.fixture
def model(qapp, scope):
    made = PagedModel(scope, Columns(), qapp)
    yield made
    made.deleteLater()


async def test_a_million_rows_cost_the_pages_looked_at(model):
    source = Source(range(1_000_000))
    model.ask(source)
    await model.settled()
    assert model.rowCount() == 1_000_000
    assert model.index(3, 1).data() == "9"
    assert model.index(700_123, 0).data() == ""
    await model.settled()
    assert model.index(700_123, 0).data() == "700123"
    assert source.asked == [0, 700_000]


async def test_pages_scrolled_past_are_not_fetched(model):
    source = Source(range(100_000))
    model.ask(source)
    await model.settled()
    for row in range(PAGE_ROWS, 100_000, PAGE_ROWS):
        model.row_at(row)
    await model.settled()
    assert len(source.asked) <= 6
    assert max(source.asked) == 100_000 - PAGE_ROWS


async def test_few_pages_are_held(model):
    model.ask(Source(range(50_000)))
    await model.settled()
    for row in range(0, 50_000, PAGE_ROWS):
        model.row_at(row)
        await model.settled()
    assert len(model.loaded_rows()) <= 41 * PAGE_ROWS


async def test_an_answer_to_an_older_question_is_dropped(model):
    gate = asyncio.Event()
    slow = Source(range(10), gate=gate)
    model.ask(slow)
    await asyncio.sleep(0)
    model.ask(Source(range(100, 103)))
    gate.set()
    await model.settled()
    assert [model.index(row, 0).data() for row in range(model.rowCount())] == ["100", "101", "102"]


async def test_a_page_that_arrives_after_a_new_question_is_dropped(model):
    gate = asyncio.Event()
    gate.set()
    source = Source(range(1_000), gate=gate)
    model.ask(source)
    await model.settled()
    gate.clear()
    model.row_at(500)
    await asyncio.sleep(0.02)
    model.ask(Source(range(5)))
    gate.set()
    await model.settled()
    assert set(model.loaded_rows()) == {0, 1, 2, 3, 4}


async def test_a_new_question_ends_all_that_the_older_one_waits_for(model):
    gate = asyncio.Event()
    ended = []

    class Slow(Source):
        async def page(self, offset, limit):
            try:
                return await super().page(offset, limit)
            except asyncio.CancelledError:
                ended.append(offset)
                raise

        async def count(self):
            try:
                await gate.wait()
            except asyncio.CancelledError:
                ended.append("count")
                raise
            return await super().count()

    source = Slow(range(1_000), gate=gate)
    gate.set()
    model.ask(source)
    await model.settled()
    gate.clear()
    model.row_at(500)
    await until(lambda: 400 in source.asked)
    model.ask(source)
    await until(lambda: source.asked[-1] == 0)
    model.ask(Source(range(5)))
    await model.settled()
    assert sorted(map(str, ended)) == ["0", "400", "count"]
    assert model.rowCount() == 5


async def test_a_refresh_keeps_the_selected_row_where_it_moved_to(model):
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    keys = list(range(100, 160))
    model.ask(Source(keys))
    await model.settled()
    selection = QItemSelectionModel(model)
    selection.select(
        model.index(5, 0),
        QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows,
    )
    keys[:0] = [1, 2, 3]
    model.refresh((0, 20))
    await model.settled()
    assert model.rowCount() == 63
    assert [index.row() for index in selection.selectedRows()] == [8]
    assert selection.selectedRows()[0].data() == "105"
    del keys[:10]
    model.refresh((0, 20))
    await model.settled()
    assert model.rowCount() == 53
    assert selection.selectedRows() == []
    tester.deleteLater()
    selection.deleteLater()


async def test_an_error_is_told_and_a_later_answer_shows(model):
    told = Heard()
    model.failed.connect(told)
    model.ask(Source(range(3), error=VaultDamagedError()))
    await model.settled()
    assert isinstance(told.calls[0][0], VaultDamagedError)
    model.ask(Source(range(3)))
    await model.settled()
    assert model.rowCount() == 3


async def test_roles(model):
    model.ask(Source(range(3)))
    await model.settled()
    assert model.index(2, 0).data(ROW_ROLE) == Row(2)
    assert model.headerData(1, Qt.Orientation.Horizontal) == "Square"
    alignment = model.index(0, 1).data(Qt.ItemDataRole.TextAlignmentRole)
    assert alignment == Qt.AlignmentFlag.AlignRight


def test_rows_in_sight():
    heights = {0: 4, 300: 11}
    assert visible_rows(heights.__getitem__, 300, 50) == (4, 11)
    assert visible_rows({0: 0, 300: -1}.__getitem__, 300, 5) == (0, 4)
    assert visible_rows({0: -1, 300: -1}.__getitem__, 300, 0) == (0, 0)
