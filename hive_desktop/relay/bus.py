"""Words between relays: what one learns, all act on. Redis carries them when it is set.

A word may be lost (Redis away, a relay just starting): nothing is told by a word alone. What it is
about is in the database, and whoever was apart reads it there after it has joined again.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import logging
import random
import secrets
from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Final, Protocol

from redis.asyncio import Redis
from redis.exceptions import RedisError

from hive_desktop.relay.redis import ANSWER_S, open_pool

if TYPE_CHECKING:
    from collections.abc import Iterator

    from redis.asyncio.client import PubSub

_log = logging.getLogger(__name__)

Word = Mapping[str, str | int]
Handler = Callable[[Word], None]

_CHANNEL: Final = "hive-relay"
_CONNECTIONS: Final = 8
_QUIET_S: Final = 10.0
_FIRST_WAIT_S: Final = 0.1
_LONGEST_WAIT_S: Final = 5.0
_MOST_UNSENT: Final = 1_000
_ORIGIN: Final = "from"
NEWS: Final = "news"
"""Words of items that have news: user_id, item_id, seq, and Plaid's kind and code."""
REVOKED: Final = "revoked"
"""Words of devices that are signed out: device_id."""

_TOPIC: Final = "topic"
_WORD: Final = "word"


class Bus(Protocol):
    """Reaches every relay, this one among them."""

    @property
    def is_joined(self) -> bool:
        """Tell whether every word that is said now is heard here."""
        ...

    @property
    def has_joined(self) -> bool:
        """Tell whether it has joined the other relays at least once."""
        ...

    async def start(self) -> None:
        """Begin to listen. Returns when it has joined, or soon where the others are away."""
        ...

    async def close(self) -> None:
        """Stop listening."""
        ...

    async def publish(self, topic: str, word: Word) -> None:
        """Say a word to all relays. Never raises; this relay hears it before it returns."""
        ...

    def subscribe(self, topic: str, handler: Handler) -> None:
        """Call `handler` with each word of a topic, on the loop; it must not block."""
        ...

    def on_rejoin(self, handler: Callable[[], None]) -> None:
        """Call `handler` after a time in which words may have been missed."""
        ...


def open_bus(redis_url: str | None) -> Bus:
    """Return a bus. Nothing is connected before `start`.

    Raises:
        SettingsError: the address is none of Redis.
    """
    return LocalBus() if redis_url is None else RedisBus(redis_url)


class _Handlers:
    """Who listens in this process."""

    def __init__(self) -> None:
        self._of_topic: defaultdict[str, list[Handler]] = defaultdict(list)
        self._of_rejoin: list[Callable[[], None]] = []

    def subscribe(self, topic: str, handler: Handler) -> None:
        self._of_topic[topic].append(handler)

    def on_rejoin(self, handler: Callable[[], None]) -> None:
        self._of_rejoin.append(handler)

    def hear(self, topic: str, word: Word) -> None:
        for handler in self._of_topic.get(topic, ()):
            with _no_fault(topic):
                handler(word)

    def rejoin(self) -> None:
        for handler in self._of_rejoin:
            with _no_fault("rejoin"):
                handler()


@contextlib.contextmanager
def _no_fault(topic: str) -> Iterator[None]:
    """Keep one listener's fault from the others and from who spoke."""
    try:
        yield
    except Exception:  # noqa: BLE001 - whatever it is, the others go on
        _log.exception("a listener failed", extra={"event": topic})


class LocalBus(_Handlers):
    """The bus of a relay that is alone."""

    @property
    def is_joined(self) -> bool:
        """There is no one else whose words could be missed."""
        return True

    @property
    def has_joined(self) -> bool:
        """There is no one else."""
        return True

    async def start(self) -> None:
        """Do nothing: there is nothing to join."""

    async def close(self) -> None:
        """Do nothing."""

    async def publish(self, topic: str, word: Word) -> None:
        """Let this relay hear the word."""
        self.hear(topic, word)


