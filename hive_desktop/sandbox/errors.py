"""Plaid's errors as the simulated bank raises and writes them.

The wording is the vendor's interface (clients match on it), taken from Plaid's error pages. Nothing
here decides when an error is due.
"""

from __future__ import annotations

from typing import Any, NamedTuple

_DOCUMENTATION = "https://plaid.com/docs/?ref=error#{slug}"
_LOGIN_REQUIRED = (
    "the login details of this item have changed (credentials, MFA, or required user action) "
    "and a user login is required to update this information. use Link's update mode to "
    "restore the item to a good state"
)
_RATE_LIMITED = "rate limit exceeded for attempts to access this item. please try again later"
_NOT_RESPONDING = (
    "this institution is not currently responding to this request. please try again soon"
)
_NOT_RESPONDING_SHOWN = (
    "This financial institution is not currently responding to requests. We apologize for the"
    " inconvenience."
)


class ErrorSpec(NamedTuple):
    """One documented error: its family, HTTP status and default texts."""

    error_type: str
    http: int
    message: str
    display: str | None = None


CATALOGUE: dict[str, ErrorSpec] = {
    "ITEM_LOGIN_REQUIRED": ErrorSpec(
        "ITEM_ERROR",
        400,
        _LOGIN_REQUIRED,
    ),
    "ITEM_LOCKED": ErrorSpec(
        "ITEM_ERROR",
        400,
        "the account is locked. prompt the user to visit the institution's site and unlock "
        "their account",
        "The given account has been locked by the financial institution. Please visit your "
        "financial institution's website to unlock your account.",
    ),
    "ITEM_NOT_FOUND": ErrorSpec(
        "ITEM_ERROR",
        400,
        "The Item you requested cannot be found. This Item does not exist, has been "
        "previously removed via /item/remove, or has had access removed by the user.",
    ),
    "ITEM_NOT_SUPPORTED": ErrorSpec(
        "ITEM_ERROR",
        400,
        "this account is currently not supported",
        "The given account is not currently supported for this financial institution. We "
        "apologize for the inconvenience.",
    ),
    "ITEM_CONCURRENTLY_DELETED": ErrorSpec(
        "ITEM_ERROR",
        400,
        "This item was deleted while the operation was in progress",
    ),
    "INVALID_CREDENTIALS": ErrorSpec(
        "ITEM_ERROR",
        400,
        "the provided credentials were not correct",
        "The provided credentials were not correct. Please try again.",
    ),
    "INVALID_MFA": ErrorSpec(
        "ITEM_ERROR",
        400,
        "the provided MFA response(s) were not correct",
        "The provided MFA responses were not correct. Please try again.",
    ),
    "INSUFFICIENT_CREDENTIALS": ErrorSpec(
        "ITEM_ERROR",
        400,
        "insufficient authorization was provided to complete the request",
        "INSUFFICIENT_CREDENTIALS",
    ),
    "ACCESS_NOT_GRANTED": ErrorSpec(
        "ITEM_ERROR",
        400,
        "access to this product was not granted for the account",
        "The user did not grant the necessary permissions for this product on their account.",
    ),
    "NO_ACCOUNTS": ErrorSpec(
        "ITEM_ERROR",
        400,
        "no valid accounts were found for this item",
        "No valid accounts were found at the financial institution. Please visit your "
        "financial institution's website to confirm accounts are available.",
    ),
    "PRODUCT_NOT_READY": ErrorSpec(
        "ITEM_ERROR",
        400,
        "the requested product is not yet ready. please provide a webhook or try the request "
        "again later",
    ),
    "PRODUCT_NOT_ENABLED": ErrorSpec(
        "ITEM_ERROR",
        400,
        "A requested product was not enabled for the current access token. Please ensure it "
        "is included when when initializing Link and create the Item again.",
    ),
    "PRODUCTS_NOT_SUPPORTED": ErrorSpec(
        "ITEM_ERROR",
        400,
        "the requested products are not supported by this item",
    ),
    "INVALID_ACCESS_TOKEN": ErrorSpec(
        "INVALID_INPUT",
        400,
        "could not find matching access token",
    ),
    "INVALID_ACCOUNT_ID": ErrorSpec(
        "INVALID_INPUT",
        400,
        "failed to find requested account ID for requested item",
    ),
    "INVALID_API_KEYS": ErrorSpec(
        "INVALID_INPUT",
        400,
        "invalid client_id or secret provided",
    ),
    "INVALID_INSTITUTION": ErrorSpec(
        "INVALID_INPUT",
        400,
        "invalid institution_id provided",
    ),
    "INVALID_LINK_TOKEN": ErrorSpec(
        "INVALID_INPUT",
        400,
        "invalid link_token provided",
    ),
    "INVALID_PUBLIC_TOKEN": ErrorSpec(
        "INVALID_INPUT",
        400,
        "could not find matching public token",
    ),
    "INVALID_PRODUCT": ErrorSpec(
        "INVALID_INPUT",
        400,
        "client is not authorized to access the following products: {fields}",
    ),
    "INVALID_WEBHOOK_VERIFICATION_KEY_ID": ErrorSpec(
        "INVALID_INPUT",
        400,
        "invalid key_id provided. note that key_ids are specific to Plaid environments, and "
        "verification requests must be made to the same environment that the webhook was sent"
        " from",
    ),
    "ADDITIONAL_CONSENT_REQUIRED": ErrorSpec(
        "INVALID_INPUT",
        400,
        "client does not have user consent to access the PRODUCT_TRANSACTIONS product",
    ),
    "UNAUTHORIZED_ENVIRONMENT": ErrorSpec(
        "INVALID_INPUT",
        400,
        "you are not authorized to create items in this api environment. Go to the Dashboard "
        "(https://dashboard.plaid.com) to see which environments you are authorized for.",
    ),
    "UNAUTHORIZED_ROUTE_ACCESS": ErrorSpec(
        "INVALID_INPUT",
        400,
        "you are not authorized to access this route in this api environment.",
    ),
    "USER_PERMISSION_REVOKED": ErrorSpec(
        "ITEM_ERROR",
        400,
        "the holder of this account has revoked their permission for your application to access it",
    ),
    "MISSING_FIELDS": ErrorSpec(
        "INVALID_REQUEST",
        400,
        "the following required fields are missing: {fields}",
    ),
    "UNKNOWN_FIELDS": ErrorSpec(
        "INVALID_REQUEST",
        400,
        "the following fields are not recognized by this endpoint: {fields}",
    ),
    "INVALID_FIELD": ErrorSpec(
        "INVALID_REQUEST",
        400,
        "a field of the request is not valid",
    ),
    "INVALID_BODY": ErrorSpec(
        "INVALID_REQUEST",
        400,
        "body could not be parsed as JSON",
    ),
    "INVALID_HEADERS": ErrorSpec(
        "INVALID_REQUEST",
        400,
        "a header of the request is not valid",
    ),
    "INVALID_CONFIGURATION": ErrorSpec(
        "INVALID_REQUEST",
        400,
        "please ensure that the request body is formatted correctly",
    ),
    "NOT_FOUND": ErrorSpec(
        "INVALID_REQUEST",
        404,
        "not found",
    ),
    "NO_LONGER_AVAILABLE": ErrorSpec(
        "INVALID_REQUEST",
        404,
        "This endpoint has been discontinued as of version 2020-09-14 of the API.",
    ),
    "SANDBOX_ONLY": ErrorSpec(
        "INVALID_REQUEST",
        400,
        "access to this route is only available in the sandbox environment at "
        "https://sandbox.plaid.com/",
    ),
    "TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION": ErrorSpec(
        "TRANSACTIONS_ERROR",
        400,
        "Underlying transaction data changed since last page was fetched. Please restart "
        "pagination from last update.",
    ),
    "INSTITUTION_DOWN": ErrorSpec(
        "INSTITUTION_ERROR",
        400,
        _NOT_RESPONDING,
        _NOT_RESPONDING_SHOWN,
    ),
    "INSTITUTION_NOT_RESPONDING": ErrorSpec(
        "INSTITUTION_ERROR",
        400,
        _NOT_RESPONDING,
        _NOT_RESPONDING_SHOWN,
    ),
    "INSTITUTION_NOT_AVAILABLE": ErrorSpec(
        "INSTITUTION_ERROR",
        400,
        _NOT_RESPONDING,
        _NOT_RESPONDING_SHOWN,
    ),
    "INSTITUTION_NO_LONGER_SUPPORTED": ErrorSpec(
        "INSTITUTION_ERROR",
        400,
        "this institution is no longer supported",
        "This financial institution is no longer supported. We apologize for the inconvenience.",
    ),
    "INSTITUTION_REGISTRATION_REQUIRED": ErrorSpec(
        "INSTITUTION_ERROR",
        400,
        "not yet registered to create items for this institution",
        "You must register your application with this institution before you can create items"
        " for it.",
    ),
    "UNAUTHORIZED_INSTITUTION": ErrorSpec(
        "INSTITUTION_ERROR",
        400,
        "not authorized to create items for this institution",
        "You are not authorized to create items for this institution at this time.",
    ),
    "UNSUPPORTED_RESPONSE": ErrorSpec(
        "INSTITUTION_ERROR",
        400,
        "the data returned from the financial institution is not valid",
        "The data returned from the financial institution is not valid.",
    ),
    "INTERNAL_SERVER_ERROR": ErrorSpec(
        "API_ERROR",
        500,
        "an unexpected error occurred",
    ),
    "PLANNED_MAINTENANCE": ErrorSpec(
        "API_ERROR",
        503,
        "the Plaid API is temporarily unavailable due to planned maintenance. visit "
        "https://status.plaid.com/ for more information",
    ),
    "SANDBOX_PRODUCT_NOT_ENABLED": ErrorSpec(
        "SANDBOX_ERROR",
        400,
        "The transactions product is not enabled on this item",
    ),
    "SANDBOX_WEBHOOK_INVALID": ErrorSpec(
        "SANDBOX_ERROR",
        400,
        "Webhook for this item is either not set up, or invalid. Please update the item's "
        "webhook and try again.",
    ),
    "INSTITUTION_RATE_LIMIT": ErrorSpec(
        "RATE_LIMIT_EXCEEDED",
        429,
        "The institution is currently receiving too many requests. Please try again later.",
    ),
    "CREDITS_EXHAUSTED": ErrorSpec(
        "RATE_LIMIT_EXCEEDED",
        429,
        "Free usage exhausted, please request full Production access to continue using this "
        "product",
    ),
    "RATE_LIMIT": ErrorSpec(
        "RATE_LIMIT_EXCEEDED",
        429,
        _RATE_LIMITED,
    ),
}


