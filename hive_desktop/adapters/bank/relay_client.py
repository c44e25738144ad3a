"""Banks through a relay: Plaid's calls without Plaid's keys, by sealed tokens.

Implements `ports.relay.RelayLink`. Plaid's answers come through the relay byte for byte and are
read here as they are when Plaid is asked directly.
"""

from __future__ import annotations

import base64
from collections import deque
from contextlib import contextmanager
from functools import partial
from threading import Event
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

import msgspec

from hive_desktop.adapters.bank import relay_http, translate
from hive_desktop.adapters.bank.relay_http import RelayHttp
from hive_desktop.adapters.bank.relay_session import RelaySession, in_thread
from hive_desktop.adapters.bank.relay_socket import open_stream
from hive_desktop.adapters.sent import entry_of
from hive_desktop.plaidkit import pace
from hive_desktop.plaidkit.answers import AnswerReader
from hive_desktop.plaidkit.egress import Recorder
from hive_desktop.plaidkit.pace import Pace
from hive_desktop.plaidkit.retry import trying
from hive_desktop.plaidkit.rows import clean
from hive_desktop.plaidkit.transport import PURPOSES, Patience
from hive_desktop.plaidkit.wire import decode, parse_instant
from hive_desktop.ports.bank import (
    AccessToken,
    ExchangedItem,
    LinkedBank,
    LinkOutcome,
    LinkStart,
    RenewedToken,
)
from hive_desktop.ports.errors import BankError, BankPermanentError, LinkError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Collection, Iterator, Mapping
    from datetime import date

    from hive_desktop.plaidkit.egress import SentRequest
    from hive_desktop.plaidkit.wire import Answer
    from hive_desktop.ports.bank import BankAccount, ItemInfo, SyncPage, WindowPage
    from hive_desktop.ports.egress import Egress
    from hive_desktop.ports.relay import NewsStream, RelayGrant
    from hive_desktop.ports.system import Clock

_LINK: Final = "hl1."
_PAGE_ROWS: Final = 500


class _LinkMade(msgspec.Struct):
    id: str
    url: str
    expires_at: str | None = None


class _LinkBank(msgspec.Struct):
    bank: str
    institution_id: str | None = None
    institution: str | None = None


class _LinkState(msgspec.Struct):
    is_finished: bool
    banks: list[_LinkBank] = []
    exit_code: str | None = None


class _Exchanged(msgspec.Struct):
    item_id: str
    sealed_token: str


_LINK_MADE: Final = msgspec.json.Decoder(_LinkMade)
_LINK_STATE: Final = msgspec.json.Decoder(_LinkState)
_EXCHANGED: Final = msgspec.json.Decoder(_Exchanged)
_DATA: Final = msgspec.json.Decoder(dict[str, Any])