class RedisBus(_Handlers):
    """Relays joined by Redis's publish and subscribe.

    A relay hears its own words at once and skips their echo. A word that Redis did not take is
    kept and said again: before the next one, after joining, or in a quiet moment.

    Args:
        url: Redis's address.

    Raises:
        SettingsError: the address is none of Redis.
    """

    def __init__(self, url: str) -> None:
        super().__init__()
        self._me = secrets.token_hex(8)
        self._pool = open_pool(url, connections=_CONNECTIONS, tries=1)
        self._redis = Redis(connection_pool=self._pool)
        # A connection of its own that does not reconnect by itself: each loss must be noticed.
        self._ear_pool = open_pool(url, connections=1, tries=0)
        self._ear = Redis(connection_pool=self._ear_pool)
        self._unsent: deque[str] = deque(maxlen=_MOST_UNSENT)
        self._is_sending = False
        self._joined = asyncio.Event()
        self._has_joined = False
        self._was_apart = False
        self._task: asyncio.Task[None] | None = None

    @property
    def is_joined(self) -> bool:
        """Tell whether Redis has confirmed that words come here."""
        return self._joined.is_set()

    @property
    def has_joined(self) -> bool:
        """Tell whether Redis has ever confirmed it."""
        return self._has_joined

    async def start(self) -> None:
        """Begin to listen; wait a moment for Redis, and go on without it."""
        self._task = asyncio.get_running_loop().create_task(self._listen(), name="relay-bus")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(2 * ANSWER_S):
                await self._joined.wait()

    async def close(self) -> None:
        """Stop listening and let go of all connections."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None
        for pool in (self._ear_pool, self._pool):
            with contextlib.suppress(RedisError, OSError):
                await pool.aclose()

    async def publish(self, topic: str, word: Word) -> None:
        """Let this relay hear the word, then the others."""
        self.hear(topic, word)
        text = json.dumps({_ORIGIN: self._me, _TOPIC: topic, _WORD: dict(word)})
        self._unsent.append(text)
        await self._send_all()

    async def _send_all(self) -> None:
        """Say what waits, in order; who comes while that is done leaves his word to it."""
        if self._is_sending:
            return
        self._is_sending = True
        try:
            while self._unsent:
                text = self._unsent.popleft()
                if not await self._send(text):
                    self._unsent.appendleft(text)
                    break
        finally:
            self._is_sending = False

    async def _send(self, text: str) -> bool:
        try:
            await self._redis.publish(_CHANNEL, text)
        except (RedisError, OSError) as exc:
            _log.warning("a word did not reach the other relays: %s", type(exc).__name__)
            return False
        return True

    async def _listen(self) -> None:
        wait_s = _FIRST_WAIT_S
        while True:
            try:
                async with self._ear.pubsub() as ear:
                    await self._join(ear)
                    wait_s = _FIRST_WAIT_S
                    await self._hear_all(ear)
            except (RedisError, OSError) as exc:
                if self._joined.is_set() or not self._was_apart:
                    _log.warning("apart from the other relays: %s", type(exc).__name__)
                self._was_apart = True
            finally:
                self._joined.clear()
            await asyncio.sleep(wait_s * random.uniform(0.5, 1.0))  # noqa: S311 - spreads relays
            wait_s = min(wait_s * 2, _LONGEST_WAIT_S)

    async def _join(self, ear: PubSub) -> None:
        await ear.subscribe(_CHANNEL)
        async with asyncio.timeout(ANSWER_S):
            while True:
                said = await ear.get_message(timeout=ANSWER_S)
                if said is not None and said["type"] == "subscribe":
                    break
        self._joined.set()
        self._has_joined = True
        if self._was_apart:
            self._was_apart = False
            _log.info("joined the other relays again")
            self.rejoin()
        await self._send_all()

    async def _hear_all(self, ear: PubSub) -> None:
        is_asked = False
        while True:
            said = await ear.get_message(timeout=_QUIET_S)
            if said is None:
                # Silence: a connection that died without a word does not answer either.
                if is_asked:
                    raise ConnectionResetError
                is_asked = True
                await self._send_all()
                await ear.ping()
                continue
            is_asked = False
            if said["type"] == "message":
                self._heard(said["data"])

    def _heard(self, data: bytes) -> None:
        try:
            message = json.loads(data)
            origin, topic, word = message[_ORIGIN], message[_TOPIC], message[_WORD]
            known = {str(k): v for k, v in word.items() if isinstance(v, str | int)}
        except (ValueError, TypeError, KeyError, AttributeError):
            _log.warning("a word of another kind was ignored")
            return
        if origin != self._me:
            self.hear(topic, known)
