"""The page that says what can be asked, and the document that it is made of. Neither has data.

The page is plain HTML without scripts, and brings all that it shows: nothing is loaded from
anywhere, and its policy allows nothing but its own style.
"""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any, Final

from starlette.responses import Response

from hive_desktop.api import openapi

if TYPE_CHECKING:
    from starlette.requests import Request

_STYLE: Final = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 54rem; margin: 2rem auto; padding: 0 1rem;
  color-scheme: light dark; }
code, pre { font: 13px/1.5 ui-monospace, monospace; }
pre { overflow-x: auto; padding: .7rem; border: 1px solid #8886; border-radius: 6px; }
details { border-top: 1px solid #8884; padding: .5rem 0; }
summary { cursor: pointer; }
b { display: inline-block; min-width: 4.5rem; }
td, th { text-align: start; padding: .15rem 1rem .15rem 0; vertical-align: top; }
"""
_HASH: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY: Final = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_INTRODUCTION: Final = """
<h1>Hive, local API</h1>
<p>For programs on this computer, while the vault is open. Make a client in Settings, or with
<code>hive api clients add</code>, and sign in with its id and secret:</p>
<pre>curl -s -H 'Content-Type: application/json' \\
  -d '{"client_id": "ID", "client_secret": "SECRET"}' ADDRESS/api/v1/auth/login
curl -s -H 'Authorization: Bearer TOKEN' ADDRESS/api/v1/accounts</pre>
<p>On a computer that others use, too, one of their programs could listen at this port while Hive
does not. Have the server prove itself first, over the same connection; in Python:</p>
<pre id="proof">import hashlib, hmac, http.client, json, secrets

line = http.client.HTTPConnection("AT_HOST")
line.connect()
line.auto_open = False  # all goes over this one connection

def ask(what, **told):
    headers = {"Content-Type": "application/json"}
    line.request("POST", f"/api/v1/auth/{what}", json.dumps(told), headers)
    return json.load(line.getresponse())

nonce, key = secrets.token_hex(16), hashlib.sha256(SECRET.encode()).digest()
proof = hmac.new(key, f"hive-local-api AT_HOST {ID} {nonce}".encode(), "sha256").hexdigest()
told = ask("prove", client_id=ID, nonce=nonce)
if not hmac.compare_digest(told.get("proof", ""), proof):
    raise SystemExit("This is not Hive, or no client of its is called so.")
tokens = ask("login", client_id=ID, client_secret=SECRET)</pre>
<p>An access token is good for 15 minutes, a refresh token once within 7 days; both end when the
vault is locked. Amounts stand in minor units with their currency, and as decimal text:
<strong>positive is money out</strong>. Each change goes into the log of edits under the client's
name, and can be undone in Hive. Errors are
<code>{"error": {"code", "title", "message", "hint"}}</code>.</p>
<h2>Chat</h2>
<p>The web-socket <code>/api/v1/ws</code>, with the same Authorization header and the scope
<code>chat</code>. <code>session_id</code> goes on with a session, <code>offline</code> asks no
model. One question at a time: another is refused until the reply is complete, pings are answered
meanwhile, and a reply stops when its client goes. The line ends (code 1008) with its sign-in:
renew the tokens in time, and it goes on.</p>
<pre>{"type": "chat", "payload": {"message": "...", "session_id": "UUID", "offline": false}}
{"type": "ping"}</pre>
<p>Answers: <code>chat_token</code> {token, session_id} while a reply grows,
<code>chat_complete</code> {session_id, text, ended, model, unverified} with the whole of it, to be
shown in place of the tokens: a reply whose figures were wrong is corrected there,
<code>error</code> {error, code, hint, and session_id where the question named one}, and
<code>pong</code>.</p>
<h2>Assistants</h2>
<p><code>/mcp</code> speaks the Model Context Protocol (streamable HTTP), with the same
Authorization header: a client with the scope <code>read</code> asks, and one with
<code>write</code> may propose changes, too.</p>
"""


async def document(_request: Request) -> Response:
    """Serve the OpenAPI document."""
    return Response(openapi.document(), media_type="application/json")


async def page(request: Request) -> Response:
    """Serve the page."""
    host = escape(request.headers["host"])
    page = _page().replace("ADDRESS", f"http://{host}").replace("AT_HOST", host)
    return Response(page, 200, {"Content-Security-Policy": _POLICY}, "text/html")


@cache
def _page() -> str:
    told = json.loads(openapi.document())
    parts = [_INTRODUCTION, "<h2>Requests</h2>"]
    for path, methods in told["paths"].items():
        for method, operation in methods.items():
            parts.append(_operation(f"/api/v1{path}", method.upper(), operation))
    parts.append("<h2>Shapes</h2>")
    parts += [_shape(name, one) for name, one in told["components"]["schemas"].items()]
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Hive, local API</title>'
        f"<style>{_STYLE}</style></head><body>{''.join(parts)}"
        '<p><a href="/api/v1/openapi.json">openapi.json</a></p></body></html>'
    )


def _operation(path: str, method: str, told: dict[str, Any]) -> str:
    rows = [
        (f"{one['name']} ({one['in']})", _kind(one["schema"]), "")
        for one in told.get("parameters", ())
    ]
    for where, content in (("body", told.get("requestBody")), ("answer", _success(told))):
        if content and "content" in content:
            rows.append((where, _kind(content["content"]["application/json"]["schema"]), ""))
    return (
        f"<details><summary><b>{method}</b> <code>{escape(path)}</code> "
        f"{escape(told['summary'])}</summary><p>{escape(told.get('description', ''))}</p>"
        f"{_table(rows)}</details>"
    )


def _success(told: dict[str, Any]) -> dict[str, Any]:
    (found,) = [one for status, one in told["responses"].items() if status.startswith("2")]
    return dict(found)


def _shape(name: str, told: dict[str, Any]) -> str:
    required = told.get("required", ())
    rows = [
        (field, _kind(one), "" if field in required else "may be left out")
        for field, one in told.get("properties", {}).items()
    ]
    words = escape(told.get("description", "").replace("`", ""))
    heading = f"<summary><code>{escape(name)}</code></summary>"
    return f"<details>{heading}<p>{words}</p>{_table(rows)}</details>"


def _kind(told: dict[str, Any]) -> str:
    if "$ref" in told:
        return str(told["$ref"].rpartition("/")[2])
    if "anyOf" in told:
        return " or ".join(_kind(one) for one in told["anyOf"])
    if told.get("type") == "array":
        return f"list of {_kind(told['items'])}"
    if "enum" in told:
        return " or ".join(map(str, told["enum"]))
    return str(told.get("format") or told.get("type", "any"))


def _table(rows: list[tuple[str, str, str]]) -> str:
    cells = "".join(
        f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in one)}</tr>" for one in rows
    )
    return f"<table>{cells}</table>" if rows else ""
