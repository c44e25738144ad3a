"""The model that labels without a network, and what a person taught it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hive_desktop.domain.ledger import Label


class Sample(NamedTuple):
    """What the model looks at of one row.

    Args:
        text: the bank's merchant name, the row's name and its description, as far as there are any.
        amount_minor: minor units, positive = money out.
        currency: ISO 4217.
        account_type: Plaid's word (depository, credit, loan, investment); None where unknown.
        period: of the row's series (`domain.recurring`); None where there is none.
        mcc: the card network's merchant category code, four digits (ISO 18245).
    """

    text: tuple[str | None, str, str | None]
    amount_minor: int
    currency: str
    account_type: str | None = None
    period: str | None = None
    mcc: str | None = None


class Learned(Protocol):
    """Lessons drawn from a person's corrections; the same examples give the same bytes."""

    @property
    def examples(self) -> int:
        """Return how many examples it was drawn from."""
        ...

    def to_bytes(self) -> bytes:
        """Return it as bytes that `OfflineModel.read_lessons` takes."""
        ...


class OfflineModel(Protocol):
    """Labels rows on this computer, with calibrated probabilities."""

    @property
    def threshold(self) -> float:
        """Return the probability from which 95 of 100 labels were right when it was built."""
        ...

    @property
    def name(self) -> str:
        """Return the back-end's name with the artefact's version."""
        ...

    def label(self, rows: Sequence[Sample]) -> list[Label | None]:
        """Return the likeliest category of each row; None where its text says nothing."""
        ...

    def learn(self, examples: Sequence[tuple[Sample, str]]) -> Learned:
        """Return what corrections teach: a pure function of all of them.

        Args:
            examples: rows with the category that the person chose, known or of their own making.
        """
        ...

    def with_lessons(self, learned: Learned) -> OfflineModel:
        """Return this model with lessons on top; `learned` replaces any that it had."""
        ...

    def read_lessons(self, data: bytes) -> Learned:
        """Return lessons from `Learned.to_bytes`.

        Raises:
            ValueError: the bytes are not lessons of this version.
        """
        ...
