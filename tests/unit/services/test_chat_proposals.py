"""Proposals of a chat: looked at row by row, applied as one batch, undone among other edits."""

import asyncio
import itertools

import pytest

from hive_desktop.domain.conversations import ChangeKind, Proposal, ProposalState, ProposedChange
from hive_desktop.domain.ledger import CategorySource, TransactionQuery
from hive_desktop.domain.row_edits import RowEdit
from hive_desktop.ports.errors import UsageError, VaultUnwritableError
from hive_desktop.services import chat_desk, chat_proposals
from hive_desktop.services.ledger import LedgerService
from tests.unit.services.test_chat_desk import follow, reopened
from tests.unit.services.test_lessons import loaded, rows_of

EVERYTHING = TransactionQuery()
ZORBLAX = TransactionQuery(text="zorblax")
NAMES = ["ZORBLAX 001", "ZORBLAX 002", "QUUXLI 4"]


def proposed(*changes, key="p1"):
    made = tuple(
        ProposedChange(kind, tuple(queries), value, merchant)
        for kind, queries, value, merchant in changes
    )
    return Proposal(key, made, "Because you asked.")


def sorts(value="Travel", *queries):
    return (ChangeKind.RECATEGORIZE, queries or (ZORBLAX,), value, "")


RULE = (ChangeKind.MAKE_RULE, (ZORBLAX,), "Education", "Zorblax")
RENAME = (ChangeKind.RENAME, (ZORBLAX,), "Zorb", "")
TAG = (ChangeKind.TAG, (ZORBLAX,), "work", "")
TRANSFER = (ChangeKind.MARK_TRANSFER, (ZORBLAX,), "", "")


async def state(world):
    found = await world.session.ledger.page(EVERYTHING)
    rows = sorted(
        (one.name, one.category, one.category_source, one.display_name, one.tags) for one in found
    )
    return rows, [(one.name, one.actions) for one in await world.session.rules.rules()]


async def begun(world, *changes):
    """Return the desk, an open session that has a proposal, and the proposal."""
    desk = world.session.chat_desk
    talk = await desk.create()
    await follow(desk.ask(talk, "Move Zorblax"))
    proposal = proposed(*changes)
    talk.proposals.append(proposal)
    return desk, talk, proposal


