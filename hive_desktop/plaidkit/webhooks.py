"""Is this webhook Plaid's? The five checks of the `Plaid-Verification` header.

Source: Plaid's page on webhook verification. The body is hashed as it came; it must not be parsed
and written again first. Every doubt is a refusal.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Lock
from typing import TYPE_CHECKING, Final

import jwt
import msgspec

from hive_desktop.plaidkit.errors import Advice, PlaidError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from hive_desktop.plaidkit.wire import VerificationKey

OLDEST: Final = timedelta(minutes=5)
_CLOCK_SKEW: Final = timedelta(minutes=1)
_KEY_FRESH: Final = timedelta(hours=1)
_LONGEST_TOKEN: Final = 4096
_LONGEST_KEY_ID: Final = 128
_KNOWN_KEYS: Final = 64


class ForgedWebhookError(Exception):
    """The webhook is not Plaid's, not fresh, or not as Plaid sent it. The text says which check."""


@dataclass(slots=True)
class WebhookVerifier:
    """Checks webhooks; keeps keys by their id and asks again for one whose end is not known.

    Several threads may use one at a time.

    Args:
        fetch_key: asks Plaid for a key (`PlaidClient.webhook_verification_key_get`).
        now: the instant, aware.
    """

    fetch_key: Callable[[str], VerificationKey]
    now: Callable[[], datetime]
    _keys: dict[str, tuple[datetime, VerificationKey]] = field(default_factory=dict, repr=False)
    _lock: Lock = field(default_factory=Lock, repr=False)

    def verify(self, token: str, body: bytes) -> None:
        """Return when the webhook is Plaid's.

        Args:
            token: the value of the `Plaid-Verification` header, a compact JWT.
            body: the body's bytes as received.

        Raises:
            ForgedWebhookError: a check failed.
            PlaidError: the key could not be fetched for a passing reason; nothing is known.
        """
        key = self._key(_key_id(token))
        claims = _claims(token, key)
        self._check_age(claims.get("iat"))
        stated = claims.get("request_body_sha256")
        found = hashlib.sha256(body).hexdigest()
        if not isinstance(stated, str) or not hmac.compare_digest(stated.encode(), found.encode()):
            raise ForgedWebhookError("the body is not the one that was signed")

    def _check_age(self, issued: object) -> None:
        if isinstance(issued, bool) or not isinstance(issued, int):
            raise ForgedWebhookError("the signature has no time")
        age = self.now().timestamp() - issued
        if not -_CLOCK_SKEW.total_seconds() <= age <= OLDEST.total_seconds():
            raise ForgedWebhookError("the signature is not of the last five minutes")

    def _key(self, key_id: str) -> VerificationKey:
        now = self.now()
        known = self._keys.get(key_id)
        if known is None or now - known[0] > _KEY_FRESH:
            # Unlocked: a slow answer about one key must not hold up webhooks signed by another.
            known = (now, self._fetch(key_id))
            with self._lock:
                while len(self._keys) >= _KNOWN_KEYS:
                    self._keys.pop(next(iter(self._keys)))
                self._keys[key_id] = known
        expired_at = known[1].expired_at
        if expired_at is not None and expired_at <= now.timestamp():
            raise ForgedWebhookError("the key has expired")
        return known[1]

    def _fetch(self, key_id: str) -> VerificationKey:
        try:
            return self.fetch_key(key_id)
        except PlaidError as exc:
            if exc.advice in {Advice.PERMANENT, Advice.BUG}:
                raise ForgedWebhookError("the key is not one of Plaid's") from exc
            raise


def _key_id(token: str) -> str:
    if len(token) > _LONGEST_TOKEN:
        raise ForgedWebhookError("the signature is too long")
    try:
        header = jwt.get_unverified_header(token)
    except jwt.InvalidTokenError as exc:
        raise ForgedWebhookError("the signature cannot be read") from exc
    if header.get("alg") != "ES256" or header.get("typ", "JWT") != "JWT":
        raise ForgedWebhookError("the signature is not ES256")
    key_id = header.get("kid")
    if not isinstance(key_id, str) or not 0 < len(key_id) <= _LONGEST_KEY_ID:
        raise ForgedWebhookError("the signature names no key")
    return key_id


def _claims(token: str, key: VerificationKey) -> dict[str, object]:
    if (key.alg, key.kty, key.crv) != ("ES256", "EC", "P-256"):
        raise ForgedWebhookError("the key is not for ES256")
    try:
        public = jwt.PyJWK(msgspec.to_builtins(key), algorithm="ES256")
        # Times are checked against the injected clock, not against PyJWT's.
        claims: dict[str, object] = jwt.decode(
            token,
            public,
            algorithms=["ES256"],
            options={"verify_iat": False, "verify_exp": False, "verify_nbf": False},
        )
    except jwt.PyJWTError as exc:
        raise ForgedWebhookError("the signature does not fit") from exc
    return claims
