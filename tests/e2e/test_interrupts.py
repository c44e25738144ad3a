"""Ctrl-C ends a command soon, with 130 and without a traceback, wherever it comes."""

import os
import pty
import select
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from hive_desktop import bootstrap
from hive_desktop.ports.errors import UsageError
from tests.e2e.teller import PASSPHRASE, TODAY

# As `hive` starts, but for the price of a passphrase.
PROGRAM = """
from hive_desktop import bootstrap
from hive_desktop.cli.main import entry
from tests.e2e.teller import cheap_store
bootstrap.vault_store = cheap_store
entry()
"""
HIVE = [sys.executable, "-c", PROGRAM]
ROOT = Path(__file__).parents[2]
SOON_S = 180


@pytest.fixture
def silent_bank(teller, monkeypatch):
    """The teller's vault, before a bank that takes calls and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        monkeypatch.setenv("HIVE_PLAID_SECRET", "sandbox-secret")
        teller.say("bank", "set", "--environment", url, "--client-id", "sandbox-client")
        server.settimeout(SOON_S)
        yield server


def syncing(teller):
    return subprocess.Popen(
        [*HIVE, "sync", "--vault", teller.folder, "--today", str(TODAY)],
        env={**os.environ, "HIVE_PASSPHRASE": PASSPHRASE},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def await_run(teller):
    """Wait until the journal has the run that is under way: the bank may be asked before."""
    deadline = time.monotonic() + SOON_S
    while teller.asks("sync", "--history")["runs"][0]["result"] != "running":
        assert time.monotonic() < deadline, "no run began"


@pytest.mark.parametrize("pause_s", [None, 0.0, 0.02, 0.2, 1.5])
def test_a_sync_before_a_silent_bank_ends(teller, silent_bank, pause_s):
    process = syncing(teller)
    try:
        connection, _ = silent_bank.accept()
        with connection:
            await_run(teller)
            process.send_signal(signal.SIGINT)
            if pause_s is not None:
                time.sleep(pause_s)
                process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=SOON_S)
    finally:
        process.kill()
    assert (process.returncode, "Traceback" in err) == (130, False), err
    (run, *_) = teller.asks("sync", "--history")["runs"]
    assert run["result"] == "cut_off"


def test_a_prompt_ends(teller):
    code, said = at_a_terminal(["items", "--vault", str(teller.folder)], b"Passphrase")
    assert code == 130
    assert b"Traceback" not in said


@pytest.mark.full
def test_an_import_ends_with_one_line_and_nothing_imported(teller, tmp_path, monkeypatch):
    monkeypatch.setenv("HIVE_PASSPHRASE", PASSPHRASE)
    path = tmp_path / "long.csv"
    lines = (f"2026-0{1 + at % 9}-03,Zebra shop {at % 997},-{at}.25\n" for at in range(150_000))
    path.write_text("Date,Name,Amount\n" + "".join(lines))
    words = ["import", str(path), "--vault", str(teller.folder), "--yes", "--currency", "EUR"]
    code, said = at_a_terminal(words, b"Reading long.csv... ", keeps_passphrase=True)
    assert code == 130
    assert said.replace(b"\r\n", b"\n").endswith(b"\nStopped: nothing was imported.\n"), said
    assert b"Traceback" not in said
    assert teller.asks("import", "--list")["imports"] == []


def at_a_terminal(words, awaited, *, keeps_passphrase=False):
    """Run a command at a terminal, and send Ctrl-C once it says something: its code and words."""
    pid, terminal = pty.fork()
    if not pid:
        os.chdir(ROOT)
        if not keeps_passphrase:
            os.environ.pop("HIVE_PASSPHRASE", None)
        os.execv(HIVE[0], [*HIVE, *words])  # noqa: S606 - this very interpreter
    said = b""
    deadline = time.monotonic() + SOON_S
    is_sent = False
    while time.monotonic() < deadline:
        ready, _, _ = select.select([terminal], [], [], 0.1)
        if ready:
            try:
                said += os.read(terminal, 1024)
            except OSError:  # the other end is closed
                break
        if awaited in said and not is_sent:
            is_sent = bool(os.write(terminal, b"\x03"))
    else:
        os.kill(pid, signal.SIGKILL)
    os.close(terminal)
    _, status = os.waitpid(pid, 0)
    return os.waitstatus_to_exitcode(status), said


def test_a_command_that_ends_by_itself_leaves_no_handler_behind():
    before = signal.getsignal(signal.SIGINT)

    async def wrong():
        raise UsageError("It says nothing.")

    async def right():
        return 1

    with pytest.raises(UsageError):
        bootstrap.run_async(wrong())
    assert bootstrap.run_async(right()) == 1
    assert signal.getsignal(signal.SIGINT) is before
