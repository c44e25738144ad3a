"""The composition root: the one file that sees every layer and chooses the adapters.

The window, the sandbox bank and pictures are reached for only when asked, so that a `hive` command
without them loads neither Qt nor a server.
"""

from __future__ import annotations

import asyncio
import gc
import hashlib
import importlib
import os
import platform
import signal
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from functools import cache, partial
from typing import TYPE_CHECKING, Any, TypeVar

from hive_desktop import config
from hive_desktop.adapters.ai.backends import Backends
from hive_desktop.adapters.secrets import SystemKeychain
from hive_desktop.adapters.storage.store import FileVaultStore
from hive_desktop.adapters.system import (
    FrozenClock,
    LoopbackCompletionPage,
    SystemBrowser,
    SystemClock,
    UnknownNetwork,
)
from hive_desktop.domain.redaction import Redactor
from hive_desktop.ports.errors import ConnectionLostError, EnvironmentFaultError, HiveError
from hive_desktop.ports.events import RelayChanged
from hive_desktop.services.adoption import AdoptionService
from hive_desktop.services.ai_access import AiAccess
from hive_desktop.services.ai_categorize import AiCategorizer
from hive_desktop.services.bank_access import BankAccess
from hive_desktop.services.categorize import Categorizer
from hive_desktop.services.egress import EgressService
from hive_desktop.services.events import EventBus
from hive_desktop.services.inbox import InboxService
from hive_desktop.services.journal import JournalService
from hive_desktop.services.ledger import LedgerService
from hive_desktop.services.lifecycle import AppLifecycle
from hive_desktop.services.linking import LinkingService
from hive_desktop.services.news import NewsService
from hive_desktop.services.proofs import ProofService
from hive_desktop.services.reports import ReportService
from hive_desktop.services.reviews import ReviewService
from hive_desktop.services.rules import RuleService
from hive_desktop.services.schedule import SyncScheduler
from hive_desktop.services.session import VaultSession
from hive_desktop.services.settings import SettingsService
from hive_desktop.services.sync import SyncService
from hive_desktop.services.tasks import TaskScope

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterator, Sequence
    from datetime import date
    from pathlib import Path

    from hive_desktop.config import AppConfig
    from hive_desktop.domain.ledger import ItemId
    from hive_desktop.domain.vocabulary import Vocabulary
    from hive_desktop.ports.bank import BankConnector
    from hive_desktop.ports.offline_model import OfflineModel
    from hive_desktop.ports.relay import RelayDoor
    from hive_desktop.ports.secrets import Keychain
    from hive_desktop.ports.storage import Database
    from hive_desktop.ports.system import Browser, Clock, Network
    from hive_desktop.ports.vault import VaultKeys, VaultStore
    from hive_desktop.services.bank_access import BankKeys
    from hive_desktop.services.lifecycle import DemoHost

T = TypeVar("T")
_IO_THREADS = 4
# A terminal sends Ctrl-C to a whole group, and `timeout` to its child and to the group.
_ONE_INTERRUPT_S = 1.0
_INTERRUPTED = 130
_LONGEST_NAME = 100
_RECOVER_S = 300.0


def clock_of(today: date | None) -> Clock:
    """Return the machine's clock, or one that stands at a date."""
    return SystemClock() if today is None else FrozenClock(today)


def browser() -> Browser:
    """Return the person's own browser."""
    return SystemBrowser()


def keychain() -> Keychain:
    """Return this computer's keychain."""
    return SystemKeychain()


def vault_store(clock: Clock, chain: Keychain | None = None) -> VaultStore:
    """Return the store of vault folders."""
    return FileVaultStore(clock=clock, keychain=chain or keychain())


@cache
def vocabulary() -> Vocabulary:
    """Return what the program knows of businesses and words."""
    from hive_desktop.adapters.ai.offline.loading import (  # noqa: PLC0415 - numpy
        read_vocabulary,
    )

    return read_vocabulary(config.resources_dir() / "lexicon")


@cache
def offline_model() -> OfflineModel:
    """Return the model that guesses categories without a network, as it was built."""
    from hive_desktop.adapters.ai.offline.loading import load_model  # noqa: PLC0415 - numpy

    return load_model(config.resources_dir() / "lexicon")


