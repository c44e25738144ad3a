"""A client of the local API that is not let in."""

from __future__ import annotations

from hive_desktop.ports.errors.base import HiveError


class ApiError(HiveError):
    """The local API does not serve this client."""

    default_title = "The local API refused this"
    default_message = "This client is not let in."
    default_hint = "`hive api clients list` shows which clients there are, and what each may do."


class ApiSignInError(ApiError):
    """The client id or its secret is wrong, or the client was revoked: which is not said."""

    default_title = "The client could not sign in"
    default_message = "No client has this id and secret."
    default_hint = "Check both, or make a new client: `hive api clients add`."


class ApiTokenError(ApiError):
    """A token is unknown, over, or was ended."""

    default_title = "Sign in again"
    default_message = "The token is not valid, or not any more."
    default_hint = "Sign in with the client's id and secret, or refresh while that is possible."


class ApiScopeError(ApiError):
    """The client was not given what this needs."""

    default_title = "This client may not do that"
    default_hint = "What a client may do is chosen when it is made: `hive api clients add`."


class ApiThrottledError(ApiError):
    """Too many attempts; `wait_s` says for how many seconds no other is heard."""

    default_title = "Too many attempts"
    default_message = "There were too many attempts in a short time."
    default_hint = "Wait a minute, and try again."

    def __init__(self, wait_s: float = 60.0, *, hint: str | None = None) -> None:
        super().__init__(hint=hint)
        self.wait_s = wait_s
