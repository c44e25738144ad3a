"""Pages that came while the vault was locked stand for the bank, where they fit."""

import asyncio

import pytest

from hive_desktop.domain.ledger import ItemState, TransactionQuery
from hive_desktop.ports.bank import AccessToken
from hive_desktop.ports.errors import BankRetryError
from hive_desktop.services.kept_pages import KeptPages
from tests.unit.services.world import account, page, row

TOKEN = AccessToken("token-a")


class Chain:
    """Two pages; what its bodies say is in `Reader`."""

    def __init__(self, starts_at=""):
        self.starts_at = starts_at
        self.is_gone = False

    def __len__(self):
        return 2

    def page(self, place):
        if self.is_gone:
            raise BankRetryError(code="INBOX_CHANGED")
        return b"page %d" % place

    def accounts(self):
        return b"accounts"

    def item(self):
        return b"item"


class Reader:
    """Makes values of such bodies."""

    def __init__(self, starts_at=""):
        mine = {"account": "a-checking"}
        self.pages = {
            b"page 0": page([row("k1", **mine)], cursor=f"{starts_at}1", has_more=False),
            b"page 1": page([row("k2", **mine)], cursor=f"{starts_at}2", has_more=True),
        }

    def sync_page(self, body):
        return self.pages[body]

    def accounts(self, body):
        assert body == b"accounts"
        return [account("a-checking")]

    def item(self, body):
        assert body == b"item"


def kept(starts_at=""):
    chain = Chain(starts_at)
    return KeptPages(chain, Reader(starts_at)), chain


def test_syncs_of_before_are_one_and_can_be_read_again():
    async def work():
        pages, _ = kept()
        for _ in range(2):
            first = await pages.sync_page(TOKEN, "")
            second = await pages.sync_page(TOKEN, "1")
            assert (first.next_cursor, first.has_more) == ("1", True)
            assert (second.next_cursor, second.has_more) == ("2", False)

    asyncio.run(work())


@pytest.mark.parametrize("cursor", ["1", "2", "else"])
def test_they_are_read_in_their_order_or_not_at_all(cursor):
    async def work():
        pages, _ = kept()
        with pytest.raises(BankRetryError):
            await pages.sync_page(TOKEN, cursor)

    asyncio.run(work())


async def names(world):
    rows = await world.session.ledger.page(TransactionQuery(), limit=10)
    return sorted(one.name for one in rows)


def test_a_sync_takes_them_in_place_of_the_bank(vault):
    async def work(world):
        ((item_id, script),) = (await world.link("a")).values()
        script.pages[""] = page([row("k1", account="a-checking")], cursor="live")
        pages, _ = kept()
        (result,) = await world.session.sync.sync(items=[item_id], kept={item_id: pages})
        assert (result.error, result.added) == (None, 2)
        assert script.calls == []
        assert len(await names(world)) == 2
        await world.session.sync.sync()
        assert script.calls == ["2"]

    vault.run(work)


@pytest.mark.parametrize("fault", ["elsewhere", "gone"])
def test_where_they_do_not_fit_the_bank_is_asked(vault, fault):
    async def work(world):
        ((item_id, script),) = (await world.link("a")).values()
        script.pages[""] = page([row("live", account="a-checking")], cursor="live")
        pages, chain = kept("elsewhere" if fault == "elsewhere" else "")
        chain.is_gone = fault == "gone"
        (result,) = await world.session.sync.sync(items=[item_id], kept={item_id: pages})
        assert (result.error, result.added) == (None, 1)
        assert script.calls == [""]
        assert await world.states() == {"a": "healthy"}

    vault.run(work)


def test_a_person_s_sync_comes_after_it(vault):
    async def work(world):
        ((item_id, script),) = (await world.link("a")).values()
        pages, _ = kept()
        took, asked = await asyncio.gather(
            world.session.sync.sync(items=[item_id], kept={item_id: pages}),
            world.session.sync.sync(),
        )
        assert (took[0].added, asked[0].added) == (2, 0)
        assert script.calls == ["2"]
        assert len(await world.runs()) == 2

    vault.run(work)


def test_a_bank_that_waits_is_no_reason_to_leave_them(vault):
    async def work(world):
        ((item_id, script),) = (await world.link("a")).values()
        later = world.clock.now().replace(hour=20)
        await world.set_health(item_id, state=ItemState.RATE_LIMITED, until=later)
        pages, _ = kept()
        (result,) = await world.session.sync.sync(
            items=[item_id], kept={item_id: pages}, by_person=False
        )
        assert result.added == 2
        assert script.calls == []
        assert await world.states() == {"a": "rate_limited"}

    vault.run(work)
