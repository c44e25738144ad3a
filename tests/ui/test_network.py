"""What the computer says of its network, with Qt's own object and with one that can be moved."""

import gc
import weakref

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtNetwork import QNetworkInformation

from hive_desktop.ui import network
from hive_desktop.ui.network import QtNetwork
from tests.ui.helpers import Heard

Reach = QNetworkInformation.Reachability
Feature = QNetworkInformation.Feature


class _Source(QObject):
    """As `QNetworkInformation`, moved by hand."""

    reachabilityChanged = Signal(QNetworkInformation.Reachability)  # noqa: N815 - Qt's name
    isMeteredChanged = Signal(bool)  # noqa: N815 - Qt's name

    def __init__(self, features=(Feature.Reachability, Feature.Metered)):
        super().__init__()
        self.reach, self.metered, self._features = Reach.Online, False, features

    def supports(self, feature):
        return feature in self._features

    def reachability(self):
        return self.reach

    def isMetered(self):
        return self.metered

    def move(self, reach):
        self.reach = reach
        self.reachabilityChanged.emit(reach)


@pytest.mark.parametrize(
    ("reach", "is_online"),
    [
        (Reach.Online, True),
        (Reach.Site, False),
        (Reach.Local, False),
        (Reach.Disconnected, False),
        (Reach.Unknown, None),
    ],
)
def test_only_the_internet_is_online(qapp, reach, is_online):
    source = _Source()
    known = QtNetwork(source=source)
    source.move(reach)
    assert known.is_online is is_online
    assert known.is_metered is False
    known.close()


def test_what_is_not_told_is_not_known(qapp, monkeypatch):
    silent = QtNetwork(source=_Source(features=()))
    assert (silent.is_online, silent.is_metered) == (None, None)
    silent.close()
    monkeypatch.setattr(network, "_information", lambda: None)
    nothing = QtNetwork()
    assert (nothing.is_online, nothing.is_metered) == (None, None)
    nothing.close()


def test_changes_are_heard_until_the_end_of_the_subscription(qapp):
    source, heard, other = _Source(), Heard(), Heard()
    known = QtNetwork(source=source)
    end, end_other = known.subscribe(heard), known.subscribe(other)
    source.move(Reach.Disconnected)
    source.isMeteredChanged.emit(True)
    assert (len(heard), len(other)) == (2, 2)
    end()
    end()
    source.move(Reach.Online)
    assert (len(heard), len(other)) == (2, 3)
    known.close()
    source.move(Reach.Local)
    assert len(other) == 3
    end_other()


def test_thirty_sessions_leave_nothing(qapp):
    class Session:
        def hear(self):
            """Hear a change."""

    known = QtNetwork(source=_Source())
    left = []
    for _ in range(30):
        session = Session()
        end = known.subscribe(session.hear)
        left.append(weakref.ref(session))
        end()
        del session, end
    gc.collect()
    assert not [each for each in left if each() is not None]
    assert known._callbacks == []
    known.close()


def test_with_what_this_computer_has(qapp):
    known = QtNetwork(qapp)
    assert known.is_online in (True, False, None)
    assert known.is_metered in (True, False, None)
    known.close()
    known.deleteLater()
