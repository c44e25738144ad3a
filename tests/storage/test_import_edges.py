"""Imports at their edges: what brings balances alone, how far one is, and where it stops."""

import pytest

from hive_desktop.domain.ledger import CategorySource, Label
from hive_desktop.domain.statements import FileBalance, FilePart
from hive_desktop.ports.errors.files import ImportStoppedError
from hive_desktop.services.importing_ending import Ending
from hive_desktop.services.importing_past import PastImports
from tests.importing import row, statement
from tests.storage.test_imports import DAY, Desk, NoModel, purchases


class Told(NoModel):
    """A model that counts what it was asked, and may do something at the first question."""

    def __init__(self, first=lambda: None):
        self.asked = 0
        self._first = first

    def label(self, samples):
        if not self.asked:
            self._first()
        self.asked += len(samples)
        return [Label("Shopping", CategorySource.OFFLINE, 0.9, "so")] * len(samples)


@pytest.fixture
def desk(ledger, clock, tmp_path):
    return Desk(ledger, clock, tmp_path)


def divided(line):
    parts = (FilePart(1_000, category="Groceries"), FilePart(500, category="Shopping"))
    return row(DAY - 3, 1_500, "Both", line=line)._replace(parts=parts)


def test_balances_that_came_since_are_nothing_that_a_redo_could_double(desk):
    desk.take(desk.file("a.ofx", statement(purchases(1, DAY - 50))))
    past = PastImports(desk.ledger.database, desk.service._categorizer)
    done = desk.take(desk.file("b.ofx", statement(purchases(5))))
    desk.undo(done.batch)
    before = desk.rows()
    balances = [FileBalance(DAY - 10, -50_00, "USD")]
    assert desk.take(desk.file("c.ofx", statement([], balances=balances))).batch is not None
    desk.ledger.run(past.redo(done.batch))
    assert len(desk.rows()) == len(before) + 5


@pytest.mark.parametrize(
    "balance", [FileBalance(DAY + 400, 1, "USD"), FileBalance(DAY, 1, "EUR")], ids=["late", "other"]
)
def test_no_account_is_made_for_a_balance_that_none_could_keep(desk, balance):
    preview = desk.preview(desk.file("a.ofx", statement([], balances=[balance])))
    assert desk.ledger.run(desk.service.commit(preview)).batch is None
    assert desk.ledger.read(lambda reads: reads.accounts()) == []


@pytest.mark.parametrize("is_divided", [False, True])
def test_an_import_with_a_divided_row_stops_and_tells_as_any_other(
    ledger, clock, tmp_path, is_divided
):
    ending, far = Ending(), []
    model = Told(ending.stop)
    desk = Desk(ledger, clock, tmp_path, lambda: model)
    rows = purchases(2_500, DAY - 2_500)
    path = desk.file("a.ofx", statement([*rows, divided(9_999)] if is_divided else rows))
    preview = desk.preview(path)
    empty = desk.image()
    with pytest.raises(ImportStoppedError):
        desk.ledger.run(desk.service.commit(preview, ending=ending))
    assert 0 < model.asked < 2_500
    assert desk.image() == empty
    done = desk.ledger.run(desk.service.commit(preview, heard=lambda *one: far.append(one)))
    assert far[-1] == (done.counts.new, done.counts.new)
    assert far == sorted(far)


def test_it_is_at_its_end_where_all_that_comes_is_written(desk):
    desk.take(desk.file("a.ofx", statement([row(DAY - 2, 1_500, "Bakery on the corner")])))
    far = []
    rows = [row(DAY - 2, 1_500, "Lidl 0815", line=1), *purchases(2)]
    preview = desk.preview(desk.file("b.csv", statement(rows)))
    assert preview.counts.doubtful == 1
    answers = {(0, 0): True}
    commit = desk.service.commit(preview, answers, heard=lambda *one: far.append(one))
    assert desk.ledger.run(commit).counts.new == 2
    assert far[-1] == (2, 2)


def test_two_files_into_one_account_are_told_to_their_end(ledger, clock, tmp_path):
    far, model = [], Told()
    desk = Desk(ledger, clock, tmp_path, lambda: model)
    first = desk.file("a.ofx", statement(purchases(50, DAY - 60)))
    second = desk.file("b.ofx", statement(purchases(10, prefix="Other")))
    preview = desk.preview(first, second)
    desk.ledger.run(desk.service.commit(preview, heard=lambda *one: far.append(one)))
    assert far[-1] == (60, 60)
