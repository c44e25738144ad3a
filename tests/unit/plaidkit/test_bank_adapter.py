import asyncio
import gc
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from hive_desktop.adapters.bank import translate
from hive_desktop.adapters.bank.advice import to_hive
from hive_desktop.adapters.bank.plaid_direct import PlaidDirect
from hive_desktop.adapters.system import FrozenClock
from hive_desktop.plaidkit import wire
from hive_desktop.plaidkit.errors import Advice, PlaidError
from hive_desktop.ports.bank import AccessToken
from hive_desktop.ports.errors import (
    BankConfigError,
    BankError,
    BankOfflineError,
    BankRateLimitError,
    BankRelinkError,
    BankRetryError,
    LinkError,
)

TOKEN = AccessToken("access-sandbox-1")


@pytest.fixture
def direct(script, tmp_path):
    made = PlaidDirect(
        script.url,
        "the-id",
        "the-secret",
        egress_key=b"k" * 32,
        clock=FrozenClock(date(2026, 1, 2)),
        folder=tmp_path,
    )
    yield made
    asyncio.run(made.close())


@pytest.mark.parametrize("advice", list(Advice))
def test_every_advice_has_an_error_with_words(advice):
    error = to_hive(PlaidError("SOME_CODE", advice))
    assert isinstance(error, LinkError if advice is Advice.RESTART_LINK else BankError)
    for text in error.rendered():
        assert text
        assert "{" not in text
    assert error.exit_code in {4, 5}


def test_errors_keep_code_and_wait():
    limit = to_hive(PlaidError("RATE_LIMIT", Advice.RATE_LIMIT, status=429))
    assert isinstance(limit, BankRateLimitError)
    assert (limit.code, limit.wait_s) == ("RATE_LIMIT", 60)
    assert "(TLS_FAILED)" in str(to_hive(PlaidError("TLS_FAILED", Advice.OFFLINE)))


def test_an_unusable_host_or_key_is_a_matter_of_set_up(tmp_path):
    clock = FrozenClock(date(2026, 1, 2))
    for host, secret in (("http://example.org", "s"), ("sandbox", "")):
        with pytest.raises(BankConfigError):
            PlaidDirect(host, "id", secret, egress_key=b"k" * 32, clock=clock, folder=tmp_path)


def test_no_text_form_shows_a_key(direct):
    assert "the-secret" not in repr(direct)
    assert "the-id" not in repr(direct)


def test_faults_reach_services_as_bank_errors(script, reply, direct):
    body = {"error_type": "ITEM_ERROR", "error_code": "ITEM_LOGIN_REQUIRED", "error_message": "m"}
    script.on("/accounts/get", reply(json.dumps(body).encode(), 400))
    script.on(
        "/item/get", reply(json.dumps({**body, "error_code": "PRODUCT_NOT_READY"}).encode(), 400)
    )

    async def main():
        with pytest.raises(BankRelinkError) as caught:
            await direct.accounts(TOKEN)
        assert caught.value.code == "ITEM_LOGIN_REQUIRED"
        with pytest.raises(BankRetryError):
            await direct.item(TOKEN)
        await direct.close()
        with pytest.raises(BankOfflineError):
            await direct.accounts(TOKEN)

    asyncio.run(main())


def test_a_link_page_without_an_address_is_a_matter_of_set_up(script, reply, direct):
    script.on("/link/token/create", reply(b'{"link_token": "l", "request_id": "r"}'))
    with pytest.raises(BankConfigError, match="NO_HOSTED_LINK"):
        asyncio.run(direct.begin_link(completion_url=None))


def test_records_are_drained_once_and_dated_by_the_clock(script, reply, direct):
    script.on("/accounts/get", reply(b'{"accounts": []}'))
    asyncio.run(direct.accounts(TOKEN))
    (record,) = direct.drain_egress()
    assert record.at.date() == date(2026, 1, 2)
    assert record.body == '{"access_token":"***"}'
    assert record.purpose == "Read accounts"
    assert direct.drain_egress() == []


