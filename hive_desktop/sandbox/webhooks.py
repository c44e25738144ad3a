"""Webhooks as Plaid sends them: signed, in order, tried again, and only ever to this machine.

The key is derived from the bank's seed: it proves nothing outside the sandbox.
"""

from __future__ import annotations

import base64
import hashlib
import heapq
import ipaddress
import json
import logging
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from hive_desktop.sandbox.clock import iso_instant
from hive_desktop.sandbox.ids import stable_uuid

if TYPE_CHECKING:
    from collections.abc import Callable

    from hive_desktop.sandbox.clock import Clock
    from hive_desktop.sandbox.options import BankOptions

_LOG = logging.getLogger(__name__)
_KEY_CREATED_AT = 1_560_466_150


class WebhookSigner:
    """Signs bodies with ES256 and tells the public key as a JWK.

    Args:
        seed: Gives the key and its id.
    """

    def __init__(self, seed: int) -> None:
        scalar = int.from_bytes(
            hashlib.sha256(f"hive-sandbox-webhook-{seed}".encode()).digest()[:31]
        )
        self._private = ec.derive_private_key(scalar + 1, ec.SECP256R1())
        self.key_id = stable_uuid(seed, "webhook-key")

    def jwk(self) -> dict[str, Any]:
        """The public key in the shape of /webhook_verification_key/get."""
        numbers = self._private.public_key().public_numbers()
        return {
            "alg": "ES256",
            "created_at": _KEY_CREATED_AT,
            "crv": "P-256",
            "expired_at": None,
            "kid": self.key_id,
            "kty": "EC",
            "use": "sig",
            "x": _b64(numbers.x),
            "y": _b64(numbers.y),
        }

    def sign(self, body: bytes, issued_at: int) -> str:
        """The Plaid-Verification header for exactly these bytes."""
        claims = {"iat": issued_at, "request_body_sha256": hashlib.sha256(body).hexdigest()}
        return jwt.encode(claims, self._private, algorithm="ES256", headers={"kid": self.key_id})


def _b64(number: int) -> str:
    return base64.urlsafe_b64encode(number.to_bytes(32)).rstrip(b"=").decode()


def is_loopback_url(url: str) -> bool:
    """Whether a webhook's address is plain HTTP(S) on this machine."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme not in {"http", "https"}:
        return False
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(slots=True)
class Delivery:
    """One webhook and what became of it; ``outcome`` is pending, delivered, failed or refused."""

    number: int
    url: str
    body: dict[str, Any]
    created_at: str
    outcome: str = "pending"
    attempts: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """For the control API."""
        return {
            "number": self.number,
            "url": self.url,
            "body": self.body,
            "created_at": self.created_at,
            "outcome": self.outcome,
            "attempts": list(self.attempts),
        }


class Courier:
    """Delivers webhooks in the background.

    ``post`` may be called from any thread. Nothing is sent before ``start``; ``deliver_due`` sends
    by hand what is due.

    Args:
        signer: Signs the bodies.
        clock: Gives time for signatures and retries.
        options: Retry pauses and time-out.
    """

    def __init__(self, signer: WebhookSigner, clock: Clock, options: BankOptions) -> None:
        self._signer = signer
        self._clock = clock
        self._options = options
        self._due: list[tuple[float, int, Delivery]] = []
        self._wake = threading.Condition()
        self._thread: threading.Thread | None = None
        self._stopping = False
        self.log: list[Delivery] = []

    def post(self, url: str, body: dict[str, Any]) -> Delivery:
        """Queue a webhook; an address off this machine is logged and never contacted."""
        with self._wake:
            created_at = iso_instant(self._clock.now())
            delivery = Delivery(len(self.log) + 1, url, body, created_at)
            self.log.append(delivery)
            if not is_loopback_url(url):
                delivery.outcome = "refused"
                delivery.attempts.append("not delivered: the sandbox only calls this machine")
            else:
                heapq.heappush(self._due, (self._clock.seconds(), delivery.number, delivery))
                self._wake.notify()
            return delivery

    def start(self, tick: Callable[[], None]) -> None:
        """Deliver from a thread of its own, calling ``tick`` about every half second."""
        self._stopping = False
        self._thread = threading.Thread(
            target=self._run, args=(tick,), name="hive-sandbox-webhooks", daemon=True
        )
        self._thread.start()

    def stop(self) -> None:
        """End the thread; what was not delivered stays in the log as pending."""
        with self._wake:
            self._stopping = True
            self._wake.notify_all()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def deliver_due(self) -> int:
        """Send everything that is due now; returns how many tries were made."""
        tries = 0
        with self._client() as client:
            while (delivery := self._next_due()) is not None:
                self._try(client, delivery)
                tries += 1
        return tries

    def _run(self, tick: Callable[[], None]) -> None:
        with self._client() as client:
            while True:
                tick()
                delivery = self._next_due()
                if delivery is not None:
                    self._try(client, delivery)
                with self._wake:
                    if self._stopping:
                        return
                    if not self._due or self._due[0][0] > self._clock.seconds():
                        self._wake.wait(timeout=self._pause())

    def _pause(self) -> float:
        """Seconds to sleep: until the next try, at most half a second."""
        if not self._due:
            return 0.5
        return max(0.005, min(0.5, self._due[0][0] - self._clock.seconds()))

    def _next_due(self) -> Delivery | None:
        with self._wake:
            if self._stopping or not self._due or self._due[0][0] > self._clock.seconds():
                return None
            return heapq.heappop(self._due)[2]

    def _client(self) -> httpx.Client:
        return httpx.Client(
            timeout=self._options.webhook_timeout, follow_redirects=False, trust_env=False
        )

    def _try(self, client: httpx.Client, delivery: Delivery) -> None:
        body = json.dumps(delivery.body, indent=2).encode()
        headers = {
            "content-type": "application/json",
            "plaid-verification": self._signer.sign(body, int(self._clock.wall())),
        }
        try:
            answer = client.post(delivery.url, content=body, headers=headers)
        except httpx.HTTPError as error:
            result = type(error).__name__
        else:
            result = str(answer.status_code)
        with self._wake:
            delivery.attempts.append(result)
            if result == "200":
                delivery.outcome = "delivered"
                return
            self._again(delivery)

    def _again(self, delivery: Delivery) -> None:
        """Plan the next try, or give up when the schedule is used up."""
        tried = len(delivery.attempts)
        if tried > len(self._options.webhook_retries):
            delivery.outcome = "failed"
            _LOG.debug("webhook %d was given up", delivery.number)
            return
        at = self._clock.seconds() + self._options.webhook_retries[tried - 1]
        heapq.heappush(self._due, (at, delivery.number, delivery))
