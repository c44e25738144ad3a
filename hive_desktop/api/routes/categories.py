"""`categories`: what rows can be put into."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hive_desktop.api import shapes
from hive_desktop.api.endpoints import Endpoint
from hive_desktop.domain.api_clients import Scope

if TYPE_CHECKING:
    from hive_desktop.api.endpoints import Call
    from hive_desktop.api.shapes import Categories


async def listing(call: Call) -> Categories:
    """Return all categories."""
    found = [shapes.category_of(one) for one in await call.session.ledger.categories()]
    return shapes.Categories(found, len(found))


ENDPOINTS: Final = (
    Endpoint(
        "GET",
        "/categories",
        "All categories, in the order in which Hive shows them.",
        listing,
        shapes.Categories,
        Scope.READ,
    ),
)
