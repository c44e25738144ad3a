"""Who may ask this vault over the local API, and the tokens that they ask with.

A client has an id and a secret; of the secret only a hash is kept. Tokens are in memory alone, as
hashes: they end with the lock, and nothing that lies on a disk lets anybody in.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections import deque
from dataclasses import dataclass, replace
from threading import Lock
from typing import TYPE_CHECKING, Final, NamedTuple

from hive_desktop.domain.api_clients import LONGEST_NAME, ApiClient
from hive_desktop.domain.changes import Actor
from hive_desktop.ports.errors import (
    ApiSignInError,
    ApiThrottledError,
    ApiTokenError,
    UsageError,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from hive_desktop.domain.api_clients import Scope
    from hive_desktop.ports.storage import Database, Writes
    from hive_desktop.ports.system import Clock

ACCESS_S: Final = 15 * 60
"""For how many seconds an access token is good."""
REFRESH_S: Final = 7 * 24 * 3600
"""For how many seconds a refresh token is good, once."""

_ID_BYTES: Final = 8
_SECRET_BYTES: Final = 32
_FAMILY_BYTES: Final = 16
_MOST_CLIENTS: Final = 100
_MOST_GRANTS: Final = 50
_WINDOW_S: Final = 60.0
_FAILURES: Final = 5
_FAILURES_OF_ALL: Final = 30
_NO_HASH: Final = bytes(32)


class Tokens(NamedTuple):
    """What a client asks with; both are secrets. `expires_in` is in seconds, of the access."""

    access: str
    refresh: str
    expires_in: int


@dataclass(slots=True)
class _Grant:
    """One sign-in: its client, and the tokens that are good.

    All its refresh tokens begin alike, by which one that was spent is known for as long as this is.
    """

    client: ApiClient
    family: str
    access: bytes = b""
    access_until: float = 0.0
    refresh: bytes = b""
    refresh_until: float = 0.0


class ApiClients:
    """What Settings, commands and the local API ask of clients.

    All that is no coroutine may be called from any thread.

    Args:
        database: holds the clients.
        clock: tells when.
        monotonic: seconds that only grow; tokens and throttles are measured by it.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._clock = clock
        self._monotonic = monotonic
        self._guard = Lock()
        self._grants: list[_Grant] = []
        self._failed: deque[tuple[float, str]] = deque()
        self._used: dict[str, datetime] = {}
        self._hashes: dict[str, bytes] = {}
        self._nobody = secrets.token_bytes(_SECRET_BYTES)

    async def create(self, name: str, scopes: Iterable[Scope]) -> tuple[ApiClient, str]:
        """Let a program in; returns it and its secret, which is told this once.

        Raises:
            UsageError: no name, one that another client has, no scope, or too many clients.
        """
        tidy = " ".join(name.split())[:LONGEST_NAME].strip()
        if not tidy.isprintable() or not tidy:
            raise UsageError("A client needs a name.", hint="Name the program that will use it.")
        given = frozenset(scopes)
        if not given:
            raise UsageError(
                "A client needs something that it may do.", hint="Give it read, write or chat."
            )
        secret = secrets.token_urlsafe(_SECRET_BYTES)
        client = ApiClient(secrets.token_hex(_ID_BYTES), tidy, given, self._clock.now())

        def work(writes: Writes) -> None:
            alive = [one for one in writes.api_clients.all() if one.revoked is None]
            if any(one.name.casefold() == tidy.casefold() for one in alive):
                raise UsageError(
                    "Another client is called “{name}”.", hint="Choose another name.", name=tidy
                )
            if len(alive) >= _MOST_CLIENTS:
                raise UsageError(
                    "There are {count} clients already.",
                    hint="Revoke those that are not used any more.",
                    count=len(alive),
                )
            writes.api_clients.add(client, _hashed(secret))

        await self._database.write(work, actor=Actor.PERSON)
        with self._guard:
            self._hashes[client.client_id] = _hashed(secret)
        return client, secret

    async def learn(self) -> None:
        """Read who has access, with the hash of its secret; of later clients it is told."""
        known = await self._database.read(
            lambda reads: [
                reads.api_clients.one(one.client_id)
                for one in reads.api_clients.all()
                if one.revoked is None
            ]
        )
        with self._guard:
            self._hashes = {one.client.client_id: one.secret_hash for one in known if one}

    def is_secret(self, client_id: str, secret: str) -> bool:
        """Tell whether this is the secret of a client that has access, and change nothing."""
        with self._guard:
            expected = self._hashes.get(client_id, _NO_HASH)
        return hmac.compare_digest(expected, _hashed(secret))

    def proof(self, client_id: str, words: bytes) -> bytes:
        """Return the HMAC-SHA-256 of words under what is kept of a client's secret, its SHA-256.

        For an id of no client that has access it is under a key that nobody knows.
        """
        with self._guard:
            key = self._hashes.get(client_id, self._nobody)
        return hmac.digest(key, words, "sha256")

    def refreshes(self, token: str) -> str | None:
        """Return the id of the client whose refresh token this is, and leave it good."""
        hashed, now = _hashed(token), self._monotonic()
        with self._guard:
            for one in self._grants:
                if now < one.refresh_until and hmac.compare_digest(one.refresh, hashed):
                    return one.client.client_id
        return None

    async def list(self) -> list[ApiClient]:
        """Return every client, revoked ones too, in the order in which they were let in."""
        clients = await self._database.read(lambda reads: reads.api_clients.all())
        with self._guard:
            used = dict(self._used)
        return [replace(one, last_used=used.get(one.client_id, one.last_used)) for one in clients]

    async def revoke(self, client_id: str) -> None:
        """Take a client's access away for good, and end its tokens.

        Raises:
            UsageError: there is no such client, or it has no access any more.
        """
        at = self._clock.now()
        try:
            revoked, _ = await self._database.write(
                lambda writes: writes.api_clients.revoke(client_id, at), actor=Actor.PERSON
            )
        finally:  # a commit stands where whoever waited for it is gone
            self._end(client_id)
        if not revoked:
            raise UsageError(
                "No client that has access has this id.",
                hint="`hive api clients list` shows the ids.",
            )

    async def sign_in(self, client_id: str, secret: str) -> Tokens:
        """Return tokens for a client's id and secret.

        Raises:
            ApiSignInError: they are not right, or the client was revoked.
            ApiThrottledError: too many of late were not.
        """
        known = await self._database.read(lambda reads: reads.api_clients.one(client_id))
        expected = _NO_HASH if known is None else known.secret_hash
        is_right = hmac.compare_digest(expected, _hashed(secret))
        if known is None or not is_right or known.client.revoked is not None:
            self._refuse_too_many(client_id)  # who is right is kept out by nobody
            with self._guard:
                self._failed.append((self._monotonic(), client_id[:64]))
            raise ApiSignInError
        tokens = self._granted(known.client)
        again = await self._database.read(lambda reads: reads.api_clients.one(client_id))
        if again is None or again.client.revoked is not None:  # while the hash was compared
            self._end(client_id)
            raise ApiSignInError
        return tokens

    def refresh(self, token: str) -> Tokens:
        """Return new tokens for a refresh token, which is spent by it, as is the access token.

        One that comes a second time may be stolen: the whole sign-in ends.

        Raises:
            ApiTokenError: unknown, over, spent, or ended.
        """
        hashed, now = _hashed(token), self._monotonic()
        with self._guard:
            self._forget_old(now)
            for grant in self._grants:
                if not _is_of(token, grant.family):
                    continue
                if not hmac.compare_digest(grant.refresh, hashed):
                    self._grants.remove(grant)
                    break
                self._used[grant.client.client_id] = self._minute()
                return _renewed(grant, now)
        raise ApiTokenError

    def sign_out(self, access_token: str) -> None:
        """End the sign-in that an access token is of; one that is unknown is over already."""
        hashed = _hashed(access_token)
        with self._guard:
            self._grants = [
                one for one in self._grants if not hmac.compare_digest(one.access, hashed)
            ]

    def authenticate(self, access_token: str) -> ApiClient:
        """Return the client whose access token this is.

        Raises:
            ApiTokenError: unknown, over, or ended.
        """
        with self._guard:
            return self._grant_of(access_token).client

    def owner_of(self, access_token: str) -> str | None:
        """Return the id of the client whose access token this is, also where it is just over."""
        hashed = _hashed(access_token)
        with self._guard:
            for grant in self._grants:
                if hmac.compare_digest(grant.access, hashed):
                    return grant.client.client_id
        return None

    def sign_in_of(self, access_token: str) -> str:
        """Return what `lasts` knows the sign-in of an access token by; it lets nobody in.

        Raises:
            ApiTokenError: as `authenticate`.
        """
        with self._guard:
            return self._grant_of(access_token).family

    def lasts(self, sign_in: str) -> bool:
        """Tell whether a sign-in goes on: it has an access token that is good, whichever it is."""
        now = self._monotonic()
        with self._guard:
            for grant in self._grants:
                if grant.family == sign_in and now < grant.access_until:
                    self._used[grant.client.client_id] = self._minute()
                    return True
        return False

    def has_access(self, client_id: str) -> bool:
        """Tell whether a client has access still, which `revoke` takes away at once."""
        with self._guard:
            return client_id in self._hashes

    async def write_down(self) -> None:
        """Keep in the vault when clients were last seen.

        Raises:
            VaultError: the vault cannot be written; it is kept for the next time.
        """
        with self._guard:
            used = dict(self._used)
        if used:
            await self._database.write(
                lambda writes: writes.api_clients.use(used), actor=Actor.PROGRAM
            )
            with self._guard:
                for client_id, at in used.items():
                    if self._used.get(client_id) == at:
                        del self._used[client_id]

    def end_all(self) -> None:
        """End every sign-in: the local API stops."""
        with self._guard:
            self._grants.clear()

    def _granted(self, client: ApiClient) -> Tokens:
        now = self._monotonic()
        grant = _Grant(client, secrets.token_urlsafe(_FAMILY_BYTES))
        tokens = _renewed(grant, now)
        with self._guard:
            self._forget_old(now)
            own = [one for one in self._grants if one.client.client_id == client.client_id]
            if len(own) >= _MOST_GRANTS:
                self._grants.remove(own[0])
            self._grants.append(grant)
            self._used[client.client_id] = self._minute()
        return tokens

    def _grant_of(self, access_token: str) -> _Grant:
        """Return the sign-in of an access token that is good; the guard is held."""
        hashed, now = _hashed(access_token), self._monotonic()
        for grant in self._grants:
            if hmac.compare_digest(grant.access, hashed) and now < grant.access_until:
                self._used[grant.client.client_id] = self._minute()
                return grant
        raise ApiTokenError

    def _refuse_too_many(self, client_id: str) -> None:
        now = self._monotonic()
        with self._guard:
            while self._failed and self._failed[0][0] <= now - _WINDOW_S:
                self._failed.popleft()
            own = [at for at, one in self._failed if one == client_id[:64]]
            if len(own) >= _FAILURES:
                raise ApiThrottledError(own[-_FAILURES] + _WINDOW_S - now)
            if len(self._failed) >= _FAILURES_OF_ALL:
                raise ApiThrottledError(self._failed[-_FAILURES_OF_ALL][0] + _WINDOW_S - now)

    def _end(self, client_id: str) -> None:
        with self._guard:
            self._hashes.pop(client_id, None)
            self._grants = [one for one in self._grants if one.client.client_id != client_id]

    def _forget_old(self, now: float) -> None:
        self._grants = [one for one in self._grants if now < one.refresh_until]

    def _minute(self) -> datetime:
        return self._clock.now().replace(second=0, microsecond=0)


def _renewed(grant: _Grant, now: float) -> Tokens:
    """Give a sign-in new tokens; those that it had are spent."""
    access, rest = (secrets.token_urlsafe(_SECRET_BYTES) for _ in range(2))
    tokens = Tokens(access, f"{grant.family}.{rest}", ACCESS_S)
    grant.access, grant.access_until = _hashed(tokens.access), now + ACCESS_S
    grant.refresh, grant.refresh_until = _hashed(tokens.refresh), now + REFRESH_S
    return tokens


def _is_of(token: str, family: str) -> bool:
    """Tell whether a refresh token is, or was, one of a sign-in's."""
    begins = token.partition(".")[0].encode("utf-8", "surrogatepass")
    return hmac.compare_digest(begins, family.encode())


def _hashed(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
