"""A client of the simulated bank in the same process, and Plaid's published spec if it is there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker
from starlette.testclient import TestClient

from hive_desktop.sandbox.app import create_app
from hive_desktop.sandbox.bank import BankOptions, custom_bank, household_bank

if TYPE_CHECKING:
    from hive_desktop.sandbox.bank import Bank

TODAY = dt.date(2026, 11, 23)
KEYS = {"PLAID-CLIENT-ID": "sandbox-client", "PLAID-SECRET": "sandbox-secret"}
CONTROL = {"X-Sandbox-Control": "1"}
SHARED = Path(__file__).resolve().parents[2] / "../shared"
SPEC = SHARED / "contracts/plaid-openapi.yml"


@dataclass
class Caller:
    """Speaks to one bank as a client with the right keys."""

    bank: Bank
    http: TestClient

    def raw(self, path, body=None, **options):
        headers = {**KEYS, **options.pop("headers", {})}
        return self.http.post(path, json=body or {}, headers=headers, **options)

    def post(self, path, **body):
        answer = self.raw(path, body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refused(self, path, **body):
        """The error of a request that must not succeed."""
        answer = self.raw(path, body)
        told = answer.json()
        assert answer.status_code >= 400, told
        return told | {"http": answer.status_code}

    def control(self, name, **body):
        answer = self.http.post(f"/control/{name}", json=body, headers=CONTROL)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def state(self):
        return self.http.get("/control/state", headers=CONTROL).json()

    def link(self, institution_id=None, **login):
        """Link a bank through the control API; returns the access token."""
        told = self.control(
            "link", **({"institution_id": institution_id} if institution_id else {}), **login
        )
        return self.post("/item/public_token/exchange", public_token=told["public_token"])[
            "access_token"
        ]

    def link_plaid(self, institution_id="ins_109508", days=730, **options):
        """Link through Plaid's own sandbox path; returns the access token."""
        told = self.post(
            "/sandbox/public_token/create",
            institution_id=institution_id,
            initial_products=["transactions"],
            options={"transactions": {"days_requested": days}, **options},
        )
        return self.post("/item/public_token/exchange", public_token=told["public_token"])[
            "access_token"
        ]

    def pages(self, token, cursor="", count=500, **options):
        """All pages of a sync loop from a cursor."""
        found = []
        while True:
            body = {"access_token": token, "cursor": cursor, "count": count}
            page = self.post(
                "/transactions/sync", **body, **({"options": options} if options else {})
            )
            found.append(page)
            cursor = page["next_cursor"]
            if not page["has_more"]:
                return found

    def sync(self, token, cursor="", count=500, **options):
        """(rows by id, next cursor) after a whole loop from a cursor."""
        rows = {}
        pages = self.pages(token, cursor, count, **options)
        for page in pages:
            rows |= {row["transaction_id"]: row for row in page["added"] + page["modified"]}
            for row in page["removed"]:
                rows.pop(row["transaction_id"], None)
        return rows, pages[-1]["next_cursor"]


@pytest.fixture
def household():
    """Builds a client of the default household: ``household(**options)``."""

    def build(today=TODAY, seed=7, **options):
        bank = household_bank(seed=seed, today=today, options=BankOptions(**options))
        return Caller(bank, TestClient(create_app(bank), follow_redirects=False))

    return build


@pytest.fixture
def custom():
    """Builds a client of a bank that holds custom users: ``custom(user, ...)``."""

    def build(*users, today=TODAY, **options):
        bank = custom_bank(users, today=today, options=BankOptions(**options))
        return Caller(bank, TestClient(create_app(bank), follow_redirects=False))

    return build


def as_json_schema(node):
    """OpenAPI 3.0's dialect as JSON Schema: ``nullable`` becomes a type and an enum value."""
    if isinstance(node, list):
        return [as_json_schema(one) for one in node]
    if not isinstance(node, dict):
        return node
    schema = {
        name: as_json_schema(one)
        for name, one in node.items()
        if name not in {"nullable", "example", "examples"}
    }
    if node.get("nullable") is not True:
        return schema
    if "enum" in schema and None not in schema["enum"]:
        schema["enum"] = [*schema["enum"], None]
    if isinstance(schema.get("type"), str):
        schema["type"] = [schema["type"], "null"]
        return schema
    return {"anyOf": [{"type": "null"}, schema]}


@cache
def load_spec():
    raw = yaml.load(SPEC.read_text(encoding="utf-8"), yaml.CSafeLoader)
    schemas = {name: as_json_schema(one) for name, one in raw["components"]["schemas"].items()}
    return raw, schemas


class Spec:
    """Plaid's published spec, ready to check answers and webhooks."""

    def __init__(self):
        self.raw, self.schemas = load_spec()

    def check(self, schema_name, value):
        schema = {
            "$ref": f"#/components/schemas/{schema_name}",
            "components": {"schemas": self.schemas},
        }
        validator = Draft202012Validator(schema, format_checker=FormatChecker(["date"]))
        problems = [
            f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(value)
        ]
        assert not problems, problems[:5]

    def response_of(self, path):
        content = self.raw["paths"][path]["post"]["responses"]["200"]["content"]
        return content["application/json"]["schema"]["$ref"].rsplit("/", 1)[-1]

    def request_of(self, path):
        content = self.raw["paths"][path]["post"]["requestBody"]["content"]
        name = content["application/json"]["schema"]["$ref"].rsplit("/", 1)[-1]
        return self.raw["components"]["schemas"][name]


@pytest.fixture(scope="session")
def spec():
    if not SPEC.exists():
        pytest.skip("Plaid's published spec is not beside this checkout")
    return Spec()
