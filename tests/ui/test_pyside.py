"""Facts about PySide that the program depends on; a release that breaks one must not pass."""

import sys

from PySide6.QtCore import QObject, Signal, Slot

_EMISSIONS = 1_000


class _Sender(QObject):
    fired = Signal(object)
    told = Signal(bool)


class _Receiver(QObject):
    def __init__(self):
        super().__init__()
        self.seen = 0

    @Slot(object)
    def hear(self, _value):
        self.seen += 1

    @Slot(bool)
    def hear_bool(self, _value):
        self.seen += 1


def test_emissions_keep_the_references_of_none_and_false(qapp):
    """PySide6 6.12.0 drops one at each emission on Python 3.11 and ends the interpreter."""
    sender, receiver = _Sender(), _Receiver()
    sender.fired.connect(receiver.hear)
    sender.told.connect(receiver.hear_bool)
    before = sys.getrefcount(None), sys.getrefcount(False)
    for _ in range(_EMISSIONS):
        sender.fired.emit(None)
        sender.told.emit(False)
    after = sys.getrefcount(None), sys.getrefcount(False)
    assert receiver.seen == 2 * _EMISSIONS
    assert abs(after[0] - before[0]) < 50
    assert abs(after[1] - before[1]) < 50
