"""Exchanges: a bank that was connected becomes an item whose key only its owner holds.

Plaid exchanges a public token once. So it is journalled before Plaid is asked; the whole step runs
on a thread that no client's leaving ends; its sealed result is kept until the desktop says that it
has it, for half an hour at most; and asking again gives the same.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pydantic import BaseModel, Field
from sqlalchemy.exc import SQLAlchemyError

from hive_desktop.plaidkit import decoders, wire
from hive_desktop.plaidkit.errors import Advice, PlaidError
from hive_desktop.relay.bank import allow, calls, links
from hive_desktop.relay.errors import RelayError, not_found
from hive_desktop.relay.http.faults import UNAVAILABLE
from hive_desktop.relay.store import links as journal
from hive_desktop.relay.store.instants import to_ms
from hive_desktop.relay.store.items import NewItem
from hive_desktop.relay.store.links import Attempt, Beginning, Exchange
from hive_desktop.relay.store.store import StoreUnavailableError

if TYPE_CHECKING:
    from concurrent.futures import Future

    from hive_desktop.plaidkit.link_state import AddedBank, LinkState
    from hive_desktop.relay.auth.caller import Caller
    from hive_desktop.relay.errors import PlaidSaid
    from hive_desktop.relay.relay import Relay

_log = logging.getLogger(__name__)

_ID_BYTES: Final = 12
_PAUSES_S: Final = (0.0, 0.2, 1.0, 3.0)
_WAIT_S: Final = "2"


class ItemAdded(BaseModel):
    """A new item and what opens it; the desktop acknowledges that it has it."""

    item_id: str
    sealed_token: str = Field(repr=False)
    institution_id: str | None
    institution: str


@dataclass(frozen=True, slots=True)
class _Order:
    """One exchange and the bank that it is of."""

    attempt: Attempt
    bank: AddedBank


class Exchanger:
    """Makes exchanges, each once."""

    def __init__(self, relay: Relay, *, pauses_s: tuple[float, ...] = _PAUSES_S) -> None:
        self._relay = relay
        self._pauses_s = pauses_s
        self._under_way: dict[tuple[str, str], Future[Exchange | RelayError]] = {}

    async def exchange(self, caller: Caller, body: allow.ExchangeBody) -> ItemAdded:
        """Return the item of a bank that this person connected.

        Raises:
            RelayError: 404 for what is not this person's; 409 where it cannot be made, or not now.
        """
        at = to_ms(self._relay.now())
        made = await self._relay.store.run(journal.made, caller.user_id, body.id, body.bank, at)
        if made is None:
            made = await self._make(await self._order(caller, body, at))
        if made.sealed_token is None:
            raise _lost("It was handed over already, or was not fetched in time.")
        return ItemAdded(
            item_id=made.item_id,
            sealed_token=made.sealed_token,
            institution_id=made.institution_id,
            institution=made.institution,
        )

    async def acknowledge(self, caller: Caller, body: allow.AckBody) -> None:
        """Forget what the desktop holds now.

        Raises:
            RelayError: 404, there is no such exchange of this person's.
        """
        at = to_ms(self._relay.now())
        known = await self._relay.store.run(
            journal.acknowledge, caller.user_id, body.id, body.bank, at
        )
        if not known:
            raise not_found("There is no such exchange, or it was forgotten.")
        await self._relay.store.scrub()

    async def _order(self, caller: Caller, body: allow.ExchangeBody, at: int) -> _Order:
        link = await links.find(self._relay, caller, body.id)
        if link.item_id is not None:
            raise _clash(
                "nothing_to_exchange",
                "This page renewed a bank that is connected already.",
                "Go on with the key that the desktop has.",
            )
        bank = _chosen(await links.state_of(self._relay, link), body.bank)
        attempt = Attempt(
            secrets.token_urlsafe(_ID_BYTES), caller.user_id, link.id, links.bank_name(bank), at
        )
        return _Order(attempt, bank)

    async def _make(self, order: _Order) -> Exchange:
        """Make an exchange, or wait for the one that is under way here."""
        key = (order.attempt.link_id, order.attempt.bank)
        future = self._under_way.get(key)
        if future is None:
            future = self._relay.plaid_threads.submit(self._work, order)
            self._under_way[key] = future
            future.add_done_callback(lambda _: self._under_way.pop(key, None))
        result = await asyncio.shield(asyncio.wrap_future(future))
        if isinstance(result, RelayError):
            raise result
        return result

    def _work(self, order: _Order) -> Exchange | RelayError:
        """Make an exchange, on a thread for Plaid; a refusal is a result like another."""
        try:
            return self._exchange(order)
        except RelayError as refusal:
            return refusal
        except StoreUnavailableError:
            return UNAVAILABLE

    def _exchange(self, order: _Order) -> Exchange:
        relay, attempt = self._relay, order.attempt
        most = relay.settings.max_items_per_user
        begun = relay.store.run_blocking(journal.begin, attempt, most)
        if begun is Beginning.DONE:
            return self._made_elsewhere(attempt)
        if begun is not Beginning.BEGUN:
            raise _hindered(begun, most)
        said = self._ask(order)
        item = NewItem(
            id=said.item_id,
            user_id=attempt.user_id,
            environment=relay.settings.environment,
            institution_id=order.bank.institution_id,
            institution=order.bank.institution,
        )
        sealed = relay.sealer.seal(attempt.user_id, said.item_id, said.access_token)
        self._keep(attempt, item, sealed, said.access_token)
        return Exchange(item.id, sealed, item.institution_id, item.institution)

    def _made_elsewhere(self, attempt: Attempt) -> Exchange:
        made = self._relay.store.run_blocking(
            journal.made, attempt.user_id, attempt.link_id, attempt.bank, attempt.at
        )
        if made is None:
            raise _lost("Its item is not known any more.")
        return made

    def _ask(self, order: _Order) -> wire.ExchangeAnswer:
        relay = self._relay
        try:
            answer = relay.plaid.send(allow.EXCHANGE, {"public_token": order.bank.public_token})
            said = wire.decode(answer, decoders.EXCHANGE)
        except PlaidError as error:
            calls.count(relay, allow.EXCHANGE, error)
            with suppress(StoreUnavailableError):
                relay.store.run_blocking(journal.fail, order.attempt)
            refusal = calls.refusal_of(error)
            if error.advice is Advice.RESTART_LINK:
                raise _lost(
                    "Plaid has exchanged it before, or it is too old.", refusal.plaid
                ) from None
            raise refusal from None
        calls.count(relay, allow.EXCHANGE)
        return said

    def _keep(self, attempt: Attempt, item: NewItem, sealed: str, token: str) -> None:
        """Write the item; one that cannot be written is ended at Plaid, or it would bill on.

        Raises:
            RelayError: it could not be written.
        """
        at = to_ms(self._relay.now())
        for pause_s in self._pauses_s:
            time.sleep(pause_s)
            try:
                self._relay.store.run_blocking(journal.finish, attempt, item, sealed, at)
            except StoreUnavailableError:
                continue
            except SQLAlchemyError:  # the person is no longer there
                break
            return
        _log.error("a new item could not be written; it is ended at Plaid")
        try:
            self._relay.plaid.send(allow.ITEM_REMOVE, {"access_token": token})
        except PlaidError as error:
            _log.error("an item that nobody holds stays at Plaid: %s", error)
        raise UNAVAILABLE


def _chosen(state: LinkState, name: str | None) -> AddedBank:
    banks = {links.bank_name(bank): bank for bank in state.banks}
    if not banks:
        raise _clash(
            "link_not_finished", "No bank was connected on this page yet.", "Finish the page first."
        )
    if name is None and len(banks) > 1:
        raise _clash(
            "several_banks", "Several banks were connected on this page.", "Name one of them."
        )
    bank = next(iter(banks.values())) if name is None else banks.get(name)
    if bank is None:
        raise not_found("This page connected no such bank.")
    return bank


def _hindered(begun: Beginning, most: int) -> RelayError:
    if begun is Beginning.TOO_MANY_ITEMS:
        return links.too_many_items(most)
    if begun is Beginning.GONE:
        return not_found("There is no such link, or it has ended.")
    return RelayError(
        409,
        "exchange_under_way",
        "The bank is being connected",
        "Another request is connecting this bank just now.",
        "Ask again in some seconds.",
        headers={"Retry-After": _WAIT_S},
    )


def _lost(message: str, plaid: PlaidSaid | None = None) -> RelayError:
    return RelayError(
        409,
        "exchange_lost",
        "The bank must be connected again",
        message,
        "Connect the bank again.",
        plaid=plaid,
    )


def _clash(code: str, message: str, hint: str) -> RelayError:
    return RelayError(409, code, "The bank cannot be connected", message, hint)
