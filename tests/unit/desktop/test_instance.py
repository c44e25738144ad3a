"""One window for each vault: who is first, where the socket lies, and who may speak through it."""

import os
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from hive_desktop.adapters.desktop import instance
from hive_desktop.bootstrap import instance as places
from hive_desktop.config import AppConfig
from hive_desktop.domain import handover
from hive_desktop.ports.errors import EnvironmentFaultError
from hive_desktop.ports.handover import Visit

STARTS = 8
WAIT_S = 180


@pytest.fixture
def runtime(monkeypatch):
    """A runtime folder whose path is as short as a desktop's: sockets have short names only."""
    with tempfile.TemporaryDirectory(prefix="hive-") as folder:
        monkeypatch.setenv("XDG_RUNTIME_DIR", folder)
        yield Path(folder)


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr(places, "_PATIENCE_S", 0.3)
    monkeypatch.setattr(places, "_ANSWER_S", 0.2)
    monkeypatch.setattr(places, "_POLL_S", 0.02)


class Listener:
    """A first window that answers as it is told; None says nothing."""

    def __init__(self, address, answer):
        self.heard = []
        self._answer = answer
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.bind(address)
        self._socket.listen()
        self._socket.settimeout(60)
        self._visitors = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self):
        try:
            while True:
                visitor, _ = self._socket.accept()
                self._visitors.append(visitor)
                payloads = handover.Unpacker().feed(visitor.recv(65536))
                self.heard += [handover.decode(one) for one in payloads]
                if self._answer is not None:
                    visitor.sendall(self._answer)
        except OSError:
            pass

    def close(self):
        self._socket.close()
        for one in self._visitors:
            one.close()


def settings(folder):
    return AppConfig(vault=folder / "vault", logs=folder / "logs")


def test_in_a_flatpak_the_socket_lies_where_another_start_finds_it(tmp_path, runtime, monkeypatch):
    shared = runtime / "app" / "org.example.Hive"
    shared.mkdir(parents=True, mode=0o700)
    monkeypatch.setenv("FLATPAK_ID", shared.name)
    claim = instance.claim(tmp_path / "vault")
    try:
        assert Path(claim.address).parent == shared / "hive-desktop"
        assert claim.address == next(instance.addresses(tmp_path / "vault"))
        # The folder that each start has to itself is no place to be the only one in.
        (runtime / "hive-desktop").mkdir(mode=0o700)
        assert instance.claim(tmp_path / "vault") is None
    finally:
        claim.release()


def test_the_socket_lies_in_the_runtime_folder_under_a_name_that_tells_nothing(tmp_path, runtime):
    claim = instance.claim(tmp_path / "Mira's vault")
    try:
        address = Path(claim.address)
        assert address.parent == runtime / "hive-desktop"
        assert "vault" not in address.name
        assert "Mira" not in address.name
        assert address.parent.stat().st_mode & 0o777 == 0o700
        assert next(instance.addresses(tmp_path / "Mira's vault")) == claim.address
    finally:
        claim.release()


def test_two_vaults_have_two_windows_and_one_vault_has_one_however_it_is_named(tmp_path, runtime):
    first = instance.claim(tmp_path / "a")
    other = instance.claim(tmp_path / "b")
    (tmp_path / "link").symlink_to(tmp_path / "a")
    try:
        assert other is not None
        assert instance.claim(tmp_path / "a") is None
        assert instance.claim(tmp_path / "link") is None
    finally:
        first.release()
        other.release()
    again = instance.claim(tmp_path / "a")
    assert again is not None
    again.release()


@pytest.mark.parametrize("mode", [0o755, 0o777, 0o710])
def test_a_runtime_folder_that_others_may_enter_is_not_used(tmp_path, monkeypatch, mode):
    folder = tmp_path / "run"
    folder.mkdir()
    folder.chmod(mode)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    monkeypatch.setattr(os, "getuid", lambda: folder.stat().st_uid)
    found = list(instance.addresses(tmp_path / "vault"))
    assert not any(one.startswith(str(folder)) for one in found)


