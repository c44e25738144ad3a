"""What a person may use a day is kept, however they ask and however it ends."""

import asyncio
import json
from datetime import timedelta

import openai
import pytest

from hive_desktop.relay.ai import routes, upstream
from hive_desktop.relay.store import ai_usage
from hive_desktop.relay.store.store import Store, StoreUnavailableError
from tests.relay.ai import model as models
from tests.relay.ai.world import ASKED, a_world
from tests.relay.live.world import until

SMALL = {**ASKED, "max_completion_tokens": 100}


def through(folder, work, **settings):
    async def main():
        async with a_world(folder, **settings) as world:
            return await work(world)

    return asyncio.run(main())


def begun(work):
    return asyncio.get_running_loop().create_task(work)


def test_what_may_be_used_is_held_while_the_model_answers(tmp_path):
    async def work(world):
        seen = []

        async def answer(call):
            seen.append(await world.used())
            await call.whole(200, models.completion())

        world.model.answer = answer
        body = json.dumps(SMALL).encode()
        await world.post(body)
        assert seen == [[(1, len(body) + 100)]]
        assert await world.used() == [(1, 12)]

    through(tmp_path, work)


def test_requests_at_once_do_not_go_past_it(tmp_path):
    async def work(world):
        go = asyncio.Event()

        async def answer(call):
            await go.wait()
            await call.whole(200, models.completion())

        world.model.answer = answer
        body = json.dumps(SMALL).encode()
        each = len(body) + 100
        budget = world.relay.settings.ai_tokens_per_day
        asking = [begun(world.post(body)) for _ in range(12)]
        await until(lambda: len(world.model.calls) + sum(one.done() for one in asking) == 12)
        assert len(world.model.calls) == budget // each == 3
        go.set()
        answers = [await one for one in asking]
        refused = [one for one in answers if one.status_code == 429]
        assert len(refused) == 9
        assert refused[0].json()["error"]["code"] == "ai_budget_spent"
        assert await world.used() == [(3, 36)]

    through(tmp_path, work, ai_tokens_per_day=800)


def test_it_is_each_person_s_own_and_begins_again_at_midnight(tmp_path):
    async def work(world):
        await world.relay.store.run(ai_usage.reserve, "ann", today(world), 990, 1000)
        refused = await world.refusal(429, "ai_budget_spent", json=SMALL)
        assert refused.headers["retry-after"] == str(12 * 3600)
        assert (await world.post(json=SMALL, who="bob")).status_code == 200
        world.clock.at += timedelta(hours=12)
        assert (await world.post(json=SMALL)).status_code == 200
        assert await world.used() == [(1, 990), (1, 12)]

    through(tmp_path, work, ai_tokens_per_day=1000)


def today(world):
    return int(world.clock.at.timestamp()) // 86_400


def test_a_budget_of_nothing_lets_nothing_through(tmp_path):
    async def work(world):
        await world.refusal(429, "ai_budget_spent", json={**ASKED, "max_tokens": 1})
        assert not world.model.calls

    through(tmp_path, work, ai_tokens_per_day=0)


def test_how_often_is_bounded_too(tmp_path):
    async def work(world):
        for _ in range(30):
            assert (await world.post(json=SMALL)).status_code == 200
        answer = await world.refusal(429, "too_many_requests")
        assert int(answer.headers["retry-after"]) > 0

    through(tmp_path, work)


def test_the_larger_of_two_bounds_is_held():
    asked = upstream.request_of({**ASKED, "max_completion_tokens": 1, "max_tokens": 900}, [])
    assert upstream.most_tokens(asked, 50) == 950
    asked = upstream.request_of({**ASKED, "max_tokens": 10**9}, [])
    assert asked["max_tokens"] == upstream.MOST_ANSWER_TOKENS


def test_who_goes_away_in_a_stream_pays_and_the_model_is_told(tmp_path):
    async def work(world):
        async def answer(call):
            await call.head(200, "text/event-stream")
            await call.words(*["word"] * 50)
            await asyncio.Event().wait()

        world.model.answer = answer
        async with world.client() as client:
            stream = await client.chat.completions.create(**SMALL, stream=True)
            async with stream:
                async for _ in stream:
                    break
        await world.model.call.gone()
        bound = len(json.dumps({**SMALL, "stream": True}, separators=(",", ":"))) + 100
        await world.settled(bound)  # by size it would be more than was held

    through(tmp_path, work)


