"""Files into the ledger: each purchase once, one change to undo, whatever was there before."""

import asyncio
import threading
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hive_desktop.adapters.storage import derived, import_rows
from hive_desktop.domain.days import to_day
from hive_desktop.domain.importing import (
    AFTER_TODAY,
    DELETED,
    OTHER_CURRENCY,
    PENDING,
    UNKNOWN_CURRENCY,
    Verdict,
)
from hive_desktop.domain.ledger import BatchId, CategorySource, Label, TransactionQuery
from hive_desktop.domain.manual import ManualAccount, ManualKind
from hive_desktop.domain.statements import (
    FileAccount,
    FileBalance,
    FileKind,
    FilePart,
    Refused,
)
from hive_desktop.ports.errors import UsageError
from hive_desktop.ports.errors.files import ImportStoppedError
from hive_desktop.ports.import_store import ImportEffects, ImportState
from hive_desktop.services.categorize import Categorizer
from hive_desktop.services.importing import Importing
from hive_desktop.services.importing_ending import Ending
from hive_desktop.services.importing_preview import Counts
from hive_desktop.services.importing_targets import Target, check_names
from hive_desktop.services.ledger import LedgerService
from tests.examples import examples
from tests.importing import ToldFiles, row, statement

DAY = to_day(date(2026, 3, 2))
EVERYTHING = TransactionQuery()


class NoModel:
    """A model that knows nothing."""

    threshold = 0.6

    def learn(self, _examples):
        return ()

    def label(self, samples):
        return [None] * len(samples)


class Desk:
    """A ledger with the services that a person imports by."""

    def __init__(self, ledger, clock, folder, model=NoModel):
        self.ledger, self.folder = ledger, folder
        self.files = ToldFiles()
        categorizer = Categorizer(ledger.database, model)
        self.service = Importing(ledger.database, self.files, categorizer, clock)
        self.people = LedgerService(ledger.database, categorizer, clock)

    def file(self, name, *statements, kind=FileKind.OFX):
        return self.files.put(self.folder / name, *statements, kind=kind)

    def preview(self, *paths, target=None):
        return self.ledger.run(self._preview(paths, target))

    async def _preview(self, paths, target):
        sources = [await self.service.open(path) for path in paths]
        targets = await self.service.suggested(sources)
        if target is not None:
            targets = [[target] * len(some) for some in targets]
        return await self.service.preview(sources, targets)

    def take(self, *paths, target=None, answers=None):
        preview = self.preview(*paths, target=target)
        done = self.ledger.run(self.service.commit(preview, answers))
        if not answers:
            assert done.counts == preview.counts
        return done

    def rows(self):
        found = self.ledger.read(lambda reads: reads.transactions(EVERYTHING))
        return sorted((one.name, one.amount_minor) for one in found)

    def undo(self, batch=None):
        return self.ledger.run(self.people.undo(batch))

    def redo(self):
        return self.ledger.run(self.people.redo())

    def image(self):
        """The ledger as people see it, and all that is computed from it."""
        tables = ("transactions", "spend_daily", "spend_monthly", "account_daily", "amounts")
        return {
            name: sorted(map(repr, self.ledger.sql(f"SELECT * FROM {name}")))  # noqa: S608 - our own
            for name in (*tables, "row_tags", "balances")
        } | {"words": self.ledger.sql("SELECT rowid FROM transactions_fts ORDER BY 1")}


class TellsRhythm(NoModel):
    """A model whose reason says how often a row's series comes."""

    def label(self, samples):
        return [Label("Shopping", CategorySource.OFFLINE, 0.9, str(one.period)) for one in samples]


@pytest.fixture
def desk(ledger, clock, tmp_path):
    return Desk(ledger, clock, tmp_path)


def purchases(n=5, start=DAY, prefix="Shop"):
    return [row(start + at, 1000 + at, f"{prefix} {at}", line=at + 1) for at in range(n)]


def test_a_new_account_is_made_from_what_the_file_says(desk):
    done = desk.take(desk.file("a.ofx", statement(purchases())))
    (account,) = desk.ledger.read(lambda reads: reads.accounts())
    assert (account.title, account.institution, account.currency) == (
        "Household ··1234",
        "First Bank",
        "USD",
    )
    assert (account.name, account.mask, account.digits) == ("Household", "1234", "1234")
    assert done.counts == Counts(new=5)
    assert len(desk.rows()) == 5


