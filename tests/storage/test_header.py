"""A header that somebody else has touched is a clear error, never a wrong open."""

import hashlib
import json

import pytest

from hive_desktop.adapters.storage import vault_file
from hive_desktop.adapters.storage.header import (
    HEADER_FILE,
    canonical,
    parse,
    read_header,
    render,
    write_header,
)
from hive_desktop.adapters.storage.slots import KdfParameters, passphrase_secret
from hive_desktop.adapters.storage.store import FileVaultStore
from hive_desktop.ports.errors import (
    HiveError,
    NoVaultError,
    VaultDamagedError,
    VaultTooNewError,
    WrongKeyError,
)


def forge(folder, change):
    """Change the header's JSON as an attacker would: a fresh checksum, and no fresh seal."""
    path = folder / HEADER_FILE
    whole = json.loads(path.read_bytes())
    change(whole)
    del whole["checksum"]
    whole["checksum"] = hashlib.sha256(canonical(whole)).hexdigest()
    path.write_bytes(json.dumps(whole, indent=2, sort_keys=True).encode() + b"\n")


def test_every_flipped_byte_is_noticed(store, folder, keys):
    raw = (folder / HEADER_FILE).read_bytes()
    for at in range(len(raw)):
        for bit in (0x01, 0x20):
            flipped = raw[:at] + bytes([raw[at] ^ bit]) + raw[at + 1 :]
            with pytest.raises((VaultDamagedError, VaultTooNewError)):
                parse(flipped)


def test_every_truncation_is_noticed(folder, keys):
    raw = (folder / HEADER_FILE).read_bytes()
    for length in range(0, len(raw), 7):
        with pytest.raises(VaultDamagedError):
            parse(raw[:length])
    with pytest.raises(VaultDamagedError):
        parse(raw + b" ")


@pytest.mark.parametrize("raw", [b"", b"[]", b"{}", b"null", b'"x"', b"\xff", b"[" * 5000])
def test_other_files_are_no_header(raw):
    with pytest.raises(VaultDamagedError):
        parse(raw)


def test_a_newer_format_is_said_to_be_newer(store, folder, keys, kit):
    forge(folder, lambda whole: whole.update(format=2))
    with pytest.raises(VaultTooNewError):
        store.unlock(folder, kit.PASSPHRASE)
    with pytest.raises(VaultTooNewError):
        store.info(folder)


def test_a_huge_header_is_not_read(store, folder, keys, kit):
    (folder / HEADER_FILE).write_bytes(b" " * 1_000_000)
    with pytest.raises(VaultDamagedError):
        store.unlock(folder, kit.PASSPHRASE)


def slot(whole, kind):
    return next(one for one in whole["slots"] if one["kind"] == kind)


@pytest.mark.parametrize(
    "change",
    [
        lambda whole: slot(whole, "passphrase")["kdf"].update(memory_kib=4),
        lambda whole: slot(whole, "passphrase")["kdf"].update(memory_kib=2**21),
        lambda whole: slot(whole, "passphrase")["kdf"].update(passes=11),
        lambda whole: slot(whole, "passphrase")["kdf"].update(passes=0),
        lambda whole: slot(whole, "passphrase")["kdf"].update(lanes=17),
        lambda whole: slot(whole, "passphrase")["kdf"].update(memory_kib=True),
        lambda whole: slot(whole, "passphrase")["kdf"].update(memory_kib=64.0),
        lambda whole: slot(whole, "passphrase")["kdf"].update(name="argon2d"),
        lambda whole: slot(whole, "passphrase").update(kdf=None),
        lambda whole: slot(whole, "passphrase").update(salt="AA=="),
        lambda whole: whole.update(slots=[]),
        lambda whole: whole.update(slots=whole["slots"] * 5),
        lambda whole: whole.update(extra=1),
        lambda whole: whole.update(database_keys=[]),
        lambda whole: whole.update(vault_id="zz"),
    ],
)
def test_unreasonable_values_are_refused_before_anything_is_derived(
    store, folder, keys, kit, change, monkeypatch
):
    forge(folder, change)

    def derived(*_):
        raise AssertionError("a key was derived")

    monkeypatch.setattr(vault_file, "open_slot", derived)
    with pytest.raises(VaultDamagedError):
        store.unlock(folder, kit.PASSPHRASE)


