"""What connected desktops must hear: which items have news, and which devices are signed out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import select, update

from hive_desktop.relay.store.schema import DEVICES, ITEMS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sqlalchemy import Connection

_AT_ONCE: Final = 500


@dataclass(frozen=True, slots=True)
class News:
    """An item of a person's about which Plaid said more than a desktop has acted on."""

    user_id: str
    item_id: str
    seq: int


def untold(connection: Connection, user_ids: Sequence[str]) -> list[News]:
    """Return the items of these people that have news."""
    found: list[News] = []
    for some in _parts(user_ids):
        rows = connection.execute(
            select(ITEMS.c.user_id, ITEMS.c.id, ITEMS.c.news_seq)
            .where(
                ITEMS.c.user_id.in_(some),
                ITEMS.c.news_seq > ITEMS.c.told_seq,
                ITEMS.c.removed_at.is_(None),
            )
            .order_by(ITEMS.c.id)
        )
        found += [News(*row) for row in rows]
    return found


def tell(connection: Connection, user_id: str, item_id: str, seq: int) -> None:
    """Note that a desktop has acted on an item's news up to `seq`; another's item is left alone."""
    connection.execute(
        update(ITEMS)
        .where(
            ITEMS.c.id == item_id,
            ITEMS.c.user_id == user_id,
            ITEMS.c.told_seq < seq,
            ITEMS.c.news_seq >= seq,
        )
        .values(told_seq=seq)
    )


def revoked(connection: Connection, device_ids: Sequence[str]) -> set[str]:
    """Return those of the devices that are signed out, or gone with their person."""
    live: set[str] = set()
    for some in _parts(device_ids):
        live.update(
            connection.execute(
                select(DEVICES.c.id).where(DEVICES.c.id.in_(some), DEVICES.c.revoked_at.is_(None))
            ).scalars()
        )
    return set(device_ids) - live


def _parts(ids: Iterable[str]) -> Iterator[list[str]]:
    distinct = list(dict.fromkeys(ids))
    for start in range(0, len(distinct), _AT_ONCE):
        yield distinct[start : start + _AT_ONCE]
