"""Runs benchmarks: `python -m tests.bench [--only NAME...] [--json]`."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from tests.bench import ingest, start, typed_models

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bench.result import Result

BENCHMARKS: dict[str, Callable[[], list[Result]]] = {
    "ingest": ingest.measure,
    "typed-models": typed_models.measure,
    "start": start.measure,
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="dev.py bench")
    parser.add_argument("--only", nargs="+", choices=sorted(BENCHMARKS), metavar="NAME")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    results: list[Result] = []
    for name, measure in BENCHMARKS.items():
        if options.only is None or name in options.only:
            for result in measure():
                results.append(result)
                if not options.json:
                    say(result)
    if options.json:
        json.dump([result.document() for result in results], sys.stdout, indent=2)
        sys.stdout.write("\n")
    return 0 if all(result.is_ok for result in results) else 1


def say(result: Result) -> None:
    bound = "" if result.bound is None else f", bound {result.bound:g}"
    verdict = "ok" if result.is_ok else "TOO SLOW"
    sys.stdout.write(
        f"{result.name:<14} {result.value:.3f} {result.unit}, floor {result.floor:.3f}, "
        f"ratio {result.ratio:.2f}{bound}: {verdict}\n    {result.note}\n"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
