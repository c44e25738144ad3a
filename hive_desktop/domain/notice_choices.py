"""What a person wants to be told outside of the window, from what on, and when not. Pure."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from hive_desktop.domain.money import minor_digits

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from hive_desktop.domain.ledger import Account


class NoticeKind(StrEnum):
    """Why a person is told something."""

    NEW_ROWS = "new_rows"
    LARGE_CHARGE = "large_charge"
    LOW_BALANCE = "low_balance"
    PRICE_RISE = "price_rise"
    NEEDS_YOU = "needs_you"
    CONSENT_EXPIRING = "consent_expiring"
    SYNC_FAILING = "sync_failing"
    BACKUP_FAILED = "backup_failed"
    STILL_RUNNING = "still_running"
    """The window is closed and the program goes on."""
    TEST = "test"
    """The person wants to see what a notification looks like."""


SETTABLE: Final = tuple(one for one in NoticeKind if one not in ("still_running", "test"))
"""The kinds that a person can switch off, in the order in which they are listed."""

RISES: Final = (2, 5, 10, 20)
"""From how many per cent on a rise of a price can be told."""

_CHARGE_UNITS, _LOW_UNITS = 500, 100
_LONGEST_QUIET = 24 * 60
# Savings may be as low as they are; what one pays from may not.
_PAID_FROM = frozenset(("checking", "prepaid", "cash management", "paypal"))


@dataclass(frozen=True, slots=True)
class Choices:
    """What a person wants to be told.

    Args:
        off: kinds that are not told.
        charge_minor: from which amount in the main currency a charge is large; None: 500 units.
        low_minor: below which balance in the main currency an account is low; None: 100 units.
        low_of: the same for single accounts, by their id in hexadecimal, in their own currency.
        rise_percent: from how many per cent on a price has risen.
        quiet: from which to which minute of the local day nothing is told; None: never.
        hides_details: name no amount, merchant, account or bank.
    """

    off: frozenset[NoticeKind] = frozenset()
    charge_minor: int | None = None
    low_minor: int | None = None
    low_of: Mapping[str, int] = field(default_factory=dict)
    rise_percent: int = 5
    quiet: tuple[int, int] | None = None
    hides_details: bool = False

    def has(self, kind: NoticeKind) -> bool:
        """Tell whether a kind is told."""
        return kind not in self.off

    def charge_limit(self, currency: str, main: str) -> int:
        """Return from how many minor units of a currency on a charge is large."""
        chosen = self.charge_minor if currency == main else None
        return default_charge(currency) if chosen is None else chosen

    def low_limit(self, account: Account, main: str) -> int | None:
        """Return below how many minor units an account is low; None where that is no question."""
        if account.is_owed or account.is_hidden:
            return None
        own = self.low_of.get(account.id.hex())
        if own is not None:
            return own
        if not is_paid_from(account):
            return None
        chosen = self.low_minor if account.currency == main else None
        return default_low(account.currency) if chosen is None else chosen


def default_charge(currency: str) -> int:
    """Return the limit for charges where none is chosen, in minor units."""
    return _CHARGE_UNITS * _unit(currency)


def default_low(currency: str) -> int:
    """Return the limit for balances where none is chosen, in minor units."""
    return _LOW_UNITS * _unit(currency)


def can_run_low(account: Account) -> bool:
    """Tell whether an account can have a limit for its balance."""
    return not account.is_owed and not account.is_hidden and account.type == "depository"


def is_paid_from(account: Account) -> bool:
    """Tell whether the limit for all accounts is one for this."""
    return account.subtype in _PAID_FROM


def choices_text(choices: Choices) -> str:
    """Return choices as they are kept."""
    return json.dumps(
        {
            "off": sorted(choices.off),
            "charge": choices.charge_minor,
            "low": choices.low_minor,
            "low_of": dict(choices.low_of),
            "rise": choices.rise_percent,
            "quiet": choices.quiet,
            "hides": choices.hides_details,
        }
    )


def choices_of(text: str) -> Choices:
    """Read kept choices; what is odd in them is as if never chosen."""
    given = object_of(text)
    off, low_of, quiet = given.get("off"), given.get("low_of"), given.get("quiet")
    known = {one.value for one in SETTABLE}
    kinds = [one for one in off if one in known] if isinstance(off, list) else []
    own = low_of if isinstance(low_of, dict) else {}
    rise = given.get("rise")
    return Choices(
        off=frozenset(map(NoticeKind, kinds)),
        charge_minor=_whole(given.get("charge"), least=1),
        low_minor=_whole(given.get("low")),
        low_of={key: value for key, value in own.items() if _whole(value) is not None},
        rise_percent=rise if rise in RISES else RISES[1],
        quiet=_quiet_of(quiet),
        hides_details=given.get("hides") is True,
    )


def is_quiet(local: datetime, quiet: tuple[int, int] | None) -> bool:
    """Tell whether a person wants quiet.

    Args:
        local: the wall clock where they are; what it shows counts, whatever a clock change did.
        quiet: first and last minute of the day, the last not among them; over midnight where the
            first is later.
    """
    if quiet is None:
        return False
    start, end = quiet
    minute = local.hour * 60 + local.minute
    return start <= minute < end if start <= end else minute >= start or minute < end


def _unit(currency: str) -> int:
    # A yen is worth about what a cent is.
    return int(10 ** max(minor_digits(currency), 2))


def _quiet_of(given: object) -> tuple[int, int] | None:
    if not isinstance(given, list) or len(given) != len(("from", "to")):
        return None
    start, end = (_whole(one) for one in given)
    if start is None or end is None or max(start, end) >= _LONGEST_QUIET:
        return None
    return start, end


def _whole(value: object, least: int = 0) -> int | None:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return value if is_number and isinstance(value, int) and value >= least else None


def object_of(text: str) -> dict[str, Any]:
    """Read a kept object; empty where it is none."""
    try:
        found = json.loads(text) if text else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
