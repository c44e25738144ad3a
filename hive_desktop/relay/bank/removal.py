"""Ends items at Plaid: one that is gone there already is as good as ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.plaidkit.errors import Advice, PlaidError
from hive_desktop.relay.bank import allow, calls
from hive_desktop.relay.errors import RelayError
from hive_desktop.relay.store import items
from hive_desktop.relay.store.instants import to_ms

if TYPE_CHECKING:
    from collections.abc import Iterable

    from hive_desktop.relay.auth.caller import Caller
    from hive_desktop.relay.bank.sealing import Opened
    from hive_desktop.relay.relay import Relay


async def remove(relay: Relay, caller: Caller, opened: Opened) -> None:
    """End an item at Plaid and note it.

    Raises:
        RelayError: Plaid refuses, or does not answer.
    """
    try:
        await calls.send(relay, allow.ITEM_REMOVE, {"access_token": opened.token})
    except PlaidError as error:
        if error.advice is not Advice.GONE:
            raise calls.refusal_of(error) from None
    await relay.store.run(items.remove, caller.user_id, opened.item_id, to_ms(relay.now()))


async def remove_all(
    relay: Relay,
    caller: Caller,
    sealed: Iterable[str],
    *,
    abandon: bool = False,
    address: str | None = None,
) -> int:
    """End a person's items at Plaid.

    Args:
        relay: the parts.
        caller: whose items.
        sealed: the sealed tokens of all of them.
        abandon: end those although others are left that no token was given for; without it,
            nothing is ended then.
        address: where the request came from, for the audit.

    Returns:
        How many items stay: without a token, or because Plaid did not end them.

    Raises:
        RelayError: 403, a sealed token is not this person's; nothing was ended then.
    """
    opened = [await calls.open_sealed(relay, caller, one, address) for one in sealed]
    known = await relay.store.run(items.connected, caller.user_id)
    left = known - {one.item_id for one in opened}
    if left and not abandon:
        return len(left)
    for one in opened:
        try:
            await remove(relay, caller, one)
        except RelayError:
            continue
    return await relay.store.run(items.count, caller.user_id)
