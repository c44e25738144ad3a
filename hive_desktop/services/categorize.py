"""Gives rows their categories by all that is known (`domain.pipeline`), and learns from the person.

A sync labels what it brought in the transaction that brought it, so that a row is never seen
without its label. A correction is followed, in its own transaction, by the other rows of the same
merchant. `hive categorize` decides over everything again.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeAlias

from hive_desktop.domain import recurring
from hive_desktop.domain.changes import Actor
from hive_desktop.domain.merchants import merchant_of
from hive_desktop.domain.pipeline import Answer, Evidence, lessons_of
from hive_desktop.domain.recurring import Payment
from hive_desktop.domain.rules import RuleSet
from hive_desktop.ports.offline_model import Sample
from hive_desktop.services.settings import PUT_OFF

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

    from hive_desktop.domain.ledger import BankTransaction, CategoryId, Label, TransactionId
    from hive_desktop.ports.category_store import Labeller, MerchantAnswer, TaughtMerchant
    from hive_desktop.ports.offline_model import OfflineModel
    from hive_desktop.ports.storage import Database, Reads, Writes

_LOAN = "loan"  # Plaid's account type of mortgages, student loans and other credit
_ROWS_A_TURN = 5_000
_ROWS_AT_ONCE = 2_000
_MOST_LESSONS = 1_000
_MOST_PAYMENTS, _NEWEST_PAYMENTS = 20_000, 1_000
_ROWS_A_STEP = _MERCHANTS_AT_ONCE = 1_000

_Series: TypeAlias = tuple[str, str, str, bool]
"""A merchant's key, the bank's id of an account, a currency, and whether money came in."""

_Rhythms: TypeAlias = "Callable[[Sequence[BankTransaction]], Sequence[str | None]]"
"""How often the payments of rows' series come, where they come again."""


