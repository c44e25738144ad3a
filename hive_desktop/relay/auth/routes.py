"""The account routes: bodies, cookies and status codes; what they do is in `accounts`.

A desktop gets the refresh token in the body. A browser asks with `X-Hive-Cookie: 1` for a cookie
that no script can read; a page of another origin cannot send that header, so that it can neither
renew nor end a sign-in.
"""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Final, Literal

from fastapi import APIRouter, Cookie, Depends, Header, Path, Response, Security
from fastapi.security import HTTPBearer
from starlette.requests import Request

from hive_desktop.relay.auth import bodies
from hive_desktop.relay.auth.accounts import Accounts, Applicant, RemoveItems
from hive_desktop.relay.auth.caller import Caller
from hive_desktop.relay.auth.guard import caller_of
from hive_desktop.relay.auth.passwords import Passwords
from hive_desktop.relay.auth.throttle import Throttle
from hive_desktop.relay.errors import invalid, not_found, unauthorized
from hive_desktop.relay.http.context import address_of
from hive_desktop.relay.store import devices, person, users
from hive_desktop.relay.store.devices import Reason
from hive_desktop.relay.store.instants import from_ms, to_ms

if TYPE_CHECKING:
    from hive_desktop.relay.auth.sessions import Session
    from hive_desktop.relay.relay import Relay

COOKIE: Final = "__Secure-hive-refresh"
_COOKIE_PATH: Final = "/api/v1/auth"
_NOTHING: Final = 204
_YES: Final = "1"
_NO: Final = "0"
_BEARER: Final = HTTPBearer(auto_error=False, bearerFormat="JWT")

WantsCookie = Annotated[
    Literal["0", "1"],
    Header(alias="X-Hive-Cookie", description="1: the refresh token goes into a cookie"),
]
SentCookie = Annotated[str, Cookie(alias=COOKIE, max_length=200)]
DeviceId = Annotated[str, Path(pattern="^[0-9a-f]{32}$", max_length=32)]


def router(
    relay: "Relay",
    *,
    remove_items: RemoveItems,
    passwords: Passwords | None = None,
) -> APIRouter:
    """Return the account routes of a relay.

    Args:
        relay: whose.
        remove_items: what ends items at Plaid before an account is deleted.
        passwords: what hashes passwords; by default, at the cost for production.
    """
    throttle = Throttle(relay.limits, relay.metrics)
    accounts = Accounts(relay, passwords or Passwords(), throttle, remove_items)
    routes = APIRouter(tags=["account"])
    _add_sign_ins(routes, relay, accounts)
    _add_sessions(routes, relay)
    _add_account(routes, relay, accounts)
    return routes


def _add_sign_ins(routes: APIRouter, relay: "Relay", accounts: Accounts) -> None:
    """Add what needs no access token."""

    def answer(session: "Session", email: str, response: Response, cookie: str) -> bodies.SignedIn:
        token, expires_at = relay.signer.access(session.user_id, email, session.device_id)
        if cookie == _YES:
            _set_cookie(response, session.refresh_token, session.refresh_expires_at - relay.now())
        return bodies.SignedIn(
            access_token=token,
            expires_at=expires_at,
            refresh_token=None if cookie == _YES else session.refresh_token,
            refresh_expires_at=session.refresh_expires_at,
            user=bodies.UserOut(id=session.user_id, email=email),
            device_id=session.device_id,
        )

    @routes.post("/auth/register", status_code=201)
    async def register(
        request: Request, response: Response, body: bodies.Register, cookie: WantsCookie = _NO
    ) -> bodies.SignedIn:
        """Make an account; needs an invite code unless registration is open."""
        invite = None if body.invite is None else body.invite.get_secret_value()
        session = await accounts.register(_applicant(request, body), invite)
        return answer(session, body.email, response, cookie)

    @routes.post("/auth/login")
    async def login(
        request: Request, response: Response, body: bodies.Login, cookie: WantsCookie = _NO
    ) -> bodies.SignedIn:
        """Sign in on a new device."""
        session = await accounts.sign_in(_applicant(request, body))
        return answer(session, body.email, response, cookie)

    @routes.post("/auth/refresh")
    async def refresh(
        request: Request,
        response: Response,
        body: bodies.Refresh | None = None,
        cookie: WantsCookie = _NO,
        sent: SentCookie = "",
    ) -> bodies.SignedIn:
        """Exchange a refresh token for the next one.

        The same token may be sent again for half a minute, should an answer be lost, and brings
        the same next one. Sent later, it ends the sign-in on that device.
        """
        address = address_of(request)
        await accounts.throttle.refresh(address)
        renewed = await relay.sessions.rotate(_presented(body, cookie, sent), address=address)
        return answer(renewed.session, renewed.email, response, cookie)


