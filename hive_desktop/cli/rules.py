"""`hive rules`: rules of the person's own, tried on history before they act on it."""

from __future__ import annotations

import asyncio
import shlex
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hive_desktop.cli import context, ids, output, shapes, words
from hive_desktop.cli.accounts import several
from hive_desktop.cli.reading import category_offered, transaction_named
from hive_desktop.domain.rules import Actions, RuleError, Subject, parse
from hive_desktop.ports.errors import UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from hive_desktop.domain.ledger import CategoryId
    from hive_desktop.domain.rules import Rule
    from hive_desktop.services.back_test import BackTest, RuleChange
    from hive_desktop.services.rules import Applying
    from hive_desktop.services.session import VaultSession

_NO_RULES = "There are no rules. Make one: hive rules add 'name contains shell' --category NAME"


def listing(options: argparse.Namespace) -> int:
    """List the rules in the order in which they are tried."""

    async def work() -> int:
        async with context.session_of(options, may_read_only=True) as session:
            found = await session.rules.rules()
            names = await _category_names(session)
            ideas = await session.rules.suggestions()
        if options.json:
            output.print_json(
                {
                    "rules": [_shape(rule, names) for rule in found],
                    "suggestions": [
                        {
                            "merchant": one.merchant,
                            "direction": one.direction,
                            "category": one.category,
                            "corrections": one.n,
                        }
                        for one in ideas
                    ],
                }
            )
            return 0
        if found:
            output.print_table(
                ["NAME", "WHEN", "THEN", "STATE", "ID"],
                [
                    [r.name, r.words, _does(r.actions, names), _state(r), ids.short(r.id)]
                    for r in found
                ],
            )
        else:
            output.say(_NO_RULES)
        for one in ideas:
            told = f"merchant equals {shlex.quote(one.merchant)} and sign equals {one.direction}"
            output.say(
                f"You put {one.n} of {one.n} {one.merchant} into {one.category}. For a rule: "
                f"hive rules add {shlex.quote(told)} --category {shlex.quote(one.category)}"
            )
        return 0

    return context.run(work)


def add(options: argparse.Namespace) -> int:
    """Add a rule, for rows that come from now on; --apply also changes those that are here."""

    async def work() -> int:
        async with context.session_of(options) as session:
            rule = await _drafted(session, options)
            tried = await session.rules.back_test(rule, show=options.show)
            rule = await session.rules.put(rule)
            changed = (await _apply(session, options, rule)).changed if options.apply else 0
            names = await _category_names(session)
        if options.json:
            document = {"rule": _shape(rule, names), "changed": changed}
            output.print_json(document | {"back_test": _tried_shape(tried, names)})
            return 0
        output.say(
            f"The rule is kept as {ids.short(rule.id)}. It looks at rows from now on; to take it "
            f"back: hive rules remove {ids.short(rule.id)}"
        )
        _say_overruled(tried)
        if options.apply:
            output.say(_changed(changed))
        elif tried.would_change:
            output.say(
                f"{words.counted(tried.would_change, 'row')} of the past would change: "
                f"hive rules apply {ids.short(rule.id)}"
            )
        return 0

    return context.run(work)


def test(options: argparse.Namespace) -> int:
    """Show exactly the rows that a rule would change, and how it does on your own choices."""

    async def work() -> int:
        async with context.session_of(options, may_read_only=True) as session:
            rule = await _meant_or_drafted(session, options)
            tried = await session.rules.back_test(rule, show=options.show)
            names = await _category_names(session)
        if options.json:
            output.print_json({"rule": _shape(rule, names), **_tried_shape(tried, names)})
            return 0
        _print_tried(tried, names)
        return 0

    return context.run(work)


def apply(options: argparse.Namespace) -> int:
    """Apply a rule, or all of them, to the rows that are here, as one change to undo."""

    async def work() -> int:
        async with context.session_of(options) as session:
            chosen = None if options.id is None else await _meant(session, options.id)
            applied = await _apply(session, options, chosen)
        if options.json:
            document = {"changed": applied.changed, "batch": output.id_text(applied.batch)}
            output.print_json(document)
            return 0
        output.say(_changed(applied.changed))
        return 0

    return context.run(work)


