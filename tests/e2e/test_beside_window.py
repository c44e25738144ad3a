"""`hive` beside an open window: the window runs what writes, for whoever can open the vault."""

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from hive_desktop.adapters.desktop import instance
from hive_desktop.adapters.system import SystemClock
from hive_desktop.domain import handover
from tests.e2e.teller import PASSPHRASE, ROWS, cheap_store
from tests.e2e.test_interrupts import HIVE, ROOT
from tests.ui.test_importing import OFX

pytestmark = pytest.mark.full

WAIT_S = 180


@pytest.fixture
def private(monkeypatch):
    """A runtime folder of this test's own, with a path as short as a desktop's."""
    with tempfile.TemporaryDirectory(prefix="hive-") as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield folder


def keys_of(folder):
    return cheap_store(SystemClock()).unlock(folder, PASSPHRASE)


@contextmanager
def window(folder, *words):
    """A window in a process of its own; at the end it is asked to quit, and ends with 0."""
    keys = keys_of(folder)
    given = " ".join(key.hex() for key in (keys.master, keys.database, keys.egress, keys.commands))
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.window_child", str(folder), *words],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONFAULTHANDLER": "1"},
    )  # fmt: skip
    try:
        process.stdin.write(given + "\n")
        process.stdin.flush()
        assert process.stdout.readline() == "shown\n", process.communicate()
        yield process
        process.send_signal(signal.SIGTERM)
        out, err = process.communicate(timeout=WAIT_S)
        assert (process.returncode, err) == (0, ""), out
    finally:
        if process.poll() is None:
            process.kill()
            process.communicate()


def test_what_writes_is_run_by_the_window(private, teller, hive):
    (first, *_) = teller.rows()
    at = ("--vault", teller.folder)
    with window(teller.folder):
        done = hive("transactions", "edit", first["id"], "--note", "from outside", *at, "--json")
        assert (done.code, done.document["changed"]) == (0, 1), done.err
        told = hive("transactions", "show", first["id"], "--json", *at)
        assert told.document["note"] == "from outside"
        undone = hive("transactions", "undo", *at)
        assert (undone.code, undone.out) == (0, "")
        assert undone.err.startswith("Undone: ")
        synced = hive("sync", *at, "--json")
        assert synced.code == 0, synced.err
        (item,) = synced.document["items"]
        assert (item["added"], item["error"]) == (0, None)
        assert hive("sync", *at, passphrase="not the passphrase").code == 3
        wrong = hive("transactions", "edit", "no-such-row", "--note", "x", *at)
        assert (wrong.code, wrong.out) == (2, "")
        stopped = hive("sync", *at, "--today", "2026-11-23")
        assert (stopped.code, stopped.err.count("--today")) == (2, 1)
    assert hive("transactions", *at, "--json").document["total"] == ROWS


def test_a_secret_and_a_file_come_from_where_the_command_was_called(
    private, teller, hive, tmp_path, monkeypatch
):
    at = ("--vault", teller.folder)
    monkeypatch.chdir(tmp_path)
    with window(teller.folder):
        said = hive(
            "bank", "set", "--environment", teller.bank.url, "--client-id", "sandbox-client", *at,
            HIVE_PLAID_SECRET="sandbox-secret",
        )  # fmt: skip
        assert (said.code, said.err) == (0, f"Bank access is set up for {teller.bank.url}.\n")
        secret = tmp_path / "secret"
        secret.write_text("sandbox-secret\n")
        with secret.open() as file:
            fd = os.dup(file.fileno())
            said = hive(
                "bank", "set", "--environment", teller.bank.url, "--client-id", "sandbox-client",
                *at, "--secret-fd", fd,
            )  # fmt: skip
            assert said.code == 0, said.err
            file.seek(0)
            fd = os.dup(file.fileno())
            said = hive(
                "bank", "set", "--environment", teller.bank.url, "--client-id", "sandbox-client",
                *at, "--secret-fd", fd, HIVE_PLAID_SECRET="the descriptor leads",
            )  # fmt: skip
            assert said.code == 0, said.err
        assert hive("sync", *at).code == 0


