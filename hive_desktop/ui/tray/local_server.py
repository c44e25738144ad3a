"""The private socket on which the first window of a vault listens: Qt's, the same on all systems.

A socket that a crash left is replaced: whoever listens holds the claim on the vault's window.
"""

from __future__ import annotations

import asyncio
import logging
import socket
import sys
from collections import deque
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtNetwork import QLocalServer

from hive_desktop.domain import handover
from hive_desktop.domain.handover import HandoverError

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtNetwork import QLocalSocket

_log = logging.getLogger(__name__)
_MOST_HELD = 4 * handover.LONGEST_FRAME
# More than are talked to at once: some may still have words to take.
_MOST_CHANNELS = 32
_MOST_PAYLOADS = 64


class LocalServer(QObject):
    """Listens, and hands each visitor on.

    Args:
        address: the socket's path, or the pipe's name.
        is_own_user: tells whether the other end of a socket is this user's.
        receive: takes a visitor in.
    """

    def __init__(
        self,
        address: str,
        is_own_user: Callable[[socket.socket], bool],
        receive: Callable[[LocalChannel], None],
    ) -> None:
        super().__init__()
        self._is_own_user = is_own_user
        self._receive = receive
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._arrived)
        QLocalServer.removeServer(address)
        self.is_listening = self._server.listen(address)
        if not self.is_listening:
            _log.info("the private socket cannot be opened: %s", self._server.errorString())

    def close(self) -> None:
        """Listen no more."""
        self._server.close()

    @Slot()
    def _arrived(self) -> None:
        while (visitor := self._server.nextPendingConnection()) is not None:
            is_own = self._is_own(visitor)
            if not is_own or len(self.findChildren(LocalChannel)) >= _MOST_CHANNELS:
                visitor.abort()
                visitor.deleteLater()
                continue
            # The server's child: it must outlive whoever talks through it until all is sent.
            self._receive(LocalChannel(visitor, self, is_own_user=is_own))

    def _is_own(self, visitor: QLocalSocket) -> bool:
        try:
            known = socket.socket(fileno=int(visitor.socketDescriptor()))
        except (OSError, ValueError, OverflowError):
            return sys.platform == "win32"  # a pipe, which lets nobody else in
        try:
            return self._is_own_user(known)
        finally:
            known.detach()


class LocalChannel(QObject):
    """Implements `ports.handover.Channel` over one of Qt's local sockets."""

    def __init__(self, visitor: QLocalSocket, parent: QObject, *, is_own_user: bool) -> None:
        super().__init__(parent)
        self.is_own_user = is_own_user
        self._socket = visitor
        visitor.setParent(self)
        self._unpacker = handover.Unpacker()
        self._payloads: deque[bytes] = deque()
        self._fault: HandoverError | None = None
        self._is_gone = False
        self._news = asyncio.Event()
        visitor.setReadBufferSize(_MOST_HELD)
        visitor.readyRead.connect(self._read)
        visitor.disconnected.connect(self._gone)
        self._read()

    @property
    def waiting(self) -> int:
        """Return how many bytes the other side has not taken yet."""
        return 0 if self._is_gone else int(self._socket.bytesToWrite())

    async def receive(self) -> bytes | None:
        """Return the next payload; None when the other side has gone."""
        while not self._payloads:
            if self._fault is not None:
                raise self._fault
            if self._is_gone:
                return None
            self._news.clear()
            await self._news.wait()
        found = self._payloads.popleft()
        if not self._payloads:
            self._read()
        return found

    def send(self, payload: bytes) -> None:
        """Send a payload; one for somebody who has gone is dropped."""
        if not self._is_gone:
            self._socket.write(handover.packed(payload))

    def close(self) -> None:
        """End the conversation once all is sent."""
        if self._is_gone:
            self.deleteLater()
        else:
            self._socket.disconnected.connect(self.deleteLater)
            self._socket.disconnectFromServer()

    @Slot()
    def _read(self) -> None:
        """Take what came; who sends faster than is heard waits."""
        if self._is_gone or self._fault is not None or len(self._payloads) >= _MOST_PAYLOADS:
            return
        self._take()

    def _take(self) -> None:
        try:
            if self._socket.bytesAvailable():  # Qt warns of reading one that closes
                self._payloads += self._unpacker.feed(bytes(self._socket.readAll().data()))
        except HandoverError as error:
            self._fault = error
        self._news.set()

    @Slot()
    def _gone(self) -> None:
        self._take()
        self._is_gone = True
        self._news.set()
