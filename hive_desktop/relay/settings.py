"""What the relay is started with: variables `HIVE_RELAY_*`, or files in a folder of secrets.

A missing or weak secret ends the start, and says which one it is; its value is never repeated.
"""

from __future__ import annotations

import base64
import binascii
import os
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError
from pydantic import field_validator as validates
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from hive_desktop.plaidkit.access import Access
from hive_desktop.plaidkit.errors import PlaidError
from hive_desktop.plaidkit.hosts import is_loopback

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX: Final = "HIVE_RELAY_"
_SHORTEST_SECRET: Final = 32
_FEWEST_LETTERS: Final = 12
_SEALING_KEY_BYTES: Final = 32
_MOST_LIVE_KEYS: Final = 2
_LONGEST_KEY_ID: Final = 16
_UNUSABLE: Final = (
    "cannot be used: the host is production, sandbox or an address on this computer, "
    "and keys are printable text without spaces."
)
_PLACEHOLDERS: Final = ("changeme", "change-me", "example", "password", "your-", "placeholder")


class SettingsError(Exception):
    """The relay cannot start as it was set up. Each line names a variable, none a value."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


Network = IPv4Network | IPv6Network


def _strong(secret: str) -> str:
    if len(secret.encode()) < _SHORTEST_SECRET:
        raise ValueError(f"is shorter than {_SHORTEST_SECRET} bytes")
    if len(set(secret)) < _FEWEST_LETTERS or any(w in secret.lower() for w in _PLACEHOLDERS):
        raise ValueError("can be guessed; make one with: hive-relay key")
    return secret


def _keyed(value: object) -> object:
    """Split `id:secret,id:secret` into pairs, the one that signs first."""
    if not isinstance(value, str):
        return value
    pairs: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in value.split(","))):
        key_id, colon, secret = part.partition(":")
        if not (colon and key_id.isalnum() and len(key_id) <= _LONGEST_KEY_ID and secret):
            raise ValueError("is not of the form id:secret, or id:secret,id:secret")
        if key_id in pairs:
            raise ValueError("names one key twice")
        pairs[key_id] = secret
    return pairs


def _few(keys: Mapping[str, SecretStr]) -> None:
    if not 1 <= len(keys) <= _MOST_LIVE_KEYS:
        raise ValueError(f"holds {len(keys)} keys; one signs and one more may still be valid")


def _signing(keys: dict[str, SecretStr]) -> dict[str, SecretStr]:
    _few(keys)
    for secret in keys.values():
        _strong(secret.get_secret_value())
    return keys


def _sealing(keys: dict[str, SecretStr]) -> dict[str, SecretStr]:
    for secret in keys.values():
        raw = sealing_key(secret)
        if len(set(raw)) < _FEWEST_LETTERS:
            raise ValueError("can be guessed; make one with: hive-relay key")
    if not keys:
        raise ValueError("holds no key")
    return keys


def sealing_key(secret: SecretStr) -> bytes:
    """Return the 32 bytes of a sealing key written in base64 (either alphabet)."""
    text = secret.get_secret_value().replace("-", "+").replace("_", "/")
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("is not base64") from None
    if len(raw) != _SEALING_KEY_BYTES:
        raise ValueError(f"does not hold {_SEALING_KEY_BYTES} bytes")
    return raw


def _listed(value: object) -> object:
    return [p.strip() for p in value.split(",") if p.strip()] if isinstance(value, str) else value


def _network(value: object) -> object:
    try:
        return ip_network(value, strict=False) if isinstance(value, str) else value
    except ValueError:
        raise ValueError("is not a list of networks such as 10.0.0.0/8") from None


def _encrypted(value: str) -> str:
    parts = urlsplit(value)
    is_clear = parts.scheme == "http" and is_loopback(parts.hostname)
    if not parts.hostname or (parts.scheme != "https" and not is_clear):
        raise ValueError("must be https, or an address on this computer: the key goes there")
    return value


def _origin(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
        raise ValueError("is not an origin such as https://hive.example.org")
    if parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError("is not an origin such as https://hive.example.org")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise ValueError("must be https: passwords and money go through it")
    return value.rstrip("/")


SigningKeys = Annotated[
    dict[str, SecretStr], NoDecode, BeforeValidator(_keyed), AfterValidator(_signing)
]
SealingKeys = Annotated[
    dict[str, SecretStr], NoDecode, BeforeValidator(_keyed), AfterValidator(_sealing)
]
Origins = Annotated[
    list[Annotated[str, AfterValidator(_origin)]], NoDecode, BeforeValidator(_listed)
]
Networks = Annotated[
    list[Annotated[Network, BeforeValidator(_network)]], NoDecode, BeforeValidator(_listed)
]


class Settings(BaseSettings):
    """How one relay is set up. Secrets have no text form."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, extra="ignore", frozen=True, env_ignore_empty=True
    )

    plaid_client_id: SecretStr = Field(description="Plaid's client id")
    plaid_secret: SecretStr = Field(description="Plaid's secret of that environment")
    plaid_host: str = Field("production", description="production, sandbox, or a loopback address")
    plaid_country_codes: Annotated[list[str], NoDecode, BeforeValidator(_listed)] = Field(
        ["US"], description="countries whose banks Link offers"
    )
    jwt_keys: SigningKeys = Field(description="id:secret pairs that sign sign-ins, newest first")
    sealing_keys: SealingKeys = Field(
        description="id:base64 pairs of 32 bytes that seal tokens, newest first"
    )
    public_url: Annotated[str, AfterValidator(_origin)] = Field(
        description="where desktops and Plaid reach the relay"
    )

    host: str = Field("127.0.0.1", description="address to listen on")
    port: int = Field(8700, ge=0, le=65_535, description="port to listen on; 0 takes a free one")
    database_url: SecretStr = Field(
        SecretStr("sqlite:///hive-relay.db"), description="SQLite, or postgresql://user:...@host/db"
    )
    redis_url: SecretStr | None = Field(None, description="joins several relays into one")
    trusted_proxies: Networks = Field(
        [], description="networks of proxies whose X-Forwarded-For is believed"
    )
    cors_origins: Origins = Field([], description="web pages that may call; none by default")
    registration: Literal["closed", "open"] = Field(
        "closed", description="closed asks for an invite code"
    )
    max_items_per_user: int = Field(20, ge=1, description="banks a person may connect")
    calls_per_minute: int = Field(600, ge=1, description="requests a person may make a minute")
    metrics_token: SecretStr | None = Field(
        None, description="bearer of /metrics; without it only this computer may read them"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    drain_seconds: float = Field(20.0, ge=0, le=300, description="time to finish after SIGTERM")

    openai_key: SecretStr | None = Field(None, description="turns the AI pass-through on")
    openai_base_url: Annotated[str, AfterValidator(_encrypted)] = Field(
        "https://api.openai.com/v1", description="whose models"
    )
    openai_models: Annotated[list[str], NoDecode, BeforeValidator(_listed)] = Field(
        [], description="models that may be asked for; empty means all"
    )
    ai_tokens_per_day: int = Field(500_000, ge=0, description="tokens a person may use a day")

    @validates("metrics_token")
    @classmethod
    def _strong_token(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None:
            _strong(token.get_secret_value())
        return token

    @property
    def plaid(self) -> Access:
        """Return Plaid's host and keys."""
        return Access(
            self.plaid_host,
            self.plaid_client_id.get_secret_value(),
            self.plaid_secret.get_secret_value(),
        )

    @property
    def environment(self) -> str:
        """Return which of Plaid's environments items belong to: a name that seals are bound to."""
        return self.plaid.base

    @property
    def issuer(self) -> str:
        """Return who signs sign-ins."""
        return self.public_url


def load() -> Settings:
    """Read settings from the environment, and from files in the folder HIVE_RELAY_SECRETS_DIR.

    A file there is named like its variable, in small letters; the variable goes before the file.

    Raises:
        SettingsError: something is missing, weak or not understood.
    """
    folder = os.environ.get(f"{PREFIX}SECRETS_DIR") or None
    if folder is not None and not Path(folder).is_dir():
        raise SettingsError([f"{PREFIX}SECRETS_DIR names no folder."])
    try:
        settings = Settings(_secrets_dir=folder)  # type: ignore[call-arg]
        _ = settings.plaid
    except ValidationError as exc:
        raise SettingsError([_problem(error) for error in exc.errors()]) from None
    except PlaidError:
        raise SettingsError([f"{PREFIX}PLAID_HOST and the keys of Plaid {_UNUSABLE}"]) from None
    return settings


def _problem(error: object) -> str:
    found: Mapping[str, object] = error if isinstance(error, dict) else {}
    place = found.get("loc")
    name = str(place[0]) if isinstance(place, tuple) and place else "?"
    words = str(found.get("msg", "is not valid")).removeprefix("Value error, ")
    said = "is missing." if found.get("type") == "missing" else f"{words}."
    return f"{PREFIX}{name.upper()} {said}"
