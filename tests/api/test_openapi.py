"""The server does what its description says, whatever it is asked, and never breaks."""

import json
import re
import uuid

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi import checks

from hive_desktop.api.surface import API, ENDPOINTS
from hive_desktop.domain.ledger import TransactionQuery
from tests.api.world import FREE, LinkingBank, beside
from tests.unit.services.world import Vault

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
]
CONFIG = {"seed": 1, "generation": {"with-security-parameters": False}}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
OPEN = ("/auth/prove", "/auth/login", "/auth/refresh")
POSITIVE, NEGATIVE = GenerationMode.POSITIVE, GenerationMode.NEGATIVE


class Asked:
    """A server, its description, and who asks it."""

    def __init__(self, served, there):
        self.url = served.url + API
        self.http = httpx.Client(base_url=served.url, trust_env=False, timeout=60)
        self.clients = served.session.api_clients
        self.document = self.http.get(f"{API}/openapi.json").json()
        self.client, self.secret, _ = there(served.client())
        (self.account,) = there(served.session.ledger.accounts())
        self.row = there(served.session.ledger.page(TransactionQuery()))[0]
        config = SchemathesisConfig.from_dict(CONFIG)
        loaded = schemathesis.openapi.from_dict(self.document, config=config)
        self.operations = [found.ok() for found in loaded.get_all_operations()]
        self.statuses = {}
        self.headers = {}
        self.sign_in()

    def sign_in(self):
        self.clients._failed.clear()  # as a minute would do
        given = {"client_id": self.client.client_id, "client_secret": self.secret}
        tokens = self.http.post(f"{API}/auth/login", json=given).json()
        self.headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        return tokens

    def fit(self, case):
        """Let a request mean what is there."""
        path = case.operation.path
        ids = {"account_id": self.account.id, "transaction_id": self.row.id}
        for name in ids.keys() & (case.path_parameters or {}).keys():
            case.path_parameters[name] = str(uuid.UUID(bytes=ids[name]))
        if "{session_id}" in path:
            made = self.http.post(f"{API}/chat/sessions", headers=self.headers)
            case.path_parameters["session_id"] = made.json()["id"]
        bodies = {
            "/auth/login": {
                "client_id": self.client.client_id,
                "client_secret": self.secret,
            },
            "/auth/refresh": lambda: {"refresh_token": self.sign_in()["refresh_token"]},
            "/transactions/{transaction_id}": {"category": "Shopping"},
            "/transactions/sync": {},
        }
        body = bodies.get(path.removeprefix(API))
        if body is not None and case.operation.body:
            case.body = body() if callable(body) else body
            case.media_type = "application/json"
        if path.endswith("/transactions") or "/spending/" in path:
            case.query = {"start_date": "2026-01-01", "end_date": "2026-03-31"}

    def send(self, case, *, fits, signed=True):
        if fits:
            self.fit(case)
        if case.operation.path.endswith("/auth/logout") and signed:
            self.sign_in()
        headers = self.headers if signed else {}
        asked = case.as_transport_kwargs(base_url=self.url, headers=headers)
        asked.pop("cookies", None)
        if "data" in asked:
            asked["content"] = asked.pop("data")
        if "json" in asked:
            asked["content"] = json.dumps(asked.pop("json"), default=repr).encode()
            asked["headers"].setdefault("Content-Type", "application/json")
        asked["headers"] = {
            name: value for name, value in asked["headers"].items() if name != "User-Agent"
        }
        answer = self.http.request(asked.pop("method"), asked.pop("url"), **asked)
        self.statuses.setdefault(case.operation.label, set()).add(answer.status_code)
        case.validate_response(
            schemathesis.Response.from_httpx(answer, verify=False), checks=CHECKS
        )
        if case.operation.path.endswith("/auth/logout"):
            self.sign_in()

    def run(self, examples, *, signed=True):
        for operation in self.operations:
            for mode, most in examples.items():
                if mode is NEGATIVE and not takes_anything(operation):
                    continue

                @seed(1)
                @settings(
                    max_examples=most,
                    deadline=None,
                    database=None,
                    suppress_health_check=list(HealthCheck),
                )
                @given(case=operation.as_strategy(generation_mode=mode), fits=st.booleans())
                def one(case, fits):
                    self.send(case, fits=fits, signed=signed)

                one()
        return self.statuses


