"""`hive-relay check`: whether what the settings name answers. Nothing is made or changed."""

from __future__ import annotations

import asyncio
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from redis.asyncio import Redis
from redis.exceptions import RedisError

from hive_desktop.plaidkit.errors import Advice, PlaidError
from hive_desktop.plaidkit.gateway import Gateway
from hive_desktop.plaidkit.transport import RESULTS
from hive_desktop.relay import relay
from hive_desktop.relay.redis import open_pool
from hive_desktop.relay.store import migrate
from hive_desktop.relay.store.store import StoreUnavailableError

if TYPE_CHECKING:
    from hive_desktop.relay.settings import Settings
    from hive_desktop.relay.store.store import Store

# An access token that Plaid gave to nobody: its answer says whether it knows the keys.
_NOBODY: Final = "access-sandbox-00000000-0000-0000-0000-000000000000"
_NOT_YET: Final = "it is not of this version yet: hive-relay serve or migrate brings it there."


@dataclass(frozen=True, slots=True)
class Found:
    """What came of asking one part: `database`, `redis` or `plaid`, in a sentence."""

    part: str
    is_right: bool
    text: str


def check(settings: Settings, *, asks_plaid: bool = False) -> list[Found]:
    """Ask each part that is set once. Blocks.

    Args:
        settings: which database, which Redis, which host of Plaid's.
        asks_plaid: send one request to Plaid, too.

    Raises:
        SettingsError: a part cannot be made from the settings.
    """
    made = relay.build(settings)
    with closing(made.store):
        found = [_database(made.store)]
    if settings.redis_url is not None:
        found.append(asyncio.run(_redis(settings.redis_url.get_secret_value())))
    if asks_plaid:
        found.append(_plaid(settings))
    return found


def _database(store: Store) -> Found:
    if store.file is not None and not store.file.exists():
        is_possible = store.file.parent.is_dir()
        text = "The database is not there yet: hive-relay serve or migrate makes it."
        if not is_possible:
            text = "The folder of the database is not there: make it first."
        return Found("database", is_possible, text)
    try:
        is_current = store.run_blocking(migrate.is_current)
    except StoreUnavailableError as exc:
        return Found("database", is_right=False, text=f"The database does not answer ({exc}).")
    if not is_current:
        return Found("database", is_right=True, text=f"The database answers; {_NOT_YET}")
    return Found("database", is_right=True, text="The database answers.")


async def _redis(url: str) -> Found:
    pool = open_pool(url, connections=1, tries=0)
    try:
        await Redis(connection_pool=pool).ping()
    except (RedisError, OSError) as exc:
        text = f"Redis does not answer ({type(exc).__name__})."
        return Found("redis", is_right=False, text=text)
    finally:
        await pool.aclose()
    return Found("redis", is_right=True, text="Redis answers.")


def _plaid(settings: Settings) -> Found:
    with closing(Gateway(settings.plaid)) as gateway:
        try:
            gateway.send("/item/get", {"access_token": _NOBODY})
        except PlaidError as error:
            if error.code in RESULTS:
                text = f"Plaid does not answer ({error.code})."
                return Found("plaid", is_right=False, text=text)
            if error.advice is Advice.CONFIG:
                text = f"Plaid answers, and does not take the keys ({error.code})."
                return Found("plaid", is_right=False, text=text)
            if error.advice is not Advice.GONE:  # what it says of a token of nobody's
                text = f"Plaid answers, but not whether it knows the keys ({error.code})."
                return Found("plaid", is_right=False, text=text)
    return Found("plaid", is_right=True, text="Plaid answers, and knows the keys.")
