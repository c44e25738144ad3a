"""Imports at their edges: what brings balances alone, how far one is, and where it stops."""

import asyncio
from contextlib import suppress

import pytest

from hive_desktop.adapters.storage import imports, imports_past
from hive_desktop.domain.importing import Verdict
from hive_desktop.domain.ledger import CategorySource, Label
from hive_desktop.domain.statements import FileBalance, FilePart
from hive_desktop.ports.errors import UsageError
from hive_desktop.ports.errors.files import ImportStoppedError
from hive_desktop.services.categorize import Categorizer
from hive_desktop.services.importing_ending import Ending
from hive_desktop.services.importing_past import PastImports
from hive_desktop.services.settings import PUT_OFF
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


class SortsByRhythm(NoModel):
    """A model for which what comes again and again is another category."""

    def label(self, samples):
        return [
            Label("Travel" if one.period else "Shopping", CategorySource.OFFLINE, 0.9, "so")
            for one in samples
        ]


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


def verdict(desk, first, second):
    """Import one row, and return what is said of another one of its day and amount."""

    def file(name, told):
        return desk.file(name, statement([row(DAY, 10_000, told.pop("name"), **told)]))

    desk.take(file("a.ofx", first))
    return desk.preview(file("b.ofx", second)).sections[0].judged[0].verdict


@pytest.mark.parametrize(
    "words",
    [
        *("LOJA CENTRAL PARC {}/06", "Loja central {} de 6", "Ref {}/6", "LOJA PARC.{}/6"),
        *("LOJA -{}/6, SP", "LOJA 00{}/006", "LOJA CENTRAL {}/12 05/12"),
    ],
)
@pytest.mark.parametrize("ids", [("", ""), ("a", "b"), ("a", "a")], ids=["none", "two", "one"])
def test_instalments_of_one_day_are_payments_of_their_own(desk, words, ids):
    first, second = (
        {"name": words.format(number), "external_id": own}
        for number, own in zip("12", ids, strict=True)
    )
    assert verdict(desk, first, second) is Verdict.NEW


def test_instalments_may_be_told_apart_by_their_memos(desk):
    first, second = ({"name": "Loja", "memo": f"Parcela {n}/6", "external_id": "a"} for n in "12")
    assert verdict(desk, first, second) is Verdict.NEW


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("LOJA CENTRAL 6/2 REF 11/2026", "LOJA CENTRAL SP 7/2 REF 12/2026"),
        ("LOJA CENTRAL PARC 2/12", "LOJA CENTRAL PARC 2/12 05/12"),
        ("LOJA CENTRAL 2/6", "LOJA CENTRAL"),
    ],
    ids=["dates", "a date beside", "not told"],
)
def test_dates_and_what_is_not_told_make_no_instalments(desk, first, second):
    assert verdict(desk, {"name": first}, {"name": second}) is Verdict.MATCHED


STORED = """
    SELECT t.name, t.posted_on, c.name FROM transactions AS t
    JOIN categories AS c ON c.id = t.category_id ORDER BY 1, 2
"""


def undone(ledger, clock, tmp_path, monkeypatch):
    """Import months of three merchants in parts, and undo that; returns labels and batch too."""
    monkeypatch.setattr(imports, "ROWS_A_PART", 4)
    desk = Desk(ledger, clock, tmp_path, SortsByRhythm)
    months = [
        row(DAY - 28 * at, 3000 + place, name, line=1 + 8 * place + at)
        for place, name in enumerate(("Gym", "Club", "Tram"))
        for at in range(8)
    ]
    done = desk.take(desk.file("a.ofx", statement([*months, row(DAY - 3, 990, "Kiosk", line=90)])))
    before = ledger.sql(STORED)
    assert {name: category for name, _, category in before} == {
        "Gym": "Travel", "Club": "Travel", "Tram": "Travel", "Kiosk": "Shopping",
    }  # fmt: skip
    ledger.run(desk.service.past.undo(done.batch))
    assert ledger.sql(STORED) == []
    return desk, before, done.batch


def test_a_long_import_redone_has_the_labels_it_had(ledger, clock, tmp_path, monkeypatch):
    desk, before, batch = undone(ledger, clock, tmp_path, monkeypatch)
    ledger.run(desk.service.past.redo(batch))
    assert ledger.sql(STORED) == before
    assert ledger.read(lambda reads: reads.setting(PUT_OFF)) is None


@pytest.mark.parametrize("parts", [1, 3, 5])
@pytest.mark.parametrize("how", ["stopped", "cancelled", "refused", "ended"])
def test_a_redo_cut_short_and_gone_on_with_leaves_the_same_labels(
    ledger, clock, tmp_path, monkeypatch, how, parts
):
    desk, before, batch = undone(ledger, clock, tmp_path, monkeypatch)
    categorizer = desk.service._categorizer
    told = []

    def heard(*far):
        told.append(far)
        if how == "cancelled" and len(told) == parts:
            asyncio.current_task().cancel()
        return how != "stopped" or len(told) < parts

    def came_since(*_):
        return how == "refused" and len(told) == parts

    with monkeypatch.context() as patched:
        patched.setattr(imports_past, "came_since", came_since)
        if how == "ended":
            patched.setattr(categorizer, "relabel_later", ends_the_program)
        with suppress(asyncio.CancelledError, UsageError):
            ledger.run(desk.service.past.redo(batch, heard))
    if how != "ended":
        ledger.run(desk.service.past.redo(batch))
        assert ledger.sql(STORED) == before
    ledger.run(Categorizer(ledger.database, SortsByRhythm).catch_up())
    assert ledger.sql(STORED) == before
    assert ledger.read(lambda reads: reads.setting(PUT_OFF)) is None


async def ends_the_program(*_):
    raise asyncio.CancelledError


@pytest.mark.parametrize(
    "balance", [FileBalance(DAY + 400, 1, "USD"), FileBalance(DAY, 1, "EUR")], ids=["late", "other"]
)
def test_no_account_is_made_for_a_balance_that_none_could_keep(desk, balance):
    preview = desk.preview(desk.file("a.ofx", statement([], balances=[balance])))
    assert desk.ledger.run(desk.service.commit(preview)).batch is None
    assert desk.ledger.read(lambda reads: reads.accounts()) == []


def test_no_way_to_redo_brings_the_rows_of_a_later_import_twice(desk):
    past, path = desk.service.past, desk.file("a.ofx", statement(purchases(3)))
    first = desk.take(path)
    desk.undo(first.batch)
    second = desk.take(path)
    desk.undo(second.batch)
    desk.ledger.run(past.redo(first.batch))
    for redo in (lambda: desk.ledger.run(past.redo(second.batch)), desk.redo):
        with pytest.raises(UsageError, match="imported since"):
            redo()
    assert len(desk.rows()) == 3


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
