"""`hive link`, `adopt`, `reconnect`, `disconnect`: the same bank again, and its end."""

import io

import pytest

from tests.e2e.teller import ROWS, twins


@pytest.fixture
def lived(teller):
    """A vault on which the person has worked: a category, and a deleted row."""
    rows = teller.rows()
    teller.edited, teller.deleted = rows[5]["id"], rows[9]["id"]
    teller.say("transactions", "set-category", teller.edited, "Travel")
    teller.say("transactions", "delete", teller.deleted)
    teller.before = teller.rows()
    teller.balances = teller.asks("accounts")["accounts"]
    return teller


class Terminal(io.StringIO):
    """Where somebody types."""

    def isatty(self):
        return True


def removals(teller):
    return [one for one in teller.bank.requests() if one["path"] == "/item/remove"]


def as_before(teller):
    """The very same rows: ids, edits and all."""
    return teller.rows() == teller.before


def test_signing_in_again_clears_the_state_and_fetches_what_was_missed(lived):
    lived.bank.break_item()
    assert lived.sync(code=4)["state"] == "needs_relink"
    assert lived.states() == ["needs_relink"]
    (item,) = lived.asks("reconnect", lived.items()[0]["id"])["items"]
    assert (item["state"], item["added"]) == ("healthy", 0)
    assert lived.states() == ["healthy"]
    assert as_before(lived)


def test_a_sign_in_that_is_left_changes_nothing_and_says_so(lived, monkeypatch):
    (item,) = lived.items()
    lived.bank.break_item()
    lived.sync(code=4)
    guarded = lived.dump()
    with monkeypatch.context() as leaving:
        leaving.setattr(
            "webbrowser.open",
            lambda url: lived.bank.complete_link(url.rsplit("/", 1)[-1], cancel=True) is None,
        )
        said = lived.say("reconnect", item["id"], code=4)
    assert "The sign-in was not finished." in said.err
    assert f"The connection to {item['institution']} is as it was." in said.err
    assert "hive link" not in said.err
    assert lived.dump() == guarded
    assert lived.asks("reconnect", item["id"])["items"][0]["state"] == "healthy"


def test_a_known_bank_waits_and_nothing_is_written_before_the_person_agrees(lived):
    guarded = lived.dump("plaid_items", "sync_runs")
    said = lived.say("link", "--json")
    (preview,) = said.document["previews"]
    assert said.document["items"] == []
    assert f"0 new, {ROWS} matched, 0 to review" in said.err
    assert (preview["new"], preview["matched"], preview["doubtful"]) == (0, ROWS, 0)
    assert preview["ends_old"]
    assert len(preview["accounts"]) == 3
    assert all(one["reasons"] for one in preview["accounts"])
    assert lived.states() == ["healthy", "awaiting"]
    assert lived.dump("plaid_items", "sync_runs") == guarded
    assert removals(lived) == []
    # It is not synced meanwhile, not even when it is named.
    (synced,) = lived.asks("sync")["items"]
    assert synced["id"] == lived.items()[0]["id"]
    assert "awaiting" in lived.refuses("sync", "--item", lived.items()[1]["id"])
    waiting = lived.dump()
    shown = lived.asks("adopt", lived.items()[1]["id"], code=2)
    assert (shown["adopted"], shown["preview"]) == (False, preview)
    assert lived.dump() == waiting
    # Both name the command that decides, and only the second changed nothing.
    assert f"waits for a decision: hive adopt {preview['item_id']} " in said.err
    assert "Nothing was changed" not in said.err
    said = lived.say("adopt", preview["item_id"], code=2)
    assert "Nothing was changed. " in said.err
    assert "\nThe new connection waits for a decision" in said.err
    assert f"hive adopt {preview['item_id']} " in said.err
    assert as_before(lived)


