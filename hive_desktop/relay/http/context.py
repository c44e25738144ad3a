"""What a request knows about itself: its id, and where it came from."""

from __future__ import annotations

import secrets
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection

REQUEST_ID: Final[ContextVar[str]] = ContextVar("request_id", default="")
"""The id of the request under way; log lines carry it."""


def new_request_id() -> str:
    """Return 24 letters that no other request has."""
    return secrets.token_hex(12)


def address_of(request: HTTPConnection) -> str:
    """Return the address that the request truly came from (see `addresses`)."""
    address: str = request.scope["state"]["address"]
    return address
