"""Figures of stored sessions held against what their rows come to by now."""

import asyncio
from datetime import timedelta

import pytest

from hive_desktop.domain import recipes
from hive_desktop.domain.conversations import Message, Proposal, Role
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.domain.receipts import Cell, CellKind
from hive_desktop.domain.references import cited
from hive_desktop.domain.row_edits import RowEdit
from hive_desktop.services import chat_today
from hive_desktop.services.chat_tools import ChatTools
from tests.unit.services.test_chat_desk import reopened
from tests.unit.services.test_lessons import loaded, rows_of
from tests.unit.services.world import TODAY, row

NAMES = ["ZORBLAX 001", "ZORBLAX 002", "QUUXLI 4"]
MONTH = {"period": "this month", "group_by": "none"}


async def looked(world, tool="spending_summary", **arguments):
    """Return an open session in which a tool has looked."""
    session = world.session
    talk = await session.chat_desk.create()
    receipt = talk.keep(await ChatTools(session.database, session.clock).run(tool, arguments))
    at = session.clock.now()
    talk.messages += [
        Message(Role.PERSON, "How much?", at=at),
        Message(Role.TOOL, "", receipt=receipt.id),
        Message(Role.MODEL, "That.", at=at),
    ]
    return talk


async def changed(world, talk, *inner, desk=None):
    figures = [cited(one, talk.receipts).figure for one in inner]
    found = await (desk or world.session.chat_desk).outdated(talk, figures)
    return {
        key: (one.since, None if one.now is None else one.now.value) for key, one in found.items()
    }


async def hide_one(world):
    rows = await world.session.ledger.page(TransactionQuery(text="zorblax"))
    return await world.session.ledger.edit([rows[0].id], RowEdit(is_hidden=True))


