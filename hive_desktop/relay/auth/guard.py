"""Who makes a request? On every request's path, so it makes nothing that it does not need."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from hive_desktop.relay.errors import unauthorized
from hive_desktop.relay.http.limits import Rule

if TYPE_CHECKING:
    from starlette.requests import HTTPConnection
    from starlette.types import Scope

    from hive_desktop.relay.auth.caller import Caller
    from hive_desktop.relay.relay import Relay

_HEADER: Final = b"authorization"
_SCHEME: Final = "bearer"


async def caller_of(relay: Relay, request: HTTPConnection) -> Caller:
    """Return who makes a request, and count it.

    Raises:
        RelayError: 401 without a valid access token of a device that is signed in; 429 when this
            person makes too many requests.
        StoreUnavailableError: the database does not say whether the device is signed in.
    """
    caller = relay.signer.read(bearer_of(request.scope))
    if not await relay.sessions.is_live(caller.device_id):
        raise unauthorized()
    await relay.limits.hit(_calls(relay.settings.calls_per_minute), caller.user_id)
    return caller


def bearer_of(scope: Scope) -> str:
    """Return the token of the one Authorization header (RFC 6750, section 2.1).

    Raises:
        RelayError: 401; there is none, more than one, or it is of another scheme.
    """
    values = [value for name, value in scope["headers"] if name == _HEADER]
    if len(values) != 1:
        raise unauthorized()
    header: bytes = values[0]
    scheme, _, rest = header.decode("latin-1").partition(" ")
    token = rest.strip(" ")
    if scheme.lower() != _SCHEME or not token:
        raise unauthorized()
    return token


@lru_cache(maxsize=4)
def _calls(amount: int) -> Rule:
    return Rule("calls", amount, 60)