def test_an_account_has_the_last_digits_that_its_files_tell(desk):
    def told(number, name="Household"):
        return FileAccount(number, name, "First Bank", "checking", "USD")

    def known():
        found = desk.ledger.read(lambda reads: reads.accounts())
        return sorted((one.name, one.mask, one.title) for one in found)

    def meant(name, number):
        file = desk.file(name, statement(purchases(1, DAY - 30), told(number, "")))
        return desk.preview(file).sections[0].account

    two = [
        ("Household", "1234", "Household ··1234"),
        ("Household ··5678", "5678", "Household ··5678"),
    ]
    second = statement(purchases(2, DAY - 9), told("DE005678"))
    done = desk.take(desk.file("a.ofx", statement(purchases(2))), desk.file("b.ofx", second))
    assert known() == two
    desk.undo(done.batch)
    assert known() == []
    assert [one.account for one in desk.ledger.run(desk.service.past.newest())[0].files] == [
        one[2] for one in two
    ]
    desk.redo()
    assert known() == two
    # An IBAN ends with the number; another number that ends alike is another account's.
    assert meant("c.ofx", "DE8900001234").title == "Household ··1234"
    assert meant("d.ofx", "770091234") is None
    assert meant("e.ofx", "412345XXXXXX1234").title == "Household ··1234"
    # Rows of another number that the person put into it leave it the account that it was.
    into = next(one[0] for one in desk.ledger.sql("SELECT id FROM accounts WHERE mask = '1234'"))
    desk.take(
        desk.file("f.ofx", statement(purchases(1, DAY - 40), told("DE9999"))), target=Target(into)
    )
    assert meant("g.ofx", "DE8900001234").title == "Household ··1234"
    # A table tells an account by its title alone.
    said = FileAccount("", "Second Bank ··4321", "", "checking", "USD")
    desk.take(desk.file("h.csv", statement(purchases(1, DAY - 50), said)))
    said = FileAccount("DE99004321", "", "Second Bank", "checking", "USD")
    later = desk.preview(desk.file("i.ofx", statement(purchases(1, DAY - 50), said)))
    assert later.counts == Counts(matched=1)
    # Two accounts of one bank may end alike: their titles are the same, their numbers tell.
    said = replace(said, number="DE66667777", bank="Third Bank")
    desk.take(desk.file("j.ofx", statement(purchases(1, DAY - 70), said)))
    other = statement(purchases(1, DAY - 70), replace(said, number="DE55557777"))
    assert desk.preview(desk.file("k.ofx", other)).sections[0].account is None
    new = Target(new=ManualAccount("Both", ManualKind.CHECKING, "USD"))
    files = [
        desk.file(f"{number}.ofx", statement(purchases(1, DAY - 60), told(number)))
        for number in ("DE004444", "DE007777")
    ]
    desk.take(*files, target=new)
    assert ("Both", None, "Both") in known()


@pytest.mark.parametrize(
    ("kind", "told", "held"),
    [
        (ManualKind.CHECKING, "credit card", -5000),
        (ManualKind.CHECKING, "savings", 5000),
        (ManualKind.CHECKING, "", 5000),
        (ManualKind.CARD, "checking", -5000),
        (ManualKind.CARD, "loan", 5000),
        (ManualKind.CARD, "", 5000),
    ],
)
def test_balances_go_in_as_the_account_has_them(desk, kind, told, held):
    said = FileAccount("DE001234", "Household", "First Bank", told, "USD")
    file = desk.file(
        "a.ofx", statement(purchases(1), said, balances=[FileBalance(DAY, 5000, "USD")])
    )
    desk.take(file, target=Target(new=ManualAccount("Household", kind, "USD")))
    (account,) = desk.ledger.read(lambda reads: reads.accounts())
    assert account.balance_current_minor == held


