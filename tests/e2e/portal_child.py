"""A desktop portal that only takes notifications, and clicks each as soon as it is told to.

It prints a line of JSON for each call; a line on its input is the number of the one to click.
"""

import json
import sys
import threading

from jeepney import DBusAddress, HeaderFields, MessageType, new_method_return, new_signal
from jeepney.bus_messages import message_bus
from jeepney.io.threading import open_dbus_connection

WHERE = DBusAddress(
    "/org/freedesktop/portal/desktop", interface="org.freedesktop.portal.Notification"
)
line = open_dbus_connection()
line.send(message_bus.RequestName("org.freedesktop.portal.Desktop"))
keys = []


def say(*words):
    sys.stdout.write(json.dumps(words) + "\n")
    sys.stdout.flush()


def click():
    for wanted in sys.stdin:
        line.send(new_signal(WHERE, "ActionInvoked", "ssav", (keys[int(wanted)], "open", [])))


threading.Thread(target=click, daemon=True).start()
say("ready")
while True:
    got = line.receive()
    if got.header.message_type is not MessageType.method_call:
        continue
    method = got.header.fields[HeaderFields.member]
    if method == "AddNotification":
        keys.append(got.body[0])
        told = {name: value for name, (_, value) in got.body[1].items()}
        say(method, told["title"], told["body"])
    else:
        say(method, *map(str, got.body))
    line.send(new_method_return(got))
