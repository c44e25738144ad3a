"""A rekey that is killed anywhere leaves a vault that opens with everything in it."""

import sys

import pytest

from hive_desktop.adapters.storage.header import read_header
from hive_desktop.domain.ledger import TransactionQuery

WATCHED = {"open", "os.rename", "os.remove", "os.rmdir", "shutil.rmtree"}


def kill_at(count, folder, die):
    """Die at the count-th file operation inside the folder."""
    left = count

    def hook(event, arguments):
        nonlocal left
        if event not in WATCHED or str(folder) not in str(arguments[0]):
            return
        if left == 0:
            die()
        left -= 1

    sys.addaudithook(hook)


@pytest.mark.timeout(60)
def test_killed_at_every_file_operation(store, folder, keys, kit):
    ledger = kit.Ledger(store, folder, keys)
    ledger.apply(ledger.with_bank("checking"), [kit.bank_row(f"p{at}") for at in range(40)])
    ledger.close()
    kills = 0
    for count in range(100):

        def work(count=count):
            current = store.unlock(folder, kit.PASSPHRASE)
            kill_at(count, folder, kit.die)
            store.rekey(folder, current)

        code = kit.in_child(work)
        opened = store.unlock(folder, kit.PASSPHRASE)
        ledger = kit.Ledger(store, folder, opened)
        assert ledger.read(lambda reads: reads.count(TransactionQuery(text="row"))) == 40
        ledger.close()
        assert len(read_header(folder).database_keys) == 1
        assert not list(folder.glob("ledger.db.rekey*"))
        if code == 0:
            break
        assert code == -9
        kills += 1
    assert kills > 10
    assert code == 0
