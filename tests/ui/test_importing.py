"""Files in the window: three steps by keys, one toast to undo, dropped and opened alike."""

import threading
import time
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QLabel

from hive_desktop import bootstrap
from hive_desktop.config import AppConfig
from hive_desktop.demo import WindowDemo
from hive_desktop.domain.changes import Actor
from hive_desktop.domain.csv_layouts import DateOrder, Sign
from hive_desktop.domain.days import to_day
from hive_desktop.domain.importing import Verdict
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.domain.manual import ManualKind
from hive_desktop.ports.errors.files import ImportStoppedError
from hive_desktop.services import stoppable
from hive_desktop.services.categorize import Categorizer
from hive_desktop.services.importing_ending import Ending
from hive_desktop.ui.desktop import Desktop
from hive_desktop.ui.importing.dialog import ImportDialog
from hive_desktop.ui.importing.past import PastImportsDialog
from hive_desktop.ui.kit.confirm import ConfirmDialog
from hive_desktop.ui.page import PageName
from hive_desktop.ui.why import WhyDialog
from tests.bench.bulk_vault import make_vault
from tests.ui.conftest import flush_deletes
from tests.ui.helpers import opened, until

TODAY = date(2026, 11, 23)
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
OFX = """OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:USASCII
CHARSET:1252
COMPRESSION:NONE
OLDFILEUID:NONE
NEWFILEUID:NONE

<OFX><BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS>
<STMTRS><CURDEF>EUR<BANKACCTFROM><BANKID>123<ACCTID>99004321<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20261101<DTEND>20261120
<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20261102<TRNAMT>-12.50<FITID>a1<NAME>Zebra Bakery</STMTTRN>
<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20261105<TRNAMT>1500.00<FITID>a2<NAME>Zebra Works</STMTTRN>
</BANKTRANLIST><LEDGERBAL><BALAMT>1600.00<DTASOF>20261120</LEDGERBAL>
</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""
TABLE = "When;What;Howmuch\n" + "".join(
    f"0{at}/03/2026;Zebra shop {at};{at}0,50\n" for at in range(1, 9)
)


@pytest.fixture(scope="module")
def vault(tmp_path_factory):
    folder = tmp_path_factory.mktemp("files") / "vault"
    with ThreadPoolExecutor(1) as pool:
        return folder, pool.submit(make_vault, folder, 60, today=TODAY).result()


@pytest.fixture
def desktop(qloop, themes, vault):
    clock = bootstrap.clock_of(TODAY)
    life = bootstrap.lifecycle(AppConfig.default(vault[0]), clock, WindowDemo(clock))
    made = Desktop(life, themes, mark=lambda _moment: None)
    yield made
    qloop.run_until_complete(life.lock())
    qloop.run_until_complete(made.close())


async def shown(desktop, vault):
    await desktop.lifecycle.unlock_with(vault[1])
    desktop.show()
    window = desktop.session_window
    window.show_page(PageName.TRANSACTIONS)
    await window.current_page().settled()
    return window, desktop.lifecycle.session.ledger


async def at_files(window):
    dialog = await opened(window, ImportDialog)
    await until(lambda: dialog.steps.shown() != "busy")
    return dialog


async def test_files_are_read_compared_imported_and_undone(desktop, vault, tmp_path):
    window, ledger = await shown(desktop, vault)
    before = await ledger.count(TransactionQuery())
    good, bad = tmp_path / "statement.ofx", tmp_path / "holiday.jpg"
    good.write_text(OFX)
    bad.write_bytes(b"\xff\xd8\xff\xe0" + bytes(200))
    window.imports.take([good, bad])
    dialog = await at_files(window)
    (field,) = dialog.account_fields()
    assert field.text() == "New account"
    assert "4321" in dialog.files.places[0][0].new.name.text()
    dialog.go_on.click()
    await until(lambda: dialog.steps.shown() == "outcome")
    assert dialog.outcome.tabs.value() is Verdict.NEW
    assert "12.50" in dialog.outcome.sums.text()
    dialog.back.click()
    assert dialog.steps.shown() == "files"
    dialog.go_on.click()
    await until(lambda: dialog.steps.shown() == "outcome")
    dialog.go_on.click()
    await until(lambda: "2 rows are imported" in window.toast.text())
    assert await ledger.count(TransactionQuery()) == before + 2
    (account,) = [one for one in await ledger.accounts() if "4321" in one.name]
    assert account.balance_current_minor == 160_000
    window.imports.take([good])
    again = await at_files(window)
    assert account.title in again.account_fields()[0].text()
    again.go_on.click()
    await until(lambda: again.steps.shown() == "outcome")
    assert again.outcome.tabs.value() is Verdict.MATCHED
    assert again.go_on.text() == "Done"
    assert "statement.ofx" in again.outcome.before.text()
    again.go_on.click()
    await until(lambda: "nothing to add" in window.toast.text())
    window.undo()
    await until(lambda: "2 imported rows are taken out again" in window.toast.text())
    assert await ledger.count(TransactionQuery()) == before
    await desktop.lifecycle.lock()


async def test_a_table_that_is_unsure_is_shown_and_its_correction_kept(desktop, vault, tmp_path):
    window, _ledger = await shown(desktop, vault)
    path = tmp_path / "odd.csv"
    path.write_text(TABLE)
    window.imports.take([path])
    dialog = await at_files(window)
    currency = dialog.files.places[0][0].new.currency
    assert currency.text() == "USD"
    currency.setText("nok")
    dialog.go_on.click()
    assert dialog.steps.shown() == "table", "the order of these days is not known"
    dialog.grid.order.choose(DateOrder.MDY)
    await dialog.settled()
    assert "8 rows" in dialog.read_words.text()
    dialog.go_on.click()
    assert dialog.steps.shown() == "files"
    dialog.go_on.click()
    await until(lambda: dialog.steps.shown() == "outcome")
    dialog.go_on.click()
    await until(lambda: "8 rows are imported" in window.toast.text())
    every = await desktop.lifecycle.session.ledger.accounts()
    assert [one.currency for one in every if one.name == "odd"] == ["NOK"]
    source = await desktop.lifecycle.session.importing.open(path)
    assert source.guess.layout.date_order is DateOrder.MDY
    assert source.guess.confidence == 1.0
    await desktop.lifecycle.lock()


async def check_columns(dialog):
    """The columns' page shows at once how rows are read, and Back takes back what was said."""
    assert dialog.steps.shown() == "table"
    assert "Mar 1, 2026, Tapir shop 1: $10.50 out" in dialog.read_words.text()
    dialog.grid.order.choose(DateOrder.MDY)
    dialog.grid.sign.choose(Sign.IN_POSITIVE)
    await dialog.settled()
    assert "Jan 3, 2026, Tapir shop 1: $10.50 in" in dialog.read_words.text()
    dialog.grid.roles[2].choose(None)
    await dialog.settled()
    assert "8 refused\nLine 2: There is no amount." in dialog.read_words.text()
    dialog.back.click()
    await dialog.settled()
    assert dialog._sources[1].guess.layout.date_order is DateOrder.DMY


