"""What syncs did, in words for people: why they ran, what they did to a row, why they failed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from hive_desktop.domain.journal import ChangeKind
from hive_desktop.domain.money import to_minor
from hive_desktop.domain.told import bank_words
from hive_desktop.i18n import mark, tr
from hive_desktop.ui.kit import dates, money

if TYPE_CHECKING:
    from hive_desktop.domain.journal import FieldChange
    from hive_desktop.ui.kit.widgets import Tone

ARROW = "\N{RIGHTWARDS ARROW}"
NOTHING = mark("empty")
_REASONS = {
    "button": mark("by hand"),
    "schedule": mark("on schedule"),
    "unlock": mark("at unlock"),
    "locked": mark("while locked"),
    "link": mark("after connecting"),
    "command": mark("from the command line"),
    "webhook": mark("news from the bank"),
    "network": mark("back online"),
    "tray": mark("from the tray"),
    "window": mark("a time frame, by hand"),
}
_KINDS: dict[ChangeKind, tuple[str, Tone, str, str]] = {
    ChangeKind.ADDED: (
        "plus",
        "income",
        mark("Added"),
        mark("The bank sent this row"),
    ),
    ChangeKind.MODIFIED: (
        "refresh",
        "accent",
        mark("Changed"),
        mark("The bank changed the row"),
    ),
    ChangeKind.POSTED: (
        "check",
        "accent",
        mark("Posted"),
        mark("The bank posted the pending payment"),
    ),
    ChangeKind.REMATCHED: (
        "link",
        "accent",
        mark("Same row, new id"),
        mark("The bank gave it another id"),
    ),
    ChangeKind.REMOVED: (
        "trash",
        "danger",
        mark("Removed"),
        mark("The bank removed the row"),
    ),
    ChangeKind.REFUSED_LINK: (
        "info",
        "warning",
        mark("Kept apart"),
        mark("It stays a row of its own"),
    ),
    ChangeKind.RESTORED: (
        "undo",
        "income",
        mark("Came back"),
        mark("The bank sent it again"),
    ),
}
# The names of fields in the journal, and the values of one of them.
_FIELDS = (
    mark("Amount"),
    mark("Date"),
    mark("Authorized date"),
    mark("State"),
    mark("Name"),
    mark("Merchant"),
    mark("Description"),
    mark("Bank category"),
    mark("Payment channel"),
    mark("Check number"),
)
_STATES = (mark("pending"), mark("posted"))
_ERRORS = {
    "ITEM_LOGIN_REQUIRED": mark("The bank wanted a new sign-in"),
    "PENDING_EXPIRATION": mark("The bank's consent is about to end"),
    "ITEM_NOT_FOUND": mark("The connection no longer exists"),
    "INVALID_ACCESS_TOKEN": mark("The connection no longer exists"),
    "ACCESS_NOT_GRANTED": mark("Access was taken back at the bank"),
    "USER_PERMISSION_REVOKED": mark("Access was taken back at the bank"),
    "USER_ACCOUNT_REVOKED": mark("Access to an account was taken back at the bank"),
    "INVALID_API_KEYS": mark("Plaid refused the keys"),
    "INSTITUTION_DOWN": mark("The bank was down"),
    "INSTITUTION_NOT_RESPONDING": mark("The bank did not answer"),
    "INSTITUTION_NO_LONGER_SUPPORTED": mark("Plaid no longer supports the bank"),
    "INTERNAL_SERVER_ERROR": mark("Plaid had trouble"),
    "PLANNED_MAINTENANCE": mark("Plaid was under maintenance"),
    "RATE_LIMIT": mark("The bank asked to wait"),
    "RATE_LIMIT_EXCEEDED": mark("The bank asked to wait"),
    "TRANSACTIONS_LIMIT": mark("The bank asked to wait"),
    "PRODUCT_NOT_READY": mark("The history was not ready yet"),
    "TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION": mark("The bank's data kept changing meanwhile"),
    "OFFLINE": mark("The bank could not be reached"),
    "CONNECTION": mark("The bank could not be reached"),
    "TIMEOUT": mark("The bank took too long to answer"),
}


def reason_words(reason: str) -> str:
    """Return why a sync ran, to stand after `Sync` or a time."""
    return tr(_REASONS[reason]) if reason in _REASONS else reason.replace("_", " ")


def kind_icon(kind: ChangeKind) -> tuple[str, Tone]:
    """Return the icon of what happened to a row, and its colour role."""
    icon, tone, _, _ = _KINDS[kind]
    return icon, tone


def kind_word(kind: ChangeKind) -> str:
    """Return what happened to a row in a word or two."""
    return tr(_KINDS[kind][2])


def kind_sentence(kind: ChangeKind) -> str:
    """Return what happened to a row where no better sentence is known."""
    return tr(_KINDS[kind][3])


def error_words(code: str | None) -> str:
    """Return why a sync failed; a code that has no words is named."""
    if not code:
        return tr("It did not come to an end")
    known = _ERRORS.get(code)
    return tr(known) if known else tr("The bank answered {code}", code=code)


def field_change(change: FieldChange) -> tuple[str, str, str]:
    """Return a field's name, and what it was and became, as people write it."""
    return (
        tr(change.field.capitalize()),
        field_value(change.field, change.before),
        field_value(change.field, change.after),
    )


def field_value(field: str, value: str | None) -> str:
    """Return a field's value as people write it: dates and amounts by their locale."""
    if value is None:
        return tr(NOTHING)
    if field in ("state", "bank category"):
        return tr(value) if field == "state" else bank_words(value)
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
