"""Sessions that programs delete, where deletions and their undoing meet."""

import asyncio

import pytest

from hive_desktop.ports.chat_store import DeletedSession
from hive_desktop.ports.errors import UsageError
from hive_desktop.ports.events import ChatDeleted, ChatRestored
from hive_desktop.services.deleted_chats import MOST, DeletedChats
from hive_desktop.services.events import EventBus

ID = "a" * 32


class Desk:
    """Keeps titles by session; a restore waits where it is told to, before or after it writes."""

    def __init__(self):
        self.there = {ID: "first"}
        self.waits = None
        self.fails = False

    async def delete(self, session_id):
        return DeletedSession(session_id, self.there.pop(session_id), {})

    async def restore(self, deleted):
        if self.fails:
            raise UsageError("No.", hint="No.")
        self.there[deleted.id] = deleted.title
        if self.waits is not None:
            await self.waits.wait()


@pytest.fixture
def made():
    desk, bus, told = Desk(), EventBus(), []
    for kind in (ChatDeleted, ChatRestored):
        bus.subscribe(kind, told.append)
    return desk, DeletedChats(desk, bus), told


def test_a_session_deleted_again_while_it_comes_back_can_be_brought_back_again(made):
    desk, chats, told = made

    async def work():
        desk.waits = asyncio.Event()
        await chats.delete(ID)
        async with asyncio.TaskGroup() as group:
            first = group.create_task(chats.restore(ID))
            await asyncio.sleep(0)
            assert desk.there == {ID: "first"}
            with pytest.raises(UsageError):  # it is on its way
                await chats.restore(ID)
            desk.there[ID] = "second"
            await chats.delete(ID)
            desk.waits.set()
            await first
        assert desk.there == {}
        await chats.restore(ID)
        assert desk.there == {ID: "second"}

    asyncio.run(work())
    kinds = [type(one) for one in told]
    assert kinds == [ChatDeleted, ChatDeleted, ChatRestored, ChatRestored]


def test_a_restore_that_fails_can_be_tried_again_and_only_so_many_are_held(made):
    desk, chats, told = made

    async def work():
        await chats.delete(ID)
        desk.fails = True
        with pytest.raises(UsageError):
            await chats.restore(ID)
        desk.fails = False
        await chats.restore(ID)
        assert desk.there == {ID: "first"}
        await chats.delete(ID)
        for at in range(MOST):
            desk.there[f"{at:032}"] = str(at)
            await chats.delete(f"{at:032}")
        with pytest.raises(UsageError, match="cannot be brought back"):
            await chats.restore(ID)
        await chats.restore(f"{0:032}")

    asyncio.run(work())
    assert type(told[1]) is ChatRestored
