"""The offline analyst against questions of which plain Python over all rows knows the answers."""

import asyncio
import json
from datetime import date
from pathlib import Path

import pytest

from hive_desktop.cli.chat_evals import demo_session, judged, read_questions
from hive_desktop.domain.ledger import TransactionQuery
from tests.e2e.chat_oracle import Holding, Household, Row, expected
from tests.e2e.teller import ROWS

DATA = Path(__file__).resolve().parent.parent / "data"
FILES = {"chat_questions.jsonl": 200, "chat_questions_held.jsonl": 100}


async def household_of(session):
    """Return all rows and balances of a ledger, without any tool."""
    kinds = {one.id: one.kind.value for one in await session.ledger.categories()}
    accounts = await session.ledger.accounts()
    names = {one.id: one.name for one in accounts}
    rows = await session.ledger.page(TransactionQuery())
    return Household(
        [
            Row(
                row.posted_on,
                row.amount_minor,
                row.currency,
                row.merchant,
                row.name,
                row.category,
                kinds.get(row.category_id),
                names[row.account_id],
                row.pending,
            )
            for row in rows
        ],
        [Holding(one.name, one.currency, one.worth_minor) for one in accounts],
    )


@pytest.fixture(scope="module")
def asked():
    """Return the replies to all questions of both files, and each day's household."""
    questions = {name: read_questions(DATA / name) for name in FILES}
    days = sorted({one.today for some in questions.values() for one in some})

    async def work():
        houses, details = {}, {name: [] for name in FILES}
        for day in days:
            async with demo_session(day) as session:
                houses[day] = await household_of(session)
                for name, some in questions.items():
                    for one in some:
                        if one.today == day:
                            reply = await session.analyst.reply(one.text)
                            details[name].append(judged(one, reply))
        return houses, details

    return asyncio.run(work())


@pytest.mark.full
@pytest.mark.parametrize("name", FILES)
def test_the_files_expect_what_the_rows_say(asked, name):
    houses, _ = asked
    lines = [json.loads(line) for line in (DATA / name).read_text(encoding="utf-8").splitlines()]
    assert len(lines) >= FILES[name]
    for line in lines:
        assert line["refuse"] is ("oracle" not in line), line["question"]
        if not line["refuse"]:
            told = expected(line["oracle"], houses[date.fromisoformat(line["today"])])
            assert told == line["expect"], line["question"]


@pytest.mark.parametrize("name", FILES)
def test_nine_of_ten_are_right_and_none_is_wrong(asked, name):
    _, details = asked
    outcomes = [one["outcome"] for one in details[name]]
    assert [one for one in details[name] if one["outcome"] == "wrong"] == []
    assert outcomes.count("right") >= 0.9 * len(outcomes)


@pytest.mark.parametrize("name", FILES)
def test_a_question_that_is_not_answered_gets_three_that_can_be(asked, name):
    _, details = asked
    refused = [one for one in details[name] if one["refusal"]]
    assert refused
    for one in refused:
        assert one["figures"] == []
        assert one["answer"].count("\n- ") == 3, one["answer"]


def test_the_three_that_are_offered_are_answered():
    async def work():
        async with demo_session(date(2026, 10, 15)) as session:
            offered = [
                *await session.analyst.examples("en"),
                *await session.analyst.examples("de"),
            ]
            return [await session.analyst.reply(one) for one in offered]

    replies = asyncio.run(work())
    assert [one.refusal for one in replies] == [None] * 6
    assert all(one.figures for one in replies)


def test_a_question_is_answered_in_the_terminal(teller):
    told = teller.asks("chat", "How many transactions are there?")
    assert told["refusal"] is None
    assert told["figures"][0]["text"] == str(ROWS)
    assert told["receipts"][0]["rows"] == ROWS
    said = teller.say("chat", "Wie viele Buchungen gibt es?")
    assert said.out.startswith(f"Es gibt {ROWS} Buchungen.")
    said = teller.say("chat", "How is the weather?", code=1)
    assert "You could ask, for example:" in said.out
    assert teller.asks("chat", "How is the weather?", code=1)["refusal"] == "unknown"
    assert "no question" in teller.refuses("chat", "  ")
