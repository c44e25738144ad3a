"""What an attacker tries on the whole application, over every call that it describes."""

import json
import os
import re
import time

import jwt
import pytest
from starlette.websockets import WebSocketDisconnect

from hive_desktop.relay.http import middleware
from hive_desktop.relay.store import schema
from tests.relay.cluster.machines import missing, postgres
from tests.relay.whole import described
from tests.relay.whole.world import METRICS_TOKEN, a_world

ORIGIN = "https://hive.example.org"
SQL = [
    "'; DROP TABLE users; --",
    "' OR '1'='1",
    "x' UNION SELECT password_hash FROM users --",
    "$$; DELETE FROM items; $$",
    "%s%(a)s:a",
]
BROKEN = ["a\x00b", "\ud800"]  # which PostgreSQL does not take
# Text that is stored or hashed as it is, whatever it says.
FREE_TEXT = {"device_name", "password", "new"}
INJECTED = {
    "client_id": "evil",
    "secret": "evil",
    "access_token": "access-sandbox-00000000-0000-0000-0000-000000000000",
    "public_token": "public-sandbox-00000000-0000-0000-0000-000000000000",
    "link_token": "link-sandbox-00000000-0000-0000-0000-000000000000",
    "webhook": "https://evil.example.org/hook",
    "item_id": "evil",
    "user": {"client_user_id": "evil"},
    "options": {"account_ids": ["evil"]},
    "environment": "production",
}
NO_PATHS = [
    "..%2f..%2fitem%2fremove",
    "%2e%2e",
    "%252e%252e%252f",
    "..%5c..%5c",
    "....%2f%2f",
    "%c0%ae%c0%ae",
    "a%2fb",
    "a%00b",
    "a%0d%0aX-Evil:%201",
    "a%3Fclient_id%3Devil",
    "a;b",
    "%7b%7d",
    "~root",
]
BANK = "bank"
RANDOM = re.compile(r"[\w.-]{30,}")  # a token: its letters may spell any word


@pytest.fixture(scope="module")
def world(server, model, tmp_path_factory):
    """Without limits, which would end most attacks."""
    folder = tmp_path_factory.mktemp("relay")
    with a_world(server, model, folder, limits=False, CORS_ORIGINS=ORIGIN) as running:
        yield running


@pytest.fixture(scope="module")
def document(world):
    return world.http.get("/openapi.json").json()


@pytest.fixture(scope="module")
def calls(document):
    return described.calls(document)


@pytest.fixture(scope="module")
def victim(world):
    person = world.person()
    person.item = person.connect()
    return person


@pytest.fixture
def mallory(world):
    person = world.person()
    person.item = person.connect(1)
    return person


@pytest.fixture
def to_plaid(world, monkeypatch):
    """What is sent to Plaid, as (path, fields)."""
    sent = []
    send = world.relay.plaid.send

    def noted(path, fields, **more):
        sent.append((path, json.loads(json.dumps(fields))))
        return send(path, fields, **more)

    monkeypatch.setattr(world.relay.plaid, "send", noted)
    return sent


def stored_of(world, person):
    """All that is stored of a person; what their own requests change is left out."""
    rows = {
        name: [r for r in rows if person.id in r.values()] for name, rows in world.tables().items()
    }
    for name in ("audit", "ai_usage"):
        rows.pop(name)
    return rows


def parts_of(person):
    item = person.item
    return {
        "account_id": item.account_id,
        "institution_id": item.institution_id,
        "item_id": item.id,
        "link_id": item.link_id,
        "device_id": person.device_id,
    }


def ask(person, call, *, parts=None, body=None, item=None, **more):
    """Make one described call."""
    wants_item = "X-Hive-Item" in call.parts("header")
    if body is not None:
        more["content"] = json.dumps(body).encode()
        more["headers"] = {"Content-Type": "application/json", **more.get("headers", {})}
    if "/metrics" in call.path:
        more["headers"] = {"Authorization": f"Bearer {METRICS_TOKEN}", **more.get("headers", {})}
    return person.ask(
        call.method,
        call.address(parts or parts_of(person)),
        item=(item or person.item.sealed) if wants_item else None,
        **more,
    )


def banks(calls):
    return [call for call in calls if BANK in call.tags]


# ---- what is injected ------------------------------------------------------------------------


