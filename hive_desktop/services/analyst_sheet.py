"""What an answer of the offline analyst is written on: paragraphs, and the figures in them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from hive_desktop.domain.receipts import CellKind
from hive_desktop.domain.references import cited
from hive_desktop.i18n import tr_in, tr_n_in
from hive_desktop.services import analyst_words as words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from hive_desktop.domain.figures import Figure
    from hive_desktop.domain.questions import Intent, Names, Scope
    from hive_desktop.domain.receipts import Receipt


class CannotTell(Exception):  # noqa: N818 - it becomes a reason, not a message
    """The question was understood, and what was found does not answer it."""

    def __init__(self, reason: str, *names: str) -> None:
        self.reason = reason
        self.words = names
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Answer:
    """A text with references, and the figures that answer."""

    text: str
    figures: tuple[Figure, ...]


@dataclass(slots=True)
class Sheet:
    """What an answer is written on: paragraphs, and the references that answer.

    `cite` writes a figure that answers, `aside` one that only goes with it.
    """

    intent: Intent
    names: Names
    receipts: Sequence[Receipt]
    paragraphs: list[str] = field(default_factory=list)
    cited: list[str] = field(default_factory=list)

    @property
    def first(self) -> Receipt:
        """Return the first receipt."""
        return self.receipts[0]

    def say(self, template: str, **values: object) -> None:
        """Write a paragraph."""
        self.paragraphs.append(self.told(template, **values))

    def say_n(self, forms: tuple[str, str], count: int, **values: object) -> None:
        """Write a paragraph in the form that a count needs."""
        one, many = forms
        self.paragraphs.append(tr_n_in(self.intent.language, one, many, count, **values))

    def told(self, template: str, **values: object) -> str:
        """Return a template in the language of the question."""
        return tr_in(self.intent.language, template, **values)

    def cite(self, receipt: Receipt, cell: str) -> str:
        """Write a figure that answers."""
        return self.compute(f"{receipt.id}.{cell}")

    def compute(self, inner: str) -> str:
        """Write a figure that is computed from cells and answers."""
        if inner not in self.cited:
            self.cited.append(inner)
        return f"[[{inner}]]"

    @staticmethod
    def aside(receipt: Receipt, cell: str) -> str:
        """Write a figure that only goes with the answer."""
        return f"[[{receipt.id}.{cell}]]"

    def number(self, receipt: Receipt, cell: str) -> int:
        """Return a cell's number, or nought where there is none."""
        found = receipt.cell(cell)
        return found.value if found is not None and isinstance(found.value, int) else 0

    @staticmethod
    def currency(receipt: Receipt, cell: str) -> str:
        """Return the code of the currency that a cell is of; empty where it is of none."""
        found = receipt.cell(cell)
        return (found.currency or "") if found is not None else ""

    def has(self, receipt: Receipt, cell: str) -> bool:
        """Tell whether there is a cell."""
        return receipt.cell(cell) is not None

    def prefixes(self, receipt: Receipt, cell: str) -> list[str]:
        """Return what stands before a cell in each currency that has anything of it.

        Raises:
            CannotTell: the currency that was named has nothing.
        """
        wanted = self.intent.currency
        found = [
            one.name[: -len(cell)]
            for one in receipt.cells
            if one.kind is CellKind.MONEY
            and (one.name == cell or (one.name.endswith(f".{cell}") and _is_prefix(one.name, cell)))
            and (wanted is None or one.currency == wanted)
        ]
        if not found:
            raise CannotTell("nothing")
        full = [one for one in found if self.number(receipt, f"{one}{cell}")]
        return full or found[:1]

    def money(self, receipt: Receipt, cell: str, *, is_aside: bool = False) -> str:
        """Return an amount in each currency that has any, in one phrase."""
        write = self.aside if is_aside else self.cite
        amounts = [write(receipt, f"{one}{cell}") for one in self.prefixes(receipt, cell)]
        return words.joined(amounts, self.intent.language)

    def scope(self, scope: Scope | None = None) -> str:
        """Return which rows an answer is of."""
        return words.scope(scope or self.intent.scope, self.intent, self.names)

    def answer(self, receipts: Mapping[str, Receipt]) -> Answer:
        """Return the whole answer."""
        figures = tuple(
            figure for inner in self.cited if (figure := cited(inner, receipts).figure) is not None
        )
        return Answer("\n\n".join(self.paragraphs), figures)


def _is_prefix(name: str, cell: str) -> bool:
    """Tell whether only a currency's code stands before a cell."""
    return len(name) - len(cell) == len("eur.") and name[:3].isalpha()
