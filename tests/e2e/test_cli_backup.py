"""`hive backup`: made, listed, proven, restored, with exit codes and words."""

import errno
import os
import shutil
from pathlib import Path

import pytest

from hive_desktop import bootstrap
from tests.e2e.teller import cheap_store


@pytest.fixture
def say(hive, tmp_path, monkeypatch):
    monkeypatch.setattr(bootstrap, "vault_store", cheap_store)
    folder = tmp_path / "vault"
    made = hive("vault", "create", "--vault", folder, "--json")
    assert made.code == 0, made.err

    def say(*words, code=0, **secrets):
        said = hive(*words, "--vault", folder, **secrets)
        assert said.code == code, (words, said.code, said.err, said.out)
        return said

    say.folder, say.kit = folder, made.document["recovery_kit"]
    return say


def add_row(say, name):
    accounts = say("accounts", "--json").document["accounts"]
    if not accounts:
        say("accounts", "add", "Wallet", "--currency", "EUR", "--type", "cash")
        accounts = say("accounts", "--json").document["accounts"]
    say("transactions", "add", accounts[0]["id"], name, "--out", "3.50")


def total(say):
    return say("transactions", "--json").document["total"]


def test_the_whole_way_round(say, tmp_path):
    assert say("backup", "list").err.startswith("No backup yet")
    add_row(say, "Before")
    made = say("backup", "now", "--json").document["backup"]
    assert made["schema"]
    add_row(say, "After")
    (listed,) = say("backup", "list", "--json").document["backups"]
    assert listed == made
    (proven,) = say("backup", "verify", "--json").document["backups"]
    assert (proven["is_whole"], proven["transactions"], proven["accounts"]) == (True, 1, 1)
    assert "1 transaction in 1 account" in say("backup", "verify", made["file"]).err

    asked = say("backup", "restore", code=2)
    assert "--yes" in asked.err
    assert total(say) == 2
    done = say("backup", "restore", "--yes", "--json").document
    assert done["backup"]["transactions"] == 1
    assert total(say) == 1
    aside = done["aside"]
    assert aside.startswith(f"{say.folder}-replaced-")
    assert say("backup", "list", "--json").document["backups"] == [made]


def test_on_a_new_computer_the_file_and_the_kit_are_enough(say, tmp_path):
    add_row(say, "Kept")
    usb = tmp_path / "usb"
    usb.mkdir()
    assert say("backup", "folder", usb).out.strip() == str(usb)
    say("backup", "now")
    say("vault", "change-passphrase", HIVE_NEW_PASSPHRASE="quite another passphrase")
    shutil.rmtree(say.folder)
    (found,) = say("backup", "list", "--in", usb, "--json", passphrase=None).document["backups"]
    wrong = say("backup", "restore", found["file"], code=3, passphrase="quite another passphrase")
    assert "passphrase of the day of the backup" in wrong.err
    assert not say.folder.exists()
    told = say("backup", "restore", "--in", usb, "--with-kit", HIVE_RECOVERY_KIT=say.kit)
    assert "1 transaction in 1 account" in told.err
    assert total(say) == 1


def test_a_damaged_one_is_exit_1_and_set_aside(say):
    add_row(say, "Kept")
    file = say("backup", "now", "--json").document["backup"]["file"]
    with Path(file).open("r+b") as raw:
        raw.seek(5000)
        raw.write(b"nothing of worth")
    (told,) = say("backup", "verify", "--json", code=1).document["backups"]
    assert not told["is_whole"]
    assert "set aside" in told["error"]
    assert "No backup" in say("backup", "verify", code=1).err
    assert "No backup" in say("backup", "restore", "--yes", code=1).err


def test_what_is_no_backup_is_refused(say, tmp_path):
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear bank")
    for words in (("verify", letter), ("restore", letter, "--yes"), ("restore", "gone", "--yes")):
        assert ".hivebackup" in say("backup", *words, code=1).err
    assert say("backup", "folder", tmp_path / "nowhere", code=1).err
    assert say("backup", "folder").out.strip() == str(say.folder / "backups")


def test_a_rekey_tells_of_the_backups_that_went(say):
    say("backup", "now")
    told = say("vault", "change-passphrase", "--rekey", HIVE_NEW_PASSPHRASE="quite another one")
    assert "hive backup now" in told.err
    listed = say("backup", "list", "--json", passphrase="quite another one").document
    assert listed["backups"] == []


def test_a_restore_that_was_cut_off_is_settled_by_the_next_command(say):
    add_row(say, "Before")
    say("backup", "now")
    kept, fresh = say.folder.with_name("kept"), say.folder.with_name("vault.restoring")
    shutil.copytree(say.folder, kept, ignore=shutil.ignore_patterns("*.lock", "backups"))
    add_row(say, "After")
    kept.rename(fresh)
    aside = say.folder.with_name("vault-replaced-20260314T120000Z")
    say.folder.with_name("vault.restore.json").write_text(f'{{"aside": "{aside.name}"}}')
    say.folder.rename(aside)
    assert total(say) == 1
    assert not fresh.exists()
    assert say("backup", "list", "--json").document["backups"]


