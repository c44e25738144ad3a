"""What people do with their accounts: register, sign in, change the password, leave."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final, Protocol

from sqlalchemy.exc import IntegrityError

from hive_desktop.relay.errors import RelayError, forbidden, unauthorized
from hive_desktop.relay.store import audit, devices, invites, users
from hive_desktop.relay.store.audit import Kind
from hive_desktop.relay.store.devices import Reason
from hive_desktop.relay.store.instants import to_ms

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

    from hive_desktop.relay.auth.caller import Caller
    from hive_desktop.relay.auth.passwords import Passwords
    from hive_desktop.relay.auth.sessions import Session
    from hive_desktop.relay.auth.throttle import Throttle
    from hive_desktop.relay.relay import Relay
    from hive_desktop.relay.store.users import Left, User

_ID_BYTES: Final = 16


def new_user_id() -> str:
    """Return an id that nobody has."""
    return secrets.token_hex(_ID_BYTES)


def hash_of(code: str) -> str:
    """Return the form in which an invite is stored."""
    return hashlib.sha256(code.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Applicant:
    """Who wants an account or a sign-in, and from where.

    Attributes:
        email: in its normal form.
        password: as typed.
        device_name: what the person calls the device.
        address: where the request came from.
    """

    email: str
    password: str = field(repr=False)
    device_name: str
    address: str


class RemoveItems(Protocol):
    """Ends a person's items at Plaid by their sealed tokens; see `bank.removal.remove_all`."""

    async def __call__(
        self,
        relay: Relay,
        caller: Caller,
        sealed: Iterable[str],
        *,
        abandon: bool = False,
        address: str | None = None,
    ) -> object:
        """End them; one that Plaid does not end stays in the store.

        Where others are left that are not to be abandoned, none is ended.
        """
        ...


@dataclass(frozen=True, slots=True)
class Accounts:
    """The accounts of one relay."""

    relay: Relay
    passwords: Passwords
    throttle: Throttle
    remove_items: RemoveItems

    async def register(self, who: Applicant, invite: str | None) -> Session:
        """Make an account and sign its person in.

        Whether an address is taken is told to nobody but the holder of a valid invite, which stays
        unused then; with open registration, to whoever has not made too many tries.

        Raises:
            RelayError: 403 without a valid invite, 409 when the address is taken, 422 for a weak
                password, 429 or 503.
        """
        await self.throttle.register(who.address)
        code = await self._admitted(invite)
        await self.passwords.refuse_weak(who.password, who.email)
        hashed = await self.passwords.hash(who.password)
        at = self._at()
        user = users.User(new_user_id(), who.email, hashed, at)
        device, session = self.relay.sessions.draft(user.id, who.device_name)

        def work(connection: Connection) -> None:
            if code is not None and not invites.use(connection, code, at):
                raise _invite_refused()
            if users.by_email(connection, user.email) is not None:
                raise _taken()
            users.add(connection, user)
            devices.add(connection, device)
            audit.add(
                connection,
                Kind.REGISTERED,
                at,
                user_id=user.id,
                device_id=device.id,
                address=who.address,
            )

        try:
            await self.relay.store.run(work)
        except IntegrityError:  # another one registered the same address in the meantime
            raise _taken() from None
        return session

    async def sign_in(self, who: Applicant) -> Session:
        """Open a new device for who knows e-mail address and password.

        Raises:
            RelayError: 401; the same, and after the same time, for an unknown address and a wrong
                password. 429 after too many of them, or 503.
        """
        user = await self.relay.store.run(users.by_email, who.email)
        tried = _tried(who.email, user)
        session = await self.throttle.attempt(tried, who.address, partial(self._sign_in, who))
        if session is None:
            raise _wrong_sign_in()
        return session

    async def change_password(self, caller: Caller, old: str, new: str, *, address: str) -> None:
        """Change a password; every other device of that person must sign in again.

        Raises:
            RelayError: 403 when the old one is wrong, 422 for a weak new one, 429 or 503.
        """
        user = await self._known(caller, old, address)
        await self.passwords.refuse_weak(new, user.email)
        hashed = await self.passwords.hash(new)
        at = self._at()

        def work(connection: Connection) -> list[str]:
            if not users.set_password(connection, user, hashed):
                raise _wrong_password()
            audit.add(
                connection,
                Kind.PASSWORD_CHANGED,
                at,
                user_id=user.id,
                device_id=caller.device_id,
                address=address,
            )
            return devices.revoke_all(
                connection, user.id, Reason.PASSWORD_CHANGED, at, but=caller.device_id
            )

        await self.relay.sessions.tell_revoked(await self.relay.store.run(work))

    async def delete(
        self,
        caller: Caller,
        password: str,
        sealed: Iterable[str],
        *,
        abandon: bool,
        address: str,
    ) -> None:
        """Remove a person's items at Plaid, then everything that the relay stores of them.

        Args:
            caller: who leaves.
            password: theirs.
            sealed: tokens of their items.
            abandon: leave items where they are that no token was given for.
            address: where the request came from.

        Raises:
            RelayError: 403 when the password is wrong; 409 while items stay or an exchange is under
                way, unless abandoned; what removing an item at Plaid raises; 429 or 503.
        """
        user = await self._known(caller, password, address)
        await self.remove_items(self.relay, caller, sealed, abandon=abandon, address=address)
        at = self._at()

        def work(connection: Connection) -> list[str]:
            # Written before anything is read, so that no item is added meanwhile.
            if not users.still_has(connection, user):
                raise _wrong_password()
            left = users.left(connection, user.id, at)
            if left and not abandon:
                raise _still_connected(left)
            return users.remove(connection, user.id, at, left)

        await self.relay.sessions.tell_revoked(await self.relay.store.run(work))
        await self.relay.store.scrub()

    async def _admitted(self, invite: str | None) -> str | None:
        """Return the hash of a valid invite, or None where none is needed."""
        if self.relay.settings.registration == "open":
            return None
        if invite is None:
            raise _invite_needed()
        code = hash_of(invite)
        if not await self.relay.store.run(invites.is_open, code, self._at()):
            raise _invite_refused()
        return code

    async def _sign_in(self, who: Applicant) -> Session | None:
        store = self.relay.store
        user = await store.run(users.by_email, who.email)
        is_right = await self.passwords.matches(
            who.password, None if user is None else user.password_hash
        )
        session = await self._open(user, who) if user is not None and is_right else None
        if session is None:
            await store.run(_refused, who.email, who.address, self._at())
        return session

    async def _open(self, user: User, who: Applicant) -> Session | None:
        """Open a device, unless the password was changed while it was checked."""
        device, session = self.relay.sessions.draft(user.id, who.device_name)

        def work(connection: Connection) -> list[str] | None:
            if not users.still_has(connection, user):
                return None
            surplus = devices.add(connection, device)
            audit.add(
                connection,
                Kind.SIGNED_IN,
                device.at,
                user_id=user.id,
                device_id=device.id,
                address=who.address,
            )
            return surplus

        surplus = await self.relay.store.run(work)
        if surplus is None:
            return None
        await self.relay.sessions.tell_revoked(surplus)
        return session

    async def _known(self, caller: Caller, password: str, address: str) -> User:
        """Return the caller's account after its password was checked once more."""
        user = await self.relay.store.run(users.by_id, caller.user_id)
        if user is None:
            raise unauthorized()

        async def check() -> User | None:
            return user if await self.passwords.matches(password, user.password_hash) else None

        found = await self.throttle.attempt(_tried(user.email, user), address, check)
        if found is None:
            await self.relay.store.run(_refused, user.email, address, self._at())
            raise _wrong_password()
        return found

    def _at(self) -> int:
        return to_ms(self.relay.now())


