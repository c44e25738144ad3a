"""One seed from beginning to end: a household, some dozens of steps, calm, and the verdict."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import random
import shutil
import traceback
import zlib
from collections import Counter
from dataclasses import dataclass, field

from hive_desktop.adapters.storage.names import LEDGER_FILE
from hive_desktop.domain.changes import Actor
from hive_desktop.ports.bank import AccessToken
from hive_desktop.ports.errors import HiveError
from hive_desktop.sandbox.front import Front
from tests.simulation.bank_events import EVENTS
from tests.simulation.line import Line
from tests.simulation.lineage import Lineage
from tests.simulation.machine import Machine, template
from tests.simulation.oracle import BrokenPromiseError, Oracle
from tests.simulation.person import ACTS, take_back_batch
from tests.simulation.small_bank import small_bank
from tests.simulation.trouble import TROUBLES
from tests.simulation.verdict import judge
from tests.simulation.virtual import PowerCut, VirtualTime

_SHARES = ((EVENTS, 48), (ACTS, 38), (TROUBLES, 8), (((None, 1),), 6))
_KEYS = {"plaid-client-id": "sandbox-client", "plaid-secret": "sandbox-secret"}
_ROUNDS = 12
_ROUND_S = 3600.0


@dataclass(slots=True)
class Outcome:
    """What came of a seed; `error` is None where every promise was kept."""

    seed: int
    steps: int = 0
    cuts: int = 0
    faults: int = 0
    let_go: Counter = field(default_factory=Counter)
    error: str | None = None
    log: list[str] = field(default_factory=list)

    @property
    def trace(self):
        """The whole course of the seed in one short text."""
        return hashlib.sha256("\n".join(self.log).encode()).hexdigest()


class World:
    """Everything that the tables of events act on."""

    def __init__(self, seed, home, keys):
        self.dice = random.Random(f"{seed}/world")
        self.outcome = Outcome(seed)
        self.time = VirtualTime()
        self.bank = small_bank(seed, self.dice, self.time)
        self.keys = keys
        self.lineage = Lineage(self.bank)
        self.oracle = Oracle(self.lineage, self.note)
        self.lingering: dict[str, str] = {}
        self.batches = []
        self.stops = 0
        self.machine = Machine(
            home, keys,
            time=self.time, dice=self.dice, page_rows=self.dice.randint(2, 9),
            bank_days=lambda: self.bank.clock._offset_days, on_write=self._on_write,
        )  # fmt: skip
        self.line = Line(
            Front(self.bank), self.bank, self.machine.power, self.time, self.dice, self.note
        )
        self.machine.line = self.line

    @property
    def session(self):
        return self.machine.session

    def note(self, text):
        self.outcome.log.append(f"{self.time.seconds:11.2f}  {text}")

    def living(self):
        return [item for item in self.bank.items if not item.removed]

    def some_item(self):
        return self.dice.choice(self.living())

    def rows(self, wanted=lambda _row: True):
        """Return the live rows that clients may see, in the bank's order."""
        return [row for item in self.living() for row in item.ledger.live() if wanted(row)]

    def start_sync(self, **options):
        """Let a sync run beside whatever follows."""
        self.machine.start(self._sync(options))

    async def _sync(self, options):
        try:
            results = await self.session.sync.sync(**options)
        except asyncio.CancelledError:
            self.note("sync stopped")
            raise
        except HiveError as error:
            self.note(f"sync ended: {type(error).__name__}")
            return
        for one in results:
            code = getattr(one.error, "code", "")
            self.note(
                f"synced {one.institution} +{one.added} ~{one.modified} -{one.removed} {code}"
            )

    def _on_write(self, raw, *, by_person):
        self.oracle.on_write(raw, by_person=by_person)
        seen = sorted(
            (key, row.place, row.source, row.category, row.bank)
            for key, row in self.oracle.seen.items()
        )
        self.note(f"commit {len(seen)} rows {zlib.crc32(repr(seen).encode()):08x}")

    def link(self):
        """Connect both banks, as Link does, without the page and the guard of the exchange."""
        for institution_id in self.bank.institution_ids:
            public = self.bank.link(institution_id)
            body = json.dumps({"public_token": public}).encode()
            told = json.loads(
                self.line._front.handle("/item/public_token/exchange", _KEYS, body).body
            )
            name = self.bank.institution(institution_id).name
            token = AccessToken(told["access_token"])
            self.machine.run(
                self.session.database.write(
                    lambda writes, told=told, token=token, at=institution_id, name=name:
                    writes.add_item(told["item_id"], token, at, name),
                    actor=Actor.PROGRAM,
                )
            )  # fmt: skip

    def live(self, steps):
        """Let things happen."""
        for _ in range(steps):
            self.outcome.steps += 1
            table = _draw(self.dice, _SHARES)
            happening = _draw(self.dice, table)
            try:
                self._step(table, happening)
            except PowerCut as cut:
                self.note(f"--- power cut at {cut} ---")
                self.outcome.cuts += 1
                self.oracle.said = None
                self.machine.after_cut()
            self._check()

    def _step(self, table, happening):
        if happening is None:
            self.note("wait")
            self.machine.run(self._settled())
            return
        name = happening.__name__.replace("_", " ")
        word = self.machine.run(self._act(happening)) if table is ACTS else happening(self)
        self.stops += name in ("lock", "stop sync")
        self.note(f"{name}: {word}" if word is not None else f"{name}: nothing to do")
        if self.dice.random() < 0.6:
            self.machine.run(asyncio.sleep(self.dice.uniform(0.0, 4.0)))

    async def _act(self, act):
        try:
            return await act(self)
        except HiveError as error:
            return f"refused, {type(error).__name__}"

    async def _settled(self):
        if self.machine.tasks:
            await asyncio.wait(self.machine.tasks)

    def calm(self):
        """End every trouble and sync until nothing moves any more."""
        self.note("calm")
        self.machine.power.disarm()
        self.line.risk = 0.0
        self.bank.clear_faults()
        for item in self.living():
            item.mutate_after = None
            if item.error_code:
                self.bank.repair_item(item.item_id)
        self.machine.clock.wrong_by -= self.machine.clock.wrong_by
        self.bank.advance(4)
        self.machine.run(self._settled())
        quiet = 0
        for _ in range(_ROUNDS):
            results = self.machine.run(self.session.sync.sync())
            moved = [
                one for one in results if one.error or one.added or one.modified or one.removed
            ]
            self.note(f"calm sync: {[_told(one) for one in results]}")
            quiet = 0 if moved or len(results) < len(self.living()) else quiet + 1
            if quiet == 2:
                return
            self.machine.run(asyncio.sleep(_ROUND_S))
        raise BrokenPromiseError("the syncs never came to rest")

    def end(self):
        """Close the vault and judge it; then take back all that the person did."""
        cut_off = 2 * (self.outcome.cuts + self.stops)
        self.machine.shut_down()
        file = self.machine.folder / LEDGER_FILE
        judge(file, self.keys.database, self.bank, most_cut_off=cut_off)
        self.machine.boot()
        for batch, said in reversed(self.batches):
            self.machine.run(take_back_batch(self, batch, said))
            self._check()
        self.machine.shut_down()
        judge(file, self.keys.database, self.bank, most_cut_off=cut_off)

    def _check(self):
        if self.oracle.broken is not None:
            raise self.oracle.broken
        for task in self.machine.tasks:
            if task.done() and not task.cancelled() and task.exception() is not None:
                raise task.exception()
        self.machine.tasks = [task for task in self.machine.tasks if not task.done()]


def _told(result):
    code = getattr(result.error, "code", "")
    return f"+{result.added} ~{result.modified} -{result.removed} {code}".strip()


def _draw(dice, table):
    return dice.choices([one for one, _ in table], [weight for _, weight in table])[0]


def run_seed(seed, root):
    """Run one seed; `root` is a folder for vaults, shared by the seeds of a process."""
    keys = template(root / "template")
    home = root / f"seed-{seed}"
    home.mkdir()
    state = random.getstate()
    random.seed(seed)
    loud = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    world = World(seed, home, keys)
    outcome = world.outcome
    try:
        with world.machine:
            world.machine.boot()
            world.link()
            world.live(world.dice.randint(30, 60))
            world.calm()
            world.end()
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what the seed found
        outcome.error = "".join(traceback.format_exception(error))
    finally:
        logging.disable(loud)
        random.setstate(state)
        shutil.rmtree(home, ignore_errors=True)
    outcome.faults = world.line.faults
    outcome.let_go = world.oracle.let_go
    return outcome