def test_an_account_without_digits_gets_those_of_the_next_file(desk):
    def mask():
        ((mask,),) = desk.ledger.sql("SELECT mask FROM accounts")
        return mask

    def file(name, number, day):
        told = FileAccount(number, "Household", "First Bank", "checking", "USD")
        return desk.file(name, statement(purchases(2, day), told))

    desk.take(file("a.ofx", "", DAY))
    assert mask() is None
    ((account_id,),) = desk.ledger.sql("SELECT id FROM accounts")
    into = Target(account_id)
    second = desk.take(file("b.ofx", "DE001234", DAY - 9), target=into)
    assert mask() == "1234"
    desk.undo(second.batch)
    assert mask() is None
    desk.redo()
    assert mask() == "1234"
    desk.take(file("c.ofx", "DE005678", DAY - 20), target=into)
    assert mask() == "1234"
    # A bank that took the account over has told its number: an undo leaves that.
    desk.ledger.sql("UPDATE plaid_items SET state = 'healthy'")
    desk.undo(second.batch)
    assert mask() == "1234"


@pytest.mark.parametrize("earlier", ["alone", "imported before", "in the same import"])
def test_a_label_knows_all_rows_of_the_account(ledger, clock, tmp_path, earlier):
    desk = Desk(ledger, clock, tmp_path, TellsRhythm)
    months = [row(DAY - 28 * at, 3000, "Gym", line=1 + at) for at in range(6)]
    first = desk.file("a.ofx", statement(months[3:] if earlier != "alone" else []))
    second = desk.file("b.ofx", statement(months[:3] if earlier != "alone" else months))
    if earlier == "imported before":
        desk.take(first)
        ledger.sql("UPDATE transactions SET category_id = NULL, category_reason = 'old'")
        desk.take(second)
        said = ["four_weekly"] * 3 + ["old"] * 3
    else:
        desk.take(first, second)
        said = ["four_weekly"] * 6
    found = ledger.sql("SELECT category_reason FROM transactions ORDER BY posted_on DESC")
    assert [reason for (reason,) in found] == said
    assert ledger.run(Categorizer(ledger.database, TellsRhythm).run()) == said.count("old")


def test_a_label_counts_each_row_of_a_long_import_once(ledger, clock, tmp_path, monkeypatch):
    monkeypatch.setattr(import_rows, "ROWS_A_STEP", 3)
    desk = Desk(ledger, clock, tmp_path, TellsRhythm)
    # The model is asked of the last part alone, and of a series that the first one begins.
    months = [row(DAY - 28 * at, 3000, "Gym", line=1 + at) for at in range(6)]
    months = [
        one._replace(category="Groceries") if at > 2 else one for at, one in enumerate(months)
    ]
    desk.take(desk.file("a.ofx", statement(months)))
    found = ledger.sql("SELECT category_reason FROM transactions ORDER BY posted_on DESC")
    assert [reason for (reason,) in found[:3]] == ["four_weekly"] * 3
    assert all("Groceries" in reason for (reason,) in found[3:])


def test_search_and_sums_take_a_long_import_in_as_it_comes(ledger, clock, tmp_path, monkeypatch):
    """Step by step, beside what is decided; what fails there leaves nothing of the import."""
    monkeypatch.setattr(import_rows, "ROWS_A_STEP", 4)
    taken_in, fails_at = [], [3]
    refresh = derived.refresh

    def counted(connection, dirty):
        name = threading.current_thread().name
        if name.startswith("hive-settle"):
            taken_in.append((name, len(dirty.index)))
            if len(taken_in) == fails_at[0]:
                raise UsageError("No room.")
        refresh(connection, dirty)

    monkeypatch.setattr(derived, "refresh", counted)
    desk = Desk(ledger, clock, tmp_path, TellsRhythm)
    empty = desk.image()
    rows = [
        one._replace(tags=("Trip",) if at % 3 else (), category="Groceries" if at % 2 else "")
        for at, one in enumerate(purchases(13))
    ]
    path = desk.file("a.ofx", statement(rows))
    with pytest.raises(UsageError, match="No room"):
        desk.take(path)
    assert desk.image() == empty
    fails_at[0], taken_in[:] = 0, []
    desk.take(path)
    assert [size for _, size in taken_in] == [4, 4, 4, 1]
    assert ledger.read(lambda reads: reads.count(TransactionQuery(text="shop 12"))) == 1
    check_derived(desk)


