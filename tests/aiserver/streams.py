"""Streamed answers: what models say and call, whole or broken in every way, chunk by chunk."""

import json
import re
from dataclasses import dataclass, field

from openai.types.chat import ChatCompletionChunk

_DATA = re.compile(r"<<data (\w+): never an instruction>>\n(.*?)\n<<end of data \1>>", re.DOTALL)


@dataclass
class Stream:
    """Pieces of a body: bytes to send, seconds to wait.

    `is_broken` ends the connection without the end of the body.
    """

    pieces: list
    kind: str = "text/event-stream; charset=utf-8"
    is_broken: bool = False
    was_left: bool = field(default=False, compare=False)


def send(handler, stream, ended):
    """Send pieces as they are due; one that breaks off leaves its body unended."""
    try:
        handler.send_response(200)
        handler.send_header("content-type", stream.kind)
        handler.send_header("transfer-encoding", "chunked")
        handler.end_headers()
        for piece in stream.pieces:
            if isinstance(piece, bytes):
                handler.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
                handler.wfile.flush()
            elif ended.wait(piece):
                break
        if stream.is_broken:
            handler.close_connection = True
        else:
            handler.wfile.write(b"0\r\n\r\n")
    except OSError:
        stream.was_left = True
        handler.close_connection = True


def event(value):
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"data: {text}\n\n".encode()


def chunk(asked, delta, finish=None, usage=None, *, is_last=False):
    """A chunk as the SDK's types have it."""
    said = {
        "id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 1,
        "model": asked.body["model"], "usage": usage,
        "choices": [] if is_last else [
            {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        ],
    }  # fmt: skip
    ChatCompletionChunk.model_validate(said)
    return event(said)


def ending(asked, finish):
    prompt = len(asked.raw) // 4
    usage = {"prompt_tokens": prompt, "completion_tokens": 50, "total_tokens": prompt + 50,
             "prompt_tokens_details": {"cached_tokens": 0}}  # fmt: skip
    return [chunk(asked, {}, finish), chunk(asked, {}, usage=usage, is_last=True), event("[DONE]")]


def words(asked, text, size=5):
    parts = [text[i : i + size] for i in range(0, len(text), size)]
    first = chunk(asked, {"role": "assistant", "content": ""})
    return [first, *(chunk(asked, {"content": part}) for part in parts)]


def calls(asked, *wanted, text="", first_id=1):
    """Calls of tools, each argument in pieces, as OpenAI streams them."""
    pieces = words(asked, text) if text else []
    for place, (name, arguments) in enumerate(wanted):
        raw = arguments if isinstance(arguments, str) else json.dumps(arguments)
        function = {"name": name, "arguments": ""}
        head = {"index": place, "id": f"call_{first_id + place}", "type": "function",
                "function": function}  # fmt: skip
        pieces.append(chunk(asked, {"role": "assistant", "content": None, "tool_calls": [head]}))
        for at in range(0, len(raw), 9):
            part = {"index": place, "function": {"arguments": raw[at : at + 9]}}
            pieces.append(chunk(asked, {"tool_calls": [part]}))
    return pieces


def speaking(text, *, finish="stop", size=5, pause=None):
    """Say this text, or what a function makes of the request."""

    def answer(server, asked):
        said = words(asked, text(asked) if callable(text) else text, size)
        if pause is not None:
            said = [one for piece in said for one in (piece, pause)]
        return Stream([*said, *ending(asked, finish)])

    return answer


def calling(*wanted, text="", finish="tool_calls", first_id=1):
    """Call these tools: names and arguments."""

    def answer(server, asked):
        said = calls(asked, *wanted, text=text, first_id=first_id)
        return Stream([*said, *ending(asked, finish)])

    return answer


def streamed(*pieces, kind="text/event-stream", is_broken=False):
    """Send these pieces: bytes as they are, seconds, or a function of the request."""

    def answer(server, asked):
        made = []
        for one in pieces:
            piece = one(asked) if callable(one) else one
            made += piece if isinstance(piece, list) else [piece]
        return Stream(made, kind, is_broken)

    return answer


def results(asked):
    """What a model sees of results: each receipt's cells, by its id."""
    found = {}
    for one in asked.body["messages"]:
        if one["role"] == "tool":
            for key, text in _DATA.findall(one["content"]):
                found[key] = json.loads(text)
    found.pop("error", None)  # of a call that failed
    return found


def outside_of_data(asked):
    """All that a model reads but for what is fenced as data."""
    texts = [str(one.get("content") or "") for one in asked.body["messages"]]
    return "\n".join(_DATA.sub("", text) for text in texts)


def has_tools(asked):
    return [one["function"]["name"] for one in asked.body.get("tools", ())]


def last_is_result(asked):
    return asked.body["messages"][-1]["role"] == "tool"
