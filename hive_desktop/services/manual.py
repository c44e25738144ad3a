"""What the person keeps by hand: accounts without a bank, their balances and their rows.

A balance is what an account held at the end of a day, in the bank's sense: of a card or a loan,
what is owed. The opening balance is that of the day before the one that it is given for.
"""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from hive_desktop.domain.changes import Actor
from hive_desktop.domain.days import from_day, to_day
from hive_desktop.domain.ledger import BatchId, ItemState
from hive_desktop.domain.manual import FIRST_DAY, ManualAccount, RowFacts
from hive_desktop.domain.money import CURRENCIES, MOST_BY_HAND, minor_digits
from hive_desktop.domain.row_edits import LONGEST_NAME
from hive_desktop.ports.errors import UsageError
from hive_desktop.services import limits
from hive_desktop.services.accounts import check_free
from hive_desktop.services.one_batch import as_batch
from hive_desktop.services.splits import settle_account, settle_moved

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from hive_desktop.domain.ledger import Account, AccountId, TransactionId
    from hive_desktop.domain.manual import FactsChange
    from hive_desktop.domain.row_edits import RowEdit
    from hive_desktop.ports.storage import Database, Reads, Writes
    from hive_desktop.ports.system import Clock
    from hive_desktop.services.categorize import Categorizer

T = TypeVar("T")
_PAYEES = 2_000


class Added(NamedTuple):
    """A row that was added, and the batch that undoes it."""

    row_id: TransactionId
    batch: BatchId


class Opened(NamedTuple):
    """An account that was added, and the batch that undoes it."""

    account_id: AccountId
    batch: BatchId


