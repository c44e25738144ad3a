"""Request bodies checked as Plaid checks them: unknown fields, missing fields, then each value."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from hive_desktop.sandbox.errors import PlaidError
from hive_desktop.sandbox.request_tables import TABLES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from hive_desktop.sandbox.request_tables import Field

    Fields = Mapping[str, Field]

CREDENTIALS = ("client_id", "secret")


def check_request(path: str, body: dict[str, Any]) -> None:
    """Check a body against its path's table.

    Raises:
        PlaidError: UNKNOWN_FIELDS, MISSING_FIELDS or INVALID_FIELD; each names the fields.
    """
    table = TABLES[path]
    told = {name: value for name, value in body.items() if name not in CREDENTIALS}
    unknown = tuple(_unknown(table, told, ""))
    if unknown:
        raise PlaidError("UNKNOWN_FIELDS", fields=unknown)
    missing = tuple(_missing(table, told, ""))
    if missing:
        raise PlaidError("MISSING_FIELDS", fields=missing)
    for problem in _problems(table, told, ""):
        raise PlaidError("INVALID_FIELD", problem)


def _objects(spec: Field, value: Any) -> list[dict[str, Any]]:
    """The objects that a field with inner fields holds, however it holds them."""
    candidates = value if isinstance(value, list) else [value]
    return [] if spec.inside is None else [one for one in candidates if isinstance(one, dict)]


def _unknown(table: Fields, told: Mapping[str, Any], at: str) -> Iterator[str]:
    for name, value in told.items():
        spec = table.get(name)
        if spec is None:
            yield at + name
            continue
        for inner in _objects(spec, value):
            yield from _unknown(spec.inside or {}, inner, f"{at}{name}.")


def _missing(table: Fields, told: Mapping[str, Any], at: str) -> Iterator[str]:
    for name, spec in table.items():
        value = told.get(name)
        if spec.required and value is None:
            yield at + name
        for inner in _objects(spec, value):
            yield from _missing(spec.inside or {}, inner, f"{at}{name}.")


def _problems(table: Fields, told: Mapping[str, Any], at: str) -> Iterator[str]:
    for name, value in told.items():
        spec = table[name]
        if value is None:
            if not spec.nullable:
                yield f"{at}{name} must not be null"
            continue
        problem = _problem(spec, value)
        if problem:
            yield f"{at}{name} {problem}"
        for inner in _objects(spec, value):
            yield from _problems(spec.inside or {}, inner, f"{at}{name}.")


def _problem(spec: Field, value: Any) -> str | None:
    """What is wrong with one value, to be read after its name; None when nothing is."""
    if not _is_kind(spec.kind, value):
        return f"must be {_KIND_NAMES[spec.kind]}"
    if spec.kind == "list":
        return _list_problem(spec, value)
    if spec.choices is not None and value not in spec.choices:
        return f"must be one of: {', '.join(sorted(spec.choices))}"
    size = len(value) if spec.kind == "text" else value
    return _size_problem(spec, size, "characters" if spec.kind == "text" else "")


def _list_problem(spec: Field, value: list[Any]) -> str | None:
    inner = dict if spec.inside is not None else str
    if not all(isinstance(one, inner) for one in value):
        return "must be a list of objects" if inner is dict else "must be a list of strings"
    if spec.choices is not None and not spec.choices.issuperset(value):
        bad = ", ".join(sorted(set(value) - spec.choices))
        return f"has values that are not recognized: {bad}"
    return _size_problem(spec, len(value), "entries")


def _size_problem(spec: Field, size: float, unit: str) -> str | None:
    if spec.kind not in {"text", "list", "integer", "number"}:
        return None
    if spec.low is not None and size < spec.low:
        return f"must be at least {spec.low:g} {unit}".rstrip()
    if spec.high is not None and size > spec.high:
        return f"must be at most {spec.high:g} {unit}".rstrip()
    return None


_KIND_NAMES = {
    "text": "a string",
    "integer": "an integer",
    "number": "a number",
    "flag": "a boolean",
    "day": "a date (YYYY-MM-DD)",
    "list": "an array",
    "object": "an object",
    "any": "a value",
}
_KINDS: dict[str, tuple[type, ...]] = {
    "text": (str,),
    "integer": (int,),
    "number": (int, float),
    "flag": (bool,),
    "list": (list,),
    "object": (dict,),
    "any": (object,),
}


def _is_kind(kind: str, value: Any) -> bool:
    if kind == "day":
        return isinstance(value, str) and _is_day(value)
    if isinstance(value, bool) and kind in {"integer", "number"}:
        return False
    return isinstance(value, _KINDS[kind])


def _is_day(text: str) -> bool:
    try:
        return len(text) == 10 and bool(date.fromisoformat(text))
    except ValueError:
        return False