def takes_anything(operation):
    return bool(operation.body) or any(True for _ in operation.iter_parameters())


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patched:
        vault = Vault(tmp_path_factory.mktemp("api") / "vault", patched, bank=LinkingBank())
        with beside(vault, FREE) as (served, there):
            made = Asked(served, there)
            yield made
            made.http.close()


def test_every_route_is_described_and_needs_a_token_where_it_says_so(asked):
    paths = asked.document["paths"]
    described = {(method.upper(), path) for path, of in paths.items() for method in of}
    assert described == {(one.method, one.path) for one in ENDPOINTS}
    for path, methods in paths.items():
        for method, told in methods.items():
            is_open = path in OPEN
            assert bool(told["security"]) is not is_open, path
            assert len({one["name"] for one in told.get("parameters", ())}) == len(
                told.get("parameters", ())
            ), method
    names = [told["operationId"] for of in paths.values() for told in of.values()]
    assert len(set(names)) == len(names)


def test_the_page_brings_all_that_it_shows_and_has_no_data(asked):
    answer = asked.http.get(f"{API}/docs")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    page, policy = answer.text, answer.headers["content-security-policy"]
    assert not re.search(r"<script|\bon\w+=|\bsrc=|@import|url\(|<link|<form|<iframe", page)
    assert re.findall(r'href="([^"]*)"', page) == ["/api/v1/openapi.json"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    for one in ENDPOINTS:
        assert f"<code>{API}{one.path}</code>" in page
    for word in ("Bakery", "Account first", asked.client.client_id):
        assert word not in page
        assert word not in json.dumps(asked.document)


def test_a_method_that_is_not_there_is_told_which_are(asked):
    paths = asked.document["paths"]
    patterns = {
        re.compile(re.sub(r"\{\w+\}", "[^/]+", path)): {method.upper() for method in there}
        for path, there in paths.items()
    }
    for path in paths:
        address = path.replace("{", "").replace("}", "")
        there = set().union(*(found for one, found in patterns.items() if one.fullmatch(address)))
        for method in set(METHODS) - there:
            answer = asked.http.request(method, API + address)
            assert answer.status_code == 405, (method, path)
            assert answer.json()["error"]["code"] == "not_allowed"
            allowed = set(answer.headers["allow"].split(", ")) - {"HEAD"}
            assert allowed <= there
            assert allowed
    missing = asked.http.get(f"{API}/nothing")
    assert (missing.status_code, missing.json()["error"]["code"]) == (404, "not_found")
    assert asked.http.get(f"{API}/accounts/", headers=asked.headers).status_code == 404


BANK = {"POST /plaid/exchange", "DELETE /plaid/items/{item_id}"}
"""What needs a person at a bank, and has tests of its own."""
ELSEWHERE = BANK | {"POST /chat/sessions/{session_id}/restore"}
"""That, and what needs a conversation that was deleted, which test_routes has."""


def refused(statuses):
    """Whatever is compared would tell little, were all of it refusals."""
    return {label for label, found in statuses.items() if not found & {200, 201, 204}}


def test_whatever_is_asked_it_does_not_break(asked):
    statuses = asked.run({POSITIVE: 5, NEGATIVE: 3})
    assert len(statuses) == len(ENDPOINTS)
    assert refused(statuses) <= ELSEWHERE


def test_whatever_nobody_asks_it_does_not_break(asked):
    before = dict(asked.statuses)
    asked.statuses = {}
    statuses = asked.run({POSITIVE: 1}, signed=False)
    asked.statuses = before
    for label, found in statuses.items():
        if not label.endswith(OPEN):
            assert found == {401}, label


@pytest.mark.full
@pytest.mark.timeout(1800)
def test_at_length(asked):
    statuses = asked.run({POSITIVE: 100, NEGATIVE: 60})
    assert refused(statuses) <= ELSEWHERE
