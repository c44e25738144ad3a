"""Making a vault, and every way in and out of it."""

import hashlib
import shutil
import stat

import pytest

from hive_desktop.adapters.storage import header as header_module
from hive_desktop.adapters.storage import recovery_kit
from hive_desktop.adapters.storage import store as store_module
from hive_desktop.adapters.storage.header import HEADER_FILE, read_header
from hive_desktop.adapters.storage.lock import OwnerLock
from hive_desktop.adapters.storage.slots import DEFAULT_KDF
from hive_desktop.adapters.storage.store import FileVaultStore
from hive_desktop.domain.categories import DEFAULT_CATEGORIES
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.ports.errors import (
    KeychainError,
    UsageError,
    VaultBusyError,
    VaultDamagedError,
    VaultExistsError,
    VaultUnwritableError,
    WrongKeyError,
)


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_vault_opens_with_passphrase_and_kit(store, folder, kit):
    keys, text = store.create(folder, kit.PASSPHRASE)
    assert store.exists(folder)
    assert store.unlock(folder, kit.PASSPHRASE) == keys
    assert store.unlock_recovery(folder, text) == keys
    assert len({keys.master, keys.database, keys.egress}) == 3
    info = store.info(folder)
    assert [slot.kind for slot in info.slots] == ["passphrase", "recovery"]
    assert info.created_at.isoformat() == "2026-03-14T12:00:00+00:00"


def test_everything_is_private(store, folder, keys, ledger):
    ledger.with_bank("checking")
    assert mode(folder) == 0o700
    assert mode(folder / "backups") == 0o700
    for path in folder.iterdir():
        if path.is_file():
            assert mode(path) == 0o600, path.name


def test_a_loose_folder_is_tightened(store, folder, kit):
    folder.mkdir(mode=0o755)
    store.create(folder, kit.PASSPHRASE)
    assert mode(folder) == 0o700


def test_the_real_costs_are_used_by_default(tmp_path, clock, keychain, kit):
    real = FileVaultStore(clock=clock, keychain=keychain)
    keys, _ = real.create(tmp_path / "real", kit.PASSPHRASE)
    (slot,) = (one for one in read_header(tmp_path / "real").slots if one.kdf)
    assert slot.kdf == DEFAULT_KDF
    assert (DEFAULT_KDF.memory_kib, DEFAULT_KDF.passes, DEFAULT_KDF.lanes) == (65536, 3, 4)
    assert real.unlock(tmp_path / "real", kit.PASSPHRASE) == keys


def test_a_new_ledger_has_the_default_categories(ledger):
    found = ledger.read(lambda reads: reads.categories())
    assert [(one.name, one.kind, one.color, one.icon) for one in found] == list(DEFAULT_CATEGORIES)
    assert ledger.read(lambda reads: reads.count(TransactionQuery())) == 0
    assert ledger.read(lambda reads: reads.history_span()) is None


@pytest.mark.parametrize("passphrase", ["", "short", "1234567", "          "])
def test_a_weak_passphrase_is_refused(store, folder, keys, passphrase, tmp_path):
    with pytest.raises(UsageError):
        store.create(tmp_path / "weak", passphrase)
    assert not (tmp_path / "weak").exists()
    with pytest.raises(UsageError):
        store.change_passphrase(folder, keys, passphrase)


def test_the_wrong_passphrase_opens_nothing(store, folder, keys, kit):
    for wrong in ("", "correct horse batter", kit.PASSPHRASE + " ", kit.PASSPHRASE.upper()):
        with pytest.raises(WrongKeyError) as caught:
            store.unlock(folder, wrong)
        assert caught.value.exit_code == 3
        assert wrong == "" or wrong not in str(caught.value)


def test_accents_open_however_they_were_typed(store, tmp_path):
    keys, _ = store.create(tmp_path / "v", "caf\u00e9 au lait \ufb01ne")
    assert store.unlock(tmp_path / "v", "cafe\u0301 au lait fine") == keys


def test_a_folder_with_a_vault_is_left_alone(store, folder, keys, kit):
    before = (folder / HEADER_FILE).read_bytes()
    with pytest.raises(VaultExistsError):
        store.create(folder, "another passphrase")
    (folder / HEADER_FILE).unlink()
    with pytest.raises(VaultExistsError):
        store.create(folder, "another passphrase")
    (folder / HEADER_FILE).write_bytes(before)
    assert store.unlock(folder, kit.PASSPHRASE) == keys


def test_of_two_that_make_one_vault_at_once_one_does(store, tmp_path, kit):
    """The second comes while the first is at its ledger, and takes nothing of it away."""
    folder, told = tmp_path / "new", []

    def fill(*given):
        with pytest.raises(VaultBusyError) as caught:
            store.create(folder, "another passphrase")
        told.append(caught.value)
        store_module._new_ledger(*given)

    keys, _ = store.create(folder, kit.PASSPHRASE, fill=fill)
    assert len(told) == 1
    assert (folder / "backups").is_dir()
    assert store.unlock(folder, kit.PASSPHRASE) == keys
    with pytest.raises(WrongKeyError):
        store.unlock(folder, "another passphrase")
    with pytest.raises(VaultExistsError):
        store.create(folder, "another passphrase")


