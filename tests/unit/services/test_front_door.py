"""The first window's side of the private socket: who is let in, and what a command may do there."""

import asyncio
import json
import threading
from types import SimpleNamespace

import pytest

from hive_desktop.domain import handover
from hive_desktop.domain.handover import HandoverError, Sealed
from hive_desktop.ports.handover import Ask
from hive_desktop.services import front_door
from hive_desktop.services.front_door import FrontDoor, LoopWork
from hive_desktop.services.tasks import TaskScope

KEY = b"k" * 32
NONCE = b"n" * 32


class MemoryChannel:
    """A conversation in memory; the test is the other side."""

    def __init__(self, *, is_own_user=True):
        self.is_own_user = is_own_user
        self.waiting = 0
        self.sent = asyncio.Queue()
        self.said = asyncio.Queue()
        self.is_closed = asyncio.Event()

    async def receive(self):
        found = await self.said.get()
        if isinstance(found, Exception):
            raise found
        return found

    def send(self, payload):
        self.sent.put_nowait(payload)

    def close(self):
        self.is_closed.set()

    def tell(self, **message):
        self.said.put_nowait(handover.encode(message))

    async def hear(self):
        return handover.decode(await asyncio.wait_for(self.sent.get(), 30))


class World:
    def __init__(self, run=None):
        self.session = SimpleNamespace(scope=TaskScope("session"), is_demo=False)
        self.lifecycle = SimpleNamespace(session=self.session, command_key=KEY)
        self.shown = []
        self.door = FrontDoor(self.lifecycle, self.shown.append, run)

    def call(self, **of_channel):
        channel = MemoryChannel(**of_channel)
        self.door.receive(channel)
        return channel

    async def shake(self, *, key=KEY):
        """Prove this side; returns the channel and what seals."""
        channel = self.call()
        channel.tell(hive=1, want="command", nonce=NONCE.hex())
        answer = await channel.hear()
        theirs = bytes.fromhex(answer["nonce"])
        assert bytes.fromhex(answer["proof"]) == handover.owner_proof(KEY, NONCE, theirs)
        channel.tell(proof=handover.client_proof(key, NONCE, theirs).hex())
        return channel, Sealed(key, NONCE, theirs, is_owner=False)


def running(work, run=None):
    async def inside():
        world = World(run)
        try:
            await asyncio.wait_for(work(world), 90)
        finally:
            await world.session.scope.close()
            await world.door.close()

    asyncio.run(inside())


async def follow(channel, sealed):
    """Return what is said, and the code at its end."""
    said = {1: "", 2: ""}
    while True:
        message = sealed.open(await asyncio.wait_for(channel.sent.get(), 30))
        if "end" in message:
            return said, message["end"]
        if "say" in message:
            said[message["say"]] += message["text"]


WORDS = {"run": ["sync"], "folder": "/home/mira", "out": True, "columns": 120, "given": ["X"]}


def test_a_command_runs_with_its_words_and_its_code_comes_back():
    seen = []

    def run(command, session, loop):
        async def inside():
            command.say(1, "from the loop\n")
            return threading.current_thread() is threading.main_thread()

        command.say(2, "before\n")
        seen.append((command, session, loop.run(inside)))
        command.say(1, "x" * 300_000)
        return 4

    async def work(world):
        channel, sealed = await world.shake()
        channel.said.put_nowait(sealed.seal(WORDS))
        said, code = await follow(channel, sealed)
        assert code == 4
        assert said == {1: "from the loop\n" + "x" * 300_000, 2: "before\n"}
        ((command, session, was_loop),) = seen
        assert was_loop
        assert session is world.session
        assert (command.arguments, str(command.folder)) == (("sync",), "/home/mira")
        assert (command.terminal.out, command.terminal.err, command.terminal.columns) == (
            True, False, 120,
        )  # fmt: skip
        assert command.given == {"X"}
        await asyncio.wait_for(channel.is_closed.wait(), 30)

    running(work, run)


def never(_command, _session, _loop):
    raise AssertionError("nothing was to run")


def test_without_the_key_nothing_runs():
    async def work(world):
        channel, sealed = await world.shake(key=b"w" * 32)
        channel.said.put_nowait(sealed.seal(WORDS))
        await asyncio.wait_for(channel.is_closed.wait(), 30)
        assert channel.sent.empty()

    running(work, never)


