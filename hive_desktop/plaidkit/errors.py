"""Plaid's error codes as what to do about them.

One table, from Plaid's error pages; codes that it lacks fall back by their family, then by the HTTP
status. Nothing here knows HTTP or the words that a person reads.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

RATE_WINDOW_S: Final = 60.0
"""Plaid's limits count per minute and its answers carry no Retry-After."""


class Advice(StrEnum):
    """What to do about an error, whatever it came from."""

    RETRY = "retry"
    RETRY_LATER = "retry_later"
    RATE_LIMIT = "rate_limit"
    RELINK = "relink"
    GONE = "gone"
    CONFIG = "config"
    PERMANENT = "permanent"
    RESTART_PAGINATION = "restart_pagination"
    RESET_CURSOR = "reset_cursor"
    RESTART_LINK = "restart_link"
    OFFLINE = "offline"
    BUG = "bug"


class PlaidError(Exception):
    """A call to Plaid that gave no usable result. Its text is the code; it holds no secret.

    Args:
        code: Plaid's `error_code`, or a short word of ours for a fault of the wire.
        advice: what to do.
        status: the HTTP status, None when no answer came.
        request_id: Plaid's name for the request, which its support asks for.
        wait_s: for how many seconds to leave Plaid alone, where that is known; otherwise it is a
            whole window for what is rationed and 0 for what is not.
        family: Plaid's `error_type`; None where the error is not in Plaid's words.
        explanation: Plaid's `error_message`, written for developers.
    """

    def __init__(  # noqa: PLR0913 - what an error of Plaid's has
        self,
        code: str,
        advice: Advice,
        *,
        status: int | None = None,
        request_id: str | None = None,
        wait_s: float | None = None,
        family: str | None = None,
        explanation: str | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.advice = advice
        self.status = status
        self.request_id = request_id
        self.family = family
        self.explanation = explanation
        usual_s = RATE_WINDOW_S if advice is Advice.RATE_LIMIT else 0.0
        self.wait_s = usual_s if wait_s is None else wait_s

    @property
    def is_passing(self) -> bool:
        """Tell whether the same call may succeed within seconds, as after a fault of the wire.

        A refusal that Plaid worded itself (400) is not one, even where trying again is right later.
        """
        return self.advice is Advice.RETRY and self.status != 400


BY_CODE: Final[dict[str, Advice]] = {
    # The connection to one bank.
    **dict.fromkeys(
        (
            "ITEM_LOGIN_REQUIRED",
            "ITEM_LOCKED",
            "ACCESS_NOT_GRANTED",
            "NO_ACCOUNTS",
            "INVALID_CREDENTIALS",
            "INVALID_MFA",
            "INSUFFICIENT_CREDENTIALS",
            "ADDITIONAL_CONSENT_REQUIRED",
        ),
        Advice.RELINK,
    ),
    **dict.fromkeys(
        (
            "ITEM_NOT_FOUND",
            "ITEM_CONCURRENTLY_DELETED",
            "INVALID_ACCESS_TOKEN",
            "USER_PERMISSION_REVOKED",
        ),
        Advice.GONE,
    ),
    **dict.fromkeys(
        (
            "ITEM_NOT_SUPPORTED",
            "PRODUCT_NOT_ENABLED",
            "PRODUCTS_NOT_SUPPORTED",
            "INSTITUTION_NO_LONGER_SUPPORTED",
            "UNSUPPORTED_RESPONSE",
            "INVALID_WEBHOOK_VERIFICATION_KEY_ID",
        ),
        Advice.PERMANENT,
    ),
    # The keys, the products and the registration of whoever calls.
    **dict.fromkeys(
        (
            "INVALID_API_KEYS",
            "INVALID_PRODUCT",
            "UNAUTHORIZED_ENVIRONMENT",
            "UNAUTHORIZED_ROUTE_ACCESS",
            "INSTITUTION_REGISTRATION_REQUIRED",
            "UNAUTHORIZED_INSTITUTION",
            "CREDITS_EXHAUSTED",
        ),
        Advice.CONFIG,
    ),
    # Linking.
    **dict.fromkeys(("INVALID_LINK_TOKEN", "INVALID_PUBLIC_TOKEN"), Advice.RESTART_LINK),
    # Paging.
    "TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION": Advice.RESTART_PAGINATION,
    # Passing faults.
    **dict.fromkeys(("PRODUCT_NOT_READY", "INTERNAL_SERVER_ERROR"), Advice.RETRY),
    **dict.fromkeys(
        (
            "INSTITUTION_DOWN",
            "INSTITUTION_NOT_RESPONDING",
            "INSTITUTION_NOT_AVAILABLE",
            "PLANNED_MAINTENANCE",
        ),
        Advice.RETRY_LATER,
    ),
    **dict.fromkeys(
        (
            "ACCOUNTS_LIMIT",
            "BALANCE_LIMIT",
            "ACCOUNTS_BALANCE_GET_LIMIT",
            "ITEM_GET_LIMIT",
            "TRANSACTIONS_LIMIT",
            "TRANSACTIONS_SYNC_LIMIT",
            "TRANSACTIONS_REFRESH_LIMIT",
            "INSTITUTIONS_GET_LIMIT",
            "INSTITUTIONS_GET_BY_ID_LIMIT",
            "INSTITUTION_RATE_LIMIT",
            "RATE_LIMIT",
        ),
        Advice.RATE_LIMIT,
    ),
    # What only a wrong request of ours can cause.
    **dict.fromkeys(
        (
            "INVALID_ACCOUNT_ID",
            "INVALID_INSTITUTION",
            "MISSING_FIELDS",
            "UNKNOWN_FIELDS",
            "INVALID_FIELD",
            "INVALID_BODY",
            "INVALID_HEADERS",
            "INVALID_CONFIGURATION",
            "NOT_FOUND",
            "NO_LONGER_AVAILABLE",
            "SANDBOX_ONLY",
            "SANDBOX_PRODUCT_NOT_ENABLED",
            "SANDBOX_WEBHOOK_INVALID",
        ),
        Advice.BUG,
    ),
}

_BY_FAMILY: Final[dict[str, Advice]] = {
    "RATE_LIMIT_EXCEEDED": Advice.RATE_LIMIT,
    "ITEM_ERROR": Advice.RELINK,
    "INSTITUTION_ERROR": Advice.RETRY_LATER,
    "API_ERROR": Advice.RETRY,
    "TRANSACTIONS_ERROR": Advice.RETRY_LATER,
    "INVALID_REQUEST": Advice.BUG,
    "INVALID_INPUT": Advice.BUG,
    "SANDBOX_ERROR": Advice.BUG,
    "OAUTH_ERROR": Advice.RELINK,
}


def advise(code: str, family: str | None, status: int, message: str = "") -> Advice:
    """Return what an error that Plaid worded asks for.

    Args:
        code: Plaid's `error_code`.
        family: its `error_type`.
        status: the HTTP status.
        message: its `error_message`; only that tells a lost cursor from another wrong field.
    """
    if code == "INVALID_FIELD" and "cursor" in message.lower():
        return Advice.RESET_CURSOR
    known = BY_CODE.get(code) or _BY_FAMILY.get(family or "")
    return known or advise_by_status(status)


def advise_by_status(status: int) -> Advice:
    """Return what an answer asks for that is not in Plaid's words: a proxy's, say."""
    if status == 429:
        return Advice.RATE_LIMIT
    if status in {401, 403, 407}:
        return Advice.CONFIG
    return Advice.RETRY