async def test_what_is_said_of_files_and_new_accounts_holds(desktop, vault, tmp_path):
    window, _ledger = await shown(desktop, vault)
    table, old = tmp_path / "odd.csv", tmp_path / "old.qif"
    table.write_text(TABLE.replace("Zebra", "Tapir").replace("When", "Whenever"))
    old.write_text("!Type:Bank\nD01/02/2026\nT-20.00\nPTapir bakery\n^\n")
    window.imports.take([old, table])
    dialog = await at_files(window)
    qif, csv = (some[0].new for some in dialog.files.places)
    assert dialog.files.orders[0].value() is DateOrder.MDY
    qif.name.setText("Tapir giro")
    qif.kind.choose(ManualKind.SAVINGS)
    dialog.account_fields()[1].choose(2)
    chosen = dialog.account_fields()[1].text()
    assert not csv.isVisible()
    dialog.files.orders[0].choose(DateOrder.DMY)
    await dialog.settled()
    assert dialog._sources[0].read.statements[0].rows[0].day == to_day(date(2026, 2, 1))
    # What was chosen stays, whatever is read anew.
    assert dialog.files.places[0][0].new.name.text() == "Tapir giro"
    assert dialog.account_fields()[1].text() == chosen
    dialog.go_on.click()
    await check_columns(dialog)
    dialog.go_on.click()
    dialog.go_on.click()
    dialog.account_fields()[1].choose(len(dialog.files.places[1][0].targets) - 1)
    dialog.go_on.click()
    await until(lambda: dialog.steps.shown() == "outcome")
    dialog.go_on.click()
    await until(lambda: "1 row is imported" in window.toast.text())
    every = await desktop.lifecycle.session.ledger.accounts()
    assert [one.subtype for one in every if one.name == "Tapir giro"] == ["savings"]
    await desktop.lifecycle.lock()


