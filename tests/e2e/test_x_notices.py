"""Notifications on a desktop without a tray: sent, clicked, and taken back at the lock."""

import json
import queue
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from hive_desktop.adapters.system import SystemClock
from tests.e2e import x_screen
from tests.e2e.teller import ROWS
from tests.e2e.x_life import Life
from tests.e2e.x_screen import WAIT_S, until

PROGRAMS = ("Xvfb", "xdotool", "dbus-daemon")
pytestmark = [
    pytest.mark.full,
    pytest.mark.timeout(900),
    pytest.mark.skipif(
        not all(map(shutil.which, PROGRAMS)), reason="a screen and a bus are not on this machine"
    ),
]


class Portal:
    """The other side of the notifications."""

    def __init__(self, bus):
        self.child = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("portal_child.py"))],
            env={"DBUS_SESSION_BUS_ADDRESS": bus}, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self.lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        assert self.next() == ["ready"]

    def next(self):
        return self.lines.get(timeout=WAIT_S)

    def click(self, number):
        self.child.stdin.write(f"{number}\n")
        self.child.stdin.flush()

    def close(self):
        self.child.terminate()
        self.child.communicate()

    def _read(self):
        for one in self.child.stdout:
            self.lines.put(json.loads(one))


@pytest.fixture
def portal(bus):
    made = Portal(bus)
    yield made
    made.close()


@pytest.fixture
def screens(tmp_path):
    made = []
    yield made
    for one in made:
        if one.program.poll() is None:
            one.picture(tmp_path / "last.png")
        one.stop()


def test_a_charge_is_told_clicked_and_taken_back(bus, portal, tmp_path, bank, screens):
    with x_screen.shown() as display:
        life = Life(display, tmp_path, bank, screens)
        life.variables |= {"DBUS_SESSION_BUS_ADDRESS": bus}
        life.open()
        life.create()
        life.quit()
        said = life.hive(
            "bank", "set", "--environment", bank.url, "--client-id", "sandbox-client", "--json",
            HIVE_PLAID_SECRET="sandbox-secret",
        )  # fmt: skip
        assert said is not None
        life.open()
        life.unlock()
        life.screen.keys("ctrl+k")
        life.screen.write("connect a bank")
        life.screen.keys("Return")
        life.visit()
        until(lambda: len(life.rows()) == ROWS, "the first rows")

        today = SystemClock().today()
        bank.add_transaction("812.50", "ZANZIBAR SOFAS", on=today)
        bank.add_transaction("3.20", "COFFEE", on=today)
        life.screen.keys("F5")
        until(lambda: len(life.rows()) == ROWS + 2, "the new rows")
        method, title, body = portal.next()
        assert (method, body) == ("AddNotification", "$812.50")
        assert title.endswith(": large charge")
        assert "zanzibar" in title.lower()
        portal.click(0)
        bank.add_transaction("900", "ANTARCTIC TOURS", on=today)
        life.screen.keys("F5")  # what was told is told no more
        method, title, body = portal.next()
        assert (method, body) == ("AddNotification", "$900.00")
        life.screen.keys("ctrl+l")
        assert portal.next() == ["RemoveNotification", "hive-2"]
        life.screen.wait_for_window()
        life.screen.keys("ctrl+q")
        assert life.screen.end() == (0, "", "")
    told = life.hive("notices", "--json")["notices"]
    kinds = sorted(one["kind"] for one in told if one["told_at"])
    assert kinds == ["large_charge", "large_charge", "new_rows", "new_rows"]
