"""Plaid's paths for items, accounts, institutions, Link and the sandbox's own helpers.

Each handler gets a checked body under the world's lock and returns a JSON object without request
id, or raises PlaidError. Transactions have their own module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from hive_desktop.sandbox.errors import PlaidError
from hive_desktop.sandbox.link import LinkRequest
from hive_desktop.sandbox.world import Login

if TYPE_CHECKING:
    from hive_desktop.sandbox.items import Item
    from hive_desktop.sandbox.link import LinkToken
    from hive_desktop.sandbox.scenario import Scenario

    Json = dict[str, Any]

HOSTED_PATH = "/hosted/"
DEFAULT_DAYS = 90


def link_token_create(world: Scenario, body: Json, base_url: str) -> Json:
    """/link/token/create."""
    token = body.get("access_token")
    item = world.item(token, needs_data=False) if token else None
    _check_link(body, item)
    hosted = body.get("hosted_link")
    link = world.desk.create(
        LinkRequest(
            client_name=_shown_name(body["client_name"]),
            language=body["language"],
            country_codes=tuple(body["country_codes"]),
            products=tuple(body.get("products") or ()),
            days_requested=_days(body.get("transactions")),
            webhook=body.get("webhook"),
            redirect_uri=body.get("redirect_uri"),
            is_hosted=hosted is not None,
            completion_uri=(hosted or {}).get("completion_redirect_uri"),
            lifetime_seconds=(hosted or {}).get("url_lifetime_seconds"),
            update_item=item,
            institution_id=body.get("institution_id"),
            user_id=body.get("user_id"),
        )
    )
    told = {"expiration": link.as_plaid()["expiration"], "link_token": link.token}
    if link.hosted_id is not None:
        told["hosted_link_url"] = hosted_url(base_url, link)
    return told


def hosted_url(base_url: str, link: LinkToken) -> str:
    """The address of a link token's hosted page."""
    return f"{base_url.rstrip('/')}{HOSTED_PATH}{link.hosted_id}"


def _shown_name(name: str) -> str:
    """Plaid shows a name of more than 30 characters as a general one."""
    return name if len(name) <= 30 else "This Application"


def _check_link(body: Json, item: Item | None) -> None:
    if body.get("user") is None and body.get("user_id") is None:
        raise PlaidError("MISSING_FIELDS", fields=("user",))
    products = body.get("products") or []
    if item is None and not products:
        raise PlaidError("MISSING_FIELDS", fields=("products",))
    if "balance" in products:
        msg = "balance is not a valid product to initialize Link with"
        raise PlaidError("INVALID_FIELD", msg)
    lists = ("products", "optional_products", "required_if_supported_products",
             "additional_consented_products")  # fmt: skip
    named = [product for name in lists for product in body.get(name) or []]
    if len(named) != len(set(named)):
        raise PlaidError("INVALID_FIELD", "a product is listed more than once")
    completion = (body.get("hosted_link") or {}).get("completion_redirect_uri")
    if completion is not None and not urlsplit(completion).scheme:
        raise PlaidError("INVALID_FIELD", "hosted_link.completion_redirect_uri must be a URI")
    redirect = urlsplit(body.get("redirect_uri") or "")
    if redirect.query or redirect.fragment:
        raise PlaidError("INVALID_FIELD", "redirect_uri must not contain a query or a fragment")


def _days(transactions: Json | None) -> int:
    """The requested days of history; Plaid's default is 90."""
    asked: int | None = (transactions or {}).get("days_requested")
    return DEFAULT_DAYS if asked is None else asked


def link_token_get(world: Scenario, body: Json) -> Json:
    """/link/token/get."""
    return world.desk.get(body["link_token"]).as_plaid()


def public_token_exchange(world: Scenario, body: Json) -> Json:
    """/item/public_token/exchange."""
    item = world.exchange(body["public_token"])
    return {"access_token": item.access_token, "item_id": item.item_id}


def item_get(world: Scenario, body: Json) -> Json:
    """/item/get."""
    item = world.item(body["access_token"], needs_data=False)
    return {"item": item.as_plaid(), "status": item.status_as_plaid()}