def test_a_long_import_says_how_far_it_is_and_stops_between_a_few_rows(ledger, clock, tmp_path):
    ending, asked, far = Ending(), [], []

    class Slow(NoModel):
        def label(self, samples):
            asked.append(len(samples))
            if not ending.is_over and not far:
                ending.stop()
            return [None] * len(samples)

    desk = Desk(ledger, clock, tmp_path, Slow)
    preview = desk.preview(desk.file("a.ofx", statement(purchases(1500, DAY - 1500))))
    empty = desk.image()
    with pytest.raises(ImportStoppedError):
        desk.ledger.run(desk.service.commit(preview, ending=ending))
    assert 0 < sum(asked) < 1500
    assert desk.image() == empty

    async def whole():
        far.append((0, 0))
        return await desk.service.commit(preview, heard=lambda *one: far.append(one))

    assert desk.ledger.run(whole()).counts.new == 1500
    assert far[-1] == (1500, 1500)
    assert far == sorted(far)


def test_an_account_that_came_without_rows_is_known_again(desk):
    empty = statement([], balances=[FileBalance(DAY, -50_00, "USD")])
    path = desk.file("a.ofx", empty)
    done = desk.take(path)
    (account,) = desk.ledger.read(lambda reads: reads.accounts())
    (past,) = desk.ledger.read(lambda reads: reads.imports.past(limit=5))
    assert (past.state, past.files[0].record.added) == (ImportState.STANDS, 0)
    assert desk.take(path).batch is None
    desk.take(desk.file("b.ofx", statement(purchases(2))))
    assert [one.id for one in desk.ledger.read(lambda reads: reads.accounts())] == [account.id]
    desk.undo()
    desk.undo(done.batch)
    assert desk.ledger.read(lambda reads: reads.accounts()) == []


def test_the_same_file_twice_adds_nothing(desk):
    path = desk.file("a.ofx", statement(purchases()))
    desk.take(path)
    again = desk.preview(path)
    assert [one.file_name for one in again.before] == ["a.ofx"]
    done = desk.ledger.run(desk.service.commit(again))
    assert (done.batch, done.counts) == (None, Counts(matched=5))
    assert len(desk.rows()) == 5


def test_an_overlap_adds_only_what_is_missing(desk):
    desk.take(desk.file("a.ofx", statement(purchases(5))))
    done = desk.take(desk.file("b.ofx", statement(purchases(8)[3:])))
    assert done.counts == Counts(new=3, matched=2)
    assert len(desk.rows()) == 8


def test_files_of_one_import_know_of_each_other(desk):
    done = desk.take(
        desk.file("a.ofx", statement(purchases(5))), desk.file("b.ofx", statement(purchases(8)[3:]))
    )
    assert done.counts == Counts(new=8, matched=2)
    assert len(desk.rows()) == 8


def test_two_equal_purchases_of_a_day_stay_two(desk):
    twins = [row(DAY, 300, "Coffee"), row(DAY, 300, "Coffee", line=2)]
    assert desk.take(desk.file("a.ofx", statement(twins[:1]))).counts == Counts(new=1)
    assert desk.take(desk.file("b.ofx", statement(twins))).counts == Counts(new=1, matched=1)
    assert desk.take(desk.file("c.ofx", statement(twins))).counts == Counts(matched=2)
    assert desk.rows() == [("Coffee", 300)] * 2


def test_an_id_of_the_file_is_believed_where_the_row_agrees(desk):
    first = [row(DAY, 300, "COFFEE 0012", external_id="1"), row(DAY, 500, "Tea", external_id="2")]
    desk.take(desk.file("a.ofx", statement(first)))
    other = [
        row(DAY + 1, 300, "Coffee House", external_id="1"),
        row(DAY + 10, 900, "Books", external_id="2"),
    ]
    done = desk.take(desk.file("b.ofx", statement(other)))
    assert done.counts == Counts(new=1, matched=1)
    assert desk.rows() == [("Books", 900), ("COFFEE 0012", 300), ("Tea", 500)]


