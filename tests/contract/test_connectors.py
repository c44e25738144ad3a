"""One conformance suite for every way to a bank: the whole life of a connection.

By the person's own keys, through a relay in this process, and through a relay that is a process of
its own; each before the simulated bank over HTTP.
"""

import asyncio
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

import pytest

from hive_desktop.adapters.bank.plaid_direct import PlaidDirect
from hive_desktop.adapters.system import FrozenClock, LoopbackCompletionPage
from hive_desktop.domain.days import to_day
from hive_desktop.domain.money import to_minor
from hive_desktop.ports.bank import AccessToken
from hive_desktop.ports.errors import (
    BankConfigError,
    BankGoneError,
    BankRateLimitError,
    BankRelinkError,
    BankRetryError,
    CursorLostError,
    LinkError,
    PaginationMutatedError,
)
from hive_desktop.sandbox.bank import BankOptions, household_bank
from hive_desktop.sandbox.server import SandboxServer
from tests.contract import ways
from tests.ports import free_port

TODAY = date(2026, 11, 20)
SEEDS = count(11)


@pytest.fixture(scope="module")
def port():
    """Where the bank of each test listens, one after the other."""
    return free_port()


@pytest.fixture(scope="module")
def relay_url(port, tmp_path_factory):
    """A relay process for all tests: whose bank it calls is whichever listens there."""
    folder = tmp_path_factory.mktemp("relay")
    with ways.relay_process(f"http://127.0.0.1:{port}", folder) as url:
        yield url


@pytest.fixture
def bank():
    # Another seed for each test: one relay serves them all, and no two items have one id.
    return household_bank(seed=next(SEEDS), today=TODAY, options=BankOptions(webhook_retries=()))


@pytest.fixture
def server(bank, port):
    with SandboxServer(bank, port=port) as running:
        yield running


@pytest.fixture(params=["direct", "relay in process", "relay over sockets"])
def way(request, server, tmp_path, monkeypatch):
    if request.param == "direct":
        made = ways.direct(server.url, TODAY, tmp_path)
    elif request.param == "relay over sockets":
        made = ways.signed_up(request.getfixturevalue("relay_url"), TODAY)
    else:
        client = request.getfixturevalue("relay_client")
        ways.carry_here(monkeypatch, client)
        made = ways.signed_up("https://relay.example.org", TODAY)
    yield made
    asyncio.run(made.close())


@pytest.fixture
def relay_client(server, tmp_path):
    with ways.relay_here(server.url, tmp_path) as client:
        yield client


async def linked_item(bank, way, place=0):
    start = await way.begin_link(completion_url=None)
    bank.complete_link(start.url.rsplit("/", 1)[-1], bank.institution_ids[place])
    (chosen,) = (await way.poll_link(start.link_token)).banks
    return await way.exchange(chosen.public_token, bytes([place]))


async def linked(bank, way, place=0):
    return (await linked_item(bank, way, place)).token


async def all_pages(way, token, cursor=""):
    pages = []
    while not pages or pages[-1].has_more:
        pages.append(await way.sync_page(token, cursor))
        cursor = pages[-1].next_cursor
    return pages


def truth(bank, item_id):
    """The bank's own rows as (id, account, day, minor units, currency, pending)."""
    return Counter(
        (
            row["transaction_id"],
            row["account_id"],
            to_day(date.fromisoformat(str(row["date"]))),
            to_minor(Decimal(str(row["amount"])), row["currency"]),
            row["currency"],
            row["pending"],
        )
        for row in bank.rows(item_id)
        if row["published"] and not row["removed"]
    )


def seen(rows):
    return Counter(
        (r.plaid_id, r.plaid_account_id, r.posted_on, r.amount_minor, r.currency, r.pending)
        for r in rows
    )


