"""What a model server's refusals mean here. Its own words are read, and never passed on."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Final

from hive_desktop.ports import errors

if TYPE_CHECKING:
    from collections.abc import Mapping

_USED_UP: Final = frozenset(
    {
        "insufficient_quota",
        "credit_balance_exhausted",
        "organization_spend_limit_exceeded",
        "project_spend_limit_exceeded",
        "organization_usage_limit_exceeded",
        "ai_budget_spent",  # a relay's
    }
)
_TOO_LONG: Final = re.compile(
    r"context.?(?:length|size|window)|maximum context|exceed_context|too many tokens", re.IGNORECASE
)
_NO_MODEL: Final = re.compile(r"\bmodel\b", re.IGNORECASE)
_NO_TOOLS: Final = re.compile(r"(?:support|enable).{0,20}\btools?\b|\btool.choice\b", re.IGNORECASE)
_CODE: Final = re.compile(r"[A-Za-z0-9_.-]{1,60}")
LONGEST_WAIT_S: Final = 3_600.0


class FieldRefusedError(errors.AiError):
    """A field of the request that this server or model does not take: `code` names it."""


class AnswerTooLongError(errors.AiError):
    """Whoever answers goes on far beyond what any answer of a model has."""

    default_title = "The model's answer is too long"
    default_message = "The server sent more than any model's answer has, so it was not read."
    default_hint = "Check that the address is that of a model's server."


def explain(
    status: int | None,
    code: str,
    kind: str,
    words: str,
    *,
    param: str = "",
    headers: Mapping[str, str] | None = None,
) -> errors.AiError:
    """Return the error for a refusal.

    Args:
        status: of HTTP; None where no answer came.
        code: the server's, a number at some.
        kind: the server's `type`.
        words: its message, which is looked into and not kept.
        param: the field that it names.
        headers: of the answer.
    """
    word = next((w for w in (code, kind) if _CODE.fullmatch(w)), f"HTTP_{status}")
    if status is None:
        return errors.AiOfflineError(code=word)
    if status == 402 or (status == 429 and (code in _USED_UP or kind in _USED_UP)):
        return errors.AiQuotaError(code=word)
    if status == 429:
        return errors.AiRateLimitError(code=word, wait_s=wait_of(headers or {}))
    if status in (408, 409) or status >= 500:
        return errors.AiBusyError(code=word, wait_s=wait_of(headers or {}))
    if status == 413 or (status == 400 and _TOO_LONG.search(f"{code} {kind} {words}")):
        return errors.AiTooLongError(code=word)
    return _settings_fault(status, word, words) or _field_fault(status, param, words, word)


def _settings_fault(status: int, word: str, words: str) -> errors.AiError | None:
    """Return what is wrong with the key, the model or the address, if that is it."""
    is_model = word == "model_not_found" or bool(_NO_MODEL.search(words))
    if status == 401 or (status == 403 and "model" not in word):
        return errors.AiKeyError(code=word)
    if status == 403 or (status == 404 and is_model):
        return errors.AiModelError(code=word)
    if status == 404:
        return errors.AiSettingsError(
            "Nothing answers to this at the model's address.",
            hint="The address should end with /v1.",
            code=word,
        )
    if 300 <= status < 400:
        return errors.AiSettingsError(
            "The model's address sends requests elsewhere, which Hive does not follow.", code=word
        )
    return None


def _field_fault(status: int, param: str, words: str, word: str) -> errors.AiError:
    field = param.split(".", maxsplit=1)[0].split("[", maxsplit=1)[0]
    if status in (400, 422) and not field and "response_format" in words:
        field = "response_format"
    if status in (400, 422) and not field and _NO_TOOLS.search(words):
        field = "tools"
    if status in (400, 422) and field and _CODE.fullmatch(field):
        return FieldRefusedError(code=field)
    return errors.AiError(code=word)


def wait_of(headers: Mapping[str, str]) -> float:
    """Return for how many seconds a server asks to wait, at most an hour; 0 where it does not."""
    for name, unit in (("retry-after-ms", 0.001), ("retry-after", 1.0)):
        try:
            seconds = float(headers.get(name, "")) * unit
        except ValueError:
            continue
        if math.isfinite(seconds) and seconds >= 0:
            return min(seconds, LONGEST_WAIT_S)
    return 0.0
