"""What the person keeps of accounts and categories themselves, and that all of it can be undone."""

from datetime import UTC, datetime

import pytest

from hive_desktop.domain.ledger import (
    BatchId,
    CategoryKind,
    CategorySource,
    Label,
    TransactionQuery,
)
from hive_desktop.domain.reconcile import Plan
from hive_desktop.domain.rules import Actions, Comparison, Condition, Rule, RuleId, Subject
from hive_desktop.domain.saved_filters import FilterId, SavedFilter
from hive_desktop.ports.account_store import CategoryChange
from hive_desktop.ports.errors import UsageError
from hive_desktop.services import categories as category_service
from hive_desktop.services.accounts import AccountService
from hive_desktop.services.categories import CategoryService
from hive_desktop.services.events import EventBus
from hive_desktop.services.ledger import LedgerService
from hive_desktop.services.reports import ReportService
from tests.words import speaking

EVERYTHING = TransactionQuery()


class NoCategorizer:
    """Nothing of what is tried here is decided anew."""

    def __getattr__(self, name):
        raise AssertionError(name)

    def are_few(self, *_):
        return True

    def follow_merchants(self, *_):
        return 0

    def put_off(self, *_):
        pass

    def are_put_off(self, _):
        return set()

    def settle(self, *_):
        pass

    async def relabel_later(self, ids, merchants):
        assert not ids
        assert not merchants

    async def follow_later(self, merchants):
        assert not merchants
        return 0


class Desk:
    def __init__(self, ledger, kit):
        self.ledger, self.kit = ledger, kit
        self.item = ledger.with_bank("checking", "savings")
        self.accounts = AccountService(ledger.database)
        self.categories = CategoryService(ledger.database)
        self.service = LedgerService(ledger.database, NoCategorizer(), kit.FixedClock())

    def run(self, work):
        return self.ledger.run(work)

    def fill(self, label, *plaid_ids, **fields):
        rows = [self.kit.bank_row(one, **fields) for one in plaid_ids]
        self.ledger.apply(self.item, rows, labeller=lambda _: label)

    def id(self, name):
        return self.category(name).id

    def category(self, name):
        return next(
            one for one in self.ledger.read(lambda reads: reads.categories()) if one.name == name
        )

    def names(self):
        return [one.name for one in self.ledger.read(lambda reads: reads.categories())]

    def account(self, place):
        return self.ledger.read(lambda reads: reads.accounts())[place]

    def rows(self):
        rows = self.ledger.read(lambda reads: reads.transactions(EVERYTHING))
        return {row.name: (row.category, row.category_source) for row in rows}

    def sums(self):
        span = self.ledger.read(lambda reads: reads.history_span())
        totals = self.ledger.read(lambda reads: reads.category_totals(span))
        return {one.category_id: (one.out_minor, one.count) for one in totals}

    def undo(self, batch=None):
        return self.run(self.service.undo(batch)).sentence

    def redo(self):
        return self.run(self.service.redo()).sentence


@pytest.fixture
def desk(ledger, kit):
    return Desk(ledger, kit)


def bank(name):
    return Label(name, CategorySource.BANK, 0.9, "the bank")


def test_an_account_has_a_name_of_the_persons_over_the_banks(desk, kit):
    account = desk.account(0)
    batch = desk.run(desk.accounts.rename(account.id, "  Everyday   money "))
    assert desk.account(0).name == "Everyday money"
    renamed = desk.account(0)
    assert (renamed.bank_name, renamed.title) == ("Account checking", "Everyday money ··0001")
    desk.ledger.write(lambda writes: writes.put_accounts(desk.item, [kit.bank_account("checking")]))
    assert desk.account(0).name == "Everyday money", "the bank's word does not replace it"
    assert desk.undo(batch) == "Undone: “Account checking” is as it was."
    assert desk.account(0).name == "Account checking"
    assert desk.redo() == "Redone: “Everyday money” is changed again."
    desk.run(desk.accounts.rename(account.id, "Account checking"))
    (stored,) = desk.ledger.sql("SELECT own_name FROM accounts WHERE id = ?", account.id)
    assert stored == (None,), "the bank's own name is followed again"
    assert desk.run(desk.accounts.rename(account.id, "")) is None


