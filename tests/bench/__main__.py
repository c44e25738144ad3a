"""Runs benchmarks: `python -m tests.bench [--only NAME...] [--json]`."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from tests.bench import (
    chat_open,
    chat_stream,
    edit,
    exporting,
    frozen,
    idle,
    import_stall,
    importing,
    incremental,
    ingest,
    local_api,
    memory,
    offline_model,
    overview,
    relay,
    scroll,
    search,
    start,
    sync_memory,
    sync_stall,
    typed_models,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.bench.result import Result

BENCHMARKS: dict[str, Callable[[], list[Result]]] = {
    "ingest": ingest.measure,
    "import-csv": importing.measure_csv,
    "import-ofx": importing.measure_ofx,
    "export-csv": exporting.measure_csv,
    "typed-models": typed_models.measure,
    "start": start.measure,
    "incremental": incremental.measure,
    "sync-stall": sync_stall.measure,
    "import-stall": import_stall.measure,
    "sync-memory": sync_memory.measure,
    "offline-model": offline_model.measure,
    "search-1m": search.measure,
    "scroll-1m": scroll.measure,
    "edit-1m": edit.measure,
    "overview-1m": overview.data,
    "overview-click": overview.clicks,
    "start-1m": overview.start,
    "memory-1m": memory.measure,
    "chat-open": chat_open.measure,
    "chat-first-token": chat_stream.first_token,
    "chat-stall": chat_stream.stall,
    "frozen-size": frozen.size,
    "frozen-start": frozen.start,
    "idle": idle.measure,
    "api": local_api.measure,
    "relay-overhead": relay.overhead,
    "relay-throughput": relay.throughput,
    "relay-sockets": relay.sockets,
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
    judged = f"ratio {result.ratio:.2f}"
    if result.bound is not None:
        judged += f", bound {result.bound:g}"
    if result.margin is not None:
        judged += f", difference {result.difference:+.3f}, margin {result.margin:g} {result.unit}"
    if result.enough is not None:
        judged += f", enough {result.enough:g} {result.unit}"
    verdict = "ok" if result.is_ok else "TOO MUCH"
    sys.stdout.write(
        f"{result.name:<16} {result.value:.3f} {result.unit}, floor {result.floor:.3f}, "
        f"{judged}: {verdict}\n    {result.note}\n"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
