"""Answers that are no success, in one shape, and which status an error of the program has."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import msgspec
from starlette.responses import Response

from hive_desktop import i18n
from hive_desktop.ports.errors import (
    AiBusyError,
    AiError,
    AiOfflineError,
    AiRateLimitError,
    AiTimeoutError,
    ApiScopeError,
    ApiSignInError,
    ApiThrottledError,
    ApiTokenError,
    BankConfigError,
    BankError,
    BankGoneError,
    BankOfflineError,
    BankRateLimitError,
    BankRetryError,
    LinkError,
    UsageError,
    VaultError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hive_desktop.ports.errors import HiveError

_STATUS: Final[tuple[tuple[type[HiveError], int, str], ...]] = (
    (ApiSignInError, 401, "sign_in_refused"),
    (ApiTokenError, 401, "token_not_valid"),
    (ApiScopeError, 403, "scope_missing"),
    (ApiThrottledError, 429, "too_many_requests"),
    (UsageError, 422, "not_usable"),
    (BankConfigError, 409, "bank_not_set_up"),
    (BankGoneError, 409, "connection_gone"),
    (BankRateLimitError, 503, "bank_rate_limit"),
    (BankOfflineError, 503, "bank_offline"),
    (BankRetryError, 503, "bank_error"),
    (LinkError, 409, "link_not_finished"),
    (BankError, 409, "bank_refused"),
    (AiOfflineError, 503, "model_offline"),
    (AiBusyError, 503, "model_busy"),
    (AiTimeoutError, 503, "model_busy"),
    (AiRateLimitError, 503, "model_busy"),
    (AiError, 409, "model_refused"),
    (VaultError, 503, "vault_not_available"),
)
"""The first that fits holds; each error of the program that is not here is a 409."""


class ErrorDetail(msgspec.Struct):
    """What went wrong: `code` for a program, the rest for a person."""

    code: str
    title: str
    message: str
    hint: str


class ErrorBody(msgspec.Struct):
    """The body of every answer that is not a success."""

    error: ErrorDetail


class RefusalError(Exception):
    """A request that is refused. Nothing of it is secret.

    Args:
        status: of HTTP, 400 or more.
        detail: the answer's body.
        headers: more of the answer's.
    """

    def __init__(
        self, status: int, detail: ErrorDetail, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail.code)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})

    def answer(self) -> Response:
        """Return it as HTTP has it."""
        return Response(
            msgspec.json.encode(ErrorBody(self.detail)),
            self.status,
            self.headers,
            "application/json",
        )


def refusal(
    status: int, code: str, message: str, hint: str = "Correct the request, and send it again."
) -> RefusalError:
    """Return a refusal; its title is that of the status."""
    title = _TITLES.get(status, "The request is not valid")
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return RefusalError(status, ErrorDetail(code, title, message, hint), headers)


def not_found(noun: str) -> RefusalError:
    """Return the answer for what is not there."""
    return refusal(404, "not_found", f"There is no such {noun}.", "Check the id.")


def too_many(wait_s: float) -> RefusalError:
    """Return the answer for what comes too soon; it may come again in `wait_s` seconds."""
    seconds = max(1, math.ceil(wait_s))
    made = refusal(
        429,
        "too_many_requests",
        "Too many requests came in a short time.",
        f"Wait {seconds} seconds, and send it again.",
    )
    made.headers["Retry-After"] = str(seconds)
    return made


def too_many_connections() -> RefusalError:
    """Return the answer on a connection that is one too many; it is closed then."""
    made = refusal(
        503,
        "too_many_connections",
        "There are too many connections.",
        "Close some of them, or wait a second, and send it again.",
    )
    made.headers |= {"Retry-After": "1", "Connection": "close"}
    return made


def not_unlocked() -> RefusalError:
    """Return the answer where the vault is locked by now."""
    return refusal(503, "vault_not_available", "The vault was locked.", "Unlock it in Hive.")


def fault() -> RefusalError:
    """Return the answer to a fault of the program itself."""
    return refusal(500, "fault", "This is a fault of the program itself.", "Its log has more.")


def refusal_of(error: HiveError) -> RefusalError:
    """Return the refusal that an error of the program is, in English."""
    found = ((status, code) for kind, status, code in _STATUS if isinstance(error, kind))
    status, code = next(found, (409, "not_done"))
    with i18n.in_source_language():
        title, message, hint = error.rendered(in_window=False)
    made = RefusalError(status, ErrorDetail(code, title, message, hint))
    wait_s = getattr(error, "wait_s", 0.0)
    if wait_s:
        made.headers["Retry-After"] = str(max(1, math.ceil(wait_s)))
    if status == 401:
        made.headers["WWW-Authenticate"] = "Bearer"
    return made


_TITLES: Final = {
    401: "Sign in first",
    403: "Not allowed",
    404: "Not found",
    405: "Not in this way",
    408: "Too slow",
    413: "Too large",
    415: "Another media type is wanted",
    421: "Another address",
    426: "By a web-socket alone",
    429: "Too many requests",
    500: "Something went wrong",
    503: "Not available now",
}
