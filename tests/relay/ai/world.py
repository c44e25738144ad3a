"""A relay on a real socket before a model's server, and people with the desktop's client."""

import asyncio
import ssl
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from fastapi import FastAPI
from openai import AsyncOpenAI
from sqlalchemy import select

from hive_desktop.relay import relay as relays
from hive_desktop.relay.ai import routes
from hive_desktop.relay.app import create_app
from hive_desktop.relay.http import faults
from hive_desktop.relay.http.middleware import Edge
from hive_desktop.relay.server import RelayServer, configure, listen
from hive_desktop.relay.store.schema import AI_USAGE, METADATA
from tests.relay.ai import model as models
from tests.relay.live.world import Clock, people, settings_of, until

NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # reading all authorities takes its time
ASKED = {"model": "gpt-6-luna", "messages": [{"role": "user", "content": "How much on trains?"}]}


@dataclass
class World:
    relay: object
    clock: Clock
    model: models.Model
    url: str

    def token(self, who="ann"):
        return self.relay.signer.access(who, f"{who}@example.org", f"{who}-device")[0]

    def client(self, who="ann"):
        """The desktop's client, as the desktop makes it."""
        return AsyncOpenAI(base_url=self.url, api_key=self.token(who), max_retries=0)

    async def used(self, who="ann"):
        """How many requests and tokens are counted today."""

        def work(connection):
            found = connection.execute(select(AI_USAGE).where(AI_USAGE.c.user_id == who)).all()
            return [(row.requests, row.tokens) for row in found]

        return await self.relay.store.run(work)

    async def settled(self, tokens, who="ann"):
        """Wait until so much is counted, and no more."""
        async with asyncio.timeout(30):
            while (await self.used(who))[0][1] != tokens:  # noqa: ASYNC110 - nothing tells it
                await asyncio.sleep(0.01)

    async def post(self, content=None, *, who="ann", headers=None, **more):
        headers = {"Authorization": f"Bearer {self.token(who)}", **(headers or {})}
        async with httpx.AsyncClient(trust_env=False, verify=NO_TLS, timeout=30) as http:
            return await http.post(
                f"{self.url}/chat/completions", content=content, headers=headers, **more
            )

    async def refusal(self, status, code, **more):
        """Ask by hand, and look at what the relay says to it."""
        answer = await self.post(**({"json": ASKED} | more))
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "application/json"
        error = answer.json()["error"]
        assert error["code"] == code
        assert "org-OWNER" not in answer.text
        assert models.KEY not in answer.text
        return answer


def small_app(relay):
    @asynccontextmanager
    async def lifespan(_app):
        await relay.start()
        yield
        await relay.close()

    app = FastAPI(lifespan=lifespan)
    faults.install(app)
    app.include_router(routes.router(relay))
    return Edge(app, proxies=(), metrics=relay.metrics)


@asynccontextmanager
async def a_world(folder, *, has_key=True, is_whole=False, **more):
    """Serve on this loop; only what is about models, unless it is to be whole."""
    async with models.serving() as model:
        clock = Clock()
        key = {"openai_key": models.KEY} if has_key else {}
        given = {"openai_base_url": model.url, "calls_per_minute": 10_000, **key, **more}
        relay = relays.build(settings_of(folder, **given), now=clock)
        await relay.store.run(METADATA.create_all)
        await relay.store.run(people)
        listener = listen("127.0.0.1", 0)
        url = f"http://127.0.0.1:{listener.getsockname()[1]}/ai/v1"
        app = create_app(relay) if is_whole else small_app(relay)
        server = RelayServer(relay, configure(relay, app))
        serving = asyncio.get_running_loop().create_task(server._serve([listener]))
        try:
            await until(lambda: server.started)
            yield World(relay, clock, model, url)
        finally:
            server.should_exit = True
            await serving
