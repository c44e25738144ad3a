"""A model's server as OpenAI's API describes it, on the test's own loop.

It answers as strictly as the real one where the desktop depends on it, or as a test's script says.
"""

import asyncio
import json
from contextlib import asynccontextmanager

KEY = "sk-upstream-8fJ2kQ0vX4nB7mRz"
USAGE = {"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12}
HEAD = {"id": "chatcmpl-1", "created": 1, "model": "gpt-6-luna", "system_fingerprint": None}
MODELS = ("gpt-6-luna", "gpt-5.4-mini", "text-embedding-3-small")
REASONS = {200: "OK", 302: "Found", 400: "Bad Request", 429: "Too Many Requests"}


class Call:
    """One request, and the means to answer it."""

    def __init__(self, method, path, headers, body, writer):
        self.method, self.path, self.headers, self.body = method, path, headers, body
        self._writer = writer
        self._is_chunked = False
        self.is_cut = False

    @property
    def asked(self):
        return json.loads(self.body)

    async def head(self, status, kind, length=None, **more):
        self._is_chunked = length is None
        size = "transfer-encoding: chunked" if length is None else f"content-length: {length}"
        lines = [
            f"HTTP/1.1 {status} {REASONS.get(status, 'Status')}",
            f"content-type: {kind}",
            size,
        ]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in more.items()]
        self._writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        await self._writer.drain()

    async def part(self, data):
        raw = data.encode() if isinstance(data, str) else data
        self._writer.write(
            f"{len(raw):x}\r\n".encode() + raw + b"\r\n" if self._is_chunked else raw
        )
        await self._writer.drain()

    async def end(self):
        if self._is_chunked:
            self._writer.write(b"0\r\n\r\n")
            await self._writer.drain()

    async def whole(self, status, said, kind="application/json", **more):
        raw = (said if isinstance(said, str) else json.dumps(said)).encode()
        await self.head(status, kind, len(raw), **more)
        await self.part(raw)

    async def refuse(self, status, code, *, type_="invalid_request_error", param=None, **more):
        said = {
            "message": f"about {code} of org-OWNER",
            "type": type_,
            "param": param,
            "code": code,
        }
        await self.whole(status, {"error": said}, **more)

    async def event(self, choices, usage=None):
        said = {**HEAD, "object": "chat.completion.chunk", "choices": choices, "usage": usage}
        await self.part(f"data: {json.dumps(said)}\n\n")

    async def words(self, *words):
        for word in words:
            await self.event([choice(delta={"content": word})])

    async def finish(self):
        await self.event([choice(delta={}, finish_reason="stop")])
        await self.event([], USAGE)
        await self.part("data: [DONE]\n\n")
        await self.end()

    def cut(self):
        """Break the connection off."""
        self.is_cut = True
        self._writer.transport.abort()

    async def gone(self, *, within=30.0):
        """Wait until the other side has closed the connection."""
        async with asyncio.timeout(within):
            await self.hung_up.wait()


def choice(*, finish_reason=None, **more):
    return {"index": 0, "logprobs": None, "finish_reason": finish_reason, **more}


def completion(content="Certainly.", **message):
    message = {"role": "assistant", "content": content, "refusal": None, **message}
    reason = "tool_calls" if message.get("tool_calls") else "stop"
    return {
        **HEAD,
        "object": "chat.completion",
        "choices": [choice(finish_reason=reason, message=message)],
        "usage": USAGE,
    }


TOOL_CALL = {
    "id": "call_1",
    "type": "function",
    "function": {"name": "spend_by_category", "arguments": '{"month":"2026-10"}'},
}


def fault_of(asked):
    """What the real server would not take, of what the desktop sends."""
    if asked.get("tools") and asked.get("reasoning_effort") != "none":
        return "reasoning_effort"
    shape = asked.get("response_format")
    if shape is not None:
        schema = shape["json_schema"]["schema"]
        is_strict = schema.get("additionalProperties") is False
        if not is_strict or set(schema["required"]) != set(schema["properties"]):
            return "response_format"
    answered = {m["tool_call_id"] for m in asked["messages"] if m["role"] == "tool"}
    calls = {c["id"] for m in asked["messages"] for c in m.get("tool_calls") or ()}
    return "messages" if calls - answered else None


