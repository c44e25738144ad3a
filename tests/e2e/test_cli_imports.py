"""`hive import`: a look, the import, the same again, corrections, and what is refused."""

import os
import signal
import zipfile

import pytest

from hive_desktop.services.importing_past import PastImports
from tests.ui.test_importing import OFX, TABLE


@pytest.fixture
def vault(hive, tmp_path):
    folder = tmp_path / "vault"
    assert hive("vault", "create", "--vault", folder, "--json").code == 0
    (tmp_path / "statement.ofx").write_text(OFX)
    (tmp_path / "odd.csv").write_text(TABLE)
    (tmp_path / "holiday.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(100))
    return folder


def rows(hive, vault):
    document = hive("transactions", "--vault", vault, "--json").document
    return {(one["date"], one["amount_minor"], one["name"]) for one in document["transactions"]}


def test_a_look_changes_nothing_and_an_import_is_one_undo(hive, vault, tmp_path):
    file = tmp_path / "statement.ofx"
    look = hive("import", file, "--vault", vault, "--dry-run")
    assert look.code == 0, look.err
    assert "dry run" in look.err
    assert "statement.ofx" in look.out
    assert rows(hive, vault) == set()
    refused = hive("import", file, "--vault", vault)
    assert refused.code == 2
    assert "Nothing was imported" in refused.err
    done = hive("import", file, "--vault", vault, "--yes", "--json").document
    assert (done["added"], done["counts"]["new"]) == (2, 2)
    assert rows(hive, vault) == {
        ("2026-11-02", 1250, "Zebra Bakery"),
        ("2026-11-05", -150_000, "Zebra Works"),
    }
    again = hive("import", file, "--vault", vault)
    assert again.code == 0
    assert "all of it is there already" in again.err
    assert hive("transactions", "undo", "--vault", vault).code == 0
    assert rows(hive, vault) == set()


def test_a_table_is_corrected_and_named(hive, vault, tmp_path):
    told = hive(
        *("import", tmp_path / "odd.csv", "--vault", vault, "--yes", "--dates", "mdy"),
        *("--columns", "date,name,amount", "--decimal", ",", "--positive", "in"),
        *("--currency", "eur", "--name", "Odd bank", "--type", "credit card"),
    )
    assert told.code == 0, told.err
    found = rows(hive, vault)
    assert ("2026-01-03", -1050, "Zebra shop 1") in found
    assert len(found) == 8
    (account,) = hive("accounts", "--vault", vault, "--json").document["accounts"]
    assert (account["name"], account["currency"]) == ("Odd bank", "EUR")
    assert account["subtype"] == "credit card"
    held = "2026-01-03,Zebra shop,-3.50,96.50\n2026-01-04,Zebra works,3.50,100.00\n"
    (tmp_path / "held.csv").write_text(f"Date,Description,Amount,Balance\n{held}")
    owed = hive(
        *("import", tmp_path / "held.csv", "--vault", vault, "--type", "loan"),
        *("--account", "new"),
    )
    assert owed.code == 2
    assert "cannot be of kind “loan”" in owed.err


@pytest.mark.parametrize("name", ["holiday.jpg", "gone.ofx"])
def test_what_is_no_statement_is_refused_in_words(hive, vault, tmp_path, name):
    told = hive("import", tmp_path / name, "--vault", vault, "--yes")
    assert told.code == 1
    assert name in told.err
    assert "cannot be imported" in told.err


def test_a_column_is_only_what_there_is(hive, vault, tmp_path):
    told = hive("import", tmp_path / "odd.csv", "--vault", vault, "--columns", "date,colour")
    assert told.code == 2
    assert "colour" in told.err
    more = hive(
        *("import", tmp_path / "odd.csv", "--vault", vault, "--columns", "none,date,name,amount")
    )
    assert more.code == 2
    assert "odd.csv has 3 columns, and 4 are named" in more.err
    ofx = hive(
        *("import", tmp_path / "statement.ofx", "--vault", vault, "--dry-run", "--decimal", ",")
    )
    assert "statement.ofx: it is no table" in ofx.err


def test_each_file_of_an_archive_is_imported(hive, vault, tmp_path):
    with zipfile.ZipFile(tmp_path / "year.zip", "w") as archive:
        archive.writestr("one.ofx", OFX)
        archive.writestr("two.ofx", OFX.replace("Zebra Bakery", "Zebra Kiosk"))
    done = hive("import", tmp_path / "year.zip", "--vault", vault, "--yes", "--json").document
    assert [one["file"] for one in done["sections"]] == ["one.ofx", "two.ofx"]
    assert {"Zebra Bakery", "Zebra Works"} <= {one[2] for one in rows(hive, vault)}


def test_a_missing_currency_is_asked_for_by_its_option(hive, vault, tmp_path):
    told = hive("import", tmp_path / "odd.csv", "--vault", vault, "--yes")
    assert told.code == 2
    assert "--currency" in told.err


def test_a_currency_is_one_and_of_what_names_none(hive, vault, tmp_path):
    told = hive("import", tmp_path / "odd.csv", "--vault", vault, "--currency", "EURO")
    assert told.code == 2
    assert "“EURO” is not a currency" in told.err
    files = [tmp_path / "odd.csv", tmp_path / "statement.ofx"]
    done = hive("import", *files, "--vault", vault, "--dry-run", "--json", "--currency", "CHF")
    assert [{row["currency"] for row in one["rows"]} for one in done.document["sections"]] == [
        {"CHF"},
        {"EUR"},
    ]
    assert done.document["counts"]["refused"] == 0


def test_two_accounts_of_a_file_get_no_name_together(hive, vault, tmp_path):
    savings = OFX[OFX.index("<STMTTRNRS>") : OFX.index("</BANKMSGSRSV1>")].replace("4321", "4322")
    (tmp_path / "two.ofx").write_text(OFX.replace("</BANKMSGSRSV1>", f"{savings}</BANKMSGSRSV1>"))
    told = hive("import", tmp_path / "two.ofx", "--vault", vault, "--yes", "--name", "Household")
    assert told.code == 2
    assert "There would be 2 new accounts" in told.err
    assert rows(hive, vault) == set()


def test_a_look_shows_the_first_rows_and_what_was_imported_before(hive, vault, tmp_path):
    file = tmp_path / "card.csv"
    lines = "".join(f"0{day}/0{day + 1}/2026,Zebra {day},-{day}.50\n" for day in range(1, 8))
    file.write_text(f"Date,Description,Amount\n{lines}")
    told = hive("import", file, "--vault", vault, "--dry-run", "--currency", "EUR")
    assert told.code == 0, told.err
    assert "new, the first 5" in told.err
    assert "--dates" in told.err
    assert "Zebra 5" in told.out
    assert "Zebra 6" not in told.out
    for _ in range(2):
        done = hive("import", file, "--vault", vault, "--yes", "--currency", "EUR", "--json")
        assert hive("import", "--undo", done.document["batch"], "--vault", vault, "--yes").code == 0
    again = hive("import", file, "--vault", vault, "--dry-run", "--currency", "EUR")
    assert "already" not in again.err  # it was, and is not here any more


def test_what_has_no_rows_of_a_bank_makes_no_account(hive, vault, tmp_path):
    (tmp_path / "none.csv").write_text("Date,Description,Amount\n")
    told = hive("import", tmp_path / "none.csv", "--vault", vault, "--yes", "--currency", "EUR")
    assert told.code == 1
    assert "there is no row in it" in told.err
    assert hive("accounts", "--vault", vault, "--json").document["accounts"] == []
    own = tmp_path / "own.hivearchive"
    assert hive("export", "archive", own, "--vault", vault).code == 0
    told = hive("import", own, "--vault", vault)
    assert told.code == 1
    assert told.err.count("cannot be imported") == 2  # title and message, once
    assert "hive vault create --from" in told.err
    folder = hive("import", tmp_path, "--vault", vault)
    assert folder.code == 1
    assert "the files that are in a folder" in folder.err


def test_a_file_is_imported_whatever_its_name_is(hive, vault, tmp_path):
    file = tmp_path / os.fsdecode(b"bad\xffname.csv")
    try:
        file.write_text("Date,Description,Amount\n2026-10-01,Zebra Bar,-3.50\n")
    except OSError:
        pytest.skip("this file system takes names of text alone")
    done = hive("import", file, "--vault", vault, "--yes", "--currency", "EUR")
    assert done.code == 0, done.err
    (past,) = hive("import", "--list", "--vault", vault, "--json").document["imports"]
    assert past["files"][0]["file"] == "bad\ufffdname.csv"


def test_a_remark_is_said_once(hive, vault, tmp_path):
    told = hive("import", tmp_path / "odd.csv", "--vault", vault, "--dry-run", "--currency", "EUR")
    assert told.code == 0, told.err
    said = [line for line in told.err.splitlines() + told.out.splitlines() if "odd.csv: " in line]
    assert len(said) == len(set(said)) > 0


def test_an_import_of_the_list_is_undone_and_done_again(hive, vault, tmp_path):
    def past():
        return hive("import", "--list", "--vault", vault, "--json").document["imports"]

    assert "Nothing was imported yet" in hive("import", "--list", "--vault", vault).err
    assert hive("import", tmp_path / "statement.ofx", "--vault", vault, "--yes").code == 0
    (one,) = past()
    assert (one["state"], one["added"], one["files"][0]["file"]) == ("imported", 2, "statement.ofx")
    short = one["batch"][-12:]
    row = hive("transactions", "--vault", vault, "--json").document["transactions"][0]
    shown = hive("transactions", "show", row["id"], "--vault", vault)
    assert "Imported from statement.ofx on 20" in shown.out
    shown = hive("transactions", "show", row["id"], "--vault", vault, "--json").document
    assert (shown["imported"]["file"], shown["imported"]["batch"]) == (
        "statement.ofx",
        one["batch"],
    )
    table = hive("import", "--list", "--vault", vault).out
    assert short in table
    assert "statement.ofx" in table
    refused = hive("import", "--undo", short, "--vault", vault)
    assert refused.code == 2
    assert "2 rows leave the ledger" in refused.err
    assert "was made by this import and leaves too." in refused.err
    assert len(rows(hive, vault)) == 2
    done = hive("import", "--undo", short, "--vault", vault, "--yes")
    assert done.code == 0, done.err
    assert f"--redo {short}" in done.err
    assert "was made by this import and leaves too." in done.err
    assert rows(hive, vault) == set()
    assert past()[0]["state"] == "undone"
    again = hive("import", "--redo", one["batch"], "--vault", vault, "--json")
    assert again.document == {"batch": one["batch"], "rows": 2, "undone": False}
    assert len(rows(hive, vault)) == 2
    for words in (["--redo", short], ["--undo", "0" * 12], [], ["--list", "a.ofx"]):
        told = hive("import", *words, "--vault", vault)
        assert told.code == 2, words
        assert "Traceback" not in told.err


def test_what_a_file_does_not_say_is_told_where_it_is_taken(hive, vault, tmp_path):
    for name, day in (("january", 5), ("february", 6)):
        file = tmp_path / f"{name}.csv"
        file.write_text(f"Date,Description,Amount\n2026-02-0{day},Zebra shop,-3.50\n")
    january = ("import", tmp_path / "january.csv", "--vault", vault, "--yes")
    unsure = hive(*january)
    assert unsure.code == 2
    assert "--currency EUR" in unsure.err
    chosen = hive(*january, "--currency", "CHF", "--name", "Zebra bank")
    assert chosen.code == 0, chosen.err
    assert "names no" not in chosen.err

    told = hive("import", tmp_path / "february.csv", "--vault", vault, "--yes", "--json").document
    assert "its rows go into “Zebra bank”" in " ".join(told["sections"][0]["remarks"])
    hive("transactions", "undo", "--vault", vault)
    told = hive(
        "import", tmp_path / "february.csv", "--vault", vault, "--dry-run", "--account", "new"
    )
    assert "it names no currency; CHF is taken" in told.err
    assert "rows go into" not in told.err
    same = hive(
        "import",
        tmp_path / "february.csv",
        "--vault",
        vault,
        "--dry-run",
        "--account",
        "Zebra bank",
    )
    assert "names no" not in same.err

    usd = hive("import", tmp_path / "statement.ofx", "--vault", vault, "--yes")
    assert usd.code == 0, usd.err
    several = hive(*january[:-1], "--dry-run", "--account", "new")
    assert several.code == 2, "accounts are in two currencies, and one was guessed"
    assert "--currency EUR" in several.err


def test_ctrl_c_in_an_undo_says_how_to_go_on(hive, vault, tmp_path, monkeypatch):
    monkeypatch.setattr("hive_desktop.adapters.storage.imports.ROWS_A_PART", 3)
    done = hive("import", tmp_path / "odd.csv", "--vault", vault, "--yes", "--currency", "EUR")
    assert done.code == 0, done.err
    short = hive("import", "--list", "--vault", vault, "--json").document["imports"][0]["batch"]
    monkeypatch.setattr("hive_desktop.services.undoing.EDITS_A_STEP", 3)
    real = PastImports.undo

    async def stopped(self, batch, heard):
        def stop(done, total):
            os.kill(os.getpid(), signal.SIGINT)
            return heard(done, total)

        return await real(self, batch, stop)

    monkeypatch.setattr(PastImports, "undo", stopped)
    told = hive("import", "--undo", short, "--vault", vault, "--yes")
    assert told.code == 130
    assert f"Go on: hive import --undo {short[-12:]}" in told.err
    (past,) = hive("import", "--list", "--vault", vault, "--json").document["imports"]
    assert past["state"] == "partly undone"
    monkeypatch.setattr(PastImports, "undo", real)
    assert hive("import", "--undo", short, "--vault", vault, "--yes").code == 0
    assert rows(hive, vault) == set()


def test_what_cannot_be_read_does_not_stop_the_others(hive, vault, tmp_path):
    with zipfile.ZipFile(tmp_path / "mixed.zip", "w") as archive:
        archive.writestr("year/one.ofx", OFX)
        archive.writestr("year/two.ofx", b"\xff\xd8\xff\xe0" + bytes(100))
    files = [tmp_path / "mixed.zip", tmp_path / "holiday.jpg", tmp_path / "gone.ofx"]
    look = hive("import", *files, "--vault", vault, "--dry-run")
    assert look.code == 1
    for name in ("two.ofx", "holiday.jpg", "gone.ofx"):
        assert f"{name} cannot be imported" in look.err
    assert "3 files could not be read" in look.err
    done = hive("import", *files, "--vault", vault, "--yes", "--json")
    assert done.code == 1
    assert [one["file"] for one in done.document["unread"]] == [
        *("gone.ofx", "two.ofx", "holiday.jpg"),
    ]
    assert "is a picture" in done.document["unread"][1]["message"]
    assert done.document["added"] == 2
    assert len(rows(hive, vault)) == 2
    none = hive("import", *files[1:], "--vault", vault, "--yes", "--json")
    assert (none.code, none.document["added"], len(none.document["unread"])) == (1, 0, 2)


def test_an_account_is_found_by_the_last_digits_that_its_file_tells(hive, vault, tmp_path):
    told = OFX.replace("Zebra Bakery", "Zebra Bakery<MEMO>Six rolls, card 77")
    (tmp_path / "giro.ofx").write_text(told)
    assert hive("import", tmp_path / "giro.ofx", "--vault", vault, "--yes").code == 0
    table = hive("accounts", "--vault", vault)
    assert table.out.count("4321") == 1, table.out
    chosen = hive("transactions", "--account", "4321", "--vault", vault, "--json").document
    ids = {one["name"]: one["id"] for one in chosen["transactions"]}
    shown = hive("transactions", "show", ids["Zebra Bakery"], "--vault", vault)
    assert "Description  Six rolls, card 77\n" in shown.out
    assert (
        "Description" not in hive("transactions", "show", ids["Zebra Works"], "--vault", vault).out
    )
    (tmp_path / "other.ofx").write_text(OFX.replace("<ACCTID>9900", "<ACCTID>7700"))
    assert hive("import", tmp_path / "other.ofx", "--vault", vault, "--yes").code == 0
    refused = hive("accounts", "rename", "4321", "Mine", "--vault", vault)
    assert refused.code == 2
    known = hive("accounts", "--vault", vault, "--json").document["accounts"]
    assert sorted(one["name"] for one in known) == ["giro ··4321", "other ··4321"]
    for one in known:
        assert one["mask"] == "4321"
        assert f"{one['name']} (id {one['id'][-12:]})" in refused.err
    told = hive("accounts", "rename", known[0]["id"][-12:], "Mine", "--vault", vault, "--json")
    assert told.document["account"]["name"] == "Mine"
    assert "Mine ··4321" in hive("transactions", "show", ids["Zebra Works"], "--vault", vault).out