def test_files_are_imported_by_the_window_and_taken_back(
    private, teller, hive, tmp_path, monkeypatch
):
    at = ("--vault", teller.folder)
    monkeypatch.chdir(tmp_path)  # a path is that of the command's folder, not of the window's
    (tmp_path / "mine.ofx").write_text(OFX)
    with window(teller.folder):
        look = hive("import", "mine.ofx", "--dry-run", *at)
        assert look.code == 0, look.err
        done = hive("import", "mine.ofx", "gone.ofx", "--yes", "--json", *at)
        assert (done.code, done.document["added"]) == (1, 2), done.err
        assert [one["file"] for one in done.document["unread"]] == ["gone.ofx"]
        assert hive("transactions", *at, "--json").document["total"] == ROWS + 2
        (one,) = hive("import", "--list", "--json", *at).document["imports"]
        assert hive("import", "--undo", one["batch"], "--yes", *at).code == 0
    assert hive("transactions", *at, "--json").document["total"] == ROWS


def test_a_reader_that_has_gone_ends_a_command_quietly(private, teller):
    """`hive ... | head` is no fault of the window's."""
    with window(teller.folder):
        reading, writing = os.pipe()
        os.close(reading)
        done = subprocess.run(
            [*HIVE, "sync", "--json", "--vault", str(teller.folder)],
            env={**os.environ, "HIVE_PASSPHRASE": PASSPHRASE}, cwd=ROOT, check=False,
            stdin=subprocess.DEVNULL, stdout=writing, stderr=subprocess.PIPE, timeout=WAIT_S,
        )  # fmt: skip
        os.close(writing)
        assert (done.returncode, done.stderr) == (0, b"")


def test_what_makes_no_sense_there_is_refused(private, teller, hive):
    at = ("--vault", teller.folder)
    with window(teller.folder):
        said = hive("chat", "ask", "new", "How much?", *at)
        assert said.code in (1, 2)
        assert said.out == ""


def test_hosts_are_asked_by_the_window_on_its_record(private, teller, hive):
    at = ("--vault", teller.folder)
    with window(teller.folder):
        said = hive("doctor", "--network", "--json", *at)
        assert said.code == 0, said.err
        (network,) = [one for one in said.document["checks"] if one["check"] == "network"]
        assert network["text"] == "Answers came from: Plaid."
        deadline = time.monotonic() + WAIT_S  # the window writes what left once a second
        count = 0
        while not count and time.monotonic() < deadline:
            count = hive("egress", "--purpose", "see whether", "--json", *at).document["count"]
        assert count == 1


CHANGES_KEYS = [
    ("recovery-kit",),
    ("recovery-kit", "--json"),
    ("change-passphrase",),
    ("change-passphrase", "--rekey"),
    ("recover",),
    ("keychain", "on"),
    ("keychain", "off"),
]


def test_what_changes_the_keys_needs_the_window_locked(private, teller, hive):
    at = ("--vault", teller.folder)
    header = (teller.folder / "vault.json").read_bytes()
    secrets = {"HIVE_NEW_PASSPHRASE": "another passphrase", "HIVE_RECOVERY_KIT": "no kit"}
    with window(teller.folder) as process:
        for words in CHANGES_KEYS:
            said = hive("vault", *words, *at, **secrets)
            assert (said.code, said.out) == (1, ""), words
            assert said.err == (
                f"The vault is in use. Another Hive (process {process.pid}, window_child.py) has "
                "this vault open; its keys cannot change meanwhile.\n"
                "Lock that Hive or quit it, and run the command again.\n"
            ), words
            assert (teller.folder / "vault.json").read_bytes() == header, words
    with window(teller.folder, "locked"):
        said = hive("vault", "recovery-kit", *at, "--json")
        assert said.code == 0, said.err
        changed = hive(
            "vault", "recover", *at, HIVE_RECOVERY_KIT=said.document["recovery_kit"],
            HIVE_NEW_PASSPHRASE=PASSPHRASE,
        )  # fmt: skip
        assert changed.code == 0, changed.err
    assert (teller.folder / "vault.json").read_bytes() != header


def test_a_locked_window_leaves_the_vault_to_the_command(private, teller, hive):
    with window(teller.folder, "locked"):
        assert hive("sync", "--vault", teller.folder).code == 0


def test_a_second_start_calls_the_first(private, teller):
    with window(teller.folder, "locked"):
        assert called(teller.folder) == "called\n"


