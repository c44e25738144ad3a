"""One window for each vault: who came first, and the private socket to whom did.

The lock is the operating system's and ends with its process, so nothing that a crash leaves behind
keeps anybody out. The socket lies in a folder that its owner alone may enter: the runtime folder of
the desktop's session, else the vault's own, else a private one among the temporary files. On
Windows it is a named pipe, which only the same user may open.
"""

from __future__ import annotations

import hashlib
import os
import socket
import stat
import struct
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol, Self

from filelock import FileLock, Timeout

from hive_desktop.domain import handover

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from io import RawIOBase

# What the kernel takes as the path of a socket: 108 bytes on Linux, 104 elsewhere, with their end.
_LONGEST_PATH: Final = 103
_NAME_DIGITS: Final = 20
_PRIVATE: Final = 0o700
_PART: Final = 64 << 10
_POLL_S: Final = 0.05
_PEEK_S: Final = 0.02
_PIPE: Final = "\\\\.\\pipe\\hive-"
_CREDENTIALS: Final = struct.Struct("3i")
_LOCAL_PEERCRED: Final = 1
_XUCRED: Final = struct.Struct("II")


class Claim:
    """The right to be the one window of a vault, until it is let go or the process ends."""

    def __init__(self, lock: FileLock, address: str) -> None:
        self._lock = lock
        self.address = address

    def release(self) -> None:
        """Let another one be it."""
        self._lock.release()


def claim(folder: Path) -> Claim | None:
    """Take the right to be the one window of a vault; None when another process has it.

    Raises:
        OSError: no private folder can be had here.
    """
    folder, name = Path(os.path.realpath(folder)), name_of(folder)
    for place in _places(folder):
        if _made_private(place):
            lock = FileLock(place / f"{name}.lock", timeout=0, mode=0o600, thread_local=False)
            try:
                lock.acquire()
            except Timeout:
                return None
            except OSError:
                continue
            return Claim(lock, _address(place, name))
    raise OSError("there is no private folder for a socket")


def addresses(folder: Path) -> Iterator[str]:
    """Give where the first window of a vault may listen, the likeliest first."""
    folder, name = Path(os.path.realpath(folder)), name_of(folder)
    if sys.platform == "win32":
        yield _PIPE + name
        return
    for place in _places(folder):
        if _is_private(place):
            yield _address(place, name)


def name_of(folder: Path) -> str:
    """Return a vault's name among sockets: it tells nothing of the folder."""
    raw = os.fsencode(os.path.realpath(folder))
    return hashlib.sha256(b"hive\0" + raw).hexdigest()[:_NAME_DIGITS]


def is_own_user(connection: socket.socket) -> bool:
    """Tell whether the other end of a local socket runs for this user.

    Linux tells by SO_PEERCRED, macOS and the BSDs by LOCAL_PEERCRED.
    """
    if sys.platform == "win32":
        return True  # the pipe lets nobody else in
    try:
        if sys.platform.startswith("linux"):
            raw = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
            _pid, user, _group = _CREDENTIALS.unpack(raw)
        else:
            raw = connection.getsockopt(0, _LOCAL_PEERCRED, _XUCRED.size)
            _version, user = _XUCRED.unpack(raw)
    except (OSError, struct.error):
        return False
    return bool(user == os.getuid())


class _Stream(Protocol):
    """Bytes to and from the first window."""

    def read(self) -> bytes: ...

    def write(self, data: bytes) -> None: ...

    def wait_long(self) -> None: ...

    def close(self) -> None: ...


class Line:
    """A conversation with the first window; blocks."""

    def __init__(self, stream: _Stream) -> None:
        self._stream = stream
        self._unpacker = handover.Unpacker()
        self._waiting: list[bytes] = []

    def send(self, payload: bytes) -> None:
        """Send a payload; raises OSError."""
        self._stream.write(handover.packed(payload))

    def receive(self) -> bytes | None:
        """Return the next payload; None when the other side has gone.

        Raises:
            OSError: nothing came in time, or the line broke.
            HandoverError: what came is no frame.
        """
        while not self._waiting:
            data = self._stream.read()
            if not data:
                return None
            self._waiting = self._unpacker.feed(data)
        return self._waiting.pop(0)

    def wait_long(self) -> None:
        """Wait for answers as long as it takes from now on."""
        self._stream.wait_long()

    def close(self) -> None:
        """Hang up."""
        self._stream.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def call(folder: Path, *, patience_s: float, answer_s: float | None) -> Line | None:
    """Call the first window of a vault; None where nobody listens.

    Args:
        folder: the vault's.
        patience_s: how long to try: a window that is just starting listens soon.
        answer_s: how long to wait for each answer; None for ever.
    """
    deadline = time.monotonic() + patience_s
    while True:
        for address in addresses(folder):
            with suppress(OSError):
                return Line(_opened(address, answer_s))
        if time.monotonic() >= deadline:
            return None
        time.sleep(_POLL_S)


def _opened(address: str, answer_s: float | None) -> _Stream:
    if sys.platform == "win32":
        return _open_pipe(address, answer_s)
    return _SocketStream(address, answer_s)


