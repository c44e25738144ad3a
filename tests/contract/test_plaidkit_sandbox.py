"""The direct adapter against the simulated bank over HTTP: the whole life of a connection."""

import asyncio
from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import pytest

from hive_desktop.adapters.bank.plaid_direct import PlaidDirect
from hive_desktop.adapters.system import FrozenClock, LoopbackCompletionPage
from hive_desktop.domain.days import to_day
from hive_desktop.domain.money import to_minor
from hive_desktop.plaidkit.transport import Patience
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

TODAY = date(2026, 11, 20)


@pytest.fixture
def bank():
    return household_bank(seed=11, today=TODAY, options=BankOptions(webhook_retries=()))


@pytest.fixture
def server(bank):
    with SandboxServer(bank) as running:
        yield running


@pytest.fixture
def direct(server, tmp_path):
    options = BankOptions()
    made = PlaidDirect(
        server.url,
        options.client_id,
        options.secret,
        egress_key=b"e" * 32,
        clock=FrozenClock(TODAY),
        folder=tmp_path,
    )
    made._client._patience = Patience(first_pause_s=0.001)
    yield made
    asyncio.run(made.close())


async def linked(bank, direct, place=0):
    return (await direct.exchange(bank.link(bank.institution_ids[place]), bytes([place]))).token


async def all_pages(direct, token, cursor=""):
    pages = []
    while not pages or pages[-1].has_more:
        pages.append(await direct.sync_page(token, cursor))
        cursor = pages[-1].next_cursor
    return pages


def truth(bank, token):
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
        for row in bank.rows(token.value)
        if row["published"] and not row["removed"]
    )


def seen(rows):
    return Counter(
        (r.plaid_id, r.plaid_account_id, r.posted_on, r.amount_minor, r.currency, r.pending)
        for r in rows
    )


def test_linking_a_bank(bank, direct):
    async def main():
        page = await LoopbackCompletionPage.start()
        try:
            start = await direct.begin_link(completion_url=page.url)
            assert start.url.startswith("http://127.0.0.1")
            assert start.expires_at is not None
            assert not (await direct.poll_link(start.link_token)).is_finished
            bank.complete_link(start.link_token, bank.institution_ids[0])
            outcome = await direct.poll_link(start.link_token)
        finally:
            await page.close()
        assert outcome.is_finished
        (chosen,) = outcome.banks
        assert chosen.institution_id == bank.institution_ids[0]
        assert chosen.institution

        item = await direct.exchange(chosen.public_token, b"one")
        with pytest.raises(LinkError):
            await direct.exchange(chosen.public_token, b"two")
        assert await direct.exchange(chosen.public_token, b"one") == item
        info = await direct.item(item.token)
        assert info.plaid_item_id == item.plaid_item_id
        assert info.institution_id == chosen.institution_id
        assert info.error_code is None
        await direct.remove(item.token)
        with pytest.raises(BankGoneError):
            await direct.accounts(item.token)

    asyncio.run(main())
    sent = direct.drain_egress()
    assert len({record.host for record in sent}) == 1
    assert all(record.purpose[0].isupper() for record in sent)
    bodies = "".join(record.body for record in sent)
    assert not any(mark in bodies for mark in ("access-", "public-", "link-"))


def test_accounts_with_both_kinds_of_balances(bank, direct):
    async def main():
        found = []
        for place in range(len(bank.institution_ids)):
            token = await linked(bank, direct, place)
            found += await direct.accounts(token)
            assert await direct.balances(token)
        assert len(found) == 8
        assert {"USD", "EUR"} <= {account.currency for account in found}
        for account in found:
            assert account.current_minor is not None or account.available_minor is not None

    asyncio.run(main())


def test_every_row_arrives_once_by_sync_and_by_window(bank, direct):
    async def main():
        token = await linked(bank, direct)
        pages = await all_pages(direct, token)
        rows = [row for page in pages for row in page.added]
        assert seen(rows) == truth(bank, token)
        assert pages[-1].is_history_complete
        assert not any(page.refused for page in pages)
        assert all(row.bank_category for row in rows if row.merchant_entity_id)
        assert any(row.description for row in rows)

        again = await direct.sync_page(token, pages[-1].next_cursor)
        assert (again.added, again.modified, again.removed, again.has_more) == ([], [], [], False)

        start_on, end_on = TODAY - timedelta(days=200), TODAY - timedelta(days=20)
        window = await direct.window_page(token, start_on, end_on, 0)
        expected = [r for r in rows if to_day(start_on) <= r.posted_on <= to_day(end_on)]
        got = list(window.rows)
        while len(got) < window.total:
            got += (await direct.window_page(token, start_on, end_on, len(got))).rows
        assert window.total == len(expected)
        assert seen(got) == seen(expected)

    asyncio.run(main())


