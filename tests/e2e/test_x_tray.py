"""The program in a real tray, beside a session bus: closed, found again, and quit there."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from hive_desktop.adapters.system import SystemClock
from tests.e2e import x_screen
from tests.e2e.teller import ROWS
from tests.e2e.x_life import SCREEN_S, Life
from tests.e2e.x_screen import WAIT_S, until

PROGRAMS = ("Xvfb", "xdotool", "trayer", "dbus-daemon")
pytestmark = [
    pytest.mark.full,
    pytest.mark.timeout(900),
    pytest.mark.skipif(
        not all(map(shutil.which, PROGRAMS)), reason="a tray and its screen are not on this machine"
    ),
]
ICON_PX = 16
LEAST_PX = 500


@pytest.fixture
def display():
    server, name = x_screen.start()
    tray = x_screen.start_tray(name)
    yield name
    for one in (tray, server):
        one.terminate()
        one.wait()


@pytest.fixture
def runtime():
    with tempfile.TemporaryDirectory(prefix="hive-") as folder:
        yield folder


class TrayLife(Life):
    """A life whose screen has a tray."""

    def __init__(self, display, folder, bank, screens, pictures, **variables):
        super().__init__(display, folder, bank, screens)
        self.variables |= variables
        self.pictures = pictures

    def places(self, *wanted):
        """Return the visible windows of a kind, with what is known of their places."""
        search = ("search", "--onlyvisible", *wanted)
        found = {}
        for word in self.screen.xdo(*search, "getwindowgeometry", "--shell", "%@"):
            key, _, value = word.partition("=")
            if key == "WINDOW":
                place = found[value] = {}
            place[key] = int(value)
        return found

    def big(self):
        """Return the visible windows that are no icon and no menu."""
        return [
            one for one, place in self.places("--name", "Hive").items() if place["WIDTH"] > LEAST_PX
        ]

    def click(self, button):
        """Click the one icon that the tray has, once it is as wide as one."""

        def tray():
            return [
                one for one in self.places("--name", "^panel$").values() if one["WIDTH"] >= ICON_PX
            ]

        (place, *_) = until(tray, "an icon in the tray")
        middle = (place["X"] + place["WIDTH"] // 2, place["Y"] + place["HEIGHT"] // 2)
        self.screen.xdo("mousemove", *map(str, middle))
        self.screen.xdo("click", button)
        self.screen.rest(1)

    def choose(self, *keys, picture=""):
        """Open the menu and choose by keys."""
        self.click("3")
        if picture:
            self.screen.picture(self.pictures / picture)
        self.screen.keys(*keys, pause=0.4)

    def click_notice(self, picture):
        """Click the notice beside the icon as soon as it is there: it stays for ten seconds."""
        pid = str(self.screen.program.pid)

        def notice():
            found = self.places("--all", "--pid", pid, "--name", ".*").values()
            return [one for one in found if 2 * ICON_PX < one["WIDTH"] <= LEAST_PX]

        (place, *_) = until(notice, "a notice")
        if picture is not None:
            self.screen.picture(picture)
        x, y = place["X"] + place["WIDTH"] // 3, place["Y"] + place["HEIGHT"] * 3 // 4
        self.screen.xdo("mousemove", str(x), str(y), "click", "1")

    def connect(self):
        """Connect the bank, and wait for its rows."""
        self.screen.keys("ctrl+k")
        self.screen.write("connect a bank")
        self.screen.keys("Return")
        self.visit()
        until(lambda: len(self.rows()) == ROWS, "the first rows")

    def close_window(self):
        """Close the window as a window manager does, which is not here."""
        self.screen.rest(1)
        (window,) = self.big()
        subprocess.run(
            [sys.executable, "-c", _CLOSE, window], env=self.screen.environment, check=True
        )
        until(lambda: not self.big(), "a window that is away")


# WM_DELETE_WINDOW, as ICCCM 4.2.8.1 has it, through the library that Qt itself loads.
_CLOSE = """
import ctypes, struct, sys
x = ctypes.CDLL("libxcb.so.1")
x.xcb_connect.restype = ctypes.c_void_p
for name in ("xcb_intern_atom", "xcb_intern_atom_reply", "xcb_send_event"):
    getattr(x, name).argtypes = None

