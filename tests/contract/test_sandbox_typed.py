"""Every answer read once through plaid-python's typed models, over HTTP."""

from __future__ import annotations

import datetime as dt

import plaid
import pytest
from plaid.api import plaid_api
from plaid.model.accounts_balance_get_request import AccountsBalanceGetRequest
from plaid.model.accounts_get_request import AccountsGetRequest
from plaid.model.country_code import CountryCode
from plaid.model.custom_sandbox_transaction import CustomSandboxTransaction
from plaid.model.institutions_get_by_id_request import InstitutionsGetByIdRequest
from plaid.model.institutions_get_request import InstitutionsGetRequest
from plaid.model.institutions_search_request import InstitutionsSearchRequest
from plaid.model.item_get_request import ItemGetRequest
from plaid.model.item_public_token_exchange_request import ItemPublicTokenExchangeRequest
from plaid.model.item_remove_request import ItemRemoveRequest
from plaid.model.item_webhook_update_request import ItemWebhookUpdateRequest
from plaid.model.link_token_create_hosted_link import LinkTokenCreateHostedLink
from plaid.model.link_token_create_request import LinkTokenCreateRequest
from plaid.model.link_token_create_request_user import LinkTokenCreateRequestUser
from plaid.model.link_token_get_request import LinkTokenGetRequest
from plaid.model.link_token_transactions import LinkTokenTransactions
from plaid.model.products import Products
from plaid.model.sandbox_item_fire_webhook_request import SandboxItemFireWebhookRequest
from plaid.model.sandbox_item_reset_login_request import SandboxItemResetLoginRequest
from plaid.model.sandbox_public_token_create_request import SandboxPublicTokenCreateRequest
from plaid.model.sandbox_public_token_create_request_options import (
    SandboxPublicTokenCreateRequestOptions,
)
from plaid.model.sandbox_transactions_create_request import SandboxTransactionsCreateRequest
from plaid.model.transactions_get_request import TransactionsGetRequest
from plaid.model.transactions_get_request_options import TransactionsGetRequestOptions
from plaid.model.transactions_recurring_get_request import TransactionsRecurringGetRequest
from plaid.model.transactions_refresh_request import TransactionsRefreshRequest
from plaid.model.transactions_sync_request import TransactionsSyncRequest
from plaid.model.transactions_sync_request_options import TransactionsSyncRequestOptions
from plaid.model.webhook_type import WebhookType
from plaid.model.webhook_verification_key_get_request import WebhookVerificationKeyGetRequest

from hive_desktop.sandbox.bank import household_bank
from hive_desktop.sandbox.server import SandboxServer

TODAY = dt.date(2026, 11, 23)
US = [CountryCode("US")]
HOOK = "http://127.0.0.1:9/hook"


@pytest.fixture
def bank():
    return household_bank(today=TODAY)


@pytest.fixture
def api(bank):
    with SandboxServer(bank) as server:
        keys = {
            "clientId": "sandbox-client",
            "secret": "sandbox-secret",
            "plaidVersion": "2020-09-14",
        }
        client = plaid.ApiClient(plaid.Configuration(host=server.url, api_key=keys))
        yield plaid_api.PlaidApi(client)
        client.rest_client.pool_manager.clear()
        client.close()


@pytest.fixture
def token(api):
    made = api.sandbox_public_token_create(
        SandboxPublicTokenCreateRequest(
            institution_id="ins_109508",
            initial_products=[Products("transactions")],
            options=SandboxPublicTokenCreateRequestOptions(webhook=HOOK),
        )
    )
    return api.item_public_token_exchange(
        ItemPublicTokenExchangeRequest(public_token=made.public_token)
    ).access_token


def test_linking(api, bank):
    made = api.link_token_create(
        LinkTokenCreateRequest(
            client_name="Hive",
            language="en",
            country_codes=US,
            user=LinkTokenCreateRequestUser(client_user_id="person-1"),
            products=[Products("transactions")],
            transactions=LinkTokenTransactions(days_requested=730),
            hosted_link=LinkTokenCreateHostedLink(completion_redirect_uri="http://localhost:1/c"),
        )
    )
    assert made.hosted_link_url.startswith("http://127.0.0.1:")
    bank.complete_link(made.link_token, "ins_900103")
    told = api.link_token_get(LinkTokenGetRequest(link_token=made.link_token))
    result = told.link_sessions[0].results.item_add_results[0]
    assert [account.name for account in result.accounts] == ["Brokerage Cash", "Euro Account"]
    access = api.item_public_token_exchange(
        ItemPublicTokenExchangeRequest(public_token=result.public_token)
    )
    item = api.item_get(ItemGetRequest(access_token=access.access_token)).item
    assert item.institution_name == "Linden & Vale"
    assert item.item_id == access.item_id


