"""What syncs did, in words for people: why they ran, what they did to a row, why they failed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from hive_desktop.domain.journal import ChangeKind
from hive_desktop.domain.money import to_minor
from hive_desktop.ui.kit import dates, money

if TYPE_CHECKING:
    from hive_desktop.domain.journal import FieldChange
    from hive_desktop.ui.kit.widgets import Tone

ARROW = "\N{RIGHTWARDS ARROW}"
NOTHING = "empty"
_REASONS = {
    "button": "by hand",
    "schedule": "on schedule",
    "unlock": "at unlock",
    "link": "after connecting",
    "command": "from the command line",
    "webhook": "news from the bank",
    "network": "back online",
    "tray": "from the tray",
    "window": "a time frame, by hand",
}
_KINDS: dict[ChangeKind, tuple[str, Tone, str, str]] = {
    ChangeKind.ADDED: ("plus", "income", "Added", "The bank sent this row"),
    ChangeKind.MODIFIED: ("refresh", "accent", "Changed", "The bank changed the row"),
    ChangeKind.POSTED: ("check", "accent", "Posted", "The bank posted the pending payment"),
    ChangeKind.REMATCHED: ("link", "accent", "Same row, new id", "The bank gave it another id"),
    ChangeKind.REMOVED: ("trash", "danger", "Removed", "The bank removed the row"),
    ChangeKind.REFUSED_LINK: ("info", "warning", "Kept apart", "It stays a row of its own"),
    ChangeKind.RESTORED: ("undo", "income", "Came back", "The bank sent it again"),
}
_ERRORS = {
    "ITEM_LOGIN_REQUIRED": "The bank wanted a new sign-in",
    "PENDING_EXPIRATION": "The bank's consent is about to end",
    "ITEM_NOT_FOUND": "The connection no longer exists",
    "INVALID_ACCESS_TOKEN": "The connection no longer exists",
    "ACCESS_NOT_GRANTED": "Access was taken back at the bank",
    "USER_PERMISSION_REVOKED": "Access was taken back at the bank",
    "USER_ACCOUNT_REVOKED": "Access to an account was taken back at the bank",
    "INVALID_API_KEYS": "Plaid refused the keys",
    "INSTITUTION_DOWN": "The bank was down",
    "INSTITUTION_NOT_RESPONDING": "The bank did not answer",
    "INSTITUTION_NO_LONGER_SUPPORTED": "Plaid no longer supports the bank",
    "INTERNAL_SERVER_ERROR": "Plaid had trouble",
    "PLANNED_MAINTENANCE": "Plaid was under maintenance",
    "RATE_LIMIT": "The bank asked to wait",
    "RATE_LIMIT_EXCEEDED": "The bank asked to wait",
    "TRANSACTIONS_LIMIT": "The bank asked to wait",
    "PRODUCT_NOT_READY": "The history was not ready yet",
    "TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION": "The bank's data kept changing meanwhile",
    "OFFLINE": "The bank could not be reached",
    "CONNECTION": "The bank could not be reached",
    "TIMEOUT": "The bank took too long to answer",
}


def reason_words(reason: str) -> str:
    """Return why a sync ran, to stand after `Sync` or a time."""
    return _REASONS.get(reason, reason.replace("_", " "))


def kind_icon(kind: ChangeKind) -> tuple[str, Tone]:
    """Return the icon of what happened to a row, and its colour role."""
    icon, tone, _, _ = _KINDS[kind]
    return icon, tone


def kind_word(kind: ChangeKind) -> str:
    """Return what happened to a row in a word or two."""
    return _KINDS[kind][2]


def kind_sentence(kind: ChangeKind) -> str:
    """Return what happened to a row where no better sentence is known."""
    return _KINDS[kind][3]


def error_words(code: str | None) -> str:
    """Return why a sync failed; a code that has no words is named."""
    if not code:
        return "It did not come to an end"
    return _ERRORS.get(code, f"The bank answered {code}")


def field_change(change: FieldChange) -> tuple[str, str, str]:
    """Return a field's name, and what it was and became, as people write it."""
    return (
        change.field.capitalize(),
        field_value(change.field, change.before),
        field_value(change.field, change.after),
    )


def field_value(field: str, value: str | None) -> str:
    """Return a field's value as people write it: dates and amounts by their locale."""
    if value is None:
        return NOTHING
    try:
        if "date" in field:
            return dates.day(date.fromisoformat(value), with_year=True)
        if field == "amount":
            digits, currency = value.rsplit(" ", 1)
            people = to_minor(Decimal(digits.replace(",", "")), currency)
            return money.flow(-people, currency)
    except (ValueError, InvalidOperation):
        return value
    return value
