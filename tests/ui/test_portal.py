"""Notices by the desktop portal: what is sent, and once over a real session bus."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from hive_desktop.ui.tray.portal import Portal
from tests.ui.helpers import Heard

BUS = shutil.which("dbus-run-session")
PORTAL = "org.freedesktop.portal.Desktop"


class Reply:
    """What a bus answers."""

    def __init__(self, value):
        self.value = lambda: value
        self.isValid = lambda: value is not None


class Bus:
    """Keeps what is sent."""

    def __init__(self, *, is_there=True, runs=True, startable=()):
        self.is_there = is_there
        self.runs, self.startable = runs, startable
        self.sent = []

    def interface(self):
        return self

    def isServiceRegistered(self, name):
        assert name == PORTAL
        return Reply(self.runs)

    def activatableServiceNames(self):
        return Reply(self.startable)

    def isConnected(self):
        return self.is_there

    def send(self, message):
        self.sent.append((message.member(), message.arguments()))
        return True


class Message:
    """A signal of the portal's."""

    def __init__(self, *given):
        self.given = list(given)

    def arguments(self):
        return self.given


@pytest.fixture
def portal(qapp):
    made = Portal()
    made._bus = Bus()
    yield made
    made.deleteLater()


def test_it_sends_title_body_and_where_a_click_goes(portal):
    one, two = Heard(), Heard()
    assert portal.show("Title", "Body", one)
    portal.show("Other", "", two)
    member, (key, told) = portal._bus.sent[0]
    assert (member, told["title"], told["body"]) == ("AddNotification", "Title", "Body")
    assert told["default-action"]
    portal.invoked(Message(key, "open", []))
    portal.invoked(Message(key, "open", []))
    portal.invoked(Message("another-program-1", "open", []))
    portal.invoked(Message())
    assert (len(one), len(two)) == (1, 0)


def test_what_is_shown_can_be_taken_back(portal):
    clicked = Heard()
    for number in range(30):
        portal.show(str(number), "", clicked)
    keys = [given[0] for _, given in portal._bus.sent]
    portal._bus.sent.clear()
    portal.withdraw()
    assert portal._bus.sent == [("RemoveNotification", [key]) for key in keys[-20:]]
    portal.invoked(Message(keys[-1], "open", []))
    assert len(clicked) == 0


def test_without_a_bus_or_a_portal_on_it_nothing_is_shown(portal):
    for bus in (Bus(is_there=False), Bus(runs=False), Bus(runs=None, startable=None)):
        portal._bus = bus
        assert not portal.show("Title", "Body", Heard())
        assert portal._bus.sent == []
    portal._bus = Bus(runs=False, startable=["org.example.Other", PORTAL])
    assert portal.show("Title", "Body", Heard()), "the bus starts it"


SERVICE = """
from jeepney import DBusAddress, HeaderFields, MessageType, new_method_return, new_signal
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import open_dbus_connection

line = open_dbus_connection()
line.send_and_get_reply(message_bus.RequestName("org.freedesktop.portal.Desktop"))
print("ready", flush=True)
where = DBusAddress(
    "/org/freedesktop/portal/desktop", interface="org.freedesktop.portal.Notification"
)
while True:
    got = line.receive()
    if got.header.message_type is not MessageType.method_call:
        continue
    fields = got.header.fields
    print(fields[HeaderFields.member], fields[HeaderFields.signature], flush=True)
    line.send(new_method_return(got))
    if fields[HeaderFields.member] != "AddNotification":
        break
    line.send(new_signal(where, "ActionInvoked", "ssav", (got.body[0], "open", [])))
"""
PROGRAM = """
import subprocess
import sys

from PySide6.QtCore import QCoreApplication, QTimer

from hive_desktop.ui.tray.portal import Portal

service = subprocess.Popen([sys.executable, "-c", sys.argv[1]], stdout=subprocess.PIPE, text=True)
assert service.stdout.readline() == "ready\\n"
app = QCoreApplication([])
portal = Portal()


def clicked():
    portal._clicked["hive-9"] = clicked
    portal.withdraw()
    print("clicked", flush=True)
    app.quit()


portal.show("Title", "Body", clicked)
QTimer.singleShot(20_000, app.quit)
app.exec()
print(service.communicate(timeout=20)[0])
"""


@pytest.mark.full
@pytest.mark.skipif(BUS is None, reason="needs dbus-run-session (apt: dbus)")
def test_over_a_real_bus_it_is_shown_clicked_and_taken_back():
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [BUS, "--", sys.executable, "-c", PROGRAM, SERVICE],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        cwd=root,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(root)},
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [
        "clicked",
        "AddNotification",
        "sa{sv}",
        "RemoveNotification",
        "s",
    ]