def test_transactions(api, token):
    page = api.transactions_sync(
        TransactionsSyncRequest(
            access_token=token,
            count=15,
            options=TransactionsSyncRequestOptions(include_original_description=True),
        )
    )
    assert len(page.added) == 15
    assert page.has_more
    assert page.added[0].date <= page.added[-1].date
    window = api.transactions_get(
        TransactionsGetRequest(
            access_token=token,
            start_date=dt.date(2026, 10, 1),
            end_date=TODAY,
            options=TransactionsGetRequestOptions(count=10),
        )
    )
    assert window.total_transactions >= len(window.transactions) == 10
    streams = api.transactions_recurring_get(TransactionsRecurringGetRequest(access_token=token))
    assert {stream.frequency.value for stream in streams.outflow_streams} == {"MONTHLY"}
    row = CustomSandboxTransaction(
        date_transacted=dt.date(2026, 11, 20),
        date_posted=dt.date(2026, 11, 21),
        amount=12.5,
        description="Corner kiosk",
        iso_currency_code="USD",
    )
    create = SandboxTransactionsCreateRequest(access_token=token, transactions=[row])
    assert api.sandbox_transactions_create(create).request_id
    assert api.transactions_refresh(TransactionsRefreshRequest(access_token=token)).request_id


def test_row_without_any_category_is_readable(api, bank, token):
    item = next(item for item in bank.items if item.access_token == token)
    _, cursor = "", page_end(api, token)
    bank.add_transaction("3.10", "QXZ 9981 REF 3", item=item.item_id)
    page = api.transactions_sync(TransactionsSyncRequest(access_token=token, cursor=cursor))
    assert page.added[0].merchant_name is None
    assert page.added[0].personal_finance_category is None


def page_end(api, token):
    raw = api.transactions_sync(
        TransactionsSyncRequest(access_token=token, count=500), _check_return_type=False
    )
    assert not raw.has_more
    return raw.next_cursor


def test_accounts_and_items(api, token, bank):
    accounts = api.accounts_get(AccountsGetRequest(access_token=token)).accounts
    live = api.accounts_balance_get(AccountsBalanceGetRequest(access_token=token)).accounts
    assert [account.account_id for account in accounts] == [account.account_id for account in live]
    moved = api.item_webhook_update(ItemWebhookUpdateRequest(access_token=token, webhook=HOOK))
    assert moved.item.webhook == HOOK
    fired = api.sandbox_item_fire_webhook(
        SandboxItemFireWebhookRequest(
            access_token=token,
            webhook_code="SYNC_UPDATES_AVAILABLE",
            webhook_type=WebhookType("TRANSACTIONS"),
        )
    )
    assert fired.webhook_fired
    key = api.webhook_verification_key_get(
        WebhookVerificationKeyGetRequest(key_id=bank.signer.key_id)
    ).key
    assert (key.alg, key.crv, key.kty) == ("ES256", "P-256", "EC")
    reset = api.sandbox_item_reset_login(SandboxItemResetLoginRequest(access_token=token))
    assert reset.reset_login
    broken = api.item_get(ItemGetRequest(access_token=token)).item
    assert broken.error.error_code == "ITEM_LOGIN_REQUIRED"
    with pytest.raises(plaid.ApiException) as caught:
        api.accounts_get(AccountsGetRequest(access_token=token))
    assert caught.value.status == 400
    assert "ITEM_LOGIN_REQUIRED" in caught.value.body
    assert api.item_remove(ItemRemoveRequest(access_token=token)).request_id


def test_institutions(api):
    one = api.institutions_get_by_id(
        InstitutionsGetByIdRequest(institution_id="ins_900101", country_codes=US)
    ).institution
    assert one.name == "Harbor Light Bank"
    found = api.institutions_search(
        InstitutionsSearchRequest(
            query="gingham", products=[Products("transactions")], country_codes=US
        )
    )
    assert [bank.institution_id for bank in found.institutions] == ["ins_109509"]
    listed = api.institutions_get(InstitutionsGetRequest(count=2, offset=1, country_codes=US))
    assert len(listed.institutions) == 2
    assert listed.total == 11
