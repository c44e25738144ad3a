"""What a person says of their accounts: names, order, and which of them lists and figures show.

Each change is one batch of the edit log. A hidden account is left out of lists and of net worth;
its rows stay where they are and count: to hide spending is a rule's work, or the person's on rows.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from hive_desktop.ports.account_store import AccountChoice
from hive_desktop.ports.errors import UsageError
from hive_desktop.services import limits
from hive_desktop.services.net_worth import worth_at
from hive_desktop.services.one_batch import as_batch

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from hive_desktop.domain.ledger import AccountId, BatchId
    from hive_desktop.ports.storage import Database, Reads, Writes

_COURSE_STEP, _COURSE_POINTS = 7, 14


class AccountService:
    """What pages and commands say of accounts. What they ask of them is the ledger's."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def rename(self, account_id: AccountId, name: str) -> BatchId | None:
        """Give an account a name of the person's own; an empty one gives it the bank's again.

        Returns the batch that undoes it, as all that follow here; None where nothing changed.

        Raises:
            UsageError: the name is too long, or another account has it.
        """
        tidy = limits.named(name, limits.LONGEST_ACCOUNT)

        def work(writes: Writes, batch: BatchId) -> bool:
            bank = {one.id: one.bank_name for one in writes.accounts()}
            own = "" if tidy == bank.get(account_id) else tidy
            if own:
                check_free(writes, own, account_id)
            return writes.choices.change_account(account_id, AccountChoice(name=own), batch)

        return await as_batch(self._database, work)

    async def set_hidden(self, account_id: AccountId, *, hidden: bool) -> BatchId | None:
        """Leave an account out of lists and of net worth, or show it again."""
        return await self._change(account_id, AccountChoice(is_hidden=hidden))

    async def set_in_net_worth(self, account_id: AccountId, *, counts: bool) -> BatchId | None:
        """Let an account count in net worth, or not."""
        return await self._change(account_id, AccountChoice(in_net_worth=counts))

    async def order(self, account_ids: Sequence[AccountId]) -> BatchId | None:
        """Show accounts in this order, within their banks; those not named come after."""
        return await as_batch(
            self._database, lambda writes, batch: writes.choices.order_accounts(account_ids, batch)
        )

    async def courses(self, until: date) -> dict[AccountId, tuple[int, ...]]:
        """Return what each account was worth at the ends of the last weeks, oldest first.

        Minor units, debts negative, the last value of the day `until`. Weeks before the first of
        which anything is known are left out; so are accounts of which no balance is known.
        """
        days = [
            until - timedelta(days=_COURSE_STEP * back) for back in reversed(range(_COURSE_POINTS))
        ]

        def work(reads: Reads) -> dict[AccountId, tuple[int, ...]]:
            known = {one.id: one for one in reads.accounts()}
            history = reads.history_span()
            asked = [day for day in days if history is None or day >= history.start] or days[-1:]
            found: defaultdict[AccountId, list[int]] = defaultdict(list)
            held_here = (one for one in reads.reports.holdings(asked) if one.account_id in known)
            for held in held_here:
                found[held.account_id].append(worth_at(known[held.account_id], held))
            return {key: tuple(values) for key, values in found.items()}

        return await self._database.read(work)

    async def _change(self, account_id: AccountId, choice: AccountChoice) -> BatchId | None:
        return await as_batch(
            self._database,
            lambda writes, batch: writes.choices.change_account(account_id, choice, batch),
        )


def check_free(reads: Reads, name: str, own: AccountId | None = None) -> None:
    """Refuse a name that another account than `own` has; raises UsageError."""
    wanted = name.casefold()
    for one in reads.accounts():
        if one.id != own and one.name.casefold() == wanted:
            raise UsageError(
                "There is an account “{name}” already.",
                title="That name is taken",
                hint="Choose another name, or rename the other account first.",
                name=one.name,
            )
