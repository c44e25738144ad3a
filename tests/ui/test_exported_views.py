"""What a view exports is what it shows: the same rows, in a real vault."""

import csv
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel

from hive_desktop import bootstrap
from hive_desktop.config import AppConfig
from hive_desktop.demo import WindowDemo
from hive_desktop.domain.changes import Actor
from hive_desktop.domain.ledger import Order, TransactionQuery
from hive_desktop.domain.row_edits import RowEdit
from hive_desktop.ui.desktop import Desktop
from hive_desktop.ui.page import PageName
from tests.bench.bulk_vault import make_vault
from tests.ui.helpers import opened, press, until

TODAY = date(2026, 11, 23)
ROWS = 90
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def desktop(qloop, themes, tmp_path):
    folder, clock = tmp_path / "vault", bootstrap.clock_of(TODAY)
    with ThreadPoolExecutor(1) as pool:
        keys = pool.submit(make_vault, folder, ROWS, today=TODAY).result()
    life = bootstrap.lifecycle(AppConfig.default(folder), clock, WindowDemo(clock))
    made = Desktop(life, themes, mark=lambda _moment: None)
    yield made, keys
    qloop.run_until_complete(life.lock())
    qloop.run_until_complete(made.close())


class Views:
    """Pages of a window, and what they export by the key."""

    def __init__(self, window, folder):
        self.window = window
        self._file = folder / "rows.csv"

    async def shown(self, name):
        self.window.show_page(name)
        page = self.window.current_page()
        await page.settled()
        page.setFocus()
        return page

    async def exported(self):
        """Return the ids of the rows, in their order."""
        self._file.unlink(missing_ok=True)
        await press(self.window, Qt.Key.Key_E)
        dialog = await opened(self.window, QFileDialog)
        dialog.fileSelected.emit(str(self._file))
        dialog.reject()
        await until(lambda: self._file.exists() and not self._is_asking())
        with self._file.open(newline="", encoding="utf-8-sig") as lines:
            return [row["Id"] for row in csv.DictReader(lines)]

    def _is_asking(self):
        return any(one.isVisible() for one in self.window.findChildren(QFileDialog))


def doubt(writes):
    """Make categories unsure, as a model's are."""
    writes._handle.raw.execute(
        "UPDATE transactions SET category_confidence = 0.2 WHERE name LIKE 'NORTHSIDE%'"
    )


@pytest.mark.full
async def test_each_view_exports_the_rows_that_it_shows(desktop, tmp_path):
    made, keys = desktop
    await made.lifecycle.unlock_with(keys)
    made.show()
    ledger, views = made.lifecycle.session.ledger, Views(made.session_window, tmp_path)
    every = await ledger.page(TransactionQuery())
    await ledger.edit([every[3].id, every[11].id], RowEdit(is_hidden=True))
    await made.lifecycle.session.database.write(doubt, actor=Actor.PROGRAM)

    page = await views.shown(PageName.TRANSACTIONS)
    assert page.model.rowCount() == ROWS
    assert await views.exported() == [one.id.hex() for one in every]
    page.set_text("coffee")
    page.order.choose(Order.LARGEST)
    await page.settled()
    rows = [page.model.row_at(at) for at in range(page.model.rowCount())]
    assert 1 < len(rows) < ROWS
    assert await views.exported() == [one.id.hex() for one in rows]
    page.show_query(TransactionQuery(start=TODAY - timedelta(days=200), hidden=False))
    await page.settled()
    assert len(await views.exported()) == page.model.rowCount()

    page = await views.shown(PageName.ACCOUNTS)
    assert len(await views.exported()) == ROWS
    line = page.banks.cards[0].lines[2]
    line.setFocus()
    of_line = TransactionQuery(accounts=(line.view.id,))
    assert len(await views.exported()) == await ledger.count(of_line) > 5

    page = await views.shown(PageName.CATEGORIES)
    hidden = next(one for one in page.cards if one.category.id == every[3].category_id)
    hidden.setFocus()
    assert len(await views.exported()) == hidden.rows > 1

    page = await views.shown(PageName.REVIEW)
    unsure = await ledger.count(TransactionQuery(needs_review=True))
    assert len(await views.exported()) == unsure > 5
    told = [one.text() for one in page.sorting.card.findChildren(QLabel)]
    assert [one for one in told if one.startswith(f"{unsure} rows")], told
    await made.lifecycle.lock()
