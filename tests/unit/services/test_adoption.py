"""What a new connection continues of what is known, by rows in a real ledger."""

from dataclasses import replace
from datetime import timedelta

import pytest

from hive_desktop.domain.days import to_day
from hive_desktop.domain.ledger import ItemState, TransactionQuery
from hive_desktop.domain.manual import RowFacts
from hive_desktop.domain.row_edits import RowEdit
from hive_desktop.domain.splits import Part
from hive_desktop.domain.statements import FileAccount
from hive_desktop.ports.bank import AccessToken
from hive_desktop.ports.import_store import ImportEffects
from hive_desktop.services.account_traits import traits_of_filled
from hive_desktop.services.importing_targets import is_made_up
from tests.unit.services.world import TODAY, account, page, row

YEARS = 730


def rows_of(key, days, prefix=""):
    """Return one row for each of these days back from today, the same for whatever prefix."""
    return [
        row(
            f"{prefix}{key}{n}",
            1_000 * len(key) + n,
            TODAY - timedelta(days=n),
            account=f"{prefix}{key}",
            name=f"{key} {n}",
        )
        for n in days
    ]


async def link(world, name, accounts, rows):
    """Add a connection to the one institution, with what its bank gives."""
    script = world.bank.add(name)
    script.accounts, script.pages = accounts, {"": page(rows)}
    token = AccessToken(f"token-{name}")
    return await world.write(lambda w: w.add_item(f"item-{name}", token, "ins_1", "First Bank"))


def named(key, mask):
    return replace(account(key), name=key.removeprefix("new-").title(), mask=mask)


def test_a_long_link_of_one_account_does_not_speak_against_a_short_one_of_another(vault):
    async def work(world):
        # Savings were linked for three months two years ago, checking ever since.
        savings_days, checking_days = range(0, YEARS, 3), range(YEARS)
        savings = await link(
            world, "old", [named("savings", "1111")], rows_of("savings", savings_days[-30:])
        )
        await link(world, "live", [named("checking", "2222")], rows_of("checking", checking_days))
        await world.session.sync.sync()
        await world.session.linking.disconnect(savings, keep_history=True)
        new = await link(
            world,
            "new",
            [named("new-savings", "1111"), named("new-checking", "2222")],
            rows_of("savings", savings_days, "new-") + rows_of("checking", checking_days, "new-"),
        )
        await world.set_health(new, state=ItemState.AWAITING)
        preview = await world.session.adoption.preview(new)
        assert {one.name: one.reasons[-1] for one in preview.accounts} == {
            "Savings": "30 of 30 rows are the same",
            "Checking": "730 of 730 rows are the same",
        }
        assert preview.new_accounts == ()
        assert (preview.matched, preview.new) == (760, 214)
        await world.session.adoption.adopt(new)
        assert await world.session.ledger.count(TransactionQuery()) == 760 + 214

    vault.run(work)


async def filled(world, folder, days, name="Household"):
    """Fill an account of the person's from a file; returns its rows by day back from today."""
    importing, file = world.session.importing, folder / "all.csv"
    lines = (f"{TODAY - timedelta(days=n)},Shop {n},-{(5_000 + n) / 100:.2f}" for n in days)
    file.write_text("\n".join(["Date,Description,Amount", *lines]) + "\n")
    source = await importing.open(file, currency="USD")
    (target,) = (await importing.suggested([source], is_new=True))[0]
    new = importing.named(target.new, name, "USD")
    preview = await importing.preview([source], [[target._replace(new=new)]])
    await importing.commit(preview)
    (found,) = [one for one in await world.session.ledger.accounts() if one.name == new.name]
    rows = await world.session.ledger.page(TransactionQuery(accounts=(found.id,)))
    assert len(rows) == len(days)
    return found.id, {(TODAY - one.posted_on).days: one for one in rows}