@pytest.fixture
def short_path():
    """A folder whose path leaves room for a socket's, however deep the tests' own folders lie."""
    with tempfile.TemporaryDirectory(prefix="h") as folder:
        yield Path(folder)


def test_without_one_it_lies_with_the_vault_or_among_the_temporary_files(short_path, monkeypatch):
    tmp_path = short_path
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr(instance, "_is_private", _beneath(tmp_path, instance._is_private))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    short = instance.claim(tmp_path / "vault")
    assert Path(short.address).parent == tmp_path / "vault"
    short.release()
    deep = tmp_path / ("d" * 90) / "vault"
    long = instance.claim(deep)
    assert Path(long.address).parent == tmp_path / f"hive-{os.getuid()}"
    assert len(os.fsencode(long.address)) <= 107
    long.release()


def _beneath(root, check):
    return lambda place: place.is_relative_to(root) and check(place)


def test_a_folder_that_somebody_laid_there_as_a_link_is_not_used(short_path, monkeypatch):
    tmp_path = short_path
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    monkeypatch.setattr(instance, "_is_private", _beneath(tmp_path, instance._is_private))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    (tmp_path / "theirs").mkdir(mode=0o700)
    (tmp_path / f"hive-{os.getuid()}").symlink_to(tmp_path / "theirs")
    with pytest.raises(OSError, match="private folder"):
        instance.claim(tmp_path / ("d" * 90) / "vault")
    assert list((tmp_path / "theirs").iterdir()) == []


def test_the_other_end_of_a_socket_is_known(tmp_path, monkeypatch):
    one, other = socket.socketpair(socket.AF_UNIX)
    with one, other:
        assert instance.is_own_user(one)
        monkeypatch.setattr(os, "getuid", lambda: 4_294)
        assert not instance.is_own_user(one)
    with socket.socket(socket.AF_INET) as stranger:
        monkeypatch.undo()
        monkeypatch.setattr(sys, "platform", "freebsd")
        assert not instance.is_own_user(stranger)


def test_the_first_is_the_window_and_the_second_calls_it(tmp_path, runtime):
    first = places.take_place(settings(tmp_path), Visit(), None)
    shown = handover.packed(handover.encode({"shown": True, "pid": 1}))
    listener = Listener(first.residence.address, shown)
    try:
        visit = Visit(demo=True, token="t0ken")
        assert places.take_place(settings(tmp_path), visit, None) is None
    finally:
        listener.close()
        first.leave()
    (wish,) = listener.heard
    assert wish == {
        "hive": 1, "want": "show", "demo": True, "hidden": False, "token": "t0ken"
    }  # fmt: skip


@pytest.mark.parametrize("answer", [None, b"\x00\x00\x00\x02{}", b"\xff\xff\xff\xff", b""])
def test_a_first_that_hangs_is_told_of_in_words(tmp_path, runtime, quick, answer):
    first = places.take_place(settings(tmp_path), Visit(), None)
    listener = Listener(first.residence.address, answer)
    try:
        with pytest.raises(EnvironmentFaultError, match="does not answer") as caught:
            places.take_place(settings(tmp_path), Visit(), None)
    finally:
        listener.close()
        first.leave()
    assert caught.value.title == "Hive does not answer"


def test_a_first_of_another_version_is_told_of_at_once(tmp_path, runtime, monkeypatch):
    """It runs on from before an upgrade, and waiting for it helps nobody."""
    monkeypatch.setattr(places, "_PATIENCE_S", 1000.0)
    first = places.take_place(settings(tmp_path), Visit(), None)
    refused = handover.packed(handover.encode({"refused": "version", "pid": 1}))
    listener = Listener(first.residence.address, refused)
    try:
        with pytest.raises(EnvironmentFaultError, match="in another version"):
            places.take_place(settings(tmp_path), Visit(), None)
    finally:
        listener.close()
        first.leave()


