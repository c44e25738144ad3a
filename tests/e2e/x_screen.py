"""A screen that nobody sees, and hands on its keyboard: Xvfb and xdotool."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

WAIT_S = 180
_POLL_S = 0.2
_LOOK_S = 0.05
_SERVER = ("Xvfb", "-screen", "0", "1400x900x24", "-nolisten", "tcp", "-noreset")
_CLIPBOARD = """
import sys
from PySide6.QtGui import QGuiApplication
app = QGuiApplication(["clipboard"])
sys.stdout.write(app.clipboard().text())
"""
_PICTURE = """
import sys
from PySide6.QtGui import QGuiApplication
app = QGuiApplication(["picture"])
app.primaryScreen().grabWindow(0).save(sys.argv[1])
"""


def start():
    """Start a screen; returns its server and its name.

    Without `-noreset` a server starts over once its last client is gone, and drops who just then
    comes in, as a program does that is started again (xserver issue 1102).
    """
    reader, writer = os.pipe()
    server = subprocess.Popen(
        [*_SERVER, "-displayfd", str(writer)],
        pass_fds=[writer],
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    with os.fdopen(reader) as said:
        number = said.readline().strip()
    return server, f":{number}"


@contextmanager
def shown():
    """Start a screen for a while; yields its name."""
    server, name = start()
    try:
        yield name
    finally:
        server.terminate()
        server.wait()


def start_tray(name):
    """Start a tray on a screen, of the kind that holds windows of others (XEmbed)."""
    tray = subprocess.Popen(
        ["trayer", "--edge", "top", "--align", "right", "--widthtype", "request", "--height", "32"],  # noqa: S607
        env=os.environ | {"DISPLAY": name}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    environment = os.environ | {"DISPLAY": name}

    def has_come():
        assert tray.poll() is None, "the tray did not start"
        return xdo(environment, "search", "--onlyvisible", "--name", "^panel$")

    until(has_come, "the tray")
    return tray


def xdo(environment, *words):
    """Say something to xdotool; returns the words it answered with."""
    done = subprocess.run(
        ["xdotool", *words],  # noqa: S607
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.stdout.split()


def until(condition, what):
    """Wait for a condition and return what it found."""
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(_POLL_S)
    raise AssertionError(f"this did not come in time: {what}")


@dataclass(frozen=True)
class Program:
    """How the program is started: its window, its commands, and as which user of the system."""

    window: tuple[str, ...] = (sys.executable, "-m", "hive_desktop")
    command: tuple[str, ...] = (sys.executable, "-m", "hive_desktop.cli")
    user: int | None = None

    @property
    def identity(self):
        """Return what makes a child another user's; nothing for one's own."""
        if self.user is None:
            return {}
        return {"user": self.user, "group": self.user, "extra_groups": ()}


SOURCE = Program()


def _state(thread):
    """Return the letter of a thread's state (proc_pid_stat(5)); X of one that has just ended."""
    try:
        return thread.read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "X"


class Screen:
    """The program on a screen, driven by keys alone.

    Args:
        display: the screen's name.
        folder: where the program keeps everything.
        arguments: what the program is started with.
        program: what is started.
        variables: more of its environment.
    """

    def __init__(self, display, folder, *arguments, program=SOURCE, **variables):
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("QT_", "WAYLAND", "HIVE"))}
        self.environment = kept | {
            "DISPLAY": display,
            "XDG_DATA_HOME": str(folder),
            "XDG_STATE_HOME": str(folder / "state"),
            "TMPDIR": str(folder),
            **variables,
        }
        self.program = subprocess.Popen(
            [*program.window, *arguments],
            env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            **program.identity,
        )  # fmt: skip
        self.windows = set()

    def xdo(self, *words):
        """Say something to xdotool; returns the words it answered with."""
        return xdo(self.environment, *words)

    def wait_for_window(self):
        """Wait until a window is there that was not, and give it the keyboard."""

        def new():
            assert self.program.poll() is None, self.program.communicate()
            return set(self.xdo("search", "--onlyvisible", "--name", "Hive")) - self.windows

        found = until(new, "a window")
        self.windows |= found
        self.focus(max(found, key=int))

    def focus(self, window):
        """Give a window the keyboard: no window manager does it here."""
        self.rest(1)
        self.xdo("windowfocus", "--sync", window)
        self.rest(0.3)

    def rest(self, for_s):
        """Wait until the program has rested for so long: what it was told is done by then.

        It rests while all its threads sleep. One that waits for a core or for the disk does not.
        """
        left = max(round(for_s / _LOOK_S), 1)
        deadline = time.monotonic() + WAIT_S
        while left:
            assert time.monotonic() < deadline, "the program did not come to rest"
            time.sleep(_LOOK_S)
            left -= self._sleeps()

    def _sleeps(self):
        threads = Path(f"/proc/{self.program.pid}/task").glob("*/stat")
        return all(_state(thread) in "SZX" for thread in threads)

    def keys(self, *names, pause=0.25):
        """Press keys, one after the other."""
        for name in names:
            self.xdo("key", name)
            self.rest(pause)

    def write(self, text):
        """Type a text where the cursor is."""
        self.xdo("type", "--delay", "15", text)
        self.rest(0.3)

    def clipboard(self):
        """Return the text that was copied, asked for by another program."""
        done = subprocess.run(
            [sys.executable, "-c", _CLIPBOARD],
            env=self.environment | {"QT_QPA_PLATFORM": "xcb"},
            capture_output=True, text=True, check=False, timeout=WAIT_S,
        )  # fmt: skip
        return done.stdout

    def end(self):
        """Wait until the program ends by itself; returns its code and what it wrote."""
        out, err = self.program.communicate(timeout=WAIT_S)
        return self.program.returncode, out, err

    def stop(self):
        """End the program if it still runs."""
        if self.program.poll() is None:
            self.program.kill()
            self.program.communicate()

    def picture(self, file):
        """Keep what is on the screen now, for whoever looks why a step did not come."""
        subprocess.run(
            [sys.executable, "-c", _PICTURE, str(file)],
            env=self.environment | {"QT_QPA_PLATFORM": "xcb"}, check=False, timeout=WAIT_S,
        )  # fmt: skip
