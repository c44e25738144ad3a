"""The program's life over one vault and a relay, without a window."""

import asyncio
from contextlib import asynccontextmanager

from hive_desktop import bootstrap
from hive_desktop.adapters.storage.inbox import store
from hive_desktop.adapters.system import UnknownNetwork
from hive_desktop.bootstrap import parts
from hive_desktop.bootstrap.window import take_up
from hive_desktop.ports.events import BackgroundChanged
from hive_desktop.ports.relay import Credentials
from hive_desktop.services.lifecycle import AppLifecycle, AppState, StateChanged
from hive_desktop.services.news import Line
from hive_desktop.services.settings import SYNC_WHILE_LOCKED
from tests.e2e.teller import PASSPHRASE, cheap_store

EMAIL = "mira@example.org"
PASSWORD = "plenty of brass kettles"


class NoDemo:
    """Nobody asks for a demo here."""

    async def close(self):
        """Nothing is open."""


class Desk:
    """One person's program: it is opened, locked and quit.

    Args:
        folder: of the vault.
        bank: the simulated one.
    """

    def __init__(self, folder, bank):
        self.folder = folder
        self.bank = bank
        self.clock = bootstrap.clock_of(None)
        self.store = cheap_store(self.clock)
        self.network = UnknownNetwork()
        self.takes_up = True
        self.events = []
        self.runs_before = 0  # when the vault was opened last
        self.marks = []  # of the inboxes that locks have begun
        self.life = AppLifecycle(self.store, bootstrap.keychain(), folder, self._build, NoDemo())
        self.life.background = parts.background(self.network, self.clock, self.life.bus)
        self.life.bus.subscribe(BackgroundChanged, self.events.append)
        self.life.bus.subscribe(StateChanged, self._note)

    def _note(self, event):
        head = self.folder / "inbox" / "head"
        if event.state is AppState.LOCKED and head.exists():
            self.marks.append(store.mark_of(head.read_bytes()))

    async def _build(self, folder, keys):
        session = await bootstrap.open_session(
            folder, keys, clock=self.clock, store=self.store, network=self.network,
            browser=self, poll_s=0.05,
        )  # fmt: skip
        session.egress.keep(session.scope)
        self.runs_before = len(await session.journal.history(limit=1000))
        if self.takes_up:
            session.scope.spawn(take_up(session), name="recover")
        return session

    def open(self, url):
        """Sign in at the bank's page, as a browser."""
        return bool(self.bank.complete_link(url.rsplit("/", 1)[-1], self.bank.institution_ids[0]))

    @property
    def session(self):
        return self.life.session

    @property
    def background(self):
        return self.life.background

    async def settle_in(self, url, *, stays=True):
        """Make the vault, sign up at a relay, connect a bank and read it."""
        self.takes_up = False
        await self.life.create(PASSPHRASE)
        self.takes_up = True
        await self.session.bank.sign_in(url, Credentials(EMAIL, PASSWORD), is_new=True)
        await self.session.linking.connect()
        (result,) = await self.session.sync.sync()
        assert result.error is None
        if stays:
            await self.session.settings.put(SYNC_WHILE_LOCKED, "1")

    async def unlock(self):
        await self.life.unlock(PASSPHRASE)

    def sealed(self):
        """The inbox's files, in the order of their names."""
        inbox = self.folder / "inbox"
        return sorted(one for one in inbox.iterdir()) if inbox.is_dir() else []

    async def synced_beside(self):
        """Ask for a sync while locked, and wait for its end."""
        before = self.background.state.last_at
        self.background.sync_now()
        await until(lambda: self.background.state.last_at not in (None, before))
        await until(lambda: not self.background.state.is_syncing)

    async def on_line(self):
        """Wait until the line to the relay is open: one that is cut off was not on the wire."""
        news = self.session.news if self.session is not None else self.background._watch._news
        await until(lambda: news.line is Line.OPEN)

    async def taken_up(self):
        """Wait until what came was taken in."""
        await until(lambda: not self.sealed())
        await until(lambda: not self.session.sync.is_running)

    async def synced_at_unlock(self):
        """Wait until what came was taken in, and the sync at unlock is over."""
        await self.taken_up()

        async def is_over():
            runs = await self.session.journal.history(limit=1000)
            is_new = len(runs) > self.runs_before and runs[0].reason == "unlock"
            return is_new and not self.session.sync.is_running

        async with asyncio.timeout(120):
            # Any state of the journal may be waited for.
            while not await is_over():  # noqa: ASYNC110
                await asyncio.sleep(0.02)


async def until(is_so, *, within=120.0):
    async with asyncio.timeout(within):
        while not is_so():  # noqa: ASYNC110 - any state may be waited for
            await asyncio.sleep(0.02)


@asynccontextmanager
async def at_the_desk(folder, bank, url, **choices):
    """A desk with a bank connected through a relay, open; quit afterwards."""
    desk = Desk(folder, bank)
    try:
        await desk.settle_in(url, **choices)
        yield desk
    finally:
        await desk.life.shutdown()
