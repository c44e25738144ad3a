"""A relay's answers that are kept unread: what is known at once, and what they say later."""

import asyncio
import json
from datetime import UTC, datetime

import pytest

from hive_desktop.adapters.bank.relay_raw import BodyReader, RelayRaw
from hive_desktop.domain.health import Trouble
from hive_desktop.plaidkit.wire import Answer
from hive_desktop.ports.bank import AccessToken
from hive_desktop.ports.errors import BankRetryError

TOKEN = AccessToken("hs1.a")
ACCOUNT = {
    "account_id": "a1",
    "name": "Joint Checking",
    "type": "depository",
    "balances": {"current": 12.5, "iso_currency_code": "USD"},
}
ROW = {
    "transaction_id": "t1",
    "account_id": "a1",
    "amount": 12.5,
    "date": "2026-03-14",
    "name": "CORNER BISTRO",
    "iso_currency_code": "USD",
}
PAGE = {
    "added": [ROW],
    "modified": [{**ROW, "transaction_id": "t2"}],
    "removed": [{"transaction_id": "t0"}],
    "has_more": True,
    "next_cursor": "c2",
    "accounts": [ACCOUNT],
    "transactions_update_status": "HISTORICAL_UPDATE_COMPLETE",
}
ITEM = {
    "item": {
        "item_id": "i1",
        "institution_id": "ins_1",
        "institution_name": "First Platypus Bank",
        "error": {"error_type": "ITEM_ERROR", "error_code": "ITEM_LOGIN_REQUIRED"},
        "consent_expiration_time": "2026-12-01T00:00:00Z",
    }
}


class Client:
    """Answers with these bodies; stands in for `RelayClient`."""

    def __init__(self, *bodies):
        self.bodies = [
            one if isinstance(one, bytes) else json.dumps(one).encode() for one in bodies
        ]

    def _answer(self):
        return Answer(200, self.bodies.pop(0))

    async def answer_of_page(self, _token, _cursor):
        return self._answer()

    async def answer_of_accounts(self, _token):
        return self._answer()

    async def answer_of_item(self, _token):
        return self._answer()


def test_of_a_page_only_its_cursor_and_ids_are_known_at_once():
    body, page, rows = asyncio.run(RelayRaw(Client(PAGE)).sync_page(TOKEN, "c1"))
    assert rows == 3
    assert (page.next_cursor, page.has_more) == ("c2", True)
    assert page.is_ready
    assert page.is_history_complete
    assert [one.plaid_account_id for one in page.accounts] == ["a1"]
    for secret in ("BISTRO", "Joint", "t1", "12"):
        assert secret not in repr(page)
    read = BodyReader().sync_page(body)
    assert [one.name for one in read.added] == ["CORNER BISTRO"]
    assert [one.plaid_id for one in read.modified] == ["t2"]
    assert read.removed == ["t0"]
    assert read.accounts[0].name == "Joint Checking"


@pytest.mark.parametrize(
    ("status", "is_ready", "is_complete"),
    [
        ("NOT_READY", False, False),
        ("INITIAL_UPDATE_COMPLETE", True, False),
        ("HISTORICAL_UPDATE_COMPLETE", True, True),
        (None, True, False),
    ],
)
def test_how_far_the_bank_is_means_the_same_as_when_it_is_read(status, is_ready, is_complete):
    said = {**PAGE, "transactions_update_status": status}
    body, page, _ = asyncio.run(RelayRaw(Client(said)).sync_page(TOKEN, ""))
    read = BodyReader().sync_page(body)
    for one in (page, read):
        assert (one.is_ready, one.is_history_complete) == (is_ready, is_complete)
        assert (one.next_cursor, one.has_more) == ("c2", True)


def test_no_cursor_is_none():
    _, page, rows = asyncio.run(
        RelayRaw(Client({**PAGE, "next_cursor": None, "added": []})).sync_page(TOKEN, "")
    )
    assert (page.next_cursor, rows) == ("", 2)


def test_an_odd_account_is_passed_over_until_it_is_read():
    said = {"accounts": [{"account_id": 7}, ACCOUNT, "nonsense"]}
    body, accounts = asyncio.run(RelayRaw(Client(said)).accounts(TOKEN))
    assert [one.plaid_account_id for one in accounts] == ["a1"]
    assert {one.name for one in accounts} == {""}
    assert [one.name for one in BodyReader().accounts(body)] == ["Joint Checking"]


def test_how_an_item_stands_is_known_without_its_bank():
    body, info = asyncio.run(RelayRaw(Client(ITEM)).item(TOKEN))
    assert (info.institution, info.institution_id) == (None, None)
    assert (info.error_code, info.trouble) == ("ITEM_LOGIN_REQUIRED", Trouble.RELINK)
    assert info.consent_expires_at == datetime(2026, 12, 1, tzinfo=UTC)
    assert BodyReader().item(body).institution == "First Platypus Bank"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"added": 1}', b"\xff"])
def test_what_is_no_answer_is_a_passing_fault(body):
    raw = RelayRaw(Client(*[body] * 3))
    for ask in (raw.sync_page(TOKEN, ""), raw.accounts(TOKEN), raw.item(TOKEN)):
        with pytest.raises(BankRetryError):
            asyncio.run(ask)
    reader = BodyReader()
    for read in (reader.sync_page, reader.accounts, reader.item):
        with pytest.raises(BankRetryError):
            read(body)