async def test_an_order_that_cannot_be_read_is_not_shown_as_taken(desktop, vault, tmp_path):
    window, _ledger = await shown(desktop, vault)
    old = tmp_path / "old.qif"
    old.write_text("!Type:Bank\nD01/02/2026\nT-20.00\nPTapir bakery\n^\n")
    window.imports.take([old])
    dialog = await at_files(window)
    old.unlink()
    dialog.files.orders[0].choose(DateOrder.DMY)
    await dialog.settled()
    assert dialog.error.isVisible()
    assert dialog.files.orders[0].value() is DateOrder.MDY
    dialog.stop()
    await desktop.lifecycle.lock()


async def test_a_file_without_rows_makes_no_account(desktop, vault, tmp_path):
    window, ledger = await shown(desktop, vault)
    before = len(await ledger.accounts())
    (tmp_path / "none.csv").write_text("Date,Description,Amount\n")
    window.imports.take([tmp_path / "none.csv"])
    dialog = await at_files(window)
    dialog.go_on.click()
    await until(lambda: dialog.steps.shown() == "outcome")
    dialog.go_on.click()
    await until(lambda: "there is no row in it" in window.toast.text())
    assert len(await ledger.accounts()) == before
    await desktop.lifecycle.lock()


async def test_dropped_files_open_the_dialog(desktop, vault, tmp_path):
    window, _ledger = await shown(desktop, vault)
    path = tmp_path / "statement.ofx"
    path.write_text(OFX)
    assert not window.shell.topbar.search.acceptDrops()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    enter = QDragEnterEvent(
        QPoint(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    drop = QDropEvent(
        QPointF(5, 5),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(window, drop)
    dialog = await at_files(window)
    assert len(dialog.account_fields()) == 1
    dialog.reject()
    await desktop.lifecycle.lock()


async def test_no_file_at_all_leaves_nothing_to_go_on_with(desktop, vault, tmp_path):
    window, ledger = await shown(desktop, vault)
    before = await ledger.count(TransactionQuery())
    window.imports.take([tmp_path / "gone.ofx"])
    dialog = await at_files(window)
    assert dialog.account_fields() == []
    assert not dialog.go_on.isEnabled()
    dialog.reject()
    assert await ledger.count(TransactionQuery()) == before
    await desktop.lifecycle.lock()


async def test_an_archive_shows_each_of_its_files_and_which_cannot_be_read(
    desktop, vault, tmp_path
):
    window, _ledger = await shown(desktop, vault)
    with zipfile.ZipFile(tmp_path / "year.zip", "w") as archive:
        archive.writestr("one.ofx", OFX)
        archive.writestr("two.ofx", OFX.replace("Zebra Bakery", "Zebra Kiosk"))
        archive.writestr("letter.pdf", b"%PDF-1.7")
    window.imports.take([tmp_path / "year.zip"])
    dialog = await at_files(window)
    assert [one.name for one in dialog._sources] == ["one.ofx", "two.ofx"]
    assert [name for name, _ in dialog._refused] == ["letter.pdf"]
    assert len(dialog.account_fields()) == 2
    dialog.reject()
    await desktop.lifecycle.lock()


async def check_origin(window, brought):
    """The dialog on a row, and the pane beside the table, say which file it is from."""
    page = window.current_page()
    await page.settled()
    window.explain(brought.id)
    why = await opened(window, WhyDialog)
    await why.settled()
    assert [one.text for one in why.shown] == ["Imported from mine.ofx"]
    why.close_button.click()
    page.details.show_row(brought)
    await page.details.settled()
    assert [one.text for one in page.details.shown] == ["Imported from mine.ofx"]


async def test_past_imports_are_undone_and_done_again(desktop, vault, tmp_path):
    window, ledger = await shown(desktop, vault)
    before = await ledger.count(TransactionQuery())
    window.show_imports()
    empty = await opened(window, PastImportsDialog)
    await empty.settled()
    known = await desktop.lifecycle.session.importing.past.newest()
    assert empty.stack.shown() == ("list" if known else "empty")
    empty.close_button.click()
    path = tmp_path / "mine.ofx"
    path.write_text(OFX.replace("99004321", "99007777").replace("Zebra", "Gnu"))
    window.imports.take([path])
    dialog = await at_files(window)
    dialog.go_on.click()
    await until(lambda: dialog.steps.shown() == "outcome")
    dialog.go_on.click()
    await until(lambda: "2 rows are imported" in window.toast.text())
    (brought,) = await ledger.page(TransactionQuery(text="Gnu Works"))
    await check_origin(window, brought)
    window.show_page(PageName.SETTINGS)
    page = window.current_page()
    page.importing.past.click()
    past = await opened(window, PastImportsDialog)
    await past.settled()
    names = {way.accessibleName(): batch for batch, way in past.ways.items()}
    batch = names["Undo the import of mine.ofx"]
    past.ways[batch].click()
    question = await opened(past, ConfirmDialog)
    said = " ".join(one.text() for one in question.findChildren(QLabel))
    assert "2 rows leave the ledger." in said
    assert "7777” was made by this import and leaves too." in said
    question.confirm.click()
    await until(lambda: past.ways[batch].text() == "Redo")
    assert await ledger.count(TransactionQuery()) == before
    assert past.ways[batch].hasFocus() or not past.isActiveWindow()
    past.ways[batch].click()
    await until(lambda: past.ways[batch].text() == "Undo")
    assert await ledger.count(TransactionQuery()) == before + 2
    past.close_button.click()
    await desktop.lifecycle.lock()


async def test_a_long_reading_says_how_far_it_is_and_is_stopped(
    desktop, vault, tmp_path, monkeypatch
):
    window, _ledger = await shown(desktop, vault)
    importing = desktop.lifecycle.session.importing
    gone, ended = threading.Event(), threading.Event()

    def read(*_given, heard, **_facts):
        assert heard(400, 1000)
        assert gone.wait(30)
        while heard(500, 1000):
            time.sleep(0.01)
        ended.set()
        raise ImportStoppedError

    monkeypatch.setattr(importing._reader, "read", read)
    monkeypatch.setattr(stoppable, "_TELL_EVERY_S", 0.0)
    before = len(await importing.past.newest())
    path = tmp_path / "long.ofx"
    path.write_text(OFX)
    window.imports.take([path])
    dialog = await opened(window, ImportDialog)
    await until(lambda: dialog.progress.share() == 0.4)
    assert dialog.progress.words() == "Reading long.ofx"
    dialog.cancel.click()
    await until(lambda: window.imports.dialog is None)
    flush_deletes()
    gone.set()  # what is read tells how far it is when there is nobody any more
    await until(ended.is_set)
    assert len(await importing.past.newest()) == before
    await desktop.lifecycle.lock()


async def cancelled(window, path, is_time):
    """Import a file, and cancel that in the window when it is time."""
    window.imports.take([path])
    dialog = await at_files(window)
    dialog.go_on.click()
    await until(lambda: dialog.steps.shown() == "outcome")
    dialog.go_on.click()
    await until(is_time)
    dialog.cancel.click()
    return dialog


async def test_an_import_that_is_stopped_while_it_writes_leaves_nothing(
    desktop, vault, tmp_path, monkeypatch
):
    window, ledger = await shown(desktop, vault)
    gate, is_writing = threading.Event(), threading.Event()
    conclude = Categorizer.conclude

    def slowly(self, writes, step):
        is_writing.set()
        gate.wait(30)
        return conclude(self, writes, step)

    monkeypatch.setattr(Categorizer, "conclude", slowly)
    before = await ledger.count(TransactionQuery())
    path = tmp_path / "mine.ofx"
    path.write_text(OFX.replace("99004321", "99008888").replace("Zebra", "Okapi"))
    await cancelled(window, path, is_writing.is_set)
    await until(lambda: window.imports.dialog is None)
    gate.set()
    database = desktop.lifecycle.session.database
    await database.write(lambda _writes: None, actor=Actor.PERSON)  # comes after the import's turn
    assert await ledger.count(TransactionQuery()) == before
    assert "8888" not in " ".join(one.name for one in await ledger.accounts())
    # After the last step it is too late: the window waits, and says what came.
    gate.clear()
    is_over, go_on = threading.Event(), Ending.go_on

    def go_on_slowly(self, *, is_last=False):
        go_on(self, is_last=is_last)
        if is_last:
            is_over.set()
            gate.wait(30)

    monkeypatch.setattr(Categorizer, "conclude", conclude)
    monkeypatch.setattr(Ending, "go_on", go_on_slowly)
    dialog = await cancelled(window, path, is_over.is_set)
    assert window.imports.dialog is dialog
    assert dialog.isVisible()
    gate.set()
    await until(lambda: window.imports.dialog is None)
    await until(lambda: "2 rows are imported" in window.toast.text())
    assert await ledger.count(TransactionQuery()) > before
    await desktop.lifecycle.lock()
