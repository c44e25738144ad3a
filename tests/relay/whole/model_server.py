"""A model's server on this computer, as OpenAI's API describes it: it answers what it is told."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = "sk-upstream-8fJ2kQ0vX4nB7mRz"
MODEL = "gpt-test"
USAGE = {"prompt_tokens": 5, "completion_tokens": 7, "total_tokens": 12}


class Model:
    """What was asked, and what is answered."""

    def __init__(self):
        self.answer = "Certainly."
        self.asked = []
        self.headers = []

    def completion(self, asked):
        message = {"role": "assistant", "content": self.answer}
        return {
            "id": "chatcmpl-1",
            "object": "chat.completion",
            "created": 1,
            "model": asked["model"],
            "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
            "usage": USAGE,
        }

    def chunks(self, asked):
        """The same as a stream, a word at a time."""
        head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "model": asked["model"]}
        for word in self.answer.split(" "):
            delta = {"index": 0, "delta": {"content": f"{word} "}, "finish_reason": None}
            yield {**head, "choices": [delta]}
        yield {**head, "choices": [], "usage": USAGE}


def _handler(model):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self):
            model.headers.append(dict(self.headers))
            listed = {"id": MODEL, "object": "model", "created": 1, "owned_by": "nobody"}
            self._say(200, {"object": "list", "data": [listed]})

        def do_POST(self):
            model.headers.append(dict(self.headers))
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
            model.asked.append(asked)
            if not all(isinstance(one, dict) and "role" in one for one in asked["messages"]):
                said = {"message": "Invalid.", "type": "invalid_request_error", "param": "messages"}
                self._say(400, {"error": {**said, "code": None}})
            elif asked.get("stream") is True:
                events = [f"data: {json.dumps(one)}\n\n" for one in model.chunks(asked)]
                self._send(200, "text/event-stream", "".join([*events, "data: [DONE]\n\n"]))
            else:
                self._say(200, model.completion(asked))

        def _say(self, status, said):
            self._send(status, "application/json", json.dumps(said))

        def _send(self, status, kind, text):
            raw = text.encode()
            self.send_response(status)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def log_message(self, *_args):
            """Nothing."""

    return Handler


@contextmanager
def serving():
    """Serve on a free port; yields the model, which knows its `url`."""
    model = Model()
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(model)) as server:
        server.daemon_threads = True
        server.block_on_close = False
        model.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
        thread = threading.Thread(target=lambda: server.serve_forever(0.05), daemon=True)
        thread.start()
        try:
            yield model
        finally:
            server.shutdown()
            thread.join()
