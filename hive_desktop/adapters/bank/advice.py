"""Plaid's errors as the errors that services and people know: the one place where they meet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.plaidkit.errors import Advice
from hive_desktop.ports.errors import (
    BankConfigError,
    BankGoneError,
    BankOfflineError,
    BankPermanentError,
    BankRateLimitError,
    BankRelinkError,
    BankRetryError,
    CursorLostError,
    LinkError,
    PaginationMutatedError,
)

if TYPE_CHECKING:
    from hive_desktop.plaidkit.errors import PlaidError
    from hive_desktop.ports.errors import BankError, HiveError

_BY_ADVICE: dict[Advice, type[BankError]] = {
    Advice.RETRY: BankRetryError,
    Advice.RETRY_LATER: BankRetryError,
    Advice.RATE_LIMIT: BankRateLimitError,
    Advice.RELINK: BankRelinkError,
    Advice.GONE: BankGoneError,
    Advice.CONFIG: BankConfigError,
    Advice.PERMANENT: BankPermanentError,
    Advice.RESTART_PAGINATION: PaginationMutatedError,
    Advice.RESET_CURSOR: CursorLostError,
    Advice.OFFLINE: BankOfflineError,
}


def to_hive(error: PlaidError) -> HiveError:
    """Return what a service catches: a BankError by what to do, or LinkError for a dead token."""
    if error.advice is Advice.RESTART_LINK:
        return LinkError(
            "The page at the bank has expired or was used before ({code}).", code=error.code
        )
    if error.advice is Advice.BUG:
        return BankPermanentError(
            "Plaid did not accept Hive's request ({code}).",
            code=error.code,
            hint="This is a fault in Hive. Please report it with the code.",
        )
    if error.code == "TLS_FAILED":
        return BankOfflineError(
            "The connection to the bank's server could not be made secure ({code}).",
            code=error.code,
            hint="Check the computer's clock, and whether this network asks to sign in first.",
        )
    if error.code == "UNKNOWN_HOST":
        return BankConfigError(
            "The address of the bank's server is not one that Hive sends keys to ({code}).",
            code=error.code,
            hint="Use production, sandbox, or an address on this computer.",
        )
    return _BY_ADVICE[error.advice](code=error.code, wait_s=error.wait_s)