def switch(options: argparse.Namespace) -> int:
    """Turn a rule on or off; what it did stays."""

    async def work() -> int:
        async with context.session_of(options) as session:
            rule = replace(await _meant(session, options.id), is_enabled=options.on)
            await session.rules.put(rule)
        if options.json:
            output.print_json({"id": output.id_text(rule.id), "is_enabled": rule.is_enabled})
        else:
            output.say(f"“{rule.title}” is {'on' if rule.is_enabled else 'off'}.")
        return 0

    return context.run(work)


def remove(options: argparse.Namespace) -> int:
    """Remove a rule; what it did stays."""

    async def work() -> int:
        async with context.session_of(options) as session:
            rule = await _meant(session, options.id)
            await session.rules.remove(rule.id)
        if options.json:
            output.print_json({"id": output.id_text(rule.id), "removed": True})
        else:
            output.say(f"“{rule.title}” is removed. What it did stays.")
        return 0

    return context.run(work)


def always(options: argparse.Namespace) -> int:
    """Make the rule that puts a row's merchant into a category from now on."""

    async def work() -> int:
        async with context.session_of(options) as session:
            row = await transaction_named(session.ledger, options.id)
            category = await category_offered(session.ledger, options.name)
            if category is None:
                raise UsageError("A rule needs a category.", hint="hive categories lists them.")
            rule = await session.rules.always(row, category.id)
            tried = await session.rules.back_test(rule, show=0)
            names = await _category_names(session)
        if options.json:
            output.print_json({"rule": _shape(rule, names), "would_change": tried.would_change})
            return 0
        output.say(
            f"From now on: {rule.words}, into {category.name}. To take it back: "
            f"hive rules remove {ids.short(rule.id)}"
        )
        _say_overruled(tried)
        if tried.would_change:
            output.say(
                f"{words.counted(tried.would_change, 'row')} of the past would change: "
                f"hive rules apply {ids.short(rule.id)}"
            )
        return 0

    return context.run(work)


async def _apply(session: VaultSession, options: argparse.Namespace, rule: Rule | None) -> Applying:
    """Apply with progress; Ctrl-C says what was changed by then."""
    changed = 0

    def heard(state: Applying) -> bool:
        nonlocal changed
        changed = state.changed
        tell(f"{state.done:,} of {words.counted(state.total, 'row')}, {changed:,} changed")
        return True

    try:
        with output.progress(is_quiet=options.json) as tell:
            return await session.rules.apply(rule, heard)
    except asyncio.CancelledError:
        output.say(f"Stopped. {_changed(changed)}")
        raise


def _changed(rows: int) -> str:
    """Say how many rows changed; without any there is nothing of this to undo."""
    if not rows:
        return "No row changed."
    return f"{words.counted(rows, 'row')} changed. {words.UNDO}"


async def _drafted(session: VaultSession, options: argparse.Namespace) -> Rule:
    category = None
    if options.category is not None:
        category = await category_offered(session.ledger, options.category)
        if category is None:
            raise UsageError("A rule cannot take a category away.", hint="Name a category.")
    actions = Actions(
        None if category is None else category.id,
        options.rename,
        tuple(options.tag or ()),
        options.hide,
        options.transfer,
    )
    conditions = await _with_accounts(session, options.conditions)
    return session.rules.draft(conditions, actions, name=options.name or "", stops=options.stop)


async def _with_accounts(session: VaultSession, conditions: str) -> str:
    """Return conditions with the short ids of accounts written out."""
    try:
        told = parse(conditions)
    except RuleError:
        return conditions  # whoever drafts the rule says what is wrong
    known = await session.ledger.accounts()
    written = []
    for one in told:
        if one.subject is Subject.ACCOUNT:
            asked = one.value.replace("-", "").casefold()
            found = [
                account
                for account in known
                if (asked and account.id.hex().endswith(asked))
                or one.value.casefold()
                in (account.name.casefold(), account.title.casefold(), account.mask)
            ]
            if len(found) > 1:
                raise several(one.value, found)
            if not found:
                raise UsageError(
                    "{id} names no account.",
                    hint="Give its name or mask as hive accounts lists it, or its id from "
                    "hive accounts --json.",
                    id=one.value,
                )
            written.append(replace(one, value=found[0].id.hex()).words)
        else:
            written.append(one.words)
    return " and ".join(written)


