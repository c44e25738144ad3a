"""Amounts as people type them at the command line: decimals with a point, no thousands."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

from hive_desktop.domain.money import AmountError, from_minor, minor_digits, to_minor
from hive_desktop.ports.errors import UsageError


def minor(text: str, currency: str, hint: str = "Write it like 12.50.") -> int:
    """Return an amount in minor units of a currency; raises UsageError."""
    if not text.strip():
        raise UsageError("An amount is missing.", hint=hint)
    try:
        amount = Decimal(text.strip())
        found = to_minor(amount, currency)
    except (InvalidOperation, AmountError) as exc:
        raise UsageError("{text} is no amount.", hint=hint, text=text) from exc
    if from_minor(found, currency) != amount:
        raise UsageError(
            "{currency} has {digits} decimals, and {text} has more.",
            hint="Round it.",
            currency=currency,
            digits=minor_digits(currency),
            text=text,
        )
    return found
