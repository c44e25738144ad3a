"""How many distinct descriptors a second the offline model labels that it has never met.

Normalisation, features, model and reasons are included, and each turn has a model of its own. The
floor is one pass of the normaliser's largest pattern over the same texts: what reading them costs
at least.
"""

from __future__ import annotations

import random
import time

from hive_desktop.adapters.ai.offline.augment import Augmenter
from hive_desktop.adapters.ai.offline.loading import load_model
from hive_desktop.adapters.ai.offline.model import LinearModel
from hive_desktop.config import resources_dir
from hive_desktop.domain.merchant_noise import NOISE
from hive_desktop.domain.merchants import fold, normalise
from tests.bench.result import Result

ROWS = 20_000
TURNS = 3
LEAST_A_SECOND = 8_000
BOUND = 25.0


def measure() -> list[Result]:
    stored = load_model(resources_dir() / "lexicon")
    rows = _distinct(stored)
    floors, whole, busy = [], [], []
    for _ in range(TURNS):
        started = time.perf_counter()
        for row in rows:
            NOISE.sub(" ", fold(row.text[1]))
        floors.append(time.perf_counter() - started)
        fresh = LinearModel(stored.vocabulary, stored.header, stored.weights)
        started, worked = time.perf_counter(), time.process_time()
        for row in rows:
            normalise(row.text[1])
        labels = fresh.label(rows)
        whole.append(time.perf_counter() - started)
        busy.append(time.process_time() - worked)
        assert sum(label is not None for label in labels) > ROWS * 0.99
    seconds, floor = min(whole), min(floors)
    a_second = ROWS / seconds
    note = (
        f"{a_second:,.0f} distinct descriptors a second by the clock, {ROWS / min(busy):,.0f} a "
        f"second of processor time, with a cold cache, at least {LEAST_A_SECOND:,} by the clock; "
        f"merchants and labels of {ROWS:,}, best of {TURNS} turns; the floor is one pass of the "
        "normaliser's pattern"
    )
    enough = a_second >= LEAST_A_SECOND
    return [Result("offline-model", seconds, "s", floor, BOUND, note, extra=enough)]


def _distinct(model: LinearModel) -> list:
    made = [one.row for one in Augmenter(model.vocabulary, 7, 1, 1).rows()]
    chance = random.Random(7)
    by_text = {}
    for row in made:
        name = f"{row.text[1]} {chance.randrange(10**6)}"
        by_text[name] = row._replace(text=(None, name, None))
    rows = list(by_text.values())
    chance.shuffle(rows)
    assert len(rows) >= ROWS
    return rows[:ROWS]
