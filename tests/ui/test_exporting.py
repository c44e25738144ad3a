"""Files of the ledger from the window: which, where to, how far, stopped, and what is said."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog

from hive_desktop.domain.days import Span
from hive_desktop.domain.exporting import ExportFormat
from hive_desktop.domain.ledger import Order, TransactionQuery
from hive_desktop.ports.backups import Phase
from hive_desktop.ports.errors import ExportStoppedError, UsageError
from hive_desktop.services.exporting import Exported
from hive_desktop.ui.exporting.files import (
    ask_file,
    filter_words,
    format_of,
    with_ending,
    written_words,
)
from hive_desktop.ui.kit import theme
from hive_desktop.ui.kit.theme import Mode, in_light
from hive_desktop.ui.kit.widgets import Button
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.settings.page import Place
from tests.ui.engine import sample_reviews
from tests.ui.fakes import make_session
from tests.ui.helpers import opened, press, until, window_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


class FakeExports:
    """Writes nothing; says how far it is until it is let go."""

    def __init__(self):
        self.asked = []
        self.orders = []
        self.go_on = asyncio.Event()
        self.error = None

    async def write(self, form, query, file, *, order=Order.NEWEST, on_progress):
        self.asked.append((form, query, file))
        self.orders.append(order)
        return Exported(3, 1) if await self._far(on_progress) else None

    async def write_archive(self, file, heard):
        return await self._whole("archive", file, heard)

    async def write_plain(self, file, heard):
        return await self._whole("plain", file, heard)

    async def _whole(self, kind, file, heard):
        self.asked.append((kind, file))
        if not await self._far(lambda done, total: heard(Phase.COPYING, done, total)):
            raise ExportStoppedError
        return {"transactions": 2_000, "edits": 4}

    async def _far(self, told):
        told(1, 4)
        if self.error is not None:
            raise self.error
        await self.go_on.wait()
        return told(4, 4)


@pytest.fixture
def exports():
    return FakeExports()


@asynccontextmanager
async def data_page(themes, exports):
    """Show the settings of the vault's data over exports that are not made; `said` are toasts."""
    session = make_session()
    object.__setattr__(session, "exports", exports)
    async with window_of(session, themes, page=PageName.SETTINGS) as window:
        shown = window.current_page()
        shown.show_place(Place.DATA)
        said = []
        notices = SimpleNamespace(show_message=lambda text, *more, **_: said.append((text, more)))
        section = shown.exporting
        section._context = replace(shown.context, notices=notices)
        yield section, said


async def test_rows_are_written_and_it_is_said_where_to(themes, exports):
    async with data_page(themes, exports) as (section, said):
        assert section.running.isHidden()
        section.export_rows(Path("/x/rows.ofx"))
        await until(lambda: exports.asked)
        assert exports.asked[0][0] is ExportFormat.OFX
        assert not section.running.isHidden()
        assert section.progress.words() == "1 of 4 rows"
        assert not section.rows.isEnabled()
        exports.go_on.set()
        await section.settled()
        assert section.running.isHidden()
        assert section.rows.isEnabled()
        ((text, (action, _)),) = said
        assert text == (
            "Wrote 3 transactions to rows.ofx. The format has no place for 1 pending ones"
        )
        assert action == "Open folder"


async def test_what_transactions_shows_is_written_as_it_is_shown(themes, exports):
    session = make_session()
    object.__setattr__(session, "exports", exports)
    exports.go_on.set()
    async with window_of(session, themes, page=PageName.TRANSACTIONS) as window:
        page = window.current_page()
        page.set_text("coffee")
        await page.settled()
        page.export.write(page.filters.query, Path("/x/rows.qif"))
        await until(lambda: "to rows.qif" in window.toast.text())
        assert exports.asked == [(ExportFormat.QIF, page.filters.query, Path("/x/rows.qif"))]
        assert exports.asked[0][1].text == "coffee"
        assert exports.orders == [page.order.value()]
        exports.error = UsageError("Nothing there.")
        page.export.write(page.filters.query, Path("/x/rows.csv"))
        await until(page.error.isVisible)


class Views:
    """A window whose views are exported: by key, by button and by menu."""

    def __init__(self, window, exports):
        self.window = window
        self._asked = exports.asked

    async def shown(self, name):
        self.window.show_page(name)
        await self.window.current_page().settled()
        return self.window.current_page()

    async def by_key(self):
        await press(self.window, Qt.Key.Key_E)

    async def written(self, click=None):
        """Export by the key or a click; returns the dialog's title, and which rows are written."""
        before = len(self._asked)
        if click is None:
            await self.by_key()
        else:
            click()
        dialog = await opened(self.window, QFileDialog)
        title = dialog.windowTitle()
        dialog.fileSelected.emit("/x/rows.csv")
        dialog.reject()
        await until(lambda: len(self._asked) > before and not self.is_asking())
        form, query, file = self._asked[-1]
        assert (form, file) == (ExportFormat.CSV, Path("/x/rows.csv"))
        return title, query

    def is_asking(self):
        return any(one.isVisible() for one in self.window.findChildren(QFileDialog))


