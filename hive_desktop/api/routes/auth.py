"""`auth`: signing in with a client's id and secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Final

import msgspec

from hive_desktop.api import shapes
from hive_desktop.api.endpoints import Endpoint

if TYPE_CHECKING:
    from hive_desktop.api.endpoints import Call
    from hive_desktop.api.shapes import Client, Proof, SignedIn
    from hive_desktop.services.api_clients import ApiClients

_Word = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


_Nonce = Annotated[str, msgspec.Meta(pattern="^[A-Za-z0-9_-]{16,128}$")]


class Challenge(msgspec.Struct, forbid_unknown_fields=True):
    """A client's id, and a nonce that it has never sent before.

    The proof is the HMAC-SHA-256, in hexadecimal, of `hive-local-api HOST CLIENT_ID NONCE` under
    the SHA-256 of the client's secret; HOST is the request's own, such as 127.0.0.1:8737.
    """

    client_id: _Word
    nonce: _Nonce


class Login(msgspec.Struct, forbid_unknown_fields=True):
    """A client's id and secret, as they were told when it was made."""

    client_id: _Word
    client_secret: _Word


class Refresh(msgspec.Struct, forbid_unknown_fields=True):
    """A refresh token, which is spent by this."""

    refresh_token: _Word


def signing_in(clients: ApiClients, asked: Login) -> str | None:
    """Return the client whose secret a sign-in has."""
    is_right = clients.is_secret(asked.client_id, asked.client_secret)
    return asked.client_id if is_right else None


def renewing(clients: ApiClients, asked: Refresh) -> str | None:
    """Return the client whose refresh token a renewal has."""
    return clients.refreshes(asked.refresh_token)


def proving(clients: ApiClients, asked: Challenge) -> str | None:
    """Return what a proof is counted under: whoever knows no client's id takes no place of one."""
    return f"prove {asked.client_id}" if clients.has_access(asked.client_id) else None


async def prove(call: Call, asked: Challenge) -> Proof:
    """Prove to a client that this is the Hive which knows it, before it sends its secret."""
    words = f"hive-local-api {call.host} {asked.client_id} {asked.nonce}".encode()
    return shapes.Proof(call.session.api_clients.proof(asked.client_id, words).hex())


async def login(call: Call, asked: Login) -> SignedIn:
    """Sign in."""
    clients = call.session.api_clients
    return shapes.signed_in(await clients.sign_in(asked.client_id, asked.client_secret))


async def refresh(call: Call, asked: Refresh) -> SignedIn:
    """Renew tokens."""
    return shapes.signed_in(call.session.api_clients.refresh(asked.refresh_token))


async def logout(call: Call) -> None:
    """End the sign-in that the request's token is of."""
    call.session.api_clients.sign_out(call.token)


async def me(call: Call) -> Client:
    """Return who asks."""
    assert call.client is not None  # noqa: S101 - not an open endpoint
    return shapes.client_of(call.client)


ENDPOINTS: Final = (
    Endpoint(
        "POST",
        "/auth/prove",
        "Have the server prove that it is your Hive, before a secret is sent to it.",
        prove,
        shapes.Proof,
        asked=Challenge,
        who=proving,
    ),
    Endpoint(
        "POST",
        "/auth/login",
        "Sign in with a client's id and secret; tokens end at the vault's lock.",
        login,
        shapes.SignedIn,
        asked=Login,
        who=signing_in,
    ),
    Endpoint(
        "POST",
        "/auth/refresh",
        "Renew both tokens; a refresh token that comes twice ends the sign-in.",
        refresh,
        shapes.SignedIn,
        asked=Refresh,
        who=renewing,
    ),
    Endpoint("POST", "/auth/logout", "End this sign-in.", logout, status=204),
    Endpoint("GET", "/auth/me", "Who this client is, and what it may do.", me, shapes.Client),
)