def _add_sessions(routes: APIRouter, relay: "Relay") -> None:
    """Add what ends sign-ins."""
    me = Depends(_signed_in(relay))

    @routes.post("/auth/logout", status_code=_NOTHING)
    async def logout(caller: Annotated[Caller, me]) -> Response:
        """Sign this device out."""
        await relay.sessions.revoke(caller.user_id, caller.device_id)
        return _without_cookie()

    @routes.post("/auth/logout-everywhere", status_code=_NOTHING)
    async def logout_everywhere(caller: Annotated[Caller, me]) -> Response:
        """Sign all devices out."""
        await relay.sessions.revoke_all(caller.user_id)
        return _without_cookie()

    @routes.get("/auth/devices")
    async def list_devices(caller: Annotated[Caller, me]) -> bodies.Devices:
        """List the devices that are signed in."""
        at = to_ms(relay.now())
        found = await relay.store.run(devices.of_user, caller.user_id)
        return bodies.Devices(
            devices=[
                bodies.DeviceOut(
                    id=device.id,
                    name=device.name,
                    created_at=from_ms(device.created_at),
                    used_at=from_ms(device.used_at),
                    expires_at=from_ms(device.expires_at),
                    is_current=device.id == caller.device_id,
                )
                for device in found
                if device.is_live(at)
            ]
        )

    @routes.delete("/auth/devices/{device_id}", status_code=_NOTHING)
    async def revoke_device(caller: Annotated[Caller, me], device_id: DeviceId) -> Response:
        """Sign one device out."""
        if not await relay.sessions.revoke(caller.user_id, device_id, Reason.BY_PERSON):
            raise not_found("There is no such device, or it is signed out already.")
        return Response(status_code=_NOTHING)


def _add_account(routes: APIRouter, relay: "Relay", accounts: Accounts) -> None:
    """Add what concerns the account itself."""
    me = Depends(_signed_in(relay))

    @routes.get("/auth/me")
    async def who(caller: Annotated[Caller, me]) -> bodies.Me:
        """Tell who is signed in."""
        user = await relay.store.run(users.by_id, caller.user_id)
        if user is None:
            raise unauthorized()
        return bodies.Me(
            id=user.id,
            email=user.email,
            device_id=caller.device_id,
            created_at=from_ms(user.created_at),
        )

    @routes.delete("/auth/me", status_code=_NOTHING)
    async def leave(
        request: Request, caller: Annotated[Caller, me], body: bodies.DeleteAccount
    ) -> Response:
        """Delete the account with all that is stored of it; its items are removed at Plaid first.

        409 tells how many items stay, when no sealed token was sent for them.
        """
        await accounts.delete(
            caller,
            body.password.get_secret_value(),
            body.items,
            abandon=body.abandon,
            address=address_of(request),
        )
        return _without_cookie()

    @routes.post("/auth/password", status_code=_NOTHING)
    async def change_password(
        request: Request, caller: Annotated[Caller, me], body: bodies.ChangePassword
    ) -> Response:
        """Change the password; all other devices are signed out."""
        await accounts.change_password(
            caller,
            body.old.get_secret_value(),
            body.new.get_secret_value(),
            address=address_of(request),
        )
        return Response(status_code=_NOTHING)

    @routes.get("/me/data")
    async def data(caller: Annotated[Caller, me]) -> bodies.Stored:
        """Return everything that the relay stores of this person: no token, no transaction."""
        found = await relay.store.run(person.everything, caller.user_id)
        if found is None:
            raise unauthorized()
        return bodies.Stored.model_validate(found)


def _signed_in(relay: "Relay") -> Callable[[Request], Awaitable[Caller]]:
    """Return the guard as a dependency, which also tells the schema of it."""

    async def caller(
        request: Request, _in_schema: Annotated[object, Security(_BEARER)] = None
    ) -> Caller:
        return await caller_of(relay, request)

    return caller


def _applicant(request: Request, body: bodies.Register | bodies.Login) -> Applicant:
    return Applicant(
        email=body.email,
        password=body.password.get_secret_value(),
        device_name=body.device_name,
        address=address_of(request),
    )


def _presented(body: bodies.Refresh | None, cookie: str, sent: str) -> str:
    """Return the refresh token of the body, or of the cookie with the header that protects it."""
    token = body.refresh_token if body is not None else None
    if token is not None and cookie == _YES:
        raise invalid("A refresh token comes in the body or in the cookie, not in both.")
    if token is not None:
        return token.get_secret_value()
    if cookie != _YES or not sent:
        raise unauthorized()
    return sent


def _set_cookie(response: Response, token: str, lasts: timedelta) -> None:
    response.set_cookie(
        COOKIE,
        token,
        max_age=round(lasts.total_seconds()),
        path=_COOKIE_PATH,
        secure=True,
        httponly=True,
        samesite="strict",
    )


def _without_cookie() -> Response:
    response = Response(status_code=_NOTHING)
    response.delete_cookie(COOKIE, path=_COOKIE_PATH, secure=True, httponly=True, samesite="strict")
    return response
