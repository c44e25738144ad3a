"""`hive` as a person runs it, in this process: arguments in; exit code, document and words out."""

import json
import logging
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from hive_desktop import logs
from hive_desktop.cli.main import main
from hive_desktop.sandbox.server import SandboxServer
from tests.e2e.teller import PASSPHRASE, ROWS, Teller, small_bank

DATA = Path(__file__).parents[1] / "data"
SHARED_USERS = Path(__file__).parents[2] / ".." / "shared" / "fixtures" / "plaid" / "custom-users"


@dataclass
class Said:
    code: int
    out: str
    err: str

    @property
    def document(self):
        return json.loads(self.out)


@pytest.fixture
def hive(capsys, monkeypatch):
    def run(*arguments, passphrase=PASSPHRASE, **variables):
        if passphrase is None:
            monkeypatch.delenv("HIVE_PASSPHRASE", raising=False)
        else:
            monkeypatch.setenv("HIVE_PASSPHRASE", passphrase)
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        words = [str(argument) for argument in arguments]
        said = own_process(words) if words[:1] == ["demo"] else here(words)
        assert "Traceback" not in said.err + said.out
        return said

    def here(words):
        code = main(words)
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    def own_process(words):
        """A demo has an application and a loop of its own, one to a process."""
        done = subprocess.run(
            [sys.executable, "-m", "hive_desktop.cli", *words],
            capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip
        return Said(done.returncode, done.stdout, done.stderr)

    level = logging.getLogger().level
    yield run
    logs.tear_down()
    logging.getLogger().setLevel(level)


@pytest.fixture
def bank():
    """One item with few rows, on loopback."""
    with SandboxServer(made := small_bank()) as server:
        made.url = server.url
        yield made


@pytest.fixture
def teller(hive, bank, tmp_path, monkeypatch):
    """Who has linked that bank."""
    made = Teller(hive, bank, bank.url, tmp_path / "vault", monkeypatch)
    (item,) = made.link()["items"]
    assert item["added"] == ROWS
    return made


@pytest.fixture
def bus():
    """A session bus of its own; the desktop's services are not on it."""
    with subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address=1"],  # noqa: S607
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as daemon:  # fmt: skip
        yield daemon.stdout.readline().strip()
        daemon.terminate()