def test_the_programs_own_costs_refuse_a_cheap_header(folder, keys, clock, keychain, kit):
    with pytest.raises(VaultDamagedError):
        FileVaultStore(clock=clock, keychain=keychain).unlock(folder, kit.PASSPHRASE)


@pytest.mark.parametrize(
    "change",
    [
        lambda whole: slot(whole, "passphrase")["kdf"].update(passes=2),
        lambda whole: slot(whole, "passphrase")["kdf"].update(memory_kib=16),
        lambda whole: slot(whole, "passphrase").update(id="00" * 8),
        lambda whole: slot(whole, "passphrase").update(salt=slot(whole, "recovery")["salt"]),
        lambda whole: slot(whole, "passphrase").update(
            nonce=slot(whole, "recovery")["nonce"], wrapped=slot(whole, "recovery")["wrapped"]
        ),
    ],
)
def test_a_slot_is_bound_to_its_costs_and_its_place(store, folder, keys, kit, change):
    forge(folder, change)
    with pytest.raises(WrongKeyError):
        store.unlock(folder, kit.PASSPHRASE)


@pytest.mark.parametrize(
    "change",
    [
        lambda whole: whole.update(created_at="2020-01-01T00:00:00+00:00"),
        lambda whole: whole["slots"].pop(1),
        lambda whole: whole["slots"].reverse(),
        lambda whole: slot(whole, "recovery").update(created_at="2020-01-01T00:00:00+00:00"),
        lambda whole: whole["database_keys"].append(whole["database_keys"][0]),
        lambda whole: whole.update(seal="A" * 43 + "="),
    ],
)
def test_the_seal_covers_the_whole_header(store, folder, keys, kit, change):
    forge(folder, change)
    with pytest.raises(VaultDamagedError):
        store.unlock(folder, kit.PASSPHRASE)
    with pytest.raises(HiveError):
        store.change_passphrase(folder, keys, "another passphrase")


def test_a_slot_of_another_vault_opens_nothing(store, folder, keys, kit, tmp_path):
    other = tmp_path / "other"
    store.create(other, "the other passphrase")
    foreign = json.loads((other / HEADER_FILE).read_bytes())
    forge(folder, lambda whole: whole["slots"].insert(0, slot(foreign, "passphrase")))
    with pytest.raises(WrongKeyError):
        store.unlock(folder, "the other passphrase")
    with pytest.raises(VaultDamagedError):
        store.unlock(folder, kit.PASSPHRASE)


def test_another_vaults_header_or_ledger_does_not_fit(store, folder, keys, kit, tmp_path):
    other = tmp_path / "other"
    store.create(other, kit.PASSPHRASE)
    mine = (folder / HEADER_FILE).read_bytes()
    (folder / HEADER_FILE).write_bytes((other / HEADER_FILE).read_bytes())
    with pytest.raises(VaultDamagedError):
        store.open_database(folder, store.unlock(folder, kit.PASSPHRASE))
    (folder / HEADER_FILE).write_bytes(mine)
    before = (other / "ledger.db").read_bytes()
    (folder / "ledger.db").write_bytes(before)
    with pytest.raises(VaultDamagedError):
        store.open_database(folder, store.unlock(folder, kit.PASSPHRASE))
    assert (folder / "ledger.db").read_bytes() == before


def test_no_vault_is_said_so(store, tmp_path, kit):
    with pytest.raises(NoVaultError):
        store.unlock(tmp_path / "nowhere", kit.PASSPHRASE)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(NoVaultError):
        store.info(tmp_path / "file")


def test_reading_and_writing_a_header_are_inverse(folder, keys):
    header = read_header(folder)
    assert render(header) == (folder / HEADER_FILE).read_bytes()
    write_header(folder, header)
    assert read_header(folder) == header


def test_costs_have_an_upper_and_a_lower_end():
    default = KdfParameters()
    assert default.is_within(default)
    assert KdfParameters(1024 * 1024, 10, 16).is_within(default)
    assert not KdfParameters(1024 * 1024 + 1, 3, 4).is_within(default)
    assert not KdfParameters(64 * 1024 - 1, 3, 4).is_within(default)


def test_secrets_have_no_text_form(keys):
    secret = passphrase_secret("a secret phrase")
    assert "secret phrase" not in repr(secret)
    assert keys.master.hex() not in repr(keys)
    assert repr(keys) == "VaultKeys(***)"