def _tried(email: str, user: User | None) -> str:
    """Return what failures are counted by: a password that was reset begins anew."""
    return f"{email} {hash_of(user.password_hash)}" if user is not None else email


def _refused(connection: Connection, email: str, address: str, at: int) -> None:
    """Write that a password was wrong; as much work for an address that nobody has."""
    user = users.by_email(connection, email)
    audit.add(
        connection,
        Kind.SIGN_IN_REFUSED,
        at,
        user_id=None if user is None else user.id,
        address=address,
    )


def _still_connected(left: Left) -> RelayError:
    parts = [f"{len(left.items)} still connected"] if left.items else []
    parts += [f"{left.exchanges} being connected"] if left.exchanges else []
    return RelayError(
        409,
        "items_remain",
        "Banks are still connected",
        f"Of this account's banks, {' and '.join(parts)}.",
        "Disconnect them where they are connected (GET /api/v1/me/data names them), or ask to "
        "abandon them: Plaid may go on billing for those.",
    )


def _invite_needed() -> RelayError:
    return forbidden(
        "invite_needed",
        "This relay takes new people by invitation only.",
        "Ask whoever runs the relay for an invite code.",
    )


def _invite_refused() -> RelayError:
    return forbidden(
        "invite_refused",
        "The invite code is not valid, was used already, or has ended.",
        "Ask whoever runs the relay for a new one.",
    )


def _taken() -> RelayError:
    return RelayError(
        409,
        "email_taken",
        "There is an account already",
        "Somebody has registered with this e-mail address.",
        "Sign in, or register with another address.",
    )


def _wrong_sign_in() -> RelayError:
    return RelayError(
        401,
        "wrong_sign_in",
        "E-mail or password is wrong",
        "There is no account with this e-mail address and this password.",
        "Check both and try again.",
        headers={"WWW-Authenticate": "Bearer"},
    )


def _wrong_password() -> RelayError:
    return forbidden(
        "wrong_password", "That is not the password of this account.", "Check it and try again."
    )