class Cookie(ctypes.Structure):
    _fields_ = [("sequence", ctypes.c_uint)]

class Reply(ctypes.Structure):
    _fields_ = [("type", ctypes.c_uint8), ("pad", ctypes.c_uint8), ("sequence", ctypes.c_uint16),
                ("length", ctypes.c_uint32), ("atom", ctypes.c_uint32)]

x.xcb_intern_atom.restype = Cookie
x.xcb_intern_atom_reply.restype = ctypes.POINTER(Reply)
c = ctypes.c_void_p(x.xcb_connect(None, None))

def atom(name):
    raw = name.encode()
    cookie = x.xcb_intern_atom(c, 0, len(raw), raw)
    return x.xcb_intern_atom_reply(c, cookie, None).contents.atom

window = int(sys.argv[1])
event = struct.pack("=BBHII5I", 33, 32, 0, window, atom("WM_PROTOCOLS"),
                    atom("WM_DELETE_WINDOW"), 0, 0, 0, 0)
x.xcb_send_event(c, 0, ctypes.c_uint32(window), 0, event)
atom("WM_PROTOCOLS")  # answered after it: what a client says as it hangs up may be dropped
x.xcb_disconnect(c)
"""


@pytest.fixture
def screens(tmp_path):
    made = []
    yield made
    for one in made:
        if one.program.poll() is None:
            one.picture(tmp_path / "last.png")
        one.stop()


def notices_in_the_tray(life, bank, pictures, shows):
    """Close the window, ask for the menu beside a notice, and click one."""
    life.close_window()
    assert life.screen.program.poll() is None
    life.screen.rest(SCREEN_S)
    life.screen.picture(pictures / "told-once.png")
    life.click("3")
    life.screen.rest(SCREEN_S)
    life.screen.picture(pictures / "menu-beside-notice.png")
    assert not life.big(), "who asks for the menu beside a notice gets the menu"
    life.screen.keys("Escape")

    synced = life.syncs()
    bank.add_transaction("812.50", "ZANZIBAR SOFAS", on=SystemClock().today())
    life.choose("Down", "Down", "Return", picture="menu-open.png")
    until(lambda: life.syncs() > synced, "a sync by the tray")
    life.click_notice(pictures / "large-charge.png" if shows else None)
    until(life.big, "the window, by the notice")
    assert len(life.rows()) == ROWS + 1
    life.close_window()


def test_a_day_in_the_tray(display, bus, runtime, tmp_path, bank, screens):
    kept = os.environ.get("HIVE_TEST_PICTURES")
    pictures = tmp_path if kept is None else _made(kept)
    life = TrayLife(
        display, tmp_path, bank, screens, pictures,
        DBUS_SESSION_BUS_ADDRESS=bus, XDG_RUNTIME_DIR=runtime, XDG_CONFIG_HOME=str(tmp_path / "c"),
    )  # fmt: skip
    life.open()
    life.create()
    life.quit()
    said = life.hive(
        "bank", "set", "--environment", bank.url, "--client-id", "sandbox-client", "--json",
        HIVE_PLAID_SECRET="sandbox-secret",
    )  # fmt: skip
    assert said is not None

    life.open()
    life.click("3")
    life.screen.picture(pictures / "menu-locked.png")
    life.screen.keys("Escape")
    life.screen.focus(life.big()[0])
    life.unlock()
    life.connect()

    notices_in_the_tray(life, bank, pictures, kept is not None)

    done = subprocess.run(
        [sys.executable, "-m", "hive_desktop", "--vault", str(life.vault)],
        env=life.screen.environment, capture_output=True, text=True, check=False, timeout=WAIT_S,
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    until(life.big, "the window, by a second start")

    life.close_window()
    life.click("1")
    until(life.big, "the window, by a click")

    (row, *_) = life.rows()
    changed = life.hive("transactions", "edit", row["id"], "--note", "by hand", "--json")
    assert changed["changed"] == 1, "a command that the open window runs"

    life.close_window()
    life.choose("Up", "Return")
    assert life.screen.end() == (0, "", "")


def _made(folder):
    found = Path(folder)
    found.mkdir(parents=True, exist_ok=True)
    return found