class Categorizer:
    """Decides over rows, with what the person has taught.

    Args:
        database: the ledger.
        model: gives the offline model as it was built; called when the first row needs a guess.
    """

    def __init__(self, database: Database, model: Callable[[], OfflineModel]) -> None:
        self._database = database
        self._model = model
        self._learned: tuple[list[TaughtMerchant], OfflineModel] | None = None

    def newcomers(
        self,
        reads: Reads,
        rows: Sequence[BankTransaction],
        step: Callable[[int], object] = lambda _count: None,
    ) -> Labeller:
        """Return what labels rows of files before they are in the ledger: as if they were there.

        All is read here: the ledger is not looked at while it labels, and may be written meanwhile.

        Args:
            reads: the transaction, in which their account is.
            rows: all that come into the account, the oldest first.
            step: hears between a few rows and others how many are labelled; what it raises ends it.
        """
        coming = _Coming(rows, step)
        merchants, periods = coming.merchants, {}
        for at in range(0, len(merchants), _MERCHANTS_AT_ONCE):
            step(0)
            periods.update(_periods(reads, merchants[at : at + _MERCHANTS_AT_ONCE], coming))
        return _watched(self.evidence(reads, _known(periods)).labels, step)

    def evidence(self, reads: Reads, rhythms: _Rhythms | None = None) -> Evidence:
        """Return all that categories are decided from, as it stands in this transaction.

        Args:
            reads: the transaction.
            rhythms: tells how often rows' payments come; asked of the ledger by default.
        """
        known = reads.categorization
        accounts = reads.accounts()
        taught = known.taught_merchants()
        types = {one.plaid_account_id: one.type for one in accounts}

        told = rhythms or _looked_up(reads)

        def guess(rows: Sequence[BankTransaction]) -> Sequence[Label | None]:
            samples = [
                Sample(
                    (row.merchant_name, row.name, row.description),
                    row.amount_minor,
                    row.currency,
                    types.get(row.plaid_account_id),
                    rhythm,
                )
                for row, rhythm in zip(rows, told(rows), strict=True)
            ]
            return self._taught_model(taught).label(samples)

        return Evidence(
            model=guess,
            threshold=lambda: self._model().threshold,
            rules=RuleSet(known.rules()),
            lessons=lessons_of(taught),
            answers={
                (one.key, one.direction): _answer(one) for one in known.answers() if one.category
            },
            loans=frozenset(a.plaid_account_id for a in accounts if a.type == _LOAN),
            accounts={one.plaid_account_id: one.id.hex() for one in accounts},
            category_names={one.id: one.name for one in reads.categories()},
        )

    def conclude(self, writes: Writes, step: Callable[[int], object] = lambda _count: None) -> int:
        """Label what this transaction brought; returns how many questions were put.

        `step` is as in `newcomers`.
        """
        evidence = self.evidence(writes)
        anew = _watched(evidence.labels_anew, step)
        if not evidence.rules:
            return writes.conclude(anew)
        return writes.conclude(anew, _watched(evidence.labels, step), evidence.outcomes)

    def follow(self, writes: Writes, transaction_ids: Iterable[TransactionId]) -> int:
        """Decide anew over the merchants of rows that the person has just judged.

        Returns how many other rows changed.
        """
        merchants = writes.categorization.merchants_of(transaction_ids)
        if not merchants:
            return 0
        return writes.categorization.relabel(merchants, self.evidence(writes).labels_anew)

    def follow_into(
        self,
        writes: Writes,
        transaction_ids: Sequence[TransactionId],
        category_id: CategoryId | None,
    ) -> int:
        """Follow a choice; returns how many other rows came into its category."""
        known = writes.categorization
        merchants = known.merchants_of(transaction_ids)
        before = known.rows_in(merchants, category_id)
        self.follow(writes, transaction_ids)
        return max(known.rows_in(merchants, category_id) - before, 0)

    def relabel(
        self, writes: Writes, transaction_ids: Sequence[TransactionId], *, is_rough: bool = False
    ) -> None:
        """Decide anew over rows that left, came back or lost a label.

        Args:
            writes: the transaction.
            transaction_ids: the rows.
            is_rough: not all have come yet; how often a merchant's payments come is not looked at,
                and `relabel_later` is to follow.
        """
        evidence = self.evidence(writes, _known({}) if is_rough else None)
        writes.categorization.relabel_rows(transaction_ids, evidence.labels_anew)

    async def relabel_later(
        self, transaction_ids: Sequence[TransactionId], merchants: Collection[int]
    ) -> None:
        """Decide anew over rows in slices, each a transaction of its own, and each merchant once.

        Args:
            transaction_ids: the rows.
            merchants: theirs, which were put off.
        """
        seen = _Seen()
        for start in range(0, len(transaction_ids), _ROWS_AT_ONCE):
            some = transaction_ids[start : start + _ROWS_AT_ONCE]

            def work(writes: Writes, some: Sequence[TransactionId] = some) -> None:
                rhythms = _looked_up(writes, seen, _MOST_PAYMENTS // _NEWEST_PAYMENTS)
                labels = self.evidence(writes, rhythms).labels_anew
                writes.categorization.relabel_rows(some, labels)

            await self._database.write(work, actor=Actor.PERSON)
        await self._done(merchants)

    def merchants_of(
        self, writes: Writes, transaction_ids: Sequence[TransactionId], *, judged: bool = False
    ) -> list[int]:
        """Return the merchants of rows, or of those that the person had sorted."""
        return writes.categorization.merchants_of(transaction_ids, judged=judged)

    def are_few(self, writes: Writes, merchants: Collection[int]) -> bool:
        """Tell whether all rows of merchants can be decided over within a transaction."""
        return writes.categorization.are_few(merchants, _ROWS_AT_ONCE)

    def follow_merchants(self, writes: Writes, merchants: Collection[int]) -> None:
        """Decide anew over merchants' rows, within a transaction."""
        if merchants:
            labels = self.evidence(writes).labels_anew
            writes.categorization.relabel(sorted(merchants), labels)

    def are_put_off(self, reads: Reads) -> set[int]:
        """Return the merchants whose rows are still to be decided over."""
        return _put_off(reads)

    def put_off(self, writes: Writes, merchants: Collection[int]) -> None:
        """Note that merchants' rows are still to be decided over, whatever ends the program."""
        if merchants:
            noted = _put_off(writes).union(merchants)
            writes.put_setting(PUT_OFF, json.dumps(sorted(noted)))

    def settle(self, writes: Writes, merchants: Collection[int]) -> None:
        """Note that merchants are put off no longer."""
        noted = _put_off(writes)
        if not noted.isdisjoint(merchants):
            left = sorted(noted.difference(merchants))
            writes.put_setting(PUT_OFF, json.dumps(left) if left else None)

    async def catch_up(self) -> int:
        """Follow what was put off and then cut short; returns how many rows changed."""
        return await self.follow_later(await self._database.read(_put_off))

    async def follow_later(self, merchants: Collection[int]) -> int:
        """Decide anew over merchants' rows in slices, each a transaction of its own.

        Returns how many rows changed.
        """
        changed = 0
        for merchant in sorted(merchants):
            last: int | None = -1
            while last is not None:

                def work(
                    writes: Writes, merchant: int = merchant, start: int = last
                ) -> tuple[int, int | None]:
                    labels = self.evidence(writes).labels_anew
                    known = writes.categorization
                    return known.relabel_merchant(merchant, start, labels, _ROWS_AT_ONCE)

                (some, last), _ = await self._database.write(work, actor=Actor.PERSON)
                changed += some

        await self._done(merchants)
        return changed

    async def _done(self, merchants: Collection[int]) -> None:
        """Note that merchants are put off no longer."""
        if merchants:
            await self._database.write(
                lambda writes: self.settle(writes, merchants), actor=Actor.PERSON
            )

    async def answer(self, answers: Sequence[MerchantAnswer]) -> int:
        """Keep what a model said of merchants and label their rows; returns rows changed."""

        def work(writes: Writes) -> int:
            merchants = writes.categorization.put_answers(answers)
            return writes.categorization.relabel(merchants, self.evidence(writes).labels_anew)

        changed, _ = await self._database.write(work, actor=Actor.CATEGORIZER)
        return changed

    async def run(self, on_progress: Callable[[int], None] = lambda _done: None) -> int:
        """Decide over all rows again; returns how many changed.

        A transaction has a few thousand rows: what is stopped goes on by running again, and what
        was decided already is not changed.

        Args:
            on_progress: told how many rows have been looked at.
        """
        changed = done = 0
        last: int | None = -1
        while last is not None:
            start = last

            def work(writes: Writes, start: int = start) -> tuple[int, int | None]:
                labels = self.evidence(writes).labels_anew
                return writes.categorization.relabel_after(start, labels, _ROWS_A_TURN)

            (some, last), _ = await self._database.write(work, actor=Actor.CATEGORIZER)
            changed += some
            done += _ROWS_A_TURN
            on_progress(done)
        return changed

    def _taught_model(self, taught: list[TaughtMerchant]) -> OfflineModel:
        """Return the model with the person's lessons, made once as long as these are the same."""
        if self._learned is None or self._learned[0] != taught:
            base = self._model()
            examples = [(_lesson_sample(one), one.category) for one in taught[:_MOST_LESSONS]]
            model = base.with_lessons(base.learn(examples)) if examples else base
            self._learned = (taught, model)
        return self._learned[1]


def _put_off(reads: Reads) -> set[int]:
    return set(json.loads(reads.setting(PUT_OFF) or "[]"))


def _series_of(row: BankTransaction) -> _Series:
    key = merchant_of(row.merchant_name, row.name, row.description).key
    return key, row.plaid_account_id, row.currency, row.amount_minor < 0


def _watched(labeller: Labeller, step: Callable[[int], object]) -> Labeller:
    """Return what labels rows after `step` heard how many they are."""

    def labels(rows: Sequence[BankTransaction]) -> Sequence[Label | None]:
        step(len(rows))
        return labeller(rows)

    return labels


class _Seen:
    """How often payments come, of the merchants that were looked at."""

    def __init__(self) -> None:
        self.periods: dict[_Series, str] = {}
        self.merchants: set[str] = set()


def _looked_up(
    reads: Reads, seen: _Seen | None = None, at_once: int = _MERCHANTS_AT_ONCE
) -> _Rhythms:
    """Return what reads each merchant's payments when the first row of it is asked about.

    Args:
        reads: the transaction.
        seen: keeps what is read, for a transaction that follows.
        at_once: merchants whose payments are read together; of very many, some are left out.
    """
    known = seen or _Seen()

    def rhythms(rows: Sequence[BankTransaction]) -> list[str | None]:
        keys = [_series_of(row) for row in rows]
        fresh = sorted({key[0] for key in keys} - known.merchants)
        known.merchants.update(fresh)
        for start in range(0, len(fresh), at_once):
            known.periods.update(_periods(reads, fresh[start : start + at_once]))
        return [known.periods.get(key) for key in keys]

    return rhythms


def _known(periods: Mapping[_Series, str]) -> _Rhythms:
    """Return what knows all that there is."""

    def rhythms(rows: Sequence[BankTransaction]) -> list[str | None]:
        if not periods:
            return [None] * len(rows)
        return [periods.get(_series_of(row)) for row in rows]

    return rhythms


class _Coming:
    """The newest payments of each merchant among rows that are not in the ledger yet."""

    def __init__(self, rows: Sequence[BankTransaction], step: Callable[[int], object]) -> None:
        self._of: dict[str, list[Payment]] = {}
        for at, row in enumerate(reversed(rows)):
            if at % _ROWS_A_STEP == 0:
                step(0)
            key = merchant_of(row.merchant_name, row.name, row.description).key
            known = self._of.setdefault(key, [])
            if len(known) < _NEWEST_PAYMENTS:
                known.append(
                    Payment(
                        key, row.plaid_account_id, row.currency, row.posted_on, row.amount_minor
                    )
                )

    @property
    def merchants(self) -> list[str]:
        """Return whose they are."""
        return list(self._of)

    def among(self, payments: Iterable[Payment], keys: Iterable[str]) -> list[Payment]:
        """Return payments with those that come: the newest of each merchant."""
        of: dict[str, list[Payment]] = {key: [*self._of.get(key, ())] for key in keys}
        for one in payments:
            of[one.merchant].append(one)
        for some in of.values():
            some.sort(key=lambda one: one.day, reverse=True)
        return [one for some in of.values() for one in some[:_NEWEST_PAYMENTS]]


def _periods(
    reads: Reads, keys: Collection[str], coming: _Coming | None = None
) -> dict[_Series, str]:
    """Return how often payments of these merchants come, where they come again."""
    payments = reads.categorization.payments(keys, _MOST_PAYMENTS, _NEWEST_PAYMENTS)
    if coming is not None:
        payments = coming.among(payments, keys)
    return {
        (one.merchant, one.account, one.currency, one.amount_minor < 0): one.rhythm.value
        for one in recurring.find(payments)
    }


def _lesson_sample(taught: TaughtMerchant) -> Sample:
    """Return a merchant as an example; the size of its amounts is not known here."""
    return Sample(
        text=(taught.name, taught.name, None),
        amount_minor=-1 if taught.direction == "in" else 1,
        currency="",
    )


def _answer(one: MerchantAnswer) -> Answer:
    return Answer(one.category or "", one.confidence, one.reason)
