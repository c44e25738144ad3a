"""What web pages of other origins may ask, where whoever runs the relay allows any."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response

from hive_desktop.relay.errors import RelayError
from hive_desktop.relay.http.context import REQUEST_ID
from hive_desktop.relay.http.faults import answer_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.datastructures import Headers
    from starlette.types import ASGIApp

_REFUSED: Final = RelayError(
    400,
    "not_allowed_from_there",
    "Not allowed from that page",
    "Web pages of that origin may not send this request.",
    "Whoever runs the relay can allow it (HIVE_RELAY_CORS_ORIGINS).",
)


class CrossOrigin(CORSMiddleware):
    """Answers what a browser asks before a request, in the relay's shape where it is a no."""

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        super().__init__(
            app,
            allow_origins=origins,
            allow_credentials=True,
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["Authorization", "Content-Type", "X-Hive-Item", "X-Hive-Cookie"],
            expose_headers=["X-Request-Id", "X-Hive-Resealed", "Retry-After"],
        )

    def preflight_response(self, request_headers: Headers) -> Response:
        """Return the answer, without a body where it is a yes."""
        told = super().preflight_response(request_headers)
        is_yes = told.status_code < _REFUSED.status
        answer = Response(status_code=204) if is_yes else answer_of(_REFUSED, REQUEST_ID.get())
        for name, value in told.headers.items():
            if not name.startswith("content-"):
                answer.headers[name] = value
        return answer
