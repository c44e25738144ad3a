"""The chatting back-end before a strict server: streams, calls, and every way in which they end."""

import asyncio
import json
import time
from contextlib import aclosing

import pytest

from hive_desktop.adapters.ai.chat_backend import PURPOSE, _Thoughts
from hive_desktop.domain.conversations import ToolCall
from hive_desktop.domain.prices import Price, Prices
from hive_desktop.domain.sendable import ChatTexts, Sendable
from hive_desktop.ports import errors
from hive_desktop.ports.chat import ChatRequest, DonePart, Finish, SentMessage, Speaker, TextPart
from hive_desktop.services.chat_calls import CALCULATE, PROPOSE
from hive_desktop.services.chat_tools import SPECS
from tests.aiserver.server import broken, completion, half, hanging, raw, refusal
from tests.aiserver.streams import calling, chunk, ending, event, speaking, streamed, words
from tests.unit.adapters_ai.world import REDACTOR, run

TEXTS = ChatTexts(REDACTOR)
TOOLS = (*SPECS, CALCULATE, PROPOSE)
ASKED = ChatRequest(
    (
        SentMessage(Speaker.PROGRAM, TEXTS.program("Answer.")),
        SentMessage(Speaker.PERSON, TEXTS.question("How much?")),
    ),
    TOOLS,
)
PRICES = Prices({"gpt-6-luna": Price(100_000, 10_000, 500_000)})


def ask(*answers, request=ASKED, profile="openai", before=None, **more):
    """Ask once; returns what came and the world. The answers are the server's script."""

    async def work(world):
        world.server.script.extend(answers)
        backend = world.make_chat(profile, **more)
        if before is not None:
            before(world, backend)
        parts, error = [], None
        try:
            async with aclosing(backend.stream(request)) as stream:
                parts = [part async for part in stream]
        except errors.AiError as exc:
            error = exc
        world.error = error
        return parts, world

    return run(work)


def text_of(parts):
    return "".join(one.text for one in parts if isinstance(one, TextPart))


def done_of(parts):
    (done,) = [one for one in parts if isinstance(one, DonePart)]
    assert parts[-1] is done
    return done


def test_text_streams_in_and_the_request_is_as_openai_wants_it():
    parts, world = ask(speaking("You spent [[r1.total]] — that is all. 😀"), prices=PRICES)
    assert text_of(parts) == "You spent [[r1.total]] — that is all. 😀"
    assert len(parts) > 4
    done = done_of(parts)
    assert (done.finish, done.calls, done.tokens.completion) == (Finish.STOP, (), 50)
    (asked,) = world.server.chats
    assert asked.body["stream"] is True
    assert asked.body["stream_options"] == {"include_usage": True}
    assert asked.body["reasoning_effort"] == "none"
    assert asked.body["store"] is False
    assert [one["role"] for one in asked.body["messages"]] == ["developer", "user"]
    assert {one["function"]["name"] for one in asked.body["tools"]} >= {"balances", "calculate"}
    assert not any(name.startswith("x-stainless") for name in asked.headers)


def test_each_stream_is_one_entry_of_the_egress_ledger():
    _, world = ask(speaking("Hello."), prices=PRICES)
    (entry,) = world.egress
    (asked,) = world.server.chats
    assert (entry.purpose, entry.status, entry.result) == (PURPOSE, 200, None)
    assert entry.body_length == len(asked.raw)
    assert json.loads(entry.body) == asked.body
    assert entry.completion_tokens == 50
    assert entry.cost_micros == PRICES.of("gpt-6-luna").cost(entry.prompt_tokens, 50)


def test_calls_are_put_together_of_their_pieces():
    wanted = [("balances", {"accounts": []}), ("net_worth", {"day": None})]
    parts, _ = ask(calling(*wanted, text="One moment."))
    assert text_of(parts) == "One moment."
    assert done_of(parts).calls == (
        ToolCall("call_1", "balances", '{"accounts": []}'),
        ToolCall("call_2", "net_worth", '{"day": null}'),
    )
    assert done_of(parts).finish is Finish.CALLS


def test_calls_of_local_servers():
    def whole(asked):
        function = {"name": "balances", "arguments": {"accounts": []}}
        said = {"choices": [{"delta": {"content": "", "tool_calls": [
            {"function": function}, {"id": "b", "function": {"name": "x", "arguments": "{}"}}
        ]}, "finish_reason": "tool_calls"}]}  # fmt: skip
        return event(said)

    parts, _ = ask(streamed(whole, event("[DONE]")), profile="ollama", model="llama3.2")
    calls = done_of(parts).calls
    assert [(one.name, json.loads(one.arguments)) for one in calls] == [
        ("balances", {"accounts": []}),
        ("unknown_tool", {}),
    ]
    assert len({one.id for one in calls}) == 2


