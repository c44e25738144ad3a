"""`hive transactions split` and `join`: a row of the bank in parts, and whole again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hive_desktop.cli import amounts, context, ids, output, shapes, words
from hive_desktop.cli.reading import category_offered, split_named, transaction_named
from hive_desktop.domain.splits import Part, remainder
from hive_desktop.ports.errors import UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from hive_desktop.domain.ledger import TransactionRow
    from hive_desktop.domain.splits import Split
    from hive_desktop.services.ledger import LedgerService

_REST = "rest"
_FIELDS = 2
_HINT = "Write a part like 12.50:Travel, or rest:Travel."


def split(options: argparse.Namespace) -> int:
    """Divide a row into parts."""

    async def work() -> int:
        async with context.session_of(options) as session:
            known = await split_named(session.ledger, options.id)
            row = known.whole if known else await transaction_named(session.ledger, options.id)
            parts = await _parts(session.ledger, row, options.parts)
            batch = await session.ledger.splits.divide(row.id, parts)
            done = await session.ledger.splits.of(row.id)
        if options.json:
            document = {"id": output.id_text(row.id), "batch": shapes.batch(batch)}
            output.print_json(document | {"split": None if done is None else shapes.split(done)})
            return 0
        if done is not None:
            _print_parts(done)
        name = row.merchant or row.name
        output.say(f"{name} is split into {words.counted(len(parts), 'part')}. {words.UNDO}")
        return 0

    return context.run(work)


def join(options: argparse.Namespace) -> int:
    """Let a row stand whole again."""

    async def work() -> int:
        async with context.session_of(options) as session:
            known = await split_named(session.ledger, options.id)
            row = known.whole if known else await transaction_named(session.ledger, options.id)
            batch = await session.ledger.splits.join(row.id)
        if options.json:
            output.print_json({"id": output.id_text(row.id), "batch": output.id_text(batch)})
        else:
            output.say(f"{row.merchant or row.name} is one row again. {words.UNDO}")
        return 0

    return context.run(work)


async def _parts(ledger: LedgerService, row: TransactionRow, told: Sequence[str]) -> list[Part]:
    """Return what `--part` says: amounts count in the row's own direction."""
    sign = -1 if row.amount_minor < 0 else 1
    parts: list[Part] = []
    for text in told:
        amount, *rest = text.split(":", _FIELDS)
        category = await category_offered(ledger, rest[0].strip()) if rest else None
        chosen = None if category is None else category.id
        note = rest[1] if len(rest) == _FIELDS else ""
        minor = 0 if amount.strip() == _REST else sign * amounts.minor(amount, row.currency, _HINT)
        parts.append(Part(minor, chosen, note))
    left = [at for at, text in enumerate(told) if text.partition(":")[0].strip() == _REST]
    if len(left) > 1:
        raise UsageError("Only one part can have the rest.", hint="Give the others an amount.")
    for at in left:
        over = remainder(row.amount_minor, (one.amount_minor for one in parts))
        parts[at] = replace(parts[at], amount_minor=over)
    return parts


def _print_parts(done: Split) -> None:
    output.print_table(
        ["NAME", "CATEGORY", "AMOUNT", "NOTE", "ID"],
        [
            [
                one.merchant or one.name,
                one.category or "",
                output.money(one.amount_minor, one.currency),
                one.note or "",
                ids.short(one.id),
            ]
            for one in done.parts
        ],
        right="AMOUNT",
    )
