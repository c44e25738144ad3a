"""Link tokens, their sessions and public tokens: what happens between "connect" and the exchange.

This module keeps records and writes them as /link/token/get tells them. It draws no page and links
no item; ``world`` does the linking.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from hive_desktop.sandbox.clock import iso_instant
from hive_desktop.sandbox.errors import PlaidError

if TYPE_CHECKING:
    from datetime import datetime

    from hive_desktop.sandbox.clock import Clock
    from hive_desktop.sandbox.ids import Minter
    from hive_desktop.sandbox.institutions import Institution
    from hive_desktop.sandbox.items import Item

PUBLIC_TOKEN_SECONDS = 30 * 60
SESSION_KEPT_SECONDS = 6 * 3600
PLAIN_LIFE_SECONDS = 4 * 3600
UPDATE_LIFE_SECONDS = 30 * 60
HOSTED_LIFE_SECONDS = 30 * 60


@dataclass(slots=True)
class LinkSession:
    """One visit of a person to the Link page."""

    session_id: str
    nonce: str
    started_at: datetime
    finished_at: datetime | None = None
    events: list[dict[str, Any]] = field(default_factory=list)
    added: list[dict[str, Any]] = field(default_factory=list)
    is_success: bool = False
    exit: dict[str, Any] | None = None
    institution: Institution | None = None

    def results(self) -> dict[str, Any] | None:
        """``results`` with all six keys, or None while nothing came of the session."""
        if not self.is_success:
            return None
        return {
            "bank_income_results": [],
            "cra_item_add_results": [],
            "cra_update_results": [],
            "document_income_results": None,
            "item_add_results": self.added,
            "payroll_income_results": [],
        }

    def as_plaid(self) -> dict[str, Any]:
        """Plaid's link session; events newest first, as Plaid lists them."""
        told: dict[str, Any] = {
            "events": list(reversed(self.events)),
            "link_session_id": self.session_id,
            "started_at": iso_instant(self.started_at),
        }
        if self.finished_at is not None:
            told["finished_at"] = iso_instant(self.finished_at)
        results = self.results()
        if results is not None:
            told["results"] = results
            told["on_success"] = self._on_success()
        if self.exit is not None:
            told["exit"] = self.exit
            told["on_exit"] = self.exit
        return told

    def _on_success(self) -> dict[str, Any] | None:
        if not self.added:
            return None
        first = self.added[0]
        return {
            "metadata": {
                "accounts": first["accounts"],
                "institution": first["institution"],
                "link_session_id": self.session_id,
                "transfer_status": None,
            },
            "public_token": first["public_token"],
        }


@dataclass(slots=True)
class LinkToken:
    """A link token and everything that it was asked for with.

    Attributes:
        hosted_id: The secret part of the hosted page's address; None without ``hosted_link``.
        update_item: The item to repair, in update mode.
        expires: Clock seconds after which no session may begin.
    """

    token: str
    client_name: str
    language: str
    country_codes: tuple[str, ...]
    products: tuple[str, ...]
    days_requested: int
    created_at: datetime
    expiration: datetime
    expires: float
    webhook: str | None = None
    redirect_uri: str | None = None
    hosted_id: str | None = None
    completion_uri: str | None = None
    update_item: Item | None = None
    institution_id: str | None = None
    user_id: str | None = None
    sessions: list[LinkSession] = field(default_factory=list)

    def as_plaid(self) -> dict[str, Any]:
        """The answer of /link/token/get, without its request id."""
        told: dict[str, Any] = {
            "created_at": iso_instant(self.created_at),
            "expiration": iso_instant(self.expiration),
            "link_sessions": [session.as_plaid() for session in self.sessions],
            "link_token": self.token,
            "metadata": {
                "client_name": self.client_name,
                "country_codes": list(self.country_codes),
                "initial_products": list(self.products),
                "language": self.language,
                "redirect_uri": self.redirect_uri,
                "webhook": self.webhook,
            },
        }
        if self.user_id is not None:
            told["user_id"] = self.user_id
        return told


@dataclass(slots=True)
class PublicToken:
    """A one-time token for an item; ``expires`` is in clock seconds."""

    item: Item
    expires: float


@dataclass(frozen=True, slots=True)
class LinkRequest:
    """What /link/token/create was asked for, checked."""

    client_name: str
    language: str
    country_codes: tuple[str, ...]
    products: tuple[str, ...] = ()
    days_requested: int = 90
    webhook: str | None = None
    redirect_uri: str | None = None
    is_hosted: bool = False
    completion_uri: str | None = None
    lifetime_seconds: int | None = None
    update_item: Item | None = None
    institution_id: str | None = None
    user_id: str | None = None


