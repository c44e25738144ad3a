"""The desktop's own OpenAI client works with the relay in place of OpenAI."""

import asyncio
import json

import openai
import pytest
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from tests.relay.ai.model import KEY, TOOL_CALL
from tests.relay.ai.world import ASKED, a_world

TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "spend_by_category",
            "description": "Sum what was spent",
            "strict": True,
            "parameters": {
                "type": "object",
                "additionalProperties": False,
                "required": ["month"],
                "properties": {"month": {"type": "string"}},
            },
        },
    }
]
WITH_TOOLS = {
    **ASKED,
    "tools": TOOLS,
    "tool_choice": "auto",
    "parallel_tool_calls": False,
    "reasoning_effort": "none",
}
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["items"],
    "properties": {"items": {"type": "array", "items": {"type": "string"}}},
}
CATEGORISING = {
    **ASKED,
    "reasoning_effort": "none",
    "temperature": 0,
    "store": False,
    "response_format": {
        "type": "json_schema",
        "json_schema": {"name": "categories", "strict": True, "schema": SCHEMA},
    },
}


def through(folder, work, **settings):
    async def main():
        async with a_world(folder, **settings) as world, world.client() as client:
            return await work(world, client)

    return asyncio.run(main())


def test_an_answer_in_one_piece(tmp_path):
    async def work(world, client):
        said = await client.chat.completions.create(**ASKED)
        ChatCompletion.model_validate(said.model_dump())
        assert said.choices[0].message.content == "Certainly."
        assert said.usage.total_tokens == 12
        call = world.model.call
        assert (call.method, call.path) == ("POST", "/v1/chat/completions")
        assert call.headers["authorization"] == f"Bearer {KEY}"
        assert world.token() not in str(call.headers)
        assert not [name for name in call.headers if name.startswith("x-stainless")]
        assert call.asked == {**ASKED, "max_completion_tokens": 16_384, "store": False}
        assert await world.used() == [(1, 12)]

    through(tmp_path, work, is_whole=True)


def test_a_stream(tmp_path):
    async def work(world, client):
        asked = {**ASKED, "stream": True, "stream_options": {"include_usage": True}}
        words, usage = [], None
        async for chunk in await client.chat.completions.create(**asked):
            ChatCompletionChunk.model_validate(chunk.model_dump())
            words += [one.delta.content or "" for one in chunk.choices]
            usage = chunk.usage or usage
        assert "".join(words) == "Certainly, in \N{EURO SIGN}."
        assert usage.total_tokens == 12
        await world.settled(12)

    through(tmp_path, work)


def test_a_stream_always_asks_for_its_usage(tmp_path):
    async def work(world, client):
        for options in ({}, {"stream_options": {"include_usage": False}}):
            async for _ in await client.chat.completions.create(**ASKED, stream=True, **options):
                pass
            assert world.model.call.asked["stream_options"] == {"include_usage": True}

    through(tmp_path, work)


def test_tools_in_one_piece_and_the_turn_after(tmp_path):
    async def work(_world, client):
        said = await client.chat.completions.create(**WITH_TOOLS)
        (call,) = said.choices[0].message.tool_calls
        assert call.function.name == "spend_by_category"
        messages = [
            *ASKED["messages"],
            {"role": "assistant", "content": None, "tool_calls": [TOOL_CALL]},
            {"role": "tool", "tool_call_id": "call_1", "content": "12.30 USD"},
        ]
        said = await client.chat.completions.create(**{**WITH_TOOLS, "messages": messages})
        assert said.choices[0].message.content == "Certainly."

    through(tmp_path, work)


def test_tools_in_a_stream(tmp_path):
    async def work(_world, client):
        arguments, reasons = "", []
        async for chunk in await client.chat.completions.create(**WITH_TOOLS, stream=True):
            for one in chunk.choices:
                reasons.append(one.finish_reason)
                for part in one.delta.tool_calls or ():
                    arguments += part.function.arguments
        assert json.loads(arguments) == {"month": "2026-10"}
        assert reasons[-1] == "tool_calls"

    through(tmp_path, work)


def test_an_answer_of_a_schema_and_a_question_that_asks_to_store_nothing(tmp_path):
    async def work(world, client):
        said = await client.chat.completions.create(**CATEGORISING)
        assert json.loads(said.choices[0].message.content) == {"items": []}
        assert world.model.call.asked["store"] is False
        assert world.model.call.asked["temperature"] == 0

    through(tmp_path, work)


def test_the_server_s_own_refusal_comes_through(tmp_path):
    async def work(world, client):
        with pytest.raises(openai.BadRequestError) as caught:
            await client.chat.completions.create(**{**WITH_TOOLS, "reasoning_effort": "low"})
        assert caught.value.code == "unsupported_value"
        assert caught.value.param == "reasoning_effort"
        assert await world.used() == [(1, 0)]

    through(tmp_path, work)


@pytest.mark.parametrize(
    ("offered", "expected"),
    [
        ("", ["gpt-6-luna", "gpt-5.4-mini", "text-embedding-3-small"]),
        ("gpt-6-luna", ["gpt-6-luna"]),
    ],
)
def test_models_are_listed_as_far_as_they_are_offered(tmp_path, offered, expected):
    async def work(_world, client):
        assert [one.id async for one in client.models.list()] == expected

    through(tmp_path, work, openai_models=offered)


def test_a_model_that_is_not_offered_is_not_asked(tmp_path):
    async def work(world, client):
        with pytest.raises(openai.PermissionDeniedError) as caught:
            await client.chat.completions.create(**{**ASKED, "model": "gpt-6-sol"})
        assert caught.value.code == "model_not_offered"
        assert not world.model.calls
        assert await world.used() == []

    through(tmp_path, work, openai_models="gpt-6-luna,gpt-5.4-mini")


def test_the_key_is_the_access_token(tmp_path):
    async def work(world, client):
        for wrong in ("nonsense", KEY):
            with pytest.raises(openai.AuthenticationError) as caught:
                await client.with_options(api_key=wrong).chat.completions.create(**ASKED)
            assert caught.value.code == "not_signed_in"
        with pytest.raises(openai.AuthenticationError):
            [one async for one in client.with_options(api_key="no").models.list()]
        assert not world.model.calls

    through(tmp_path, work)


def test_a_relay_without_a_key_has_no_such_address(tmp_path):
    async def work(_world, client):
        with pytest.raises(openai.NotFoundError):
            await client.chat.completions.create(**ASKED)
        with pytest.raises(openai.NotFoundError):
            [one async for one in client.models.list()]

    through(tmp_path, work, has_key=False, is_whole=True)