def test_hidden_accounts_and_those_left_out_are_no_part_of_net_worth(desk):
    reports = ReportService(desk.ledger.database, EventBus())
    today = desk.kit.FixedClock().today()

    def worth():
        return desk.run(reports.worth([today])).points[-1].minor

    whole = worth()
    assert whole == 2 * 100_00
    first, second = desk.account(0), desk.account(1)
    desk.run(desk.accounts.set_hidden(first.id, hidden=True))
    assert worth() == 100_00
    assert desk.account(0).is_hidden
    desk.run(desk.accounts.set_in_net_worth(second.id, counts=False))
    assert desk.run(reports.worth([today])).points == ()
    desk.undo()
    desk.undo()
    assert worth() == whole


def test_the_order_of_accounts_is_one_change(desk):
    first, second = desk.account(0), desk.account(1)
    desk.run(desk.accounts.order([second.id, first.id]))
    assert [desk.account(0).id, desk.account(1).id] == [second.id, first.id]
    assert desk.undo() == "Undone: the earlier order."
    assert desk.account(0).id == first.id


def test_the_course_of_an_account_counts_its_rows_back(desk):
    today = desk.kit.FixedClock().today()
    desk.fill(bank("Other"), "old", day=today.replace(day=1), amount=30_00)
    courses = desk.run(desk.accounts.courses(today))
    assert courses[desk.account(0).id] == (100_00, 100_00)
    desk.fill(bank("Other"), "new", day=today.replace(day=10), amount=30_00)
    courses = desk.run(desk.accounts.courses(today))
    assert courses[desk.account(0).id] == (130_00, 100_00)
    assert courses[desk.account(1).id] == (100_00, 100_00)


def test_a_renamed_category_is_still_what_banks_and_models_mean(desk):
    food = desk.id("Food & Dining")
    desk.fill(bank("Food & Dining"), "before")
    change = CategoryChange(name=" Eating  out ", color="#123456", icon="heart")
    batch = desk.run(desk.categories.change(food, change))
    desk.fill(bank("Food & Dining"), "after")
    eating = desk.category("Eating out")
    assert (eating.color, eating.icon, eating.key) == ("#123456", "heart", "Food & Dining")
    assert set(desk.rows().values()) == {("Eating out", CategorySource.BANK)}
    assert desk.undo(batch) == "Undone: “Food & Dining” is as it was."
    assert "Food & Dining" in desk.names()


def test_undo_leaves_what_was_changed_since(desk):
    food = desk.id("Food & Dining")
    first = desk.run(desk.categories.change(food, CategoryChange(name="One", icon="heart")))
    second = desk.run(desk.categories.change(food, CategoryChange(name="Two")))
    desk.undo(first)
    assert (desk.category("Two").icon, "One" in desk.names()) == ("utensils", False)
    desk.undo(second)
    assert "Food & Dining" in desk.names(), "what stood before both"


@pytest.mark.parametrize(
    ("name", "told"),
    [("", "needs a name"), ("travel", "There is, or was"), ("TRAVEL", "There is, or was")],
)
def test_names_are_not_given_twice(desk, name, told):
    with pytest.raises(UsageError) as caught:
        desk.run(desk.categories.change(desk.id("Shopping"), CategoryChange(name=name)))
    assert told in caught.value.rendered()[1]


def test_a_name_that_banks_use_for_another_is_refused(desk):
    desk.run(desk.categories.change(desk.id("Travel"), CategoryChange(name="Trips")))
    with pytest.raises(UsageError) as caught:
        desk.run(desk.categories.add("Travel", CategoryKind.EXPENSE, "#123456", "heart"))
    assert "what banks call the category “Trips”" in caught.value.rendered()[1]