class Manual:
    """What pages and commands ask of accounts that are kept by hand."""

    def __init__(self, database: Database, categorizer: Categorizer, clock: Clock) -> None:
        self._database = database
        self._categorizer = categorizer
        self._clock = clock

    async def accounts(self) -> list[Account]:
        """Return the accounts that are kept by hand."""
        return await self._database.read(
            lambda reads: [one for one in reads.accounts() if one.state is ItemState.MANUAL]
        )

    async def payees(self) -> list[str]:
        """Return names of merchants that rows name, by name, for completions."""
        return await self._database.read(lambda reads: reads.manual.payees(_PAYEES))

    async def facts_of(self, transaction_id: TransactionId) -> RowFacts | None:
        """Return the facts of a row that the person may change, or None for one of a bank."""
        return await self._database.read(lambda reads: reads.manual.facts_of(transaction_id))

    async def add_account(self, told: ManualAccount, opening_minor: int, on: date) -> Opened:
        """Add an account with what it held when a day began.

        Args:
            told: the account.
            opening_minor: in the bank's sense, minor units.
            on: the day; its rows move the balance already.

        Raises:
            UsageError: the name is empty, too long or taken, the currency is none, the balance is
                too large, or the day is after today or too long ago.
        """
        currency = _currency(told.currency)
        tidy = ManualAccount(
            _named(told.name, limits.LONGEST_ACCOUNT),
            told.kind,
            currency,
            limits.named(told.institution, limits.LONGEST_ACCOUNT),
        )
        _check_size(opening_minor, currency)
        before = to_day(self._checked(on) - timedelta(days=1))
        batch = BatchId(uuid.uuid4().bytes)

        def work(writes: Writes) -> AccountId:
            check_free(writes, tidy.name)
            account_id = writes.manual.add_account(tidy, batch)
            writes.manual.put_balance(account_id, before, opening_minor, batch)
            return account_id

        account_id, _ = await self._database.write(work, actor=Actor.PERSON)
        return Opened(account_id, batch)

    async def delete_account(self, account_id: AccountId) -> BatchId | None:
        """Take an account away with its rows, as one change to undo.

        Raises:
            UsageError: the account is a bank's.
        """
        later = set[int]()

        def work(writes: Writes, batch: BatchId) -> bool:
            _own(writes, account_id)
            ids = writes.manual.rows_of(account_id)
            is_done = writes.manual.delete_account(account_id, batch)
            settle_account(self._categorizer, writes, ids, later)
            return is_done

        batch = await as_batch(self._database, work)
        await self._categorizer.follow_later(later)
        return batch

    async def put_balance(self, account_id: AccountId, minor: int, on: date) -> BatchId | None:
        """Say what an account held at the end of a day; returns what undoes it.

        Raises:
            UsageError: the account is a bank's, the balance is too large, or the day is after
                today or too long ago.
        """
        day = to_day(self._checked(on))

        def work(writes: Writes, batch: BatchId) -> bool:
            _check_size(minor, _own(writes, account_id).currency)
            return writes.manual.put_balance(account_id, day, minor, batch)

        return await as_batch(self._database, work)

    async def add_row(
        self, account_id: AccountId, facts: RowFacts, told: RowEdit | None = None
    ) -> Added:
        """Add a row; it is labelled as any row, unless `told` has a category.

        Raises:
            UsageError: the account is a bank's, the name is empty, the amount is 0, or one of
                them, or a text of `told`, is too large.
        """
        tidy = self._checked_facts(facts)
        edit = None if told is None else limits.tidied(told)

        later = set[int]()

        def work(writes: Writes, batch: BatchId) -> TransactionId:
            _check_size(tidy.amount_minor, _own(writes, account_id).currency)
            row_id = writes.manual.add_row(account_id, tidy, batch)
            self._categorizer.conclude(writes)
            if edit:
                writes.edit([row_id], edit, batch)
            if edit and edit.has_category:
                settle_moved(self._categorizer, writes, [row_id], later)
            return row_id

        row_id, batch = await self._write(work)
        await self._categorizer.follow_later(later)
        return Added(row_id, batch)

    async def change_row(self, transaction_id: TransactionId, told: FactsChange) -> BatchId:
        """Give a row another day, amount or name; returns what undoes it.

        Raises:
            UsageError: the row is a bank's, or a part; or as of `add_row`.
        """
        later = set[int]()

        def work(writes: Writes, batch: BatchId) -> None:
            known = writes.manual.facts_of(transaction_id)
            if known is None:
                raise UsageError(
                    "Only rows that you wrote yourself can be changed so.",
                    hint="A bank's row keeps what the bank says; its name can be your own.",
                )
            news = RowFacts(
                known.day if told.day is None else to_day(self._checked(told.day)),
                known.amount_minor if told.amount_minor is None else told.amount_minor,
                known.name if told.name is None else told.name,
            )
            row = writes.transaction(transaction_id)
            if row is not None and told.amount_minor is not None:
                _check_size(news.amount_minor, row.currency)
            ids = [transaction_id]
            taught = self._categorizer.merchants_of(writes, ids, judged=True)
            writes.manual.change_row(transaction_id, self._checked_facts(news), batch)
            self._categorizer.conclude(writes)
            settle_moved(self._categorizer, writes, ids, later, also=taught)

        _, batch = await self._write(work)
        await self._categorizer.follow_later(later)
        return batch

    def _checked(self, day: date) -> date:
        if day < FIRST_DAY:
            raise UsageError("The day is too long ago.", hint="Give a day from 1970 on.")
        if day > self._clock.today():
            raise UsageError("The day is after today.", hint="Give today, or a day before it.")
        return day

    def _checked_facts(self, facts: RowFacts) -> RowFacts:
        self._checked(from_day(facts.day))
        if not facts.amount_minor:
            raise UsageError("The row has no amount.", hint="Give it one.")
        return RowFacts(facts.day, facts.amount_minor, _named(facts.name))

    async def _write(self, work: Callable[[Writes, BatchId], T]) -> tuple[T, BatchId]:
        batch = BatchId(uuid.uuid4().bytes)
        done, _ = await self._database.write(lambda writes: work(writes, batch), actor=Actor.PERSON)
        return done, batch


def _own(reads: Reads, account_id: AccountId) -> Account:
    found = next((one for one in reads.accounts() if one.id == account_id), None)
    if found is None:
        raise UsageError("The account has left the ledger.", hint="Choose another one.")
    if found.state is not ItemState.MANUAL:
        raise UsageError(
            "The account is a bank's, and the bank says what is in it.",
            hint="Add an account by hand for what no bank tells.",
        )
    return found


def _named(name: str, most: int = LONGEST_NAME) -> str:
    tidy = limits.named(name, most)
    if not tidy:
        raise UsageError("A name is missing.", hint="Type one.")
    return tidy


def _currency(text: str) -> str:
    code = text.strip().upper()
    if not code:
        raise UsageError("A currency is missing.", hint="Give its three letters, like EUR.")
    if code not in CURRENCIES:
        raise UsageError(
            "“{code}” is not a currency.", hint="Give its three letters, like EUR.", code=code
        )
    return code


def _check_size(minor: int, currency: str) -> None:
    if abs(minor) > MOST_BY_HAND:
        most = MOST_BY_HAND // 10 ** minor_digits(currency)
        raise UsageError(
            "The amount is too large: {most} {currency} is the most.",
            hint="Look whether the amount has a digit too many.",
            most=f"{most:,}",
            currency=currency,
        )