def test_one_that_is_cut_short_is_told_among_all_and_the_others_are_proven(say):
    add_row(say, "Kept")
    file = Path(say("backup", "now", "--json").document["backup"]["file"])
    shutil.copy(file, file.with_name("hive-20260101T000000Z.hivebackup"))
    os.truncate(file, 5000)
    good, bad = say("backup", "verify", "--json", code=1).document["backups"]
    assert good["is_whole"]
    assert not bad["is_whole"]
    assert bad["file"] == str(file)
    told = say("backup", "verify", code=1)
    assert file.name in told.err
    assert "is whole" in told.err
    named = say("backup", "verify", file.name, code=1)
    assert "does not hold what was written" in named.err


def test_the_newest_of_this_vault_is_restored_and_of_no_other(say, hive, tmp_path):
    usb, other = tmp_path / "usb", tmp_path / "other"
    usb.mkdir()
    add_row(say, "Mine")
    say("backup", "folder", usb)
    mine = say("backup", "now", "--json").document["backup"]
    for words in (("vault", "create"), ("backup", "folder", usb), ("backup", "now")):
        assert hive(*words, "--vault", other).code == 0
    both = say("backup", "list", "--in", usb, "--json").document["backups"]
    theirs = next(Path(one["file"]) for one in both if one != mine)
    theirs.rename(usb / "hive-20990101T000000Z.hivebackup")  # in order before mine
    both = say("backup", "list", "--in", usb, "--json").document["backups"]
    assert mine == both[1]
    done = say("backup", "restore", "--in", usb, "--yes", "--json").document
    assert done["backup"]["file"] == mine["file"]


def test_a_folder_of_other_things_is_not_put_aside_unasked(say, hive, tmp_path):
    made = say("backup", "now", "--json").document["backup"]
    letters = tmp_path / "letters"
    letters.mkdir()
    (letters / "one.txt").write_text("Dear bank")
    asked = hive("backup", "restore", made["file"], "--vault", letters)
    assert "--yes" in asked.err
    assert [one.name for one in letters.iterdir()] == ["one.txt"]
    (letters / "one.txt").unlink()
    assert hive("backup", "restore", made["file"], "--vault", letters).code == 0
    assert (letters / "vault.json").exists()


def test_another_vaults_backup_replaces_none_unasked(say, hive, tmp_path):
    other = tmp_path / "other"
    assert hive("vault", "create", "--vault", other).code == 0
    made = hive("backup", "now", "--json", "--vault", other).document["backup"]
    add_row(say, "Mine")
    refused = say("backup", "restore", made["file"], "--yes", code=2)
    assert "backup of another vault" in refused.err
    assert "--another-vault" in refused.err
    assert total(say) == 1
    say("backup", "restore", made["file"], "--another-vault", "--yes")
    assert total(say) == 0


def test_no_folder_is_not_the_one_at_hand(say):
    refused = say("backup", "folder", "", code=2)
    assert "no folder was named" in refused.err
    assert say("backup", "folder").out.strip() == str(say.folder / "backups")


def test_a_folder_of_a_dead_disk_is_one_that_is_not_there(say, tmp_path, monkeypatch):
    usb = tmp_path / "usb"
    usb.mkdir()
    say("backup", "folder", usb)
    is_dir = Path.is_dir

    def dead(path, **choices):
        if path == usb:
            raise OSError(errno.EIO, "Input/output error")
        return is_dir(path, **choices)

    monkeypatch.setattr(Path, "is_dir", dead)
    for words in (("list", "--in", usb), ("verify", "--in", usb), ("restore", "--in", usb)):
        assert say("backup", *words, code=1).err.startswith("The folder of backups is not there.")
    said = say("backup", "restore", "--yes", code=1)
    assert "the newest backup may be in it" in said.err


def test_two_of_one_day_both_stay(say):
    for _ in range(2):
        say("backup", "now")
    listed = say("backup", "list")
    assert [line.split()[-2] for line in listed.out.splitlines()] == ["STATE", "proven", "proven"]
    assert " kB  " in listed.out


def test_verify_says_where_there_is_nothing_to_verify(say, tmp_path):
    usb, gone = tmp_path / "usb", tmp_path / "gone"
    usb.mkdir()
    assert "There is no backup" in say("backup", "verify", code=1).err
    assert "There is no backup" in say("backup", "verify", "--in", usb, code=1).err
    for action in ("verify", "list", "restore"):
        assert "There is no folder" in say("backup", action, "--in", gone, code=1).err
    say("backup", "now")
    say("backup", "folder", usb)
    usb.rename(gone)
    told = say("backup", "verify", code=1)
    assert "is whole" in told.err
    assert f"{usb} cannot be found" in told.err
    document = say("backup", "verify", "--json", code=1).document
    assert (len(document["backups"]), document["folder_is_there"]) == (1, False)
    gone.rename(usb)
    assert say("backup", "verify").code == 0