def test_nothing_that_is_injected_reaches_plaid(calls, mallory, to_plaid):
    """Neither in a body that is read, nor in one that is not, nor in the address."""
    known = described.known_of(mallory, mallory.item)
    tried = 0
    for call in banks(calls):
        body = {} if call.schema is None else described.sample(call.schema, known)
        if "/plaid/items/" in call.path:
            continue  # which would succeed, by its path alone
        for name, value in INJECTED.items():
            if name in (call.schema or {}).get("properties", {}):
                continue
            sent = len(to_plaid)
            answer = ask(mallory, call, body={**body, name: value})
            if call.schema is not None:
                assert answer.status_code == 422, (call.label, name, answer.text)
                assert len(to_plaid) == sent, (call.label, name)
            answer = ask(mallory, call, body=body or None, params={name: json.dumps(value)})
            assert answer.status_code < 500
            tried += 1
    assert tried > 100
    told = json.dumps(to_plaid)
    assert "evil" not in told
    assert "00000000-0000" not in told


def test_no_id_is_a_path(calls, mallory, to_plaid):
    tried = 0
    for call in calls:
        for name in call.parts("path"):
            for text in NO_PATHS:
                parts = {**parts_of(mallory), name: text}
                answer = ask(mallory, call, parts=parts)
                assert answer.status_code in {404, 405, 422}, (call.label, text, answer.text)
                assert "x-evil" not in answer.headers
                tried += 1
    assert tried >= len(NO_PATHS) * 6
    assert to_plaid == []


def test_sql_is_text_in_every_field(world, calls, mallory, victim):
    sql_everywhere(world, calls, mallory, victim)


@pytest.mark.skipif(
    missing() is not None and not os.environ.get("CI"), reason=f"no PostgreSQL: {missing()}"
)
@pytest.mark.full
def test_sql_is_text_in_every_field_before_postgresql(server, model, calls, tmp_path):
    with (
        postgres() as make,
        a_world(server, model, tmp_path, limits=False, DATABASE_URL=make("hive")) as world,
    ):
        victim, mallory = world.person(), world.person()
        victim.item, mallory.item = victim.connect(), mallory.connect(1)
        sql_everywhere(world, calls, mallory, victim)


def sql_everywhere(world, calls, mallory, victim):
    before = stored_of(world, victim)
    tried = 0
    for call in calls:
        if "logout" in call.path:
            continue  # takes nothing
        known = described.known_of(mallory, mallory.item)
        good = None if call.schema is None else described.sample(call.schema, known)
        for answer, name in each_sql(mallory, call, good):
            tried += 1
            refused = 400 <= answer.status_code < 500
            is_free = name in FREE_TEXT or call.path.startswith("/ai/")
            assert refused or (answer.is_success and is_free), (call.label, name)
            said = RANDOM.sub("", answer.text)
            assert not re.search(r"sql|syntax|sqlite|psycopg", said, re.IGNORECASE)
    assert tried > 100
    assert stored_of(world, victim) == before
    assert set(world.tables()) == set(schema.METADATA.tables)


def each_sql(person, call, good):
    """Put SQL into each field of a call in turn; yields (answer, the field's name)."""
    for at in [] if call.schema is None else described.strings(call.schema):
        name = next((str(part) for part in at if isinstance(part, str)), "")
        for text in (*SQL, *BROKEN):
            yield ask(person, call, body=described.put(good, at, text)), name
    for text in SQL:
        for name in call.parts("query"):
            yield ask(person, call, body=good, params={name: text}), name
        for name in call.parts("path"):
            yield ask(person, call, body=good, parts={**parts_of(person), name: text}), name
        for name in (*call.parts("header"), *call.parts("cookie")):
            if name == "X-Hive-Item":
                body = {**good, "mode": "update"} if "/link-token" in call.path else good
                yield ask(person, call, body=body, item=text), name
            else:
                sent = {"Cookie": f"{name}={text}"} if name.startswith("__") else {name: text}
                if name.startswith("__"):
                    sent["X-Hive-Cookie"], good = "1", {}
                yield ask(person, call, body=good, headers=sent), name


