"""Which category a row gets, strongest word first.

The person; their rules; what they taught about the merchant; the bank, where it is sure; a model
that was asked; the offline model, where it is sure; else the likeliest guess, below the threshold,
for the person to look at. What is decided depends on the evidence alone, so deciding again changes
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from hive_desktop.domain import sentences
from hive_desktop.domain.categories import LOAN_LABEL, REVIEW_THRESHOLD, label_from_bank
from hive_desktop.domain.file_categories import FILE_CATEGORY, category_meant
from hive_desktop.domain.ledger import CategorySource, Label
from hive_desktop.domain.merchants import merchant_of
from hive_desktop.domain.rules import RuleRow, RuleSet

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from hive_desktop.domain.ledger import BankTransaction
    from hive_desktop.domain.merchants import Merchant
    from hive_desktop.domain.rules import Outcome

TAUGHT_SHARE = 2 / 3
"""How much of a merchant's rows, among those that the person sorted, must lie in one category."""

JUST_UNSURE = REVIEW_THRESHOLD - 0.01
"""What a guess that nobody stands for is worth at most."""

_TAUGHT_CONFIDENCE = 0.99
_FILE_CONFIDENCE = 0.95
_SURE_WORDS = ("HIGH", "VERY_HIGH")


class Lesson(NamedTuple):
    """What the person chose for a merchant's rows of one direction: `n` of `total` are here."""

    category: str
    name: str
    n: int
    total: int


class Answer(NamedTuple):
    """What a model said of a merchant's rows of one direction."""

    category: str
    confidence: float
    reason: str


