"""All that the local API can be asked over HTTP, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hive_desktop.api.routes import accounts, auth, banks, categories, chats, spending, transactions

if TYPE_CHECKING:
    from hive_desktop.api.endpoints import Endpoint

API: Final = "/api/v1"
ENDPOINTS: Final[tuple[Endpoint, ...]] = (
    *auth.ENDPOINTS,
    *banks.ENDPOINTS,
    *accounts.ENDPOINTS,
    *transactions.ENDPOINTS,
    *categories.ENDPOINTS,
    *spending.ENDPOINTS,
    *chats.ENDPOINTS,
)
