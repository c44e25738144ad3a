from contextvars import ContextVar, copy_context

from hive_desktop.domain.changes import Actor, ChangeSet, Kind
from hive_desktop.services.events import EventBus


def test_events_reach_subscribers_of_their_class_in_order():
    bus, heard = EventBus(), []
    bus.subscribe(str, lambda text: heard.append(("first", text)))
    stop = bus.subscribe(str, lambda text: heard.append(("second", text)))
    bus.subscribe(int, heard.append)
    bus.publish("a")
    stop()
    stop()
    bus.publish("b")
    assert heard == [("first", "a"), ("second", "a"), ("first", "b")]


def test_one_failing_subscriber_does_not_keep_others_from_hearing(caplog):
    bus, heard = EventBus(), []
    bus.subscribe(str, lambda _text: 1 / 0)
    bus.subscribe(str, heard.append)
    bus.publish("a")
    assert heard == ["a"]
    assert "a subscriber of str failed" in caplog.text
    caplog.clear()


def test_each_hears_in_the_context_in_which_it_subscribed():
    """A command that runs in the window's session speaks English; the window goes on as it was."""
    language = ContextVar("language", default="de")
    bus, heard = EventBus(), []

    def hear(text):
        heard.append((text, language.get()))
        if text == "outer":
            bus.publish("inner")

    def command():
        language.set("en")
        end = bus.subscribe(str, hear)
        bus.publish("a")
        end()
        bus.publish("outer")

    bus.subscribe(str, hear)
    copy_context().run(command)
    assert heard == [("a", "de"), ("a", "en"), ("outer", "de"), ("inner", "de")]


def test_a_cleared_bus_is_silent():
    bus, heard = EventBus(), []
    bus.subscribe(str, heard.append)
    bus.clear()
    bus.publish("a")
    assert not heard


def test_a_change_set_says_what_it_touches():
    change = ChangeSet(Actor.SYNC, {Kind.ACCOUNTS: frozenset()})
    assert change.touches(Kind.TRANSACTIONS, Kind.ACCOUNTS)
    assert not change.touches(Kind.TRANSACTIONS)
