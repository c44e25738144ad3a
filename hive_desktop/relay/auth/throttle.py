"""How often a password may be tried: by one address for one account, and for all accounts.

Nobody's failures lock another out: an account is counted together with the address that tries it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

from hive_desktop.relay.errors import RelayError
from hive_desktop.relay.http.addresses import limit_key
from hive_desktop.relay.http.limits import Rule

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from hive_desktop.relay.http.limits import Limits
    from hive_desktop.relay.metrics import Metrics

T = TypeVar("T")

_QUARTER: Final = 15 * 60
ACCOUNT_AND_ADDRESS: Final = Rule("password", 5, _QUARTER)
ADDRESS: Final = Rule("passwords", 50, _QUARTER)
REGISTRATIONS: Final = Rule("register", 20, 60 * 60)
REFRESHES: Final = Rule("refresh", 120, 60)


class Throttle:
    """Counts tries by address.

    Args:
        limits: where they are counted.
        metrics: what tells how sign-ins ended.
    """

    def __init__(self, limits: Limits, metrics: Metrics) -> None:
        self._limits = limits
        self._metrics = metrics

    async def attempt(
        self, email: str, address: str, check: Callable[[], Awaitable[T | None]]
    ) -> T | None:
        """Return what `check` returns; None is a failure and counts as one.

        A try is counted before it is made, so that many at once are no more than their number, and
        uncounted when it succeeds or comes to no end.

        Raises:
            RelayError: 429; there were too many failures.
        """
        where = limit_key(address)
        try:
            await self._limits.hit(ACCOUNT_AND_ADDRESS, email, where)
            await self._hit_address(email, where)
        except RelayError:
            self._metrics.sign_ins.labels("throttled").inc()
            raise
        is_failure = False
        try:
            found = await check()
            is_failure = found is None
        finally:
            if not is_failure:
                await self._limits.take_back(ACCOUNT_AND_ADDRESS, email, where)
                await self._limits.take_back(ADDRESS, where)
        if not is_failure:
            await self._limits.clear(ACCOUNT_AND_ADDRESS, email, where)
        self._metrics.sign_ins.labels("refused" if is_failure else "done").inc()
        return found

    async def register(self, address: str) -> None:
        """Count a registration.

        Raises:
            RelayError: 429; there were too many.
        """
        await self._limits.hit(REGISTRATIONS, limit_key(address))

    async def refresh(self, address: str) -> None:
        """Count a renewal of a sign-in.

        Raises:
            RelayError: 429; there were too many.
        """
        await self._limits.hit(REFRESHES, limit_key(address))

    async def _hit_address(self, email: str, where: str) -> None:
        try:
            await self._limits.hit(ADDRESS, where)
        except RelayError:
            await self._limits.take_back(ACCOUNT_AND_ADDRESS, email, where)
            raise