class LinkDesk:
    """Keeps link tokens and public tokens."""

    def __init__(self, minter: Minter, clock: Clock) -> None:
        self._minter = minter
        self._clock = clock
        self._tokens: dict[str, LinkToken] = {}
        self._hosted: dict[str, LinkToken] = {}
        self._public: dict[str, PublicToken] = {}

    def create(self, asked: LinkRequest) -> LinkToken:
        """Make a link token."""
        life = PLAIN_LIFE_SECONDS if asked.update_item is None else UPDATE_LIFE_SECONDS
        if asked.is_hosted:
            life = asked.lifetime_seconds or HOSTED_LIFE_SECONDS
        now = self._clock.now()
        link = LinkToken(
            token=self._minter.token("link"),
            client_name=asked.client_name,
            language=asked.language,
            country_codes=asked.country_codes,
            products=asked.products,
            days_requested=asked.days_requested,
            created_at=now,
            expiration=now + timedelta(seconds=life),
            expires=self._clock.seconds() + life,
            webhook=asked.webhook,
            redirect_uri=asked.redirect_uri,
            hosted_id=self._minter.opaque("hosted") if asked.is_hosted else None,
            completion_uri=asked.completion_uri,
            update_item=asked.update_item,
            institution_id=asked.institution_id,
            user_id=asked.user_id,
        )
        self._tokens[link.token] = link
        if link.hosted_id is not None:
            self._hosted[link.hosted_id] = link
        return link

    def get(self, token: str) -> LinkToken:
        """The link token, as long as Plaid keeps its record.

        Raises:
            PlaidError: INVALID_LINK_TOKEN for an unknown or long expired one.
        """
        link = self._tokens.get(token)
        if link is None or self._clock.seconds() > link.expires + SESSION_KEPT_SECONDS:
            raise PlaidError("INVALID_LINK_TOKEN")
        return link

    def hosted(self, hosted_id: str) -> LinkToken | None:
        """The link token of a hosted page that is still open."""
        link = self._hosted.get(hosted_id)
        return link if link is not None and self.is_open(link) else None

    def is_open(self, link: LinkToken) -> bool:
        """Whether a session may still begin."""
        return self._clock.seconds() <= link.expires

    def begin(self, link: LinkToken) -> LinkSession:
        """Begin a session: the page is open, and the banks are shown."""
        session = LinkSession(
            self._minter.uuid("link-session"), self._minter.opaque("nonce"), self._clock.now()
        )
        link.sessions.append(session)
        self.record(session, "OPEN")
        self.record(session, "TRANSITION_VIEW", view_name="SELECT_INSTITUTION")
        return session

    def record(self, session: LinkSession, name: str, **extra: str) -> None:
        """Add an event to a session; the chosen bank is named in it."""
        metadata: dict[str, Any] = {"request_id": self._minter.request_id(), **extra}
        if session.institution is not None:
            metadata["institution_id"] = session.institution.institution_id
            metadata["institution_name"] = session.institution.name
        session.events.append(
            {
                "event_id": self._minter.uuid("event"),
                "event_metadata": metadata,
                "event_name": name,
                "timestamp": iso_instant(self._clock.now()),
            }
        )

    def finish(self, session: LinkSession, item: Item) -> str:
        """End a session with success; returns the public token in its results."""
        public_token = self.public_token(item)
        session.is_success = True
        session.added.append(
            {
                "accounts": [account.as_link_account() for account in item.accounts],
                "institution": {
                    "institution_id": item.institution.institution_id,
                    "name": item.institution.name,
                },
                "public_token": public_token,
            }
        )
        self.record(session, "HANDOFF")
        session.finished_at = self._clock.now()
        return public_token

    def leave(self, session: LinkSession, error: PlaidError | None = None) -> None:
        """End a session without an item."""
        status = "requires_credentials" if session.institution else "institution_not_found"
        self.record(session, "EXIT", exit_status=status)
        bank = session.institution
        session.exit = {
            "error": error.copy_for_item() if error else None,
            "metadata": {
                "institution": {
                    "institution_id": bank.institution_id if bank else "",
                    "name": bank.name if bank else "",
                },
                "link_session_id": session.session_id,
                "request_id": self._minter.request_id(),
                "status": status,
            },
        }
        session.finished_at = self._clock.now()

    def public_token(self, item: Item) -> str:
        """Make a public token for an item: good once, for half an hour."""
        token = self._minter.token("public")
        self._public[token] = PublicToken(item, self._clock.seconds() + PUBLIC_TOKEN_SECONDS)
        return token

    def exchange(self, token: str) -> Item:
        """Use up a public token.

        Raises:
            PlaidError: INVALID_PUBLIC_TOKEN when unknown, used or expired.
        """
        found = self._public.pop(token, None)
        if found is None or self._clock.seconds() > found.expires or found.item.removed:
            raise PlaidError("INVALID_PUBLIC_TOKEN")
        return found.item
