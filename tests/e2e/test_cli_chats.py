"""`hive chat --session` and `hive chats`: sessions are kept, go on, and are found."""

import pytest

from tests.aiserver.server import refusal, serving
from tests.aiserver.streams import calling, speaking
from tests.e2e.test_cli_ai import set_up

QUESTION = "How many transactions are there?"


@pytest.fixture
def vault(hive, tmp_path):
    folder = tmp_path / "vault"
    assert hive("vault", "create", "--vault", folder).code == 0
    return folder


def listed(hive, vault):
    return hive("chats", "list", "--json", "--vault", vault).document["sessions"]


def test_a_session_goes_on_and_is_listed_found_renamed_and_deleted(hive, teller):
    vault = teller.folder
    assert "There are no sessions" in hive("chats", "list", "--vault", vault).err
    said = hive("chat", QUESTION, "--session", "new", "--json", "--vault", vault)
    assert said.code == 0
    first = said.document
    assert (first["backend"], first["ended"]) == ("offline", "done")
    assert first["figures"]
    assert all(one["verified"] for one in first["figures"])
    assert isinstance(first["figures"][0]["value"], int)
    assert first["receipts"][0]["id"] == "r1"
    assert first["answer"].startswith("There are ")
    session = first["session"]
    short = session[-12:]
    said = hive("chat", "Wie viele Buchungen gibt es?", "--session", short, "--vault", vault)
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("Es gibt ")
    assert "[[" not in said.out
    (line,) = listed(hive, vault)
    assert (line["id"], line["title"], line["messages"]) == (session, QUESTION, 4)
    assert line["snippet"] == "Wie viele Buchungen gibt es?"
    found = hive("chats", "search", "wie", "VIELE", "--json", "--vault", vault).document
    assert [one["id"] for one in found["sessions"]] == [session]
    assert "No session" in hive("chats", "search", "nowhere", "--vault", vault).err
    assert hive("chats", "rename", short, "My rows", "--vault", vault).code == 0
    table = hive("chats", "list", "--vault", vault).out
    assert short in table
    assert "My rows" in table
    assert hive("chats", "rename", short, " ", "--vault", vault).code == 2
    assert hive("chats", "delete", short, "--vault", vault).code == 0
    assert listed(hive, vault) == []
    said = hive("chats", "delete", short, "--vault", vault)
    assert said.code == 2
    assert "There is no session" in said.err
    assert hive("chat", QUESTION, "--session", short, "--vault", vault).code == 2


def test_a_question_without_a_session_is_not_kept(hive, teller):
    assert hive("chat", QUESTION, "--vault", teller.folder).code == 0
    assert listed(hive, teller.folder) == []


def test_a_model_is_told_what_it_said_before_but_nothing_of_the_analysts(hive, vault):
    with serving() as server:
        assert set_up(hive, vault, server).code == 0
        server.script += [
            calling(("data_coverage", {})),
            speaking("There are [[r1.count]] rows."),
        ]
        said = hive("chat", "What do you know?", "--model", "--session", "new", "--vault", vault)
        assert said.code == 0
        assert said.out == "There are 0 rows.\n"
        session = said.err.split()[-1]
        asked = len(server.chats)
        said = hive("chat", "How much did I spend in 2025?", "--session", session, "--vault", vault)
        assert (said.code, len(server.chats)) == (0, asked)
        server.script.append(speaking("As I said, [[r1.count]]."))
        said = hive("chat", "And now?", "--model", "--session", session, "--vault", vault)
        assert said.out == "As I said, 0.\n"
        told = [one.get("content") for one in server.chats[-1].body["messages"]]
        assert "There are [[r1.count]] rows." in told
        assert "(The program answered this without a model.)" in told
        analysts = [one for one in told if "You spent" in (one or "")]
        assert analysts == []
        server.manner = refusal(401, "invalid_api_key")
        assert hive("chat", "Hm?", "--model", "--session", session, "--vault", vault).code == 4
    (line,) = listed(hive, vault)
    assert line["messages"] == 8
    said = hive("chat", "Is it there?", "--model", "--session", session, "--vault", vault)
    assert said.code == 0
    assert "not" in said.out
