"""What the computer knows of its network, by Qt: online or not, metered or not.

Lives with the program and outlives sessions; whoever subscribes ends the subscription.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Slot
from PySide6.QtNetwork import QNetworkInformation

if TYPE_CHECKING:
    from collections.abc import Callable

_Reach = QNetworkInformation.Reachability
_Feature = QNetworkInformation.Feature
# Reached is the internet; a local network or a site of its own is not.
_ONLINE: dict[_Reach, bool | None] = {
    _Reach.Unknown: None,
    _Reach.Disconnected: False,
    _Reach.Local: False,
    _Reach.Site: False,
    _Reach.Online: True,
}


class QtNetwork(QObject):
    """Implements `ports.system.Network`; knows nothing where Qt finds no back-end.

    Args:
        source: what Qt tells; asked of Qt when not given.
        parent: ends it; the application when not given.
    """

    def __init__(
        self, parent: QObject | None = None, *, source: QNetworkInformation | None = None
    ) -> None:
        super().__init__(parent or QCoreApplication.instance())
        self._callbacks: list[Callable[[], None]] = []
        self._source = source if source is not None else _information()
        if self._source is not None:
            self._source.reachabilityChanged.connect(self._reach_changed)
            self._source.isMeteredChanged.connect(self._metered_changed)

    @property
    def is_online(self) -> bool | None:
        """Tell whether the internet can be reached."""
        if self._source is None or not self._source.supports(_Feature.Reachability):
            return None
        return _ONLINE[self._source.reachability()]

    @property
    def is_metered(self) -> bool | None:
        """Tell whether traffic costs money."""
        if self._source is None or not self._source.supports(_Feature.Metered):
            return None
        return bool(self._source.isMetered())

    def subscribe(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Call back on the loop's thread when either changes; returns the function that ends it."""
        self._callbacks.append(callback)

        def end() -> None:
            if callback in self._callbacks:
                self._callbacks.remove(callback)

        return end

    def close(self) -> None:
        """Hear no more."""
        self._callbacks.clear()
        if self._source is not None:
            self._source.reachabilityChanged.disconnect(self._reach_changed)
            self._source.isMeteredChanged.disconnect(self._metered_changed)
            self._source = None

    @Slot(QNetworkInformation.Reachability)
    def _reach_changed(self, _reach: object) -> None:
        self._tell()

    @Slot(bool)
    def _metered_changed(self, _is_metered: object) -> None:
        self._tell()

    def _tell(self) -> None:
        for callback in tuple(self._callbacks):
            callback()


def _information() -> QNetworkInformation | None:
    """Return Qt's one object, with the back-end of this platform; None where it has none."""
    if not QNetworkInformation.loadDefaultBackend():
        return None
    return QNetworkInformation.instance()
