"""Why a row is as it is, deleting rows, and bringing them back."""

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from hive_desktop.domain.ledger import BatchId, Edit
from hive_desktop.domain.reviews import ReviewState
from hive_desktop.ports.errors import VaultDamagedError
from hive_desktop.ui import why_words
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.transactions.deleted import DeletedDialog
from hive_desktop.ui.why import WhyDialog
from tests.ui.engine import sample_reviews, sample_runs
from tests.ui.helpers import opened, press, until, window_of
from tests.ui.household import NOW

PAGE = PageName.TRANSACTIONS
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


async def _why(window, place):
    page = window.current_page()
    page.table.select_only(place)
    QTest.keyClick(page.table, Qt.Key.Key_I)
    dialog = await opened(window, WhyDialog)
    await dialog.settled()
    return dialog


async def test_syncs_and_edits_stand_in_one_order(session, themes, house):
    ledger = session.database.ledger
    ledger.journal = sample_runs(house)
    row = house.rows[4]
    ledger.edits = [
        Edit("transaction", row.id, "category", "Shopping", "Travel", at, BatchId(b"b" * 16))
        for at in (NOW, NOW - timedelta(days=2))
    ]
    async with window_of(session, themes, page=PAGE) as window:
        dialog = await _why(window, 4)
        assert [entry.text for entry in dialog.shown] == [
            "You changed the category",
            "The bank posted the pending payment",
            "You changed the category",
        ]
        assert dialog.shown[0].fields == (("Category", "Shopping", "Travel"),)
        assert dialog.shown[1].fields[0] == ("Amount", "$42.10", "$47.10")
        assert dialog.shown[1].detail == "Sync, on schedule"
        dialog.close_button.click()
        await until(lambda: window.findChild(WhyDialog) is None)


async def test_a_transfer_names_its_partner_and_can_be_parted(session, themes, house):
    reviews = sample_reviews(house)
    session.database.ledger.reviews = reviews
    transfer = reviews.every[1]
    reviews.accept(transfer.id)
    place = next(n for n, row in enumerate(house.rows) if row.id == transfer.first.id)
    async with window_of(session, themes, page=PAGE) as window:
        dialog = await _why(window, place)
        assert dialog.unpair_button is not None
        dialog.unpair_button.click()
        await until(lambda: reviews.every[1].state is ReviewState.REFUSED)
        await until(lambda: "both rows count again" in window.toast.text())
        dialog.accept()


async def test_errors_stand_in_the_dialog(session, themes):
    async with window_of(session, themes, page=PAGE) as window:
        session.database.fail_with = VaultDamagedError()
        dialog = await _why(window, 0)
        await until(dialog.error.isVisible)
        dialog.accept()


async def test_the_row_menu(session, themes, house):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.table.select_only(0)
        rect = page.table.visualRect(page.model.index(2, 1))
        page.row_actions.open_menu(rect.center())
        menu = page.row_actions.menu
        assert menu.isVisible()
        assert page.table.selected_rows() == [2]
        texts = [entry.text() for entry in menu.actions() if entry.text()]
        assert texts == [
            "Set category\tC",
            "Tags\tT",
            "Hide or show\tH",
            "Reviewed or not\tR",
            "Split…\tS",
            "Why is this here?\tI",
            "Always do this for this merchant…\tA",
            "Delete\tDel",
        ]
        menu.hide()
        page.table.selectAll()
        page.row_actions.open_menu(rect.center())
        assert menu.actions()[-1].text().startswith(f"Delete {len(house.rows)} rows")
        why = next(one for one in menu.actions() if one.text().startswith("Why"))
        assert not why.isEnabled()
        menu.hide()


async def test_delete_by_key_undo_by_toast(session, themes, house):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        before = list(house.rows)
        page.table.select_only(3)
        QTest.keyClick(page.table, Qt.Key.Key_Delete)
        await until(lambda: page.model.rowCount() == len(before) - 1)
        assert window.toast.text() == "1 transaction deleted"
        window.toast._act()
        await until(lambda: page.model.rowCount() == len(before))
        assert house.rows == before


async def test_several_are_deleted_and_restored_from_the_list(session, themes, house):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        gone = house.rows[1:3]
        page.table.select_only(1)
        QTest.keyClick(page.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
        page.row_actions.delete()
        await until(lambda: window.toast.text() == "2 transactions deleted")
        page._deleted.click()
        dialog = await opened(page, DeletedDialog)
        await dialog.model.settled()
        assert [each.row for each in dialog.model.rows()] == gone
        line = dialog.model.lines()[0]
        assert line.title == (gone[0].merchant or gone[0].name)
        assert line.right_detail.startswith("Deleted")
        dialog.view.selectAll()
        assert dialog.restore.text() == "Restore 2"
        dialog.restore.click()
        await until(lambda: dialog.stack.shown() == "empty")
        assert not dialog.restore.isEnabled()
        assert gone[0] in house.rows
        dialog.close_button.click()
        await until(lambda: page.findChild(DeletedDialog) is None)


async def test_ctrl_z_brings_deleted_rows_back(session, themes, house):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        count = len(house.rows)
        page.table.select_only(0)
        page.row_actions.delete()
        await until(lambda: len(house.rows) == count - 1)
        await press(window, Qt.Key.Key_Z)
        await until(lambda: len(house.rows) == count)


def test_words_of_edits_and_of_rows_that_left(house):
    batch = BatchId(b"b" * 16)
    row = house.rows[0]

    def text(field, after):
        edit = Edit("transaction", row.id, field, None, after, NOW, batch)
        return why_words.entries([], [edit])[0].text

    assert text("deleted", "1") == "You deleted it"
    assert text("deleted", None) == "You restored it"
    assert text("merged", "x") == "You merged it with another row"
    journal = sample_runs(house)
    gone = journal.done[journal.all_runs[0].id][:1]
    assert why_words.subject(None, gone, []).detail.endswith("not in the ledger")
    assert why_words.subject(None, [], []).name == "This row is not in the ledger"
    assert why_words.subject(row, [], house.accounts).detail.endswith("Pending")
