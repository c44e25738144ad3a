"""The form of a question about categories, and the reading of what comes back.

A server may ignore the form: JSON in a code fence or between prose, categories in another case and
numbers as ids are understood; ids that nobody sent make the whole answer worthless.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from hive_desktop.config import resources_dir
from hive_desktop.ports.ai import Answer
from hive_desktop.ports.errors import AiAnswerError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hive_desktop.adapters.ai.profiles import Profile
    from hive_desktop.ports.ai import Example, MerchantQuestion

_TOKENS_AN_ANSWER: Final = 48
_THOUGHTS: Final = re.compile(r"<think>.*?(?:</think>|$)", re.DOTALL)
_FENCE: Final = re.compile(r"```(?:json)?\s*(.*?)```", re.DOTALL | re.IGNORECASE)
_MOST_STARTS: Final = 20

SCHEMA, OBJECT, PROMPT = "schema", "object", "prompt"
"""How an answer's form is asked for: by a schema, as any JSON, or in words alone."""


class Reading(NamedTuple):
    """What was understood of an answer; `is_exact` when nothing had to be made good."""

    answers: list[Answer]
    is_exact: bool


def request(
    profile: Profile,
    model: str,
    questions: Sequence[MerchantQuestion],
    categories: Sequence[str],
    examples: Sequence[Example],
    form: str,
) -> dict[str, Any]:
    """Return the fields of a Chat Completions request."""
    prompt = (resources_dir() / "prompts" / "categorize.txt").read_text(encoding="utf-8").strip()
    if form != SCHEMA:
        prompt += (
            "\nAnswer with JSON alone, in this form: "
            '{"items":[{"id":"1","category":"...","confidence":0.9}]}'
        )
    data = {
        "categories": list(categories),
        "examples": [
            {"text": one.text.text, "direction": one.direction, "category": one.category}
            for one in examples
        ],
        "merchants": [
            {
                "id": one.id,
                "text": one.text.text,
                "amount": one.amount,
                "currency": one.currency,
                "direction": one.direction,
            }
            for one in questions
        ],
    }
    fields: dict[str, Any] = {
        "model": model,
        "messages": [
            {"role": profile.role, "content": prompt},
            {
                "role": "user",
                "content": json.dumps(data, ensure_ascii=False, separators=(",", ":")),
            },
        ],
        "temperature": 0,
        profile.token_param: profile.spare_tokens + _TOKENS_AN_ANSWER * len(questions),
    }
    if profile.send_effort:
        fields["reasoning_effort"] = "none"
    if profile.send_store:
        fields["store"] = False
    if form == SCHEMA:
        fields["response_format"] = {
            "type": "json_schema",
            "json_schema": {"name": "categories", "strict": True, "schema": schema(categories)},
        }
    elif form == OBJECT:
        fields["response_format"] = {"type": "json_object"}
    return fields


def schema(categories: Sequence[str]) -> dict[str, Any]:
    """Return the strict schema of an answer."""
    item = {
        "type": "object",
        "additionalProperties": False,
        "required": ["id", "category", "confidence"],
        "properties": {
            "id": {"type": "string"},
            "category": {"type": "string", "enum": list(categories)},
            "confidence": {"type": "number"},
        },
    }
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["items"],
        "properties": {"items": {"type": "array", "items": item}},
    }


def read(content: str, ids: Sequence[str], categories: Sequence[str]) -> Reading:
    """Return the usable answers in a model's text, each id at most once.

    Raises:
        AiAnswerError: there is no JSON of the form in it, or an id that was not sent.
    """
    items, is_exact = _items(content)
    by_name = {name.casefold().strip(): name for name in categories}
    sent = frozenset(ids)
    found: dict[str, Answer | None] = {}
    for item in items:
        key, is_text = _id(item)
        if key not in sent:
            raise AiAnswerError(code="WRONG_IDS")
        category = item.get("category")
        name = by_name.get(category.casefold().strip()) if isinstance(category, str) else None
        confidence = _confidence(item.get("confidence"))
        is_exact = is_exact and is_text and name == category
        is_usable = name is not None and confidence is not None and key not in found
        found[key] = Answer(key, name or "", confidence or 0.0) if is_usable else None
    answers = [one for one in found.values() if one is not None]
    return Reading(answers, is_exact and len(answers) == len(sent))


def _items(content: str) -> tuple[list[dict[str, Any]], bool]:
    value = _json(content)
    if (items := _list_of(value)) is not None:
        return items, isinstance(value, dict)
    bare = _THOUGHTS.sub("", content)
    for part in [*_FENCE.findall(bare), bare]:
        for value in _values(part):
            if (items := _list_of(value)) is not None:
                return items, False
    raise AiAnswerError(code="NO_JSON")


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _values(text: str) -> list[object]:
    """Return the JSON values that begin somewhere in a text."""
    decoder, values = json.JSONDecoder(), []
    for start in [found.start() for found in re.finditer(r"[{\[]", text)][:_MOST_STARTS]:
        try:
            values.append(decoder.raw_decode(text, start)[0])
        except (ValueError, RecursionError):
            continue
    return values


def _list_of(value: object) -> list[dict[str, Any]] | None:
    if isinstance(value, dict):
        value = value.get("items")
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        return None
    return value


def _id(item: Mapping[str, Any]) -> tuple[str, bool]:
    value = item.get("id")
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value), False
    return (value, True) if isinstance(value, str) else ("", False)


def _confidence(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # Not cut to size: who is sure by 1e9 says nothing of how sure it is.
    return float(value) if 0 <= value <= 1 else None