@asynccontextmanager
async def views(themes, exports, house, page):
    session = make_session(house)
    session.database.ledger.reviews = sample_reviews(house)
    object.__setattr__(session, "exports", exports)
    exports.go_on.set()
    async with window_of(session, themes, page=page) as window:
        yield Views(window, exports)


async def test_accounts_and_categories_export_what_has_the_focus(themes, exports, house):
    async with views(themes, exports, house, PageName.ACCOUNTS) as seen:
        page = seen.window.current_page()
        lines = [line for card in page.banks.cards for line in card.lines]
        every = TransactionQuery(accounts=tuple(line.view.id for line in lines))
        title = "Export the transactions of all accounts"
        page.setFocus()
        assert await seen.written() == (title, every)
        assert page.export.button.accessibleName() == title
        assert await seen.written(page.export.button.click) == (title, every)
        one = lines[0].view
        of_one = (f"Export the transactions of {one.name}", TransactionQuery(accounts=(one.id,)))
        lines[0].setFocus()
        assert await seen.written() == of_one
        (entry,) = (each for each in lines[0].menu.actions() if each.text().startswith("Export"))
        assert await seen.written(entry.trigger) == of_one

        page = await seen.shown(PageName.CATEGORIES)
        card = next(each for each in page.cards if each.rows)
        wanted = TransactionQuery(categories=(card.category.id,), hidden=False)
        card.setFocus()
        assert (await seen.written())[1] == wanted
        (entry,) = (each for each in card.menu.actions() if each.text().startswith("Export"))
        assert (await seen.written(entry.trigger))[1] == wanted
        seen.window.shell.topbar.search.setFocus()
        await seen.by_key()
        await until(lambda: "no transactions" in seen.window.toast.text())
        assert not seen.is_asking()


async def test_review_exports_by_where_the_focus_is_and_every_page_answers_the_key(
    themes, exports, house
):
    async with views(themes, exports, house, PageName.REVIEW) as seen:
        page = seen.window.current_page()
        (command,) = (one for one in seen.window.commands if one.key == "export-shown")
        assert (command.keys, command.is_listed) == (("Ctrl+E",), True)
        page.cards[0].setFocus()
        sides = [side.id for card in page.cards for side in (card.review.first, card.review.second)]
        asked = ("Export the transactions of these questions", tuple(dict.fromkeys(sides)))
        for click in (None, page.export_asked.button.click):
            title, query = await seen.written(click)
            assert (title, query.ids) == asked
        assert page.export_asked.button.accessibleName() == asked[0]
        page.setFocus()
        unsure = "Export the transactions that want a category"
        for click in (None, page.export.button.click):
            assert await seen.written(click) == (unsure, TransactionQuery(needs_review=True))
        assert page.export.button.accessibleName() == unsure

        page = await seen.shown(PageName.TRANSACTIONS)
        title, query = await seen.written()
        assert (title, query) == ("Save as a file for other programs", page.filters.query)
        await seen.shown(PageName.OVERVIEW)
        await seen.by_key()
        dialog = await opened(seen.window, QFileDialog)
        assert dialog.nameFilters()[0].endswith("(*.pdf)")
        dialog.reject()
        await seen.shown(PageName.RULES)
        await seen.by_key()
        assert seen.window.current_name is PageName.SETTINGS
        assert seen.window.current_page().place() == Place.DATA


async def test_an_archive_is_written_or_stopped(themes, exports):
    async with data_page(themes, exports) as (section, said):
        section.export_archive(Path("/x/all.hivearchive"))
        await until(lambda: exports.asked)
        section.stop.click()
        exports.go_on.set()
        await section.settled()
        assert said == []
        assert section.error.isHidden()
        section.export_archive(Path("/x/all.hivearchive"))
        await section.settled()
        assert said[0][0] == (
            "Wrote 2,000 transactions and all that belongs to them to all.hivearchive"
        )


async def test_a_plain_file_is_written_after_a_question(themes, exports, monkeypatch):
    async with data_page(themes, exports) as (section, _):
        asked = []
        answers = [False, True]

        async def confirmed(_parent, title, text, _action):
            asked.append((title, text))
            return answers.pop(0)

        monkeypatch.setattr("hive_desktop.ui.pages.settings.exporting.confirmed", confirmed)
        section.plain.click()
        await until(lambda: len(asked) == 1)
        await asyncio.sleep(0)
        assert not section.window().findChildren(QFileDialog)
        section.plain.click()
        await until(lambda: section.findChildren(QFileDialog))
        assert "no passphrase" in asked[0][1]
        (dialog,) = section.findChildren(QFileDialog)
        exports.go_on.set()
        dialog.fileSelected.emit("/x/all.sqlite")
        await until(lambda: exports.asked)
        await section.settled()
        assert exports.asked == [("plain", Path("/x/all.sqlite"))]
        dialog.reject()


