"""Every mark of the Overview leads to rows whose sum is the figure: over a real vault.

The vault has two currencies, transfers, hidden rows, refunds, pending rows, and rows without a
category in both directions.
"""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton

from hive_desktop import bootstrap
from hive_desktop.config import AppConfig
from hive_desktop.demo import WindowDemo
from hive_desktop.domain.changes import Actor
from hive_desktop.domain.days import Period, Span, to_day
from hive_desktop.domain.ledger import BankTransaction, CategorySource, Label
from hive_desktop.domain.reconcile import Plan
from hive_desktop.ports.bank import AccessToken, BankAccount
from hive_desktop.ui.desktop import Desktop
from hive_desktop.ui.kit import money
from hive_desktop.ui.kit.buckets import Mark
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.overview.trend import Shown

TODAY = date(2026, 11, 23)
MERCHANTS = ("Blue Door Coffee", "Corner Market", "City Transit", "Grand Cinema", "Old Mill")
LABELS = ("Food & Dining", "Shopping", "Transfer", "Travel", "Income", None, "Healthcare")
ROWS = 900
RANGE = Span(date(2026, 8, 17), date(2026, 10, 9))


def _account(key, kind, currency, current):
    return BankAccount(
        key, None, f"Account {key}", None, "0001", kind, None, currency, current, None, None
    )


def _row(at):
    account = ("home", "card", "abroad")[at % 3]
    is_in = at % 11 == 0
    return BankTransaction(
        f"t{at}", account, to_day(TODAY - timedelta(days=at * 29 % 420)), None,
        (-1 if is_in else 1) * (at * 97 % 9000 + 1), "EUR" if account == "abroad" else "USD",
        f"{MERCHANTS[at % 5].upper()} {at}", MERCHANTS[at % 5], None, None,
        at % 23 == 0, None, None, None, None, None,
    )  # fmt: skip


def _label(row):
    name = LABELS[int(row.plaid_id[1:]) % len(LABELS)]
    return Label(name, CategorySource.BANK, 0.9, "the test says so") if name else None


def _make(folder):
    store = bootstrap.vault_store(bootstrap.clock_of(TODAY))
    keys, _kit = store.create(folder, "a test passphrase")

    def work(writes):
        item = writes.add_item("item", AccessToken("none"), "ins_1", "Test Bank")
        accounts = (("home", "depository", "USD"), ("card", "credit", "USD"))
        writes.put_accounts(
            item,
            [
                *(_account(*one, 250_000) for one in accounts),
                _account("abroad", "depository", "EUR", 9_000),
            ],
        )
        run = writes.begin_run(item, "test")
        applied = writes.apply_plan(item, Plan(inserts=[_row(at) for at in range(ROWS)]), run)
        writes.label_new(lambda rows: [_label(row) for row in rows])
        writes.end_run(run, applied, 1, None)

    def hide(writes):
        statement = "SELECT seq FROM transactions WHERE plaid_id LIKE '%7'"
        seqs = [row[0] for row in writes._connection.exec_driver_sql(statement)]
        writes._work.take_out(seqs)
        writes._connection.exec_driver_sql(
            "UPDATE transactions SET hidden = 1 WHERE plaid_id LIKE '%7'"
        )

    async def fill():
        database = store.open_database(folder, keys)
        await database.write(work, actor=Actor.PROGRAM)
        await database.write(hide, actor=Actor.PROGRAM)
        await database.close()

    bootstrap.run_async(fill())
    return keys


@pytest.fixture(scope="module")
def vault(tmp_path_factory):
    folder = tmp_path_factory.mktemp("marks") / "vault"
    with ThreadPoolExecutor(1) as pool:
        return folder, pool.submit(_make, folder).result()


@pytest.fixture
def desktop(qloop, themes, vault):
    clock = bootstrap.clock_of(TODAY)
    life = bootstrap.lifecycle(AppConfig.default(vault[0]), clock, WindowDemo(clock))
    made = Desktop(life, themes, mark=lambda _moment: None)
    yield made
    qloop.run_until_complete(made.close())