def test_a_row_that_stands_twice_in_its_file_comes_once(desk):
    twice = [row(DAY, 300, "Coffee", external_id="1")] * 2
    assert desk.take(desk.file("a.ofx", statement([*twice]))).counts.new == 1


def test_rows_that_cannot_be_taken_are_told(desk):
    told = [
        row(DAY + 400, 100, "Tomorrow"),
        row(DAY, 200, "Not yet", is_pending=True),
        row(DAY, 300, "Coffee"),
    ]
    unread = [Refused(9, "x;y", "The row has no amount.")]
    preview = desk.preview(desk.file("a.ofx", statement(told, refused=unread)))
    (section,) = preview.sections
    assert [one.why for one in section.judged[:2]] == [(AFTER_TODAY,), (PENDING,)]
    assert preview.counts == Counts(new=1, refused=3)
    assert section.sums(Verdict.NEW) == {"USD": (300, 0)}


def test_two_new_accounts_of_one_name_are_refused_unless_they_are_one():
    cash = ManualAccount("Box", ManualKind.CASH, "EUR")
    check_names([cash, None, replace(cash, name="box")])
    for other in (replace(cash, currency="USD"), replace(cash, kind=ManualKind.SAVINGS)):
        with pytest.raises(UsageError, match="two new accounts with the name “Box”"):
            check_names([cash, other])


def test_no_account_is_made_for_rows_that_cannot_be_taken(desk):
    late = FileAccount("DE009999", "Holidays", "First Bank", "savings", "USD")
    done = desk.take(
        desk.file("a.ofx", statement(purchases(2))),
        desk.file("b.ofx", statement(purchases(2, DAY + 9000), late)),
    )
    assert (done.counts.new, done.counts.refused) == (2, 2)
    names = [one.name for one in desk.ledger.read(lambda reads: reads.accounts())]
    assert "Household" in names
    assert not [one for one in names if "Holidays" in one]


def test_undo_takes_all_of_it_back_and_redo_brings_it(desk):
    desk.take(desk.file("a.ofx", statement(purchases(3))))
    before = desk.image()
    tagged = [
        row(DAY, 700, "Fair", tags=("fun", "kids")),
        row(DAY, -5000, "Pay", category="Salary"),
    ]
    split = row(
        DAY + 1,
        900,
        "Market",
        parts=(FilePart(600, "Groceries", "apples"), FilePart(300, "Household")),
    )
    balances = [FileBalance(DAY + 1, 12_345, "USD")]
    done = desk.take(desk.file("b.ofx", statement([*tagged, split], balances=balances)))
    after = desk.image()
    assert after != before
    names = {
        row.name: row.category for row in desk.ledger.read(lambda r: r.transactions(EVERYTHING))
    }
    assert names["Pay"] == "Income"
    assert desk.ledger.sql("SELECT current_minor FROM balances") == [(12_345,)]
    undone = desk.undo(done.batch)
    assert undone.sentence == "Undone: 3 imported rows are taken out again."
    assert desk.image() == before
    assert desk.redo().sentence == "Redone: 3 rows are imported again."
    again = desk.image()
    assert len(again["transactions"]) == len(after["transactions"])
    assert again["row_tags"] != []
    assert again["spend_daily"] == after["spend_daily"]
    desk.undo()
    assert desk.image() == before


def test_an_undone_import_can_be_imported_again(desk):
    path = desk.file("a.ofx", statement(purchases(3)))
    done = desk.take(path)
    desk.undo(done.batch)
    assert desk.rows() == []
    assert desk.ledger.read(lambda reads: reads.accounts()) == []
    assert desk.take(path).counts == Counts(new=3)
    assert len(desk.rows()) == 3


def test_a_long_import_is_undone_in_steps_that_can_stop(desk):
    many = [row(DAY + at % 10, 100 + at, f"Shop {at}") for at in range(2_500)]
    done = desk.take(desk.file("a.ofx", statement(many)))
    steps = []

    def stop(done_rows, total):
        steps.append((done_rows, total))
        return False

    desk.ledger.run(desk.people.undo(done.batch, stop))
    assert steps == [(1000, 2500)]
    assert len(desk.rows()) == 2_000  # the newest part has the rest that fills no thousand
    desk.undo(done.batch)
    assert desk.rows() == []
    desk.redo()
    assert len(desk.rows()) == 2_500


