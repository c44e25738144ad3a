"""What the person says of accounts and categories themselves, with the log that undoes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hive_desktop.domain.ledger import AccountId, BatchId, CategoryId, CategoryKind


@dataclass(frozen=True, slots=True)
class AccountChoice:
    """What is said of an account; what is None stays.

    Attributes:
        name: the person's own name for it, "" for the bank's.
        is_hidden: whether lists and net worth leave it out; its rows count all the same.
        in_net_worth: whether it counts there while it is not hidden.
    """

    name: str | None = None
    is_hidden: bool | None = None
    in_net_worth: bool | None = None


@dataclass(frozen=True, slots=True)
class CategoryChange:
    """What is said of a category; what is None stays. `color` is `#RRGGBB`."""

    name: str | None = None
    color: str | None = None
    icon: str | None = None
    kind: CategoryKind | None = None
    is_archived: bool | None = None


class Joined(NamedTuple):
    """One slice of a merge: rows that moved, and whether it was the last."""

    rows: int
    is_whole: bool


class ChoiceWrites(Protocol):
    """Writes the person's words, each into a batch of the edit log."""

    def change_account(self, account_id: AccountId, choice: AccountChoice, batch: BatchId) -> bool:
        """Write what is said of an account; tells whether anything changed."""
        ...

    def order_accounts(self, account_ids: Sequence[AccountId], batch: BatchId) -> bool:
        """Put accounts into this order; those not named come after."""
        ...

    def add_category(self, change: CategoryChange, batch: BatchId) -> CategoryId:
        """Add a category at the end, with all that a category has said; undoing archives it."""
        ...

    def change_category(
        self, category_id: CategoryId, change: CategoryChange, batch: BatchId
    ) -> bool:
        """Write what is said of a category; tells whether anything changed."""
        ...

    def order_categories(self, category_ids: Sequence[CategoryId], batch: BatchId) -> bool:
        """Put categories into this order; those not named come after, as they were."""
        ...

    def has_rows(self, category_id: CategoryId) -> bool:
        """Tell whether a row of the ledger, or one that was deleted, is in a category."""
        ...

    def join(self, gone: CategoryId, into: CategoryId, batch: BatchId, limit: int) -> Joined:
        """Move up to `limit` rows of a category into another; the last slice closes it.

        From then on whatever names the one means the other: rules, answers, the bank, the models.
        """
        ...