def test_a_proof_serves_once():
    """Whoever heard a whole conversation can say it again, and gets nowhere."""

    def run(_command, _session, _loop):
        return 0

    async def work(world):
        channel, sealed = await world.shake()
        first = sealed.seal(WORDS)
        channel.said.put_nowait(first)
        assert (await follow(channel, sealed))[1] == 0
        again = world.call()
        again.tell(hive=1, want="command", nonce=NONCE.hex())
        answer = await again.hear()
        theirs = handover.nonce_of(answer["nonce"])
        old = handover.client_proof(KEY, NONCE, b"o" * 32)
        assert theirs != b"o" * 32
        again.tell(proof=old.hex())
        again.said.put_nowait(first)
        await asyncio.wait_for(again.is_closed.wait(), 30)
        assert again.sent.empty()

    running(work, run)


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"run": "sync", "folder": "/"},
        {"run": [1], "folder": "/"},
        {"run": ["x"] * 5000, "folder": "/"},
        {"run": ["sync"], "folder": "home"},
        {"run": ["sync"], "folder": None},
    ],
)
def test_what_is_no_command_is_let_go(told):
    async def work(world):
        channel, sealed = await world.shake()
        channel.said.put_nowait(sealed.seal(told))
        await asyncio.wait_for(channel.is_closed.wait(), 30)
        assert channel.sent.empty()

    running(work, never)


@pytest.mark.parametrize(
    "said",
    [b"", b"[]", b"{", b"\xff" * 20, json.dumps({"hive": 1}).encode(),
     json.dumps({"hive": 1, "want": "command", "nonce": "11"}).encode(), None,
     HandoverError("too long")],
)  # fmt: skip
def test_a_visitor_that_makes_no_sense_is_let_go_and_the_next_is_taken(said):
    async def work(world):
        channel = world.call()
        channel.said.put_nowait(said)
        await asyncio.wait_for(channel.is_closed.wait(), 30)
        assert channel.sent.empty()
        other = world.call()
        other.tell(hive=1, want="show", demo=True, token=7)
        assert (await other.hear())["shown"] is True
        (visit,) = world.shown
        assert (visit.demo, visit.hidden, visit.token) == (True, False, "")

    running(work, never)


def test_another_user_of_the_computer_is_not_heard():
    async def work(world):
        channel = world.call(is_own_user=False)
        assert channel.is_closed.is_set()
        assert world.shown == []

    running(work)


def test_another_version_is_told_so():
    async def work(world):
        channel = world.call()
        channel.tell(hive=2, want="command")
        assert (await channel.hear())["refused"] == "version"

    running(work)


@pytest.mark.parametrize("lacks", ["session", "command_key"])
def test_a_locked_one_says_so_and_tells_nothing_else(lacks):
    async def work(world):
        setattr(world.lifecycle, lacks, None)
        channel = world.call()
        channel.tell(hive=1, want="command", nonce=NONCE.hex())
        assert await channel.hear() == {"refused": "locked"}

    running(work, never)


def test_a_visitor_that_says_nothing_is_let_go_in_time(monkeypatch):
    monkeypatch.setattr(front_door, "_SHAKE_S", 0.05)

    async def work(world):
        channel = world.call()
        await asyncio.wait_for(channel.is_closed.wait(), 30)

    running(work)


def test_so_many_are_talked_to_at_once_and_no_more():
    async def work(world):
        channels = [world.call() for _ in range(20)]
        assert [one.is_closed.is_set() for one in channels] == [False] * 16 + [True] * 4

    running(work)


async def has_begun(channel, sealed):
    said = sealed.open(await asyncio.wait_for(channel.sent.get(), 30))
    assert said == {"say": 1, "text": "begun"}


def stuck(stopped):
    """A command that says so when it has begun, waits for ever, and notes how it ended."""

    def run(command, _session, loop):
        async def inside():
            command.say(1, "begun")
            await asyncio.Event().wait()

        try:
            loop.run(inside)
        except BaseException as error:
            stopped.append(type(error).__name__)
            raise
        return 0

    return run


@pytest.mark.parametrize("ends", [{"stop": True}, None])
def test_ctrl_c_or_a_client_that_is_gone_ends_it(ends):
    stopped = []

    def run(command, session, loop):
        try:
            return stuck(stopped)(command, session, loop)
        except KeyboardInterrupt:
            return 130

    async def work(world):
        channel, sealed = await world.shake()
        channel.said.put_nowait(sealed.seal(WORDS))
        await has_begun(channel, sealed)
        channel.said.put_nowait(None if ends is None else sealed.seal(ends))
        assert (await follow(channel, sealed))[1] == 130
        assert stopped == ["KeyboardInterrupt"]

    running(work, run)


