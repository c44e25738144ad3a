"""How much of the AI each person used, by day. Counts only: nothing of what was asked is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, update

from hive_desktop.relay.store.schema import AI_USAGE, USERS

if TYPE_CHECKING:
    from sqlalchemy import Connection


def reserve(connection: Connection, user_id: str, day: int, tokens: int, budget: int) -> bool:
    """Count a request and the tokens that it may cost; False where that is past the budget.

    Args:
        connection: in a transaction.
        user_id: who asks.
        day: days since 1970-01-01, in UTC.
        tokens: at most so many.
        budget: so many a day.
    """
    mine = (AI_USAGE.c.user_id == user_id, AI_USAGE.c.day == day)
    # The person's row is taken first: two requests at once must not both find the day unused.
    connection.execute(update(USERS).where(USERS.c.id == user_id).values(id=user_id))
    grown = connection.execute(
        update(AI_USAGE)
        .where(*mine, AI_USAGE.c.tokens + tokens <= budget)
        .values(tokens=AI_USAGE.c.tokens + tokens, requests=AI_USAGE.c.requests + 1)
    )
    if grown.rowcount:
        return True
    if tokens > budget or connection.execute(AI_USAGE.select().where(*mine)).first():
        return False
    connection.execute(insert(AI_USAGE).values(user_id=user_id, day=day, requests=1, tokens=tokens))
    return True


def settle(connection: Connection, user_id: str, day: int, difference: int) -> None:
    """Add a difference to a day's tokens: what a request cost less what was reserved for it."""
    connection.execute(
        update(AI_USAGE)
        .where(AI_USAGE.c.user_id == user_id, AI_USAGE.c.day == day)
        .values(tokens=AI_USAGE.c.tokens + difference)
    )