@pytest.mark.parametrize("way", ["stated", "chunked"])
def test_no_call_takes_a_body_that_is_too_large(calls, mallory, way):
    for call in calls:
        if call.schema is None:
            continue
        is_ai = call.path.startswith("/ai/")
        size = (middleware.AI_BODY_BYTES if is_ai else middleware.BODY_BYTES) + 1
        content = b" " * size if way == "stated" else iter([b" " * 8_192] * (size // 8_192 + 1))
        answer = ask(mallory, call, content=content, headers={"Content-Type": "application/json"})
        assert answer.status_code == 413, (call.label, answer.text)
        assert answer.json()["error"]["code"] == "too_large"


@pytest.mark.parametrize("size", ["-1", "1e3", "٣", "²", "9" * 5_000, " 5", "0x10", "5,5", ""])
def test_a_length_that_is_none_is_no_fault(mallory, size):
    headers = [(b"content-length", size.encode()), (b"content-type", b"application/json")]
    answer = mallory.world.http.request("POST", "/api/v1/auth/login", headers=headers)
    assert answer.status_code in {400, 413, 422}


# ---- what is another person's ----------------------------------------------------------------


def test_another_person_s_item_opens_nothing(world, calls, victim, mallory, to_plaid):
    before = stored_of(world, victim)
    tried = 0
    known = described.known_of(mallory, mallory.item)
    for call in calls:
        if "X-Hive-Item" not in call.parts("header"):
            continue
        body = None if call.schema is None else described.sample(call.schema, known)
        if isinstance(body, dict) and "mode" in body:
            body["mode"] = "update"
        for parts in (parts_of(victim), parts_of(mallory)):
            answer = ask(mallory, call, parts=parts, body=body, item=victim.item.sealed)
            assert answer.status_code == 403, (call.label, answer.text)
            assert answer.json()["error"]["code"] == "sealed_token_refused"
            tried += 1
    assert tried >= 20
    kinds = [row["kind"] for row in world.rows(schema.AUDIT) if row["user_id"] == mallory.id]
    assert kinds.count("sealed_token_refused") == tried
    assert to_plaid == []
    assert stored_of(world, victim) == before


def test_another_person_s_ids_name_nothing(world, calls, victim, mallory, to_plaid):
    """Of links, exchanges, devices and items; banks are the same for all."""
    before = stored_of(world, victim)
    theirs = parts_of(victim)
    known = described.known_of(victim, victim.item)
    for call in calls:
        is_about = {"link_id", "device_id"} & set(call.parts("path"))
        if is_about or call.path.startswith("/api/v1/plaid/exchange"):
            body = None if call.schema is None else described.sample(call.schema, known)
            answer = ask(mallory, call, parts=theirs, body=body)
            assert answer.status_code == 404, (call.label, answer.text)
        if "item_id" in call.parts("path"):  # with a token of one's own
            assert ask(mallory, call, parts=theirs).status_code == 422
    body = {"password": known["password"], "items": [victim.item.sealed]}
    assert mallory.call("DELETE", "/auth/me", json=body).status_code == 403
    assert to_plaid == []
    assert stored_of(world, victim) == before


# ---- the web-socket --------------------------------------------------------------------------


def forged_tokens(world, person):
    """Tokens for the web-socket that look right."""
    (kid, key), *_ = world.relay.settings.jwt_keys.items()
    key = key.get_secret_value()
    now = int(world.relay.now().timestamp())
    good = {
        "sub": person.id, "email": person.email, "iat": now, "exp": now + 900, "type": "access",
        "jti": "j", "sid": person.device_id, "iss": world.relay.settings.issuer,
        "aud": "hive-relay",
    }  # fmt: skip

    def made(changes=(), *, key=key, alg="HS256", **headers):
        said = {**good, **dict(changes)}
        said = {name: value for name, value in said.items() if value is not None}
        return jwt.encode(said, key, alg, headers={"kid": kid, **headers})

    head, claims, signature = made().split(".")
    return {
        "right": made(),
        "alg none": made(key=None, alg="none"),
        "no signature": f"{head}.{claims}.",
        "another key": made(key="k" * 64),
        "another algorithm": made(alg="HS512"),
        "an unknown key id": made(kid="other"),
        "a path as key id": made(kid="../../dev/null", key="0" * 32),
        "expired": made({"iat": now - 2_000, "exp": now - 1_100}),
        "of the future": made({"iat": now + 600, "exp": now + 1_500}),
        "a refresh": made({"type": "refresh"}),
        "another issuer": made({"iss": "https://evil.example.org"}),
        "another audience": made({"aud": "other"}),
        "no device": made({"sid": None}),
        "an unknown device": made({"sid": "0" * 32}),
        "a device of no kind": made({"sid": ["a"]}),
        "the refresh token": person.refresh_token,
        "twice": f"{head}.{claims}.{signature}.{signature}",
    }


@pytest.mark.parametrize("way", ["header", "message"])
def test_forged_tokens_open_no_socket(world, victim, way):
    def connect(token):
        headers = {"Authorization": f"Bearer {token}"} if way == "header" else {}
        with world.http.websocket_connect("/api/v1/ws", headers=headers) as socket:
            if way == "message":
                socket.send_json({"type": "auth", "token": token})
            said = socket.receive_json()
            if said["type"] == "hello":
                return "hello"
            with pytest.raises(WebSocketDisconnect) as caught:
                socket.receive_json()
            return caught.value.code

    tokens = forged_tokens(world, victim)
    assert connect(tokens.pop("right")) == "hello"
    assert {name: connect(token) for name, token in tokens.items()} == dict.fromkeys(tokens, 4401)


# ---- web pages -------------------------------------------------------------------------------

FOREIGN = [
    "https://evil.example.org",
    "http://hive.example.org",
    f"{ORIGIN}.evil.org",
    f"{ORIGIN}:8443",
    "https://hive.example.orgx",
    f"https://evil.org/{ORIGIN}",
    "null",
    "*",
    f"{ORIGIN},https://evil.org",
]


@pytest.mark.parametrize("origin", FOREIGN)
def test_a_foreign_page_reads_nothing(mallory, origin):
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "Authorization",
    }
    preflight = mallory.world.http.request("OPTIONS", "/api/v1/me/data", headers=asked)
    assert (preflight.status_code, preflight.headers["content-type"]) == (400, "application/json")
    error = preflight.json()["error"]
    assert error["code"] == "not_allowed_from_there"
    assert error["request_id"] == preflight.headers["x-request-id"]
    plain = mallory.call("GET", "/me/data", headers={"Origin": origin})
    for answer in (preflight, plain):
        assert "access-control-allow-origin" not in answer.headers
    with (
        pytest.raises(Exception) as caught,  # noqa: PT011 - a refusal of any kind
        mallory.world.http.websocket_connect(
            "/api/v1/ws", headers={**mallory.headers, "Origin": origin}
        ),
    ):
        pass
    assert getattr(caught.value, "status_code", 403) == 403


def test_the_page_that_is_allowed_may(mallory):
    asked = {
        "Origin": ORIGIN,
        "Access-Control-Request-Method": "DELETE",
        "Access-Control-Request-Headers": "authorization,x-hive-item",
    }
    preflight = mallory.world.http.request("OPTIONS", "/api/v1/auth/me", headers=asked)
    refused = mallory.world.http.request("GET", "/api/v1/me/data", headers={"Origin": ORIGIN})
    assert (preflight.status_code, refused.status_code) == (204, 401)
    assert preflight.content == b""
    for answer in (preflight, refused):
        assert answer.headers["access-control-allow-origin"] == ORIGIN
        assert answer.headers["access-control-allow-credentials"] == "true"
        assert "origin" in answer.headers["vary"].lower()


@pytest.mark.parametrize("host", ["evil.example.org", "evil.example.org:1", "127.0.0.1", "a b", ""])
def test_the_host_header_decides_nothing(calls, mallory, host):
    """No address is made from it: none is sent anywhere else, and no link names it."""
    sent = {"Host": host, "X-Forwarded-Host": "evil.example.org", "Forwarded": "host=evil"}
    for path in ("/api/v1/accounts/", "/api/v1/auth/me/", "//evil.example.org/", "/healthz/"):
        answer = mallory.ask("GET", path, headers=sent, follow_redirects=False)
        assert answer.status_code == 404, path
        assert "location" not in answer.headers
    page = mallory.call("POST", "/plaid/link-token", json={"mode": "new"}, headers=sent)
    assert page.is_success
    assert "evil" not in page.text


def test_a_session_of_another_host_is_the_same(mallory):
    answer = mallory.call("GET", "/auth/me", headers={"Host": "evil.example.org"})
    assert answer.json()["email"] == mallory.email


def test_time_does_not_tell_whether_a_sealed_token_is_near(mallory):
    """One that differs in its last letter takes as long as one that differs in its first."""
    sealed = mallory.item.sealed
    middle = len(sealed) // 2

    def spent(token):
        started = time.perf_counter()
        assert mallory.call("GET", "/item", item=token).status_code == 403
        return time.perf_counter() - started

    def otherwise(at):
        letter = "B" if sealed[at] == "A" else "A"
        return f"{sealed[:at]}{letter}{sealed[at + 1 :]}"

    # In turn, so that what slows the machine for a while slows both.
    seen = [spent(otherwise((len(sealed) - 1, middle)[n % 2])) for n in range(30)]
    assert abs(min(seen[::2]) - min(seen[1::2])) < 0.01
