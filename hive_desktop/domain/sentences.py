"""The sentences that the ledger keeps: why a row has its category, why something is asked.

A vault is read by the window in any language and by the command line, so they are kept in English,
and `domain.told.told` says them in the language in use. A sentence whose text changes here is one
that older vaults hold in its old form: that stays English in them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from hive_desktop.i18n import mark, mark_n

_PLACE = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence with `{names}` of what it is about.

    Args:
        text: in English; where it has a `{count}`, its form for one.
        many: its form for other counts.
    """

    text: str
    many: str | None = None

    def __call__(self, count: int = 1, **values: object) -> str:
        """Return it in English, as it is kept."""
        form = self.text if self.many is None or count == 1 else self.many
        return form.format(count=count, **values)

    def values_in(self, text: str) -> dict[str, str] | None:
        """Return what a kept text says at each name, or None where it is not this sentence."""
        for form in (self.text, self.many):
            found = None if form is None else _pattern(form).fullmatch(text)
            if found is not None:
                return found.groupdict()
        return None


@lru_cache(maxsize=256)
def _pattern(form: str) -> re.Pattern[str]:
    parts = _PLACE.split(form)
    fields = (rf"(?P<{name}>{r'[0-9]+' if name == 'count' else '.+?'})" for name in parts[1::2])
    texts = [re.escape(part) for part in parts[::2]]
    return re.compile("".join(a + b for a, b in zip(texts, (*fields, ""), strict=True)), re.DOTALL)


# Why a row has its category.
LOAN: Final = mark("A loan account's rows are the other side of the payments made to it")
AN_ORDER: Final = mark("The text gives orders instead of naming a merchant; it is left to you")
PAIRED_BY_YOU: Final = mark("You said that the two are one transfer")
BANK_SAYS: Final = Sentence(mark("The bank says: {bank_words}"))
FILE_SAYS: Final = Sentence(mark("The imported file says: {bank_words}"))
RULE: Final = Sentence(mark("Rule: {rule}"))
TAUGHT: Final = Sentence(mark("You put {n} of {total} {merchant} here"))
MODEL_KNOWS: Final = Sentence(mark("{model} knows this merchant as {category}"))
CHOSEN_ALIKE: Final = Sentence(mark("You chose {category} for others like this: '{phrase}'"))
CARD_CODE: Final = Sentence(mark("The card network's code says: {kind}"))
KNOWN: Final = Sentence(mark("Hive knows '{phrase}': {kind}"))
TYPICAL: Final = Sentence(mark("The word '{phrase}' is typical of {category}: {kind}"))
ONLY_INCOME: Final = mark("Nothing but money coming in says what this is")
ONLY_AMOUNT: Final = mark("Nothing but the amount says what this is")
NAMES_LIKE: Final = Sentence(mark("Names like '{phrase}' are most often {category}"))

# What two rows have in common, or not.
SAME_DAY: Final = mark("on the same day")
ON_SAME_DAY: Final = mark("On the same day")
DAYS_APART: Final = Sentence(*mark_n("{count} day apart", "{count} days apart"))
SAME_ON_BOTH_SIDES: Final = Sentence(mark("The same amount on both sides, {when}"))
CONVERTED: Final = Sentence(mark("Converted at {rate}, {rate_source}, {when}"))
RATE_PRINTED: Final = mark("printed in the description")
RATE_ENTERED: Final = mark("the rate that you entered")
RATE_MEDIAN: Final = mark("the middle of the transfers that you confirmed")
CONTESTED: Final = mark("Another row would fit as well")
NO_TRANSFER: Final = mark("You gave one of them a category that is no transfer")
A_PURCHASE: Final = mark("One of them looks like a purchase")
OTHER_RATE: Final = mark("The description prints another rate")
ID_BEFORE: Final = mark("The bank used this id for the older one before")
SAME_AMOUNT: Final = mark("The same amount")
A_TIP: Final = mark("The same merchant, and an amount that a tip explains")
BESIDE_PENDING: Final = mark("The same amount, posted beside a pending row")
NEWER_POSTED: Final = mark("The older one is pending, the newer one has posted")
OLDER_TAKEN: Final = mark("The bank took the older one away")
SAME_MERCHANT: Final = mark("At the same merchant")
SHARED_WORDS: Final = mark("The names share words")
OTHER_NAMES: Final = mark("The names differ")
SPLIT_CHANGED: Final = mark(
    "The bank changed the amount of a row that you split; its last part has the difference"
)
OWN_SPLIT_CHANGED: Final = mark(
    "You changed the amount of a row that you split; its last part has the difference"
)

# What a sync did to a row.
BROUGHT: Final = mark("The bank brought the row")
CHANGED: Final = mark("The bank changed the row")
REMOVED: Final = mark("The bank removed the row")
POSTED: Final = mark("The bank posted the pending payment")
POSTED_OTHERWISE: Final = mark(
    "The bank posted the pending payment, with another amount: a tip, or a final price"
)
ANOTHER_ID: Final = mark(
    "The bank gave this payment another id: account, amount, merchant and date agree"
)
BROUGHT_AGAIN: Final = mark("A sync was undone, and the bank brought the row again")
FORMER_ID: Final = mark("The bank went back to an id that the row had before")
KEPT_APART: Final = Sentence(
    mark(
        "The bank said that “{name}” is this payment, posted; merchant and amount both "
        "contradict that, so it stays a row of its own"
    )
)

# Why a row of the bank's could not be taken.
UNLISTED_ACCOUNT: Final = mark("The row belongs to an account that the bank did not list.")

SENTENCES: Final = (
    BANK_SAYS,
    FILE_SAYS,
    RULE,
    TAUGHT,
    CHOSEN_ALIKE,
    CARD_CODE,
    KNOWN,
    TYPICAL,
    NAMES_LIKE,
    DAYS_APART,
    SAME_ON_BOTH_SIDES,
    CONVERTED,
    KEPT_APART,
    MODEL_KNOWS,
)
"""Those that are about something, in the order in which a text is looked for among them."""
