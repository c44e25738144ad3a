"""The demo household in a vault of its own, and `hive mcp` on it as an assistant starts it."""

import asyncio
import os
import shutil
import sys
from contextlib import asynccontextmanager

import pytest
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp_types import Implementation

from hive_desktop import bootstrap
from hive_desktop.adapters.storage.connect import Role, connect
from hive_desktop.cli.chat_evals import demo_session
from tests.e2e.teller import PASSPHRASE, TODAY, cheap_store
from tests.e2e.test_interrupts import HIVE, ROOT

CLAUDE = Implementation(name="claude-ai", title="Claude", version="1.2")


@pytest.fixture(scope="session")
def household(tmp_path_factory):
    """A closed vault of the demo household, made once; its folder is only ever copied."""
    folder = tmp_path_factory.mktemp("mcp") / "vault"

    async def work():
        async with demo_session(TODAY, passphrase=PASSPHRASE) as session:
            await session.close()
            shutil.copytree(session.folder, folder)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bootstrap, "vault_store", cheap_store)
        asyncio.run(work())
    return folder


@pytest.fixture
def vault(household, tmp_path):
    """A vault of this test's own."""
    return Ledger(shutil.copytree(household, tmp_path / "vault"))


class Ledger:
    """A vault with the demo household, and what lies in it."""

    def __init__(self, folder):
        self.folder = folder
        self.clock = bootstrap.clock_of(TODAY)
        self.store = cheap_store(self.clock)
        self.keys = self.store.unlock(folder, PASSPHRASE)

    def sql(self, statement, *values):
        raw = connect(self.folder / "ledger.db", self.keys.database, Role.TOOL)
        try:
            return raw.execute(statement, values).fetchall()
        finally:
            raw.close()

    def lines(self):
        """What left, as the record has it."""
        return self.sql("SELECT host, purpose, path, body, body_length FROM egress ORDER BY id")

    def ledger(self):
        """All that is kept but the record of what left, table by table."""
        names = [
            name
            for (name,) in self.sql("SELECT name FROM sqlite_master WHERE type = 'table'")
            if name != "egress" and "_fts" not in name and not name.startswith("sqlite_")
        ]
        return {name: sorted(map(repr, self.sql(f"SELECT * FROM {name}"))) for name in names}  # noqa: S608 - of the schema

    @asynccontextmanager
    async def session(self, **choices):
        session = await bootstrap.open_session(
            self.folder, self.keys, clock=self.clock, store=self.store, **choices
        )
        try:
            yield session
        finally:
            await session.close()

    def command(self, *words):
        return [*HIVE, "mcp", "--vault", str(self.folder), "--today", str(TODAY), *words]

    @asynccontextmanager
    async def assistant(self, *words, errors=None, passphrase=PASSPHRASE, mode="auto"):
        """The official client, at the other end of a process's standard streams."""
        first, *rest = self.command(*words)
        served = StdioServerParameters(
            command=first, args=rest, cwd=ROOT, env={**os.environ, "HIVE_PASSPHRASE": passphrase}
        )
        streams = stdio_client(served, errlog=errors or sys.__stderr__)
        async with Client(streams, mode=mode, client_info=CLAUDE) as client:
            yield client
