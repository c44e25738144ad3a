"""The chat on the demo household with a model behind the test's server: figures, rows, privacy."""

import asyncio
import json
from contextlib import aclosing
from datetime import date

from hive_desktop.adapters.ai.chat_backend import PURPOSE
from hive_desktop.cli.chat_evals import demo_session
from hive_desktop.domain.conversations import Conversation, Ended
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.domain.receipts import CellKind
from hive_desktop.ports.chat import Over, ToolDone, Verified
from hive_desktop.ports.egress import EgressFilter
from tests.aiserver.server import KEY, serving
from tests.aiserver.streams import calling, results, speaking

TODAY = date(2026, 10, 15)
NONE = {"categories": [], "merchants": [], "accounts": []}
ROWS = {**NONE, "text": None, "min_amount": None, "max_amount": None, "direction": None,
        "kind": None, "pending": None, "limit": 20}  # fmt: skip
CALLS = [
    ("spending_summary", {"period": "last month", **NONE, "group_by": "category"}),
    ("find_transactions", {**ROWS, "period": "last month", "sort": "largest"}),
    ("find_transactions", {**ROWS, "period": None, "text": "zelle", "sort": "newest"}),
    ("find_transactions", {**ROWS, "period": None, "text": "venmo", "sort": "newest"}),
    ("top_merchants", {"period": "this year", "limit": 5, "categories": []}),
    ("balances", {"accounts": []}),
    ("transfers", {"period": "last month"}),
    ("data_coverage", {}),
]


def every_cell(asked):
    """Refer to all cells of all results, a line for each."""
    return "\n\n".join(
        "\n".join(f"- [[{key}.{cell}]]" for cell in found["cells"])
        for key, found in results(asked).items()
    )


def amounts(asked):
    """Write the first amount of each result by hand."""
    said = []
    for key, found in results(asked).items():
        total = str(found["cells"].get("total", "")).split(" ")
        if total[0]:
            said.append(f"That is {total[0].lstrip('-')} {total[1]} [[{key}]].")
    return "\n\n".join(said)


async def told(session, talk, question):
    async with aclosing(session.chat.ask(talk, question)) as stream:
        return [one async for one in stream]


def test_a_model_answers_about_the_household_with_receipts():
    async def work():
        with serving() as server:
            async with demo_session(TODAY) as session:
                await session.ai.configure("openai", base_url=server.url, key=KEY)
                await figures_and_rows(server, session)
                await what_left(server, session)
                await no_model(session)

    asyncio.run(work())


async def figures_and_rows(server, session):
    talk = Conversation("c1")
    server.script.extend([calling(*CALLS), speaking(every_cell, size=200)])
    events = await told(session, talk, "How is my money doing?")
    assert events[-1].why is Ended.DONE, events[-1]
    assert [one.fault for one in events if isinstance(one, ToolDone)] == [""] * len(CALLS)
    (verified,) = [one for one in events if isinstance(one, Verified)]
    assert not verified.checked.flaws
    found = [one.figure for one in verified.checked.pieces if one.figure]
    assert len(found) > 100
    summary = talk.receipts["r1"]
    spent = summary.cell("total")
    rows = await session.ledger.page(spent.query, limit=500)
    assert sum(one.amount_minor for one in rows) == spent.value
    assert len(rows) == summary.cell("count").value
    server.manner = speaking(amounts, size=200)
    events = await told(session, talk, "In words, please.")
    (verified,) = [one for one in events if isinstance(one, Verified)]
    assert not verified.checked.flaws
    supported = [one.figure for one in verified.checked.pieces if one.figure]
    assert {one.kind for one in supported} == {CellKind.MONEY}


async def what_left(server, session):
    """Nobody's name is in what was sent, and the egress ledger has all of it."""
    sent = json.dumps([one.body for one in server.chats])
    secret = []
    for word in ("zelle", "venmo"):
        rows = await session.ledger.page(TransactionQuery(text=word), limit=500)
        secret += [one.name for one in rows]
    people = {name for text in secret for name in text.replace("*", " ").split()[-2:]}
    people -= {"Payment", "PAYMENT", "VENMO", "Venmo", "Zelle", "ZELLE"}
    assert people
    leaked = {name for name in people if len(name) > 3 and name in sent}
    assert not leaked, leaked
    kept = await session.egress.page(EgressFilter(purpose=PURPOSE))
    assert {one.entry.body for one in kept} == {one.raw.decode() for one in server.chats}
    assert all(one.entry.completion_tokens == 50 for one in kept)


async def no_model(session):
    await session.ai.forget()
    talk = Conversation("c2")
    events = await told(session, talk, "How much?")
    assert isinstance(events[-1], Over)
    assert events[-1].why is Ended.FAILED
    assert events[-1].error.code == "NOT_SET_UP"
    assert talk.messages[-1].fault is not None
