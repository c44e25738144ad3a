"""A strict server of OpenAI's API on loopback, with the faults and the manners that tests ask for.

Its answers are made of the SDK's own types. A `script` holds what the next requests meet; after it
the server answers as it should, by what words the texts hold.
"""

import json
import threading
import time
from collections import deque
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from openai.types.chat import ChatCompletion

from tests.aiserver import rules
from tests.aiserver.streams import Stream, send

KEY = "sk-test-5gQ8nWz2LkR7vXb4"
MODELS = ("gpt-6-luna", "gpt-5.4-mini", "llama3.2", "qwen3")
WORDS = {"TESCO": "Food & Dining", "SHELL": "Transportation", "CINEMA": "Entertainment",
         "AMAZON": "Shopping", "SHOP": "Shopping", "Zelle": "Transfer"}  # fmt: skip


class Asked:
    def __init__(self, method, path, headers, raw):
        self.method, self.path, self.headers, self.raw = method, path, headers, raw

    @property
    def body(self):
        return json.loads(self.raw)

    @property
    def data(self):
        return json.loads(self.body["messages"][-1]["content"])

    @property
    def ids(self):
        return [one["id"] for one in self.data["merchants"]]

    @property
    def prompt(self):
        return self.body["messages"][0]["content"]


def guess(data):
    items = []
    for one in data["merchants"]:
        word = next((word for word in WORDS if word in one["text"]), None)
        known = WORDS.get(word, "Other")
        category = known if known in data["categories"] else data["categories"][-1]
        confidence = 0.9 if word else 0.2
        items.append({"id": one["id"], "category": category, "confidence": confidence})
    return items


def completion(asked, content, *, finish="stop", refusal=None, usage=None):
    """An answer as the SDK's types have it."""
    prompt = len(asked.raw) // 4
    said = {
        "id": "chatcmpl-1", "object": "chat.completion", "created": 1, "model": asked.body["model"],
        "choices": [{"index": 0, "finish_reason": finish, "logprobs": None,
                     "message": {"role": "assistant", "content": content, "refusal": refusal}}],
        "usage": usage or {"prompt_tokens": prompt, "completion_tokens": 50,
                           "total_tokens": prompt + 50,
                           "prompt_tokens_details": {"cached_tokens": 0}},
    }  # fmt: skip
    ChatCompletion.model_validate(said)
    return said


def refusal(status, code=None, *, kind="invalid_request_error", message="No.", param=None, **heads):
    """Refuse with an error of OpenAI's shape."""

    def answer(server, asked):
        said = {"error": {"message": message, "type": kind, "param": param, "code": code}}
        headers = {name.replace("_", "-"): value for name, value in heads.items()}
        return status, json.dumps(said), "application/json", headers

    return answer


def saying(content, **more):
    """Answer with this content, or with what a function makes of the request."""

    def answer(server, asked):
        text = content(asked) if callable(content) else content
        return 200, json.dumps(completion(asked, text, **more)), "application/json", {}

    return answer


def raw(status, body, kind="application/json", **heads):
    """Answer with these bytes."""

    def answer(server, asked):
        return status, body, kind, {n.replace("_", "-"): v for n, v in heads.items()}

    return answer


def hanging(seconds):
    """Answer late."""

    def answer(server, asked):
        server.ended.wait(seconds)
        return good(server, asked)

    return answer


def broken(_server, _asked):
    """Break the connection off."""
    return


def half(server, asked):
    """Break off in the middle of an answer."""
    return "half"


def good(server, asked):
    """Answer as one should."""
    return saying(json.dumps({"items": guess(asked.data)}))(server, asked)


def in_a_fence(server, asked):
    """Answer as a small model does: prose, a fence, small letters, numbers as ids."""
    items = [
        {**one, "id": int(one["id"]), "category": one["category"].lower()}
        for one in guess(asked.data)
    ]
    text = f"<think>{{hm}}</think>Sure! Here it is:\n```json\n{json.dumps(items)}\n```\nBye."
    return saying(text)(server, asked)


class Server:
    """What was asked, and how it is answered.

    Attributes:
        script: answers for the next requests, first come first served.
        manner: the answer when the script is empty.
        is_strict: it refuses what OpenAI would.
        refuses: fields that it does not take, each with the code of the refusal.
        key: that it wants; None for any.
    """

    def __init__(self):
        self.asked = []
        self.script = deque()
        self.manner = good
        self.is_strict = True
        self.refuses = {}
        self.key = KEY
        self.models = MODELS
        self.url = None
        self.ended = threading.Event()

    def answer(self, asked):
        self.asked.append(asked)
        if self.key is not None and asked.headers.get("authorization") != f"Bearer {self.key}":
            words = f"Incorrect API key provided: {asked.headers.get('authorization')}"
            return refusal(401, "invalid_api_key", message=words)(self, asked)
        if asked.method == "GET":
            if self.script:
                return self.script.popleft()(self, asked)
            listed = [{"id": i, "object": "model", "created": 1, "owned_by": "x"}
                      for i in self.models]  # fmt: skip
            return 200, json.dumps({"object": "list", "data": listed}), "application/json", {}
        try:
            if self.is_strict:
                rules.check(asked.body, self.models)
        except rules.RefusedError as no:
            return refusal(no.status, no.code, message=no.message, param=no.param)(self, asked)
        for field, code in self.refuses.items():
            if field in asked.body:
                return refusal(400, code, param=field, message="unsupported")(self, asked)
        return (self.script.popleft() if self.script else self.manner)(self, asked)

    @property
    def chats(self):
        return [one for one in self.asked if one.method == "POST"]


def send_half(handler):
    handler.send_response(200)
    handler.send_header("content-type", "application/json")
    handler.send_header("content-length", "5000")
    handler.end_headers()
    handler.wfile.write(b'{"id":')
    handler.close_connection = True


def send_whole(handler, answer):
    status, text, kind, more = answer
    raw_answer = text if isinstance(text, bytes) else text.encode()
    try:
        handler.send_response(status)
        handler.send_header("content-type", kind)
        handler.send_header("content-length", str(len(raw_answer)))
        for name, value in more.items():
            handler.send_header(name, str(value))
        handler.end_headers()
        handler.wfile.write(raw_answer)
    except OSError:
        handler.close_connection = True


def _handler(server):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self):
            self._do(b"")

        def do_POST(self):
            self._do(self.rfile.read(int(self.headers["content-length"])))

        def _do(self, body):
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Asked(self.command, self.path, headers, body)
            if self.path not in ("/v1/chat/completions", "/v1/models"):
                server.asked.append(asked)
                answer = (404, "404 page not found", "text/plain", {})
            else:
                answer = server.answer(asked)
            if answer is None:
                self.close_connection = True
                return
            if isinstance(answer, Stream):
                send(self, answer, server.ended)
            elif answer == "half":
                send_half(self)
            else:
                send_whole(self, answer)

        def log_message(self, *_args):
            """Nothing."""

    return Handler


class _Quiet(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request, client_address):
        """Nothing: a client that went away is what some tests want."""


@contextmanager
def serving():
    """Serve on a free port; yields the server, which knows its `url`."""
    server = Server()
    with _Quiet(("127.0.0.1", 0), _handler(server)) as http:
        server.url = f"http://127.0.0.1:{http.server_address[1]}/v1"
        thread = threading.Thread(target=lambda: http.serve_forever(0.02), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.ended.set()
            http.shutdown()
            thread.join()
            time.sleep(0)