def test_an_account_that_files_filled_goes_on_as_the_banks_with_each_row_once(vault, tmp_path):
    async def work(world):
        session, ledger = world.session, world.session.ledger
        account_id, files = await filled(world, tmp_path, range(0, 60, 3))
        typed = await ledger.manual.add_row(
            account_id, RowFacts(to_day(TODAY - timedelta(days=4)), 777, "Flea market")
        )
        await ledger.edit([files[3].id, files[57].id], RowEdit(note="mine"))
        await ledger.delete([files[6].id])
        await ledger.splits.divide(files[9].id, [Part(2_000, None), Part(3_009, None)])
        before = {one.id for one in await ledger.page(TransactionQuery())}
        # The bank tells thirty days in other letters, the typed row too, and one that is new.
        bank = [
            row(f"b{n}", 5_000 + n, TODAY - timedelta(days=n), account="giro", name=f"SHOP {n}")
            for n in range(0, 31, 3)
        ]
        bank.append(row("b4", 777, TODAY - timedelta(days=4), account="giro", name="FLEA MARKET"))
        bank.append(row("new", 4_242, TODAY, account="giro", name="Bakery"))
        new = await link(world, "giro", [replace(account("giro"), name="Giro")], bank)
        await world.set_health(new, state=ItemState.AWAITING)
        preview = await session.adoption.preview(new)
        assert [(one.name, one.is_by_hand) for one in preview.accounts] == [("Giro", True)]
        assert (preview.matched, preview.new, preview.doubtful) == (12, 1, 0)
        assert (preview.left_accounts, preview.ends_old) == ((), False)
        await session.adoption.adopt(new)

        async def check():
            rows = await ledger.page(TransactionQuery())
            assert sorted(one.amount_minor for one in rows) == sorted(
                [5_000 + n for n in range(0, 60, 3) if n not in (6, 9)] + [2_000, 3_009, 777, 4_242]
            )
            assert {one.id for one in rows} >= before
            notes = {one.id for one in rows if one.note == "mine"}
            assert notes == {files[3].id, files[57].id}
            (own,) = await ledger.accounts()
            assert (own.id, own.item_id, own.state) == (account_id, new, ItemState.HEALTHY)
            assert (own.name, own.bank_name) == ("Household", "Giro")

        await check()
        await session.sync.sync()  # which tells nothing twice
        await check()
        (past,) = await session.importing.past.newest()
        # The bank has told eleven of twenty, one of them deleted; the account is its own now.
        assert await session.importing.past.effects(past.batch) == ImportEffects(9, 10, ())
        while await ledger.last_change() is not None:
            await ledger.undo()
        # What the bank has told stays: the account, its rows, and the typed one.
        (own,) = await ledger.accounts()
        assert own.id == account_id
        left = await ledger.page(TransactionQuery())
        assert sorted(one.amount_minor for one in left) == sorted(one.amount_minor for one in bank)
        assert typed.row_id in {one.id for one in left}

    vault.run(work)


def test_a_name_that_nobody_gave_gives_way_to_the_banks(vault, tmp_path):
    async def work(world):
        await filled(world, tmp_path, range(20), name=None)
        (own,) = await world.session.ledger.accounts()
        assert own.name == "all"
        bank = [row(f"b{n}", 5_000 + n, TODAY - timedelta(days=n)) for n in range(20)]
        new = await link(world, "giro", [replace(account("checking"), name="Giro")], bank)
        await world.set_health(new, state=ItemState.AWAITING)
        assert await world.session.adoption.preview(new) is not None
        await world.session.adoption.adopt(new)
        (own,) = await world.session.ledger.accounts()
        assert (own.name, own.item_id) == ("Giro", new)

    vault.run(work)


@pytest.mark.parametrize(
    ("name", "is_so"),
    [
        ("My Bank ··1234", True),
        ("My Bank ··1234 2", True),
        ("My Bank ··1234 x", False),
        ("My Bank ··1234 2024", False),
        ("My Bank ··1234 02", False),
        ("My Bank", False),
        ("Household", False),
    ],
)
def test_names_that_imports_make_up_are_known_again(name, is_so):
    told = FileAccount(number="99001234", bank="My Bank")
    assert is_made_up(name, told, "statement.ofx") is is_so
    named = FileAccount(number="99001234", name="My Bank")
    assert is_made_up(name, named, "statement.ofx") is (is_so or name == "My Bank")


def test_digits_of_a_file_say_something_where_rows_are_the_same_too():
    own = [replace(account("own"), mask="3000"), replace(account("other"), mask="1111")]
    new = [replace(account("new"), mask="1111"), replace(account("next"), mask=None)]

    def masks(shared):
        return [one.mask for one in traits_of_filled(own, new, shared)]

    assert masks({("other", "new"): 2, ("own", "new"): 2}) == [None, "1111"]
    assert masks({("other", "new"): 0, ("other", "next"): 3}) == [None, None]


def test_a_bank_without_those_rows_is_one_more_bank(vault, tmp_path):
    async def work(world):
        account_id, _ = await filled(world, tmp_path, range(5))
        others = [row(f"b{n}", 90_000 + n, TODAY - timedelta(days=n)) for n in range(9)]
        new = await link(world, "other", [replace(account("checking"), mask="9")], others)
        await world.set_health(new, state=ItemState.AWAITING)
        assert await world.session.adoption.preview(new) is None
        await world.session.sync.sync()
        assert await world.session.ledger.count(TransactionQuery()) == 5 + 9
        assert await world.session.ledger.count(TransactionQuery(accounts=(account_id,))) == 5

    vault.run(work)
