"""How a person gets into a relay: signing in, signing up, and taking a sign-in up again."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

from hive_desktop.adapters.bank import relay_http
from hive_desktop.adapters.bank.relay_client import RelayClient
from hive_desktop.adapters.bank.relay_http import RelayHttp, relay_address
from hive_desktop.adapters.bank.relay_session import in_thread, read_grant
from hive_desktop.adapters.sent import entry_of
from hive_desktop.plaidkit.egress import Recorder
from hive_desktop.plaidkit.transport import Patience
from hive_desktop.ports.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from hive_desktop.plaidkit.egress import SentRequest
    from hive_desktop.ports.egress import Egress
    from hive_desktop.ports.relay import Credentials, RelayGrant
    from hive_desktop.ports.system import Clock

_SHORTEST_PASSWORD: Final = 10


class Door:
    """Implements `ports.relay.RelayDoor`.

    Args:
        egress_key: keys the hashes of request bodies; None while it is locked away.
        clock: dates the records of requests, and tells when a sign-in is about to end.
        device_name: by which the person finds this computer among their sign-ins.
        country_codes: where the banks are that Link offers; by default, where the relay says.
    """

    def __init__(
        self,
        egress_key: bytes | None,
        clock: Clock,
        *,
        device_name: str,
        country_codes: tuple[str, ...] = (),
    ) -> None:
        self._key = egress_key
        self._clock = clock
        self._device_name = device_name
        self._country_codes = country_codes
        self._sent: deque[SentRequest] = deque()

    async def sign_in(self, url: str, credentials: Credentials) -> RelayGrant:
        """Sign in."""
        fields = {"email": credentials.email, "password": credentials.password}
        return await self._enter(url, "/auth/login", "Sign in at the relay", fields)

    async def sign_up(self, url: str, credentials: Credentials) -> RelayGrant:
        """Make an account."""
        if len(credentials.password) < _SHORTEST_PASSWORD:
            raise UsageError(
                "A password at a relay has at least {count} characters.",
                title="That password is too short",
                hint="Several words are best.",
                count=_SHORTEST_PASSWORD,
            )
        fields = {"email": credentials.email, "password": credentials.password}
        if credentials.invite:
            fields["invite"] = credentials.invite
        return await self._enter(url, "/auth/register", "Make an account at the relay", fields)

    def enter(
        self, grant: RelayGrant, keep: Callable[[RelayGrant], Awaitable[None]]
    ) -> RelayClient:
        """Take up a sign-in."""
        return RelayClient(
            grant,
            keep,
            egress_key=self._key,
            clock=self._clock,
            country_codes=self._country_codes,
        )

    def drain_egress(self) -> list[Egress]:
        """Take the records of requests made since the last call."""
        return [entry_of(self._sent.popleft()) for _ in range(len(self._sent))]

    async def _enter(
        self, url: str, path: str, purpose: str, fields: Mapping[str, str]
    ) -> RelayGrant:
        base = relay_address(url)
        http = RelayHttp(base, Recorder(self._key, self._clock.now, self._sent.append), Patience())
        sent = {**fields, "device_name": self._device_name}
        try:
            with relay_http.given():
                answer = await in_thread(http.send, "POST", path, purpose, fields=sent)
            grant, _ = await in_thread(read_grant, base, answer)
        finally:
            http.close()
        return grant