def test_past_imports_are_listed_undone_and_redone_one_by_one(desk):
    past = desk.service.past
    two = desk.file("b.ofx", statement([row(DAY, 1, "Z")]))
    first = desk.take(desk.file("a.ofx", statement(purchases(3))), two)
    second = desk.take(desk.file("c.ofx", statement(purchases(2, DAY - 40, "Kiosk"))))

    def listed():
        return [
            ([each.record.file_name for each in one.files], one.added, one.state)
            for one in desk.ledger.run(past.newest())
        ]

    def origin(name):
        found = desk.ledger.read(lambda reads: reads.transactions(EVERYTHING))
        row_id = next(one.id for one in found if one.name == name)
        record = desk.ledger.run(past.origin_of(row_id))
        return record and record.file_name

    stands, undone = ImportState.STANDS, ImportState.UNDONE
    assert listed() == [(["c.ofx"], 2, stands), (["a.ofx", "b.ofx"], 4, stands)]
    assert (origin("Kiosk 0"), origin("Z")) == ("c.ofx", "b.ofx")
    effects = desk.ledger.run(past.effects(first.batch))
    assert effects == ImportEffects(4, 0, (("Household ··1234", 2),))
    assert desk.ledger.run(past.effects(second.batch)) == ImportEffects(2, 0, ())
    assert desk.ledger.run(past.undo(first.batch)).rows == 4
    assert listed()[1][2] is undone
    assert desk.rows() == [], "the account that it had made took the later rows along"
    assert all(one.is_gone for one in desk.ledger.run(past.newest())[0].files)
    with pytest.raises(UsageError, match="undone already"):
        desk.ledger.run(past.undo(first.batch))
    with pytest.raises(UsageError, match="not undone"):
        desk.ledger.run(past.redo(second.batch))
    with pytest.raises(UsageError, match="No import"):
        desk.ledger.run(past.redo(BatchId(bytes(16))))
    assert desk.ledger.run(past.redo(first.batch)).rows == 4
    assert listed()[1][2] is stands
    assert len(desk.rows()) == 6
    assert desk.ledger.run(past.undo(second.batch)).rows == 2
    assert len(desk.rows()) == 4


def test_an_import_is_not_redone_after_its_file_came_again(desk):
    past, path = desk.service.past, desk.file("a.ofx", statement(purchases(3)))
    first = desk.take(path)
    desk.undo(first.batch)
    second = desk.take(path)
    with pytest.raises(UsageError, match="imported since"):
        desk.ledger.run(past.redo(first.batch))
    desk.undo(second.batch)
    desk.ledger.run(past.redo(first.batch))
    with pytest.raises(UsageError, match="imported since"):
        desk.ledger.run(past.redo(second.batch))
    assert len(desk.rows()) == 3


def test_an_import_half_undone_says_so_and_goes_either_way(desk):
    past = desk.service.past
    many = [row(DAY + at % 10, 100 + at, f"Shop {at}") for at in range(2_500)]
    done = desk.take(desk.file("a.ofx", statement(many)))
    desk.ledger.run(past.undo(done.batch, lambda _done, _total: False))
    (one,) = desk.ledger.run(past.newest())
    assert one.state is ImportState.PARTLY
    desk.ledger.run(past.redo(done.batch))
    (one,) = desk.ledger.run(past.newest())
    assert (one.state, len(desk.rows())) == (ImportState.STANDS, 2_500)


def test_a_file_that_comes_again_while_its_import_is_redone_brings_no_row_twice(desk):
    past = desk.service.past
    path = desk.file(
        "a.ofx", statement([row(DAY + at % 10, 100 + at, "Shop") for at in range(2_500)])
    )
    done, preview = desk.take(path), desk.preview(path)
    desk.undo(done.batch)

    async def work():
        coming = []
        async with asyncio.TaskGroup() as group:

            def heard(_done, _total):
                if not coming:  # after the first of three slices
                    coming.append(group.create_task(desk.service.commit(preview)))
                return True

            with pytest.raises(UsageError, match="imported since"):
                await past.redo(done.batch, heard)
        return coming[0].result()

    again = desk.ledger.run(work())
    assert 0 < again.counts.new < 2_500
    assert sorted(minor for _, minor in desk.rows()) == list(range(100, 2_600))


