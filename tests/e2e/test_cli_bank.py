"""`hive` against a bank that is well, ill, gone, or not a bank at all."""

import socket
import threading
from datetime import datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from hive_desktop.sandbox.bank import household_bank
from hive_desktop.sandbox.server import SandboxServer
from tests.e2e.teller import TODAY
from tests.ports import free_port


@pytest.fixture
def bank():
    made = household_bank(today=TODAY)
    with SandboxServer(made) as server:
        made.url = server.url
        yield made


@pytest.fixture
def linked(hive, bank, tmp_path, monkeypatch):
    """A vault with one bank, linked by the CLI while somebody visits the bank's page."""
    folder = tmp_path / "vault"
    assert hive("vault", "create", "--vault", folder).code == 0
    set_bank(hive, folder, bank.url)
    monkeypatch.setattr(
        "webbrowser.open", lambda url: bool(bank.complete_link(url.rsplit("/", 1)[-1]))
    )
    said = hive("link", "--vault", folder, "--json", "--today", TODAY)
    assert said.code == 0, said.err
    (item,) = said.document["items"]
    assert item["added"] > 100
    return folder


def set_bank(hive, folder, url):
    said = hive(
        "bank", "set", "--vault", folder, "--environment", url, "--client-id", "sandbox-client",
        HIVE_PLAID_SECRET="sandbox-secret",
    )  # fmt: skip
    assert said.code == 0, said.err
    assert "sandbox-secret" not in said.out + said.err


def total(hive, folder):
    return hive("transactions", "--vault", folder, "--limit", "1", "--json").document["total"]


def test_sync_brings_what_is_new_once(hive, bank, linked):
    before = total(hive, linked)
    bank.add_transaction("12.34", "NEW COFFEE")
    first = hive("sync", "--vault", linked, "--json", "--today", TODAY)
    again = hive("sync", "--vault", linked, "--json", "--today", TODAY)
    assert first.document["items"][0]["added"] == 1
    assert again.document["items"][0]["added"] == 0
    assert total(hive, linked) == before + 1


def test_a_chosen_category_survives_posting_with_a_tip(hive, bank, linked):
    pending = bank.add_transaction("20.00", "TST* TRATTORIA", pending=True)
    hive("sync", "--vault", linked)
    query = ("transactions", "--vault", linked, "--search", "trattoria", "--json")
    (row,) = hive(*query).document["transactions"]
    assert row["pending"]
    assert hive("transactions", "set-category", row["id"], "Travel", "--vault", linked).code == 0
    bank.post_pending(pending, amount="24.00")
    said = hive("sync", "--vault", linked, "--json")
    assert said.document["items"][0]["modified"] == 1
    (posted,) = hive(*query).document["transactions"]
    assert posted["id"] == row["id"]
    assert (posted["amount_minor"], posted["pending"]) == (2400, False)
    assert (posted["category"], posted["category_source"]) == ("Travel", "user")
    shown = hive("transactions", "show", row["id"], "--vault", linked, "--json").document
    assert shown["edits"][0]["after"] == "Travel"
    undone = hive("transactions", "undo", "--vault", linked, "--json").document
    assert (undone["restored"], undone["rows"]) == (1, 1)
    assert undone["text"].startswith("Undone: ")
    (undone,) = hive(*query).document["transactions"]
    assert undone["category"] != "Travel"


def test_a_window_of_dates_is_read_again_without_doubles(hive, bank, linked):
    before = total(hive, linked)
    bank.add_transaction("5.00", "LATE NEWS")
    said = hive(
        "sync", "--vault", linked, "--from", "2026-11-01", "--to", TODAY, "--json",
        "--today", TODAY,
    )  # fmt: skip
    assert said.document["items"][0]["added"] == 1
    hive("sync", "--vault", linked)
    assert total(hive, linked) == before + 1


def test_a_bank_that_wants_a_new_login_is_exit_4_and_keeps_the_rows(hive, bank, linked):
    before = total(hive, linked)
    bank.break_item()
    said = hive("sync", "--vault", linked, "--json")
    assert said.code == 4
    assert said.document["items"][0]["state"] == "needs_relink"
    assert said.document["items"][0]["error"] == "ITEM_LOGIN_REQUIRED"
    assert "Sign in at the bank again" in said.err
    assert "hive reconnect" in said.err
    assert total(hive, linked) == before
    bank.repair_item()
    well = hive("sync", "--vault", linked, "--json")
    assert (well.code, well.document["items"][0]["state"]) == (0, "healthy")


def test_mutation_during_pagination_restarts_and_loses_nothing(hive, bank, linked):
    for n in range(3):
        bank.add_transaction("1.00", f"ROW {n}")
    bank.fail(
        "/transactions/sync", kind="error",
        code="TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION",
    )  # fmt: skip
    said = hive("sync", "--vault", linked, "--json")
    assert (said.code, said.document["items"][0]["added"]) == (0, 3)


def test_an_offline_bank_is_exit_5(hive, linked, tmp_path):
    set_bank(hive, linked, f"http://127.0.0.1:{free_port()}")
    said = hive("sync", "--vault", linked, "--json")
    assert said.code == 5
    (item,) = said.document["items"]
    assert said.err.startswith(f"{item['institution']}: Offline.")
    assert total(hive, linked) > 100


