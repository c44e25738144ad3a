"""The operator's commands: invites and accounts, by the database and without a relay running.

Running relays learn of a revocation at once through Redis; without it, from the database, within
the half minute for which they believe that a device is signed in.
"""

from __future__ import annotations

import asyncio
import secrets
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from hive_desktop.relay.auth.accounts import hash_of
from hive_desktop.relay.auth.bodies import normal_email
from hive_desktop.relay.auth.passwords import Passwords
from hive_desktop.relay.bus import REVOKED, open_bus
from hive_desktop.relay.relay import utc_now
from hive_desktop.relay.store import audit, devices, invites, users
from hive_desktop.relay.store.audit import Kind
from hive_desktop.relay.store.devices import Reason
from hive_desktop.relay.store.instants import to_ms
from hive_desktop.relay.store.store import Store

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from sqlalchemy import Connection

    from hive_desktop.relay.settings import Settings
    from hive_desktop.relay.store.invites import Invite
    from hive_desktop.relay.store.users import Left, Summary, User

INVITE_DAYS: Final = 7
_LONGEST_INVITE_DAYS: Final = 365
_LONGEST_NOTE: Final = 200
_INVITE_BYTES: Final = 18
_PASSWORD_BYTES: Final = 15


class AdminError(Exception):
    """A command that cannot be done. Its text is for the operator."""


@dataclass(slots=True)
class Admin:
    """The commands of `hive-relay` that concern people.

    Args:
        settings: which database, and which Redis.
        now: the instant, aware.
        passwords: what hashes passwords; by default, at the cost for production.
    """

    settings: Settings
    now: Callable[[], datetime] = utc_now
    passwords: Passwords | None = None

    def invite(self, *, note: str = "", days: int = INVITE_DAYS) -> str:
        """Return a new code with which one person may register.

        Args:
            note: for whom it is; only the operator sees it.
            days: how long it may be used.

        Raises:
            AdminError: for less than a day or more than a year, or a note that is no text.
        """
        if not (note.isprintable() and len(note) <= _LONGEST_NOTE):
            raise AdminError(f"A note is one line of at most {_LONGEST_NOTE} characters.")
        if not 1 <= days <= _LONGEST_INVITE_DAYS:
            raise AdminError("An invite holds for at least one day and at most a year.")
        code = f"hi-{secrets.token_urlsafe(_INVITE_BYTES)}"
        now = self.now()
        ends = to_ms(now + timedelta(days=days))
        with self._store() as store:
            store.run_blocking(invites.add, hash_of(code), note, to_ms(now), ends)
        return code

    def invites(self) -> list[Invite]:
        """Return the invites that were made and have not ended a month ago, newest first."""
        with self._store() as store:
            return store.run_blocking(invites.listed)

    def users(self) -> list[Summary]:
        """Return all people by e-mail address."""
        with self._store() as store:
            return store.run_blocking(users.summaries, to_ms(self.now()))

    def reset(self, email: str) -> str:
        """Give a person a new password, sign all their devices out, and return the password.

        Raises:
            AdminError: there is no such person.
        """
        password = secrets.token_urlsafe(_PASSWORD_BYTES)
        hashed = asyncio.run((self.passwords or Passwords()).hash(password))
        at = to_ms(self.now())

        def work(connection: Connection) -> list[str]:
            user = _person(connection, email)
            users.set_password(connection, user, hashed)
            audit.add(connection, Kind.PASSWORD_RESET, at, user_id=user.id)
            return devices.revoke_all(connection, user.id, Reason.PASSWORD_RESET, at)

        with self._store() as store:
            self._tell_revoked(store.run_blocking(work))
        return password

    def delete(self, email: str, *, abandon: bool = False) -> tuple[str, ...]:
        """Delete a person and all that is stored of them.

        Without sealed tokens, which only desktops have, the relay cannot remove items at Plaid.

        Args:
            email: whose.
            abandon: also while items are connected.

        Returns:
            The ids of items that stay at Plaid.

        Raises:
            AdminError: there is no such person, or items are connected and not abandoned.
        """
        at = to_ms(self.now())

        def work(connection: Connection) -> tuple[Left, list[str]]:
            user = _person(connection, email)
            # Written before anything is read, so that no item is added meanwhile.
            users.still_has(connection, user)
            left = users.left(connection, user.id, at)
            if left and not abandon:
                raise AdminError(_still_connected(left))
            return left, users.remove(connection, user.id, at, left)

        with self._store() as store:
            left, device_ids = store.run_blocking(work)
            self._tell_revoked(device_ids)
            store.scrub_blocking()
        return left.items

    def _tell_revoked(self, device_ids: list[str]) -> None:
        url = self.settings.redis_url
        if url is not None and device_ids:
            asyncio.run(_publish(url.get_secret_value(), device_ids))

    @contextmanager
    def _store(self) -> Iterator[Store]:
        store = Store(self.settings.database_url.get_secret_value())
        try:
            yield store
        finally:
            store.close()


async def _publish(redis_url: str, device_ids: list[str]) -> None:
    bus = open_bus(redis_url)
    await bus.start()
    try:
        for device_id in device_ids:
            await bus.publish(REVOKED, {"device_id": device_id})
    finally:
        await bus.close()


def _person(connection: Connection, email: str) -> User:
    try:
        user = users.by_email(connection, normal_email(email))
    except ValueError:
        user = None
    if user is None:
        raise AdminError("There is no account with that e-mail address.")
    return user


def _still_connected(left: Left) -> str:
    lines = [f"Still connected at Plaid: {', '.join(left.items)}"] if left.items else []
    if left.exchanges:
        lines.append(f"Being connected right now: {left.exchanges}. Try again in a few minutes.")
    lines.append(
        "Let the person remove them in Hive, or remove them at Plaid; with --abandon the account "
        "is deleted all the same, and Plaid may go on billing for them."
    )
    return "\n".join(lines)