def test_a_figure_is_compared_with_its_rows_and_so_is_what_is_computed_of_it(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        talk = await looked(world, **MONTH)
        figures = ("r1.total", "r1.count", "r1.average", "r1.per_day", "ratio r1.total r1.total")
        assert await changed(world, talk, *figures) == {}
        world.session.clock.advance(days=40)
        assert await changed(world, talk, *figures) == {}
        edit = await hide_one(world)
        assert await changed(world, talk, *figures, "sum r1.total r1.total") == {
            "r1.total": (TODAY, 2_000),
            "r1.count": (TODAY, 2),
            "r1.per_day": (TODAY, None),  # more days may have passed, too
            "sum r1.total r1.total": (TODAY, 4_000),
        }
        await world.session.ledger.undo(edit.batch)
        assert await changed(world, talk, *figures) == {}

    vault.run(work)


def test_income_and_what_is_left_keep_their_sign(vault):
    async def work(world):
        await loaded(world, [*rows_of(NAMES), *rows_of(["ZORBLAX PAY"], start=9, amount=-9_000)])
        talk = await looked(world, "cash_flow", period="this month", by="month")
        figures = ("r1.income.total", "r1.spent.total", "r1.net.total", "r1.net_share")
        (income, spent, net, _) = (cited(one, talk.receipts).figure.value for one in figures)
        assert net == income - spent
        assert await changed(world, talk, *figures) == {}
        (pay,) = await world.session.ledger.page(TransactionQuery(text="pay"))
        await world.session.ledger.edit([pay.id], RowEdit(is_hidden=True))
        found = await changed(world, talk, *figures)
        assert {key: value for key, (_, value) in found.items()} == {
            "r1.income.total": income - 9_000,
            "r1.net.total": net - 9_000,
            "r1.net_share": None,
        }

    vault.run(work)


def test_what_an_older_program_kept_without_a_sign_is_compared_by_its_size(vault):
    async def work(world):
        await loaded(world, rows_of(["ZORBLAX PAY"], amount=-9_000))
        talk = await looked(world, **MONTH)
        query = TransactionQuery(text="pay")
        talk.keep(
            talk.receipts["r1"].__class__("", "income_summary", {}, "", (
                Cell("total", CellKind.MONEY, 9_000, "USD", query, sign=0),
                Cell("other", CellKind.MONEY, 8_000, "USD", query, sign=0),
            ))
        )  # fmt: skip
        found = await changed(world, talk, "r2.total", "r2.other")
        assert {key: value for key, (_, value) in found.items()} == {"r2.other": 9_000}

    vault.run(work)


def test_the_heirs_of_a_merged_category_are_told_and_opened(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        session = world.session
        categories = {one.name: one.id for one in await session.ledger.categories()}
        rows = [one.id for one in await session.ledger.page(TransactionQuery())]
        await session.ledger.set_category(rows[:2], categories["Travel"])
        await session.ledger.set_category(rows[2:], categories["Shopping"])
        talk = await looked(world, **MONTH, categories=["Travel"])
        await session.chat_desk.dismiss(talk, Proposal("p1", (), ""))  # which stores it
        await session.categories.merge(categories["Travel"], categories["Shopping"])
        assert await changed(world, talk, "r1.total") == {"r1.total": (TODAY, 3_000)}
        query = talk.receipts["r1"].cell("total").query
        assert query.categories == (categories["Shopping"],)
        kept = reopened(session)
        again = await kept.open(talk.id)
        found = await changed(world, again, "r1.total", desk=kept)
        assert found == {"r1.total": (TODAY, 3_000)}

    vault.run(work)


def test_a_query_that_takes_too_long_is_left_out_and_not_asked_again(vault, monkeypatch):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        talk = await looked(world, **MONTH)
        await hide_one(world)
        database, asked = world.session.database, []
        read = type(database).read

        async def slow(self, work):
            if getattr(work, "func", None) is chat_today._summed:
                asked.append(work)
                await asyncio.sleep(60)
            return await read(self, work)

        monkeypatch.setattr(chat_today, "LIMIT_S", 0.01)
        with monkeypatch.context() as patched:
            patched.setattr(type(database), "read", slow)
            assert await changed(world, talk, "r1.total") == {}
            assert await changed(world, talk, "r1.total") == {}
        assert len(asked) == 1

    vault.run(work)


def test_what_is_only_partly_known_is_not_told_as_what_it_comes_to(vault, monkeypatch):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        talk = await looked(world, **MONTH)
        balance = Cell("total", CellKind.MONEY, 50_000, "USD")
        talk.keep(talk.receipts["r1"].__class__("", "balances", {}, "", (balance,)))
        other = TransactionQuery(text="quuxli")
        slow = Cell("total", CellKind.MONEY, 1_000, "USD", other)
        talk.keep(talk.receipts["r1"].__class__("", "find_transactions", {}, "", (slow,)))
        await hide_one(world)
        figures = ("diff r2.total r1.total", "sum r1.total r3.total")
        assert await changed(world, talk, *figures) == {
            "diff r2.total r1.total": (TODAY, None),
            "sum r1.total r3.total": (TODAY, 3_000),
        }
        world.session.chat_desk._today._slow.add(other)
        assert await changed(world, talk, *figures) == dict.fromkeys(figures, (TODAY, None))

    vault.run(work)


def test_many_slow_queries_end_together_and_are_asked_again(vault, monkeypatch):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        talk = await looked(world, **MONTH)
        await hide_one(world)
        with monkeypatch.context() as patched:
            patched.setattr(chat_today, "_TOGETHER_S", -1.0)
            assert await changed(world, talk, "r1.total") == {}
        assert await changed(world, talk, "r1.total") == {"r1.total": (TODAY, 2_000)}

    vault.run(work)


def test_receipts_that_are_as_they_were_stay_the_same_objects(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        talk = await looked(world, **MONTH)
        before = talk.receipts["r1"]
        await world.session.chat_desk.dismiss(talk, Proposal("p1", (), ""))  # which stores it
        assert await changed(world, talk, "r1.total") == {}
        assert talk.receipts["r1"] is before

    vault.run(work)


def test_the_day_is_that_of_the_oldest_look(vault):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        talk = await looked(world, **MONTH)
        world.session.clock.advance(days=3)
        later = await looked(world, **MONTH)
        later_receipt = talk.keep(later.receipts["r1"])
        at = world.session.clock.now()
        talk.messages += [
            Message(Role.PERSON, "And now?", at=at),
            Message(Role.TOOL, "", receipt=later_receipt.id),
        ]
        await hide_one(world)
        found = await changed(world, talk, "r1.total", "r2.total", "sum r2.total r1.total")
        assert {key: since for key, (since, _) in found.items()} == {
            "r1.total": TODAY,
            "r2.total": TODAY + timedelta(days=3),
            "sum r2.total r1.total": TODAY,
        }

    vault.run(work)


@pytest.mark.parametrize("inner", ["r1.name", "r1.from"])
def test_names_and_days_are_not_compared(vault, inner):
    async def work(world):
        await loaded(world, rows_of(NAMES))
        talk = await looked(world, "category_detail", category="Travel", period="this month")
        await hide_one(world)
        assert await changed(world, talk, inner) == {}

    vault.run(work)


def test_a_shop_that_gave_back_more_than_was_spent_is_no_row_without_a_merchant(vault):
    async def work(world):
        await loaded(world, [*rows_of(NAMES), *rows_of(["QUUXLI 4"], start=9, amount=-9_000)])
        session = world.session
        categories = {one.name: one.id for one in await session.ledger.categories()}
        rows = [one.id for one in await session.ledger.page(TransactionQuery())]
        await session.ledger.set_category(rows, categories["Travel"])
        talk = await looked(world, "top_merchants", period="this month", limit=5, categories=[])
        receipt = talk.receipts["r1"]
        assert (receipt.cell("groups").value, receipt.cell("count").value) == (1, 4)
        assert not any("name no merchant" in note for note in receipt.notes)

    vault.run(work)


def test_a_change_has_its_parts_where_a_currency_was_in_the_days_before_alone(vault):
    async def work(world):
        day = (TODAY.replace(day=1) - timedelta(days=1)).replace(day=1)
        older = row("p9", day=day, currency="EUR", account="a-checking")
        await loaded(world, [*rows_of(NAMES), older])
        session = world.session
        categories = {one.name: one.id for one in await session.ledger.categories()}
        every = [one.id for one in await session.ledger.page(TransactionQuery())]
        await session.ledger.set_category(every, categories["Travel"])
        talk = await looked(world, "category_detail", category="Travel", period="this month")
        receipt = talk.receipts["r1"]
        figure = cited("r1.eur.change", talk.receipts).figure
        parts = recipes.parts_of(recipes.steps_of(figure, talk.receipts))
        assert [(one.figure.value, one.is_sum) for one in parts] == [(0, True), (1_000, True)]
        assert receipt.cell("eur.count").value == 0

    vault.run(work)