def test_ids_and_names_of_calls_are_the_programs_own():
    def whole(_asked):
        function = {"name": "balances" * 2_000, "arguments": "{}"}
        call = {"index": 0, "id": "i" * 9_000, "function": function}
        said = {"choices": [{"delta": {"tool_calls": [call]}, "finish_reason": "tool_calls"}]}
        return event(said)

    parts, _ = ask(streamed(whole, event("[DONE]")))
    assert done_of(parts).calls == (ToolCall("call_1", "unknown_tool", "{}"),)


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_other_ends_of_lines_stay_within_a_text(end):
    text = "One\u2028two\u2029three\x85four\x0bfive\x0csix\x1cseven — 😀"

    def whole(asked):
        return b"".join(speaking(text)(None, asked).pieces).replace(b"\n", end)

    parts, _ = ask(streamed(whole))
    assert text_of(parts) == text
    assert done_of(parts).finish is Finish.STOP


def test_results_go_back_with_their_calls():
    call = ToolCall("call_1", "balances", '{"accounts": []}')
    messages = (
        *ASKED.messages,
        SentMessage(Speaker.MODEL, TEXTS.reply(""), (call,)),
        SentMessage(Speaker.TOOL, TEXTS.again("{}"), call_id="call_1"),
    )
    _, world = ask(speaking("Done."), request=ChatRequest(messages))
    (asked,) = world.server.chats
    assert asked.body["messages"][2] == {
        "role": "assistant", "content": None, "tool_calls": [
            {"id": "call_1", "type": "function",
             "function": {"name": "balances", "arguments": '{"accounts": []}'}}],
    }  # fmt: skip
    assert asked.body["messages"][3] == {"role": "tool", "content": "{}", "tool_call_id": "call_1"}
    assert "tools" not in asked.body


def test_a_server_that_does_not_stream():
    def answer(server, asked):
        return 200, json.dumps(completion(asked, "All of it.")), "application/json", {}

    parts, world = ask(answer)
    assert text_of(parts) == "All of it."
    assert done_of(parts).finish is Finish.STOP
    assert world.egress[0].completion_tokens == 50


@pytest.mark.parametrize(
    ("finish", "how"),
    [("length", Finish.LENGTH), ("content_filter", Finish.FILTERED), ("odd", Finish.STOP)],
)
def test_ends(finish, how):
    def answer(asked):
        said = {"choices": [{"delta": {"content": "Some"}, "finish_reason": finish}]}
        return [event(said), event("[DONE]")]

    parts, _ = ask(streamed(answer))
    assert (text_of(parts), done_of(parts).finish) == ("Some", how)


def test_a_refusal_is_said():
    refused = lambda asked: chunk(asked, {"refusal": "I will not."})  # noqa: E731
    parts, _ = ask(streamed(refused, lambda asked: ending(asked, "stop")))
    assert (text_of(parts), done_of(parts).finish) == ("I will not.", Finish.REFUSED)


def test_a_stream_that_ends_too_early_is_cut():
    parts, world = ask(streamed(lambda asked: words(asked, "You spent")))
    assert (text_of(parts), done_of(parts).finish) == ("You spent", Finish.CUT)
    assert world.egress[0].result == "half_answer"
    cut_call = calling(("balances", {"accounts": []}))
    parts, _ = ask(lambda server, asked: _without_end(cut_call(server, asked)))
    assert done_of(parts).calls == ()


def _without_end(stream):
    stream.pieces = stream.pieces[:-4]
    return stream


def test_a_connection_that_breaks():
    parts, world = ask(streamed(lambda asked: words(asked, "You"), is_broken=True))
    assert isinstance(world.error, errors.AiOfflineError)
    assert parts == []  # what came was yielded before the error
    assert world.egress[0].result == "half_answer"


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (streamed(event({"error": {"message": "x", "type": "server_error", "code": "oops"}})),
         errors.AiBusyError),
        (streamed(event({"error": {"message": "the context length is exceeded"}})),
         errors.AiBusyError),
        (streamed(event("{nonsense")), errors.AiAnswerError),
        (streamed(event('{"choices": 5}')), errors.AiAnswerError),
        (raw(200, "<html>", "text/html"), errors.AiAnswerError),
        (raw(200, "[]"), errors.AiAnswerError),
        (refusal(400, "context_length_exceeded"), errors.AiTooLongError),
        (refusal(401, "invalid_api_key"), errors.AiKeyError),
        (refusal(404, "model_not_found"), errors.AiModelError),
        (refusal(429, "insufficient_quota", kind="insufficient_quota"), errors.AiQuotaError),
        (refusal(429, "rate_limit_exceeded", retry_after=600), errors.AiRateLimitError),
        (refusal(400, None, message="registry/x does not support tools"), errors.AiSettingsError),
        (half, errors.AiOfflineError),
        (broken, errors.AiOfflineError),
    ],
)  # fmt: skip
def test_faults(answer, kind):
    _, world = ask(*[answer] * 3)
    assert type(world.error) is kind
    assert "sync" not in world.error.rendered()[2]
    assert all(one.status is None or one.status for one in world.egress)