def test_linking_a_bank(bank, way):
    async def main():
        page = await LoopbackCompletionPage.start()
        try:
            start = await way.begin_link(completion_url=page.url)
            assert start.url.startswith("http://127.0.0.1")
            assert start.expires_at is not None
            assert not (await way.poll_link(start.link_token)).is_finished
            bank.complete_link(start.url.rsplit("/", 1)[-1], bank.institution_ids[0])
            outcome = await way.poll_link(start.link_token)
        finally:
            await page.close()
        assert outcome.is_finished
        (chosen,) = outcome.banks
        assert chosen.institution_id == bank.institution_ids[0]
        assert chosen.institution

        item = await way.exchange(chosen.public_token, b"one")
        assert await way.exchange(chosen.public_token, b"one") == item
        info = await way.item(item.token)
        assert info.plaid_item_id == item.plaid_item_id
        assert info.institution_id == chosen.institution_id
        assert info.error_code is None
        await way.remove(item.token)
        with pytest.raises(BankGoneError):
            await way.accounts(item.token)

    asyncio.run(main())
    sent = way.drain_egress()
    assert len({record.host for record in sent}) == 1
    assert all(record.purpose[0].isupper() for record in sent)
    bodies = "".join(record.body for record in sent)
    assert not any(mark in bodies for mark in ("access-", "public-", "link-"))


def test_accounts_with_both_kinds_of_balances(bank, way):
    async def main():
        found = []
        for place in range(len(bank.institution_ids)):
            token = await linked(bank, way, place)
            found += await way.accounts(token)
            assert await way.balances(token)
        assert len(found) == 8
        assert {"USD", "EUR"} <= {account.currency for account in found}
        for account in found:
            assert account.current_minor is not None or account.available_minor is not None

    asyncio.run(main())


def test_every_row_arrives_once_by_sync_and_by_window(bank, way):
    async def main():
        item = await linked_item(bank, way)
        token = item.token
        pages = await all_pages(way, token)
        rows = [row for page in pages for row in page.added]
        assert seen(rows) == truth(bank, item.plaid_item_id)
        assert pages[-1].is_history_complete
        assert not any(page.refused for page in pages)
        assert all(row.bank_category for row in rows if row.merchant_entity_id)
        assert any(row.description for row in rows)

        again = await way.sync_page(token, pages[-1].next_cursor)
        assert (again.added, again.modified, again.removed, again.has_more) == ([], [], [], False)

        start_on, end_on = TODAY - timedelta(days=200), TODAY - timedelta(days=20)
        window = await way.window_page(token, start_on, end_on, 0)
        expected = [r for r in rows if to_day(start_on) <= r.posted_on <= to_day(end_on)]
        got = list(window.rows)
        while len(got) < window.total:
            got += (await way.window_page(token, start_on, end_on, len(got))).rows
        assert window.total == len(expected)
        assert seen(got) == seen(expected)

    asyncio.run(main())


def test_leaving_the_page_and_repairing_a_connection(bank, way):
    async def main():
        start = await way.begin_link(completion_url=None)
        bank.complete_link(start.url.rsplit("/", 1)[-1], cancel=True)
        outcome = await way.poll_link(start.link_token)
        assert outcome.is_finished
        assert outcome.banks == ()
        assert outcome.exit_code

        item = await linked_item(bank, way)
        token = item.token
        bank.break_item(item.plaid_item_id)
        with pytest.raises(BankRelinkError):
            await way.sync_page(token, "")
        assert (await way.item(token)).error_code == "ITEM_LOGIN_REQUIRED"
        repair = await way.begin_link(completion_url=None, relink=token)
        bank.complete_link(repair.url.rsplit("/", 1)[-1])
        assert (await way.poll_link(repair.link_token)).is_finished
        assert (await way.item(token)).error_code is None
        assert (await way.sync_page(token, "")).added

    asyncio.run(main())


