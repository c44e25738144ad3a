"""Access tokens: signed statements that a person's device may make requests for fifteen minutes.

HS256 only, under keys that have names, so that a new key may sign while tokens of the one before
it still hold. Every doubt is one and the same refusal.
"""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

import jwt
import msgspec

from hive_desktop.relay.auth.caller import Caller
from hive_desktop.relay.errors import unauthorized

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jwt.types import Options
    from pydantic import SecretStr

LIFETIME: Final = timedelta(minutes=15)
AUDIENCE: Final = "hive-relay"
_ALGORITHM: Final = "HS256"
_TYPE: Final = "access"
# Relays behind one balancer need not agree to the second on when a token was signed.
_CLOCK_SKEW_S: Final = 10
_LONGEST: Final = 2048
_MOST_KNOWN: Final = 4096
# PyJWT proves the signature; what the claims say is judged here, by the relay's own clock.
_OPTIONS: Final[Options] = {"verify_signature": True, "verify_exp": False, "verify_iat": False}


class _Claims(msgspec.Struct, frozen=True):
    """What an access token says; a claim that is missing or of another kind is a refusal."""

    sub: str
    email: str
    iat: int
    exp: int
    type: Literal["access"]
    jti: str
    sid: str
    iss: str
    aud: str


class TokenSigner:
    """Signs access tokens and reads them.

    Args:
        keys: secrets by their ids; the first one signs, each of them may have signed.
        issuer: who signs, as `iss` says it.
        now: the instant, aware.
    """

    def __init__(
        self, keys: Mapping[str, SecretStr], *, issuer: str, now: Callable[[], datetime]
    ) -> None:
        self._keys = {key_id: key.get_secret_value().encode() for key_id, key in keys.items()}
        self._signing = next(iter(self._keys))
        self._issuer = issuer
        self._now = now
        # What a valid token says never changes; whether it says so in time is judged each time.
        self._claims_of = lru_cache(_MOST_KNOWN)(self._verified)

    def access(self, user_id: str, email: str, device_id: str) -> tuple[str, datetime]:
        """Return a new access token and when it ends.

        Args:
            user_id: the claim `sub`.
            email: the person's address, for show.
            device_id: the claim `sid`; when the device is revoked the token is worth nothing.
        """
        issued = self._now().replace(microsecond=0)
        expires = issued + LIFETIME
        claims = {
            "sub": user_id,
            "email": email,
            "iat": int(issued.timestamp()),
            "exp": int(expires.timestamp()),
            "type": _TYPE,
            "jti": secrets.token_urlsafe(12),
            "sid": device_id,
            "iss": self._issuer,
            "aud": AUDIENCE,
        }
        key = self._keys[self._signing]
        token = jwt.encode(claims, key, _ALGORITHM, headers={"kid": self._signing})
        return token, expires

    def read(self, token: str) -> Caller:
        """Return who a token names.

        The token alone does not say that its device is still signed in: see `Sessions.is_live`.

        Raises:
            RelayError: 401; it is not a valid access token of this relay.
        """
        try:
            claims = self._claims_of(token)
        # Deep nesting in a token's JSON ends in a RecursionError.
        except (jwt.PyJWTError, msgspec.ValidationError, ValueError, RecursionError):
            raise unauthorized() from None
        now = self._now().timestamp()
        if not claims.iat - _CLOCK_SKEW_S <= now < claims.exp:
            raise unauthorized()
        expires = datetime.fromtimestamp(claims.exp, UTC)
        return Caller(claims.sub, claims.email, claims.sid, expires)

    def _verified(self, token: str) -> _Claims:
        if len(token) > _LONGEST:
            raise ValueError("too long")
        key = self._keys.get(jwt.get_unverified_header(token).get("kid", ""))
        if key is None:
            raise ValueError("no such key")
        said = jwt.decode(
            token,
            key,
            algorithms=[_ALGORITHM],
            audience=AUDIENCE,
            issuer=self._issuer,
            options=_OPTIONS,
        )
        return msgspec.convert(said, _Claims)