def test_a_task_that_stops_waiting_leaves_the_pool_whole(script, reply, direct):
    script.on("/accounts/get", reply(b'{"accounts": []}'))

    async def main():
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(4))
        for _ in range(10):
            waiting = [loop.create_task(direct.accounts(TOKEN)) for _ in range(4)]
            await asyncio.sleep(0)
            for task in waiting:
                task.cancel()
            gone = await asyncio.gather(*waiting, return_exceptions=True)
            assert all(isinstance(one, asyncio.CancelledError) for one in gone)
        assert await direct.accounts(TOKEN) == []
        await loop.shutdown_default_executor()

    asyncio.run(main())
    gc.collect()
    assert len(script.peers) <= 8


def account(**fields):
    return wire.Account(**{"account_id": "a1", "name": "Checking", "type": "depository", **fields})


def test_balances_are_minor_units_of_the_accounts_currency():
    balances = wire.Balances(Decimal("10.01"), None, Decimal(5000), "EUR", None)
    (got,) = translate.accounts([account(balances=balances, subtype="checking", mask="0001")])
    assert (got.available_minor, got.current_minor, got.limit_minor) == (1001, None, 500000)
    assert (got.currency, got.subtype, got.mask) == ("EUR", "checking", "0001")
    huge = wire.Balances(current=Decimal("1e40"), iso_currency_code="USD")
    assert translate.accounts([account(balances=huge)])[0].current_minor is None


def test_a_currency_comes_from_where_there_is_one():
    unofficial = wire.Balances(current=Decimal(1), unofficial_currency_code="BTC")
    assert translate.accounts([account(balances=unofficial)])[0].currency == "BTC"
    assert translate.accounts([account()])[0].currency == "XXX"


def session(**fields):
    return wire.LinkSession(**fields)


def state(*sessions):
    return wire.LinkStateAnswer(link_sessions=list(sessions))


BANK = wire.LinkResults([wire.ItemAddResult("public-1", wire.Institution("ins_1", "First\nBank"))])
OLD_FORM = wire.OnSuccess("public-1", wire.SuccessMetadata(wire.Institution("ins_1", "First")))


def test_a_page_nobody_opened_or_left_is_not_finished():
    assert not translate.link_outcome(wire.LinkStateAnswer()).is_finished
    assert not translate.link_outcome(state(session(started_at="t"))).is_finished


def test_banks_are_taken_from_both_forms_once():
    both = session(finished_at="t", results=BANK, on_success=OLD_FORM)
    got = translate.link_outcome(state(both))
    assert got.is_finished
    (bank,) = got.banks
    assert (bank.public_token, bank.institution_id, bank.institution) == (
        "public-1",
        "ins_1",
        "First Bank",
    )
    assert (
        translate.link_outcome(state(session(on_success=OLD_FORM))).banks[0].institution == "First"
    )


def test_a_page_left_and_opened_again_is_open():
    left = session(
        finished_at="t", exit=wire.LinkExit(metadata=wire.ExitMetadata("requires_credentials"))
    )
    assert not translate.link_outcome(state(left, session(started_at="t"))).is_finished
    gone = translate.link_outcome(state(left))
    assert (gone.is_finished, gone.exit_code, gone.banks) == (True, "requires_credentials", ())
    assert translate.link_outcome(state(left, session(finished_at="t", results=BANK))).banks


def test_an_error_at_the_exit_is_named_and_a_quiet_end_is_none():
    failed = session(exit=wire.LinkExit(error=wire.ErrorBody("INVALID_MFA")))
    assert translate.link_outcome(state(failed)).exit_code == "INVALID_MFA"
    assert translate.link_outcome(state(session(on_exit=wire.LinkExit()))).exit_code == "EXITED"
    # Update mode that went well has no new token.
    done = translate.link_outcome(state(session(finished_at="t")))
    assert (done.is_finished, done.exit_code, done.banks) == (True, None, ())


def test_an_items_state():
    item = wire.Item("i1", "ins_1", None, wire.ErrorBody("ITEM_LOCKED"), "2026-05-01T00:00:00Z")
    got = translate.item_info(item)
    assert (got.error_code, got.institution) == ("ITEM_LOCKED", None)
    assert got.consent_expires_at == datetime(2026, 5, 1, tzinfo=UTC)
