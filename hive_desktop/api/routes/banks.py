"""`plaid`: connecting and disconnecting banks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import msgspec

from hive_desktop.api import shapes
from hive_desktop.api.endpoints import SLOW_S, Endpoint
from hive_desktop.api.refusals import not_found
from hive_desktop.domain.api_clients import Scope
from hive_desktop.domain.ledger import ItemId
from hive_desktop.ports.bank import LinkedBank
from hive_desktop.ports.errors import UsageError

if TYPE_CHECKING:
    from hive_desktop.api.endpoints import Call
    from hive_desktop.api.shapes import Connections, LinkToken

_Token = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
_Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class Exchange(msgspec.Struct, forbid_unknown_fields=True):
    """A session whose page the person has finished, or the public token that Plaid's page gave.

    The institution is what Plaid's page tells beside a public token.
    """

    link_token: _Token | None = None
    public_token: _Token | None = None
    institution_id: _Name | None = None
    institution: _Name | None = None


class Ending(msgspec.Struct, forbid_unknown_fields=True):
    """Whether accounts and rows stay here after the connection has ended."""

    keep_history: bool = True


async def link_token(call: Call) -> LinkToken:
    """Begin a session at the bank."""
    start = await call.session.linking.begin()
    return shapes.LinkToken(start.link_token, start.url, start.expires_at)


async def exchange(call: Call, asked: Exchange) -> Connections:
    """Take new connections over, and begin to fetch their history."""
    if (asked.link_token is None) == (asked.public_token is None):
        raise UsageError(
            "A session is named by one token.", hint="Give either link_token or public_token."
        )
    bank = None
    if asked.public_token is not None:
        bank = LinkedBank(asked.public_token, asked.institution_id, asked.institution or "")
    session = call.session
    new = await session.linking.finish(asked.link_token or "", bank)
    session.scope.spawn(session.sync.settle(new, reason="api"), name="api-settle")
    items = [one for one in await session.ledger.items() if one.id in new]
    return shapes.Connections([shapes.connection_of(one) for one in items])


async def disconnect(call: Call, asked: Ending) -> None:
    """End a connection at the bank, then here."""
    item_id = ItemId(call.ids["item_id"])
    if not asked.keep_history:
        raise UsageError("History is deleted in Hive alone.", hint="Leave keep_history out.")
    if all(one.id != item_id for one in await call.session.ledger.items()):
        raise not_found("connection")
    await call.session.linking.disconnect(item_id, keep_history=True)


ENDPOINTS: Final = (
    Endpoint(
        "POST",
        "/plaid/link-token",
        "Begin to connect a bank: the person opens the address, on this computer or another.",
        link_token,
        shapes.LinkToken,
        Scope.WRITE,
    ),
    Endpoint(
        "POST",
        "/plaid/exchange",
        "Take over what the person connected; its history is fetched from then on.",
        exchange,
        shapes.Connections,
        Scope.WRITE,
        asked=Exchange,
        seconds=SLOW_S,
    ),
    Endpoint(
        "DELETE",
        "/plaid/items/{item_id}",
        "Disconnect a bank; its history stays.",
        disconnect,
        None,
        Scope.WRITE,
        asked=Ending,
        status=204,
    ),
)