async def open_session(  # noqa: PLR0913 - every choice that a session's maker has
    folder: Path,
    keys: VaultKeys,
    *,
    clock: Clock,
    store: VaultStore,
    browser: Browser | None = None,
    network: Network | None = None,
    is_demo: bool = False,
    read_only: bool = False,
    poll_s: float = 2.0,
) -> VaultSession:
    """Open a vault's ledger and hang every service on it.

    Raises:
        VaultError: busy, damaged, too new, unwritable.
    """
    bus = EventBus()
    loop = asyncio.get_running_loop()
    database = await loop.run_in_executor(
        None, lambda: store.open_database(folder, keys, read_only=read_only, publish=bus.publish)
    )

    def connect(bank_keys: BankKeys) -> BankConnector:
        return _plaid(bank_keys, keys.egress, clock, folder)

    def open_door() -> RelayDoor:
        return _relay_door(keys.egress, clock)

    access = BankAccess(database, connect, open_door)
    access.subscribe(lambda: bus.publish(RelayChanged()))
    scope = TaskScope("session")
    categorizer = Categorizer(database, offline_model)
    settings = SettingsService(database)
    sync = SyncService(database, access, categorizer, bus, scope, clock)
    network = network or UnknownNetwork()
    schedule = SyncScheduler(
        sync, access, settings, network=network, clock=clock, bus=bus, scope=scope
    )
    egress = EgressService(database, access.record, clock)
    ai = _ai_access(database, access, egress, keys.egress, clock)
    session = VaultSession(
        folder=folder,
        is_demo=is_demo,
        ledger=LedgerService(database, categorizer),
        reports=ReportService(database),
        sync=sync,
        schedule=schedule,
        news=NewsService(access, schedule, network=network, bus=bus, scope=scope),
        adoption=AdoptionService(database, access, categorizer, bus),
        journal=JournalService(database, categorizer),
        reviews=ReviewService(database),
        proofs=ProofService(database),
        rules=RuleService(database, categorizer, clock),
        inbox=InboxService(database, categorizer),
        linking=LinkingService(
            database,
            access,
            bus,
            clock=clock,
            browser=browser or SystemBrowser(),
            make_page=LoopbackCompletionPage.start,
            poll_s=poll_s,
        ),
        categorize=categorizer,
        settings=settings,
        bank=access,
        egress=egress,
        ai=ai,
        ai_categorize=AiCategorizer(database, ai, _redactor(keys.egress), categorizer.answer, bus),
        bus=bus,
        scope=scope,
        clock=clock,
        database=database,
    )
    try:
        await access.load()
        await ai.load()
        if not read_only:
            await sync.close_cut_off()
    except BaseException:
        await session.close()
        raise
    return session


def lifecycle(settings: AppConfig, clock: Clock, demo: DemoHost) -> AppLifecycle:
    """Return the program's life over the vault of `settings`; the window's loop is there."""
    chain = keychain()
    store = vault_store(clock, chain)
    network: Network = ui_module("network").QtNetwork()

    async def build(folder: Path, keys: VaultKeys) -> VaultSession:
        session = await open_session(folder, keys, clock=clock, store=store, network=network)
        session.egress.keep(session.scope)
        session.ai_categorize.keep(session.scope, session.bus)
        session.scope.spawn(_take_up(session), name="recover")
        session.scope.spawn(_keep_up(session), name="keep-up")
        return session

    return AppLifecycle(store, chain, settings.vault, build, demo)


def run_window(
    make_lifecycle: Callable[[], AppLifecycle], *, opens_demo: bool = False, **options: Any
) -> int:
    """Show the program's window until the person quits; returns the exit code.

    Args:
        make_lifecycle: called once the window's loop is there.
        opens_demo: open the demo at once.
        **options: more of `ui.app.UiOptions`.

    Raises:
        EnvironmentFaultError: Qt or a font cannot be loaded here.
    """
    _tune_interpreter(has_window=True)
    app = ui_module("app")
    if opens_demo:
        options["opener"] = AppLifecycle.open_demo
    code: int = app.run(make_lifecycle, app.UiOptions(**options))
    return code