def test_a_new_passphrase_replaces_the_old_one(store, folder, keys, kit):
    old_header = (folder / HEADER_FILE).read_bytes()
    store.change_passphrase(folder, keys, "a new passphrase")
    assert store.unlock(folder, "a new passphrase") == keys
    with pytest.raises(WrongKeyError):
        store.unlock(folder, kit.PASSPHRASE)
    (folder / HEADER_FILE).write_bytes(old_header)
    assert store.unlock(folder, kit.PASSPHRASE) == keys


def test_a_new_kit_replaces_the_old_one(store, folder, kit):
    keys, old = store.create(folder, kit.PASSPHRASE)
    new = store.new_recovery_kit(folder, keys)
    assert store.unlock_recovery(folder, new) == keys
    with pytest.raises(WrongKeyError, match="recovery key"):
        store.unlock_recovery(folder, old)
    assert store.unlock(folder, kit.PASSPHRASE) == keys


def test_the_keychain_opens_while_it_is_enabled(store, folder, keys, keychain):
    with pytest.raises(KeychainError):
        store.unlock_keychain(folder)
    store.enable_keychain(folder, keys)
    assert store.unlock_keychain(folder) == keys
    (secret,) = keychain.entries.values()
    assert secret not in (keys.master, keys.database)
    store.disable_keychain(folder)
    assert not keychain.entries
    assert "keyring" not in [slot.kind for slot in store.info(folder).slots]
    with pytest.raises(KeychainError):
        store.unlock_keychain(folder)


def test_a_stale_keychain_entry_opens_nothing(store, folder, keys, keychain):
    store.enable_keychain(folder, keys)
    (name,) = keychain.entries
    keychain.entries[name] = b"\0" * 32
    with pytest.raises(WrongKeyError):
        store.unlock_keychain(folder)


def test_a_rekey_keeps_every_slot_and_every_row(store, folder, keys, keychain, kit):
    ledger = kit.Ledger(store, folder, keys)
    ledger.apply(ledger.with_bank("checking"), [kit.bank_row(f"p{at}") for at in range(50)])
    ledger.close()
    store.enable_keychain(folder, keys)
    slots = read_header(folder).slots
    old_header = (folder / HEADER_FILE).read_bytes()
    (folder / "backups" / "old").mkdir()
    fresh = store.rekey(folder, keys)
    assert fresh.master == keys.master
    assert fresh.egress == keys.egress
    assert fresh.database != keys.database
    assert read_header(folder).slots == slots
    assert store.unlock(folder, kit.PASSPHRASE) == fresh == store.unlock_keychain(folder)
    assert not (folder / "backups").exists()
    ledger = kit.Ledger(store, folder, fresh)
    assert ledger.read(lambda reads: reads.count(TransactionQuery(text="row p4"))) == 11
    ledger.close()
    with pytest.raises(VaultDamagedError):
        store.open_database(folder, keys)
    (folder / HEADER_FILE).write_bytes(old_header)
    with pytest.raises(VaultDamagedError):
        store.open_database(folder, store.unlock(folder, kit.PASSPHRASE))


def test_a_rekey_needs_the_vault_for_itself(store, folder, keys, ledger):
    with pytest.raises(VaultBusyError):
        store.rekey(folder, keys)


def test_a_copied_vault_is_a_vault(store, folder, keys, kit, tmp_path):
    shutil.copytree(folder, tmp_path / "copy")
    assert store.unlock(tmp_path / "copy", kit.PASSPHRASE) == keys


def test_a_kit_is_read_back_however_it_is_typed():
    for _ in range(200):
        secret = recovery_kit.new_secret()
        text = recovery_kit.to_text(secret)
        assert len(text) == 44
        assert recovery_kit.from_text(text) == secret
        sloppy = text.lower().replace("-", " ").replace("0", "o").replace("1", "l")
        assert recovery_kit.from_text(f" {sloppy}\n") == secret


def test_a_mistyped_kit_is_noticed():
    secret = hashlib.sha256(b"fixed").digest()[:20]
    text = recovery_kit.to_text(secret)
    for at, letter in enumerate(text):
        if letter == "-":
            continue
        wrong = "3" if letter != "3" else "4"
        with pytest.raises(WrongKeyError, match="typing error"):
            recovery_kit.from_text(text[:at] + wrong + text[at + 1 :])
    for bad in ("", text[:-1], text + "A", text.replace(text[0], "U"), "é" * 36):
        with pytest.raises(WrongKeyError):
            recovery_kit.from_text(bad)


def test_what_could_not_be_made_leaves_nothing(store, tmp_path, kit, monkeypatch):
    folder = tmp_path / "new"

    def refuse(at, header):
        header_module.write_header(at, header)
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(store_module, "write_header", refuse)
    with pytest.raises(VaultUnwritableError):
        store.create(folder, kit.PASSPHRASE)
    assert not folder.exists()
    folder.mkdir()
    with pytest.raises(VaultUnwritableError):
        store.create(folder, kit.PASSPHRASE)
    monkeypatch.undo()
    store.create(folder, kit.PASSPHRASE)


def test_who_comes_second_takes_no_lock_away(store, tmp_path, kit, monkeypatch):
    folder = tmp_path / "new"
    first = OwnerLock(folder)
    make = store_module.make_private_folder

    def overtaken(at):
        make(at)
        if at == folder:
            first.acquire()

    monkeypatch.setattr(store_module, "make_private_folder", overtaken)
    with pytest.raises(VaultBusyError):
        store.create(folder, kit.PASSPHRASE)
    assert (folder / "owner.lock").exists()
    first.release()
