"""Every error as an answer of one shape, whoever raised it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Match

from hive_desktop.relay.errors import RelayError, invalid_field, not_found
from hive_desktop.relay.store.store import StoreUnavailableError

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.requests import Request
    from starlette.types import Scope

_log = logging.getLogger(__name__)

_GONE: Final = 499
_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
UNAVAILABLE: Final = RelayError(
    503,
    "unavailable",
    "The relay cannot answer now",
    "Its database does not answer.",
    "Try again in a minute.",
    headers={"Retry-After": "5"},
)
_BROKEN: Final = RelayError(
    500,
    "internal",
    "Something went wrong in the relay",
    "The request met a fault of the relay's own.",
    "Try again; if it stays, tell whoever runs the relay the request id.",
)


def answer_of(refusal: RelayError, request_id: str) -> Response:
    """Return a refusal as an answer."""
    return Response(
        refusal.body(request_id).model_dump_json(),
        refusal.status,
        refusal.headers,
        media_type="application/json",
    )


def answer_to(exc: Exception, request_id: str) -> Response:
    """Return the answer to a request that ended with an error, which is logged if it is a fault."""
    if isinstance(exc, RelayError):
        return answer_of(exc, request_id)
    if isinstance(exc, RequestValidationError):
        return answer_of(invalid_field(exc.errors()), request_id)
    if isinstance(exc, HTTPException):
        # FastAPI reads bodies, and calls whatever happens then an error in the body.
        known = exc.__cause__ if isinstance(exc.__cause__, RelayError) else _of_http(exc)
        return answer_of(known, request_id)
    if isinstance(exc, StoreUnavailableError):
        _log.error("the database does not answer: %s", exc)
        return answer_of(UNAVAILABLE, request_id)
    if isinstance(exc, ClientDisconnect):
        return Response(status_code=_GONE)  # nobody reads it
    # `logs` writes its frames and not its text, which may hold parameters of a statement.
    _log.error("a fault: %s", type(exc).__name__, exc_info=exc)
    return answer_of(_BROKEN, request_id)


def install(app: FastAPI) -> None:
    """Answer every error of the application in the one shape."""

    async def answer(request: Request, exc: Exception) -> Response:
        if isinstance(exc, HTTPException) and exc.status_code == 405:
            # A router knows only the methods of the first route that fits.
            exc.headers = {"Allow": ", ".join(_methods_of(app, request.scope))}
        return answer_to(exc, request.scope["state"]["request_id"])

    kinds = (
        ClientDisconnect,
        RelayError,
        RequestValidationError,
        HTTPException,
        StoreUnavailableError,
        Exception,
    )
    for kind in kinds:
        app.add_exception_handler(kind, answer)


def _methods_of(app: FastAPI, scope: Scope) -> list[str]:
    """Return the methods that an address takes."""
    return [
        method
        for method in _METHODS
        if any(
            route.matches({**scope, "method": method})[0] is Match.FULL
            for route in app.router.routes
        )
    ]


def _of_http(exc: HTTPException) -> RelayError:
    if exc.status_code == 404:
        return not_found()
    if exc.status_code == 405:
        return RelayError(
            405,
            "method_not_allowed",
            "Not possible here",
            "This address does not take that method.",
            "See the relay's description at /openapi.json.",
            headers=exc.headers,
        )
    return RelayError(
        exc.status_code,
        "bad_request",
        "The request is not valid",
        "The request cannot be understood.",
        "Correct the request and send it again.",
        headers=exc.headers,
    )
