"""The installed program in a real X window: it comes up, is driven by keys, and ends with 0."""

import os
import shutil
import subprocess
import sys
import time

import pytest

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(
        not (shutil.which("Xvfb") and shutil.which("xdotool")),
        reason="Xvfb and xdotool are not on this machine",
    ),
]
WAIT_S = 40


@pytest.fixture
def display():
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1400x900x24", "-nolisten", "tcp"],  # noqa: S607
        pass_fds=[writer],
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    with os.fdopen(reader) as said:
        number = said.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait()


def until(condition):
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.2)
    raise AssertionError("the window did not come in time")


def test_the_demo_opens_and_quits_with_zero(display, tmp_path):
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("QT_", "WAYLAND"))}
    environment |= {"DISPLAY": display, "XDG_DATA_HOME": str(tmp_path), "TMPDIR": str(tmp_path)}
    environment |= {"XDG_STATE_HOME": str(tmp_path / "state")}
    program = subprocess.Popen(
        [sys.executable, "-m", "hive_desktop", "--demo", "--vault", str(tmp_path / "vault")],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip

    def xdo(*words):
        done = subprocess.run(
            ["xdotool", *words],  # noqa: S607
            env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip
        return done.stdout.split()

    try:
        windows = until(lambda: xdo("search", "--onlyvisible", "--name", "Hive"))
        time.sleep(2)
        xdo("windowfocus", "--sync", windows[-1])
        for keys in ("ctrl+2", "ctrl+3", "ctrl+4", "ctrl+1", "ctrl+shift+h", "ctrl+k"):
            xdo("key", "--window", windows[-1], keys)
            time.sleep(0.8)
        xdo("type", "accounts")  # into the palette, which has the keyboard
        xdo("key", "Return")
        time.sleep(0.8)
        xdo("key", "--window", windows[-1], "ctrl+q")
        out, err = program.communicate(timeout=WAIT_S)
    finally:
        if program.poll() is None:
            program.kill()
            program.communicate()
    assert program.returncode == 0, err
    assert (out, err) == ("", "")
    assert not list(tmp_path.glob("hive-demo-*")), "the demo's vault was left behind"
