"""`hive categories`: listed, added, changed, archived and merged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hive_desktop.cli import context, output, shapes, words
from hive_desktop.cli.reading import category_named
from hive_desktop.domain.ledger import CategoryKind
from hive_desktop.ports.account_store import CategoryChange
from hive_desktop.ports.errors import UsageError

if TYPE_CHECKING:
    import argparse

    from hive_desktop.domain.ledger import Category, CategoryId
    from hive_desktop.services.session import VaultSession


def listing(options: argparse.Namespace) -> int:
    """List categories in their order, archived ones too."""

    async def work() -> int:
        async with context.session_of(options, may_read_only=True) as session:
            found = await session.categories.tallies()
        if options.json:
            shown = [{**_shape(one.category), "rows": one.rows} for one in found]
            output.print_json({"categories": shown})
            return 0
        output.print_table(
            ["CATEGORY", "KIND", "COLOUR", "ICON", "ROWS", "STATE"],
            [
                [
                    one.category.name,
                    one.category.kind,
                    one.category.color,
                    one.category.icon,
                    f"{one.rows:,}",
                    "archived" if one.category.is_archived else "offered",
                ]
                for one in found
            ],
            right="ROWS",
        )
        return 0

    return context.run(work)


def add(options: argparse.Namespace) -> int:
    """Add a category."""

    async def work() -> int:
        async with context.session_of(options) as session:
            added = await session.categories.add(
                options.name, CategoryKind(options.kind), options.colour, options.icon
            )
            shown = await _by_id(session, added.category_id)
        if options.json:
            output.print_json({"category": _shape(shown), "batch": output.id_text(added.batch)})
        else:
            output.say(f"“{shown.name}” is added. {words.UNDO}")
        return 0

    return context.run(work)


def change(options: argparse.Namespace) -> int:
    """Change a category's name, colour or icon."""
    told = {
        "new_name": lambda: CategoryChange(name=options.new_name),
        "colour": lambda: CategoryChange(color=options.colour),
        "icon": lambda: CategoryChange(icon=options.icon),
    }[options.what]()
    return _change(options, told, "“{name}” is changed.")


def archive(options: argparse.Namespace) -> int:
    """Offer a category no longer, or again."""
    said = "“{name}” is offered again." if options.back else "“{name}” is archived."
    return _change(options, CategoryChange(is_archived=not options.back), said)


def merge(options: argparse.Namespace) -> int:
    """Move all rows, rules and answers of a category into another, as one change to undo."""

    async def work() -> int:
        async with context.session_of(options) as session:
            gone = await _meant(session, options.name)
            into = await _meant(session, options.into)
            merged = await session.categories.merge(gone.id, into.id)
        if options.json:
            document = {
                "merged": gone.name,
                "into": into.name,
                "rows": merged.done,
                "batch": output.id_text(merged.batch),
            }
            output.print_json(document)
        else:
            rows = f"{merged.done:,} {'row' if merged.done == 1 else 'rows'}"
            output.say(f"“{gone.name}” is merged into “{into.name}”: {rows} moved. {words.UNDO}")
        return 0

    return context.run(work)


def _change(options: argparse.Namespace, told: CategoryChange, sentence: str) -> int:
    async def work() -> int:
        async with context.session_of(options) as session:
            known = await _meant(session, options.name)
            batch = await session.categories.change(known.id, told)
            shown = await _by_id(session, known.id)
        if options.json:
            output.print_json({"category": _shape(shown), "batch": shapes.batch(batch)})
        else:
            said = sentence.format(name=shown.name)
            output.say(f"{said} {words.UNDO}" if batch else said)
        return 0

    return context.run(work)


async def _meant(session: VaultSession, name: str) -> Category:
    found = await category_named(session.ledger, name)
    if found is None:
        raise UsageError("Say which category.", hint="hive categories lists them.")
    return found


async def _by_id(session: VaultSession, category_id: CategoryId) -> Category:
    return next(one for one in await session.ledger.categories() if one.id == category_id)


def _shape(one: Category) -> dict[str, Any]:
    return {
        "id": output.id_text(one.id),
        "name": one.name,
        "kind": one.kind,
        "colour": one.color,
        "icon": one.icon,
        "is_archived": one.is_archived,
        "is_own": one.key is None,
    }