def test_a_category_of_ones_own(desk):
    added = desk.run(desk.categories.add("Pets", CategoryKind.EXPENSE, "#123456", "heart"))
    assert desk.names()[-1] == "Pets"
    change = CategoryChange(kind=CategoryKind.INCOME)
    assert desk.run(desk.categories.change(added.category_id, change)) is not None
    desk.undo()
    desk.fill(bank("Pets"), "cat")
    with pytest.raises(UsageError):
        desk.run(desk.categories.change(added.category_id, change))
    with pytest.raises(UsageError):
        desk.run(desk.categories.change(desk.id("Travel"), change))
    desk.undo(added.batch)
    assert desk.category("Pets").is_archived


def test_archived_categories_keep_their_rows(desk):
    desk.fill(bank("Travel"), "flight")
    desk.run(desk.categories.change(desk.id("Travel"), CategoryChange(is_archived=True)))
    assert desk.category("Travel").is_archived
    assert desk.rows()["ROW flight"][0] == "Travel"
    with pytest.raises(UsageError):
        desk.run(desk.categories.change(desk.id("Transfer"), CategoryChange(is_archived=True)))


def test_the_order_of_categories(desk):
    before = desk.names()
    desk.run(desk.categories.order([desk.id("Travel"), desk.id("Income")]))
    assert desk.names()[:2] == ["Travel", "Income"]
    assert sorted(desk.names()) == sorted(before)
    desk.undo()
    assert desk.names() == before


def rule_of(category_id):
    condition = Condition(Subject.NAME, Comparison.CONTAINS, "row")
    return Rule(
        RuleId(b"r" * 16), "", (condition,), Actions(category_id), datetime(2026, 1, 1, tzinfo=UTC)
    )


def test_a_merge_takes_all_with_it_and_is_one_change(desk, monkeypatch):
    monkeypatch.setattr(category_service, "_ROWS_A_STEP", 2)
    travel, fun = desk.id("Travel"), desk.id("Entertainment")
    desk.fill(bank("Travel"), "t1", "t2", "t3", "t4", "t5")
    desk.fill(bank("Entertainment"), "f1")
    ids = {row.name: row.id for row in desk.ledger.read(lambda r: r.transactions(EVERYTHING))}
    desk.ledger.write(lambda w: w.set_category([ids["ROW t1"]], travel, BatchId(b"c" * 16)))
    desk.ledger.write(lambda w: w.delete([ids["ROW t5"]], BatchId(b"d" * 16)))
    desk.ledger.write(lambda writes: writes.rules.put(rule_of(travel)))
    kept = SavedFilter(FilterId(b"f" * 16), "Trips", TransactionQuery(categories=(travel, fun)))
    desk.ledger.write(lambda writes: writes.put_saved_filter(kept))
    before, sums = desk.rows(), desk.sums()
    seen = []
    merged = desk.run(
        desk.categories.merge(travel, fun, lambda state: seen.append(state.done) or True)
    )
    assert (merged.is_over, merged.done, seen) == (True, 4, [2, 4])
    assert "Travel" not in desk.names()
    assert {name: told[0] for name, told in desk.rows().items()} == dict.fromkeys(
        before, "Entertainment"
    )
    assert desk.rows()["ROW t1"][1] is CategorySource.USER, "it goes on teaching"
    assert desk.sums() == {fun: (5 * 1234, 5)}, "figures are right at once"
    (rule,) = desk.ledger.read(lambda reads: reads.categorization.rules())
    assert rule.actions.category_id == fun
    (filtered,) = desk.ledger.read(lambda reads: reads.saved_filters())
    assert filtered.query.categories == (fun,)
    desk.fill(bank("Travel"), "t6")
    assert desk.rows()["ROW t6"][0] == "Entertainment", "the bank's word follows"
    desk.ledger.write(lambda w: w.restore([ids["ROW t5"]], BatchId(b"e" * 16)))
    assert desk.rows()["ROW t5"][0] == "Entertainment"

    assert desk.undo(merged.batch) == "Undone: “Travel” is a category of its own again."
    assert desk.rows() == before | {
        "ROW t5": ("Travel", CategorySource.BANK),
        "ROW t6": ("Entertainment", CategorySource.BANK),
    }
    assert desk.sums()[travel] == (5 * 1234, 5)
    assert sums[travel] == (4 * 1234, 4)
    (rule,) = desk.ledger.read(lambda reads: reads.categorization.rules())
    assert rule.actions.category_id == travel
    assert not desk.category("Travel").is_archived
    with pytest.raises(UsageError) as caught:
        desk.redo()
    assert "Merge them once more" in caught.value.rendered()[2]


