"""What Plaid's 20 paths accept: one table of fields for each.

The tables follow Plaid's published request schemas; fields of products that Hive never asks for are
accepted as they are. Checking against them is ``validate``'s.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


COUNTRIES = _words("US GB ES NL FR IE CA DE IT PL DK NO SE EE LT LV PT BE AT FI")
PRODUCTS = _words(
    "assets auth balance balance_plus beacon identity identity_match investments investments_auth "
    "liabilities payment_initiation identity_verification transactions credit_details income "
    "income_verification standing_orders transfer employment recurring_transactions "
    "transactions_refresh signal statements processor_payments processor_identity profile "
    "cra_base_report cra_income_insights cra_partner_insights cra_network_insights "
    "cra_cashflow_insights cra_monitoring cra_lend_score cra_plaid_credit_score layer pay_by_bank "
    "protect_linked_bank protect_transactions cra_home_lending cra_qualify"
)
WEBHOOK_TYPES = _words(
    "AUTH HOLDINGS INVESTMENTS_TRANSACTIONS ITEM LIABILITIES TRANSACTIONS ASSETS IDENTITY"
)
WEBHOOK_CODES = _words(
    "DEFAULT_UPDATE NEW_ACCOUNTS_AVAILABLE SMS_MICRODEPOSITS_VERIFICATION AUTHORIZATION_GRANTED "
    "USER_PERMISSION_REVOKED USER_ACCOUNT_REVOKED PENDING_DISCONNECT LOGIN_REPAIRED "
    "RECURRING_TRANSACTIONS_UPDATE SYNC_UPDATES_AVAILABLE PRODUCT_READY ERROR"
)
REASONS = _words(
    "FRAUD_FIRST_PARTY FRAUD_FALSE_IDENTITY FRAUD_ABUSE FRAUD_OTHER CONNECTION_IS_NON_FUNCTIONAL "
    "OTHER"
)


@dataclass(frozen=True, slots=True)
class Field:
    """What one field must be.

    Attributes:
        kind: text, integer, number, flag, day, list, object or any.
        low: Least value, length or number of entries.
        high: Greatest value, length or number of entries.
        choices: Allowed texts (of the entries, for a list).
        inside: Fields of an object (or of a list's objects); None accepts whatever there is.
    """

    kind: str
    required: bool = False
    nullable: bool = False
    low: float | None = None
    high: float | None = None
    choices: frozenset[str] | None = None
    inside: Mapping[str, Field] | None = field(default=None)


def _text(
    *, required: bool = False, nullable: bool = False, low: int = 0, high: int | None = None
) -> Field:
    return Field("text", required, nullable, low, high)


def _choice(names: frozenset[str], *, required: bool = False, nullable: bool = False) -> Field:
    return Field("text", required, nullable, choices=names)


_TOKEN = _text(required=True)
_FLAG = Field("flag")
_MAYBE_FLAG = Field("flag", nullable=True)
_ANY_OBJECT = Field("object", nullable=True)
_COUNTRIES = Field("list", required=True, low=1, choices=COUNTRIES)
_PRODUCTS = Field("list", nullable=True, choices=PRODUCTS)
_DAYS = Field("integer", low=1, high=730)
_COUNT = Field("integer", low=1, high=500)
_PFC_VERSION = _choice(frozenset({"v1", "v2"}))
_IDS = Field("list")
_OPTIONAL_METADATA = {
    "include_optional_metadata": _MAYBE_FLAG,
    "include_auth_metadata": _MAYBE_FLAG,
    "include_payment_initiation_metadata": _MAYBE_FLAG,
}
_TRANSACTION_OPTIONS = {
    "include_original_description": _MAYBE_FLAG,
    "include_personal_finance_category": _FLAG,
    "include_logo_and_counterparty_beta": _FLAG,
    "personal_finance_category_version": _PFC_VERSION,
    "days_requested": _DAYS,
}
_LINK_OBJECTS = _words(
    "institution_data card_switch account_filters eu_config payment_configuration "
    "payment_initiation employment income_verification base_report credit_partner_insights "
    "cra_options auth transfer update identity_verification statements investments "
    "investments_auth cashflow_report identity"
)
_LINK_USER = {
    "client_user_id": _text(required=True, low=1),
    **dict.fromkeys(
        _words(
            "legal_name phone_number phone_number_verified_time email_address "
            "email_address_verified_time ssn date_of_birth"
        ),
        _text(nullable=True),
    ),
    **dict.fromkeys(("name", "address", "id_number"), _ANY_OBJECT),
}
_HOSTED = {
    "delivery_method": _choice(frozenset({"sms", "email"})),
    "completion_redirect_uri": _text(),
    "url_lifetime_seconds": Field("integer", low=1, high=21 * 86_400),
    "is_mobile_app": _FLAG,
}
_ACCESS: dict[str, Field] = {"access_token": _TOKEN}

TABLES: dict[str, dict[str, Field]] = {
    "/link/token/create": {
        "client_name": _text(required=True, low=1),
        "language": _text(required=True, low=1),
        "country_codes": _COUNTRIES,
        "user": Field("object", inside=_LINK_USER),
        "user_id": _text(),
        "products": _PRODUCTS,
        "required_if_supported_products": _PRODUCTS,
        "optional_products": _PRODUCTS,
        "additional_consented_products": _PRODUCTS,
        "webhook": _text(),
        "access_token": _text(nullable=True, low=1),
        "access_tokens": _IDS,
        "link_customization_name": _text(),
        "appearance_mode": _choice(frozenset({"LIGHT", "DARK", "SYSTEM"}), nullable=True),
        "redirect_uri": _text(),
        "android_package_name": _text(),
        "institution_id": _text(),
        "consumer_report_permissible_purpose": _text(),
        "third_party_user_token": _text(),
        "user_token": _text(),
        "cra_enabled": _FLAG,
        "financekit_supported": _FLAG,
        "enable_multi_item_link": _FLAG,
        "hosted_link": Field("object", inside=_HOSTED),
        "transactions": Field("object", inside={"days_requested": _DAYS}),
        **dict.fromkeys(_LINK_OBJECTS, _ANY_OBJECT),
    },
    "/link/token/get": {"link_token": _TOKEN},
    "/item/public_token/exchange": {"public_token": _TOKEN},
    "/item/get": _ACCESS,
    "/item/remove": {
        **_ACCESS,
        "reason_code": _choice(REASONS, nullable=True),
        "reason_note": _text(nullable=True, high=512),
    },
    "/item/webhook/update": {**_ACCESS, "webhook": _text(nullable=True)},
    "/accounts/get": {**_ACCESS, "options": Field("object", inside={"account_ids": _IDS})},
    "/accounts/balance/get": {
        **_ACCESS,
        "options": Field(
            "object", inside={"account_ids": _IDS, "min_last_updated_datetime": _text()}
        ),
    },
    "/transactions/sync": {
        **_ACCESS,
        "cursor": _text(high=256),
        "count": _COUNT,
        "options": Field("object", inside={**_TRANSACTION_OPTIONS, "account_id": _text()}),
    },
    "/transactions/get": {
        **_ACCESS,
        "start_date": Field("day", required=True),
        "end_date": Field("day", required=True),
        "options": Field(
            "object",
            inside={
                **_TRANSACTION_OPTIONS,
                "account_ids": _IDS,
                "count": _COUNT,
                "offset": Field("integer", low=0),
                "include_personal_finance_category_beta": _FLAG,
            },
        ),
    },
    "/transactions/refresh": _ACCESS,
    "/transactions/recurring/get": {
        **_ACCESS,
        "account_ids": _IDS,
        "options": Field(
            "object",
            inside={
                "include_personal_finance_category": _FLAG,
                "personal_finance_category_version": _PFC_VERSION,
            },
        ),
    },
    "/institutions/get_by_id": {
        "institution_id": _text(required=True, low=1),
        "country_codes": _COUNTRIES,
        "options": Field("object", inside={**_OPTIONAL_METADATA, "include_status": _MAYBE_FLAG}),
    },
    "/institutions/search": {
        "query": _text(required=True, low=1),
        "products": _PRODUCTS,
        "country_codes": _COUNTRIES,
        "options": Field(
            "object",
            inside={
                **_OPTIONAL_METADATA,
                "oauth": _MAYBE_FLAG,
                "payment_initiation": _ANY_OBJECT,
            },
        ),
    },
    "/institutions/get": {
        "count": Field("integer", required=True, low=1, high=500),
        "offset": Field("integer", required=True, low=0),
        "country_codes": _COUNTRIES,
        "options": Field(
            "object",
            inside={
                **_OPTIONAL_METADATA,
                "products": _PRODUCTS,
                "routing_numbers": Field("list", nullable=True),
                "oauth": _MAYBE_FLAG,
            },
        ),
    },
    "/webhook_verification_key/get": {"key_id": _TOKEN},
    "/sandbox/public_token/create": {
        "institution_id": _TOKEN,
        "initial_products": Field("list", required=True, low=1, choices=PRODUCTS),
        "options": Field(
            "object",
            inside={
                "webhook": _text(),
                "override_username": _text(nullable=True),
                "override_password": _text(nullable=True),
                "transactions": Field(
                    "object",
                    nullable=True,
                    inside={
                        "start_date": Field("day"),
                        "end_date": Field("day"),
                        "days_requested": _DAYS,
                    },
                ),
                "statements": _ANY_OBJECT,
                "income_verification": _ANY_OBJECT,
            },
        ),
        "user_token": _text(),
        "user_id": _text(),
    },
    "/sandbox/item/reset_login": _ACCESS,
    "/sandbox/item/fire_webhook": {
        **_ACCESS,
        "webhook_type": _choice(WEBHOOK_TYPES),
        "webhook_code": _choice(WEBHOOK_CODES, required=True),
        "options": _ANY_OBJECT,
    },
    "/sandbox/transactions/create": {
        **_ACCESS,
        "transactions": Field(
            "list",
            required=True,
            low=1,
            inside={
                "date_transacted": Field("day", required=True),
                "date_posted": Field("day", required=True),
                "amount": Field("number", required=True),
                "description": _text(required=True),
                "iso_currency_code": _text(),
                "account_id": _text(),
            },
        ),
    },
}