def run_offscreen(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run a coroutine on a Qt loop without a display, so that it can paint pictures.

    Raises:
        EnvironmentFaultError: Qt cannot be loaded here.
    """
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    _tune_interpreter(has_window=True)
    app = ui_module("app")
    with app.EventLoop(app.application()) as loop:
        result: T = loop.run_until_complete(work())
        return result


async def render_pages(session: VaultSession, out: Path) -> list[Path]:
    """Save a picture of each page in both themes. Runs inside `run_offscreen`."""
    pictures: list[Path] = await ui_module("pictures").render_pages(session, out)
    return pictures


def run_async(work: Coroutine[Any, Any, T]) -> T:
    """Run a command's coroutine on a plain loop with the `hive-io` pool.

    Raises:
        KeyboardInterrupt: the person stopped it, and it has come to its end.
    """
    _tune_interpreter()
    interrupt = _Interrupt()

    async def inside() -> T:
        asyncio.get_running_loop().set_default_executor(io_pool())
        interrupt.watch()
        return await work

    try:
        return asyncio.run(inside())
    except asyncio.CancelledError:
        if interrupt.came_at is None:
            raise
        raise KeyboardInterrupt from None
    finally:
        interrupt.unwatch()


class _Interrupt:
    """Ends a command by Ctrl-C: the first cancels it, one that comes later ends the process.

    Without it the second would be raised wherever the loop happens to be, and what waits for the
    step that it broke would wait for ever. A process that ends at once is as safe as one that was
    killed: whatever was not committed is read again.
    """

    def __init__(self) -> None:
        self.came_at: float | None = None
        self._cancel: Callable[[], object] | None = None
        self._before = signal.getsignal(signal.SIGINT)

    def watch(self) -> None:
        """Listen from now on, up to the process's end if it is stopped; the main thread can."""
        task, loop = asyncio.current_task(), asyncio.get_running_loop()
        if task is not None and threading.current_thread() is threading.main_thread():
            self._cancel = partial(loop.call_soon_threadsafe, task.cancel)
            signal.signal(signal.SIGINT, self._came)

    def unwatch(self) -> None:
        """Leave Ctrl-C to whoever had it before; a process that was stopped keeps it to its end."""
        if self._cancel is not None and self.came_at is None:
            signal.signal(signal.SIGINT, self._before)

    def _came(self, _number: int, _frame: object) -> None:
        now = time.monotonic()
        if self.came_at is None and self._cancel is not None:
            self.came_at = now
            with suppress(RuntimeError):  # the loop has just ended
                self._cancel()
        elif self.came_at is not None and now - self.came_at > _ONE_INTERRUPT_S:
            os._exit(_INTERRUPTED)


@contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl-C end a prompt: reading a terminal goes on after a signal that raises nothing."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def io_pool() -> ThreadPoolExecutor:
    """Return the pool for whatever blocks beside the database."""
    return ThreadPoolExecutor(_IO_THREADS, thread_name_prefix="hive-io")


def ui_module(name: str) -> Any:
    """Import a module of the window; a library that Qt misses is named for the person."""
    try:
        return importlib.import_module(f"hive_desktop.ui.{name}")
    except ImportError as exc:
        if not (exc.name or "").startswith("PySide6") and ".so" not in str(exc):
            raise
        raise EnvironmentFaultError(
            "The window's library cannot be loaded: {reason}.",
            hint="On Debian or Ubuntu: apt-get install libegl1 libgl1 libfontconfig1 libdbus-1-3 "
            "libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-shape0",
            reason=exc,
        ) from exc


def _tune_interpreter(*, has_window: bool = False) -> None:
    """Set the interpreter up for a few busy threads and a hundred thousand rows at once.

    The database's threads give the interpreter's lock back at every step, and a window at every
    value of Qt's that it makes; with the default interval each waits 5 ms beside a busy one. A
    shorter one keeps the window smooth; without a window it would only slow the work down. Rows are
    no garbage, so the young generation may be larger.
    """
    sys.setswitchinterval(0.0002 if has_window else 0.001)
    gc.set_threshold(20_000, 20, 20)


async def _take_up(session: VaultSession) -> None:
    """Finish what a crash left half linked, begin to sync, and fetch all that new banks have.

    Whatever goes wrong with the links, syncs come; the links are taken up again soon.
    """
    finished = await _recover(session)
    with suppress(HiveError):
        await session.sync.announce()
    await session.schedule.start()
    session.news.start()
    if finished:
        await session.sync.settle(finished)


async def _keep_up(session: VaultSession) -> None:
    """Take up links again now and then: a relay keeps what it got for half an hour only."""
    while True:
        await asyncio.sleep(_RECOVER_S)
        with suppress(HiveError):
            if finished := await _recover(session):
                await session.sync.settle(finished)


async def _recover(session: VaultSession) -> Sequence[ItemId]:
    if session.bank.host is None:
        return ()
    try:
        found = await session.linking.recover()
    except HiveError:
        return ()
    for institution in found.lost:
        session.bus.publish(ConnectionLostError(institution=institution or "A bank"))
    return found.finished


def _ai_access(
    database: Database, bank: BankAccess, egress: EgressService, egress_key: bytes, clock: Clock
) -> AiAccess:
    def relay() -> tuple[str, Callable[[str | None], Awaitable[str]]] | None:
        link, grant = bank.relay, bank.grant
        if link is None or grant is None:
            return None
        return grant.url, lambda stale: link.bearer(stale=stale)

    maker = Backends(egress_key, clock, relay)
    return AiAccess(database, maker, egress.note, egress.cost_this_month)


def _redactor(egress_key: bytes) -> Callable[[], Redactor]:
    """Return the maker of the redactor: its tokens are the vault's own, its businesses ours."""

    @cache
    def make() -> Redactor:
        businesses = [fact.phrase for fact in vocabulary().facts if fact.is_merchant]
        key = hashlib.blake2b(egress_key, digest_size=32, person=b"hive-tokens").digest()
        return Redactor(key, businesses)

    return make


def _relay_door(egress_key: bytes, clock: Clock) -> RelayDoor:
    from hive_desktop.adapters.bank.relay_door import Door  # noqa: PLC0415 - not for every start

    return Door(
        egress_key, clock, device_name=f"Hive on {platform.node() or 'a computer'}"[:_LONGEST_NAME]
    )


def _plaid(bank_keys: BankKeys, egress_key: bytes, clock: Clock, folder: Path) -> BankConnector:
    from hive_desktop.adapters.bank.plaid_direct import PlaidDirect  # noqa: PLC0415 - heavy SDK

    return PlaidDirect(
        bank_keys.host,
        bank_keys.client_id,
        bank_keys.secret,
        egress_key=egress_key,
        clock=clock,
        folder=folder,
    )
