"""`hive transactions edit`: what a person writes on rows, on a few by id or on all of a filter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.cli import context, output, words
from hive_desktop.cli.reading import category_offered, given_filters, query_of, transaction_named
from hive_desktop.domain.row_edits import RowEdit
from hive_desktop.ports.errors import UsageError

if TYPE_CHECKING:
    import argparse

    from hive_desktop.services.ledger import Edited, LedgerService
    from hive_desktop.services.row_slices import Rows


def edit(options: argparse.Namespace) -> int:
    """Change rows in one batch that can be undone."""
    _check(options)

    async def work() -> int:
        async with context.session_of(options) as session:
            told = await _told(options, session.ledger)
            rows = await _rows(options, session.ledger)
            done = await _edit(options, session.ledger, rows, told)
        if options.json:
            batch = output.id_text(done.batch) if done.changed else None
            output.print_json({"changed": done.changed, "followed": done.followed, "batch": batch})
        elif not done.changed:
            output.say("Nothing was changed.")
        else:
            more = f", and {done.followed:,} more followed" if done.followed else ""
            output.say(f"{words.counted(done.changed, 'row')} changed{more}. {words.UNDO}")
        return 0

    return context.run(work)


def _check(options: argparse.Namespace) -> None:
    """Refuse what could mean two things: rows are named, or chosen by filters with --where."""
    given = given_filters(options)
    if options.where:
        unfit = [one for one in given if one in ("--limit", "--offset", "--csv")]
        if options.ids or unfit:
            raise UsageError(
                "--where means all that the filters choose.",
                hint=f"Leave out {', '.join(unfit) or 'the ids'}.",
            )
        return
    if given:
        raise UsageError(
            "{given} chooses rows, and needs --where to be meant.",
            hint="hive transactions {given} ... edit --where ...",
            given=", ".join(given),
        )
    if not options.ids:
        raise UsageError(
            "Nothing says which transactions.",
            hint="Give ids, or filters before 'edit' and --where after it.",
        )


async def _told(options: argparse.Namespace, ledger: LedgerService) -> RowEdit:
    has_category = options.new_category is not None
    category = await category_offered(ledger, options.new_category) if has_category else None
    return RowEdit(
        category_id=None if category is None else category.id,
        has_category=has_category,
        name=options.rename,
        note=options.note,
        add_tags=tuple(options.tag),
        remove_tags=tuple(options.untag),
        is_hidden=options.is_hidden,
        is_reviewed=options.is_reviewed,
    )


async def _rows(options: argparse.Namespace, ledger: LedgerService) -> Rows:
    """Return the rows that are meant; raises where nobody agreed to so many."""
    if not options.where:
        return [(await transaction_named(ledger, text)).id for text in options.ids]
    query = await query_of(options, ledger)
    count = words.counted(await ledger.count(query), "transaction")
    if not await context.agreed_inside(options, f"Change {count}?"):
        raise context.not_agreed(options, hint=f"Add --yes to change {count}.")
    return query


async def _edit(
    options: argparse.Namespace, ledger: LedgerService, rows: Rows, told: RowEdit
) -> Edited:
    with output.progress(is_quiet=options.json) as tell:

        def heard(state: Edited) -> bool:
            tell(f"{state.done:,} of {words.counted(state.total, 'row')} looked at")
            return True

        return await ledger.edit(rows, told, heard)