def test_what_the_person_deleted_stays_deleted(desk):
    path = desk.file("a.ofx", statement(purchases(3)))
    desk.take(path)
    (first, *_) = desk.ledger.read(lambda reads: reads.transactions(EVERYTHING))
    desk.ledger.run(desk.people.delete([first.id]))
    preview = desk.preview(path)
    assert preview.counts == Counts(matched=3)
    assert sum(DELETED in one.why for one in preview.sections[0].judged) == 1


def test_a_doubtful_row_comes_and_is_asked_about_unless_the_person_says(desk):
    desk.take(desk.file("a.ofx", statement([*purchases(1), row(DAY + 2, 300, "Corner Shop")])))
    other = statement([row(DAY, 1000, "Shop 0"), row(DAY + 3, 300, "Kiosk"), *purchases(5)[4:]])
    path = desk.file("b.csv", other, kind=FileKind.CSV)
    preview = desk.preview(path)
    assert preview.counts == Counts(new=1, matched=1, doubtful=1)
    done = desk.take(path)
    assert done.asked == 1
    (question,) = desk.ledger.read(lambda reads: reads.reviews.waiting())
    assert {question.first.name, question.second.name} == {"Corner Shop", "Kiosk"}
    desk.undo(done.batch)
    assert desk.ledger.read(lambda reads: reads.reviews.waiting()) == []
    same = desk.take(path, answers={(0, 1): True})
    assert same.counts == Counts(new=1, matched=2)
    desk.undo(same.batch)
    other = desk.take(path, answers={(0, 1): False})
    assert (other.counts, other.asked) == (Counts(new=2, matched=1), 0)


def test_the_account_of_a_later_file_is_known_by_its_number(desk):
    desk.take(desk.file("a.ofx", statement(purchases(2))))
    later = desk.preview(desk.file("b.ofx", statement(purchases(4)[2:])))
    (account,) = desk.ledger.read(lambda reads: reads.accounts())
    assert later.sections[0].account == account


def test_one_number_at_two_branches_is_two_accounts_that_later_files_know(desk):
    branches = [FileAccount("DE001234", "", f"40000{n}", "checking", "USD") for n in (1, 2)]
    first = desk.file("a.ofx", *(statement(purchases(2, prefix=one.bank), one) for one in branches))
    desk.take(first)
    made = [one.account for one in desk.preview(first).sections]
    assert len({one.id for one in made}) == 2
    for n in (1, 2):  # first as when a file had no name of its bank, then as that one
        named = [replace(one, bank=f"First · {one.bank}") for one in reversed(branches)]
        days = [statement(purchases(1, DAY + 9 * n, one.bank), one) for one in named]
        later = desk.file(f"b{n}.ofx", *days)
        assert [one.account for one in desk.preview(later).sections] == made[::-1]
        desk.take(later)


def test_rows_of_a_bank_are_matched_in_other_words_and_only_the_missing_come(desk, kit):
    item = desk.ledger.with_bank("checking")
    fed = [
        kit.bank_row("p1", day=DAY, amount=300, name="SQ *CORNER COFFEE 00123"),
        kit.bank_row("p2", day=DAY + 4, amount=450, name="Grocer Main Street"),
    ]
    desk.ledger.apply(item, fed)
    (account,) = desk.ledger.read(lambda reads: reads.accounts())
    told = [
        row(DAY - 9, 100, "Before the bank"),
        row(DAY, 300, "Corner Coffee"),
        row(DAY + 3, 450, "GROCER MAIN STREET 7"),
        row(DAY + 4, 120, "Kiosk"),
    ]
    done = desk.take(desk.file("a.ofx", statement(told)), target=Target(account.id))
    assert done.counts == Counts(new=2, matched=2)
    assert len(desk.rows()) == 4


