"""What is not passed on, and what comes back when the model's server has trouble of its own."""

import asyncio
import io
import json
import logging
from contextlib import contextmanager

import httpx
import openai
import pytest

from hive_desktop.relay import logs
from hive_desktop.relay.ai import upstream
from hive_desktop.relay.errors import RelayError
from hive_desktop.relay.http.middleware import AI_BODY_BYTES
from tests.relay.ai import model as models
from tests.relay.ai.world import ASKED, NO_TLS, a_world

PICTURE = {"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}


def through(folder, work, **settings):
    async def main():
        async with a_world(folder, **settings) as world:
            return await work(world)

    return asyncio.run(main())


def message(content):
    return {"messages": [{"role": "user", "content": content}]}


@pytest.mark.parametrize(
    "more",
    [
        {"user": "mira@example.org"},
        {"metadata": {"a": "b"}},
        {"store": True},
        {"store": None},
        {"n": 5},
        {"service_tier": "priority"},
        {"web_search_options": {}},
        {"modalities": ["audio"]},
        {"audio": {}},
        {"stream": "yes"},
        {"stream": 1},
        {"model": 5},
        {"model": None},
        {"messages": []},
        {"messages": {}},
        {"messages": ["hello"]},
        {"max_tokens": 0},
        {"max_tokens": True},
        {"max_tokens": 1.5},
        {"max_completion_tokens": "100"},
        {"max_completion_tokens": None},
        message([PICTURE]),
        message([{"type": "input_audio", "input_audio": {}}]),
        message([{"type": "file", "file": {"file_id": "f"}}]),
        message(["text"]),
        message([{"text": "of no type"}]),
        {"messages": [{"role": "assistant", "audio": {"id": "a"}}]},
        {"x" * 500: 1},
    ],
)
def test_what_is_no_such_request(more):
    with pytest.raises(RelayError) as caught:
        upstream.request_of({**ASKED, **more}, [])
    assert (caught.value.status, caught.value.code) == (422, "invalid_request")
    assert len(caught.value.message) < 100


@pytest.mark.parametrize("given", [None, [], "text", 5])
def test_what_is_no_object(given):
    with pytest.raises(RelayError, match="invalid_request"):
        upstream.request_of(given, [])


def test_text_in_parts_is_passed_on():
    asked = {**ASKED, **message([{"type": "text", "text": "Hello"}])}
    assert upstream.request_of(asked, [])["messages"] == asked["messages"]


def test_bodies_that_are_not_understood(tmp_path):
    async def work(world):
        bodies = [
            b"", b"{", b"\xff\xfe", b"[" * 20_000, b'{"model": "\\ud800"}', b"null",
            b'{"seed": 1e999}',
            b'{"model": "m", "messages": [{"role": "user"}], "seed": ' + b"9" * 5000 + b"}",
        ]  # fmt: skip
        for body in bodies:
            await world.refusal(422, "invalid_request", content=body, json=None)
        assert not world.model.calls
        assert await world.used() == []

    through(tmp_path, work)


def test_a_body_is_bounded(tmp_path):
    async def work(world):
        large = json.dumps({**ASKED, **message("x" * AI_BODY_BYTES)}).encode()
        await world.refusal(413, "too_large", content=large, json=None)
        fits = json.dumps({**ASKED, **message("x" * (AI_BODY_BYTES - 200))}).encode()
        assert (await world.post(fits)).status_code == 200

    through(tmp_path, work, ai_tokens_per_day=2_000_000)


KEY_TROUBLE = ("ai_key_refused", 502)
NO_USE = ("ai_unavailable", 502)


TROUBLES = [
    (401, "invalid_api_key", KEY_TROUBLE),
    (403, "unsupported_country_region_territory", KEY_TROUBLE),
    (500, "server_error", NO_USE),
    (503, "server_is_overloaded", NO_USE),
    (429, "insufficient_quota", ("insufficient_quota", 429)),
    (429, "project_spend_limit_exceeded", ("insufficient_quota", 429)),
    (429, "rate_limit_exceeded", ("rate_limit_exceeded", 429)),
    (429, 7, ("rate_limit_exceeded", 429)),
]


def test_trouble_of_the_relay_s_own_account_is_told_in_the_relay_s_words(tmp_path):
    async def work(world):
        for status, code, (expected, relays) in TROUBLES:
            world.model.refuses(status, code, retry_after="7")
            answer = await world.refusal(relays, expected)
            is_pace = expected == "rate_limit_exceeded"
            assert answer.headers.get("retry-after") == ("7" if is_pace else None)
        world.model.refuses(429, None, type_="insufficient_quota")
        await world.refusal(429, "insufficient_quota")
        ((_, tokens),) = await world.used()
        assert tokens == 0

    through(tmp_path, work)


def test_what_is_said_of_the_request_comes_through_as_it_is(tmp_path):
    async def work(world):
        async with world.client() as client:
            for status, code, kind in (
                (400, "context_length_exceeded", openai.BadRequestError),
                (404, "model_not_found", openai.NotFoundError),
                (422, None, openai.UnprocessableEntityError),
            ):
                world.model.refuses(status, code)
                with pytest.raises(kind) as caught:
                    await client.chat.completions.create(**ASKED, stream=status == 404)
                assert caught.value.code == code

    through(tmp_path, work)


def test_a_page_of_something_else_is_no_answer(tmp_path):
    async def work(world):
        html = "text/html; charset=utf-8"
        for status, kind in ((200, "text/html"), (404, html), (200, ""), (202, "application/json")):

            async def answer(call, status=status, kind=kind):
                await call.whole(status, "<html>Welcome</html>", kind)

            world.model.answer = answer
            answer = await world.refusal(502, "ai_unavailable")
            assert "<html>" not in answer.text

    through(tmp_path, work)


def test_a_redirect_is_not_followed(tmp_path):
    async def work(world):
        async def answer(call):
            await call.whole(302, "", location="http://127.0.0.1:9/elsewhere")

        world.model.answer = answer
        await world.refusal(502, "ai_key_refused")
        assert len(world.model.calls) == 1

    through(tmp_path, work)


def test_an_answer_has_a_largest_size(tmp_path):
    async def work(world):
        async def answer(call):
            await call.head(200, "application/json")
            for _ in range(80):
                await call.part(b" " * 65_536)
            await call.end()

        world.model.answer = answer
        await world.refusal(502, "ai_unavailable")

    through(tmp_path, work)


def test_a_server_that_is_not_there_or_says_nothing(tmp_path, monkeypatch):
    quick = httpx.Timeout(10.0, read=0.1)
    monkeypatch.setattr(upstream, "_TIMEOUT", quick)

    async def work(world):
        async def answer(_call):
            await asyncio.Event().wait()

        world.model.answer = answer
        await world.refusal(502, "ai_unavailable")
        ((_, tokens),) = await world.used()
        assert tokens == 0

    through(tmp_path, work)
    gone = tmp_path / "gone"
    gone.mkdir()

    async def nobody(world):
        await world.refusal(503, "ai_unavailable")
        answer = await models_of(world)
        assert answer.status_code == 503
        assert await world.used() == [(1, 0)]

    through(gone, nobody, openai_base_url="http://127.0.0.1:1/v1")


async def models_of(world):
    async with httpx.AsyncClient(trust_env=False, verify=NO_TLS, timeout=30) as http:
        headers = {"Authorization": f"Bearer {world.token()}"}
        return await http.get(f"{world.url}/models", headers=headers)


@pytest.mark.parametrize(
    "said", ["<html>", "{}", '{"data": 5}', '{"data": [5]}', '{"data": null}', "[" * 3000]
)
def test_a_list_of_models_that_is_none(said):
    for models_offered in ([], ["gpt-6-luna"]):
        with pytest.raises(RelayError, match="ai_unavailable"):
            upstream.offered(said.encode(), models_offered)


def test_the_list_when_the_server_has_trouble(tmp_path):
    async def work(world):
        for status, kind, code in (
            (401, "application/json", "ai_key_refused"),
            (404, "application/json", "ai_unavailable"),
            (500, "text/plain", "ai_unavailable"),
            (200, "text/html", "ai_unavailable"),
        ):

            async def answer(call, status=status, kind=kind):
                await call.whole(status, '{"data": []}', kind)

            world.model.answer = answer
            answer = await models_of(world)
            assert (answer.status_code, answer.json()["error"]["code"]) == (502, code)

    through(tmp_path, work)


@contextmanager
def everything_logged():
    """Everything that the relay logs at its most talkative."""
    root = logging.getLogger()
    before, levels = root.level, {}
    for name in logs._QUIET:
        levels[name] = logging.getLogger(name).level
    logs.set_up("DEBUG")
    (handler,) = [h for h in root.handlers if isinstance(h.formatter, logs.JsonFormatter)]
    stream = io.StringIO()
    handler.setStream(stream)
    try:
        yield stream
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
        for name, level in levels.items():
            logging.getLogger(name).setLevel(level)


def test_nothing_of_what_is_said_is_logged_or_stored(tmp_path):
    question, reply = "QUESTION-4711", "REPLY-4712"

    async def work(world):
        async def answer(call):
            if call.asked.get("stream"):
                await call.head(200, "text/event-stream")
                await call.words(reply)
                await call.finish()
            else:
                await call.whole(200, models.completion(reply))

        asked = {**ASKED, **message(question)}
        world.model.answer = answer
        for stream in (False, True):
            said = await world.post(json={**asked, "stream": stream})
            assert reply in said.text
        world.model.refuses(400, reply)
        await world.post(json=asked)
        world.model.refuses(500, reply)
        await world.post(json=asked)
        await world.post(json={**asked, "store": question})
        await world.post(content=f'{{"model": "{question}'.encode())
        token = world.token()
        world.model.answer = models.as_openai
        await models_of(world)
        return token

    with everything_logged() as log:
        token = through(tmp_path, work, is_whole=True)
    told = log.getvalue()
    assert '"route": "/ai/v1/chat/completions"' in told
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir()).decode("latin-1")
    for secret in (question, reply, models.KEY, token, "Certainly"):
        assert secret not in told
        assert secret not in kept
