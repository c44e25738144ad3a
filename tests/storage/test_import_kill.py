"""An import that is killed leaves all of it or nothing; one half undone goes on."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from hive_desktop.domain.ledger import TransactionQuery
from tests.importing import row, statement
from tests.storage.test_imports import DAY, Desk

ROWS = 3_000
CHILD = """
import os, signal, sys
from datetime import date
from pathlib import Path
sys.path.insert(0, {root!r})
from tests.storage import conftest as kit
from tests.storage.test_imports import Desk
from tests.storage.test_import_kill import file_of
from hive_desktop.adapters.storage import import_rows, uow
from hive_desktop.adapters.storage.store import FileVaultStore

folder, point = Path(sys.argv[1]), sys.argv[2]
clock = kit.FixedClock()
store = FileVaultStore(clock=clock, keychain=kit.MemoryKeychain(), kdf=kit.CHEAP)
ledger = kit.Ledger(store, folder, store.unlock(folder, kit.PASSPHRASE))
desk = Desk(ledger, clock, folder.parent)

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

def die_at_the_third(module, name):
    work, calls = getattr(module, name), []
    def counted(*given, **more):
        calls.append(1)
        return die() if len(calls) == 3 else work(*given, **more)
    setattr(module, name, counted)

if point == "rows":
    die_at_the_third(import_rows, "inserts")
elif point == "taken in":
    import_rows.ROWS_A_STEP = 500
    die_at_the_third(import_rows.derived, "refresh")
elif point == "labels":
    uow.LedgerWrites.conclude = die
if point == "undo":
    done = desk.take(file_of(desk))
    desk.ledger.run(desk.people.undo(done.batch, lambda *_: die()))
desk.take(file_of(desk))
die()
"""


def file_of(desk):
    rows = [row(DAY + at % 10, 100 + at, f"Shop {at}", line=at) for at in range(ROWS)]
    return desk.file("big.ofx", statement(rows))


@pytest.mark.parametrize(
    ("point", "left"),
    [("rows", 0), ("taken in", 0), ("labels", 0), ("committed", ROWS), ("undo", ROWS - 1_000)],
)
def test_what_is_killed_leaves_a_whole(  # noqa: PLR0917 - fixtures
    point, left, store, folder, keys, kit, clock, tmp_path
):
    code = CHILD.format(root=str(Path(__file__).parents[2]))
    run = subprocess.run(
        [sys.executable, "-c", code, str(folder), point],
        check=False,
        timeout=180,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])},
    )
    assert run.returncode == -signal.SIGKILL
    ledger = kit.Ledger(store, folder, keys)
    try:
        desk = Desk(ledger, clock, tmp_path)
        assert ledger.read(lambda reads: reads.count(TransactionQuery())) == left
        path = file_of(desk)
        if point == "undo":
            desk.undo()
            assert desk.rows() == []
            assert ledger.read(lambda reads: reads.accounts()) == []
            return
        done = desk.take(path)
        assert (done.counts.new, done.counts.matched) == (ROWS - left, left)
    finally:
        ledger.close()