def test_a_bank_goes_on_with_an_account_that_a_file_filled(lived, tmp_path):
    account = lived.asks("accounts")["accounts"][0]
    file = tmp_path / "own.csv"
    lived.say("export", "csv", str(file), "--account", account["id"])
    lived.say("disconnect", lived.items()[0]["id"], "--remove-history", "--yes")
    assert lived.rows() == []
    lived.say("import", str(file), "--yes")
    filled = lived.rows()
    assert filled
    noted = filled[0]["id"]
    lived.say("transactions", "edit", noted, "--note", "mine")
    said = lived.say("link", "--json")
    (preview,) = said.document["previews"]
    assert [one["name"] for one in preview["accounts"] if one["by_hand"]] == [account["name"]]
    assert (preview["matched"], preview["doubtful"]) == (len(filled), 0)
    assert f"Files brought rows of {account['name']}. " in said.err
    assert lived.asks("adopt", preview["item_id"], "--yes")["adopted"]
    rows = lived.rows()
    assert len(rows) == ROWS
    assert {one["id"] for one in filled} < {one["id"] for one in rows}
    assert [one["note"] for one in rows if one["id"] == noted] == ["mine"]
    assert {one["state"] for one in lived.asks("accounts")["accounts"]} == {"healthy"}


def test_adopting_goes_on_with_the_same_rows_edits_and_balances(lived):
    old_item = lived.items()[0]["id"]
    lived.link()
    lived.bank.add_transaction("7.00", "CAME IN BETWEEN", item=living(lived)[1])
    said = lived.asks("adopt", lived.items()[1]["id"], "--yes")
    assert said["adopted"]
    assert (said["preview"]["new"], said["preview"]["matched"]) == (1, ROWS)
    assert len(removals(lived)) == 1
    (item,) = lived.items()
    assert item["id"] != old_item
    assert item["state"] == "healthy"
    lived.sync()
    rows = lived.rows()
    new = [row for row in rows if row["name"] == "CAME IN BETWEEN"]
    assert len(new) == 1
    assert [row for row in rows if row not in new] == lived.before
    assert not twins(rows)
    assert [one["id"] for one in lived.asks("accounts")["accounts"]] == [
        one["id"] for one in lived.balances
    ]
    deleted = lived.asks("transactions", "deleted")["transactions"]
    assert [row["id"] for row in deleted] == [lived.deleted]
    lived.say("transactions", "restore", lived.deleted)
    assert len(lived.rows()) == len(rows) + 1
    assert lived.counts() == (0, 0, 0)
    error = lived.refuses("adopt", item["id"], "--yes")
    assert "does not wait for a decision" in error
    assert "does not wait" in lived.refuses("adopt", item["id"], "--separate")
    runs = lived.asks("sync", "--history")["runs"]
    assert "adoption" in [one["reason"] for one in runs]
    assert {one["item_id"] for one in runs} == {item["id"]}
    lived.refuses("sync", "--undo")


def living(teller):
    return [one["item_id"] for one in teller.bank.state()["items"] if not one.get("removed")]


def test_agreeing_at_once(lived):
    said = lived.asks("link", "--yes")
    assert said["previews"][0]["new"] == 0
    assert [one["added"] for one in said["items"]] == [0]
    assert as_before(lived)
    assert lived.states() == ["healthy"]


def test_declining_keeps_both(lived):
    (item,) = lived.link("--separate")["items"]
    assert item["added"] == ROWS
    assert lived.states() == ["healthy", "healthy"]
    assert len(lived.rows()) == 2 * ROWS - 1
    assert removals(lived) == []


@pytest.mark.parametrize("end", ["revoked", "closed", "broken"])
def test_an_old_connection_in_any_state_is_continued(lived, end):
    (old,) = lived.items()
    if end == "revoked":
        lived.bank.break_item(error_code="ITEM_NOT_FOUND")
        assert lived.sync(code=4)["state"] == "revoked"
    elif end == "closed":
        lived.asks("disconnect", old["id"], "--keep-history", "--yes")
    else:
        lived.bank.break_item()
        lived.sync(code=4)
    ended = len(removals(lived))
    said = lived.asks("link", "--yes")
    assert said["previews"][0]["new"] == 0
    assert said["previews"][0]["ends_old"] == (end == "broken")
    assert lived.states() == ["healthy"]
    assert as_before(lived)
    assert len(removals(lived)) - ended == (0 if end == "closed" else 1)