def test_a_card_shows_each_change_before_and_after(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        found = await world.session.ledger.page(ZORBLAX)
        was = {one.category for one in found}
        desk = world.session.chat_desk
        view = await desk.look(proposed(sorts(), RENAME, TAG, TRANSFER, RULE))
        assert (view.trouble, view.total) == ("", 10)
        told = [(one.title, {(each.before, each.after) for each in one.rows}, one.total)
                for one in view.changes]  # fmt: skip
        before = {one or "no category" for one in was}
        assert told == [
            ("Move to Travel", {(one, "Travel") for one in before}, 2),
            ("Call it “Zorb”", {("ZORBLAX 001", "Zorb"), ("ZORBLAX 002", "Zorb")}, 2),
            ("Tag with “work”", {("", "work")}, 2),
            ("Mark as a transfer", {(one, "Transfer") for one in before}, 2),
            ("Always put Zorblax into Education", {(one, "Education") for one in before}, 2),
        ]
        assert await state(world) == await state(world)

    vault.run(work)


@pytest.mark.parametrize(
    "changes",
    [(sorts(),), (RENAME, TAG), (RULE,), (TRANSFER,), (TAG, RENAME, sorts(), RULE)],
    ids=["category", "words", "rule", "transfer", "all"],
)
def test_applied_it_is_one_change_to_undo_and_redo(vault, changes):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        before = await state(world)
        desk, talk, proposal = await begun(world, *changes)
        applied = await desk.apply(talk, proposal)
        assert applied.rows >= 2
        assert applied.rules == sum(one[0] is ChangeKind.MAKE_RULE for one in changes)
        after = await state(world)
        assert after != before
        assert after[0][0] == before[0][0]  # Quuxli is none of its rows
        assert await world.session.ledger.last_change() == applied.batch
        undone = await world.session.ledger.undo(applied.batch)
        assert undone.changes
        assert await state(world) == before
        assert await world.session.ledger.last_change() is None
        await world.session.ledger.redo()
        assert await state(world) == after
        with pytest.raises(UsageError):
            await desk.apply(talk, proposal)

    vault.run(work)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_it_is_undone_in_any_order_among_other_edits(vault, order):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        before = await state(world)
        ledger = world.session.ledger
        rows = [one.id for one in await ledger.page(ZORBLAX)]
        first = (await ledger.edit(rows, RowEdit(name="Mine", add_tags=("own",)))).batch
        desk, talk, proposal = await begun(world, sorts(), RENAME, TAG, RULE)
        second = (await desk.apply(talk, proposal)).batch
        third = (await ledger.edit(rows[:1], RowEdit(None, has_category=True, name="Last"))).batch
        batches = [first, second, third]
        for place in order:
            await ledger.undo(batches[place])
            if place == 1:
                assert await world.session.rules.rules() == []
        assert await state(world) == before

    vault.run(work)


def test_which_rows_are_meant_is_found_before_the_first_changes(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        categories = {one.name: one.id for one in await world.session.ledger.categories()}
        rows = [one.id for one in await world.session.ledger.page(EVERYTHING)]
        await world.session.ledger.set_category(rows, categories["Shopping"])
        shopping = TransactionQuery(categories=(categories["Shopping"],))
        desk, talk, proposal = await begun(
            world, sorts("Travel", shopping), (ChangeKind.TAG, (shopping,), "trip", "")
        )
        await desk.apply(talk, proposal)
        found = await world.session.ledger.page(EVERYTHING)
        assert {(one.category, one.tags) for one in found} == {("Travel", ("trip",))}

    vault.run(work)


def test_a_rule_that_is_there_already_is_changed_and_is_as_before_after_undo(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        categories = {one.name: one.id for one in await world.session.ledger.categories()}
        (row, *_) = await world.session.ledger.page(ZORBLAX)
        kept = await world.session.rules.always(row, categories["Travel"])
        desk, talk, proposal = await begun(world, RULE)
        applied = await desk.apply(talk, proposal)
        (rule,) = await world.session.rules.rules()
        assert (rule.id, rule.actions.category_id) == (kept.id, categories["Education"])
        found = await world.session.ledger.page(ZORBLAX)
        assert {one.category_source for one in found} == {CategorySource.RULE}
        await world.session.ledger.undo(applied.batch)
        assert await world.session.rules.rules() == [kept]

    vault.run(work)


def test_two_rules_of_one_merchant_are_one_rule_and_the_last_word_holds(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        before = await state(world)
        categories = {one.name: one.id for one in await world.session.ledger.categories()}
        other = (ChangeKind.MAKE_RULE, (ZORBLAX,), "Travel", "zorblax")
        desk, talk, proposal = await begun(world, RULE, other)
        applied = await desk.apply(talk, proposal)
        (rule,) = await world.session.rules.rules()
        assert rule.actions.category_id == categories["Travel"]
        await world.session.ledger.undo(applied.batch)
        assert await state(world) == before

    vault.run(work)


def test_a_rule_alone_is_told_by_its_name_when_it_is_undone(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        categories = {one.name: one.id for one in await world.session.ledger.categories()}
        rows = [one.id for one in await world.session.ledger.page(ZORBLAX)]
        await world.session.ledger.set_category(rows, categories["Education"])
        desk, talk, proposal = await begun(world, RULE)
        applied = await desk.apply(talk, proposal)
        assert (applied.rows, applied.rules, applied.told) == (0, 1, "1 rule made")
        undone = await world.session.ledger.undo()
        assert undone.sentence == "Undone: the rule “Always Zorblax” is as it was before."
        assert await world.session.rules.rules() == []
        redone = await world.session.ledger.redo()
        assert redone.sentence == "Redone: the rule “Always Zorblax” is made again."
        # What the person changed since stays: it is theirs.
        (rule,) = await world.session.rules.rules()
        await world.session.rules.put(rule.__class__(**{**fields_of(rule), "is_enabled": False}))
        await world.session.ledger.undo(applied.batch)
        assert [one.is_enabled for one in await world.session.rules.rules()] == [False]

    vault.run(work)


def fields_of(rule):
    return {name: getattr(rule, name) for name in rule.__dataclass_fields__}


def test_what_cannot_be_applied_any_more_says_why_and_changes_nothing(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        before = await state(world)
        for change in (
            sorts("No Such Category"),
            sorts("Travel", TransactionQuery(text="nowhere")),
            (ChangeKind.MAKE_RULE, (ZORBLAX,), "Travel", " 12 "),
            (ChangeKind.TAG, (ZORBLAX,), "long" * 20, ""),
            (ChangeKind.TAG, (ZORBLAX,), " # ", ""),
        ):
            desk, talk, proposal = await begun(world, RENAME, change)
            view = await desk.look(proposal)
            assert view.trouble, change
            with pytest.raises(UsageError):
                await desk.apply(talk, proposal)
            assert proposal.state is ProposalState.OPEN
        assert await state(world) == before

    vault.run(work)


@pytest.mark.parametrize("fault", [VaultUnwritableError, asyncio.CancelledError])
@pytest.mark.parametrize("at", [1, 2, 3])
def test_where_a_part_fails_none_of_it_stays(vault, monkeypatch, fault, at):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        before = await state(world)
        desk, talk, proposal = await begun(world, sorts(), RULE, RENAME, TAG)
        edit, made = LedgerService.edit, []

        async def broken(self, *args, **more):
            made.append(args)
            if len(made) == at:
                raise fault
            return await edit(self, *args, **more)

        with monkeypatch.context() as patched:
            patched.setattr(LedgerService, "edit", broken)
            with pytest.raises(fault):
                await desk.apply(talk, proposal)
        assert await state(world) == before
        assert await world.session.ledger.last_change() is None
        assert (await world.session.ledger.redo()).changes == 0
        assert await state(world) == before
        assert proposal.state is ProposalState.OPEN
        assert (await desk.apply(talk, proposal)).rows

    vault.run(work)


def test_what_was_applied_can_be_undone_though_its_state_could_not_be_stored(vault, monkeypatch):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        desk, talk, proposal = await begun(world, TAG)

        async def full(*_):
            raise VaultUnwritableError

        with monkeypatch.context() as patched:
            patched.setattr(chat_desk, "store", full)
            applied = await desk.apply(talk, proposal)
        assert (applied.rows, proposal.state) == (2, ProposalState.APPLIED)
        assert await world.session.ledger.last_change() == applied.batch

    vault.run(work)


def test_other_rows_than_were_shown_are_not_changed(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        desk, talk, proposal = await begun(world, TAG, RENAME)
        shown = (await desk.look(proposal)).meant
        found = await world.session.ledger.page(TransactionQuery(text="quuxli"))
        await world.session.ledger.edit([found[0].id], RowEdit(name="Zorblax too"))
        before = await state(world)
        with pytest.raises(UsageError, match="changed since"):
            await desk.apply(talk, proposal, shown)
        assert (await state(world), proposal.state) == (before, ProposalState.OPEN)
        shown = (await desk.look(proposal)).meant
        assert (await desk.apply(talk, proposal, shown)).rows == 6

    vault.run(work)


def test_as_many_other_rows_than_were_shown_are_not_changed(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        ledger = world.session.ledger
        tagged = TransactionQuery(text="wanted")
        one, other = await ledger.page(ZORBLAX)
        await ledger.edit([one.id], RowEdit(note="wanted"))
        desk, talk, proposal = await begun(world, (ChangeKind.RENAME, (tagged,), "Zorb", ""))
        view = await desk.look(proposal)
        await ledger.edit([one.id], RowEdit(note=""))
        await ledger.edit([other.id], RowEdit(note="wanted"))
        again = await desk.look(proposal)
        assert view.total == again.total == 1
        with pytest.raises(UsageError, match="changed since"):
            await desk.apply(talk, proposal, view.meant)
        assert (await desk.apply(talk, proposal, again.meant)).rows == 1

    vault.run(work)


def test_of_very_many_rows_other_ones_are_noticed_too(vault, monkeypatch):
    async def work(world):
        await loaded(world, rows_of([f"ZORBLAX {at}" for at in range(30)]))
        monkeypatch.setattr(chat_proposals, "_EXACT", 10)
        monkeypatch.setattr(chat_proposals, "_LOOKED_AT", 2)
        ledger = world.session.ledger
        ids = [one.id for one in await ledger.page(ZORBLAX)]
        await ledger.edit(ids[1:], RowEdit(note="wanted"))
        noted = TransactionQuery(text="wanted")
        twice = (ChangeKind.TAG, (noted,) * 2, "x", "")
        desk, talk, proposal = await begun(world, (ChangeKind.RENAME, (noted,), "Zorb", ""), twice)
        view = await desk.look(proposal)
        assert [one.total for one in view.changes] == [29, 58]
        assert await desk.look(proposal) == view
        await ledger.edit(ids[1:2], RowEdit(note=""))
        await ledger.edit(ids[:1], RowEdit(note="wanted"))  # as many, but the newest is another
        with pytest.raises(UsageError, match="changed since"):
            await desk.apply(talk, proposal, view.meant)
        await ledger.edit(ids[-1:], RowEdit(note=""))
        again = await desk.look(proposal)
        assert again.changes[0].total == 28
        assert (await desk.apply(talk, proposal, again.meant)).rows

    vault.run(work)


def test_a_row_of_several_queries_is_meant_once(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        desk = world.session.chat_desk
        both = await desk.look(proposed(sorts("Travel", ZORBLAX, EVERYTHING, ZORBLAX)))
        alone = await desk.look(proposed(sorts("Travel", EVERYTHING)))
        assert both.total == 3
        assert both.meant == alone.meant

    vault.run(work)


def test_what_became_of_proposals_is_kept(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        desk, talk, first = await begun(world, sorts(), RULE)
        second, third = proposed(TAG, key="p2"), proposed(RENAME, key="p3")
        talk.proposals += [second, third]
        await desk.apply(talk, first)
        await desk.dismiss(talk, second)
        await desk.dismiss(talk, first)
        kept = await reopened(world.session).open(talk.id)
        assert [(one.id, one.changes, one.reason, one.state) for one in kept.proposals] == [
            ("p1", first.changes, first.reason, ProposalState.APPLIED),
            ("p2", second.changes, second.reason, ProposalState.DISMISSED),
            ("p3", third.changes, third.reason, ProposalState.OPEN),
        ]
        with pytest.raises(UsageError):
            await desk.apply(talk, second)

    vault.run(work)


def test_a_merged_category_in_an_old_session_is_the_one_that_has_its_rows(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        desk, session = world.session.chat_desk, world.session
        categories = {one.name: one.id for one in await session.ledger.categories()}
        rows = [one.id for one in await session.ledger.page(ZORBLAX)]
        await session.ledger.set_category(rows, categories["Travel"])
        talk = await desk.create()
        await follow(desk.ask(talk, "How much did I spend on travel this month?"))
        travel = TransactionQuery(categories=(categories["Travel"],))
        talk.proposals.append(proposed(sorts("Shopping", travel)))
        await desk.dismiss(talk, talk.proposals[0])
        (receipt,) = {one.receipt for one in talk.messages if one.receipt}
        total = talk.receipts[receipt].cell("total")
        assert total.query.categories == (categories["Travel"],)
        await session.categories.merge(categories["Travel"], categories["Shopping"])
        kept = await reopened(session).open(talk.id)
        found = kept.receipts[receipt].cell("total")
        assert (found.value, found.query.categories) == (total.value, (categories["Shopping"],))
        assert await session.ledger.count(found.query) >= 2
        (change,) = kept.proposals[0].changes
        assert change.queries[0].categories == (categories["Shopping"],)
        assert kept.receipts[receipt].query is None or categories["Travel"] not in (
            kept.receipts[receipt].query.categories
        )
        # The session that stayed open asks for it too.
        live = (await desk.open(talk.id)).receipts[receipt].cell("total")
        assert await session.ledger.count(live.query) == await session.ledger.count(found.query)

    vault.run(work)