async def as_openai(call):
    """Answer as the real server would."""
    if call.path.endswith("/models"):
        listed = [{"id": i, "object": "model", "created": 1, "owned_by": "x"} for i in MODELS]
        await call.whole(200, {"object": "list", "data": listed})
        return
    asked = call.asked
    if param := fault_of(asked):
        await call.refuse(400, "unsupported_value", param=param)
        return
    if asked.get("stream"):
        await stream(call, asked)
    elif asked.get("response_format"):
        await call.whole(200, completion('{"items":[]}'))
    elif asked.get("tools") and asked["messages"][-1]["role"] == "user":
        await call.whole(200, completion(None, tool_calls=[TOOL_CALL]))
    else:
        await call.whole(200, completion())


async def stream(call, asked):
    await call.head(200, "text/event-stream; charset=utf-8")
    if not asked.get("tools"):
        await call.event([choice(delta={"role": "assistant", "content": "", "refusal": None})])
        await call.words("Certainly", ", ", "in \N{EURO SIGN}.")
        await call.finish()
        return
    name, text = TOOL_CALL["function"]["name"], TOOL_CALL["function"]["arguments"]
    first = {**TOOL_CALL, "index": 0, "function": {"name": name, "arguments": ""}}
    await call.event([choice(delta={"role": "assistant", "content": None, "tool_calls": [first]})])
    for part in (text[:7], text[7:]):
        delta = {"tool_calls": [{"index": 0, "function": {"arguments": part}}]}
        await call.event([choice(delta=delta)])
    await call.event([choice(delta={}, finish_reason="tool_calls")])
    await call.event([], USAGE)
    await call.part("data: [DONE]\n\n")
    await call.end()


class Model:
    """What was asked, and how it is answered."""

    def __init__(self):
        self.calls = []
        self.answer = as_openai
        self.connections = 0
        self.url = None

    @property
    def call(self):
        return self.calls[-1]

    def refuses(self, status, code, **more):
        async def answer(call):
            await call.refuse(status, code, **more)

        self.answer = answer

    async def serve(self, reader, writer):
        self.connections += 1
        try:
            while (call := await self._read(reader, writer)) and not call.is_cut:
                pass
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self.connections -= 1
            writer.close()

    async def _read(self, reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        line, *rest = head.decode("latin-1").strip().split("\r\n")
        method, path, _ = line.split(" ")
        headers = {n.lower(): v for n, _, v in (one.partition(": ") for one in rest)}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        call = Call(method, path, headers, body, writer)
        self.calls.append(call)
        call.hung_up = asyncio.Event()
        loop = asyncio.get_running_loop()
        answering = loop.create_task(self.answer(call))
        listening = loop.create_task(reader.read(1))
        await asyncio.wait({answering, listening}, return_when=asyncio.FIRST_COMPLETED)
        # Nothing comes while a client waits, but its end.
        has_ended = listening.done() or isinstance(answering.exception(), ConnectionError)
        was_answered = answering.done()
        if has_ended:
            call.hung_up.set()
        answering.cancel()
        listening.cancel()
        await asyncio.gather(answering, listening, return_exceptions=True)
        if not was_answered:
            return None
        answering.result()
        return call


@asynccontextmanager
async def serving():
    """Serve on a free port; yields the model, which knows its `url`."""
    model = Model()
    server = await asyncio.start_server(model.serve, "127.0.0.1", 0)
    model.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    try:
        yield model
    finally:
        server.close()
        async with asyncio.timeout(30):
            while model.connections:  # noqa: ASYNC110 - the relay has let go of them
                await asyncio.sleep(0.01)