class _SocketStream:
    """A Unix socket whose other end is this user's."""

    def __init__(self, address: str, answer_s: float | None) -> None:
        assert sys.platform != "win32"  # noqa: S101 - there it is a pipe
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self._socket.settimeout(answer_s)
            self._socket.connect(address)
            _check_own(self._socket)
        except BaseException:
            self._socket.close()
            raise

    def read(self) -> bytes:
        return self._socket.recv(_PART)

    def write(self, data: bytes) -> None:
        self._socket.sendall(data)

    def wait_long(self) -> None:
        self._socket.settimeout(None)

    def close(self) -> None:
        self._socket.close()


def _check_own(connection: socket.socket) -> None:
    if not is_own_user(connection):
        raise PermissionError("the socket is another user's")


class PipeStream:
    """A named pipe of Windows, which a process opens as a file.

    Reading is tried only once there is something: a read that waits would hold up a write on the
    same handle, and keep Ctrl-C from being heard.

    Args:
        file: the pipe, open for both.
        available: returns how many bytes can be read at once; raises OSError when it is closed.
        answer_s: how long to wait for each answer; None for ever.
    """

    def __init__(
        self, file: RawIOBase, available: Callable[[], int], answer_s: float | None
    ) -> None:
        self._file = file
        self._available = available
        self._answer_s = answer_s

    def read(self) -> bytes:
        """Return what there is; nothing once the other side has gone."""
        deadline = None if self._answer_s is None else time.monotonic() + self._answer_s
        while True:
            try:
                count = self._available()
            except OSError:
                return b""
            if count:
                return self._file.read(min(count, _PART)) or b""
            if deadline is not None and time.monotonic() >= deadline:
                raise TimeoutError("no answer came in time")
            time.sleep(_PEEK_S)

    def write(self, data: bytes) -> None:
        """Write all of it."""
        left = memoryview(data)
        while left:
            left = left[self._file.write(left) or 0 :]

    def wait_long(self) -> None:
        """Wait for answers as long as it takes from now on."""
        self._answer_s = None

    def close(self) -> None:
        """Hang up."""
        self._file.close()


def _open_pipe(address: str, answer_s: float | None) -> PipeStream:
    import ctypes  # noqa: PLC0415 - Windows alone
    import msvcrt  # noqa: PLC0415 - as above

    file = open(address, "r+b", buffering=0)  # noqa: SIM115, PTH123 - a pipe's name
    handle = ctypes.c_void_p(msvcrt.get_osfhandle(file.fileno()))  # type: ignore[attr-defined,unused-ignore]
    found = ctypes.c_ulong()

    def available() -> int:
        peek = ctypes.windll.kernel32.PeekNamedPipe  # type: ignore[attr-defined,unused-ignore]
        if not peek(handle, None, 0, None, ctypes.byref(found), None):
            raise BrokenPipeError("the pipe is closed")
        return int(found.value)

    return PipeStream(file, available, answer_s)


def _places(folder: Path) -> Iterator[Path]:
    """Give where a socket may lie, the best first; the same for whoever asks."""
    if sys.platform == "win32":
        yield Path(tempfile.gettempdir()) / "hive-desktop"
        return
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    candidates = [Path(runtime)] if os.path.isabs(runtime) else []  # noqa: PTH117 - may be empty
    if candidates and (flatpak := os.environ.get("FLATPAK_ID")):
        # Each start has a runtime folder of its own there, but for this part of it.
        candidates.insert(0, candidates[0] / "app" / flatpak)
    # A command that cron started has no such variable, and the same folder all the same.
    usual = Path("/run/user") / str(os.getuid())
    candidates += [usual] if usual not in candidates else []
    for place in candidates:
        if _is_private(place) and _fits(place / "hive-desktop"):
            yield place / "hive-desktop"
    if _fits(folder):
        yield folder
    yield Path(tempfile.gettempdir()) / f"hive-{os.getuid()}"


def _fits(place: Path) -> bool:
    return len(os.fsencode(place)) + len("/") + _NAME_DIGITS + len(".sock") <= _LONGEST_PATH


def _address(place: Path, name: str) -> str:
    return _PIPE + name if sys.platform == "win32" else str(place / f"{name}.sock")


def _made_private(place: Path) -> bool:
    with suppress(OSError):
        place.mkdir(mode=_PRIVATE, parents=True, exist_ok=True)
        if sys.platform == "win32":
            return True  # its folders of temporary files are each user's own
        own = place.lstat()
        if stat.S_ISDIR(own.st_mode) and own.st_uid == os.getuid() and own.st_mode & 0o077:
            place.chmod(_PRIVATE)
    return _is_private(place)


def _is_private(place: Path) -> bool:
    """Tell whether a folder is this user's, and closed to all others; a link is none."""
    if sys.platform == "win32":
        return True  # as above
    try:
        found = place.lstat()
    except OSError:
        return False
    is_own = stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()
    return is_own and not found.st_mode & 0o077
