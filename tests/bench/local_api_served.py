"""The server of `local_api`: the local API over a vault, and beside it a bare application.

Both stand behind the same server. What the bare one answers is what it is told to on standard
input: a line of JSON, `[path, body]`, for each; an empty line ends the process.
"""

from __future__ import annotations

import asyncio
import json
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Self

from uvicorn import Server

from hive_desktop import bootstrap
from hive_desktop.api.limits import Limits, Rate
from hive_desktop.api.server import ApiServer, configure, listen
from hive_desktop.domain.api_clients import Scope
from hive_desktop.ports.vault import VaultKeys
from tests.bench.shared_vault import TODAY

if TYPE_CHECKING:
    from starlette.types import Receive, Send
    from starlette.types import Scope as Request

FREE = Limits(client=Rate(1e6, 1_000_000))


def main() -> None:
    keys = VaultKeys(*(bytes.fromhex(part) for part in sys.stdin.readline().split()))
    bootstrap.run_async(_served(Path(sys.argv[1]), keys))


async def _served(vault: Path, keys: VaultKeys) -> None:
    clock = bootstrap.clock_of(TODAY)
    store = bootstrap.vault_store(clock)
    session = await bootstrap.open_session(vault, keys, clock=clock, store=store)
    server = ApiServer(session, limits=FREE)
    stored: dict[str, bytes] = {}
    try:
        port = await server.start(0)
        client, secret = await session.api_clients.create("Bench", [Scope.READ])
        tokens = await session.api_clients.sign_in(client.client_id, secret)
        with _Bare(stored) as bare:
            _tell({"port": port, "token": tokens.access, "bare": bare.port})
            loop = asyncio.get_running_loop()
            while (line := await loop.run_in_executor(None, sys.stdin.readline)).strip():
                path, body = json.loads(line)
                stored[path] = body.encode()
                _tell(True)
    finally:
        await server.stop()
        await session.close()


def _tell(what: object) -> None:
    sys.stdout.write(f"{json.dumps(what)}\n")
    sys.stdout.flush()


class _Bare:
    """An application that has its answers, behind the local API's own server."""

    def __init__(self, stored: dict[str, bytes]) -> None:
        self._stored = stored
        self._sockets = listen(0)
        self.port = int(self._sockets[0].getsockname()[1])
        self._server = Server(configure(self))
        self._thread = threading.Thread(target=self._run, name="bare")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.should_exit = True
        self._thread.join()

    async def __call__(self, scope: Request, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            while (await receive())["type"] == "lifespan.startup":
                await send({"type": "lifespan.startup.complete"})
            await send({"type": "lifespan.shutdown.complete"})
            return
        query = scope["query_string"].decode()
        body = self._stored[f"{scope['path']}?{query}" if query else scope["path"]]
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _run(self) -> None:
        asyncio.run(self._server.serve(self._sockets))


if __name__ == "__main__":
    main()