Key = tuple[str, str]
"""A merchant's key, and "out" or "in"."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that categories are decided from. Accounts are named by the bank's id.

    `model` gives rows that nothing else knows of a calibrated guess each, or None; `threshold`
    gives the probability from which the model stands for its guess.
    """

    model: Callable[[Sequence[BankTransaction]], Sequence[Label | None]]
    threshold: Callable[[], float]
    rules: RuleSet = field(default_factory=lambda: RuleSet(()))
    lessons: Mapping[Key, Lesson] = field(default_factory=dict)
    answers: Mapping[Key, Answer] = field(default_factory=dict)
    loans: frozenset[str] = frozenset()
    accounts: Mapping[str, str] = field(default_factory=dict)
    category_names: Mapping[bytes, str] = field(default_factory=dict)
    _of_files: dict[str, Label | None] = field(default_factory=dict)

    def labels(self, rows: Sequence[BankTransaction]) -> list[Label | None]:
        """Return labels of rows that have just come: the person's rules look at them first."""
        return self._decide(rows, [self._by_rule(row) for row in rows] if self.rules else None)

    def labels_anew(self, rows: Sequence[BankTransaction]) -> list[Label | None]:
        """Return labels of rows that rules have looked at, or are too old for them."""
        return self._decide(rows, None)

    def outcomes(self, rows: Sequence[BankTransaction]) -> list[Outcome]:
        """Return all that the rules say of rows."""
        return [self.rules.outcome(self.rule_row(row)) for row in rows]

    def rule_row(self, row: BankTransaction) -> RuleRow:
        """Return what rules see of a row."""
        merchant = _merchant(row)
        return RuleRow(
            row.name,
            merchant.key,
            row.merchant_name or merchant.name,
            row.description or "",
            row.amount_minor,
            row.currency,
            self.accounts.get(row.plaid_account_id, ""),
            row.posted_on,
        )

    def _decide(
        self, rows: Sequence[BankTransaction], ruled: Sequence[Label | None] | None
    ) -> list[Label | None]:
        if self.lessons or self.answers or self.loans:
            told = [self._told(row) for row in rows]
        else:  # the bank alone can know
            told = [self._told(row) if row.bank_category else None for row in rows]
        if ruled:
            told = [rule or label for rule, label in zip(ruled, told, strict=True)]
        left = [place for place, label in enumerate(told) if label is None]
        if left:
            asked = [rows[place] for place in left]
            threshold = self.threshold()
            for place, row, guess in zip(left, asked, self.model(asked), strict=True):
                if guess is not None and guess.confidence >= threshold and not row.bank_category:
                    told[place] = guess
                else:
                    told[place] = self._guess(row, guess, threshold)
        return told

    def _by_rule(self, row: BankTransaction) -> Label | None:
        rule = self.rules.outcome(self.rule_row(row)).category
        if rule is None:
            return None
        chosen = rule.actions.category_id
        name = "Transfer" if chosen is None else self.category_names.get(chosen)
        if name is None:
            return None
        return Label(name, CategorySource.RULE, 1.0, rule.reason)

    def _told(self, row: BankTransaction) -> Label | None:
        """Return what somebody knows: the person by the merchant, the bank, or a model."""
        lesson = self.lessons.get(_key(row)) if self.lessons else None
        if lesson is not None and lesson.n >= TAUGHT_SHARE * lesson.total:
            return _taught(lesson)
        if row.plaid_account_id in self.loans:
            return LOAN_LABEL
        if row.bank_category and row.bank_category.startswith(FILE_CATEGORY):
            filed = self._by_file(row.bank_category)
            if filed is not None:
                return filed
        elif row.bank_category and row.bank_confidence in _SURE_WORDS:
            return label_from_bank(row.bank_category, row.bank_confidence)
        answer = self._answered(row)
        if answer is not None and answer.confidence >= REVIEW_THRESHOLD:
            return Label(answer.category, CategorySource.AI, answer.confidence, answer.reason)
        return None

    def _answered(self, row: BankTransaction) -> Answer | None:
        return self.answers.get(_key(row)) if self.answers else None

    def _by_file(self, bank_category: str) -> Label | None:
        """Return what an imported file says, where it is a category of Hive's."""
        if bank_category not in self._of_files:
            said = bank_category.removeprefix(FILE_CATEGORY)
            found = category_meant(said, self.category_names.values())
            reason = sentences.FILE_SAYS(bank_words=said)
            self._of_files[bank_category] = (
                None
                if found is None
                else Label(found, CategorySource.BANK, _FILE_CONFIDENCE, reason)
            )
        return self._of_files[bank_category]

    def _guess(self, row: BankTransaction, guess: Label | None, threshold: float) -> Label | None:
        """Return the offline model's label where it is sure, else the likeliest guess."""
        is_told = row.bank_category and not row.bank_category.startswith(FILE_CATEGORY)
        bank = (
            label_from_bank(row.bank_category, row.bank_confidence)
            if row.bank_category and is_told
            else None
        )
        if guess is not None and bank is not None and guess.category == bank.category:
            # Two that know nothing of each other say the same.
            both = 1 - (1 - guess.confidence) * (1 - bank.confidence)
            return _bounded(guess._replace(confidence=both), is_sure=both >= threshold)
        if guess is not None and guess.confidence >= threshold:
            return guess
        answer = self._answered(row)
        if bank is None and answer is None:
            return None if guess is None else _bounded(guess, is_sure=False)
        asked = (
            Label(answer.category, CategorySource.AI, answer.confidence, answer.reason)
            if answer is not None
            else None
        )
        likeliest = max(
            (one for one in (bank, asked, guess) if one is not None),
            key=lambda one: one.confidence,
            default=None,
        )
        return None if likeliest is None else _bounded(likeliest, is_sure=False)


def lessons_of(taught: Sequence[tuple[str, str, str, str, int, int]]) -> dict[Key, Lesson]:
    """Return the strongest lesson of each merchant and direction.

    Args:
        taught: key, name, direction, category, n, total; of equal counts the first is taken, which
            no share above a half allows to matter.
    """
    lessons: dict[Key, Lesson] = {}
    for key, name, direction, category, n, total in taught:
        known = lessons.get((key, direction))
        if known is None or n > known.n:
            lessons[key, direction] = Lesson(category, name, n, total)
    return lessons


def _taught(lesson: Lesson) -> Label:
    reason = sentences.TAUGHT(n=lesson.n, total=lesson.total, merchant=lesson.name)
    confidence = _TAUGHT_CONFIDENCE * lesson.n / lesson.total
    return Label(lesson.category, CategorySource.MERCHANT, confidence, reason)


def _bounded(label: Label, *, is_sure: bool) -> Label:
    if is_sure:
        bounded = max(label.confidence, REVIEW_THRESHOLD)
    else:
        bounded = min(label.confidence, JUST_UNSURE)
    return label if bounded == label.confidence else label._replace(confidence=bounded)


def _merchant(row: BankTransaction) -> Merchant:
    return merchant_of(row.merchant_name, row.name, row.description)


def _key(row: BankTransaction) -> Key:
    return _merchant(row).key, "in" if row.amount_minor < 0 else "out"
