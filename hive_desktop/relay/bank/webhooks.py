"""Plaid's webhooks: checked, noted once, and told to the desktops of whoever they are about."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import re
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, Request  # noqa: TC002 - FastAPI reads annotations
from pydantic import BaseModel

from hive_desktop.plaidkit import decoders, wire
from hive_desktop.plaidkit.errors import PlaidError
from hive_desktop.plaidkit.notices import read_notice
from hive_desktop.plaidkit.webhooks import ForgedWebhookError, WebhookVerifier
from hive_desktop.relay.bank import allow, calls
from hive_desktop.relay.bank.links import WEBHOOK_PATH
from hive_desktop.relay.bus import NEWS
from hive_desktop.relay.errors import RelayError
from hive_desktop.relay.http.addresses import limit_key
from hive_desktop.relay.http.context import address_of
from hive_desktop.relay.http.limits import Rule
from hive_desktop.relay.store import news
from hive_desktop.relay.store.instants import to_ms
from hive_desktop.relay.store.news import Arrival

if TYPE_CHECKING:
    from hive_desktop.domain.health import Notice
    from hive_desktop.relay.relay import Relay

SIGNATURE: Final = "Plaid-Verification"
_HEADER: Final = SIGNATURE.lower().encode()
_FORGERIES: Final = Rule("forged-webhooks", 10, 60)
_AT_ONCE: Final = 8
_WAITING: Final = 64
_SWEPT_EVERY_MS: Final = 60_000
# The order of P-256 (SEC 2, section 2.4.2).
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_HALF: Final = 32
_ID: Final = re.compile(r"[0-9A-Za-z_-]{1,128}")
_CODE: Final = re.compile(r"[0-9A-Z_]{1,64}")


class Received(BaseModel):
    """What became of a webhook: accepted, duplicate, or ignored."""

    outcome: Arrival


def router(relay: Relay) -> APIRouter:
    """Return the route that Plaid calls."""
    api = APIRouter(tags=["webhooks"])
    desk = _Desk(relay)

    @api.post(
        WEBHOOK_PATH,
        openapi_extra={
            "parameters": [
                {
                    "name": SIGNATURE,
                    "in": "header",
                    "required": True,
                    "description": "Plaid's signature: a compact JWT, ES256",
                    "schema": {"type": "string"},
                }
            ],
            "requestBody": {
                "required": True,
                "content": {"application/json": {"schema": {"type": "object"}}},
            },
        },
    )
    async def receive(request: Request) -> Received:
        """Take a webhook of Plaid's."""
        return Received(outcome=await desk.receive(request))

    return api


class _Desk:
    """Receives webhooks."""

    def __init__(self, relay: Relay) -> None:
        self._relay = relay
        self._verifier = WebhookVerifier(self._fetch_key, relay.now)
        self._turns = asyncio.Semaphore(_AT_ONCE)
        self._waiting = 0

    async def receive(self, request: Request) -> Arrival:
        """Check a webhook, note it, and tell of it.

        Raises:
            RelayError: 401 for a forged one, 429 after many of those from one address, 503 while
                it cannot be known whether it is Plaid's.
        """
        sender = limit_key(address_of(request))
        wait_s = await self._relay.limits.wait_s(_FORGERIES, sender)
        if wait_s > 0:
            await self._relay.limits.hit(_FORGERIES, sender)
        body = await request.body()
        try:
            token = _signature(request)
            await self._verify(token, body)
        except ForgedWebhookError:
            self._count("forged")
            await self._relay.limits.hit(_FORGERIES, sender)
            raise _forged() from None
        arrival = await self._note(token, body)
        self._count(arrival.value)
        return arrival

    def _count(self, outcome: str) -> None:
        self._relay.metrics.webhooks.labels(outcome).inc()

    async def _verify(self, token: str, body: bytes) -> None:
        """Check a signature on a thread, for it may have to ask Plaid for the key.

        Few at a time: whoever sends made-up key ids must not take the threads of bank calls.
        """
        if self._waiting >= _WAITING:
            self._count("refused")
            raise _not_now()
        self._waiting += 1
        try:
            async with self._turns:
                await self._relay.call_plaid(self._verifier.verify, token, body)
        except PlaidError:
            self._count("unknown_key")
            raise _not_now() from None
        finally:
            self._waiting -= 1

    def _fetch_key(self, key_id: str) -> wire.VerificationKey:
        try:
            answer = self._relay.plaid.send(allow.KEY, {"key_id": key_id})
            key = wire.decode(answer, decoders.VERIFICATION_KEY).key
        except PlaidError as error:
            calls.count(self._relay, allow.KEY, error)
            raise
        calls.count(self._relay, allow.KEY)
        return key

    async def _note(self, token: str, body: bytes) -> Arrival:
        notice = _notice(body)
        at = to_ms(self._relay.now())
        arrival, told = await self._relay.store.run(
            news.arrived, digest(token, body), None if notice is None else notice[0], at
        )
        if told is not None and notice is not None:
            await self._relay.bus.publish(
                NEWS,
                {
                    "user_id": told.user_id,
                    "item_id": told.item_id,
                    "seq": told.seq,
                    "kind": notice[1].kind,
                    "code": notice[1].code,
                },
            )
        return arrival


def digest(token: str, body: bytes) -> str:
    """Return what names a webhook that was found to be Plaid's, however its signature is written.

    A second signature follows from each of ECDSA's without the key (s and order - s), and base64
    has several texts for the same bytes: neither makes a webhook another one.
    """
    signed, _, signature = token.rpartition(".")
    raw = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    s = int.from_bytes(raw[_HALF:])
    parts = (
        hashlib.sha256(signed.encode()).digest(),
        raw[:_HALF],
        min(s, _ORDER - s).to_bytes(_HALF),
        hashlib.sha256(body).digest(),
    )
    return hashlib.sha256(b"".join(parts)).hexdigest()


def _signature(request: Request) -> str:
    values: list[bytes] = [value for name, value in request.scope["headers"] if name == _HEADER]
    if len(values) != 1:
        raise ForgedWebhookError("there is not one signature")
    try:
        return values[0].decode("ascii")
    except UnicodeDecodeError:
        raise ForgedWebhookError("the signature cannot be read") from None


def _notice(body: bytes) -> tuple[str, Notice] | None:
    """Return the item that a webhook is about; what Plaid would not write is about none."""
    read = read_notice(body)
    if read is None or read[1].kind == "LINK":
        return None
    item_id, notice = read
    is_plain = _ID.fullmatch(item_id) and _CODE.fullmatch(notice.kind)
    return read if is_plain and _CODE.fullmatch(notice.code) else None


def _forged() -> RelayError:
    return RelayError(
        401,
        "forged_webhook",
        "Not Plaid's",
        "The signature does not fit, or is not of the last five minutes.",
        "Only Plaid can call this address.",
    )


def _not_now() -> RelayError:
    return RelayError(
        503,
        "key_not_known",
        "Not available now",
        "The key that signed this could not be fetched.",
        "Send it again later.",
        headers={"Retry-After": "30"},
    )
