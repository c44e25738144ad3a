"""What the settings say about asking a model."""

from __future__ import annotations

from typing import Final

from hive_desktop.domain.prices import amount

EXPLAINED: Final = (
    "Hive sorts by itself, on this computer. A model is asked only if you set one up here, and "
    "only about merchants that Hive is not sure of."
)
LEAVES: Final = (
    "What would leave: a merchant's text as the bank prints it, with the numbers of cards and "
    "accounts, phone numbers and e-mail addresses replaced; one amount with its currency and "
    "direction; the names of your categories; and a few merchants that you sorted yourself. Of a "
    "payment between people only the app and the direction. No accounts, no balances, no dates. "
    "Each request is recorded, with what was in it."
)


def typed_amount(value: int | None) -> str:
    """Return micros as a person would type them; nothing for no bound."""
    return "" if value is None else amount(value).replace(",", "")


def left_words(count: int) -> str:
    """Return of how many merchants the model was asked in vain."""
    what = "1 merchant" if count == 1 else f"{count:,} merchants"
    return f"The model was asked about {what} and gave no answer that could be used."