class Walk:
    """Chooses marks of the page, and adds up the rows that they lead to."""

    def __init__(self, desktop):
        self.session = desktop.lifecycle.session
        self.window = desktop.session_window
        self.page = self.window.page(PageName.OVERVIEW)
        self.count = 0

    async def leads_to(self, choose, minor):
        """Choose a mark; the rows on the page of transactions add up to its figure."""
        self.window.show_page(PageName.OVERVIEW)
        choose()
        assert self.window.current_page() is self.window.page(PageName.TRANSACTIONS)
        query = self.window.current_page().filters.query
        rows = await self.session.ledger.page(query, limit=10_000)
        assert sum(row.amount_minor for row in rows) == minor, query
        assert len({row.currency for row in rows}) <= 1, query
        assert await self.session.ledger.count(query) == len(rows), query
        self.count += 1

    async def cards(self):
        currency = self.page.overview.main_currency
        spent, income, net = self.page.cards
        (figure,) = (one for one in self.page.overview.figures if one.currency == currency)
        assert spent.value.text() == money.plain(figure.spent_minor, currency)
        assert income.value.text() == money.plain(figure.income_minor, currency)
        await self.leads_to(spent.click, figure.spent_minor)
        await self.leads_to(income.click, -figure.income_minor)
        await self.leads_to(net.click, -figure.net_minor)
        for other in self.page.overview.figures[1:]:
            links = self.page._others.findChildren(QAbstractButton)
            (link,) = (one for one in links if other.currency in one.text() and not one.isHidden())
            await self.leads_to(link.click, -other.net_minor)

    async def slices(self):
        card = self.page.category_card
        views = list(card._views)
        for place, view in enumerate(views):
            await self.leads_to(card._lines[place].click, view.share.value)
            await self.leads_to(lambda place=place: card.donut.chosen.emit(place), view.share.value)
        return sum(view.share.value for view in views)

    async def chart(self, shown, *, is_line):
        self.page.trend_card.shown.select(shown)
        self.page.trend_card.look.select(is_line)
        self.page._redraw()
        await self.page.settled()
        chart, view = self.page.chart.chart, self.page.trend
        for bucket, values in enumerate(view.figures):
            for series, minor in enumerate(values):
                chart.highlight(Mark(bucket, series))
                assert abs(view.chart.buckets[bucket].values[series]) == abs(minor)
                await self.leads_to(lambda: QTest.keyClick(chart, Qt.Key.Key_Return), minor)

    async def lists(self):
        merchants = await self.session.reports.top_merchants(
            self.page.overview.span, self.page.overview.main_currency, limit=7
        )
        assert len(merchants) == len(self.page.merchant_card.lines)
        for one, line in zip(merchants, self.page.merchant_card.lines, strict=True):
            await self.leads_to(line.click, one.spent_minor)
        newest = await self.session.ledger.page(
            self.window.page(PageName.TRANSACTIONS).filters.query.__class__(), limit=6
        )
        for row, line in zip(newest, self.page.recent_card.lines, strict=True):
            await self.leads_to(line.click, row.amount_minor)
        pending = await self.session.reports.pending(self.page.overview.main_currency)
        assert pending.spent_minor > 0
        await self.leads_to(self.page.pending.click, pending.spent_minor)


async def _walk(desktop, vault, choose):
    await desktop.lifecycle.unlock_with(vault[1])
    desktop.show()
    walk = Walk(desktop)
    await walk.page.settled()
    choose(walk.page.picker)
    await walk.page.settled()
    return walk


@pytest.mark.parametrize("choice", [*Period, "range"])
async def test_every_mark_leads_to_rows_that_add_up_to_it(desktop, vault, choice):
    def choose(picker):
        if choice == "range":
            picker.look_at_span(RANGE)
        else:
            picker.set_period(choice)

    walk = await _walk(desktop, vault, choose)
    assert walk.page.overview.figures[0].count > 0
    await walk.cards()
    of_slices = await walk.slices()
    assert of_slices == walk.page.overview.figures[0].spent_minor
    for shown in Shown:
        for is_line in (False, True):
            await walk.chart(shown, is_line=is_line)
    await walk.lists()
    assert walk.count > 30


async def test_the_net_worth_is_that_of_the_accounts(desktop, vault):
    walk = await _walk(desktop, vault, lambda _picker: None)
    accounts = [one for one in await walk.session.ledger.accounts() if one.currency == "USD"]
    total = sum(one.worth_minor for one in accounts)
    assert walk.page.worth_card.value.text() == money.plain(total, "USD")
    (last,) = walk.page.worth_chart.chart.view().buckets[-1].values
    assert last == total
    assert "€90.00" in walk.page.worth.notes()
    walk.page.worth_card.click()
    assert walk.window.current_page() is walk.window.page(PageName.ACCOUNTS)
    walk.window.show_page(PageName.OVERVIEW)
    walk.page.worth_chart.chart.chosen.emit(0, 0)
    assert walk.window.current_page() is walk.window.page(PageName.ACCOUNTS)
    await walk.window.current_page().settled()
