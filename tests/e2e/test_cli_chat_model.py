"""`hive chat --model` before a model's server: what streams, what is marked, how it ends."""

import json

import pytest

from tests.aiserver import models
from tests.aiserver.server import half, refusal, serving
from tests.aiserver.streams import calling, speaking
from tests.e2e.test_cli_ai import set_up


@pytest.fixture
def server():
    with serving() as made:
        made.manner = speaking("Nothing is known yet.")
        yield made


@pytest.fixture
def vault(hive, tmp_path, server):
    folder = tmp_path / "vault"
    assert hive("vault", "create", "--vault", folder).code == 0
    assert set_up(hive, folder, server).code == 0
    return folder


def test_a_reply_streams_with_its_figures(hive, vault, server):
    server.script.append(calling(("data_coverage", {})))
    server.script.append(speaking("There are [[r1.count]] rows."))
    said = hive("chat", "What do you know?", "--model", "--vault", vault)
    assert (said.code, said.out) == (0, "There are 0 rows.\n")
    server.script.append(calling(("data_coverage", {})))
    server.script.append(speaking("There are [[r1.count]] rows."))
    said = hive("chat", "What do you know?", "--model", "--json", "--vault", vault)
    assert said.code == 0
    assert said.document["answer"] == "There are 0 rows."
    (figure,) = said.document["figures"]
    assert (figure["text"], figure["receipt"], figure["verified"]) == ("0", "r1.count", True)
    assert (figure["computed"], len(figure["parts"])) == (None, 1)
    assert [one["tool"] for one in said.document["receipts"]] == ["data_coverage"]
    assert (said.document["backend"], said.document["ended"]) == ("gpt-6-luna", "done")
    said = hive("egress", "--vault", vault, "--json")
    assert said.out.count("Ask a model about your money") >= 4


def test_figures_that_are_not_verified_are_named(hive, vault, server):
    server.manner = speaking("You spent £5.00.")
    said = hive("chat", "How much?", "--model", "--vault", vault)
    assert said.code == 0
    assert "not verified; the model looks at them again" in said.err
    assert "Not verified: £5.00" in said.err
    said = hive("chat", "How much?", "--model", "--json", "--vault", vault)
    (figure,) = said.document["figures"]
    assert (figure["text"], figure["receipt"], figure["verified"]) == ("£5.00", None, False)
    assert (figure["computed"], figure["parts"]) == (None, [])
    assert json.loads(said.out)["answer"] == "You spent £5.00."


def test_how_it_ends_is_said(hive, vault, server):
    server.manner = models.endless
    said = hive("chat", "How much?", "--model", "--vault", vault)
    assert said.code == 1
    assert "never answered" in said.err
    server.manner = refusal(401, "invalid_api_key")
    said = hive("chat", "How much?", "--model", "--vault", vault)
    assert said.code == 4
    assert "key" in said.err
    server.manner = half
    assert hive("chat", "How much?", "--model", "--vault", vault).code == 5
    assert hive("ai", "forget", "--vault", vault).code == 0
    said = hive("chat", "How much?", "--model", "--vault", vault)
    assert said.code == 4
