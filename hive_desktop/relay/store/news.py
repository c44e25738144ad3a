"""Webhooks: that Plaid told something about an item, once each, and never what its data is."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final

from sqlalchemy import delete, update
from sqlalchemy.dialects import postgresql, sqlite

from hive_desktop.relay.store.schema import ITEMS, WEBHOOKS
from hive_desktop.relay.store.told import News

if TYPE_CHECKING:
    from sqlalchemy import Connection

REMEMBERED_MS: Final = 10 * 60 * 1000


class Arrival(StrEnum):
    """What became of a webhook that is Plaid's."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    IGNORED = "ignored"


def arrived(
    connection: Connection, digest: str, item_id: str | None, at: int
) -> tuple[Arrival, News | None]:
    """Note a webhook, once, and that its item has news.

    Args:
        connection: of the transaction.
        digest: names the webhook.
        item_id: what it is about; None for one that is about no item.
        at: when it came, in ms.

    Returns:
        What became of it, and the news when it was accepted.
    """
    if not _is_first(connection, digest, at + REMEMBERED_MS):
        return Arrival.DUPLICATE, None
    told = connection.execute(
        update(ITEMS)
        .where(ITEMS.c.id == item_id, ITEMS.c.removed_at.is_(None))
        .values(news_seq=ITEMS.c.news_seq + 1, news_at=at)
        .returning(ITEMS.c.user_id, ITEMS.c.id, ITEMS.c.news_seq)
    ).one_or_none()
    return (Arrival.IGNORED, None) if told is None else (Arrival.ACCEPTED, News(*told))


def sweep(connection: Connection, at: int) -> None:
    """Forget webhooks that no duplicate is expected of."""
    connection.execute(delete(WEBHOOKS).where(WEBHOOKS.c.expires_at <= at))


def _is_first(connection: Connection, digest: str, expires_at: int) -> bool:
    # Both dialects have the clause, each in a construct of its own.
    kind = postgresql if connection.dialect.name == "postgresql" else sqlite
    noted = connection.execute(
        kind.insert(WEBHOOKS)
        .values(digest=digest, expires_at=expires_at)
        .on_conflict_do_nothing(index_elements=[WEBHOOKS.c.digest])
        .returning(WEBHOOKS.c.digest)
    )
    return noted.one_or_none() is not None
