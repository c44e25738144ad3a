"""What the settings say about asking a model."""

from __future__ import annotations

from typing import Final

from hive_desktop.i18n import mark, tr_n
from hive_desktop.ui.kit.money import locale

EXPLAINED: Final = mark(
    "Hive sorts by itself, on this computer. A model is asked only if you set one up here, and "
    "only about merchants that Hive is not sure of."
)
LEAVES: Final = mark(
    "What would leave: a merchant's text as the bank prints it, with the numbers of cards and "
    "accounts, phone numbers and e-mail addresses replaced; one amount with its currency and "
    "direction; the names of your categories; and a few merchants that you sorted yourself. Of a "
    "payment between people only the app and the direction. No accounts, no balances, no dates. "
    "Each request is recorded, with what was in it."
)


def left_words(count: int) -> str:
    """Return of how many merchants the model was asked in vain."""
    return tr_n(
        "The model was asked about {count_text} merchant and gave no answer that could be used.",
        "The model was asked about {count_text} merchants and gave no answer that could be used.",
        count,
        count_text=locale().toString(count),
    )
