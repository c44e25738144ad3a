"""What categories are decided from, as services see it: merchants, answers, lessons and rules."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol

from hive_desktop import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from hive_desktop.domain.ledger import (
        BankTransaction,
        BatchId,
        CategoryId,
        CategorySource,
        Label,
        TransactionId,
        TransactionRow,
    )
    from hive_desktop.domain.recurring import Payment
    from hive_desktop.domain.rules import Outcome, Rule, RuleId

    Labeller = Callable[[Sequence[BankTransaction]], Sequence[Label | None]]
    """Gives rows their automatic categories, in their order."""

    RuleReader = Callable[[Sequence[BankTransaction]], Sequence[Outcome]]
    """Says what the person's rules do with rows, in their order."""


UNASKED_BY = f"hive {__version__}"
"""In place of a model's name: what may be sent told nothing, as far as this program can tell."""


class Again(IntEnum):
    """Which merchants a model is asked about that one was asked about before."""

    NONE = 0
    """None; another model is asked about what the one before it was not sure of."""
    LEFT = 1
    """Those that have no answer."""
    ALL = 2
    """All, and those too that have their category from a model."""


class OpenMerchant(NamedTuple):
    """A merchant of which nobody has said what it is. `direction` is "out" or "in"."""

    key: str
    name: str
    direction: str
    rows: int
    sample: BankTransaction


class TaughtMerchant(NamedTuple):
    """What the person chose for a merchant's rows: `n` of `total` are in the category."""

    key: str
    name: str
    direction: str
    category: str
    n: int
    total: int


class TaughtSample(NamedTuple):
    """What the person chose for a merchant, with the newest of the rows that they put there."""

    taught: TaughtMerchant
    sample: BankTransaction


class MerchantAnswer(NamedTuple):
    """What a model said of a merchant; `category` is None where it did not know."""

    key: str
    direction: str
    category: str | None
    confidence: float
    reason: str
    model: str


class ReviewGroup(NamedTuple):
    """Rows below the threshold, of one merchant and one direction, newest first.

    `guess` is the category of the newest, None where it has none.
    """

    key: str
    name: str
    direction: str
    rows: int
    total_minor: int
    currency: str
    newest: TransactionRow
    guess: CategoryId | None


class RuleCandidate(NamedTuple):
    """A row as rules find it, with what its owner columns say now."""

    id: TransactionId
    seq: int
    bank: BankTransaction
    category_id: CategoryId | None
    source: CategorySource | None
    display_name: str | None
    tags: tuple[str, ...]
    is_hidden: bool
    is_paired: bool


class GuessRecord(NamedTuple):
    """How often automatic categories of one source were kept when the person looked."""

    source: str
    kept: int
    changed: int


class CategoryReads(Protocol):
    """What is known about merchants, and the person's rules."""

    def open_merchants(
        self, limit: int, model: str | None = None, again: Again = Again.NONE
    ) -> list[OpenMerchant]:
        """Return merchants with rows that nobody is sure of and no model was asked about.

        Those with most rows come first. With `model`, what other models were not sure of is open
        too; `again` adds more. What may be sent to no model is never open again.
        """
        ...

    def left_merchants(self) -> int:
        """Return of how many of these a model was asked and gave no answer."""
        ...

    def taught_merchants(self) -> list[TaughtMerchant]:
        """Return what the person chose, by merchant and direction; most rows first."""
        ...

    def taught_samples(self, limit: int) -> list[TaughtSample]:
        """Return the same with a row of each; most rows first."""
        ...

    def answers(self) -> list[MerchantAnswer]:
        """Return what a model has said."""
        ...

    def rules(self) -> list[Rule]:
        """Return the person's rules in their order."""
        ...

    def payments(self, keys: Iterable[str], limit: int, newest: int) -> list[Payment]:
        """Return up to `limit` rows of merchants as payments; accounts are named by the bank.

        Args:
            keys: the merchants.
            limit: the most rows of all of them together.
            newest: the most rows of each, of which the newest are taken.
        """
        ...

    def candidates(self, before: int, limit: int) -> list[RuleCandidate]:
        """Return rows as rules would find them, newest first, with a seq below `before`."""
        ...

    def candidates_of(self, transaction_ids: Iterable[TransactionId]) -> list[RuleCandidate]:
        """Return some rows as rules would find them, newest first."""
        ...

    def review_groups(self, limit: int, offset: int = 0) -> list[ReviewGroup]:
        """Return rows that want a look, by merchant; most rows first."""
        ...

    def rows_of_merchant(self, key: str, direction: str | None = None) -> list[TransactionId]:
        """Return a merchant's rows that neither the person nor a rule has sorted, newest first."""
        ...

    def guess_records(self) -> list[GuessRecord]:
        """Return how the person judged automatic categories, by their newest 5,000 choices."""
        ...


class CategoryWrites(CategoryReads, Protocol):
    """Mutations, inside one transaction on the writer. Merchants are given by their numbers."""

    def put_answers(self, answers: Sequence[MerchantAnswer]) -> list[int]:
        """Keep what a model said; returns the merchants, for `relabel`.

        What was answered before stays where there is no answer now.
        """
        ...

    def merchants_of(
        self, transaction_ids: Iterable[TransactionId], *, judged: bool = False
    ) -> list[int]:
        """Return the merchants of rows, also on the shelf; `judged`: of those sorted by hand."""
        ...

    def rows_in(self, merchants: Sequence[int], category_id: CategoryId | None) -> int:
        """Return how many rows of some merchants are in a category, or in none."""
        ...

    def relabel_rows(self, transaction_ids: Iterable[TransactionId], labeller: Labeller) -> int:
        """Decide anew over some rows as `relabel` does; returns how many changed."""
        ...

    def relabel(self, merchants: Sequence[int], labeller: Labeller) -> int:
        """Decide anew over all rows of some merchants; returns how many rows changed.

        The person's own categories and what a rule gave stay.
        """
        ...

    def are_few(self, merchants: Iterable[int], most: int) -> bool:
        """Tell whether merchants have no more than so many rows."""
        ...

    def relabel_merchant(
        self, merchant: int, seq: int, labeller: Labeller, limit: int
    ) -> tuple[int, int | None]:
        """Decide anew over a merchant's next rows; returns as `relabel_after`."""
        ...

    def relabel_after(self, seq: int, labeller: Labeller, limit: int) -> tuple[int, int | None]:
        """Decide anew over up to `limit` rows with a seq above `seq`.

        Returns how many changed, and the last seq, None where there are no more.
        """
        ...


class RuleWrites(Protocol):
    """Changes of the person's rules, inside one transaction on the writer."""

    def put(self, rule: Rule) -> None:
        """Add a rule at the end, or change the one that has its id."""
        ...

    def make(self, rule: Rule, batch: BatchId) -> None:
        """Add or change a rule as a part of a batch of edits, which undoes that too."""
        ...

    def remove(self, rule_id: RuleId) -> bool:
        """Remove a rule; what it did stays. Returns whether there was one."""
        ...

    def order(self, rule_ids: Sequence[RuleId]) -> None:
        """Put rules into this order; those not named come after, as they were."""
        ...

    def apply(
        self, outcomes: Sequence[tuple[TransactionId, Outcome]], batch: BatchId, *, by_rule: bool
    ) -> int:
        """Write what rules say into owner columns, and into a batch of the edit log.

        Never over the person's own category, name or tags. `by_rule` marks a batch that came with
        a sync and not by the person's hand. Returns how many rows changed.
        """
        ...