def test_changes_arrive_and_a_moved_bank_restarts_the_loop(bank, way):
    async def main():
        item = await linked_item(bank, way)
        token = item.token
        pages = await all_pages(way, token)
        cursor = pages[-1].next_cursor
        pending = bank.add_transaction("12.50", "DINER", item=item.plaid_item_id, pending=True)
        page = await way.sync_page(token, cursor)
        (row,) = page.added
        assert (row.plaid_id, row.pending, row.amount_minor) == (pending, True, 1250)

        posted = bank.post_pending(pending, amount="15.00")
        page = await way.sync_page(token, page.next_cursor)
        (row,) = page.added
        assert (row.plaid_id, row.pending_plaid_id, row.amount_minor) == (posted, pending, 1500)
        assert page.removed == [pending]

        bank.modify(posted, amount="16.00")
        page = await way.sync_page(token, page.next_cursor)
        assert [row.amount_minor for row in page.modified] == [1600]

        assert len(pages) > 1, "the household's first bank fills more than a page"
        bank.mutate_during_pagination(item=item.plaid_item_id)
        first = await way.sync_page(token, "")
        with pytest.raises(PaginationMutatedError):
            await way.sync_page(token, first.next_cursor)

    asyncio.run(main())


def test_a_bank_that_is_not_ready_makes_no_progress(bank, way):
    async def main():
        bank.set_phase("NOT_READY")
        token = await linked(bank, way)
        page = await way.sync_page(token, "")
        assert (page.is_ready, page.next_cursor, page.added) == (False, "", [])
        with pytest.raises(BankRetryError) as caught:
            await way.window_page(token, TODAY - timedelta(days=30), TODAY, 0)
        assert caught.value.code == "PRODUCT_NOT_READY"

    asyncio.run(main())


def test_errors_say_what_to_do(bank, way):
    async def main():
        item = await linked_item(bank, way)
        token = item.token
        other = await linked(bank, way, 1)
        with pytest.raises(CursorLostError):
            await way.sync_page(token, (await way.sync_page(other, "")).next_cursor)
        start = await way.begin_link(completion_url=None)
        with pytest.raises(LinkError):
            await way.poll_link(f"{start.link_token[:-8]}00000000")
        for _ in range(2):  # as many a minute as Plaid allows
            await way.refresh(token)
        with pytest.raises(BankRateLimitError) as caught:
            await way.refresh(token)
        # The client knows the limit too, and says so before the bank has to.
        assert caught.value.code == "PACED"
        assert 50 < caught.value.wait_s <= 61
        await way.remove(other)
        with pytest.raises(BankGoneError):
            await way.accounts(other)
        bank.break_item(item.plaid_item_id, "INSTITUTION_DOWN")
        with pytest.raises(BankRetryError) as down:
            await way.accounts(token)
        assert down.value.code == "INSTITUTION_DOWN"

    asyncio.run(main())


def test_wrong_keys_are_told_from_a_broken_bank(server, bank, tmp_path):
    async def main():
        right = ways.direct(server.url, TODAY, tmp_path)
        token = await linked(bank, right)
        wrong = PlaidDirect(
            server.url,
            "someone",
            "else",
            egress_key=b"e" * 32,
            clock=FrozenClock(TODAY),
            folder=tmp_path,
        )
        with pytest.raises(BankConfigError):
            await wrong.accounts(token)
        with pytest.raises(BankGoneError):
            await right.accounts(AccessToken("access-sandbox-00000000-0000-0000-0000-000000000000"))
        with pytest.raises(LinkError):
            await right.exchange("public-sandbox-00000000-0000-0000-0000-000000000000", b"x")
        await wrong.close()
        await right.close()

    asyncio.run(main())


@pytest.mark.parametrize("kind", ["status", "html", "half", "empty"])
def test_one_bad_answer_is_tried_again_unseen(bank, way, kind):
    async def main():
        token = await linked(bank, way)
        bank.fail("/transactions/sync", kind=kind)
        assert (await way.sync_page(token, "")).added
        bank.fail("/transactions/sync", kind=kind, times=3)
        with pytest.raises(BankRetryError):
            await way.sync_page(token, "")
        assert (await way.sync_page(token, "")).added

    asyncio.run(main())