def test_who_goes_away_before_the_model_answers_pays_for_the_question(tmp_path):
    async def work(world):
        arrived, go = asyncio.Event(), asyncio.Event()

        async def answer(call):
            arrived.set()
            await go.wait()
            await call.head(200, "text/event-stream")
            await asyncio.Event().wait()

        world.model.answer = answer
        body = json.dumps({**ASKED, "stream": True}).encode()
        asking = begun(world.post(body))
        await arrived.wait()
        asking.cancel()
        await asyncio.wait({asking})
        await asyncio.sleep(0.05)  # the relay hears of it
        go.set()
        await world.model.call.gone()
        await world.settled(len(body) // 4 + 1)

    through(tmp_path, work)


def test_a_question_that_is_refused_costs_nothing(tmp_path):
    async def work(world):
        world.model.refuses(400, "context_length_exceeded")
        assert (await world.post(json=SMALL)).status_code == 400
        world.model.refuses(500, "server_error")
        await world.refusal(502, "ai_unavailable")
        assert await world.used() == [(2, 0)]

    through(tmp_path, work)


def test_an_answer_that_tells_no_usage_is_billed_by_size(tmp_path):
    async def work(world):
        body, billed = json.dumps(SMALL).encode(), 0
        for count, usage in enumerate(
            (None, {}, {"total_tokens": -5}, {"total_tokens": "many"}), 1
        ):
            raw = json.dumps({**models.completion("x" * 200), "usage": usage})

            async def answer(call, raw=raw):
                await call.whole(200, raw)

            world.model.answer = answer
            assert (await world.post(body)).text == raw
            billed += min((len(body) + len(raw)) // 4 + 1, len(body) + 100)
            assert await world.used() == [(count, billed)]

    through(tmp_path, work)


def test_a_stream_that_breaks_off_is_told_and_billed(tmp_path):
    async def work(world):
        async def answer(call):
            await call.head(200, "text/event-stream")
            await call.words("one")
            await call.part('data: {"choices": [{"ind')
            await asyncio.sleep(0.05)
            call.cut()

        world.model.answer = answer
        words = []
        async with world.client() as client:
            stream = await client.chat.completions.create(**SMALL, stream=True)
            words.append((await anext(stream)).choices[0].delta.content)
            with pytest.raises(openai.APIError, match="broke off") as caught:
                await anext(stream)
        assert caught.value.code == "ai_unavailable"
        assert words == ["one"]
        ((_, tokens),) = await world.used()
        assert 20 < tokens < 250

    through(tmp_path, work)


def test_an_answer_that_breaks_off_is_billed(tmp_path):
    async def work(world):
        async def answer(call):
            await call.head(200, "application/json", 500)
            await call.part('{"id"')
            await asyncio.sleep(0.02)
            call.cut()

        world.model.answer = answer
        body = json.dumps(SMALL).encode()
        await world.refusal(502, "ai_unavailable", json=None, content=body)
        assert await world.used() == [(1, len(body) // 4 + 1)]

    through(tmp_path, work)


def test_an_answer_that_never_ends_is_ended(tmp_path, monkeypatch, caplog):
    monkeypatch.setattr(routes, "LONGEST_S", 1.0)

    async def work(world):
        async def answer(call):
            await call.head(200, "text/event-stream")
            while True:
                await call.words("word")
                await asyncio.sleep(0.02)

        world.model.answer = answer
        async with world.client() as client:
            with pytest.raises(openai.APIConnectionError):
                async for _ in await client.chat.completions.create(**SMALL, stream=True):
                    pass
        await world.model.call.gone()

    through(tmp_path, work)
    # uvicorn says so where its log is heard here: another test may have set it up otherwise.
    said = [one.getMessage() for one in caplog.records if one.levelname == "ERROR"]
    assert all("without completing" in one for one in said)
    caplog.clear()


def test_usage_in_a_stream_is_read_across_pieces():
    meter = upstream.Meter()
    text = (
        b'data: {"usage":null}\r\n\r\ndata: {"choices":[],"usage":{"total_tokens":7}}\n\ndata: [DO'
    )
    passed = b"".join(meter.pass_chunk(bytes([byte])) for byte in text)
    assert meter.tokens == 7
    assert passed + meter.rest() == text
    assert meter.rest() == b"data: [DO"
    assert meter.size == len(text)


def test_a_line_without_end_is_given_up():
    meter = upstream.Meter()
    for _ in range(4):
        meter.pass_chunk(b"x" * 1024 * 1024)
    with pytest.raises(upstream.RelayError):
        meter.pass_chunk(b"x")


@pytest.mark.parametrize("line", [b"data: " + b"[" * 5000 + b'"usage"', b'data: "usage" \xff'])
def test_what_is_no_json_tells_no_usage(line):
    meter = upstream.Meter()
    assert meter.pass_chunk(line + b"\n") == line + b"\n"
    assert meter.tokens is None


def test_a_store_that_does_not_settle_keeps_the_bound(tmp_path, monkeypatch, caplog):
    run = Store.run

    async def failing(self, work, *args):
        if work is ai_usage.settle:
            raise StoreUnavailableError("gone")
        return await run(self, work, *args)

    async def work(world):
        monkeypatch.setattr(Store, "run", failing)
        body = json.dumps(SMALL).encode()
        assert (await world.post(body)).status_code == 200
        assert await world.used() == [(1, len(body) + 100)]
        (record,) = [one for one in caplog.records if one.levelname == "WARNING"]
        assert "stay counted" in record.getMessage()
        caplog.clear()

    through(tmp_path, work)