def called(folder):
    """Start a second one; returns what it tells."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.e2e.window_child", str(folder)],
        input="00 00 00 00\n", capture_output=True, text=True, check=False, timeout=WAIT_S,
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


class Impostor:
    """Listens where a window would, and does as it is told; keeps all that it hears."""

    def __init__(self, folder, answers):
        self.heard = []
        address = next(instance.addresses(folder))
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(address)
        self._socket.listen()
        self._socket.settimeout(WAIT_S)
        self._answers = answers
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def _serve(self):
        try:
            visitor, _ = self._socket.accept()
        except OSError:
            return
        unpacker = handover.Unpacker()
        with visitor:
            visitor.settimeout(WAIT_S)
            for answer in [*self._answers, None]:
                try:
                    while not (payloads := unpacker.feed(data := visitor.recv(65536))) and data:
                        pass
                except OSError:
                    return
                self.heard += payloads
                if answer is not None:
                    visitor.sendall(handover.packed(handover.encode(answer)))

    def close(self):
        self._socket.close()
        self._thread.join()


def test_an_impostor_learns_nothing(private, teller, hive, monkeypatch):
    """It has no key: whatever it answers, it is told no word of the command."""
    folder = teller.folder
    claimed = instance.claim(folder)
    lock = open_elsewhere(folder)
    nonce = {"nonce": "11" * 32, "proof": "22" * 32}
    impostor = Impostor(folder, [nonce])
    try:
        said = hive("sync", "--vault", folder)
    finally:
        impostor.close()
        claimed.release()
        lock.kill()
        lock.communicate()
    assert said.code == 1
    assert "does not answer" in said.err
    (heard,) = impostor.heard
    assert set(json.loads(heard)) == {"hive", "want", "nonce"}


def open_elsewhere(folder):
    """Hold the vault as another process that is no window."""
    program = (
        "import sys; from pathlib import Path;"
        "from hive_desktop.adapters.storage.lock import OwnerLock;"
        "lock = OwnerLock(Path(sys.argv[1])); lock.acquire();"
        "print('held', flush=True); sys.stdin.read()"
    )
    held = subprocess.Popen(
        [sys.executable, "-c", program, str(folder)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert held.stdout.readline() == "held\n"
    return held


def test_a_vault_that_no_window_has_is_busy_as_ever(private, teller, hive):
    held = open_elsewhere(teller.folder)
    try:
        said = hive("sync", "--vault", teller.folder)
    finally:
        held.kill()
        held.communicate()
    assert said.code == 1
    assert said.err.startswith("The vault is in use. Another Hive (process ")


@contextmanager
def stalled(private, teller, monkeypatch):
    """A sync in a process of its own, which the window makes before a bank that never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        monkeypatch.setenv("HIVE_PLAID_SECRET", "sandbox-secret")
        teller.say("bank", "set", "--environment", url, "--client-id", "sandbox-client")
        server.settimeout(WAIT_S)
        with window(teller.folder):
            process = subprocess.Popen(
                [*HIVE, "sync", "--vault", str(teller.folder)],
                env={**os.environ, "HIVE_PASSPHRASE": PASSPHRASE}, cwd=ROOT,
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            )  # fmt: skip
            connection, _ = server.accept()
            try:
                with connection:
                    # The window syncs as well when it opens: the command has to join that.
                    await_line_to_window(private)
                    time.sleep(2)
                    yield process
            finally:
                process.kill()


def await_line_to_window(private):
    """Wait until a command has called the window; see proc_net_unix(5)."""
    connected = "03"
    deadline = time.monotonic() + WAIT_S
    while True:
        lines = [line.split() for line in Path("/proc/net/unix").read_text().splitlines()[1:]]
        if any(one[5] == connected and one[7:] and one[7].startswith(private) for one in lines):
            return
        assert time.monotonic() < deadline, "the command has not called"
        time.sleep(0.05)


def test_ctrl_c_ends_the_command_there_too(private, teller, hive, monkeypatch):
    with stalled(private, teller, monkeypatch) as process:
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=WAIT_S)
        assert (process.returncode, out, "Traceback" in err) == (130, "", False), err
        done = hive("rules", "add", "name contains shop", "--category", "Travel",
                    "--vault", teller.folder)  # fmt: skip
        assert done.code == 0, done.err


def test_a_command_whose_terminal_is_gone_ends_there(private, teller, hive, monkeypatch):
    with stalled(private, teller, monkeypatch) as process:
        process.kill()
        process.communicate(timeout=WAIT_S)
        done = hive("rules", "add", "name contains shop", "--category", "Travel",
                    "--vault", teller.folder)  # fmt: skip
        assert done.code == 0, done.err