@settings(
    max_examples=examples(40),
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_any_subset_in_any_words_adds_up(desk, kit, data):
    """Whatever is exported of a ledger: every row of the file has one verdict, and none is lost."""
    world = SimpleNamespace(count=getattr(desk, "worlds", 0) + 1)
    desk.worlds = world.count
    days = st.integers(DAY - 20, DAY)
    amounts = st.sampled_from([300, 450, 999, -20_000])
    names = st.sampled_from(["Coffee House", "Grocer Main Street", "Book Shop", "Employer"])
    told = data.draw(st.lists(st.tuples(days, amounts, names), max_size=12))
    account = FileAccount(f"{world.count:08d}", f"World {world.count}", "", "checking", "USD")
    first = [row(day, minor, name, line=at) for at, (day, minor, name) in enumerate(told)]
    desk.take(desk.file(f"{world.count}-a.ofx", statement(first, account)))
    chosen = [one for one in first if data.draw(st.booleans())]
    altered = [
        one._replace(name=data.draw(st.sampled_from([one.name, f"POS {one.name} 0123"])))
        for one in chosen
    ]
    more = data.draw(st.lists(st.tuples(days, amounts, names), max_size=3))
    fresh = [row(day, minor, name) for day, minor, name in more]
    kind = data.draw(st.sampled_from([FileKind.OFX, FileKind.CAMT]))
    path = desk.file(f"{world.count}-b", statement([*altered, *fresh], account), kind=kind)
    before = desk.image()
    preview = desk.preview(path)
    assert sum(preview.counts) == len(altered) + len(fresh)
    if not fresh:
        assert preview.counts.new == 0
    done = desk.take(path)
    grown = len(desk.image()["transactions"]) - len(before["transactions"])
    assert grown == done.counts.new + done.counts.doubtful
    check_derived(desk)
    if done.batch is not None:
        desk.undo(done.batch)
    assert desk.image() == before


def check_derived(desk):
    """What is computed step by step is what is computed from nothing."""
    kept = desk.image()

    def rebuild(writes):
        derived.rebuild(writes._connection)

    desk.ledger.write(rebuild)
    assert desk.image() == kept


def test_a_file_that_names_no_account_goes_where_it_went(desk):
    """Two currencies of one nameless file are two accounts, and are so the second time too."""
    path = desk.file(
        "x.csv",
        statement(purchases(2), FileAccount(currency="USD")),
        statement(
            [one._replace(currency="CAD") for one in purchases(3)], FileAccount(currency="CAD")
        ),
        kind=FileKind.CSV,
    )
    assert desk.take(path).counts == Counts(new=5)
    assert desk.preview(path).counts == Counts(matched=5)


def test_rows_of_another_currency_than_the_account_are_refused(desk):
    desk.take(desk.file("a.ofx", statement(purchases())))
    (account,) = desk.ledger.read(lambda reads: reads.accounts())
    euro = [row(DAY + 9, 500, "Bistro", currency="EUR"), row(DAY + 9, 700, "Diner", line=2)]
    preview = desk.preview(desk.file("b.ofx", statement(euro)), target=Target(account.id))
    refused, taken = preview.sections[0].judged
    assert (refused.verdict, refused.why) == (Verdict.REFUSED, (OTHER_CURRENCY,))
    assert taken.verdict is Verdict.NEW


def test_a_file_in_marks_makes_an_account_in_marks(desk):
    told = FileAccount("1", "Old book", currency="DEM")
    done = desk.take(desk.file("a.ofx", statement([row(DAY, 500, "Kiosk", currency="DEM")], told)))
    (account,) = desk.ledger.read(lambda reads: reads.accounts())
    assert (account.currency, done.counts) == ("DEM", Counts(new=1))


def test_a_currency_that_is_none_refuses_its_rows_and_nothing_else(desk):
    coins = statement([row(DAY, 5, "Coin", currency="QQQ")], FileAccount("9", "C", currency="QQQ"))
    done = desk.take(desk.file("a.ofx", coins, statement(purchases(2))))
    assert done.counts == Counts(new=2, refused=1)
    (account,) = desk.ledger.read(lambda reads: reads.accounts())
    assert account.currency == "USD"
    again = desk.preview(desk.file("b.ofx", coins))
    assert again.sections[0].judged[0].why == (UNKNOWN_CURRENCY,)
