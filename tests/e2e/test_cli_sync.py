"""`hive sync` looking back, undoing, reading windows again; and what the balances say."""

import io
import sys

import pytest

from hive_desktop.sandbox.server import SandboxServer
from tests.e2e.teller import ROWS, TODAY, Teller, small_bank, twins, without


def posted(bank):
    return [row["transaction_id"] for row in bank.rows() if not row["pending"]]


def test_the_history_tells_what_each_sync_did(teller):
    bank = teller.bank
    old = posted(bank)
    bank.modify(old[3], amount="99.99")
    bank.remove(old[4])
    bank.add_transaction("12.00", "NEW COFFEE")
    teller.sync()
    bank.break_item()
    teller.sync(code=4)
    runs = teller.asks("sync", "--history")["runs"]
    assert [(one["reason"], one["result"]) for one in runs] == [
        ("command", "failed"), ("command", "done"), ("link", "done"),
    ]  # fmt: skip
    failed, changed, first = runs
    assert (failed["error"], failed["added"]) == ("ITEM_LOGIN_REQUIRED", 0)
    assert (first["added"], first["modified"], first["removed"]) == (ROWS, 0, 0)
    assert (changed["added"], changed["modified"], changed["removed"]) == (1, 1, 1)
    assert all(one["seconds"] >= 0 for one in runs)
    assert teller.asks("sync", "--history", "--limit", 1)["runs"] == [failed]
    assert teller.asks("sync", "--history", "--item", changed["item_id"])["runs"] == runs

    shown = teller.asks("sync", "--history", "--run", changed["id"])
    kinds = [one["kind"] for one in shown["changes"]]
    assert kinds == ["removed", "modified", "added"]
    removed, modified, added = shown["changes"]
    assert {one["field"] for one in modified["fields"]} >= {"amount"}
    assert added["name"] == "NEW COFFEE"
    assert shown["refused_rows"] == []
    assert removed["transaction_id"] not in {row["id"] for row in teller.rows()}
    assert len(teller.asks("sync", "--history", "--run", first["id"])["changes"]) == ROWS

    why = teller.asks("transactions", "show", modified["transaction_id"])["history"]
    assert [one["kind"] for one in why] == ["modified", "added"]
    assert all(one["why"] for one in why)
    for words in (("sync", "--history"), ("sync", "--history", "--run", changed["id"])):
        assert "Bulk Bank 1" in teller.say(*words).out
    assert "NEW COFFEE" in teller.say("sync", "--history", "--run", changed["id"]).out


def test_an_undone_sync_comes_back_row_for_row(teller):
    bank = teller.bank
    pending = bank.add_transaction("20.00", "TST* TRATTORIA", pending=True)
    teller.sync()
    old = posted(bank)
    before_all = teller.rows()
    bank.post_pending(pending, amount="24.00")
    bank.modify(old[3], name="OTHER NAME", date="2026-11-02")
    bank.remove(old[4])
    for n in range(3):
        bank.add_transaction(f"{n + 1}.00", f"NEW {n}")
    teller.sync()
    teller.say("transactions", "set-category", teller.row("NEW 1")["id"], "Travel")
    teller.say("transactions", "delete", teller.row("NEW 2")["id"])
    before = teller.rows()

    shown = teller.asks("sync", "--undo", code=2)
    assert (shown["leave"], shown["go_back"], shown["come_back"]) == (3, 2, 1)
    assert (shown["edited"], shown["undone"]) == (1, False)
    assert teller.rows() == before
    said = teller.say("sync", "--undo", code=2)
    assert "Nothing was changed" in said.err
    assert teller.rows() == before

    assert teller.asks("sync", "--undo", "--yes")["undone"]
    assert teller.rows() == before_all
    assert teller.asks("sync", "--history")["runs"][0]["result"] == "undone"
    teller.sync()
    assert teller.rows() == before
    assert teller.counts() == (0, 0, 0)


def test_the_very_first_sync_can_be_undone_and_comes_back(teller):
    row = teller.rows()[7]
    teller.say("transactions", "set-category", row["id"], "Travel")
    before = teller.rows()
    teller.asks("sync", "--undo", "--yes")
    assert teller.rows() == []
    assert "Nothing to undo" in teller.refuses("sync", "--undo")
    teller.sync()
    assert teller.rows() == before