def test_an_account_that_the_new_connection_lacks_is_named_and_keeps_its_history(lived):
    account_id = lived.bank.add_account(name="Rainy Day Pot", subtype="savings")
    lived.bank.add_transaction("12.34", "POT FEE", account_id=account_id)
    lived.sync()
    said = lived.say("link", "--json")
    (preview,) = said.document["previews"]
    assert preview["left_accounts"] == ["Rainy Day Pot"]
    assert "Not in the new connection: Rainy Day Pot." in said.err
    assert lived.asks("adopt", lived.items()[1]["id"], "--yes")["adopted"]
    assert "Rainy Day Pot" in [one["name"] for one in lived.asks("accounts")["accounts"]]
    assert lived.row("pot fee")["amount_minor"] == 1234


@pytest.mark.parametrize(("amount", "is_sure"), [("20.00", True), ("24.00", False)])
def test_a_pending_row_that_posted_in_between_is_the_same_row_or_asked_about(
    lived, amount, is_sure
):
    lived.bank.add_transaction("20.00", "TST* TRATTORIA", pending=True)
    lived.sync()
    row = lived.row("trattoria")
    lived.say("transactions", "set-category", row["id"], "Travel")
    lived.link()
    # The new connection knows the payment as a posted one, under an id of its own.
    lived.bank.add_transaction(amount, "TST* TRATTORIA", item=living(lived)[1])
    shown = lived.asks("adopt", lived.items()[1]["id"], "--yes")["preview"]
    assert shown["doubtful"] == (not is_sure)
    found = lived.row("trattoria")
    assert (found["amount_minor"], found["pending"]) == (int(float(amount) * 100), False)
    questions = lived.asks("review", "list")["reviews"]
    assert len(questions) == (not is_sure)
    if not is_sure:
        lived.asks("review", "accept", questions[0]["id"])
        found = lived.row("trattoria")
    else:
        assert found["id"] == row["id"]
    assert found["category"] == "Travel"


def test_a_crash_between_the_old_ones_end_and_the_commit_is_made_good(lived, monkeypatch):
    lived.link()
    (_, new) = lived.items()

    def power_cut(*_args, **_more):
        raise KeyboardInterrupt

    with monkeypatch.context() as cut:
        cut.setattr("hive_desktop.services.adoption._require_waiting", two_times(power_cut))
        lived.say("adopt", new["id"], "--yes", code=130)
    assert len(removals(lived)) == 1
    assert as_before(lived)
    synced = {one["id"]: one for one in lived.asks("sync", code=4)["items"]}
    assert [one["state"] for one in synced.values()] == ["revoked"]
    assert lived.asks("adopt", new["id"], "--yes")["adopted"]
    assert lived.states() == ["healthy"]
    assert as_before(lived)


def two_times(fall, name="_require_waiting"):
    """Do as it is at first (preview and adopt ask once each), then fall."""
    from hive_desktop.services import adoption

    real, seen = getattr(adoption, name), []

    def inner(*args):
        seen.append(args)
        return real(*args) if len(seen) <= 2 else fall()

    return inner


def test_an_old_connection_that_ended_for_nothing_is_known_to_have_ended(lived, monkeypatch):
    from hive_desktop.services import adoption

    lived.link()
    (old, new) = lived.items()
    with monkeypatch.context() as moved:
        moved.setattr("hive_desktop.services.adoption._match", two_times(adoption._Match, "_match"))
        said = lived.say("adopt", new["id"], "--yes", code=2)
    assert "changed meanwhile" in said.err
    assert len(removals(lived)) == 1
    assert {one["id"]: one["state"] for one in lived.items()} == {
        old["id"]: "revoked", new["id"]: "awaiting",
    }  # fmt: skip
    assert as_before(lived)
    assert lived.asks("adopt", new["id"], "--yes")["adopted"]
    assert lived.states() == ["healthy"]
    assert as_before(lived)


@pytest.mark.parametrize("choice", ["--keep-history", "--remove-history"])
def test_a_bank_that_refuses_to_end_changes_nothing_here(lived, choice):
    (item,) = lived.items()
    before = lived.dump("settings")
    lived.bank.fail("/item/remove", kind="error", code="INTERNAL_SERVER_ERROR", times=9)
    error = lived.refuses("disconnect", item["id"], choice, "--yes", code=4)
    assert "INTERNAL_SERVER_ERROR" in error
    assert lived.dump("settings") == before
    lived.bank.clear_faults()
    assert lived.sync()["state"] == "healthy"