async def _meant_or_drafted(session: VaultSession, options: argparse.Namespace) -> Rule:
    # An id is one word, conditions are three or more.
    is_id = len(options.conditions.split()) == 1
    return await (_meant(session, options.conditions) if is_id else _drafted(session, options))


async def _meant(session: VaultSession, text: str) -> Rule:
    asked = text.replace("-", "").casefold()
    found = [r for r in await session.rules.rules() if asked and r.id.hex().endswith(asked)]
    if len(found) != 1:
        raise UsageError("There is no rule {id}.", hint="hive rules list has ids.", id=text)
    return found[0]


async def _category_names(session: VaultSession) -> dict[CategoryId, str]:
    return {one.id: one.name for one in await session.ledger.categories()}


def _does(actions: Actions, names: Mapping[CategoryId, str]) -> str:
    parts = []
    if actions.category_id is not None:
        parts.append(names.get(actions.category_id, "a category that is gone"))
    if actions.is_transfer:
        parts.append("a transfer")
    if actions.rename:
        parts.append(f"shown as “{actions.rename}”")
    parts += [f"#{tag}" for tag in actions.tags]
    if actions.hides:
        parts.append("hidden")
    return ", ".join(parts)


def _state(rule: Rule) -> str:
    state = "on" if rule.is_enabled else "off"
    return f"{state}, stops" if rule.stops else state


def _shape(rule: Rule, names: Mapping[CategoryId, str]) -> dict[str, Any]:
    return {
        "id": output.id_text(rule.id),
        "name": rule.name,
        "conditions": [
            {"subject": c.subject.value, "test": c.test.value, "value": c.value, "upper": c.upper}
            for c in rule.conditions
        ],
        "words": rule.words,
        "category": names.get(rule.actions.category_id) if rule.actions.category_id else None,
        "rename": rule.actions.rename,
        "tags": list(rule.actions.tags),
        "hides": rule.actions.hides,
        "is_transfer": rule.actions.is_transfer,
        "is_enabled": rule.is_enabled,
        "stops": rule.stops,
        "created_at": rule.created_at.isoformat(),
    }


def _tried_shape(tried: BackTest, names: Mapping[CategoryId, str]) -> dict[str, Any]:
    return {
        "hits": tried.hits,
        "would_change": tried.would_change,
        "overruled": tried.overruled,
        "agrees": tried.agrees,
        "conflicts": tried.conflicts,
        "precision": None if tried.precision is None else round(tried.precision, 4),
        "changes": [
            {
                "transaction": shapes.transaction(one.row),
                "category": names.get(one.category_id) if one.category_id else None,
                "rename": one.rename,
                "tags": list(one.tags),
                "hides": one.hides,
            }
            for one in tried.changes
        ],
        "conflicting": [shapes.transaction(row) for row in tried.conflicting],
    }


def _say_overruled(tried: BackTest) -> None:
    if tried.overruled:
        output.say(
            f"An earlier rule decides about {words.counted(tried.overruled, 'row')} that "
            f"{'meets' if tried.overruled == 1 else 'meet'} this one's conditions."
        )


def _print_tried(tried: BackTest, names: Mapping[CategoryId, str]) -> None:
    hits = words.counted(tried.hits, "row")
    verb = "meets" if tried.hits == 1 else "meet"
    output.say(f"{hits} {verb} the conditions; {tried.would_change} would change.")
    _say_overruled(tried)
    if tried.precision is not None:
        output.say(
            f"You had put {tried.agrees} there yourself and {tried.conflicts} elsewhere, which "
            f"stay: precision {tried.precision:.0%}."
        )
    if tried.changes:
        output.print_table(
            ["DATE", "AMOUNT", "NAME", "NOW", "THEN"],
            [
                [
                    one.row.posted_on.isoformat(),
                    output.money(one.row.amount_minor, one.row.currency),
                    one.row.merchant or one.row.name,
                    one.row.category or "-",
                    _then(one, names),
                ]
                for one in tried.changes
            ],
            right="AMOUNT",
        )
    if tried.would_change > len(tried.changes):
        output.say(f"{tried.would_change - len(tried.changes)} more; --show says how many to list.")


def _then(one: RuleChange, names: Mapping[CategoryId, str]) -> str:
    return _does(Actions(one.category_id, one.rename, one.tags, one.hides), names)