def test_what_a_crash_left_keeps_nobody_out(tmp_path, runtime):
    """The lock ends with its process; the socket's file and the lock's stay and mean nothing."""
    program = (
        "import os, socket, sys; from pathlib import Path;"
        "from hive_desktop.adapters.desktop import instance;"
        "claim = instance.claim(Path(sys.argv[1]));"
        "one = socket.socket(socket.AF_UNIX); one.bind(claim.address); one.listen();"
        "os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path / "vault")], check=False)
    (address,) = (runtime / "hive-desktop").glob("*.sock")
    place = places.take_place(settings(tmp_path), Visit(), None)
    assert place.residence.address == str(address)
    place.leave()


def test_where_no_folder_is_private_there_is_a_window_without_a_socket(tmp_path, monkeypatch):
    def refuse(_folder):
        raise OSError("none")

    monkeypatch.setattr(places, "claim", refuse)
    place = places.take_place(settings(tmp_path), Visit(hidden=True), None)
    assert (place.claim, place.residence.address, place.residence.hidden) == (None, "", True)


@pytest.mark.parametrize("answer_s", [None, 5.0])
def test_a_pipe_is_read_only_once_there_is_something(answer_s):
    """As on Windows, where a read that waits would hold up the write of a Ctrl-C."""
    one, other = socket.socketpair(socket.AF_UNIX)
    counts = iter([0, 0, 3, 2])
    with other, one.makefile("rwb", buffering=0) as file:
        one.close()
        stream = instance.PipeStream(file, lambda: next(counts), answer_s)
        stream.write(b"x" * 1000)
        assert len(other.recv(2000)) == 1000
        other.sendall(b"abcde")
        assert stream.read() == b"abc"
        assert stream.read() == b"de"
        stream.close()


def test_a_pipe_whose_other_end_is_gone_or_silent():
    def gone():
        raise BrokenPipeError

    with Path(os.devnull).open("r+b", buffering=0) as file:
        assert instance.PipeStream(file, gone, None).read() == b""
        silent = instance.PipeStream(file, lambda: 0, 0.05)
        with pytest.raises(TimeoutError):
            silent.read()
        silent.wait_long()
        assert silent._answer_s is None


_START = """
import os, sys
from pathlib import Path
from hive_desktop.bootstrap import instance
from hive_desktop.config import AppConfig
from hive_desktop.ports.handover import Visit
sys.stdin.readline()
vault = Path(sys.argv[1])
place = instance.take_place(AppConfig(vault=vault, logs=vault), Visit(), None)
if place is None:
    print("called", flush=True)
    sys.exit(0)
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from hive_desktop.ui.app import UiOptions, run
from tests.ui.fakes import FakeLifecycle
code = run(FakeLifecycle, UiOptions(residence=place.residence, quit_after_s=600.0,
                                    mark=lambda moment: print(moment, flush=True)))
sys.exit(code)
"""


@pytest.mark.full
def test_of_eight_that_start_at_the_same_instant_one_is_the_window(tmp_path, runtime):
    started = [
        subprocess.Popen(
            [sys.executable, "-c", _START, str(tmp_path / "vault")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for _ in range(STARTS)
    ]  # fmt: skip
    for one in started:  # as near to the same instant as pipes can be
        one.stdin.write("go\n")
        one.stdin.flush()
    try:
        told = [one.stdout.readline() for one in started]
        assert sorted(told) == ["called\n"] * (STARTS - 1) + ["shown\n"]
        started[told.index("shown\n")].terminate()  # once all others have called it
        ended = [one.communicate(timeout=WAIT_S) for one in started]
        assert [one.returncode for one in started] == [0] * STARTS, ended
        assert {out for out, _ in ended} == {""}
    finally:
        for one in started:
            one.kill()
            one.communicate()