def spec_of(code: str) -> ErrorSpec:
    """The catalogue entry of a code; every ``*_LIMIT`` code shares the rate limit's texts.

    Raises:
        KeyError: The code is in nobody's documentation.
    """
    if code not in CATALOGUE and code.endswith("_LIMIT"):
        return CATALOGUE["RATE_LIMIT"]
    return CATALOGUE[code]


class PlaidError(Exception):
    """A request that Plaid would refuse.

    Args:
        code: Plaid's ``error_code``.
        message: Replaces the catalogue's text (INVALID_FIELD always needs one).
        fields: Names put into the messages that list fields.
        display: Replaces the text that Plaid writes for people.
    """

    def __init__(
        self,
        code: str,
        message: str | None = None,
        *,
        fields: tuple[str, ...] = (),
        display: str | None = None,
    ) -> None:
        spec = spec_of(code)
        self.code = code
        self.error_type = spec.error_type
        self.http = spec.http
        self.message = message or spec.message.replace("{fields}", ", ".join(fields))
        self.display = display or spec.display
        super().__init__(f"{code}: {self.message}")

    def body(self, request_id: str) -> dict[str, Any]:
        """The JSON body of the HTTP answer."""
        slug = self.error_type.lower().replace("_", "-") + "-errors"
        return {
            "display_message": self.display,
            "documentation_url": _DOCUMENTATION.format(slug=slug),
            "error_code": self.code,
            "error_code_reason": None,
            "error_message": self.message,
            "error_type": self.error_type,
            "request_id": request_id,
            "suggested_action": None,
        }

    def copy_for_item(self) -> dict[str, Any]:
        """The shape that ``item.error`` and webhooks carry: ``status``, but no request id."""
        return {
            "error_type": self.error_type,
            "error_code": self.code,
            "error_code_reason": None,
            "error_message": self.message,
            "display_message": self.display,
            "status": self.http,
        }
