"""`hive egress`: what left this computer, to whom and why."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

from hive_desktop.cli import context, output, words
from hive_desktop.ports.egress import EgressFilter
from hive_desktop.ports.errors import UsageError
from hive_desktop.services.egress_files import as_document

if TYPE_CHECKING:
    import argparse
    from datetime import date

    from hive_desktop.ports.egress import EgressLine, EgressSum

_SHOWN = 50
_NONE = "Nothing has left this computer."
_LONGEST_PATH = 44
_MILLION = 1_000_000


def listing(options: argparse.Namespace) -> int:
    """List requests, export them, or forget old ones."""
    if options.forget_before is not None:
        return _forget(options)
    if options.export is not None:
        return _export(options)
    wanted = _wanted(options)
    limit = _SHOWN if options.limit is None else options.limit

    async def work() -> int:
        async with context.session_of(options, may_read_only=True) as session:
            lines = await session.egress.page(wanted, limit=limit)
            sums = await session.egress.summary(wanted)
            count = await session.egress.count(wanted)
        if options.json:
            document = {
                "requests": [as_document(one) for one in lines],
                "count": count,
                "summary": [one._asdict() for one in sums],
            }
            output.print_json(document)
        elif not count:
            is_all = not (options.since or options.host or options.purpose)
            output.say(_NONE if is_all else "No request is like that.")
        else:
            _print(lines, sums)
            output.say(f"{words.counted(count, 'request')}; {len(lines)} shown.")
        return 0

    return context.run(work)


def show(options: argparse.Namespace) -> int:
    """Show one request with its body, secrets masked."""

    async def work() -> int:
        async with context.session_of(options, may_read_only=True) as session:
            line = await session.egress.one(options.id)
        if line is None:
            raise UsageError(
                "There is no request {id}.", hint="hive egress has ids.", id=options.id
            )
        document = as_document(line)
        if options.json:
            output.print_json(document)
            return 0
        for name, value in document.items():
            if value is not None and name != "body":
                sys.stdout.write(f"{name.replace('_', ' ')}: {value}\n")
        sys.stdout.write(f"\n{line.entry.body or '(no body)'}\n")
        return 0

    return context.run(work)


def _export(options: argparse.Namespace) -> int:
    wanted = _wanted(options)
    is_seen = not options.json and sys.stderr.isatty()

    def on_progress(done: int, total: int) -> None:
        if is_seen:
            output.say(f"{done:,} of {total:,}")

    async def work() -> int:
        async with context.session_of(options, may_read_only=True) as session:
            count = await session.egress.export(options.export, wanted, on_progress)
        if options.json:
            output.print_json({"file": str(options.export), "exported": count})
        else:
            output.say(f"Wrote {words.counted(count, 'request')} to {options.export}.")
        return 0

    return context.run(work)


def _forget(options: argparse.Namespace) -> int:
    before = _start_of(options.forget_before)

    async def work() -> int:
        async with context.session_of(options) as session:
            older = await session.egress.count(EgressFilter(until=before))
            question = f"Delete the record of {words.counted(older, 'request')}?"
            agreed = older > 0 and context.agreed(options, question)
            done = await session.egress.forget(before) if agreed else None
        deleted, kept = (0, older) if done is None else done
        if options.json:
            output.print_json({"forgotten": deleted, "kept": kept})
        elif done is None:
            output.say("Nothing was deleted.")
        else:
            output.say(f"The record of {words.counted(deleted, 'request')} is deleted.")
            if kept:
                output.say(f"{kept} stay: this month's budget for the AI is counted from them.")
        return 0

    return context.run(work)


def _wanted(options: argparse.Namespace) -> EgressFilter:
    since = None if options.since is None else _start_of(options.since)
    return EgressFilter(since=since, host=options.host, purpose=options.purpose)


def _start_of(day: date) -> datetime:
    """Return when a day begins by this computer's clock; by UTC at the ends of the calendar."""
    try:
        return datetime.combine(day, time.min).astimezone()
    except (OverflowError, ValueError):
        return datetime.combine(day, time.min, UTC)


def _print(lines: list[EgressLine], sums: list[EgressSum]) -> None:
    if lines:
        output.print_table(
            ["ID", "TIME", "HOST", "REQUEST", "PURPOSE", "BYTES", "RESULT"],
            [_columns(one) for one in lines],
            right="ID BYTES",
        )
        sys.stdout.write("\n")
    output.print_table(
        ["HOST", "PURPOSE", "REQUESTS", "BYTES", "TOKENS", "COST"],
        [_sum(one) for one in sums],
        right="REQUESTS BYTES TOKENS COST",
    )


def _columns(line: EgressLine) -> list[str]:
    entry = line.entry
    path = entry.path
    short = path if len(path) <= _LONGEST_PATH else f"{path[: _LONGEST_PATH - 1]}…"
    told: list[Any] = [one for one in (entry.status, entry.result) if one is not None]
    return [
        str(line.id),
        output.moment(entry.at),
        entry.host,
        f"{entry.method} {short}",
        entry.purpose,
        f"{entry.body_length:,}",
        " ".join(map(str, told)),
    ]


def _sum(one: EgressSum) -> list[str]:
    tokens = one.prompt_tokens + one.completion_tokens
    return [
        one.host,
        one.purpose,
        f"{one.requests:,}",
        f"{one.body_bytes:,}",
        f"{tokens:,}" if tokens else "",
        f"{one.cost_micros / _MILLION:.4f}" if one.cost_micros else "",
    ]
