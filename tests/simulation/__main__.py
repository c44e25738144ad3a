"""Runs seeds: `python -m tests.simulation [--seeds N] [--first S] [--seed S] [--jobs J]`."""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from tests.simulation.simulation import run_seed

_QUICK_DISK = Path("/dev/shm")  # noqa: S108 - only chosen when it is there, and under a fresh name
_SHOWN = 3
LET_GO = "let go, "


def main():
    parser = argparse.ArgumentParser(
        prog="dev.py simulate", description="Seeds of the deterministic simulation."
    )
    parser.add_argument("--seeds", type=int, default=200, help="how many seeds to run")
    parser.add_argument("--first", type=int, default=1, help="the first of them")
    parser.add_argument("--seed", type=int, help="run this one and print its whole course")
    parser.add_argument("--jobs", type=int, default=1, help="on how many processes")
    options = parser.parse_args()
    base = _QUICK_DISK if _QUICK_DISK.is_dir() else None
    with tempfile.TemporaryDirectory(dir=base, prefix="hive-simulation-") as folder:
        if options.seed is not None:
            return _one(options.seed, Path(folder))
        return _many(range(options.first, options.first + options.seeds), options.jobs, folder)


def _one(seed, folder):
    outcome = run_seed(seed, folder)
    say("\n".join(outcome.log))
    say(outcome.error or "every promise was kept")
    say(f"seed {seed}, trace {outcome.trace}")
    return 1 if outcome.error else 0


def _many(seeds, jobs, folder):
    begun = time.perf_counter()
    homes = [Path(folder) / str(number) for number in range(jobs)]
    for home in homes:
        home.mkdir()
    parts = [seeds[number::jobs] for number in range(jobs)]
    total: Counter[str] = Counter()
    failed: dict[str, list[int]] = {}
    if jobs == 1:
        _count(_run(homes[0], parts[0]), total, failed)
    else:
        with ProcessPoolExecutor(jobs) as pool:
            for part in pool.map(partial(_run_listed), homes, parts):
                _count(part, total, failed)
    seconds = time.perf_counter() - begun
    failures = sum(map(len, failed.values()))
    say(
        f"{total['seeds']} seeds, {total['steps']} steps, {total['cuts']} power cuts, "
        f"{total['faults']} faults, {failures} failures in {seconds:.0f} s"
    )
    let_go = {why: n for why, n in total.items() if why.startswith(LET_GO)}
    say(f"Edits that no rule says to keep: {let_go}")
    if failed:
        say("Each again, with its whole course: dev.py simulate --seed S")
        for words, found in sorted(failed.items(), key=lambda pair: -len(pair[1])):
            say(f"{len(found):5}  {words[:150]}: {sorted(found)[:12]}")
    return 1 if failed else 0


def _run(home, seeds):
    return (run_seed(seed, home) for seed in seeds)


def _run_listed(home, seeds):
    return list(_run(home, seeds))


def _count(outcomes, total, failed):
    for outcome in outcomes:
        total.update(seeds=1, steps=outcome.steps, cuts=outcome.cuts, faults=outcome.faults)
        total.update({f"{LET_GO}{why}": n for why, n in outcome.let_go.items()})
        if outcome.error:
            words = (
                outcome.error.partition("BrokenPromiseError: ")[2] or outcome.error.splitlines()[-1]
            )
            failed.setdefault(_general(words), []).append(outcome.seed)
            if sum(map(len, failed.values())) <= _SHOWN:
                say(
                    f"--- seed {outcome.seed}\n"
                    + "\n".join(outcome.log[-30:])
                    + f"\n{outcome.error}"
                )


def _general(words):
    """Return the first line of an error without its figures, so that alike ones fall together."""
    return re.sub(r"[0-9A-Za-z]{37}|\d+", "#", words.splitlines()[0])


def say(text):
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