def item_remove(world: Scenario, body: Json) -> Json:
    """/item/remove."""
    world.forget(world.item(body["access_token"], needs_data=False))
    return {}


def item_webhook_update(world: Scenario, body: Json) -> Json:
    """/item/webhook/update."""
    item = world.item(body["access_token"], needs_data=False)
    item.webhook = body.get("webhook")
    world.notify(
        item, "ITEM", "WEBHOOK_UPDATE_ACKNOWLEDGED", error=None, new_webhook_url=item.webhook
    )
    return {"item": item.as_plaid()}


def accounts_get(world: Scenario, body: Json) -> Json:
    """/accounts/get and /accounts/balance/get: the simulated bank is always live."""
    item = world.item(body["access_token"])
    accounts = item.accounts_as_plaid()
    wanted = (body.get("options") or {}).get("account_ids")
    if wanted:
        ids = {item.account(account_id).account_id for account_id in wanted}
        accounts = [account for account in accounts if account["account_id"] in ids]
    return {"accounts": accounts, "item": item.as_plaid()}


def institutions_get_by_id(world: Scenario, body: Json) -> Json:
    """/institutions/get_by_id."""
    found = world.institution(body["institution_id"])
    if not set(found.country_codes) & set(body["country_codes"]):
        raise PlaidError("INVALID_INSTITUTION")
    return {"institution": found.as_plaid(optional_metadata=_wants_metadata(body))}


def institutions_search(world: Scenario, body: Json) -> Json:
    """/institutions/search: by any part of the name, ten at most."""
    asked = body["query"].casefold()
    products = set(body.get("products") or ())
    found = [
        one.as_plaid(optional_metadata=_wants_metadata(body))
        for one in world.institutions.values()
        if asked in one.name.casefold()
        and set(one.country_codes) & set(body["country_codes"])
        and products <= set(one.products)
    ]
    return {"institutions": found[:10]}


def institutions_get(world: Scenario, body: Json) -> Json:
    """/institutions/get."""
    options = body.get("options") or {}
    products = set(options.get("products") or ())
    oauth = options.get("oauth")
    found = [
        one.as_plaid(optional_metadata=_wants_metadata(body))
        for one in world.institutions.values()
        if set(one.country_codes) & set(body["country_codes"])
        and products <= set(one.products)
        and oauth in {None, one.oauth}
    ]
    offset: int = body["offset"]
    return {"institutions": found[offset : offset + body["count"]], "total": len(found)}


def _wants_metadata(body: Json) -> bool:
    return bool((body.get("options") or {}).get("include_optional_metadata"))


def webhook_verification_key_get(world: Scenario, body: Json) -> Json:
    """/webhook_verification_key/get."""
    if body["key_id"] != world.signer.key_id:
        raise PlaidError("INVALID_WEBHOOK_VERIFICATION_KEY_ID")
    return {"key": world.signer.jwk()}


def sandbox_public_token_create(world: Scenario, body: Json) -> Json:
    """/sandbox/public_token/create."""
    options = body.get("options") or {}
    login = Login(
        username=options.get("override_username") or "user_good",
        password=options.get("override_password") or "pass_good",
        products=tuple(body["initial_products"]),
        days_requested=_days(options.get("transactions")),
        webhook=options.get("webhook"),
    )
    item = world.connect(world.institution(body["institution_id"]), login)
    return {"public_token": world.desk.public_token(item)}


def sandbox_item_reset_login(world: Scenario, body: Json) -> Json:
    """/sandbox/item/reset_login."""
    item = world.item(body["access_token"], needs_data=False)
    world.break_login(item, "ITEM_LOGIN_REQUIRED")
    return {"reset_login": True}


def sandbox_item_fire_webhook(world: Scenario, body: Json) -> Json:
    """/sandbox/item/fire_webhook."""
    item = world.item(body["access_token"], needs_data=False)
    world.fire(item, body.get("webhook_type"), body["webhook_code"])
    return {"webhook_fired": True}