def test_an_older_change_is_taken_back_through_a_merge(desk):
    travel, fun = desk.id("Travel"), desk.id("Entertainment")
    desk.fill(bank("Travel"), "t1")
    ids = [row.id for row in desk.ledger.read(lambda r: r.transactions(EVERYTHING))]
    older = BatchId(b"o" * 16)
    shopping = desk.id("Shopping")
    desk.ledger.write(lambda w: w.set_category(ids, shopping, older))
    desk.run(desk.categories.merge(travel, fun))
    desk.ledger.write(lambda writes: writes.undo(older))
    assert desk.rows()["ROW t1"] == ("Entertainment", CategorySource.BANK)
    desk.ledger.write(lambda writes: writes.redo_part(older, 1000))
    assert desk.rows()["ROW t1"] == ("Shopping", CategorySource.USER)


def test_merges_in_a_row_and_out_of_order(desk):
    travel, fun, other = (desk.id(name) for name in ("Travel", "Entertainment", "Other"))
    desk.fill(bank("Travel"), "t1")
    first = desk.run(desk.categories.merge(travel, fun))
    second = desk.run(desk.categories.merge(fun, other))
    desk.fill(bank("Travel"), "t2")
    assert {told[0] for told in desk.rows().values()} == {"Other"}
    desk.undo(second.batch)
    assert desk.rows()["ROW t1"][0] == "Entertainment"
    desk.undo(first.batch)
    assert desk.rows()["ROW t1"][0] == "Travel"


def test_a_merge_that_is_stopped_leaves_both(desk, monkeypatch):
    monkeypatch.setattr(category_service, "_ROWS_A_STEP", 1)
    travel, fun = desk.id("Travel"), desk.id("Entertainment")
    desk.fill(bank("Travel"), "t1", "t2")
    stopped = desk.run(desk.categories.merge(travel, fun, lambda _: False))
    assert (stopped.is_over, stopped.done) == (False, 1)
    assert sorted(told[0] for told in desk.rows().values()) == ["Entertainment", "Travel"]
    assert "Travel" in desk.names()
    desk.ledger.write(lambda writes: writes.undo(stopped.batch))
    assert {told[0] for told in desk.rows().values()} == {"Travel"}


@pytest.fixture
def paired(desk, kit):
    """Two rows of Travel that were found to be one transfer."""
    names = {"out": ("checking", 500_00), "in": ("savings", -500_00)}
    rows = [
        kit.bank_row(one, account=account, amount=amount, name=f"Transfer {one}")
        for one, (account, amount) in names.items()
    ]

    def sync(writes):
        run_id = writes.begin_run(desk.item, "test")
        applied = writes.apply_plan(desk.item, Plan(rows), run_id)
        writes.conclude(lambda found: [bank("Travel")] * len(found))
        writes.end_run(run_id, applied, 1, None)

    desk.ledger.write(sync)
    assert {told[0] for told in desk.rows().values()} == {"Transfer"}
    row = desk.ledger.read(lambda reads: reads.transactions(EVERYTHING))[0]
    return lambda: desk.ledger.write(lambda writes: writes.reviews.unpair(row.id))