async def test_the_palette_leads_to_where_files_are_written(themes):
    async with window_of(make_session(), themes, page=PageName.OVERVIEW) as window:
        command = next(one for one in window.commands if one.key == "export")
        assert command.is_listed
        command.run()
        page = window.current_page()
        assert window.current_name is PageName.SETTINGS
        assert page.place() == Place.DATA
        await until(page.exporting.rows.hasFocus)
        names = [one.accessibleName() for one in (
            page.exporting.rows, page.exporting.archive, page.exporting.plain
        )]  # fmt: skip
        assert names == ["Export transactions", "Export an archive", "Export a plain file"]


async def test_an_error_stands_in_its_place(themes, exports):
    async with data_page(themes, exports) as (section, _):
        exports.error = UsageError("Nothing there.")
        section.export_plain(Path("/x/all.sqlite"))
        await section.settled()
        assert not section.error.isHidden()
        assert section.rows.isEnabled()


async def test_the_dialog_lists_each_format_and_gives_its_ending(themes, exports):
    async with data_page(themes, exports) as (section, _):
        chosen = []
        dialog = ask_file(section, "Save", "rows", chosen.append)
        wanted = [filter_words(one) for one in ExportFormat]
        assert list(dict.fromkeys(dialog.nameFilters())) == wanted
        dialog.selectNameFilter(filter_words(ExportFormat.BEANCOUNT))
        dialog.filterSelected.emit(filter_words(ExportFormat.BEANCOUNT))
        assert dialog.defaultSuffix() == "beancount"
        dialog.fileSelected.emit("/x/rows.qif")
        assert chosen == [Path("/x/rows.qif")]
        dialog.reject()


@pytest.mark.parametrize("form", list(ExportFormat))
def test_a_file_is_written_in_the_format_of_its_ending(form):
    assert format_of(Path(f"x{form.suffix}")) is form
    assert with_ending(Path("x"), form) == Path(f"x{form.suffix}")
    assert with_ending(Path("x.csv"), form) == Path("x.csv")
    assert written_words(Exported(1), Path("/a/b.csv")) == "Wrote 1 transaction to b.csv"
    for names, told in ((("Tin",), "Tin"), (("Tin", "Box (CHF)"), "2 accounts")):
        said = written_words(Exported(1, 0, names), Path("/a/b.ofx"))
        assert said.endswith(f". No balance is known of {told}, so the sum of the rows is written")


def links(page):
    return {one.text() for one in page.findChildren(Button) if one.isVisible()}


@pytest.mark.parametrize("ending", ["pdf", "png"])
async def test_the_overview_is_saved_in_light_colours_whatever_the_window_has(
    themes, tmp_path, ending
):
    session, file = make_session(), tmp_path / f"overview.{ending}"
    themes.apply(Mode.DARK)
    async with window_of(session, themes, page=PageName.OVERVIEW) as window:
        page = window.current_page()
        await page.settled()
        before = window.grab().toImage().pixelColor(5, 5)
        await page.write(file, Span(date(2026, 10, 1), date(2026, 10, 31)))
        assert theme.active().is_dark
        assert window.updatesEnabled()
        assert window.grab().toImage().pixelColor(5, 5) == before
        assert {"View all", "Spending", "Lines"} <= links(page)  # what can be clicked is not saved
        page.become_paper()
        assert links(page).isdisjoint({"View all", "Spending", "Lines"})
    assert file.stat().st_mode & 0o777 == 0o600
    content = file.read_bytes()
    if ending == "pdf":
        assert content.startswith(b"%PDF")
        assert content.count(b"/Type /Page\n") == 1
        assert b"/BaseFont" in content  # words are words
    else:
        picture = QImage(str(file))
        assert 2 * 1060 < picture.width() <= 2 * 1080
        assert picture.height() > picture.width() / 2
        assert picture.pixelColor(4, 4).lightness() > 200
    themes.apply(Mode.LIGHT)


async def test_a_place_that_cannot_be_written_is_said_and_colours_come_back(themes, tmp_path):
    themes.apply(Mode.DARK)
    async with window_of(make_session(), themes, page=PageName.OVERVIEW) as window:
        page = window.current_page()
        await page.settled()
        for ending in ("pdf", "png"):
            with pytest.raises(UsageError):
                await page.write(tmp_path / "none" / f"x.{ending}")
        assert theme.active().is_dark
    with in_light():
        assert not theme.active().is_dark
    themes.apply(Mode.LIGHT)