def test_leaving_the_page_and_repairing_a_connection(bank, direct):
    async def main():
        start = await direct.begin_link(completion_url=None)
        bank.complete_link(start.link_token, cancel=True)
        outcome = await direct.poll_link(start.link_token)
        assert outcome.is_finished
        assert outcome.banks == ()
        assert outcome.exit_code

        token = await linked(bank, direct)
        bank.break_item(token.value)
        with pytest.raises(BankRelinkError):
            await direct.sync_page(token, "")
        assert (await direct.item(token)).error_code == "ITEM_LOGIN_REQUIRED"
        repair = await direct.begin_link(completion_url=None, relink=token)
        bank.complete_link(repair.link_token)
        assert (await direct.poll_link(repair.link_token)).is_finished
        assert (await direct.item(token)).error_code is None
        assert (await direct.sync_page(token, "")).added

    asyncio.run(main())


def test_changes_arrive_and_a_moved_bank_restarts_the_loop(bank, direct):
    async def main():
        token = await linked(bank, direct)
        pages = await all_pages(direct, token)
        cursor = pages[-1].next_cursor
        pending = bank.add_transaction("12.50", "DINER", item=token.value, pending=True)
        page = await direct.sync_page(token, cursor)
        (row,) = page.added
        assert (row.plaid_id, row.pending, row.amount_minor) == (pending, True, 1250)

        posted = bank.post_pending(pending, amount="15.00")
        page = await direct.sync_page(token, page.next_cursor)
        (row,) = page.added
        assert (row.plaid_id, row.pending_plaid_id, row.amount_minor) == (posted, pending, 1500)
        assert page.removed == [pending]

        bank.modify(posted, amount="16.00")
        page = await direct.sync_page(token, page.next_cursor)
        assert [row.amount_minor for row in page.modified] == [1600]

        assert len(pages) > 1, "the household's first bank fills more than a page"
        bank.mutate_during_pagination(item=token.value)
        first = await direct.sync_page(token, "")
        with pytest.raises(PaginationMutatedError):
            await direct.sync_page(token, first.next_cursor)

    asyncio.run(main())


def test_a_bank_that_is_not_ready_makes_no_progress(bank, direct):
    async def main():
        bank.set_phase("NOT_READY")
        token = await linked(bank, direct)
        page = await direct.sync_page(token, "")
        assert (page.is_ready, page.next_cursor, page.added) == (False, "", [])
        with pytest.raises(BankRetryError) as caught:
            await direct.window_page(token, TODAY - timedelta(days=30), TODAY, 0)
        assert caught.value.code == "PRODUCT_NOT_READY"

    asyncio.run(main())


def test_errors_say_what_to_do(server, bank, direct, tmp_path):
    async def main():
        token = await linked(bank, direct)
        other = await linked(bank, direct, 1)
        with pytest.raises(CursorLostError):
            await direct.sync_page(token, (await direct.sync_page(other, "")).next_cursor)
        with pytest.raises(BankGoneError):
            await direct.accounts(
                AccessToken("access-sandbox-00000000-0000-0000-0000-000000000000")
            )
        with pytest.raises(LinkError):
            await direct.poll_link("link-sandbox-00000000-0000-0000-0000-000000000000")
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
        await wrong.close()
        for _ in range(2):  # as many a minute as Plaid allows
            await direct.refresh(token)
        with pytest.raises(BankRateLimitError) as caught:
            await direct.refresh(token)
        # The client knows the limit too, and says so before the bank has to.
        assert caught.value.code == "PACED"
        assert 50 < caught.value.wait_s <= 61

    asyncio.run(main())


@pytest.mark.parametrize("kind", ["status", "html", "half", "empty"])
def test_one_bad_answer_is_tried_again_unseen(bank, direct, kind):
    async def main():
        token = await linked(bank, direct)
        bank.fail("/transactions/sync", kind=kind)
        assert (await direct.sync_page(token, "")).added
        bank.fail("/transactions/sync", kind=kind, times=3)
        with pytest.raises(BankRetryError):
            await direct.sync_page(token, "")
        assert (await direct.sync_page(token, "")).added

    asyncio.run(main())
