"""A sync of twenty changes on a million-row vault, against the same one on a thousand-row vault.

Both are real: two items of one bank in another process, read over HTTP, decoded, reconciled,
written and labelled. Most of the vault's rows were put straight into storage, into the accounts of
the bank's item; the rest came by a first sync, and it is those that the bank changes later. The
floor is the thousand-row vault: what a sync costs by its changes alone. Vaults take turns, the
bank's changes are made outside of the clock, and medians are compared.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from hive_desktop import bootstrap
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.sandbox.options import BankOptions
from hive_desktop.services.bank_access import BankKeys
from tests.bench.bank import CONTROL, bulk_bank_process
from tests.bench.bulk_vault import MERCHANTS, BulkItem, make_vault
from tests.bench.result import Result

if TYPE_CHECKING:
    from hive_desktop.services.session import VaultSession

FEW, MANY = 1_000, 1_000_000
AT_BANK = 600  # of either vault's rows
TURNS, WARM_UPS = 11, 2
ADDED, MODIFIED, REMOVED, POSTED = 12, 5, 2, 1
STANDING_PENDINGS = 4
BOUND = 1.3


def measure(few: int = FEW, many: int = MANY) -> list[Result]:
    with bulk_bank_process(2, AT_BANK) as url, tempfile.TemporaryDirectory() as folder:
        vaults = [_Vault(url, place, Path(folder), rows) for place, rows in enumerate((few, many))]
        bootstrap.run_async(_take_turns(vaults))
    floor, value = (statistics.median(vault.seconds) for vault in vaults)
    note = (
        f"{ADDED + MODIFIED + REMOVED + POSTED} changes on {many:,} rows against {few:,}, "
        f"median of {TURNS} turns; slowest {max(vaults[1].seconds):.3f} against "
        f"{max(vaults[0].seconds):.3f} s, fastest {min(vaults[1].seconds):.3f} against "
        f"{min(vaults[0].seconds):.3f} s"
    )
    return [Result("incremental", value, "s", floor, BOUND, note)]


async def _take_turns(vaults: list[_Vault]) -> None:
    async with AsyncExitStack() as stack:
        for vault in vaults:
            await vault.open(stack)
        for turn in range(WARM_UPS + TURNS):
            order = vaults if turn % 2 else vaults[::-1]
            for vault in order:
                await vault.turn(is_counted=turn >= WARM_UPS)


@dataclass(slots=True)
class _RemoteItem:
    """An item at the bank, changed through the control API."""

    url: str
    place: int
    known: BulkItem = field(init=False)
    today: date = field(init=False)
    pending: str = ""
    rows: list[str] = field(default_factory=list)
    dice: random.Random = field(default_factory=lambda: random.Random(11))

    def link(self) -> None:
        """Link without Link; keeps the ids of accounts and rows."""
        state = self._get("state")
        self.today = date.fromisoformat(state["today"])
        institution = state["institution_ids"][self.place]
        public = self._post("/control/link", institution_id=institution)["public_token"]
        said = self._post("/item/public_token/exchange", public_token=public)
        token = said["access_token"]
        accounts = self._post("/accounts/get", access_token=token)["accounts"]
        keys = [account["account_id"] for account in accounts]
        self.known = BulkItem(said["item_id"], token, institution, "Bulk Bank", keys)
        self.rows = [row["transaction_id"] for row in self._rows() if not row["pending"]]
        self.dice.shuffle(self.rows)
        for _ in range(STANDING_PENDINGS):
            self._add(pending=True)
        self.pending = self._add(pending=True)

    def change(self) -> None:
        """Let twenty things happen; one of what is added is pending, and posts the next time."""
        tip = round(self.dice.uniform(20, 30), 2)
        self._control("post_pending", transaction_id=self.pending, amount=tip)
        for _ in range(ADDED - 1):
            self._add()
        self.pending = self._add(pending=True)
        for _ in range(MODIFIED):
            amount = round(self.dice.uniform(5, 90), 2)
            self._control("modify", transaction_id=self.rows.pop(), amount=amount)
        for _ in range(REMOVED):
            self._control("remove", transaction_id=self.rows.pop())

    def _add(self, *, pending: bool = False) -> str:
        name, category, low, high = MERCHANTS[self.dice.randrange(len(MERCHANTS))]
        added = self._control(
            "add_transaction",
            account_id=self.dice.choice(self.known.account_ids),
            amount=self.dice.randrange(low, high) / 100,
            description=f"{name.upper()} {self.dice.randrange(977)}",
            category=category,
            pending=pending,
        )
        return added["transaction_id"]

    def _rows(self) -> list[dict[str, Any]]:
        return [r for r in self._get("rows") if r["item_id"] == self.known.plaid_item_id]

    def _control(self, name: str, **body: Any) -> dict[str, Any]:
        return self._post(f"/control/{name}", **body)

    def _get(self, name: str) -> Any:
        answer = httpx.get(f"{self.url}/control/{name}", headers=CONTROL, timeout=60)
        answer.raise_for_status()
        return answer.json()

    def _post(self, path: str, **body: Any) -> dict[str, Any]:
        options = BankOptions()
        keys = {"PLAID-CLIENT-ID": options.client_id, "PLAID-SECRET": options.secret}
        answer = httpx.post(self.url + path, json=body, headers=CONTROL | keys, timeout=60)
        assert answer.is_success, answer.text
        return answer.json()


class _Vault:
    """A vault of so many rows whose item is one of the bank's."""

    def __init__(self, url: str, place: int, parent: Path, rows: int) -> None:
        self.seconds: list[float] = []
        self._remote = _RemoteItem(url, place)
        self._remote.link()
        self._folder = parent / f"vault{rows}"
        self._rows = rows
        self._keys = make_vault(
            self._folder, rows - AT_BANK, today=self._remote.today, item=self._remote.known
        )
        self._session: VaultSession

    async def open(self, stack: AsyncExitStack) -> None:
        """Open the session and read, by a first sync, what the bank has itself."""
        clock = bootstrap.clock_of(self._remote.today)
        store = bootstrap.vault_store(clock)
        self._session = await bootstrap.open_session(
            self._folder, self._keys, clock=clock, store=store
        )
        stack.push_async_callback(self._session.close)
        options = BankOptions()
        await self._session.bank.configure(
            BankKeys(self._remote.url, options.client_id, options.secret)
        )
        (first,) = await self._session.sync.sync()
        assert first.error is None, first
        assert first.added == AT_BANK + STANDING_PENDINGS + 1, first

    async def turn(self, *, is_counted: bool) -> None:
        before = await self._session.ledger.count(TransactionQuery())
        self._remote.change()
        started = time.perf_counter()
        (result,) = await self._session.sync.sync()
        seconds = time.perf_counter() - started
        assert result.error is None, result
        # The pending row's posting changes the row that stands for the payment already.
        assert result.added == ADDED, result
        assert result.removed == REMOVED, result
        assert result.modified == MODIFIED + POSTED, result
        after = await self._session.ledger.count(TransactionQuery())
        assert after == before + ADDED - REMOVED, (before, after)
        if is_counted:
            self.seconds.append(seconds)
