"""What a client is opened with: whose keys, which host, and what it asks of every bank."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hive_desktop.plaidkit.errors import Advice, PlaidError
from hive_desktop.plaidkit.hosts import resolve_host

API_VERSION: Final = "2020-09-14"
CLIENT_NAME: Final = "Hive"
HISTORY_DAYS: Final = 730
"""Cannot be raised once an item exists, so all that Plaid keeps is asked for."""
PAGE_ROWS: Final = 500
_LONGEST_KEY: Final = 256


@dataclass(frozen=True, slots=True, repr=False)
class Access:
    """A host and the keys that open it; no text form shows them.

    Raises:
        PlaidError: a host that is not Plaid's nor on this computer, or keys that cannot be keys.
    """

    host: str
    client_id: str
    secret: str

    def __post_init__(self) -> None:
        resolve_host(self.host)
        if not (_is_key(self.client_id) and _is_key(self.secret)):
            raise PlaidError("INVALID_API_KEYS", Advice.CONFIG)

    def __repr__(self) -> str:
        return f"Access({self.host})"

    @property
    def base(self) -> str:
        """Return the host's address."""
        return resolve_host(self.host)


@dataclass(frozen=True, slots=True, repr=False)
class LinkOptions:
    """The choices of one Hosted Link page.

    Args:
        user_id: a stable name for the person that says nothing about them.
        completion_url: where the browser goes when the page is done.
        relink_token: the access token of an item to repair (update mode); None for a new bank.
    """

    user_id: str
    completion_url: str | None = None
    relink_token: str | None = None
    country_codes: tuple[str, ...] = ("US",)
    language: str = "en"

    def __repr__(self) -> str:
        return "LinkOptions(***)"


def _is_key(text: str) -> bool:
    # They travel as header values: anything else would end up in an exception's text.
    is_plain = text.isascii() and text.isprintable() and " " not in text
    return is_plain and 0 < len(text) <= _LONGEST_KEY
