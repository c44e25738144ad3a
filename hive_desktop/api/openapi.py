"""The OpenAPI 3.1 document of the local API, made of its endpoints."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import msgspec

from hive_desktop import __version__
from hive_desktop.api.refusals import ErrorBody
from hive_desktop.api.surface import API, ENDPOINTS

if TYPE_CHECKING:
    from hive_desktop.api.endpoints import Endpoint

_TEMPLATE: Final = "#/components/schemas/{name}"
_IN_PATH: Final = re.compile(r"\{(\w+)\}")
_ABOUT: Final = (
    "The ledger of the vault that is open on this computer. Amounts are in minor units with their "
    "currency, and as decimal text; positive is money out. Programs are let in by a person, in "
    "Settings or by `hive api clients add`: none registers itself, and none is given the vault's "
    "passphrase. Tokens are sent in the header `Authorization: Bearer` alone, to the web-socket "
    "`/ws` too: a cookie or an address lets nobody in. The refresh token stands in bodies."
)
_REFUSALS: Final = {
    400: "It cannot be read",
    401: "Not signed in",
    403: "The scope is missing, or a web page asks",
    404: "Not found",
    408: "The body came too slowly",
    409: "It clashes with how things stand",
    413: "The body is too large",
    415: "The body is not application/json",
    421: "The Host header is none of this server's",
    422: "What was asked is not usable",
    429: "Too many requests; see Retry-After",
    503: "The vault is locked, or a bank or a model does not answer",
}


@cache
def document() -> bytes:
    """Return the document, as JSON."""
    kinds = [kind for one in ENDPOINTS for kind in (one.answer, one.asked) if kind is not None]
    schemas, components = msgspec.json.schema_components(
        [*kinds, ErrorBody], ref_template=_TEMPLATE
    )
    by_kind = dict(zip([*kinds, ErrorBody], schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for one in ENDPOINTS:
        paths.setdefault(one.path, {})[one.method.lower()] = _operation(one, by_kind, components)
    told = {
        "openapi": "3.1.0",
        "info": {
            "title": "Hive, local API",
            "version": __version__,
            "description": _ABOUT,
        },
        "servers": [{"url": API}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }
    return msgspec.json.encode(told)


def _operation(
    one: Endpoint, schemas: dict[Any, dict[str, Any]], components: dict[str, Any]
) -> dict[str, Any]:
    names = _IN_PATH.findall(one.path)
    uuid = {"type": "string", "format": "uuid"}
    parameters: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": uuid} for name in names
    ]
    told: dict[str, Any] = {
        "operationId": one.handler.__module__.rpartition(".")[2] + "_" + one.handler.__name__,
        "summary": one.summary,
        "tags": [one.path.split("/")[1]],
        "security": [] if one.is_open else [{"token": []}],
        "responses": {str(one.status): _answer(one, schemas)} | _refused(schemas),
    }
    if one.scope is not None:
        told["description"] = f"Needs the scope `{one.scope.value}`."
    if one.asked is not None and one.takes_body:
        content = {"application/json": {"schema": schemas[one.asked]}}
        told["requestBody"] = {"required": True, "content": content}
    elif one.asked is not None:
        fields = components[one.asked.__name__]["properties"]
        words = components[one.asked.__name__].get("description", "")
        told["description"] = f"{told.get('description', '')} {words}".strip()
        parameters += [_in_query(name, schema) for name, schema in fields.items()]
    if parameters:
        told["parameters"] = parameters
    return told


def _in_query(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """Return a parameter; what may be left out cannot be sent as null."""
    if "anyOf" in schema:
        (kept,) = [one for one in schema["anyOf"] if one.get("type") != "null"]
        schema = kept
    return {"name": name, "in": "query", "required": False, "schema": schema}


def _answer(one: Endpoint, schemas: dict[Any, dict[str, Any]]) -> dict[str, Any]:
    if one.answer is None:
        return {"description": "Done"}
    return {"description": "Done", "content": {"application/json": {"schema": schemas[one.answer]}}}


def _refused(schemas: dict[Any, dict[str, Any]]) -> dict[str, Any]:
    content = {"application/json": {"schema": schemas[ErrorBody]}}
    return {
        str(status): {"description": words, "content": content}
        for status, words in _REFUSALS.items()
    }
