"""What may be asked of Plaid: each request is built anew from these fields and no others.

A body that names anything else, such as a token, a key or a webhook of its own, is refused.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
)

from hive_desktop.plaidkit.access import CLIENT_NAME, HISTORY_DAYS, PAGE_ROWS

if TYPE_CHECKING:
    from collections.abc import Mapping

LINK_CREATE: Final = "/link/token/create"
LINK_GET: Final = "/link/token/get"
EXCHANGE: Final = "/item/public_token/exchange"
ITEM_GET: Final = "/item/get"
ITEM_REMOVE: Final = "/item/remove"
ACCOUNTS: Final = "/accounts/get"
BALANCES: Final = "/accounts/balance/get"
SYNC: Final = "/transactions/sync"
WINDOW: Final = "/transactions/get"
REFRESH: Final = "/transactions/refresh"
INSTITUTION: Final = "/institutions/get_by_id"
KEY: Final = "/webhook_verification_key/get"

ID: Final = r"^[0-9A-Za-z_-]{1,128}$"
"""Ids of Plaid's and of ours: nothing that could be a path, a control or half a character."""
COUNTRIES: Final = r"^[A-Z]{2}(,[A-Z]{2}){0,19}$"
_PORT: Final = (
    "([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])"
)
HERE: Final = rf"^http://(localhost|127\.0\.0\.1|\[::1\]):{_PORT}([/?][!-\"$-~]*)?$"
"""An address on the desktop's own computer; no user's name, no fragment."""
_ROW_OPTIONS: Final[dict[str, object]] = {
    "include_original_description": True,
    "personal_finance_category_version": "v2",
}

Fields = dict[str, object]
Id = Annotated[str, StringConstraints(pattern=ID)]


def _real_day(text: str) -> str:
    date.fromisoformat(text)
    return text


def _whole(value: object) -> object:
    """Return 5 for 5.0: to JSON, and to its schemas, they are one number."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


Day = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"),
    AfterValidator(_real_day),
    Field(json_schema_extra={"format": "date"}),
]
Whole = Annotated[int, BeforeValidator(_whole)]
CompletionUrl = Annotated[str, StringConstraints(max_length=512, pattern=HERE)]
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]


class Body(BaseModel):
    """A body that holds what it says and nothing else."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Nothing(Body):
    """The body of a call that takes none: empty, or an empty object."""


class LinkBody(Body):
    """Which Link page to open."""

    mode: Literal["new", "update"]
    completion_url: CompletionUrl | None = Field(
        None, description="on the desktop's own computer: http://127.0.0.1:PORT/..."
    )
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")] = "en"
    country_codes: Annotated[list[CountryCode], Field(min_length=1, max_length=20)] | None = Field(
        None, description="as the relay is set up, when left out"
    )


class ExchangeBody(Body):
    """Which bank of which link to exchange; the bank may be left out where there is one."""

    id: Id
    bank: Id | None = None


class AckBody(Body):
    """Which exchanged bank the desktop holds now."""

    id: Id
    bank: Id


class SyncBody(Body):
    """A page of changes; without a cursor from the beginning."""

    cursor: Annotated[str, StringConstraints(max_length=256, pattern=r"^[!-~]*$")] = ""
    count: Annotated[Whole, Field(ge=1, le=PAGE_ROWS)] = PAGE_ROWS


class WindowBody(Body):
    """A page of the rows of a time frame."""

    start_date: Day
    end_date: Day
    offset: Annotated[Whole, Field(ge=0, le=10_000_000)] = 0
    count: Annotated[Whole, Field(ge=1, le=PAGE_ROWS)] = PAGE_ROWS


def link(
    body: LinkBody,
    user_id: str,
    country_codes: list[str],
    *,
    token: str | None,
    webhook: str | None,
) -> Fields:
    """Build a request for a Hosted Link page.

    Args:
        body: what the desktop asks for.
        user_id: names the person at Plaid; it says nothing about them.
        country_codes: whose banks are offered.
        token: opens the item to repair in update mode; None for a new bank.
        webhook: where Plaid tells of a new item; an old one keeps its own.
    """
    hosted = {"completion_redirect_uri": body.completion_url} if body.completion_url else {}
    fields: Fields = {
        "client_name": CLIENT_NAME,
        "language": body.language,
        "country_codes": body.country_codes or country_codes,
        "user": {"client_user_id": user_id},
        "hosted_link": hosted,
    }
    if token is not None:
        return {**fields, "access_token": token}
    if webhook is not None:
        fields["webhook"] = webhook
    return {
        **fields,
        "products": ["transactions"],
        "transactions": {"days_requested": HISTORY_DAYS},
    }


def accounts(token: str, account_id: str | None = None) -> Fields:
    """Build a request for accounts, or for one."""
    if account_id is None:
        return {"access_token": token}
    return {"access_token": token, "options": {"account_ids": [account_id]}}


def sync(token: str, body: SyncBody) -> Fields:
    """Build a request for a page of changes; an empty cursor must be left out."""
    fields: Fields = {"access_token": token, "count": body.count, "options": _ROW_OPTIONS}
    return {**fields, "cursor": body.cursor} if body.cursor else fields


def window(token: str, body: WindowBody) -> Fields:
    """Build a request for a page of a time frame."""
    return {
        "access_token": token,
        "start_date": body.start_date,
        "end_date": body.end_date,
        "options": {**_ROW_OPTIONS, "count": body.count, "offset": body.offset},
    }


def institution(institution_id: str, country_codes: list[str]) -> Mapping[str, object]:
    """Build a request for a bank's name."""
    return {"institution_id": institution_id, "country_codes": country_codes}
