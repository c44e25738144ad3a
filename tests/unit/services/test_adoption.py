"""What a new connection to a known bank continues, by rows in a real ledger."""

from dataclasses import replace
from datetime import timedelta

from hive_desktop.domain.ledger import ItemState, TransactionQuery
from hive_desktop.ports.bank import AccessToken
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