def test_a_busy_server_is_asked_again_until_it_has_begun():
    parts, world = ask(refusal(503, "server_error"), refusal(429, "slow_down", retry_after=2),
                       speaking("Now."))  # fmt: skip
    assert text_of(parts) == "Now."
    assert len(world.slept) == 2
    assert world.slept[1] >= 2
    begun = streamed(lambda asked: words(asked, "You"), event({"error": {"message": "x"}}))
    _, world = ask(begun, speaking("again"))
    assert isinstance(world.error, errors.AiBusyError)
    assert len(world.server.chats) == 1


def test_fields_that_a_server_does_not_take_are_left_out():
    def refuse(world, backend):
        world.server.is_strict = False
        world.server.refuses = {"stream_options": "unknown", "temperature": "unsupported_value"}
        world.server.manner = speaking("Fine.")

    parts, world = ask(before=refuse, profile="ollama", model="llama3.2")
    assert text_of(parts) == "Fine."
    assert "stream_options" not in world.server.chats[-1].body
    assert len(world.server.chats) == 3


def test_it_stops_at_once_and_the_server_sees_it():
    async def work(world):
        world.server.script.append(speaking("word " * 2_000, pause=0.02))
        backend = world.make_chat()
        async with aclosing(backend.stream(ASKED)) as stream:
            async for _ in stream:
                break
            began = time.monotonic()
        assert time.monotonic() - began < 10
        (entry,) = world.egress
        assert (entry.status, entry.result) == (200, "cancelled")
        reading = asyncio.get_running_loop().create_task(_all(backend))
        world.server.script.append(hanging(20))
        while len(world.server.chats) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        assert [one.result for one in world.egress] == ["cancelled", "cancelled"]

    run(work)


async def _all(backend):
    async with aclosing(backend.stream(ASKED)) as stream:
        return [part async for part in stream]


def test_a_stream_that_stops_moving_times_out():
    async def work(world):
        world.server.manner = streamed(lambda asked: words(asked, "You"), 5.0)
        backend = world.make_chat()
        profile = backend._access.profile
        object.__setattr__(profile, "patience_s", 0.3)
        try:
            with pytest.raises(errors.AiTimeoutError):
                await _all(backend)
        finally:
            object.__setattr__(profile, "patience_s", 90.0)
        assert [one.result for one in world.egress] == ["timed_out"]

    run(work)


def test_closing_the_back_end_records_what_is_under_way():
    async def work(world):
        world.server.script.append(speaking("word " * 2_000, pause=0.02))
        backend = world.make_chat()
        stream = backend.stream(ASKED)
        await anext(stream)
        await backend.close()
        assert [one.result for one in world.egress] == ["cancelled"]
        await stream.aclose()
        assert len(world.egress) == 1

    run(work)


def test_the_budget_holds_before_a_request():
    _, world = ask(prices=PRICES, budget_micros=10)
    assert isinstance(world.error, errors.BudgetReachedError)
    assert not world.server.chats


def test_two_streams_do_not_spend_the_same_rest():
    async def work(world):
        hooks = world.hooks
        backends = [world.make_chat(prices=PRICES, budget_micros=3_000) for _ in range(4)]
        for one in backends:
            one._line._hooks = hooks
        world.server.manner = speaking("word " * 20, pause=0.01)
        came = await asyncio.gather(*map(_all, backends), return_exceptions=True)
        refused = [one for one in came if isinstance(one, errors.BudgetReachedError)]
        assert 1 <= len(refused) < 4
        assert hooks.held.micros == 0

    run(work)


def test_a_request_is_shown_first():
    async def work(world):
        world.agrees = lambda _: False
        backend = world.make_chat()
        with pytest.raises(errors.NotApprovedError):
            await _all(backend)
        assert world.previews[0].purpose == PURPOSE
        assert not world.server.chats
        assert not world.egress

    run(work)


def test_only_what_may_be_sent_is_sent():
    class Loose:
        text = "my card is 4111 1111 1111 1111"

    async def work(world):
        backend = world.make_chat()
        request = ChatRequest((SentMessage(Speaker.PERSON, Loose()),))
        with pytest.raises(TypeError):
            await anext(backend.stream(request))

    run(work)
    with pytest.raises(TypeError):
        Sendable("text", seal=object())


def test_thoughts_are_not_shown():
    for size in (1, 3, 50):
        for text, shown in (
            ("<think>hm [[r1.total]]</think>\n\nYes.", "Yes."),
            ("No thoughts <think>here</think>.", "No thoughts <think>here</think>."),
            ("<thin", "<thin"), ("<think>only", ""), ("  Well.", "Well."),
        ):  # fmt: skip
            filtered = _Thoughts()
            parts = [filtered.spoken(text[i : i + size]) for i in range(0, len(text), size)]
            assert ("".join(parts) + filtered.rest()).strip() == shown