def test_what_a_pair_hides_is_merged_too(desk, paired):
    merged = desk.run(desk.categories.merge(desk.id("Travel"), desk.id("Entertainment")))
    paired()
    assert {told[0] for told in desk.rows().values()} == {"Entertainment"}
    desk.undo(merged.batch)
    assert {told[0] for told in desk.rows().values()} == {"Travel"}


def test_a_merge_is_taken_back_under_a_pair(desk, paired):
    merged = desk.run(desk.categories.merge(desk.id("Travel"), desk.id("Entertainment")))
    desk.undo(merged.batch)
    assert {told[0] for told in desk.rows().values()} == {"Transfer"}
    paired()
    assert {told[0] for told in desk.rows().values()} == {"Travel"}


def test_what_cannot_be_merged(desk):
    for gone, into in (
        ("Travel", "Travel"),
        ("Transfer", "Other"),
        ("Travel", "Income"),
    ):
        with pytest.raises(UsageError):
            desk.run(desk.categories.merge(desk.id(gone), desk.id(into)))


def test_rows_are_told_with_each_category(desk):
    desk.fill(bank("Travel"), "t1", "t2")
    tallies = desk.run(desk.categories.tallies())
    assert {one.category.name: one.rows for one in tallies if one.rows} == {"Travel": 2}


def test_a_row_that_an_undone_sync_brings_back_is_in_the_heir(desk):
    travel, fun = desk.id("Travel"), desk.id("Entertainment")
    desk.fill(bank("Travel"), "t1")
    row = desk.ledger.stored(desk.item, "t1")["t1"]
    desk.ledger.apply(desk.item, removals=[row])
    desk.run(desk.categories.merge(travel, fun))
    run = desk.ledger.read(lambda reads: reads.journal.runs(item_id=desk.item))[0]
    desk.ledger.write(lambda writes: writes.journal.undo(run))
    assert desk.rows()["ROW t1"][0] == "Entertainment"


def test_rows_are_found_by_the_persons_name_of_their_account(desk):
    desk.fill(bank("Travel"), "t1")
    desk.run(desk.accounts.rename(desk.account(0).id, "Everyday"))
    for words in ("@everyday", "@account"):
        query = TransactionQuery(text=words)
        assert desk.ledger.read(lambda r, query=query: r.count(query)) == 1


def _count(desk, words):
    query = TransactionQuery(text=words)
    return desk.ledger.read(lambda reads: reads.count(query))


def test_a_default_category_is_found_by_its_shown_name_and_by_the_kept_one(
    desk, tmp_path, monkeypatch
):
    desk.fill(bank("Shopping"), "t1")
    with speaking(tmp_path, monkeypatch, [("Shopping", "Einkäufe", None)]):
        assert [_count(desk, words) for words in ("#eink", "#shopping", "#travel")] == [1, 1, 0]
        desk.run(desk.categories.change(desk.id("Shopping"), CategoryChange(name="Things")))
        assert [_count(desk, words) for words in ("#eink", "#things")] == [0, 1]


def test_a_name_that_the_window_shows_for_another_is_refused(desk, tmp_path, monkeypatch):
    with speaking(tmp_path, monkeypatch, [("Shopping", "Einkäufe", None)]):
        with pytest.raises(UsageError) as caught:
            desk.run(desk.categories.add("einkäufe", CategoryKind.EXPENSE, "#123456", "heart"))
        assert "category “Einkäufe”" in caught.value.rendered()[1]
    desk.run(desk.categories.add("Einkäufe", CategoryKind.EXPENSE, "#123456", "heart"))


def test_an_undo_names_a_default_category_as_it_is_shown(desk, tmp_path, monkeypatch):
    batch = desk.run(desk.categories.change(desk.id("Shopping"), CategoryChange(icon="heart")))
    texts = [("Shopping", "Einkäufe", None), ("“{name}” is as it was", "„{name}“ ist zurück", None)]
    with speaking(tmp_path, monkeypatch, texts):
        assert desk.undo(batch) == "Undone: „Einkäufe“ ist zurück."
