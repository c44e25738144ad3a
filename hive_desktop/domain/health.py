"""How one connection to a bank stands, and how it moves: the item's state machine. Pure.

Three things move it: a sync that failed, a sync that worked, and a notice of Plaid's (a webhook).
Only syncs are evidence. A notice may be a duplicate, late or out of order, so it is a hint: applied
twice it does what it does once, it counts as no failure, and it never shortens a wait.

Whatever the state, the rows that are there stay. Nothing here asks the clock.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Final, assert_never

from hive_desktop.domain.ledger import ItemState

if TYPE_CHECKING:
    from datetime import datetime

EXPIRY_NOTICE: Final = timedelta(days=7)
"""How long before the end Plaid sends PENDING_EXPIRATION and PENDING_DISCONNECT."""

LOUD_FAILURES: Final = 3
"""From this failure in a row on, a bank that gives no answer is worth a word to the person."""


LONGEST_WAIT: Final = timedelta(days=1, hours=1)
"""No wait of ours is longer; what claims to be was written before the clock was put back."""


class Trouble(StrEnum):
    """What kept a sync from working, by what helps against it."""

    OFFLINE = "offline"
    RETRY = "retry"
    RATE_LIMIT = "rate_limit"
    RELINK = "relink"
    GONE = "gone"
    CONFIG = "config"
    PERMANENT = "permanent"


@dataclass(frozen=True, slots=True)
class Health:
    """How a connection stands.

    Args:
        state: never SYNCING, which is shown over a health and is none itself.
        until: when to try again (DEGRADED) or the end of the limit (RATE_LIMITED); aware. None in
            other states, and where nobody knows.
        error_code: what the bank or the wire said last.
        failures: failed syncs in a row.
        announced: the states that the person was told of since all was well. More than the last
            one: a bank that is down between two refusals of the sign-in is no new refusal, and two
            troubles that alternate would be told at every sync.
        consent_ends_at: when the person's consent ends, as far as anybody said; aware. It outlives
            troubles and their waits.
        disconnects_at: when the bank ends access whatever the consent, as a notice said; aware.
    """

    state: ItemState = ItemState.HEALTHY
    until: datetime | None = None
    error_code: str | None = None
    failures: int = 0
    announced: frozenset[ItemState] = frozenset()
    consent_ends_at: datetime | None = None
    disconnects_at: datetime | None = None

    @property
    def ends_at(self) -> datetime | None:
        """When access ends: the earlier of both."""
        return earlier(self.consent_ends_at, self.disconnects_at)


@dataclass(frozen=True, slots=True)
class Notice:
    """A webhook of Plaid's, reduced to what can move a connection.

    Args:
        kind: its `webhook_type`.
        code: its `webhook_code`.
        error_code: the code of the error that it carries.
        trouble: that error as what helps against it.
        ends_at: when access ends, aware (`consent_expiration_time` or `disconnect_time`).
    """

    kind: str
    code: str
    error_code: str | None = None
    trouble: Trouble | None = None
    ends_at: datetime | None = None


# No sync and no notice moves these, only the person: a late answer must not reopen what was closed.
_FIXED: Final = frozenset({ItemState.AWAITING, ItemState.CLOSED})
_WELL: Final = frozenset({ItemState.HEALTHY, ItemState.EXPIRING})
_REPAIRABLE: Final = frozenset({ItemState.NEEDS_RELINK, ItemState.EXPIRING})
_PASSING: Final = frozenset({Trouble.RETRY, Trouble.RATE_LIMIT, Trouble.PERMANENT})
_NEWS: Final = frozenset(
    {
        ("TRANSACTIONS", "SYNC_UPDATES_AVAILABLE"),
        ("TRANSACTIONS", "INITIAL_UPDATE"),
        ("TRANSACTIONS", "HISTORICAL_UPDATE"),
        ("TRANSACTIONS", "DEFAULT_UPDATE"),
        ("TRANSACTIONS", "TRANSACTIONS_REMOVED"),
        ("ITEM", "USER_ACCOUNT_REVOKED"),
        ("ITEM", "NEW_ACCOUNTS_AVAILABLE"),
    }
)


def after_error(
    before: Health, trouble: Trouble, code: str, *, retry_at: datetime | None
) -> Health:
    """Return how a connection stands after a sync that failed.

    Args:
        before: how it stood.
        trouble: what kept the sync from working; OFFLINE says nothing about the bank.
        code: the bank's code, or a short word of ours.
        retry_at: when to try again, for a trouble that passes; aware.
    """
    if before.state in _FIXED:
        return before
    until: datetime | None = None
    match trouble:
        case Trouble.OFFLINE:
            return before
        case Trouble.RETRY | Trouble.PERMANENT:
            state, until = ItemState.DEGRADED, retry_at
        case Trouble.RATE_LIMIT:
            state, until = ItemState.RATE_LIMITED, retry_at
        case Trouble.RELINK:
            state = ItemState.NEEDS_RELINK
        case Trouble.GONE:
            state = ItemState.REVOKED
        case Trouble.CONFIG:
            state = ItemState.MISCONFIGURED
        case _:
            assert_never(trouble)
    return replace(before, state=state, until=until, error_code=code, failures=before.failures + 1)


def after_success(before: Health, *, consent_ends_at: datetime | None, now: datetime) -> Health:
    """Return how a connection stands after a sync that worked.

    Args:
        before: how it stood. An end that a notice told of is kept while it lies ahead.
        consent_ends_at: when the consent ends, as the bank says; None where it does not say. The
            bank may end access sooner, of which only a notice tells.
        now: the present instant; aware.
    """
    if before.state in _FIXED:
        return before
    well = Health(
        consent_ends_at=consent_ends_at or _ahead(before.consent_ends_at, now),
        disconnects_at=_ahead(before.disconnects_at, now),
    )
    if well.ends_at is None or well.ends_at - now > EXPIRY_NOTICE:
        return well
    # Other troubles are over with this success: should one come back, it is told again.
    announced = before.announced & {ItemState.EXPIRING}
    return replace(well, state=ItemState.EXPIRING, announced=announced)


def after_notice(before: Health, notice: Notice, *, now: datetime) -> tuple[Health, bool]:
    """Return how a connection stands after a notice, and whether a sync is wanted.

    Args:
        before: how it stood.
        notice: what Plaid sent; one that is not known does nothing.
        now: the present instant; aware.
    """
    if before.state in _FIXED:
        return before, False
    match notice.kind, notice.code:
        case named if named in _NEWS:
            return before, True
        case "ITEM", "ERROR" | "USER_PERMISSION_REVOKED" as code:
            trouble = notice.trouble if code == "ERROR" else Trouble.GONE
            return _after_hint(before, trouble, notice.error_code or code), False
        case "ITEM", "PENDING_EXPIRATION" | "PENDING_DISCONNECT":
            return _after_warning(before, notice, now)
        case "ITEM", "LOGIN_REPAIRED":
            repaired = before.state in _REPAIRABLE
            return Health() if repaired else before, True
        case _:
            return before, False


def _after_hint(before: Health, trouble: Trouble | None, code: str) -> Health:
    """Apply an error that a notice told of, which no sync of ours has met."""
    if trouble is None:
        return before
    if trouble in _PASSING and before.state is not ItemState.HEALTHY:
        return before  # what is known is worse, or has a wait that runs already
    if before.state is ItemState.REVOKED:
        return before  # nothing that comes late undoes an end
    return replace(after_error(before, trouble, code, retry_at=None), failures=before.failures)


def _after_warning(before: Health, notice: Notice, now: datetime) -> tuple[Health, bool]:
    """Apply a notice that access will end; one about a day gone by only asks to look.

    A trouble that there is stays, with its wait: the end is told when it is over.
    """
    if before.state is ItemState.REVOKED:
        return before, False
    ends_at = notice.ends_at or before.ends_at or now + EXPIRY_NOTICE
    if not _is_ahead(ends_at, now):
        return before, True
    state = ItemState.EXPIRING if before.state in _WELL else before.state
    if notice.code == "PENDING_DISCONNECT":
        return replace(before, state=state, disconnects_at=ends_at), False
    return replace(before, state=state, consent_ends_at=ends_at), False


def is_due(health: Health, now: datetime, *, by_person: bool) -> bool:
    """Tell whether a sync may start.

    Args:
        health: how the connection stands.
        now: the present instant; aware.
        by_person: the person asked for it. That overrides our own waits, never the bank's limit.
    """
    match health.state:
        case ItemState.AWAITING | ItemState.CLOSED | ItemState.MANUAL:
            return False
        case ItemState.RATE_LIMITED:
            return not _waits(health.until, now)
        case ItemState.DEGRADED:
            return by_person or not _waits(health.until, now)
        case ItemState.REVOKED:
            return by_person
        case (
            ItemState.HEALTHY
            | ItemState.SYNCING
            | ItemState.EXPIRING
            | ItemState.NEEDS_RELINK
            | ItemState.MISCONFIGURED
        ):
            return True
        case _:
            assert_never(health.state)


def needs_telling(health: Health) -> bool:
    """Tell whether the person should hear of this state and has not yet."""
    match health.state:
        case (
            ItemState.NEEDS_RELINK
            | ItemState.EXPIRING
            | ItemState.REVOKED
            | ItemState.MISCONFIGURED
        ):
            is_loud = True
        case ItemState.DEGRADED:
            is_loud = health.failures >= LOUD_FAILURES
        case (
            ItemState.HEALTHY
            | ItemState.SYNCING
            | ItemState.RATE_LIMITED
            | ItemState.AWAITING
            | ItemState.CLOSED
            | ItemState.MANUAL
        ):
            is_loud = False
        case _:
            assert_never(health.state)
    return is_loud and health.state not in health.announced


def told(health: Health) -> Health:
    """Return the health with its state marked as told to the person."""
    return replace(health, announced=health.announced | {health.state})


def earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    """Return the earlier of two instants, of which either may be unknown."""
    return min((at for at in (one, other) if at is not None), default=None)


def _ahead(instant: datetime | None, now: datetime) -> datetime | None:
    return instant if _is_ahead(instant, now) else None


def _waits(until: datetime | None, now: datetime) -> bool:
    return _is_ahead(until, now) and not _is_ahead(until, now + LONGEST_WAIT)


def _is_ahead(instant: datetime | None, now: datetime) -> bool:
    return instant is not None and instant > now
