"""One reading and what kinds of question ask of it: words, names, the rows that are meant."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from hive_desktop.domain.money import minor_digits
from hive_desktop.domain.questions.intents import Intent, Scope, amount_arguments
from hive_desktop.domain.questions.names import Sort
from hive_desktop.domain.questions.tags import Tag

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from hive_desktop.domain.questions.intents import Ask, Call
    from hive_desktop.domain.questions.names import Names
    from hive_desktop.domain.questions.reading import Reading

MONEY: Final = frozenset((Tag.HOW_MUCH, Tag.SPEND))
NOUNS: Final = frozenset((Tag.ROW, Tag.PURCHASE, Tag.PAYMENT, Tag.BUY))
BOUGHT: Final = NOUNS - {Tag.ROW}
NAMES: Final = ("categories", "merchants", "accounts")
MOST_LINES: Final = 20


class Unanswerable(Exception):  # noqa: N818 - it is caught where the question is known
    """Understood, and yet not to be answered; `reason` says why in a word."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class Planner:
    """What was said, as kinds of question look at it."""

    def __init__(self, reading: Reading, names: Names, today: date) -> None:
        self.reading = reading
        self.names = names
        self.today = today
        self.spans = reading.spans
        self.categories = tuple(reading.of(Sort.CATEGORY))
        self.merchants = tuple(reading.of(Sort.MERCHANT))
        self.accounts = tuple(reading.of(Sort.ACCOUNT))
        is_spending = not reading.tags.isdisjoint((Tag.PAY, Tag.EXPENSE))
        self.tags = frozenset(reading.tags | ({Tag.SPEND} if is_spending else set()))

    def has(self, *tags: Tag) -> bool:
        """Tell whether all of some tags were said."""
        return self.tags.issuperset(tags)

    def any(self, *tags: Tag) -> bool:
        """Tell whether one of some tags was said."""
        return not self.tags.isdisjoint(tags)

    def fits(self, tags: Iterable[Tag], *slots: str) -> bool:
        """Tell whether nothing was said but these tags, and these of what names rows.

        Args:
            tags: whoever may say that money was spent may say that it was paid.
            slots: of `spans categories merchants accounts bounds limit currency`.
        """
        known = set(tags)
        known |= {Tag.PAY, Tag.EXPENSE} if Tag.SPEND in known else set()
        said = {
            "spans": self.spans,
            "categories": self.categories,
            "merchants": self.merchants,
            "accounts": self.accounts,
            "bounds": self.reading.bounds,
            "limit": self.reading.limit,
            "currency": self.reading.currency,
        }
        return self.tags <= known and not any(said[slot] for slot in said if slot not in slots)

    @property
    def is_named(self) -> bool:
        """Tell whether a merchant or a category was named."""
        return bool(self.merchants or self.categories)

    @property
    def is_everything(self) -> bool:
        """Tell whether nothing narrows the rows down."""
        return not (self.spans or self.is_named or self.accounts or self.reading.bounds)

    def scope(self) -> Scope:
        """Return the rows that are meant.

        Raises:
            Unanswerable: there are two periods, or both a category and a merchant, or what was
                paid on an account may be what was paid to it.
        """
        if len(self.spans) > 1:
            raise Unanswerable("periods")
        if self.categories and self.merchants:
            raise Unanswerable("both")
        if self.accounts and self.has(Tag.PAY) and not self.reading.is_with:
            raise Unanswerable("card")
        span = self.spans[0] if self.spans else None
        return Scope(span, self.categories, self.merchants, self.accounts)

    def bounds(self) -> dict[str, str | None]:
        """Return the arguments of a tool for the amounts that were said."""
        step = Decimal(1).scaleb(-minor_digits(self.names.currency))
        return amount_arguments(self.reading.bounds, step)

    def direction(self) -> dict[str, str | None]:
        """Return which rows a noun means: all that move money, or what was spent.

        Raises:
            Unanswerable: "payments" of nobody may be card payments and other transfers too.
        """
        if self.has(Tag.ROW):
            return {"direction": None, "kind": None}
        if self.has(Tag.PAYMENT) and not self.is_named:
            raise Unanswerable("payments")
        return {"direction": "out", "kind": None if self.merchants else "spending"}

    def intent(self, ask: Ask, *calls: Call, **told: object) -> Intent:
        """Return an intent in the question's language."""
        reading = self.reading
        return Intent(
            ask,
            calls,
            reading.language,
            currency=reading.currency,
            bounds=reading.bounds,
            limit=reading.limit,
            **told,  # type: ignore[arg-type]
        )


def tags_if(is_so: bool, *tags: Tag) -> frozenset[Tag]:  # noqa: FBT001 - a condition
    """Return tags where a condition holds."""
    return frozenset(tags) if is_so else frozenset()