@pytest.mark.parametrize(
    ("choice", "words"),
    [
        ("--keep-history", "for good, and keeps its 59 rows."),
        ("--remove-history", "and removes its 59 rows (1 of them changed by you) from the vault."),
    ],
)
def test_disconnecting_says_what_it_would_do_and_waits_for_a_yes(lived, choice, words, monkeypatch):
    (item,) = lived.items()
    guarded = lived.dump()
    said = lived.say("disconnect", item["id"], choice, code=2)
    assert said.err.startswith(f"This ends the connection to {item['institution']} ")
    assert words in said.err
    assert "Nothing was changed. Nobody can be asked whether it may be done.\n" in said.err
    shown = lived.asks("disconnect", item["id"], choice, code=2)
    assert shown == {
        "id": item["id"],
        "institution": item["institution"],
        "rows": 59,
        "edited": 1,
        "disconnected": False,
        "history_kept": True,
    }
    monkeypatch.setattr("sys.stdin", Terminal("n\n"))
    assert "Nothing was changed" in lived.say("disconnect", item["id"], choice, code=1).err
    assert removals(lived) == []
    assert lived.dump() == guarded
    monkeypatch.setattr("sys.stdin", Terminal("y\n"))
    assert "has ended." in lived.say("disconnect", item["id"], choice).err
    assert len(removals(lived)) == 1
    assert len(lived.rows()) == (59 if choice == "--keep-history" else 0)


def test_a_history_that_is_kept_stays_readable_and_is_not_synced(lived):
    (item,) = lived.items()
    said = lived.asks("disconnect", item["id"], "--keep-history", "--yes")
    assert (said["disconnected"], said["history_kept"]) == (True, True)
    assert len(removals(lived)) == 1
    assert lived.states() == ["closed"]
    assert as_before(lived)
    assert {one["state"] for one in lived.asks("accounts")["accounts"]} == {"closed"}
    for words in (("sync",), ("sync", "--item", item["id"]), ("reconnect", item["id"])):
        lived.refuses(*words)
    lived.refuses("adopt", item["id"], "--separate")
    lived.refuses("sync", "--undo")
    assert lived.states() == ["closed"]
    for yes in ((), ("--yes",)):
        error = lived.refuses("disconnect", item["id"], "--keep-history", *yes)
        assert "has ended already" in error
    assert as_before(lived)
    said = lived.say("disconnect", item["id"], "--remove-history", code=2)
    assert said.err.startswith(f"This removes {item['institution']} from the vault for good")
    assert lived.states() == ["closed"]
    said = lived.asks("disconnect", item["id"], "--remove-history", "--yes")
    assert (said["disconnected"], said["history_kept"]) == (True, False)
    assert len(removals(lived)) == 1
    assert (lived.items(), lived.rows(), lived.asks("accounts")["accounts"]) == ([], [], [])


def test_a_history_that_is_removed_is_gone(lived):
    (item,) = lived.items()
    lived.asks("disconnect", item["id"], "--remove-history", "--yes")
    assert (lived.items(), lived.rows(), lived.asks("accounts")["accounts"]) == ([], [], [])
    assert lived.asks("transactions", "deleted")["transactions"] == []
    (again,) = lived.link()["items"]
    assert again["added"] == ROWS


@pytest.mark.parametrize("word", ["adopt", "reconnect"])
def test_a_connection_that_is_none_is_a_sentence(teller, word):
    for wrong in ("nonsense", "00000000-0000-0000-0000-000000000000"):
        assert "hive items lists them" in teller.refuses(word, wrong)
        assert "hive items" in teller.refuses("disconnect", wrong, "--keep-history")


def test_account_ids_that_change_inside_a_connection_are_followed(lived):
    lived.bank.re_id_accounts()
    lived.sync()
    assert as_before(lived)
    assert [one["id"] for one in lived.asks("accounts")["accounts"]] == [
        one["id"] for one in lived.balances
    ]
    lived.bank.add_transaction("3.00", "UNDER THE NEW ID")
    assert lived.counts() == (1, 0, 0)
    lived.bank.re_id_accounts(with_rows=True)
    lived.sync()
    assert [row for row in lived.rows() if row["name"] != "UNDER THE NEW ID"] == lived.before
    assert not twins(lived.rows())
