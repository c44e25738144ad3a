"""The person's computer: a disk, a clock that can be set wrong, and the program that runs on it.

The one place that knows how a session is put together. A power cut leaves the disk as it was and
drops everything else; `boot` opens the vault again.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import shutil
from contextlib import ExitStack, suppress
from functools import cache
from types import SimpleNamespace
from unittest.mock import patch

import tenacity

from hive_desktop import bootstrap
from hive_desktop.adapters.bank.plaid_direct import PlaidDirect
from hive_desktop.adapters.storage import ids
from hive_desktop.adapters.storage.database import SqlDatabase
from hive_desktop.adapters.storage.handle import Handle
from hive_desktop.adapters.storage.slots import KdfParameters
from hive_desktop.adapters.storage.store import FileVaultStore
from hive_desktop.bootstrap import parts
from hive_desktop.domain.changes import Actor
from hive_desktop.plaidkit import client as plaid_client
from hive_desktop.plaidkit import pace, requests, transport
from hive_desktop.services.bank_access import BankKeys
from tests.simulation.power import Power
from tests.simulation.small_bank import START
from tests.simulation.virtual import InlinePool, PowerCut, VirtualLoop

_CHEAP = KdfParameters(memory_kib=8, passes=1, lanes=1)
_HOST = "http://127.0.0.1:1"


class WallClock:
    """The computer's clock: true time plus what it is wrong by; later at each look."""

    def __init__(self, time, bank_days):
        self._time = time
        self._bank_days = bank_days
        self._looks = 0
        self.wrong_by = dt.timedelta()

    def now(self):
        self._looks += 1
        lived = dt.timedelta(
            days=self._bank_days(), seconds=self._time.seconds, microseconds=self._looks
        )
        return START + lived + self.wrong_by

    def today(self):
        return self.now().date()


class _Ids:
    """Ids that sort by the clock's time within one life of the program, as UUIDv7 do."""

    def __init__(self, clock):
        self._clock = clock
        self._latest = 0
        self._count = 0

    def uuid7(self):
        now = int(self._clock.now().timestamp() * 1000)
        self._latest = max(self._latest, now)
        self._count += 1
        value = self._latest.to_bytes(6, "big") + b"\x70\x00" + self._count.to_bytes(8, "big")
        return SimpleNamespace(bytes=value)


@cache
def template(folder):
    """Make a vault that knows the bank's address and keys, once in a process; returns its keys."""
    store = FileVaultStore(clock=bootstrap.clock_of(START.date()), keychain=None, kdf=_CHEAP)
    keys, _kit = store.create(folder, "a simulated passphrase")

    async def configure():
        session = await bootstrap.open_session(
            folder, keys, clock=bootstrap.clock_of(START.date()), store=store
        )
        await session.bank.configure(BankKeys(_HOST, "sandbox-client", "sandbox-secret"))
        await session.close()

    bootstrap.run_async(configure())
    return keys


@cache
def _plaid_api():
    """Return plaid-python's client; building one costs more than the rest of a seed."""
    real = requests.open_api
    made = []

    def reuse(access, sending):
        if not made:
            made.append(real(access, sending))
        made[0].api_client.rest_client = sending
        return made[0]

    return reuse


