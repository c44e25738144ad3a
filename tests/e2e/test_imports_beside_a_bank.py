"""Files beside a bank that tells the same: each purchase once, whoever comes first."""

from collections import Counter
from decimal import Decimal

import pytest

from hive_desktop import bootstrap
from hive_desktop.bootstrap import parts
from hive_desktop.demo import DemoPerson
from hive_desktop.domain.days import to_day
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.sandbox.bank import BankOptions, bulk_bank
from hive_desktop.sandbox.server import SandboxServer
from hive_desktop.services.bank_access import BankKeys
from hive_desktop.services.importing_targets import Target
from tests.e2e.crash.conftest import PASSPHRASE, TODAY
from tests.importing import ToldFiles, row, statement

ROWS = 90


class Beside:
    """A bank that serves, a session in front of it, and files that are told."""

    def __init__(self, folder, files, **options):
        self.folder, self.files = folder, files
        self.bank = bulk_bank(
            1, ROWS, today=TODAY, options=BankOptions(rate_limits=False, **options)
        )
        self.server = SandboxServer(self.bank)

    async def __aenter__(self):
        self.server.start()
        clock = bootstrap.clock_of(TODAY)
        store = bootstrap.vault_store(clock)
        keys, _ = store.create(self.folder / "vault", PASSPHRASE)
        self.session = await bootstrap.open_session(
            self.folder / "vault",
            keys,
            clock=clock,
            store=store,
            browser=DemoPerson(self.bank),
            poll_s=0.05,
        )
        options = self.bank.options
        await self.session.bank.configure(
            BankKeys(self.server.url, options.client_id, options.secret)
        )
        await self.session.linking.connect()
        return self

    async def __aexit__(self, *_):
        await self.session.close()
        self.server.stop()

    async def sync(self):
        (result,) = await self.session.sync.sync()
        assert result.error is None
        return result

    def told(self, account, wanted=lambda _one: True):
        """The bank's rows of an account as its files tell them, in other words."""
        found = [
            one
            for one in self.bank.rows()
            if one["account_id"] == account.plaid_account_id and not one["removed"]
        ]
        return [
            row(
                to_day(one["date"]),
                int(Decimal(one["amount"]) * 100),
                f"POS {one['name'].upper()} 0042",
                currency=one["currency"],
                line=at,
            )
            for at, one in enumerate(sorted(found, key=lambda one: one["date"]))
            if not one["pending"] and wanted(one)
        ]

    async def take(self, account, rows, name="a.ofx"):
        path = self.files.put(self.folder / name, statement(rows))
        source = await self.session.importing.open(path)
        preview = await self.session.importing.preview([source], [[Target(account.id)]])
        return await self.session.importing.commit(preview)

    async def stands(self, account):
        """Day and amount of each row of an account."""
        found = await self.session.ledger.page(TransactionQuery(accounts=(account.id,)))
        return Counter((one.posted_on, one.amount_minor) for one in found)

    def truth(self, account):
        return Counter(
            (one["date"], int(Decimal(one["amount"]) * 100))
            for one in self.bank.rows()
            if one["account_id"] == account.plaid_account_id and not one["removed"]
        )

    async def account(self):
        counts = Counter(one["account_id"] for one in self.bank.rows())
        busiest = counts.most_common(1)[0][0]
        every = await self.session.ledger.accounts()
        return next(one for one in every if one.plaid_account_id == busiest)


@pytest.fixture
def files(monkeypatch):
    told = ToldFiles()
    monkeypatch.setattr(parts, "file_reader", lambda: told)
    return told


def test_older_history_is_imported_and_then_told_by_the_bank(tmp_path, files):
    async def work():
        async with Beside(tmp_path, files, history_after=3600.0) as beside:
            await beside.sync()
            account = await beside.account()
            first = await beside.stands(account)
            assert sum(first.values()) < sum(beside.truth(account).values())
            rows = beside.told(account)
            done = await beside.take(account, rows)
            assert done.counts.new == len(rows) - sum(first.values())
            assert done.counts.doubtful == 0
            assert await beside.stands(account) == beside.truth(account)
            beside.bank.advance()
            await beside.sync()
            assert await beside.stands(account) == beside.truth(account)
            assert await beside.session.reviews.count() == 0
            # What the bank has told since is the bank's: an undo of the import leaves it.
            await beside.session.ledger.undo(done.batch)
            assert await beside.stands(account) == beside.truth(account)

    bootstrap.run_async(work())


def test_an_overlap_adds_what_is_missing_and_the_next_sync_nothing(tmp_path, files):
    async def work():
        async with Beside(tmp_path, files) as beside:
            await beside.sync()
            account = await beside.account()
            before = await beside.stands(account)
            assert before == beside.truth(account)
            older = [row(to_day(TODAY) - 3000 + at, 777 + at, f"Old shop {at}") for at in range(3)]
            overlap = beside.told(account)[-20:]
            done = await beside.take(account, [*older, *overlap])
            assert (done.counts.new, done.counts.matched) == (3, len(overlap))
            (item,) = beside.bank.state()["items"]
            missing = beside.bank.add_transaction(
                "41.50", "Corner Bistro", item=item["item_id"], account_id=account.plaid_account_id
            )
            news = beside.told(account, lambda one: one["transaction_id"] == missing)
            assert len(news) == 1
            early = await beside.take(account, news, "b.ofx")
            assert early.counts.new == 1
            await beside.sync()
            stands = await beside.stands(account)
            assert sum(stands.values()) == sum(beside.truth(account).values()) + 3
            assert stands - beside.truth(account) == Counter(
                (one.posted_on, one.amount_minor)
                for one in await beside.session.ledger.page(TransactionQuery(text="old"))
            )
            await beside.sync()
            told = await beside.session.database.read(lambda reads: reads.proofs.disagreeing())
            assert told == []

    bootstrap.run_async(work())