def test_banks_with_one_trouble_are_told_in_one_sentence(hive, bank, linked, monkeypatch):
    other = bank.institution_ids[1]
    monkeypatch.setattr(
        "webbrowser.open", lambda url: bool(bank.complete_link(url.rsplit("/", 1)[-1], other))
    )
    assert hive("link", "--vault", linked, "--today", TODAY).code == 0
    names = [
        one["institution"] for one in hive("items", "--vault", linked, "--json").document["items"]
    ]
    bank.fail("/transactions/sync", kind="error", code="ITEM_LOGIN_REQUIRED", times=9)
    said = hive("sync", "--vault", linked, "--today", TODAY)
    assert said.code == 4
    assert said.err.startswith(f"{', '.join(names)}: Sign in at the bank again.")
    assert said.err.count("hive reconnect") == 1
    for line, name in zip(said.out.splitlines()[1:], names, strict=True):
        assert line.startswith(name)
        assert line.split()[-4:] == ["needs_relink", "-", "-", "-"]


def test_the_end_of_a_state_is_shown(hive, bank, linked):
    bank.set_consent(when="2026-11-27T12:00:00+00:00")
    said = hive("sync", "--vault", linked, "--today", TODAY)
    (item,) = hive("items", "--vault", linked, "--json").document["items"]
    assert f"sign in again by 2026-11-27 (hive reconnect {item['id']})" in said.err
    heading, line = hive("items", "--vault", linked).out.splitlines()
    assert "UNTIL" in heading
    assert "expiring  2026-11-27  " in line
    bank.fail("/transactions/sync", kind="error", code="TRANSACTIONS_SYNC_LIMIT", times=1)
    assert hive("sync", "--vault", linked, "--today", TODAY).code == 4
    (item,) = hive("items", "--vault", linked, "--json").document["items"]
    until = datetime.fromisoformat(item["until"]).astimezone()
    assert f"rate_limited  {until:%Y-%m-%d %H:%M}  " in hive("items", "--vault", linked).out


def test_what_is_owed_is_negative_for_people(hive, linked):
    found = hive("accounts", "--vault", linked, "--json").document["accounts"]
    lines = hive("accounts", "--vault", linked).out.splitlines()[1:]
    assert {one["type"] for one in found} >= {"loan", "depository"}
    for one, line in zip(found, lines, strict=True):
        assert one["balance_current_minor"] > 0
        assert (" -" in line) == (one["type"] in ("credit", "loan")), line


class Strange(BaseHTTPRequestHandler):
    answer = b""
    status = 200
    promised = None

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(self.status)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(self.promised or len(self.answer)))
        self.end_headers()
        self.wfile.write(self.answer)

    def log_message(self, *_arguments):
        pass


@pytest.mark.parametrize(
    ("status", "answer", "promised"),
    [
        (200, b"<html>Please log in to the hotel's network</html>", None),
        (502, b"<html>Bad gateway</html>", None),
        (500, b'{"error_code": "INTERNAL_SERVER_ERROR", "error_type": "API_ERROR"}', None),
        (200, b'{"added": [', 400),
        (200, b"", None),
    ],
    ids=["html", "gateway", "500", "half", "nothing"],
)
def test_what_is_no_bank_is_a_sentence_and_no_harm(
    hive, linked, status, answer, promised, monkeypatch
):
    monkeypatch.setattr("hive_desktop.plaidkit.client.PlaidClient._wait", lambda *_: None)
    before = total(hive, linked)
    handler = type(
        "Handler", (Strange,), {"status": status, "answer": answer, "promised": promised}
    )
    with HTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        set_bank(hive, linked, f"http://127.0.0.1:{server.server_port}")
        said = hive("sync", "--vault", linked, "--json")
        server.shutdown()
        thread.join()
    assert said.code in (4, 5)
    assert said.err.strip().count("\n") >= 1
    assert said.document["items"][0]["error"]
    assert total(hive, linked) == before


def test_without_keys_the_person_is_told_where_they_go(hive, tmp_path):
    folder = tmp_path / "vault"
    hive("vault", "create", "--vault", folder)
    said = hive("link", "--vault", folder)
    assert said.code == 4
    assert "hive bank set" in said.err
    assert "Settings" not in said.err


@pytest.mark.parametrize("environment", ["mars", "http://example.com", ""])
def test_an_environment_that_is_none_is_refused_before_anything_is_asked(
    hive, tmp_path, environment
):
    said = hive(
        "bank", "set", "--vault", tmp_path, "--environment", environment, "--client-id", "x",
        HIVE_PLAID_SECRET="secret-word",
    )  # fmt: skip
    assert said.code == 2
    assert "not production, sandbox, or an address on this computer" in said.err
    assert "secret-word" not in said.err


def test_a_missing_plaid_secret_is_named(hive, tmp_path):
    folder = tmp_path / "vault"
    hive("vault", "create", "--vault", folder)
    said = hive("bank", "set", "--vault", folder, "--environment", "sandbox", "--client-id", "x")
    assert said.code == 2
    assert "Plaid secret" in said.err
    assert "HIVE_PLAID_SECRET" in said.err
    assert "--secret-fd" in said.err
    assert "passphrase" not in said.err
    assert "HIVE_PLAID_SECRET" in hive("bank", "set", "--help").out


def test_a_port_that_is_taken_is_a_sentence(hive):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        said = hive("sandbox", "--port", taken.getsockname()[1])
    assert said.code == 1
    assert said.err.startswith("The port is taken.")


def test_a_custom_user_that_is_none_is_a_sentence(hive, tmp_path):
    bad = tmp_path / "bad.json"
    bad.write_text("not json")
    for path in (bad, tmp_path / "missing.json", tmp_path):
        said = hive("demo", "--headless", "--json", "--custom-user", path, "--out", tmp_path / "o")
        assert said.code == 2
        assert "That is not usable" in said.err
