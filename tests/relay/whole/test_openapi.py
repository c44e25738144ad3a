"""The whole application, asked whatever its own description allows, and much that it does not."""

import json
import re

import pytest
import schemathesis
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.specs.openapi import checks

from tests.relay.whole.world import METRICS_TOKEN, PASSWORD, a_world

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
MODES = [GenerationMode.POSITIVE, GenerationMode.NEGATIVE]
EXAMPLES = {GenerationMode.POSITIVE: 12, GenerationMode.NEGATIVE: 6}
CONFIG = {"seed": 1, "generation": {"with-security-parameters": False}}
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@pytest.fixture(scope="module")
def world(server, model, tmp_path_factory):
    """Without limits, which would answer nearly all of it."""
    folder = tmp_path_factory.mktemp("relay")
    with a_world(server, model, folder, limits=False) as running:
        yield running


@pytest.fixture(scope="module")
def document(world):
    return world.http.get("/openapi.json").json()


@pytest.fixture(scope="module")
def operations(document):
    loaded = schemathesis.openapi.from_dict(document, config=SchemathesisConfig.from_dict(CONFIG))
    return [found.ok() for found in loaded.get_all_operations()]


class Sender:
    """Sends generated requests, and compares the answers with the description."""

    def __init__(self, world):
        self.world = world
        self.statuses = {}

    def send(self, case, *, fits):
        del fits  # nothing is theirs
        self.deliver(case, {})

    def deliver(self, case, headers, *, more_checks=(), sign=None):
        asked = case.as_transport_kwargs(base_url="http://testserver", headers=headers)
        asked.pop("cookies", None)
        if "data" in asked:
            asked["content"] = asked.pop("data")
        if "json" in asked:
            asked["content"] = json.dumps(asked.pop("json"), default=repr).encode()
            asked["headers"].setdefault("Content-Type", "application/json")
        if sign:
            asked["headers"]["Plaid-Verification"] = sign(asked.get("content", b""))
        answer = self.world.http.request(
            asked.pop("method"), asked.pop("url"), follow_redirects=False, **asked
        )
        self.statuses.setdefault(case.operation.label, set()).add(int(answer.status_code))
        case.validate_response(answer, checks=[*CHECKS, *more_checks])


class AsPerson(Sender):
    """Sends them as somebody who is signed in; some are made to fit what there is."""

    def __init__(self, world):
        super().__init__(world)
        self.person = world.person()
        self.item = self.person.connect()

    def send(self, case, *, fits):
        label = case.operation.label
        person, item = self.person, self.item
        if "/auth/" in label:  # which may sign somebody out, or delete them
            person = self.world.person()
        if "/plaid/items/" in label:
            item = person.connect()
        headers = dict(person.headers)
        if "/metrics" in label:
            headers["Authorization"] = f"Bearer {METRICS_TOKEN}"
        if not fits:
            self.deliver(case, headers, more_checks=[checks.negative_data_rejection])
            return
        self._fit(case, person, item)
        if "/webhooks/" in label:
            self.deliver(case, headers, sign=self._signature)
        else:
            self.deliver(case, headers | {"X-Hive-Item": item.sealed})

    def _fit(self, case, person, item):
        parts = {
            "account_id": item.account_id,
            "institution_id": item.institution_id,
            "item_id": item.id,
            "link_id": item.link_id,
        }
        if "device_id" in (case.path_parameters or {}):
            parts["device_id"] = self.world.another_device(person).device_id
        for name in parts.keys() & (case.path_parameters or {}).keys():
            case.path_parameters[name] = parts[name]
        device = {"device_name": "d"}
        bodies = {
            "/plaid/exchange": {"id": item.link_id, "bank": item.bank},
            "/plaid/exchange/ack": {"id": item.link_id, "bank": item.bank},
            "/auth/register": {"email": f"x{person.email}", "password": PASSWORD, **device},
            "/auth/login": {"email": person.email, "password": PASSWORD, **device},
            "/auth/refresh": {"refresh_token": person.refresh_token},
            "/auth/password": {"old": PASSWORD, "new": f"{PASSWORD} {person.id}"},
            "/auth/me": {"password": PASSWORD},
            "/transactions/get": {"start_date": "2026-01-01", "end_date": "2026-11-01"},
            "/ai/v1/chat/completions": {"model": "any", "messages": [{"role": "user"}]},
        }
        body = bodies.get(case.path.removeprefix("/api/v1"))
        if body is not None and case.operation.body:
            case.body = body
            case.media_type = "application/json"
            case.headers.pop("X-Hive-Cookie", None)

    def _signature(self, body):
        at = int(self.world.relay.now().timestamp())
        return self.world.bank.courier._signer.sign(body, at)


def run(operations, sender, examples):
    """Ask every operation; returns the statuses of each."""
    for operation in operations:
        for mode, most in examples.items():
            if mode is GenerationMode.NEGATIVE and not takes_anything(operation):
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
                sender.send(case, fits=fits)

            one()
    return sender.statuses


def takes_anything(operation):
    return bool(operation.body) or any(True for _ in operation.iter_parameters())


@pytest.mark.full
def test_as_somebody_who_is_signed_in(world, operations):
    statuses = run(operations, AsPerson(world), EXAMPLES)
    assert len(statuses) == len(operations)
    # Whatever is compared would tell little, were all of it refusals.
    assert [label for label, found in statuses.items() if not found & {200, 201, 204}] == []


def test_as_nobody(world, operations):
    statuses = run(operations, Sender(world), {GenerationMode.POSITIVE: 3})
    open_to_all = {label for label, found in statuses.items() if found & {200, 201, 204}}
    assert {"GET /healthz", "GET /readyz"} <= open_to_all
    assert open_to_all <= {"GET /healthz", "GET /readyz", "POST /api/v1/auth/register"}


@pytest.mark.full
@pytest.mark.timeout(1800)
def test_at_length(world, operations):
    run(operations, AsPerson(world), dict.fromkeys(MODES, 100))
    run(operations, Sender(world), dict.fromkeys(MODES, 20))


def test_a_method_that_is_not_there_is_told_which_are(world, document):
    """Also where one address has several of them, or is meant by two patterns."""
    patterns = {
        re.compile(re.sub(r"\{\w+\}", "[^/]+", path)): {method.upper() for method in there}
        for path, there in document["paths"].items()
    }
    for path in document["paths"]:
        address = path.replace("{", "").replace("}", "")
        there = set().union(*(found for one, found in patterns.items() if one.fullmatch(address)))
        for method in set(METHODS) - there:
            answer = world.http.request(method, address)
            assert answer.status_code == 405, (method, path)
            assert set(answer.headers["allow"].split(", ")) == there