class RelayClient:
    """One relay with one sign-in.

    Args:
        grant: the sign-in.
        keep: stores it again when it is renewed.
        egress_key: keys the hashes of request bodies; None while it is locked away.
        clock: dates the records of requests.
        country_codes: where the banks are that Link offers; by default, where the relay says.
        patience: time-outs and tries.
    """

    def __init__(
        self,
        grant: RelayGrant,
        keep: Callable[[RelayGrant], Awaitable[None]],
        *,
        egress_key: bytes | None,
        clock: Clock,
        country_codes: tuple[str, ...] = (),
        patience: Patience | None = None,
    ) -> None:
        self._url = grant.url
        self._patience = patience or Patience()
        self._country_codes = country_codes
        self._sent: deque[SentRequest] = deque()
        self._renewed: deque[RenewedToken] = deque()
        self._recorder = Recorder(egress_key, clock.now, self._sent.append)
        self._http = RelayHttp(grant.url, self._recorder, self._patience)
        self._closing = Event()
        self._session = RelaySession(self._http, grant, keep, self._wait)
        self._turns = Pace(pace.PRODUCTION)
        self._reader = AnswerReader()
        # What the relay still keeps for us, by the name of the attempt.
        self._unacknowledged: dict[bytes, tuple[str, str]] = {}

    def __repr__(self) -> str:
        return f"RelayClient({self._url})"

    async def bearer(self, *, stale: str | None = None) -> str:
        """Return an access token for what the relay offers besides banks."""
        return await self._session.bearer(stale=stale)

    async def begin_link(
        self, *, completion_url: str | None, relink: AccessToken | None = None
    ) -> LinkStart:
        """Open a Hosted Link page for a new bank, or in update mode for an item."""
        fields: dict[str, object] = {"mode": "update" if relink else "new"}
        if completion_url is not None:
            fields["completion_url"] = completion_url
        if relink is None and self._country_codes:
            fields["country_codes"] = self._country_codes
        answer = await self._ask(
            "/plaid/link-token", "/link/token/create", fields=fields, token=relink
        )
        made = decode(answer, _LINK_MADE)
        return LinkStart(_LINK + made.id, made.url, parse_instant(made.expires_at))

    async def poll_link(self, link_token: str) -> LinkOutcome:
        """Ask how the page stands."""
        link = _link_id(link_token)
        with _links():
            answer = await self._ask(
                f"/plaid/link-token/{quote(link, safe='')}", "/link/token/get", method="GET"
            )
        state = decode(answer, _LINK_STATE)
        banks = tuple(
            LinkedBank(
                public_token=f"{_LINK}{link}.{one.bank}",
                institution_id=one.institution_id or None,
                institution=clean(one.institution or ""),
            )
            for one in state.banks
        )
        return LinkOutcome(state.is_finished, banks, state.exit_code)

    async def exchange(self, public_token: str, attempt: bytes) -> ExchangedItem:
        """Let the relay turn a bank of a link into an item; asked again it gives the same."""
        link, _, bank = _link_id(public_token).partition(".")
        # Free to repeat: asked again, the relay gives what it got.
        with _links():
            answer = await self._ask(
                "/plaid/exchange",
                "/item/public_token/exchange",
                fields={"id": link, "bank": bank},
                is_slow=True,
                is_free=True,
            )
        got = decode(answer, _EXCHANGED)
        self._unacknowledged[attempt] = (link, bank)
        return ExchangedItem(got.item_id, AccessToken(got.sealed_token))

    async def forget_exchanges(self, open_attempts: Collection[bytes]) -> None:
        """Tell the relay that it need not keep the sealed tokens of all exchanges but these.

        A relay that is away forgets them by itself within half an hour.
        """
        for attempt in set(self._unacknowledged) - set(open_attempts):
            link, bank = self._unacknowledged.pop(attempt)
            try:
                await self._ask(
                    "/plaid/exchange/ack",
                    "/item/public_token/exchange",
                    fields={"id": link, "bank": bank},
                )
            except (BankError, LinkError):
                continue

    async def item(self, token: AccessToken) -> ItemInfo:
        """Read the item's own state."""
        answer = await self.answer_of_item(token)
        return translate.item_info(await in_thread(self._reader.item, answer))

    async def answer_of_item(self, token: AccessToken) -> Answer:
        """Return the item's own state as it came."""
        return await self._ask("/item", "/item/get", method="GET", token=token)

    async def accounts(self, token: AccessToken) -> list[BankAccount]:
        """Read accounts with cached balances (free)."""
        answer = await self.answer_of_accounts(token)
        return translate.accounts(await in_thread(self._reader.accounts, answer))

    async def answer_of_accounts(self, token: AccessToken) -> Answer:
        """Return the accounts as they came."""
        return await self._ask("/accounts", "/accounts/get", method="GET", token=token)

    async def balances(self, token: AccessToken) -> list[BankAccount]:
        """Read accounts with live balances (billed)."""
        answer = await self._ask(
            "/accounts/sync", "/accounts/balance/get", fields={}, token=token, is_slow=True
        )
        return translate.accounts(await in_thread(self._reader.accounts, answer))

    async def sync_page(self, token: AccessToken, cursor: str) -> SyncPage:
        """Read the page of changes after a cursor."""
        answer = await self.answer_of_page(token, cursor)
        return translate.sync_page(await in_thread(self._reader.sync_page, answer))

    async def answer_of_page(self, token: AccessToken, cursor: str) -> Answer:
        """Return the page of changes after a cursor as it came."""
        fields: dict[str, object] = {"count": _PAGE_ROWS}
        if cursor:
            fields["cursor"] = cursor
        path = "/transactions/sync"
        return await self._ask(path, path, fields=fields, token=token, is_free=True)

    async def window_page(
        self, token: AccessToken, start: date, end: date, offset: int
    ) -> WindowPage:
        """Read a page of the rows posted between two dates, both included."""
        path = "/transactions/get"
        fields = {
            "start_date": start.isoformat(),
            "end_date": end.isoformat(),
            "offset": offset,
            "count": _PAGE_ROWS,
        }
        answer = await self._ask(path, path, fields=fields, token=token, is_free=True)
        return translate.window_page(await in_thread(self._reader.window_page, answer))

    async def refresh(self, token: AccessToken) -> None:
        """Ask the bank to look for new rows (rationed)."""
        path = "/transactions/refresh"
        await self._ask(path, path, fields={}, token=token, is_slow=True)

    async def remove(self, token: AccessToken) -> None:
        """End the connection at the bank."""
        item = _item_id(token)
        path = f"/plaid/items/{quote(item, safe='')}"
        await self._ask(path, "/item/remove", method="DELETE", token=token)

    async def known_data(self) -> Mapping[str, object]:
        """Read all that the relay keeps of the person."""
        answer = await self._session.call(
            partial(self._send, "GET", "/me/data", "Read what the relay knows of you")
        )
        return decode(answer, _DATA)

    async def revoke_device(self, device_id: str) -> None:
        """Sign another of the person's devices out."""
        path = f"/auth/devices/{quote(device_id, safe='')}"
        with relay_http.given():
            await self._session.call(partial(self._send, "DELETE", path, "Sign a lost device out"))

    async def change_password(self, old: str, new: str) -> None:
        """Change the person's password; their other devices are signed out."""
        send = partial(
            self._send,
            "POST",
            "/auth/password",
            "Change the password at the relay",
            fields={"old": old, "new": new},
        )
        with relay_http.given():
            await self._session.call(send)

    async def delete_account(
        self, password: str, tokens: Collection[AccessToken], *, abandon: bool
    ) -> None:
        """End the items that these tokens open at Plaid, then the account."""
        fields = {
            "password": password,
            "items": [token.value for token in tokens],
            "abandon": abandon,
        }
        await self._session.call(
            partial(
                self._send,
                "DELETE",
                "/auth/me",
                "Delete the account at the relay",
                fields=fields,
                slow=True,
            )
        )

    async def sign_out(self, *, everywhere: bool) -> None:
        """End this sign-in at the relay, or all of the person's."""
        await self._session.end(everywhere=everywhere)

    async def listen(self) -> NewsStream:
        """Open a line for news."""

        async def bearer(stale: str | None) -> str:
            return await self._session.bearer(stale=stale)

        return await open_stream(self._url, bearer, self._recorder)

    def drain_egress(self) -> list[Egress]:
        """Take the records of requests made since the last call, oldest first."""
        return [entry_of(self._sent.popleft()) for _ in range(len(self._sent))]

    def drain_renewed(self) -> list[RenewedToken]:
        """Take the tokens that the relay sealed anew, under a newer key."""
        return [self._renewed.popleft() for _ in range(len(self._renewed))]

    async def close(self) -> None:
        """Break calls under way; later ones find the relay offline."""
        self._closing.set()
        await self._session.close()
        self._http.close()

    async def _ask(  # noqa: PLR0913 - the parts of one call
        self,
        path: str,
        plaid_path: str,
        *,
        method: str = "POST",
        fields: Mapping[str, object] | None = None,
        token: AccessToken | None = None,
        is_slow: bool = False,
        is_free: bool = False,
    ) -> Answer:
        """Make one call; GET, and what `is_free` says, is tried again after passing faults."""
        send = partial(
            self._send,
            method,
            path,
            PURPOSES[plaid_path],
            fields=fields,
            item=token.value if token else None,
            slow=is_slow,
        )

        def call(bearer: str) -> Answer:
            if token is not None:
                self._take_turn(plaid_path, token)
            if is_free or method == "GET":
                return trying(self._patience, self._wait, send, bearer)
            return send(bearer)

        answer = await self._session.call(call)
        renewed = answer.headers.get(relay_http.RESEALED)
        if token is not None and renewed:
            self._renewed.append(RenewedToken(token, AccessToken(renewed)))
        return answer

    def _send(self, method: str, path: str, purpose: str, bearer: str, **options: Any) -> Answer:
        return self._http.send(method, path, purpose, bearer=bearer, **options)

    def _take_turn(self, plaid_path: str, token: AccessToken) -> None:
        key = pace.item_key(token.value)
        self._turns.take(
            plaid_path, key, longest_s=self._patience.longest_queue_s, sleep=self._wait
        )

    def _wait(self, seconds: float) -> None:
        self._closing.wait(seconds)


@contextmanager
def _links() -> Iterator[None]:
    """Tell of a link or a bank of it that the relay does not have any more."""
    try:
        yield
    except BankError as error:
        if error.code != relay_http.NOT_FOUND:
            raise
        raise LinkError("The page at the bank has expired, or was another person's.") from error


def _link_id(link_token: str) -> str:
    return link_token.removeprefix(_LINK)


def _item_id(token: AccessToken) -> str:
    """Return the id that a sealed token carries in the open: hs1.<key>.<item, base64>.<rest>."""
    try:
        item = token.value.split(".")[2].encode()
        padded = item + b"=" * (-len(item) % 4)
        found = base64.b64decode(padded, altchars=b"-_", validate=True).decode()
    except (IndexError, ValueError) as exc:
        raise BankPermanentError(code="SEALED_TOKEN") from exc
    if not found:
        raise BankPermanentError(code="SEALED_TOKEN")
    return found
