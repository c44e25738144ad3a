"""Requests as plaid-python's typed models, and its client with our transport below it.

The only module that imports plaid, which takes a third of a second: `client` imports this one late.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from plaid import ApiClient, Configuration  # type: ignore[import-untyped]
from plaid.api.plaid_api import PlaidApi  # type: ignore[import-untyped]
from plaid.exceptions import OpenApiException  # type: ignore[import-untyped]
from plaid.model.accounts_balance_get_request import (  # type: ignore[import-untyped]
    AccountsBalanceGetRequest,
)
from plaid.model.accounts_get_request import AccountsGetRequest  # type: ignore[import-untyped]
from plaid.model.country_code import CountryCode  # type: ignore[import-untyped]
from plaid.model.institutions_get_by_id_request import (  # type: ignore[import-untyped]
    InstitutionsGetByIdRequest,
)
from plaid.model.item_get_request import ItemGetRequest  # type: ignore[import-untyped]
from plaid.model.item_public_token_exchange_request import (  # type: ignore[import-untyped]
    ItemPublicTokenExchangeRequest,
)
from plaid.model.item_remove_request import ItemRemoveRequest  # type: ignore[import-untyped]
from plaid.model.link_token_create_hosted_link import (  # type: ignore[import-untyped]
    LinkTokenCreateHostedLink,
)
from plaid.model.link_token_create_request import (  # type: ignore[import-untyped]
    LinkTokenCreateRequest,
)
from plaid.model.link_token_create_request_user import (  # type: ignore[import-untyped]
    LinkTokenCreateRequestUser,
)
from plaid.model.link_token_get_request import LinkTokenGetRequest  # type: ignore[import-untyped]
from plaid.model.link_token_transactions import (  # type: ignore[import-untyped]
    LinkTokenTransactions,
)
from plaid.model.personal_finance_category_version import (  # type: ignore[import-untyped]
    PersonalFinanceCategoryVersion,
)
from plaid.model.products import Products  # type: ignore[import-untyped]
from plaid.model.transactions_get_request import (  # type: ignore[import-untyped]
    TransactionsGetRequest,
)
from plaid.model.transactions_get_request_options import (  # type: ignore[import-untyped]
    TransactionsGetRequestOptions,
)
from plaid.model.transactions_refresh_request import (  # type: ignore[import-untyped]
    TransactionsRefreshRequest,
)
from plaid.model.transactions_sync_request import (  # type: ignore[import-untyped]
    TransactionsSyncRequest,
)
from plaid.model.transactions_sync_request_options import (  # type: ignore[import-untyped]
    TransactionsSyncRequestOptions,
)
from plaid.model.webhook_verification_key_get_request import (  # type: ignore[import-untyped]
    WebhookVerificationKeyGetRequest,
)

from hive_desktop.plaidkit.access import API_VERSION, CLIENT_NAME, HISTORY_DAYS, PAGE_ROWS

if TYPE_CHECKING:
    from datetime import date

    from hive_desktop.plaidkit.access import Access, LinkOptions
    from hive_desktop.plaidkit.transport import Transport

RequestError = OpenApiException
"""What plaid-python raises for a request that it will not send."""


def open_api(access: Access, transport: Transport) -> PlaidApi:
    """Return plaid-python's client, sending through `transport`."""
    keys = {"clientId": access.client_id, "secret": access.secret, "plaidVersion": API_VERSION}
    client = ApiClient(Configuration(host=access.base, api_key=keys))
    # Configuration has just set both loggers. Their warnings name addresses, and plaid's own DEBUG
    # lines would hold bodies, were its transport still there.
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    logging.getLogger("plaid").setLevel(logging.ERROR)
    client.rest_client = transport
    return PlaidApi(client)


def link_token_create(options: LinkOptions) -> object:
    """Build a request for a Hosted Link page: for a new bank, or in update mode for an item."""
    hosted = {"completion_redirect_uri": options.completion_url} if options.completion_url else {}
    mode = (
        {"access_token": options.relink_token}
        if options.relink_token
        else {
            "products": [Products("transactions")],
            "transactions": LinkTokenTransactions(days_requested=HISTORY_DAYS),
        }
    )
    return LinkTokenCreateRequest(
        client_name=CLIENT_NAME,
        language=options.language,
        country_codes=[CountryCode(code) for code in options.country_codes],
        user=LinkTokenCreateRequestUser(client_user_id=options.user_id),
        hosted_link=LinkTokenCreateHostedLink(**hosted),
        **mode,
    )


def link_token_get(link_token: str) -> object:
    """Build a request for a Link session's state."""
    return LinkTokenGetRequest(link_token=link_token)


def exchange(public_token: str) -> object:
    """Build a request that turns a public token into an access token."""
    return ItemPublicTokenExchangeRequest(public_token=public_token)


def item_get(token: str) -> object:
    """Build a request for an item's state."""
    return ItemGetRequest(access_token=token)


def item_remove(token: str) -> object:
    """Build a request that ends an item."""
    return ItemRemoveRequest(access_token=token)


def accounts_get(token: str) -> object:
    """Build a request for accounts with cached balances."""
    return AccountsGetRequest(access_token=token)


def balance_get(token: str) -> object:
    """Build a request for accounts with live balances."""
    return AccountsBalanceGetRequest(access_token=token)


def transactions_sync(token: str, cursor: str) -> object:
    """Build a request for the page after `cursor`; an empty one must be left out."""
    return TransactionsSyncRequest(
        access_token=token,
        count=PAGE_ROWS,
        options=TransactionsSyncRequestOptions(
            include_original_description=True,
            personal_finance_category_version=PersonalFinanceCategoryVersion("v2"),
        ),
        **({"cursor": cursor} if cursor else {}),
    )


def transactions_get(token: str, start: date, end: date, offset: int) -> object:
    """Build a request for a page of the rows posted from `start` to `end`."""
    return TransactionsGetRequest(
        access_token=token,
        start_date=start,
        end_date=end,
        options=TransactionsGetRequestOptions(
            count=PAGE_ROWS,
            offset=offset,
            include_original_description=True,
            personal_finance_category_version=PersonalFinanceCategoryVersion("v2"),
        ),
    )


def transactions_refresh(token: str) -> object:
    """Build a request that asks the bank for new rows."""
    return TransactionsRefreshRequest(access_token=token)


def institution_get(institution_id: str, country_codes: tuple[str, ...]) -> object:
    """Build a request for a bank's name."""
    codes = [CountryCode(code) for code in country_codes]
    return InstitutionsGetByIdRequest(institution_id=institution_id, country_codes=codes)


def verification_key_get(key_id: str) -> object:
    """Build a request for the public key of webhooks."""
    return WebhookVerificationKeyGetRequest(key_id=key_id)
