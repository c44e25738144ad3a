"""The private socket as Qt has it: who is let in, and what a visitor can make the window hold."""

import asyncio
import socket
import tempfile

import pytest

from hive_desktop.domain import handover
from hive_desktop.domain.handover import HandoverError
from hive_desktop.services.tasks import TaskScope
from hive_desktop.ui.tray import local_server
from hive_desktop.ui.tray.local_server import LocalChannel, LocalServer
from tests.ui.conftest import flush_deletes
from tests.ui.helpers import until


class Door:
    """A server on a short path, and who came to it."""

    def __init__(self, folder, is_own_user=lambda _socket: True):
        self.address = f"{folder}/s"
        self.channels = []
        self.server = LocalServer(self.address, is_own_user, self.channels.append)
        assert self.server.is_listening

    async def visitor(self):
        loop = asyncio.get_running_loop()
        found = socket.socket(socket.AF_UNIX)
        found.setblocking(False)
        await loop.sock_connect(found, self.address)
        return found


@pytest.fixture
def folder(qapp):
    with tempfile.TemporaryDirectory(prefix="hive-") as made:
        yield made
    flush_deletes()


async def received(visitor, count):
    loop = asyncio.get_running_loop()
    return await asyncio.wait_for(loop.sock_recv(visitor, count), 30)


async def test_frames_come_and_go_whole_and_the_end_is_heard(folder):
    door = Door(folder)
    with await door.visitor() as visitor:
        await until(lambda: door.channels)
        (channel,) = door.channels
        visitor.send(handover.packed(b"one")[:5])
        await asyncio.sleep(0.05)
        visitor.send(handover.packed(b"one")[5:] + handover.packed(b"two"))
        assert [await channel.receive(), await channel.receive()] == [b"one", b"two"]
        channel.send(b"three")
        channel.close()
        assert await received(visitor, 100) == handover.packed(b"three")
        assert await received(visitor, 100) == b""
    channel.send(b"late")
    assert await asyncio.wait_for(channel.receive(), 30) is None
    door.server.close()


async def test_a_visitor_that_sends_without_end_is_held_up(folder, monkeypatch):
    scope = TaskScope("visitor")
    monkeypatch.setattr(local_server, "_MOST_HELD", 4096)
    door = Door(folder)
    frame, count = handover.packed(b"x" * 1000), 3000
    with await door.visitor() as visitor:
        loop = asyncio.get_running_loop()
        sending = scope.spawn(loop.sock_sendall(visitor, frame * count), name="send")
        await until(lambda: door.channels)
        (channel,) = door.channels
        await asyncio.sleep(0.3)
        assert not sending.done()
        assert len(channel._payloads) < 100
        for _ in range(count):
            assert len(await asyncio.wait_for(channel.receive(), 30)) == 1000
        await sending
    assert await asyncio.wait_for(channel.receive(), 30) is None
    channel.close()
    door.server.close()


async def test_a_frame_that_is_too_long_ends_it(folder):
    door = Door(folder)
    with await door.visitor() as visitor:
        visitor.send(b"\xff" * 100)
        await until(lambda: door.channels)
        with pytest.raises(HandoverError):
            await asyncio.wait_for(door.channels[0].receive(), 30)
        door.channels[0].close()
        assert await received(visitor, 10) == b""
    door.server.close()


async def test_another_user_is_not_taken_in(folder):
    door = Door(folder, lambda _socket: False)
    with await door.visitor() as visitor:
        assert await received(visitor, 10) == b""
    assert door.channels == []
    door.server.close()


async def test_a_visitor_of_whom_nothing_is_known_is_not_taken_for_one_s_own(folder, monkeypatch):
    door = Door(folder)
    monkeypatch.setattr(local_server.socket, "socket", _closed)
    assert not door.server._is_own(_Nobody())
    door.server.close()


def _closed(**_of):
    raise OSError(9, "Bad file descriptor")


class _Nobody:
    def socketDescriptor(self):
        return -1


async def test_visitors_that_take_nothing_are_no_more_than_so_many(folder, monkeypatch):
    monkeypatch.setattr(local_server, "_MOST_CHANNELS", 3)
    door = Door(folder)
    visitors = [await door.visitor() for _ in range(5)]
    await until(lambda: len(door.channels) == 3)
    for channel in door.channels:
        channel.send(b"x" * 1_000_000)  # more than the system takes
        channel.close()
    assert [await received(one, 10) for one in visitors[3:]] == [b"", b""]
    for one in visitors:
        one.close()

    def are_gone():
        flush_deletes()
        return not door.server.findChildren(LocalChannel)

    await until(are_gone)
    with await door.visitor():
        await until(lambda: len(door.channels) == 4)
    door.channels[-1].close()
    door.server.close()