def test_verify_looks_into_another_folder_and_leaves_other_vaults_alone(say, hive, tmp_path):
    usb, other = tmp_path / "usb", tmp_path / "other"
    usb.mkdir()
    assert hive("vault", "create", "--vault", other).code == 0
    made = hive("backup", "now", "--json", "--vault", other).document["backup"]
    shutil.copy(made["file"], usb / "hive-20200101T000000Z.hivebackup")
    assert "There is no backup" in say("backup", "verify", "--in", usb, code=1).err
    mine = Path(say("backup", "now", "--json").document["backup"]["file"])
    shutil.copy(mine, usb)
    told = say("backup", "verify", "--in", usb)
    assert f"{mine.name} is whole" in told.err
    assert "Not checked: 1 backup of another vault" in told.err
    document = say("backup", "list", "--in", usb, "--json").document
    assert len(document["backups"]) == 2


def test_what_cannot_be_a_folder_of_backups_is_refused_with_a_reason(say, tmp_path):
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear bank")
    for place, reason in (
        ("/", "belongs to the system"),
        ("/proc", "belongs to the system"),
        ("/dev", "belongs to the system"),
        (letter, "no folder"),
    ):
        refused = say("backup", "folder", place, code=2)
        assert str(place) in refused.err
        assert reason in refused.err
    assert say("backup", "folder").out.strip() == str(say.folder / "backups")


def test_choosing_a_folder_says_what_it_means(say, tmp_path):
    first, second = tmp_path / "first disk", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    say("backup", "now")
    told = say("backup", "folder", first)
    assert told.out == f"{first}\n"
    assert "from now on" in told.err
    assert f"Those in {say.folder / 'backups'} stay there, and are listed too." in told.err
    assert "as before" in say("backup", "folder", first).err
    say("backup", "now")
    told = say("backup", "folder", second)
    assert f"hive backup list --in '{first}'" in told.err
    assert list(first.iterdir())
    assert not list(second.iterdir())
    second.rmdir()
    assert "not there now" in say("backup", "folder").err


def test_a_restored_vault_goes_on_with_the_folder_of_the_one_before(say, tmp_path):
    usb = tmp_path / "usb"
    usb.mkdir()
    add_row(say, "Kept")
    say("backup", "now")
    say("backup", "folder", usb)
    told = say("backup", "restore", "--yes")
    assert f"Backups go on into {usb}" in told.err
    assert "hive accounts --vault" in told.err
    assert "go back" in told.err
    assert say("backup", "now", "--json").document["backup"]["file"].startswith(f"{usb}/")
    assert not say.folder.with_name("vault.restore.lock").exists()


def test_the_newest_is_looked_for_in_the_chosen_folder_and_its_absence_is_told(say, tmp_path):
    usb, away = tmp_path / "usb", tmp_path / "away"
    usb.mkdir()
    say("backup", "now", "--today", "2026-01-02")
    say("backup", "folder", usb)
    add_row(say, "Newer")
    newest = say("backup", "now", "--json").document["backup"]
    usb.rename(away)
    refused = say("backup", "restore", "--yes", code=1)
    assert "newest backup may be in it" in refused.err
    away.rename(usb)
    (say.folder / "vault.json").write_text("lost")
    done = say("backup", "restore", "--yes", "--json").document
    assert done["backup"]["file"] == newest["file"]
    assert total(say) == 1


def test_what_is_no_use_any_more_is_listed_with_a_word(say, hive, tmp_path):
    file = Path(say("backup", "now", "--json").document["backup"]["file"])
    other = tmp_path / "other"
    assert hive("vault", "create", "--vault", other).code == 0
    made = hive("backup", "now", "--json", "--vault", other).document["backup"]
    shutil.copy(made["file"], file.with_name("hive-20200101T000000Z.hivebackup"))
    cut = file.with_name("hive-20200102T000000Z.hivebackup")
    cut.write_bytes(file.read_bytes()[:5000])
    shutil.copy(cut, cut.with_name("hive-20200103T000000Z.hivebackup.refused"))
    listed = say("backup", "list")
    for word in ("proven", "another's", "damaged", "set aside"):
        assert sum(f" {word} " in line for line in listed.out.splitlines()) == 1, word
    document = say("backup", "list", "--json").document
    assert [len(document[key]) for key in ("backups", "others", "faulty")] == [1, 1, 2]
    assert [one["fault"] for one in document["faulty"]] == ["damaged", "set_aside"]


def test_what_the_disk_refuses_is_not_called_damaged(say, monkeypatch):
    file = Path(say("backup", "now", "--json").document["backup"]["file"])
    opened = Path.open

    def refused(path, *given, **choices):
        if path == file:
            raise OSError(errno.EIO, "Input/output error")
        return opened(path, *given, **choices)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "open", refused)
        assert [one["fault"] for one in say("backup", "list", "--json").document["faulty"]] == [
            "unreadable"
        ]
        assert " unreadable " in say("backup", "list").out
        said = say("backup", "verify", code=1)
        assert said.err.startswith(f"The backup cannot be read. {file} cannot be read now.")
        assert "damaged" not in said.err
    assert "is whole" in say("backup", "verify", file).err
