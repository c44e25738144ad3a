"""The list of past imports after work that ended half way: what it says and offers is how it is."""

from types import SimpleNamespace

from PySide6.QtWidgets import QLabel, QWidget

from hive_desktop.domain.ledger import AccountId, BatchId
from hive_desktop.domain.statements import FileAccount
from hive_desktop.ports.errors import UsageError
from hive_desktop.ports.import_store import ImportRecord, ImportState, PastFile, PastImport
from hive_desktop.services.tasks import TaskScope
from hive_desktop.services.undo_words import Undone
from hive_desktop.ui.importing.past import PastImportsDialog
from hive_desktop.ui.kit.pill import Pill
from tests.ui.engine import NOW
from tests.ui.helpers import until

BATCH = BatchId(b"import" + bytes(10))
RECORD = ImportRecord(
    "mine.csv", bytes(32), "csv", "csv", AccountId(bytes(16)), FileAccount(), 2_500, 0, 0, 0, BATCH,
    NOW,
)  # fmt: skip


class Past:
    """An import whose redo fails after its first slice, once."""

    def __init__(self):
        self.state = ImportState.UNDONE

    async def newest(self):
        return [PastImport(BATCH, (PastFile(RECORD, "Mine", is_gone=False),), self.state)]

    async def redo(self, batch, heard):
        assert batch == BATCH
        heard(1_000, 2_500)
        if self.state is ImportState.UNDONE:
            self.state = ImportState.PARTLY
            raise UsageError("It came meanwhile.", title="No", hint="Try again.")
        self.state = ImportState.STANDS
        return Undone(2_500, "imported", 2_500, had_rows=2_500, is_redo=True)


async def test_a_redo_that_fails_half_way_leaves_what_can_be_done_from_there(themes):
    past, said, parent = Past(), [], QWidget()
    session = SimpleNamespace(
        importing=SimpleNamespace(past=past), clock=SimpleNamespace(now=lambda: NOW)
    )
    scope = TaskScope("test")
    notices = SimpleNamespace(show_message=said.append)
    dialog = PastImportsDialog(parent, session, scope, notices, lambda: None)
    await dialog.settled()
    assert (dialog.ways[BATCH].text(), dialog.redos) == ("Redo", {})
    dialog.ways[BATCH].click()
    await until(lambda: BATCH in dialog.redos)
    shown = [one.text() for one in dialog.error.findChildren(QLabel)]
    assert "It came meanwhile." in shown
    assert dialog.ways[BATCH].text() == "Undo"
    assert dialog.redos[BATCH].text() == "Redo"
    assert [one.text() for one in dialog.findChildren(Pill)] == ["Partly undone"]
    dialog.redos[BATCH].click()
    await until(lambda: said)
    await until(lambda: not dialog.redos)
    assert dialog.ways[BATCH].text() == "Undo"
    assert dialog.error.isHidden()
    await scope.close()
    dialog.deleteLater()
    parent.deleteLater()
