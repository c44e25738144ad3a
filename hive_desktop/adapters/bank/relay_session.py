"""A sign-in at a relay: taken up, renewed in silence, and ended.

The refresh token works once. A renewed sign-in is stored before its first use, so that whatever
comes after finds the one that is valid; of several calls that need it only one renews.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar

import msgspec

from hive_desktop.adapters.bank import relay_http
from hive_desktop.adapters.bank.relay_http import RelayRefusalError
from hive_desktop.plaidkit.errors import PlaidError
from hive_desktop.plaidkit.retry import trying
from hive_desktop.plaidkit.transport import Patience
from hive_desktop.plaidkit.wire import decode
from hive_desktop.ports.errors import BankOfflineError, HiveError, VaultError
from hive_desktop.ports.relay import RelayGrant

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from hive_desktop.adapters.bank.relay_http import RelayHttp
    from hive_desktop.plaidkit.wire import Answer

P = ParamSpec("P")
T = TypeVar("T")

# An access token lives fifteen minutes. By this computer's clock that cannot be told, which may be
# wrong; a token that ended while the computer slept is refused, and renewed then.
_RENEW_AFTER_S: Final = 12 * 60.0
# Where the answer was lost, the spent token gives the very same one again, for thirty seconds after
# which it is taken for stolen: every try must be over by then.
_RENEWING: Final = Patience(read_s=6.0, tries=3, within_s=15.0, longest_pause_s=1.0)
_CLOSING_S: Final = 2.0


class _User(msgspec.Struct):
    email: str


class _SignedIn(msgspec.Struct):
    access_token: str
    refresh_token: str
    refresh_expires_at: datetime
    user: _User
    device_id: str


_SIGNED_IN: Final = msgspec.json.Decoder(_SignedIn)


def read_grant(url: str, answer: Answer) -> tuple[RelayGrant, _SignedIn]:
    """Read the relay's answer to a sign-in.

    Raises:
        PlaidError: it is none.
    """
    said = decode(answer, _SIGNED_IN)
    grant = RelayGrant(
        url, said.user.email, said.device_id, said.refresh_token, said.refresh_expires_at
    )
    return grant, said


async def in_thread(blocking: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run a blocking call on the loop's pool.

    Raises:
        HiveError: in place of a PlaidError.
    """
    loop = asyncio.get_running_loop()
    try:
        return await loop.run_in_executor(None, partial(blocking, *args, **kwargs))
    except PlaidError as exc:
        raise relay_http.explain(exc) from exc


class RelaySession:
    """Holds a sign-in and gives out its access token.

    Args:
        http: the relay.
        grant: as stored.
        keep: stores a renewed one.
        sleep: waits between two tries of a renewal, on a thread.
    """

    def __init__(
        self,
        http: RelayHttp,
        grant: RelayGrant,
        keep: Callable[[RelayGrant], Awaitable[None]],
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._http = http
        self._grant = grant
        self._keep = keep
        self._sleep = sleep
        self._is_kept = True
        self._access: tuple[str, float] | None = None
        self._is_ended = False
        self._is_closed = False
        self._renewing = asyncio.Lock()

    async def call(self, send: Callable[[str], T]) -> T:
        """Run a blocking call that takes the access token; a token that has ended is renewed.

        Raises:
            HiveError: the call's own, or RelaySignInError where the person must sign in again, or
                VaultError where the renewed sign-in cannot be kept.
        """
        bearer = await self.bearer()
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(None, send, bearer)
        except RelayRefusalError as refusal:
            if refusal.status != HTTPStatus.UNAUTHORIZED:
                raise relay_http.explain(refusal) from refusal
        except PlaidError as exc:
            raise relay_http.explain(exc) from exc
        return await in_thread(send, await self.bearer(stale=bearer))

    async def bearer(self, *, stale: str | None = None) -> str:
        """Return an access token that is good for a minute.

        Who stops waiting does not stop a renewal: the relay's answer must reach the vault.

        Args:
            stale: one that the relay has just refused.
        """
        got = await asyncio.shield(self._bearer_or_error(stale))
        if isinstance(got, HiveError):
            raise got
        return got

    async def _bearer_or_error(self, stale: str | None) -> str | HiveError:
        """Return what went wrong: raised where nobody waits any more, it would be logged."""
        try:
            return await self._bearer(stale)
        except HiveError as error:
            return error

    async def _bearer(self, stale: str | None) -> str:
        async with self._renewing:
            if self._is_closed:
                raise BankOfflineError(code="CLOSED")
            if self._is_ended:
                raise relay_http.signed_out()
            if not self._is_kept:
                await self._store()
            held = self._access
            if held is None or held[0] == stale or time.monotonic() - held[1] > _RENEW_AFTER_S:
                return await self._renew()
            return held[0]

    async def end(self, *, everywhere: bool) -> None:
        """Tell the relay that this sign-in, or every one of the person, is over."""
        path = "/auth/logout-everywhere" if everywhere else "/auth/logout"
        await self.call(
            lambda bearer: self._http.send(
                "POST", path, "Sign out at the relay", fields={}, bearer=bearer
            )
        )
        self._is_ended = True

    async def close(self) -> None:
        """Let a renewal that is under way come to its end, for a moment: its answer counts.

        One that could not be stored is stored now, if that can be done again.
        """
        self._is_closed = True
        with suppress(TimeoutError, VaultError):
            async with asyncio.timeout(_CLOSING_S), self._renewing:
                if not self._is_kept:
                    await self._store()

    async def _renew(self) -> str:
        send = partial(
            self._http.send,
            "POST",
            "/auth/refresh",
            "Renew the sign-in at the relay",
            fields={"refresh_token": self._grant.refresh_token},
            silence_s=_RENEWING.read_s,
        )
        url = self._grant.url
        grant, said = await in_thread(
            trying, _RENEWING, self._sleep, lambda: read_grant(url, send())
        )
        # Who signed in does not change, and is not known while the vault is locked.
        self._grant, self._is_kept = replace(grant, email=self._grant.email), False
        self._access = (said.access_token, time.monotonic())
        await self._store()
        return said.access_token

    async def _store(self) -> None:
        await self._keep(self._grant)
        self._is_kept = True