def test_a_lock_meanwhile_ends_it_with_words():
    stopped = []

    async def work(world):
        channel, sealed = await world.shake()
        channel.said.put_nowait(sealed.seal(WORDS))
        await has_begun(channel, sealed)
        await world.session.scope.close()
        assert (await follow(channel, sealed))[1] == 3
        assert stopped == ["VaultLockedError"]

    running(work, stuck(stopped))


def test_the_window_may_close_while_one_runs():
    stopped = []

    async def work(world):
        channel, sealed = await world.shake()
        channel.said.put_nowait(sealed.seal(WORDS))
        await has_begun(channel, sealed)
        await world.door.close()
        assert channel.is_closed.is_set()
        async with asyncio.timeout(30):
            while not stopped:  # noqa: ASYNC110 - the command's own thread tells
                await asyncio.sleep(0.01)

    running(work, stuck(stopped))


def test_a_reader_that_stops_ends_its_command(monkeypatch):
    monkeypatch.setattr(front_door, "_MOST_WAITING", 1000)

    def run(command, _session, loop):
        async def inside():
            command.say(1, "much")
            await asyncio.sleep(0)
            await asyncio.sleep(60)

        try:
            loop.run(inside)
        except KeyboardInterrupt:
            return 130
        return 0

    async def work(world):
        channel, sealed = await world.shake()
        channel.waiting = 2000
        channel.said.put_nowait(sealed.seal(WORDS))
        assert (await follow(channel, sealed))[1] == 130

    running(work, run)


def test_the_person_is_asked_at_the_other_side():
    heard = []

    def run(command, _session, loop):
        async def inside():
            heard.append(await command.ask(Ask("Sure?")))
            heard.append(await command.ask(Ask("Secret", variable="S", fd=3)))

        loop.run(inside)
        return 0

    async def work(world):
        channel, sealed = await world.shake()
        channel.said.put_nowait(sealed.seal(WORDS))
        first = sealed.open(await asyncio.wait_for(channel.sent.get(), 30))
        assert first == {"ask": "Sure?", "variable": "", "fd": None}
        channel.said.put_nowait(sealed.seal({"answer": "yes"}))
        second = sealed.open(await asyncio.wait_for(channel.sent.get(), 30))
        assert second == {"ask": "Secret", "variable": "S", "fd": 3}
        channel.said.put_nowait(sealed.seal({"answer": 7}))
        assert (await follow(channel, sealed))[1] == 0
        assert heard == ["yes", None]

    running(work, run)


def test_a_fault_of_the_command_is_not_the_window_s(caplog):
    def run(_command, _session, _loop):
        raise RuntimeError("a bug")

    async def work(world):
        channel, sealed = await world.shake()
        channel.said.put_nowait(sealed.seal(WORDS))
        assert (await follow(channel, sealed))[1] == 1

    running(work, run)
    assert "a command that was handed over failed" in caplog.text
    caplog.clear()


def test_a_command_that_outlives_the_loop_ends_all_the_same(monkeypatch):
    """Else its thread would keep the process, which has no window any more."""
    monkeypatch.setattr(front_door, "_LOOK_S", 0.02)
    ended = []
    loop = asyncio.new_event_loop()  # it is asked, and never runs
    work = LoopWork(TaskScope("session"), loop)
    work.stop()

    async def inside():
        raise AssertionError("nothing runs")

    def run():
        try:
            work.run(inside)
        except KeyboardInterrupt:
            ended.append(True)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(30)
    loop.close()
    assert ended == [True]


def test_a_long_text_of_any_signs_arrives_whole():
    text = "\N{GRINNING FACE}" * 200_000

    def run(command, _session, _loop):
        command.say(1, text)
        return 0

    async def work(world):
        channel, sealed = await world.shake()
        channel.send = lambda payload: channel.sent.put_nowait(handover.packed(payload)[4:])
        channel.said.put_nowait(sealed.seal(WORDS))
        said, code = await follow(channel, sealed)
        assert (said[1] == text, code) == (True, 0)

    running(work, run)


@pytest.mark.parametrize("token", ["a\0b", "\ud800", "x" * 600, "a b", "ü"])
def test_what_is_no_token_of_a_desktop_is_left_out(token):
    async def work(world):
        channel = world.call()
        channel.tell(hive=1, want="show", token=token)
        assert (await channel.hear())["shown"] is True
        other = world.call()
        other.tell(hive=1, want="show", token="gnome-shell/Hive/7-1_TIME42")
        assert (await other.hear())["shown"] is True
        assert [one.token for one in world.shown] == ["", "gnome-shell/Hive/7-1_TIME42"]

    running(work)