def at_a_terminal(monkeypatch, answer):
    class Keys(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr(sys, "stdin", Keys(f"{answer}\n"))


def test_an_undo_says_what_it_would_do_and_what_it_did(teller, monkeypatch):
    bank = teller.bank
    for n in range(3):
        bank.add_transaction(f"{n + 1}.00", f"NEW {n}")
    bank.modify(posted(bank)[3], amount="99.99")
    teller.sync()
    teller.say("transactions", "set-category", teller.row("NEW 1")["id"], "Travel")
    would = (
        "would be taken back: 3 rows would leave (1 of them changed by you), "
        "1 would go back to what it was.\n"
    )
    offered = teller.say("sync", "--undo", code=2).err
    assert offered.startswith("The newest sync of Bulk Bank 1 that changed something (command, ")
    unasked = (
        "Nothing was changed. Nobody can be asked whether it may be done.\nAdd --yes to do it."
    )
    assert offered.endswith(f"{would}{unasked}\n")
    at_a_terminal(monkeypatch, "n")
    refused = teller.say("sync", "--undo", code=1).err
    assert refused.count("The newest sync") == 1
    assert refused.endswith(
        f"{would}Take it back? [y/N] "
        "Nothing was changed. You did not agree to it.\nAdd --yes to do it.\n"
    )
    done = teller.say("sync", "--undo", "--yes").err
    assert done.startswith("The newest sync of Bulk Bank 1 that changed something (command, ")
    assert done.endswith(
        "was taken back: 3 rows left (1 of them changed by you), 1 went back to what it was. "
        "The next sync brings the rows again.\n"
    )


def test_an_undo_leaves_out_what_it_does_not_do(teller, monkeypatch):
    bank = teller.bank
    bank.remove(posted(bank)[4])
    teller.sync()
    bank.add_transaction("5.00", "INSIDE")
    teller.sync("--from", "2026-11-01")
    at_a_terminal(monkeypatch, "y")
    window = teller.say("sync", "--undo").err
    assert ": 1 row would leave.\nTake it back? [y/N] The newest sync" in window
    assert window.endswith(
        ": 1 row left. Fetching the same dates again (--from) brings the rows again.\n"
    )
    removal = teller.say("sync", "--undo", "--yes").err
    assert removal.endswith(": 1 row came back. The next sync brings the same changes again.\n")


def test_undoing_twice_walks_back_run_by_run(teller):
    states = [teller.rows()]
    for n in range(3):
        teller.bank.add_transaction("5.00", f"STEP {n}")
        teller.sync()
        states.append(teller.rows())
    for before in reversed(states[:-1]):
        teller.asks("sync", "--undo", "--yes")
        assert teller.rows() == before
    teller.sync()
    assert teller.rows() == states[-1]


def test_a_window_of_dates(teller):
    bank = teller.bank
    before = teller.rows()
    bank.add_transaction("5.00", "INSIDE", on=TODAY.replace(day=5))
    bank.add_transaction("6.00", "OUTSIDE", on=TODAY.replace(month=9))
    item = teller.sync("--from", "2026-11-01", "--to", "2026-11-30")
    assert (item["added"], item["modified"], item["removed"]) == (2, 0, 0), "news come along"
    run = teller.asks("sync", "--history")["runs"][0]
    assert (run["from"], run["to"]) == ("2026-11-01", "2026-11-30")
    # A row that went missing here is found again by reading its days again, and by nothing else.
    (lost,) = teller.sql("SELECT plaid_id FROM transactions WHERE name = 'INSIDE'")
    teller.sql("DELETE FROM transactions WHERE name = 'INSIDE'")
    assert lost
    assert teller.counts() == (0, 0, 0)
    assert teller.sync("--from", "2026-11-06")["added"] == 0
    assert teller.sync("--from", "2026-11-05")["added"] == 1
    assert teller.counts() == (0, 0, 0)
    assert len(teller.rows()) == len(before) + 2
    assert not twins(teller.rows())


def test_a_window_can_be_undone_and_its_news_come_back(teller):
    before = teller.rows()
    teller.bank.add_transaction("5.00", "INSIDE", on=TODAY.replace(day=5))
    teller.bank.add_transaction("6.00", "OUTSIDE", on=TODAY.replace(month=9))
    teller.sync("--from", "2026-11-01")
    after = teller.rows()
    assert len(after) == len(before) + 2
    assert teller.asks("sync", "--undo", "--yes")["leave"] == 2
    assert teller.rows() == before
    teller.sync()
    assert teller.rows() == after


@pytest.mark.parametrize(
    ("first", "last"), [("0001-01-01", "9999-12-31"), ("2026-11-23", "2030-02-01")]
)
def test_a_window_far_from_anything_is_no_harm(teller, first, last):
    before = teller.rows()
    teller.sync("--from", first, "--to", last)
    assert teller.rows() == before
    assert teller.states() == ["healthy"]


@pytest.mark.parametrize(
    "words",
    [
        ("--from", "2026-02-01", "--to", "2026-01-01"),
        ("--to", "2026-01-01"),
        ("--run", "00000000-0000-0000-0000-000000000000"),
        ("--history", "--run", "nonsense"),
        ("--history", "--from", "2026-01-01"),
        ("--undo", "--from", "2026-01-01"),
        ("--item", "nonsense"),
        ("--history", "--item", "00000000-0000-0000-0000-000000000000"),
        ("--undo", "--item", "nonsense"),
        ("--limit", "3"),
        ("--undo", "--limit", "3"),
        ("--history", "--run", "00000000-0000-0000-0000-000000000000", "--limit", "3"),
        ("--history", "--run", "0123456789ab"),
        ("--yes",),
        ("--history", "--yes"),
        ("--from", "2026-11-24"),
        ("--from", "9999-12-31"),
    ],
)
def test_what_makes_no_sense_is_a_sentence(teller, words):
    before = teller.dump()
    teller.refuses("sync", *words)
    assert teller.dump() == before


@pytest.mark.parametrize(
    "words",
    [("--from", "yesterday"), ("--history", "--undo"), ("--limit", "-1"), ("--history", "--limit")],
)
def test_what_argparse_refuses_is_exit_2(teller, words):
    assert teller.hive("sync", "--vault", teller.folder, *words).code == 2


def test_two_banks_need_a_name_to_undo(hive, tmp_path, monkeypatch):
    with SandboxServer(bank := small_bank(2)) as server:
        teller = Teller(hive, bank, server.url, tmp_path / "vault", monkeypatch)
        for institution in bank.institution_ids:
            teller.link(bank=institution)
        assert "--item" in teller.refuses("sync", "--undo")
        one, other = teller.items()
        before = len(teller.rows())
        assert teller.asks("sync", "--undo", "--yes", "--item", one["id"])["leave"] == ROWS
        assert len(teller.rows()) == before - ROWS
        bank.break_item(other_of(bank, 1))
        said = teller.asks("sync", code=4)["items"]
        assert [(one["state"], one["added"]) for one in said] == [
            ("healthy", ROWS), ("needs_relink", 0),
        ]  # fmt: skip
        assert len(teller.rows()) == before
        assert teller.sync("--item", one["id"])["state"] == "healthy"
        assert other["id"] != one["id"]


def test_a_run_is_found_by_its_id_whatever_its_age(hive, tmp_path, monkeypatch):
    with SandboxServer(bank := small_bank(2)) as server:
        teller = Teller(hive, bank, server.url, tmp_path / "vault", monkeypatch)
        for institution in bank.institution_ids:
            teller.link(bank=institution)
        newest, oldest = teller.asks("sync", "--history")["runs"]
        # As after a year of syncs: the first is far behind what the list shows.
        for n in range(60):
            teller.sql(
                "INSERT INTO sync_runs SELECT randomblob(16), item_id, reason, started_at, "
                "ended_at, 0, 0, 0, pages, error_code, refused, cursor_before, first_on, last_on, "
                "undone_at, ? FROM sync_runs ORDER BY seq LIMIT 1",
                1000 + n,
            )
        listed = teller.asks("sync", "--history")["runs"]
        assert len(listed) == 50
        assert oldest["id"] not in {one["id"] for one in listed}
        whole = teller.asks("sync", "--history", "--run", oldest["id"])
        assert (whole["id"], len(whole["changes"])) == (oldest["id"], ROWS)
        short = oldest["id"].rsplit("-", 1)[1]
        assert teller.asks("sync", "--history", "--run", short) == whole
        mine = ("--item", oldest["item_id"])
        assert teller.asks("sync", "--history", "--run", short, *mine) == whole
        other = ("--item", newest["item_id"])
        said = teller.refuses("sync", "--history", "--run", short, *other)
        assert f"was of {oldest['institution']}, another connection" in said
        assert len(teller.asks("sync", "--history", "--limit", 3)["runs"]) == 3
        assert teller.asks("sync", "--history", "--limit", 0)["runs"] == []
        shown = teller.say("sync", "--history", "--limit", 100).out.splitlines()
        assert shown[0].endswith("ID")
        assert any(line.endswith(f"  {short}") for line in shown)


def test_an_empty_vault_says_so(hive, bank, tmp_path, monkeypatch):
    teller = Teller(hive, bank, bank.url, tmp_path / "vault", monkeypatch)
    for words, told in (
        (("sync", "--history"), "No sync yet."),
        (("transactions",), "No transactions yet."),
        (("transactions", "--search", "tea"), "No transaction is like that."),
        (("transactions", "deleted"), "Nothing is deleted."),
        (("spending", "summary"), "No transactions yet."),
        (("spending", "trends"), "No transactions yet."),
        (("spending", "trends", "--from", "2026-01-01"), "No transactions in these days."),
        (("review", "list"), "Nothing waits for your answer."),
        (("review", "list", "--answered"), "Nothing was answered."),
    ):
        said = teller.say(*words)
        assert (said.out, said.err) == ("", f"{told}\n"), words
        teller.asks(*words)
    assert "No bank is connected." in teller.refuses("sync", "--undo")


def test_progress_rewrites_one_line_of_a_terminal(teller, monkeypatch):
    assert teller.say("sync").err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    told = teller.say("sync").err
    assert told.startswith("\rBulk Bank 1: 0 rows on 1 page, 0 of 1 bank done\x1b[K")
    assert told.endswith("\rBulk Bank 1: 0 rows on 1 page, 1 of 1 bank done\x1b[K\n")
    assert told.count("\n") == 1


@pytest.mark.parametrize("period", ["week", "month", "year"])
def test_figures_to_the_calendar_s_ends_are_those_of_the_history(teller, period):
    words = ("spending", "trends", "--period", period)
    points = teller.asks(*words)["points"]
    assert points
    for days in (("--to", "9999-12-31"), ("--from", "0001-01-01", "--to", "9999-12-31")):
        assert teller.asks(*words, *days)["points"] == points
        assert teller.say(*words, *days).out == teller.say(*words).out
    assert teller.asks(*words, "--from", "9999-12-31")["points"] == []
    assert teller.asks(*words, "--to", "0001-01-01")["points"] == []


def test_rows_are_named_by_the_ids_that_are_shown(teller):
    shown = teller.say("transactions", "--limit", 5).out.splitlines()
    assert shown[0].split() == ["DATE", "ACCOUNT", "NAME", "CATEGORY", "AMOUNT", "ID"]
    rows = teller.rows()
    shorts = [row["id"].rsplit("-", 1)[1] for row in rows]
    assert [line.split()[-1] for line in shown[1:]] == shorts[:5]
    assert len(set(shorts)) == ROWS
    row, short = rows[3], shorts[3]
    assert teller.asks("transactions", "show", short)["id"] == row["id"]
    assert teller.asks("transactions", "set-category", short, "Travel")["id"] == row["id"]
    assert teller.asks("transactions", "unpair", short) == {"unpaired": 0}
    assert teller.asks("transactions", "delete", short, row["id"])["deleted"] == 1
    for action in ("delete", "unpair"):
        assert f"restore {short}" in teller.refuses("transactions", action, short)
    (line,) = teller.say("transactions", "deleted").out.splitlines()[1:]
    assert line.endswith(f"  {short}")
    assert teller.asks("transactions", "show", short)["deleted_at"]
    assert teller.asks("transactions", "restore", short, short)["restored"] == 1
    assert "deleted_at" not in teller.asks("transactions", "show", short)
    teller.refuses("transactions", "restore", short)
    for wrong in (short[1:], f"{short}0", "g" * 12, "0" * 12, f"  {short[2:]}"):
        teller.refuses("transactions", "show", wrong)


def test_a_short_id_of_two_rows_is_refused_with_both(teller):
    one, other = teller.rows()[:2]
    twin = "01" * 10 + one["id"].replace("-", "")[20:]
    teller.sql("UPDATE transactions SET id = unhex(?) WHERE id = unhex(?)", twin,
               other["id"].replace("-", ""))  # fmt: skip
    said = teller.refuses("transactions", "show", one["id"].rsplit("-", 1)[1])
    assert one["id"] in said
    assert "01010101-0101-0101-0101-" in said
    assert teller.asks("transactions", "show", one["id"])["id"] == one["id"]


def test_what_was_done_to_rows_is_said_in_words(teller):
    row = teller.rows()[3]
    said = teller.say("transactions", "set-category", row["id"], "travel").err
    assert " is now in Travel, and " in said
    assert said.endswith(" followed. Undo: hive transactions undo\n")
    said = teller.say("transactions", "set-category", row["id"], "NONE").err
    assert said.endswith(" has no category now. Undo: hive transactions undo\n")
    assert teller.say("transactions", "delete", row["id"], row["id"]).err.startswith("1 deleted.")
    assert teller.say("transactions", "restore", row["id"], row["id"]).err.startswith("1 restored.")


def test_a_row_is_shown_for_people(teller):
    bank = teller.bank
    pending = bank.add_transaction("20.00", "TST* TRATTORIA", pending=True)
    teller.sync()
    bank.post_pending(pending, amount="24.00")
    teller.sync()
    row = teller.row("trattoria")
    teller.say("transactions", "set-category", row["id"], "Travel")
    account = next(
        one for one in teller.asks("accounts")["accounts"] if one["id"] == row["account_id"]
    )
    shown = teller.say("transactions", "show", row["id"]).out
    head, edits, history = shown.split("\n\n")
    lines = dict(line.split(maxsplit=1) for line in head.splitlines())
    assert lines["Amount"] == "-24.00 USD"
    assert lines["Account"] == f"{account['name']} ··{account['mask']}, Bulk Bank 1"
    assert lines["Category"] == "Travel (you chose it)"
    assert (lines["State"], lines["Id"]) == ("posted", row["id"])
    assert edits.startswith("What you changed\n")
    assert "-> Travel" in edits
    assert history.startswith("What syncs did\n")
    assert history.index("posted ") < history.index("added ")
    assert "amount: -20.00 USD -> -24.00 USD" in history
    assert "None" not in shown
    teller.say("transactions", "delete", row["id"])
    gone = teller.say("transactions", "show", row["id"]).out
    assert "deleted by you " in gone
    assert f"hive transactions restore {row['id'].rsplit('-', 1)[1]}\n" in gone
    assert "you deleted it" in gone


@pytest.mark.parametrize(
    "words",
    [
        ("--from", "2026-01-01", "deleted"),
        ("--search", "", "deleted"),
        ("--limit", "0", "undo"),
        ("--pending", "show", "00000000-0000-0000-0000-000000000000"),
        ("--offset", "0", "--category", "Travel", "deleted"),
    ],
)
def test_an_action_refuses_what_chooses_the_listing(teller, words):
    assert words[0] in teller.refuses("transactions", *words)


def test_what_stands_before_an_action_holds(teller):
    said = teller.hive(
        "transactions", "--vault", teller.folder, "--today", TODAY, "--json", "deleted"
    )
    assert (said.code, said.document) == (0, {"transactions": []})


def other_of(bank, place):
    return bank.state()["items"][place]["item_id"]


def test_deleted_rows_stay_deleted_whatever_the_bank_says(teller):
    bank = teller.bank
    pending = bank.add_transaction("20.00", "TST* TRATTORIA", pending=True)
    teller.sync()
    row = teller.row("trattoria")
    teller.say("transactions", "set-category", row["id"], "Travel")
    before = len(teller.rows())
    assert teller.asks("transactions", "delete", row["id"])["deleted"] == 1
    assert len(teller.rows()) == before - 1
    bank.post_pending(pending, amount="24.00")
    teller.sync()
    teller.sync("--from", "2026-10-01")
    assert len(teller.rows()) == before - 1
    (gone,) = teller.asks("transactions", "deleted")["transactions"]
    assert (gone["id"], gone["amount_minor"], gone["pending"]) == (row["id"], 2400, False)
    assert gone["deleted_at"]
    assert "TRATTORIA" in teller.say("transactions", "deleted").out
    assert teller.asks("transactions", "restore", row["id"])["restored"] == 1
    back = teller.row("trattoria")
    assert (back["id"], back["amount_minor"], back["category"]) == (row["id"], 2400, "Travel")
    undone = teller.asks("transactions", "undo")
    assert undone["restored"] == 1
    assert undone["text"] == "Undone: TST* TRATTORIA is deleted again."
    assert len(teller.rows()) == before - 1
    teller.refuses("transactions", "delete", row["id"])
    teller.refuses("transactions", "restore", teller.rows()[0]["id"])


@pytest.mark.parametrize("action", ["delete", "restore", "unpair", "show"])
def test_a_row_that_is_none_is_a_sentence(teller, action):
    for wrong in ("nonsense", "00000000-0000-0000-0000-000000000000"):
        teller.refuses("transactions", action, wrong)


def test_a_lost_cursor_reads_everything_again_and_changes_nothing_else(teller):
    bank = teller.bank
    kept = bank.add_transaction("20.00", "TST* TRATTORIA", pending=True)
    gone = bank.add_transaction("21.00", "NEVER POSTED", pending=True)
    teller.sync()
    rows = teller.rows()
    teller.say("transactions", "set-category", rows[10]["id"], "Travel")
    teller.say("transactions", "delete", rows[11]["id"])
    # A row from before the bank's memory, as a longer history once gave it.
    teller.sql(
        "UPDATE transactions SET plaid_id = 'forgotten' WHERE seq = "
        "(SELECT min(seq) FROM transactions)"
    )
    before = {row["id"]: row for row in teller.rows()}
    oldest = teller.rows()[-1]["id"]
    old = posted(bank)
    bank.reset_cursors()
    bank.remove(old[-3])
    bank.remove(gone)
    bank.post_pending(kept, amount="24.00")
    bank.add_transaction("5.00", "NEW COFFEE")
    counts = teller.counts()
    after = {row["id"]: row for row in teller.rows()}
    left = set(before) - set(after)
    assert {before[one]["name"] for one in left} >= {"NEVER POSTED"}
    assert len(left) == 2
    assert oldest in after
    assert counts[0] == 1
    changed = {one for one in set(before) & set(after) if before[one] != after[one]}
    assert {after[one]["name"] for one in changed} == {"TST* TRATTORIA"}
    assert teller.row("trattoria")["amount_minor"] == 2400
    deleted = teller.asks("transactions", "deleted")["transactions"]
    assert [row["id"] for row in deleted] == [rows[11]["id"]]
    assert teller.counts() == (0, 0, 0)
    assert not twins(teller.rows())


def test_a_balance_that_drifts_is_told_the_second_time(teller):
    bank = teller.bank
    account = next(one for one in bank.state()["items"][0]["accounts"] if one["mask"])
    account_id = account["account_id"]
    known = next(
        one for one in teller.asks("accounts")["accounts"] if one["mask"] == account["mask"]
    )

    def discrepancies():
        return teller.asks("accounts")["discrepancies"]

    bank.advance(1)
    teller.sync()
    assert discrepancies() == []
    bank.set_balance_drift(account_id, "12.34")
    bank.advance(1)
    bank.add_transaction("12.34", "DOUBLY SUSPICIOUS", account_id=account_id)
    teller.sync()
    assert discrepancies() == [], "silent after one"
    bank.advance(1)
    bank.add_transaction("1.00", "ANOTHER DAY", account_id=account_id)
    teller.sync()
    (found,) = discrepancies()
    assert (found["account_id"], found["currency"]) == (known["id"], "USD")
    assert abs(found["difference_minor"]) == 1234
    assert found["since"]
    names = {row["id"]: row["name"] for row in teller.rows()}
    if found["difference_minor"] > 0:
        assert [names[one] for one in found["transactions"]] == ["DOUBLY SUSPICIOUS"]
    assert "the ledger has 12.34 USD" in teller.say("accounts").err
    bank.set_balance_drift(account_id, 0)
    bank.advance(1)
    teller.sync()
    assert discrepancies() == []


def test_a_balance_that_the_bank_corrected_without_a_row_is_accepted(teller):
    bank = teller.bank
    account_id = bank.state()["items"][0]["accounts"][0]["account_id"]
    bank.advance(1)
    teller.sync()
    bank.set_balance_drift(account_id, "12.34")
    for name in ("ONE DAY", "ANOTHER DAY"):
        bank.advance(1)
        bank.add_transaction("1.00", name, account_id=account_id)
        teller.sync()
    (found,) = teller.asks("accounts")["discrepancies"]
    words = ("accounts", "accept-balance", found["account_id"])
    assert " ".join(words) in teller.say("accounts").err
    assert teller.asks(*words) == {"account_id": found["account_id"]}
    assert "do not disagree" in teller.refuses(*words)
    teller.refuses("accounts", "accept-balance", "no such account")
    bank.advance(1)
    bank.add_transaction("1.00", "A DAY LATER", account_id=account_id)
    teller.sync()
    assert teller.asks("accounts")["discrepancies"] == []


def test_a_bank_that_gives_rows_and_asks_for_the_person(teller):
    teller.bank.fail("/item/get", kind="status", code=500, times=9)
    assert teller.sync(code=4)["state"] == "degraded"
    (item,) = teller.items()
    assert item["until"]
    teller.bank.clear_faults()
    assert teller.sync()["state"] == "healthy"
    (item,) = teller.items()
    assert (item["until"], item["error"]) == (None, None)


def test_a_rate_limit_is_told_and_kept(teller):
    before = teller.calls("/transactions/sync")
    teller.bank.fail("/transactions/sync", kind="error", code="TRANSACTIONS_SYNC_LIMIT", times=1)
    limited = teller.sync(code=4)
    assert (limited["state"], limited["error"]) == ("rate_limited", "TRANSACTIONS_SYNC_LIMIT")
    asked = teller.calls("/transactions/sync")
    said = teller.say("sync", "--json", code=4)
    assert said.document["items"][0]["error"] == "TRANSACTIONS_SYNC_LIMIT"
    assert "slow down" in said.err
    assert teller.calls("/transactions/sync") == asked > before
    (item,) = teller.items()
    assert item["state"] == "rate_limited"
    assert item["until"]


def test_a_consent_that_ends_soon_is_shown(teller):
    teller.bank.set_consent(when="2026-11-27T12:00:00+00:00")
    assert teller.sync()["state"] == "expiring"
    (item,) = teller.items()
    assert item["ends_at"].startswith("2026-11-27T12:00:00")
    teller.bank.set_consent(when="2027-11-27T12:00:00+00:00")
    assert teller.sync()["state"] == "healthy"


def test_rates(teller):
    said = teller.asks("rate", "eur", "usd", "1.0845")
    assert said == {"base": "EUR", "quote": "USD", "date": TODAY.isoformat(), "rate": "1.0845"}
    assert teller.sql("SELECT base, quote, rate FROM exchange_rates") == [("EUR", "USD", "1.0845")]
    teller.asks("rate", "EUR", "USD", "1.09")
    assert teller.sql("SELECT rate FROM exchange_rates") == [("1.09",)]
    teller.asks("rate", "EUR", "USD", "none")
    assert teller.sql("SELECT rate FROM exchange_rates") == []
    for words in (
        ("EUR", "EUR", "1"), ("EURO", "USD", "1"), ("E1R", "USD", "1"), ("EUR", "USD", "0"),
        ("EUR", "USD", "nan"), ("EUR", "USD", "Infinity"), ("EUR", "USD", "one"),
    ):  # fmt: skip
        teller.refuses("rate", *words)
    assert teller.hive("rate", "EUR", "USD", "-1", "--vault", teller.folder).code == 2


def test_every_row_is_the_banks_own(teller):
    """What this file's tests stand on: the ledger is the bank's truth."""
    rows = without(teller.rows(), "category")
    assert len(rows) == len(posted(teller.bank)) == ROWS


def test_a_sync_of_nothing_says_so(teller):
    (item,) = teller.asks("items")["items"]
    teller.say("disconnect", item["id"], "--keep-history", "--yes")
    assert "No bank is connected.\nhive link" in teller.refuses("sync")
