"""Nothing that the ledger holds is readable in any of its files, and no key in any error."""

import tempfile
import traceback

import pytest

from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.ports.bank import AccessToken
from hive_desktop.ports.errors import HiveError

WORDS = (b"Quagmire Bakery", b"access-token-secret", b"Sorrento", b"First Bank", b"quagmire")


def files_below(folder):
    for path in folder.rglob("*"):
        if path.is_file():
            yield path, path.read_bytes()


def assert_secret(folder, *more):
    files = list(files_below(folder))
    assert files
    for path, content in files:
        for word in (*WORDS, *more):
            assert word not in content, path


def test_no_word_is_readable_in_any_file(store, folder, keys, kit, tmp_path, monkeypatch):
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    ledger = kit.Ledger(store, folder, keys)

    def work(writes):
        writes.add_item("secret-item", AccessToken("access-token-secret"), "ins_1", "First Bank")

    ledger.write(work)
    rows = [
        kit.bank_row(f"p{at}", name="Quagmire Bakery", description="Sorrento", amount=73_210_987)
        for at in range(3_000)
    ]
    ledger.apply(ledger.with_bank("checking"), rows)
    needles = (keys.master, keys.database, keys.master.hex().encode(), kit.PASSPHRASE.encode())
    assert (folder / "ledger.db-wal").stat().st_size > 0
    assert_secret(folder, *needles)
    assert ledger.read(lambda reads: reads.count(TransactionQuery(text="quagmire"))) == 3_000
    ledger.close()
    fresh = store.rekey(folder, keys)
    assert_secret(folder, *needles, fresh.database, fresh.database.hex().encode())
    assert not list(temporary.iterdir())


def test_no_secret_is_in_an_error(ledger, keys, kit):
    item_id = ledger.with_bank("checking")
    ledger.apply(item_id, [kit.bank_row("p1", name="Quagmire Bakery")])

    def again(writes):
        from hive_desktop.domain.reconcile import Plan

        run_id = writes.begin_run(item_id, "test")
        twin = kit.bank_row("p1", name="Quagmire Bakery", description="access-token-secret")
        writes.apply_plan(item_id, Plan(inserts=[twin]), run_id)

    with pytest.raises(HiveError) as caught:
        ledger.write(again)
    told = "".join(traceback.format_exception(caught.value))
    for secret in ("Quagmire", "access-token-secret", keys.database.hex(), keys.master.hex()):
        assert secret not in told
