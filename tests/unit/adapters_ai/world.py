"""A back-end before the test's own server, and what it told."""

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from hive_desktop.adapters.ai.backends import Backends
from hive_desktop.domain.prices import Prices
from hive_desktop.domain.redaction import Redactor
from hive_desktop.ports.ai import AiSettings, Example, Hooks, MerchantQuestion
from tests.aiserver.server import KEY, serving

EGRESS_KEY = b"e" * 32
CATEGORIES = ("Food & Dining", "Transportation", "Entertainment", "Shopping", "Transfer", "Other")
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
REDACTOR = Redactor(b"r" * 32)


class StoppedClock:
    def now(self):
        return NOW

    def today(self):
        return NOW.date()


def question(number, text="TESCO STORES", direction="out"):
    sent = REDACTOR.text(text, direction)
    return MerchantQuestion(str(number), sent, "12.30", "GBP", direction)


def questions(*texts):
    return [question(place, text) for place, text in enumerate(texts, start=1)]


def example(text, category):
    return Example(REDACTOR.text(text, "out"), "out", category)


class World:
    def __init__(self, server):
        self.server = server
        self.egress = []
        self.slept = []
        self.spent = 0
        self.previews = []
        self.agrees = None
        self.relay = None
        self.made = []

    def make(self, profile="openai", *, prices=None, **more):
        more = {"base_url": self.server.url, "key": KEY} | more
        backend = Backends(EGRESS_KEY, StoppedClock(), lambda: self.relay).make(
            AiSettings(profile, **more), prices or Prices(), self.hooks
        )
        backend._sleep = self._sleep
        self.made.append(backend)
        return backend

    def make_chat(self, profile="openai", *, prices=None, **more):
        more = {"base_url": self.server.url, "key": KEY} | more
        backend = Backends(EGRESS_KEY, StoppedClock(), lambda: self.relay).make_chat(
            AiSettings(profile, **more), prices or Prices(), self.hooks
        )
        backend._sleep = self._sleep
        self.made.append(backend)
        return backend

    @property
    def hooks(self):
        return Hooks(self.egress.append, self._spent, self._approve if self.agrees else None)

    async def _sleep(self, seconds):
        self.slept.append(seconds)
        await asyncio.sleep(0)

    async def _spent(self):
        return self.spent

    async def _approve(self, preview):
        self.previews.append(preview)
        return self.agrees(preview)


@asynccontextmanager
async def a_backend(profile="openai", **more):
    with serving() as server:
        world = World(server)
        world.backend = world.make(profile, **more)
        try:
            yield world
        finally:
            for one in world.made:
                await one.close()


def run(work, profile="openai", **more):
    async def main():
        async with a_backend(profile, **more) as world:
            return await work(world)

    return asyncio.run(main())
