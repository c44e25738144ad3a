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


@pytest.mark.timeout(120)
@pytest.mark.parametrize("step", [4, pytest.param(1, marks=pytest.mark.full)])
def test_killed_at_every_file_operation(store, folder, keys, kit, clock, step):
    usb = folder.parent / "usb"
    usb.mkdir()
    places = (store.backups.own_place(folder), usb)
    ledger = kit.Ledger(store, folder, keys)
    ledger.apply(ledger.with_bank("checking"), [kit.bank_row(f"p{at}") for at in range(40)])
    ledger.write(lambda writes: writes.put_setting("backup.folder", str(usb)))
    ledger.close()
    kills = 0
    for count in range(0, 100, step):
        before = store.unlock(folder, kit.PASSPHRASE)
        for place in places:
            if not store.backups.found(place):
                store.backups.make(folder, before, place, clock.now())

        def work(count=count, before=before):
            kill_at(count, folder.parent, kit.die)
            store.rekey(folder, before)

        code = kit.in_child(work)
        opened = store.unlock(folder, kit.PASSPHRASE)
        ledger = kit.Ledger(store, folder, opened)
        if opened != before:
            assert [store.backups.found(place) for place in places] == [[], []]
        assert ledger.read(lambda reads: reads.count(TransactionQuery(text="row"))) == 40
        ledger.close()
        assert len(read_header(folder).database_keys) == 1
        assert not list(folder.glob("ledger.db.rekey*"))
        if code == 0:
            break
        assert code == -9
        kills += 1
    assert kills * step > 10
    assert code == 0
