"""Link pages: opened for a person, asked after, and known again by the same person only."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from pydantic import BaseModel

from hive_desktop.plaidkit import decoders, wire
from hive_desktop.plaidkit.errors import PlaidError
from hive_desktop.plaidkit.hosts import is_loopback
from hive_desktop.plaidkit.link_state import read_state
from hive_desktop.relay.bank import allow, calls
from hive_desktop.relay.errors import RelayError, not_found
from hive_desktop.relay.store import items, links
from hive_desktop.relay.store.instants import to_ms

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from hive_desktop.plaidkit.link_state import AddedBank, LinkState
    from hive_desktop.relay.auth.caller import Caller
    from hive_desktop.relay.bank.sealing import Opened
    from hive_desktop.relay.relay import Relay
    from hive_desktop.relay.settings import Settings

WEBHOOK_PATH: Final = "/webhooks/plaid"
_PURPOSE: Final = "link"
_ID_BYTES: Final = 18
_BANK_LETTERS: Final = 24
_PAGE: Final = timedelta(minutes=30)
# A page may be finished at its last moment, and what it gave is good for half an hour more.
_AFTER_PAGE: Final = timedelta(hours=1)


class LinkPage(BaseModel):
    """A page to open in the system's browser."""

    id: str
    url: str
    expires_at: datetime


class BankAdded(BaseModel):
    """A bank that the person connected; `bank` names it in an exchange."""

    bank: str
    institution_id: str | None
    institution: str


class LinkOutcome(BaseModel):
    """How a page stands."""

    is_finished: bool
    banks: list[BankAdded]
    exit_code: str | None


def too_many_items(most: int) -> RelayError:
    """Return the refusal of one bank more than a person may have."""
    return RelayError(
        409,
        "too_many_items",
        "Too many banks",
        f"This relay lets a person connect {most} banks.",
        "Remove a bank first, or ask whoever runs the relay.",
    )


def bank_name(bank: AddedBank) -> str:
    """Return what names a bank of a link; its public token never leaves the relay."""
    return hashlib.sha256(bank.public_token.encode()).hexdigest()[:_BANK_LETTERS]


async def open_page(
    relay: Relay, caller: Caller, body: allow.LinkBody, opened: Opened | None
) -> LinkPage:
    """Open a Link page at Plaid and remember whose it is.

    Args:
        relay: the parts.
        caller: who asks.
        body: what for.
        opened: the item to repair; None for a new bank.

    Raises:
        RelayError: the person has too many banks, or Plaid refuses.
    """
    most = relay.settings.max_items_per_user
    if opened is None and await relay.store.run(items.count, caller.user_id) >= most:
        raise too_many_items(most)
    fields = allow.link(
        body,
        caller.user_id,
        relay.settings.plaid_country_codes,
        token=None if opened is None else opened.token,
        webhook=webhook_url(relay.settings),
    )
    answer = await calls.ask(relay, allow.LINK_CREATE, fields)
    made = _decoded(answer)
    if not made.hosted_link_url:
        raise RelayError(
            502,
            "no_hosted_link",
            "No page can be opened",
            "Plaid gave no Hosted Link page: its account may not have it.",
            "Ask whoever runs the relay to turn Hosted Link on at Plaid.",
        )
    now = relay.now()
    expires_at = wire.parse_instant(made.expiration) or now + _PAGE
    link_id = secrets.token_urlsafe(_ID_BYTES)
    link = links.Link(
        id=link_id,
        user_id=caller.user_id,
        device_id=caller.device_id,
        link_token_sealed=relay.sealer.seal_text(
            _PURPOSE, _owner(caller.user_id, link_id), made.link_token
        ),
        item_id=None if opened is None else opened.item_id,
        created_at=to_ms(now),
        expires_at=to_ms(expires_at + _AFTER_PAGE),
    )
    await relay.store.run(_write, link)
    return LinkPage(id=link_id, url=made.hosted_link_url, expires_at=expires_at)


def _write(connection: Connection, link: links.Link) -> None:
    links.sweep(connection, link.created_at)
    links.add(connection, link)


def _decoded(answer: wire.Answer) -> wire.LinkTokenAnswer:
    try:
        return wire.decode(answer, decoders.LINK_TOKEN)
    except PlaidError as error:
        raise calls.refusal_of(error) from None


async def find(relay: Relay, caller: Caller, link_id: str) -> links.Link:
    """Return a link of this person's.

    Raises:
        RelayError: 404, there is none, or it is another person's.
    """
    link = await relay.store.run(links.get, caller.user_id, link_id, to_ms(relay.now()))
    if link is None:
        raise not_found("There is no such link, or it has ended.")
    return link


async def state_of(relay: Relay, link: links.Link) -> LinkState:
    """Ask Plaid how a page stands.

    Raises:
        RelayError: Plaid refuses, or does not answer.
    """
    owner = _owner(link.user_id, link.id)
    token = relay.sealer.open_text(_PURPOSE, owner, link.link_token_sealed)
    answer = await calls.ask(relay, allow.LINK_GET, {"link_token": token})
    try:
        return read_state(wire.decode(answer, decoders.LINK_STATE))
    except PlaidError as error:
        raise calls.refusal_of(error) from None


def outcome(state: LinkState) -> LinkOutcome:
    """Return how a page stands, as a desktop may know it."""
    banks = [
        BankAdded(
            bank=bank_name(bank), institution_id=bank.institution_id, institution=bank.institution
        )
        for bank in state.banks
    ]
    return LinkOutcome(is_finished=state.is_finished, banks=banks, exit_code=state.exit_code)


def webhook_url(settings: Settings) -> str | None:
    """Return where Plaid tells of items: only an address that it can reach, and in secret.

    A bank that is simulated on this computer reaches this computer.
    """
    is_here = is_loopback(urlsplit(settings.environment).hostname)
    is_reached = settings.public_url.startswith("https://") or is_here
    return f"{settings.public_url}{WEBHOOK_PATH}" if is_reached else None


def _owner(user_id: str, link_id: str) -> str:
    return f"{user_id}/{link_id}"
