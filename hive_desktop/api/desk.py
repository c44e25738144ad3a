"""What every part of the local API is given: the session, its loop, limits and counters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from hive_desktop.api.connections import SIGNED_IN
from hive_desktop.api.limits import Buckets, Places
from hive_desktop.api.refusals import refusal
from hive_desktop.ports.errors import ApiTokenError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.types import Scope

    from hive_desktop.api.bridge import Bridge
    from hive_desktop.api.limits import Limits
    from hive_desktop.api.usage import Usage
    from hive_desktop.domain.api_clients import ApiClient
    from hive_desktop.services.session import VaultSession


@dataclass(frozen=True, slots=True, eq=False)
class Desk:
    """One server's parts.

    Attributes:
        session: asked on its own loop only, by `bridge`.
        bridge: runs work there.
        usage: counts what was handed out.
        limits: bounds.
        clients: how often each client may ask.
        strangers: how often all others may.
        chats: who has web-sockets.
    """

    session: VaultSession
    bridge: Bridge
    usage: Usage
    limits: Limits
    clients: Buckets
    strangers: Buckets
    chats: Places

    @classmethod
    def of(cls, session: VaultSession, bridge: Bridge, usage: Usage, limits: Limits) -> Desk:
        """Return the parts of a new server."""
        clients, strangers = Buckets(limits.client), Buckets(limits.stranger)
        return cls(session, bridge, usage, limits, clients, strangers, Places())

    def let_in(self, scope: Scope) -> tuple[ApiClient, str]:
        """Return the client whose request this is, by its headers, and its access token.

        Also for what is mounted beside the routes: call it first, and again for each request.

        Raises:
            RefusalError: no token, one that is not valid, or too many requests.
        """
        token = bearer(scope["headers"])
        if token is None:
            self.strangers.take("")
            raise refusal(
                401,
                "token_missing",
                "This needs the header “Authorization: Bearer TOKEN”.",
                "POST /api/v1/auth/login gives a token for a client's id and secret.",
            )
        try:
            client = self.session.api_clients.authenticate(token)
        except ApiTokenError:
            owner = self.session.api_clients.owner_of(token)
            if owner is None:
                self.strangers.take("")
            else:  # who had a secret is told to renew, however many strangers ask
                self.clients.take(owner)
            raise
        scope[SIGNED_IN] = True
        self.clients.take(client.client_id)
        return client, token

    def check_still(self, client: ApiClient) -> None:
        """Look, before an answer goes, whether its client was revoked while it was made.

        Raises:
            ApiTokenError: it was.
        """
        if not self.session.api_clients.has_access(client.client_id):
            raise ApiTokenError


def bearer(headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    """Return the token of an Authorization header, where there is exactly one."""
    given = [value for name, value in headers if name == b"authorization"]
    if len(given) != 1:
        return None
    scheme, _, token = given[0].decode("latin-1").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None
