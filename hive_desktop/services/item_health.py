"""How an item stands after a sync: `domain.health` with this program's errors and waits."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from hive_desktop.domain import health as states
from hive_desktop.domain.health import Trouble
from hive_desktop.ports.errors import (
    BankConfigError,
    BankGoneError,
    BankOfflineError,
    BankPermanentError,
    BankRateLimitError,
    BankRelinkError,
)

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from hive_desktop.domain.health import Health
    from hive_desktop.ports.bank import ItemInfo
    from hive_desktop.ports.errors import (
        BankError,
    )

_TROUBLES: tuple[tuple[type[BankError], Trouble], ...] = (
    (BankOfflineError, Trouble.OFFLINE),
    (BankRateLimitError, Trouble.RATE_LIMIT),
    (BankRelinkError, Trouble.RELINK),
    (BankGoneError, Trouble.GONE),
    (BankConfigError, Trouble.CONFIG),
    (BankPermanentError, Trouble.PERMANENT),
)
_RATE_WINDOW_S = 60.0
_PERMANENT_WAIT = timedelta(days=1)
_FIRST_WAIT_S, _LONGEST_WAIT_S, _JITTER_S = 60, 6 * 60 * 60, 30


def trouble_of(error: BankError) -> Trouble:
    """Return what helps against an error; what has no name of its own may pass."""
    return next((what for kind, what in _TROUBLES if isinstance(error, kind)), Trouble.RETRY)


def after_error(before: Health, error: BankError, now: datetime) -> Health:
    """Return how an item stands after a sync that failed."""
    trouble = trouble_of(error)
    return states.after_error(
        before, trouble, error.code, retry_at=_retry_at(before, trouble, error.wait_s, now)
    )


def after_sync(before: Health, info: ItemInfo | None, now: datetime) -> Health:
    """Return how an item stands after a sync that worked.

    The bank may give what it has cached, and still say that the item itself is in trouble.
    """
    if info is None:
        return states.after_success(before, consent_ends_at=None, now=now)
    if info.trouble is not None and info.error_code is not None:
        retry_at = _retry_at(before, info.trouble, 0.0, now)
        return states.after_error(before, info.trouble, info.error_code, retry_at=retry_at)
    return states.after_success(before, consent_ends_at=info.consent_expires_at, now=now)


def back_off_s(failures: int) -> float:
    """Return how long to wait after so many failures in a row, in seconds, with jitter.

    A minute at first, doubled each time, six hours at most.
    """
    return _back_off()(max(failures, 1))


@cache
def _back_off() -> Callable[[int], float]:
    import tenacity  # noqa: PLC0415 - not before something fails

    wait = tenacity.wait_exponential_jitter(
        multiplier=_FIRST_WAIT_S, max=_LONGEST_WAIT_S, jitter=_JITTER_S
    )

    def seconds(attempt: int) -> float:
        state = tenacity.RetryCallState(tenacity.Retrying(), None, (), {})
        state.attempt_number = attempt
        return float(wait(state))

    return seconds


def _retry_at(before: Health, trouble: Trouble, wait_s: float, now: datetime) -> datetime | None:
    if trouble is Trouble.RETRY:
        return now + timedelta(seconds=back_off_s(before.failures + 1))
    if trouble is Trouble.RATE_LIMIT:
        # Who is told to slow down twice waits longer; never less than the bank's own minute.
        wait = max(wait_s, _RATE_WINDOW_S, back_off_s(before.failures))
        return now + timedelta(seconds=wait)
    return now + _PERMANENT_WAIT if trouble is Trouble.PERMANENT else None