class Machine:
    """One computer.

    Args:
        home: the folder for disks; a power cut leaves the present one and goes on with a copy.
        keys: the vault's.
        time: virtual time.
        dice: draws how long calls take.
        line: the line to the bank, set before `boot`.
        bank_days: how many days the bank has let pass.
        on_write: called with the writer's connection after each commit, and whether by the person.
        page_rows: how many rows a page has.
    """

    def __init__(self, home, keys, *, time, dice, bank_days, on_write, page_rows):
        self._home, self._keys, self._time, self._dice = home, keys, time, dice
        self._on_write = on_write
        self._page_rows = page_rows
        self._disk = 0
        self._actor = Actor.PROGRAM
        self._patches = ExitStack()
        self.clock = WallClock(time, bank_days)
        self.power = Power(self._keep_disk)
        self.line = None
        self.loop = None
        self.session = None
        self.ledger = None
        self.tasks = []

    @property
    def folder(self):
        return self._home / f"disk-{self._disk}"

    def __enter__(self):
        shutil.copytree(self._home.parent / "template", self.folder)
        machine = self
        commit, write = Handle.commit, SqlDatabase._write

        def watched(handle):
            machine.power.pass_by("before commit")
            commit(handle)
            machine._on_write(handle.raw, by_person=machine._actor is Actor.PERSON)
            machine.power.pass_by("after commit")

        def written(ledger, work, actor, by):
            machine._actor = actor
            return write(ledger, work, actor, by)

        seams = [
            patch.object(SqlDatabase, "_write", written),
            patch.object(Handle, "commit", watched),
            patch.object(parts, "plaid", self._connector),
            patch.object(requests, "open_api", _plaid_api()),
            patch.object(requests, "PAGE_ROWS", self._page_rows),
            patch.object(transport, "time", self._time),
            patch.object(tenacity, "time", self._time),
        ]
        for seam in seams:
            self._patches.enter_context(seam)
        return self

    def __exit__(self, *_):
        if self.loop is not None:
            self._bury()
        self._patches.close()

    def boot(self):
        """Start the program and open the vault."""
        self.power.is_off = False
        self._ids = patch.object(ids, "uuid7", _Ids(self.clock).uuid7)
        self._ids.start()
        self.loop = VirtualLoop(self._time, self._dice, lambda: self.power.pass_by("turn"))
        asyncio.set_event_loop(self.loop)
        store = FileVaultStore(
            clock=self.clock, keychain=None, kdf=_CHEAP, make_pool=lambda _role: InlinePool()
        )
        opening = store.open_database

        def opened(*args, **options):
            self.ledger = opening(*args, **options)
            return self.ledger

        store.open_database = opened
        self.session = self.run(
            bootstrap.open_session(self.folder, self._keys, clock=self.clock, store=store)
        )

    def run(self, work):
        """Run a coroutine to its end; raises PowerCut when the armed point is passed."""
        return self.loop.run_until_complete(work)

    def start(self, work):
        """Let a coroutine run beside others."""
        self.tasks.append(self.loop.create_task(work))

    def lock(self):
        """Lock the vault as the program does, and open it again."""
        self.run(self.session.close())
        self._stop_loop()
        self.boot()

    def after_cut(self):
        """Clear away what was in memory and start again from the disk."""
        self._bury()
        self._disk += 1
        self.boot()

    def shut_down(self):
        """Close the vault for good."""
        self.run(self.session.close())
        self._stop_loop()

    def _keep_disk(self):
        shutil.copytree(self.folder, self._home / f"disk-{self._disk + 1}")

    def _bury(self):
        """End what is left of a program that was cut off; the ledger and the bank refuse it all."""
        self.power.is_off = True
        if self.ledger is not None:
            ledger = self.ledger
            ledger._is_open = False
            for handle in ledger._handles:
                handle.raw.close()
            ledger._handles.clear()
            ledger._lock.release()
        self._stop_loop()

    def _stop_loop(self):
        self.loop.set_exception_handler(lambda _loop, _context: None)
        for _ in range(20):
            left = asyncio.all_tasks(self.loop)
            if not left:
                break
            for task in left:
                task.cancel()
            # A cut is told to everybody who waits for a task that it ended, and whatever was about
            # to return from `run` stops the loop once more.
            with suppress(PowerCut, RuntimeError):
                self.loop.run_until_complete(asyncio.wait(left))
        self.loop.close()
        asyncio.set_event_loop(None)
        self._ids.stop()
        self.loop, self.session, self.ledger, self.tasks = None, None, None, []

    def _connector(self, bank_keys, egress_key, clock, folder):
        """Return the real connector with its sockets, sleeps and turns in virtual time."""
        made = PlaidDirect(
            bank_keys.host, bank_keys.client_id, bank_keys.secret,
            egress_key=egress_key, clock=clock, folder=folder,
        )  # fmt: skip
        turns = pace.Pace(pace.SANDBOX, now=self._time.monotonic)
        known = made._client
        made._client = plaid_client.PlaidClient(
            known._access, known._transport._recorder, sleep=self._time.sleep, turns=turns
        )
        made._client._transport._pool = self.line
        made.simulated = self
        return made
