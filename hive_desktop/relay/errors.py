"""Refusals of the relay, and the one shape in which every error leaves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from pydantic import BaseModel, Field

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_PLACES: Final = frozenset({"body", "query", "path", "header", "cookie"})
_LONGEST_NAME: Final = 40
_FIELDS: Final = {
    "email": "The e-mail address",
    "password": "The password",
    "old": "The present password",
    "new": "The new password",
    "invite": "The invite code",
    "device_id": "The id of the device",
}


class PlaidSaid(BaseModel):
    """Plaid's own words about a call that it refused; the desktop acts on them as on Plaid's."""

    status: int | None = Field(description="Plaid's HTTP status; null when no answer came")
    error_type: str | None
    error_code: str
    error_message: str | None
    request_id: str | None


class ErrorDetail(BaseModel):
    """What went wrong, for a program (`code`) and for a person (the rest)."""

    code: str
    title: str
    message: str
    hint: str
    request_id: str
    plaid: PlaidSaid | None = None


class ErrorBody(BaseModel):
    """The body of every answer that is not a success."""

    error: ErrorDetail


class RelayError(Exception):
    """A request that is refused. Its text is the code; no part of it holds a secret.

    Args:
        status: the HTTP status.
        code: a stable word in lower case, or Plaid's own code in upper case.
        title: a few words for a person.
        message: a sentence.
        hint: what to do.
        headers: more headers of the answer, such as Retry-After.
        plaid: what Plaid said, where it was Plaid that refused.
    """

    def __init__(  # noqa: PLR0913 - the parts of one error shape
        self,
        status: int,
        code: str,
        title: str,
        message: str,
        hint: str,
        *,
        headers: Mapping[str, str] | None = None,
        plaid: PlaidSaid | None = None,
    ) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.title = title
        self.message = message
        self.hint = hint
        self.headers = dict(headers or {})
        self.plaid = plaid

    def body(self, request_id: str) -> ErrorBody:
        """Return the answer's body."""
        return ErrorBody(
            error=ErrorDetail(
                code=self.code,
                title=self.title,
                message=self.message,
                hint=self.hint,
                request_id=request_id,
                plaid=self.plaid,
            )
        )


def unauthorized(code: str = "not_signed_in") -> RelayError:
    """Return the refusal of a request without a valid sign-in; it never says what was wrong."""
    return RelayError(
        401,
        code,
        "Sign in again",
        "This request needs a valid sign-in.",
        "Renew the sign-in, or sign in again with e-mail and password.",
        headers={"WWW-Authenticate": "Bearer"},
    )


def forbidden(code: str, message: str, hint: str) -> RelayError:
    """Return the refusal of something that is not this person's."""
    return RelayError(403, code, "Not allowed", message, hint)


def not_found(message: str = "There is nothing here by that name.") -> RelayError:
    """Return the answer for what does not exist, or is another person's."""
    return RelayError(404, "not_found", "Not found", message, "Check the address.")


def invalid(message: str, hint: str = "Correct the request and send it again.") -> RelayError:
    """Return the refusal of a request that cannot be understood."""
    return RelayError(422, "invalid_request", "The request is not valid", message, hint)


def invalid_field(errors: Iterable[Mapping[str, Any]]) -> RelayError:
    """Return the refusal of a body or a parameter: which field is not as it must be, and how.

    Args:
        errors: as pydantic tells them. Of their words only those are repeated that hold nothing of
            what was sent, which may be a password.
    """
    first = next(iter(errors), {})
    names = [part for part in first.get("loc", ()) if part not in _PLACES]
    name = str(names[0]) if names else ""
    if not (name.isascii() and name.isidentifier() and len(name) <= _LONGEST_NAME):
        return invalid("A field is missing, unknown, or not of its kind.")
    kind, bounds = first.get("type"), first.get("ctx") or {}
    field = _FIELDS.get(name, name)
    if kind == "string_too_short" and bounds.get("min_length", 1) > 1 and name != "email":
        return invalid(f"{field} has at least {bounds['min_length']} characters.")
    if kind in {"string_too_long", "too_long"} and "max_length" in bounds:
        return invalid(f"{field} is longer than {bounds['max_length']}.")
    words = {"missing": "is missing", "extra_forbidden": "is not known here"}
    return invalid(f"{field} {words.get(str(kind), 'is not as it must be')}.")


def too_many(wait_s: float, message: str = "Too many requests in a short time.") -> RelayError:
    """Return the refusal of a request that comes too soon.

    Args:
        wait_s: seconds until it may come again, told in Retry-After and rounded up.
        message: what there was too much of.
    """
    seconds = max(1, int(-(-wait_s // 1)))
    return RelayError(
        429,
        "too_many_requests",
        "Too many requests",
        message,
        f"Wait {seconds} seconds and try again.",
        headers={"Retry-After": str(seconds)},
    )


ERROR_RESPONSES: Final[dict[int | str, dict[str, object]]] = {
    status: {"model": ErrorBody, "description": words}
    for status, words in {
        400: "The request, or Plaid, says no",
        401: "Not signed in",
        403: "Not this person's",
        404: "Not found",
        405: "Another method is wanted",
        408: "The request came too slowly",
        409: "It clashes with what is there",
        413: "The body is too large",
        415: "Another media type is wanted",
        422: "The request is not valid",
        429: "Too many requests",
        502: "Plaid's answer is of no use",
        503: "Not available now",
    }.items()
}
"""For `responses=` of every router: what an endpoint may answer besides success."""
