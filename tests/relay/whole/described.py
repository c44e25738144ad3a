"""Requests that the relay's own description allows, so that a new field is attacked by itself."""

import re
from dataclasses import dataclass, field

from tests.relay.whole.world import PASSWORD

WORDS = ("get", "post", "put", "patch", "delete")


@dataclass
class Call:
    """One operation of the description, with a request that fits it."""

    method: str
    path: str
    tags: list
    parameters: dict = field(default_factory=dict)  # name -> (where, schema)
    body: object = None
    schema: dict | None = None
    kind: str = "application/json"

    @property
    def label(self):
        return f"{self.method} {self.path}"

    def parts(self, where):
        return [name for name, (place, _) in self.parameters.items() if place == where]

    def address(self, values):
        return re.sub(r"{(\w+)}", lambda found: str(values.get(found[1], "x")), self.path)


def calls(document):
    """Return all operations."""
    return [
        _call(document, method, path, said)
        for path, there in document["paths"].items()
        for method, said in there.items()
        if method in WORDS
    ]


def _call(document, method, path, said):
    body = (said.get("requestBody") or {}).get("content", {})
    schema = body.get("application/json", {}).get("schema")
    made = Call(method.upper(), path, said["tags"])
    for one in said.get("parameters", []):
        made.parameters[one["name"]] = (one["in"], one.get("schema", {}))
    if schema is not None:
        made.schema = resolved(document, schema)
    return made


def resolved(document, schema):
    """Return a schema without references, and without the null that it allows."""
    if "$ref" in schema:
        found = document
        for part in schema["$ref"].removeprefix("#/").split("/"):
            found = found[part]
        return resolved(document, found)
    for way in ("anyOf", "oneOf"):
        if way in schema:
            real = [one for one in schema[way] if one.get("type") != "null"]
            return resolved(document, real[0])
    made = dict(schema)
    if "properties" in made:
        made["properties"] = {
            name: resolved(document, one) for name, one in made["properties"].items()
        }
    if isinstance(made.get("items"), dict):
        made["items"] = resolved(document, made["items"])
    return made


def sample(schema, known, name=""):
    """Return a value that fits; `known` has those that must be right, by their names."""
    if name in known:
        return known[name]
    match schema.get("type"):
        case "object":
            there = schema.get("properties", {})
            made = {one: sample(part, known, one) for one, part in there.items()}
        case "array":
            made = [sample(schema.get("items", {}), known)]
        case "integer" | "number":
            made = max(1, schema.get("minimum", 1))
        case "boolean":
            made = False
        case _:
            made = schema.get("const", schema.get("enum", ["x" * schema.get("minLength", 1)])[0])
    return made


def strings(schema, at=()):
    """Yield the paths of all fields that are text, or may be anything."""
    kind = schema.get("type")
    if kind == "object" and "properties" in schema:
        for name, part in schema["properties"].items():
            yield from strings(part, (*at, name))
    elif kind == "array":
        yield from strings(schema.get("items", {}), (*at, 0))
    elif kind not in {"integer", "number", "boolean"}:
        yield at


def put(body, at, value):
    """Return a body with another value at a path."""
    if not at:
        return value
    if isinstance(body, list):
        return [put(body[0] if body else None, at[1:], value)]
    return {**(body or {}), at[0]: put((body or {}).get(at[0]), at[1:], value)}


def known_of(person, item):
    """What a request needs so that it is a good one."""
    return {
        "email": person.email,
        "password": PASSWORD,
        "old": PASSWORD,
        "new": f"{PASSWORD} once more",
        "device_name": "laptop",
        "refresh_token": person.refresh_token,
        "id": item.link_id,
        "bank": item.bank,
        "mode": "new",
        "completion_url": "http://127.0.0.1:5000/done",
        "language": "en",
        "country_codes": ["US"],
        "start_date": "2026-01-01",
        "end_date": "2026-11-01",
        "messages": [{"role": "user", "content": "hello"}],
        "cursor": "",
        "items": [],
        "invite": None,
    }
