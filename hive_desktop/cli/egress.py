"""`hive egress`: what left this computer, to whom and why."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING

from hive_desktop.cli import context, output, streams, words
from hive_desktop.domain.prices import CURRENCY, amount
from hive_desktop.ports.egress import EgressFilter, place
from hive_desktop.ports.errors import UsageError
from hive_desktop.services.egress_files import as_document

if TYPE_CHECKING:
    import argparse
    from datetime import date

    from hive_desktop.ports.egress import Egress, EgressLine, EgressSum

_SHOWN = 50
_NONE = "Nothing has left this computer."
_LONGEST_PATH = 44


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
        if options.json:
            output.print_json(as_document(line))
            return 0
        facts = _facts(line)
        width = max(map(len, facts))
        for name, value in facts.items():
            streams.out.write(f"{name:<{width}}  {value}\n")
        streams.out.write(f"\n{line.entry.body or '(no body)'}\n")
        return 0

    return context.run(work)


def _export(options: argparse.Namespace) -> int:
    wanted = _wanted(options)

    async def work() -> int:
        async with context.session_of(options, may_read_only=True) as session:
            with output.progress(is_quiet=options.json) as tell:
                count = await session.egress.export(
                    options.export,
                    wanted,
                    lambda done, total: tell(f"{done:,} of {words.counted(total, 'request')}"),
                )
        if options.json:
            output.print_json({"file": str(options.export), "exported": count})
        else:
            output.say(f"Wrote {words.counted(count, 'request')} to {options.export}.")
        return 0

    return context.run(work)


def _forget(options: argparse.Namespace) -> int:
    before = _start_of(options.forget_before)
    context.check_vault(options)
    if not options.yes and (options.json or not context.has_terminal()):
        raise context.not_agreed(options, "Nothing was deleted")

    async def work() -> int:
        async with context.session_of(options) as session:
            older = await session.egress.count(EgressFilter(until=before))
            question = f"Delete the record of {words.counted(older, 'request')}?"
            if older and not await context.agreed_inside(options, question):
                raise context.not_agreed(options, "Nothing was deleted")
            deleted, kept = await session.egress.forget(before) if older else (0, 0)
        if options.json:
            output.print_json({"forgotten": deleted, "kept": kept})
        elif not older:
            output.say("Nothing is as old as that.")
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
        # Most vaults ask no model that costs anything.
        has_cost = any(one.entry.cost_micros for one in lines)
        output.print_table(
            ["TIME", "TO", "REQUEST", "WHY", "SIZE", *(["COST"] * has_cost), "RESULT", "ID"],
            [_columns(one, has_cost=has_cost) for one in lines],
            right="SIZE COST ID",
        )
        streams.out.write("\n")
    output.print_table(
        ["TO", "WHY", "REQUESTS", "SIZE", "TOKENS", "COST"],
        [_sum(one) for one in sums],
        right="REQUESTS SIZE TOKENS COST",
    )


def _columns(line: EgressLine, *, has_cost: bool) -> list[str]:
    entry = line.entry
    path = entry.path
    short = path if len(path) <= _LONGEST_PATH else f"{path[: _LONGEST_PATH - 1]}…"
    return [
        output.moment(entry.at),
        place(entry.host),
        f"{entry.method} {short}",
        entry.purpose,
        words.size(entry.body_length),
        *([_cost(entry)] * has_cost),
        _result(entry),
        str(line.id),
    ]


def _facts(line: EgressLine) -> dict[str, str]:
    """Return what is known of a request beside its body, by a name for people."""
    entry = line.entry
    counted = entry.prompt_tokens is not None or entry.completion_tokens is not None
    known = {
        "Id": str(line.id),
        "Time": f"{entry.at.astimezone():%Y-%m-%d %H:%M:%S}",
        "To": place(entry.host),
        "Why": entry.purpose,
        "Request": f"{entry.method} {entry.path}",
        "Result": _result(entry),
        "Took": f"{entry.seconds:.2f} s",
        "Model": entry.model,
        "Tokens": f"{entry.prompt_tokens or 0:,} sent, {entry.completion_tokens or 0:,} answered"
        if counted
        else None,
        "Cost": _cost(entry),
        "Size": f"{words.counted(entry.body_length, 'byte')} as sent",
        "Hash": entry.body_hash.hex(),
    }
    return {name: value for name, value in known.items() if value}


def _result(entry: Egress) -> str:
    told: list[str] = [] if entry.status is None else [str(entry.status)]
    if entry.result is not None:
        told.append(entry.result.replace("_", " "))
    return ", ".join(told) or "no answer"


def _cost(entry: Egress) -> str:
    return _money(entry.cost_micros, is_at_most=entry.is_at_most)


def _money(micros: int | None, *, is_at_most: bool) -> str:
    if micros is None:
        return ""
    return f"{'at most ' if is_at_most else ''}{amount(micros)} {CURRENCY}"


def _sum(one: EgressSum) -> list[str]:
    tokens = one.prompt_tokens + one.completion_tokens
    return [
        place(one.host),
        one.purpose,
        f"{one.requests:,}",
        words.size(one.body_bytes),
        f"{tokens:,}" if tokens else "",
        _money(one.cost_micros or None, is_at_most=one.is_at_most),
    ]
