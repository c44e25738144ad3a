"""What the account routes take and answer."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime, timedelta
from typing import Annotated, Final

from email_validator import EmailNotValidError, validate_email
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
)

from hive_desktop.relay.auth.passwords import LONGEST, SHORTEST
from hive_desktop.relay.store.instants import from_ms

_LONGEST_EMAIL: Final = 254
_LONGEST_TOKEN: Final = 200
_LONGEST_SEALED: Final = 1024
_MOST_ITEMS: Final = 200
_EPOCH: Final = date(1970, 1, 1)


def normal_email(text: str) -> str:
    """Return an e-mail address in the one form in which it is stored and compared.

    Raises:
        ValueError: it is none.
    """
    try:
        # Nothing is ever sent there, so that a name in a home's own network will do.
        found = validate_email(text, check_deliverability=False, globally_deliverable=False)
    except EmailNotValidError:
        raise ValueError("is no e-mail address") from None
    return unicodedata.normalize("NFC", found.normalized.casefold())


def _whole(value: object) -> object:
    """Refuse halves of characters, which JSON can write and no encoding can hold."""
    if isinstance(value, str) and any("\ud800" <= character <= "\udfff" for character in value):
        raise ValueError("holds half a character")
    return value


def _text(value: object) -> object:
    """Refuse control characters, NUL among them, and halves of characters."""
    if isinstance(value, str) and any(unicodedata.category(c) in {"Cc", "Cs"} for c in value):
        raise ValueError("holds control characters")
    return value


def _instant(value: object) -> object:
    return from_ms(value) if isinstance(value, int) else value


def _day(value: object) -> object:
    return _EPOCH + timedelta(days=value) if isinstance(value, int) else value


Email = Annotated[
    str,
    StringConstraints(min_length=3, max_length=_LONGEST_EMAIL),
    BeforeValidator(_text),
    AfterValidator(normal_email),
    Field(json_schema_extra={"format": "email"}),
]
Password = Annotated[SecretStr, Field(min_length=1, max_length=LONGEST), BeforeValidator(_whole)]
NewPassword = Annotated[
    SecretStr, Field(min_length=SHORTEST, max_length=LONGEST), BeforeValidator(_whole)
]
Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=100),
    BeforeValidator(_text),
]
Token = Annotated[
    SecretStr, Field(min_length=1, max_length=_LONGEST_TOKEN), BeforeValidator(_whole)
]
Sealed = Annotated[
    str, StringConstraints(min_length=1, max_length=_LONGEST_SEALED), BeforeValidator(_text)
]

Instant = Annotated[datetime, BeforeValidator(_instant)]
Day = Annotated[date, BeforeValidator(_day)]


class _Body(BaseModel):
    """A request: an unknown field is a refusal."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class Register(_Body):
    """A new account."""

    email: Email
    password: NewPassword
    device_name: Name
    invite: Token | None = None


class Login(_Body):
    """A sign-in."""

    email: Email
    password: Password
    device_name: Name


class Refresh(_Body):
    """A renewal of a sign-in; a browser leaves the token out and sends its cookie."""

    refresh_token: Token | None = None


class ChangePassword(_Body):
    """Another password."""

    old: Password
    new: NewPassword


class DeleteAccount(_Body):
    """The end of an account."""

    password: Password
    items: list[Sealed] = Field(
        default=[],
        max_length=_MOST_ITEMS,
        description="sealed tokens of the items, which are removed at Plaid first",
    )
    abandon: bool = Field(
        default=False,
        description="delete the account although items stay at Plaid, where they may still bill",
    )


class UserOut(BaseModel):
    """A person."""

    id: str
    email: str


class SignedIn(BaseModel):
    """A sign-in on one device."""

    access_token: str
    expires_at: datetime
    refresh_token: str | None = Field(description="null when it is in the cookie")
    refresh_expires_at: datetime
    user: UserOut
    device_id: str


class Me(UserOut):
    """Who is signed in, and on which device."""

    device_id: str
    created_at: datetime


class DeviceOut(BaseModel):
    """A device that is signed in."""

    id: str
    name: str
    created_at: Instant
    used_at: Instant
    expires_at: Instant
    is_current: bool


class Devices(BaseModel):
    """All devices that are signed in."""

    devices: list[DeviceOut]


class _Stored(BaseModel):
    """Rows, read with their instants as such."""

    model_config = ConfigDict(from_attributes=True)


class StoredUser(_Stored):
    """A person as stored."""

    id: str
    email: str
    created_at: Instant


class StoredDevice(_Stored):
    """A device as stored."""

    id: str
    name: str
    created_at: Instant
    used_at: Instant
    expires_at: Instant
    revoked_at: Instant | None
    revoked_for: str | None


class StoredItem(_Stored):
    """A bank that is or was connected, and how much of its news the desktop was told."""

    id: str
    institution_id: str | None
    institution: str
    created_at: Instant
    removed_at: Instant | None
    news_seq: int
    told_seq: int
    news_at: Instant | None


class StoredLink(_Stored):
    """A sign-in at a bank that was begun."""

    id: str
    device_id: str
    item_id: str | None
    created_at: Instant
    expires_at: Instant


class StoredExchange(_Stored):
    """The last step of connecting a bank."""

    id: str
    link_id: str
    state: str
    item_id: str | None
    begun_at: Instant
    acknowledged_at: Instant | None
    expires_at: Instant


class StoredAiDay(_Stored):
    """Use of the AI on one day."""

    day: Day
    requests: int
    tokens: int


class StoredEvent(_Stored):
    """Something that happened to the account."""

    at: Instant
    kind: str
    device_id: str | None
    address: str | None
    detail: str


class Stored(_Stored):
    """Everything that the relay stores of a person, but for hashes and sealed values."""

    user: StoredUser
    devices: list[StoredDevice]
    items: list[StoredItem]
    links: list[StoredLink]
    exchanges: list[StoredExchange]
    ai_usage: list[StoredAiDay]
    events: list[StoredEvent] = Field(description="the newest thousand, newest first")
