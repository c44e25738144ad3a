"""A program that is killed while a reply streams in: what had arrived is there, marked as cut."""

import asyncio
import os
import signal
import subprocess
import sys
import time

import pytest

from hive_desktop import bootstrap
from hive_desktop.adapters.storage.store import FileVaultStore
from hive_desktop.adapters.system import SystemClock
from hive_desktop.domain.conversations import Ended, Role
from tests.aiserver.server import serving
from tests.aiserver.streams import calling, speaking
from tests.e2e.teller import PASSPHRASE
from tests.e2e.test_cli_ai import set_up

LATER = "zorblax"  # stands after the words that are waited for first
WORDS = f"There are [[r1.count]] rows, and this goes on and on. {LATER} " + "And so on. " * 2_000
SOON_S = 120


@pytest.fixture
def vault(hive, tmp_path):
    folder = tmp_path / "vault"
    assert hive("vault", "create", "--vault", folder).code == 0
    return folder


def killed_in_mid_reply(hive, vault):
    """Ask in a process of its own, and kill it once more than its first words were kept."""
    child = subprocess.Popen(
        [sys.executable, "-m", "hive_desktop.cli", "chat", "What is there?", "--model",
         "--session", "new", "--vault", str(vault)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env={**os.environ, "HIVE_PASSPHRASE": PASSPHRASE},
    )  # fmt: skip
    try:
        assert child.stdout.read(60)
        deadline = time.monotonic() + SOON_S
        search = ("chats", "search", LATER, "--json", "--vault", vault)
        while not hive(*search).document["sessions"]:
            assert time.monotonic() < deadline, "nothing was kept"
    finally:
        child.kill()
        child.stdout.close()
    assert child.wait() == -signal.SIGKILL


def test_what_had_arrived_is_there(hive, vault):
    with serving() as server:
        assert set_up(hive, vault, server).code == 0
        server.script += [calling(("data_coverage", {})), speaking(WORDS, pause=0.05)]
        killed_in_mid_reply(hive, vault)
        (line,) = hive("chats", "list", "--json", "--vault", vault).document["sessions"]
        assert (line["title"], line["messages"]) == ("What is there?", 2)

        async def work():
            store = FileVaultStore(clock=SystemClock(), keychain=None)
            keys = store.unlock(vault, PASSPHRASE)
            session = await bootstrap.open_session(vault, keys, clock=SystemClock(), store=store)
            try:
                talk = await session.chat_desk.open(line["id"].replace("-", ""))
                return talk, await session.chat_desk.shown(talk, talk.messages[-1])
            finally:
                await session.close()

        talk, shown = asyncio.run(work())
        reply = talk.messages[-1]
        assert [one.role for one in talk.messages] == [
            Role.PERSON, Role.MODEL, Role.TOOL, Role.MODEL,
        ]  # fmt: skip
        assert (reply.ended, set(talk.receipts)) == (Ended.CUT, {"r1"})
        assert WORDS.startswith(reply.text)
        assert len(reply.text) > 60
        assert shown.text.startswith("There are 0 rows")
        server.script.append(speaking("All of [[r1.count]]."))
        said = hive(
            "chat", "Again?", "--model", "--session", line["id"], "--vault", vault
        )  # fmt: skip
        assert (said.code, said.out) == (0, "All of 0.\n")
        told = [one.get("content") for one in server.chats[-1].body["messages"]]
        assert any("(This answer was cut off.)" in (one or "") for one in told)
