"""Plaid as plain synchronous calls: take a turn, send, try again where that is free, decode.

Blocking: callers run it on a worker thread. One client serves several threads at a time.
"""

from __future__ import annotations

from threading import Event, Lock
from typing import TYPE_CHECKING, Final, Protocol

from hive_desktop.plaidkit import decoders, pace, wire
from hive_desktop.plaidkit.answers import AnswerReader
from hive_desktop.plaidkit.errors import Advice, PlaidError
from hive_desktop.plaidkit.hosts import resolve_host
from hive_desktop.plaidkit.pace import Pace
from hive_desktop.plaidkit.retry import trying
from hive_desktop.plaidkit.transport import Patience, Transport

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from types import ModuleType

    from hive_desktop.plaidkit import rows
    from hive_desktop.plaidkit.access import Access, LinkOptions
    from hive_desktop.plaidkit.egress import Recorder

# The methods that Plaid rations. Those of items begin with the item's token.
_RATIONED: Final = {
    "item_get": "/item/get",
    "item_remove": "/item/remove",
    "accounts_get": "/accounts/get",
    "accounts_balance_get": "/accounts/balance/get",
    "transactions_sync": "/transactions/sync",
    "transactions_get": "/transactions/get",
    "transactions_refresh": "/transactions/refresh",
    "institutions_get_by_id": "/institutions/get_by_id",
}
_OF_ITEMS: Final = frozenset(_RATIONED.values()) - {"/institutions/get_by_id"}


class _Method(Protocol):
    """One of plaid-python's generated methods."""

    def __call__(
        self, request: object, *, _preload_content: bool, _request_timeout: tuple[float, float]
    ) -> wire.Answer: ...


class PlaidClient:
    """Every call of Plaid's that Hive makes; each raises PlaidError and nothing else.

    Args:
        access: host and keys.
        recorder: receives a record of each request, on the calling thread.
        patience: time-outs and tries.
        sleep: waits some seconds for a turn or between tries; by default a wait that `close` ends.
        turns: gives out turns; by default by the limits of the host's environment.
    """

    def __init__(
        self,
        access: Access,
        recorder: Recorder,
        *,
        patience: Patience | None = None,
        sleep: Callable[[float], None] | None = None,
        turns: Pace | None = None,
    ) -> None:
        self._access = access
        self._patience = patience or Patience()
        is_production = access.base == resolve_host("production")
        self._turns = turns or Pace(pace.PRODUCTION if is_production else pace.SANDBOX)
        self._closing = Event()
        self._sleep = sleep or self._wait
        self._transport = Transport(access.base, recorder, self._patience)
        self._reader = AnswerReader()
        self._loading = Lock()
        self._sdk: tuple[ModuleType, object] | None = None

    def __repr__(self) -> str:
        return f"PlaidClient({self._access.host})"

    def link_token_create(self, options: LinkOptions) -> wire.LinkTokenAnswer:
        """Open a Hosted Link page. Its address is None where Plaid has not enabled Hosted Link."""
        build = self._requests().link_token_create
        return wire.decode(self._once("link_token_create", build, options), decoders.LINK_TOKEN)

    def link_token_get(self, link_token: str) -> wire.LinkStateAnswer:
        """Ask how a Link page stands."""
        build = self._requests().link_token_get
        return wire.decode(self._free("link_token_get", build, link_token), decoders.LINK_STATE)

    def exchange(self, public_token: str) -> wire.ExchangeAnswer:
        """Turn a public token into an item. It works once, so it is never tried again here."""
        answer = self._once("item_public_token_exchange", self._requests().exchange, public_token)
        return wire.decode(answer, decoders.EXCHANGE)

    def item_get(self, token: str) -> wire.Item:
        """Read an item's state, with when its data was last renewed."""
        return self._reader.item(self._free("item_get", self._requests().item_get, token))

    def item_remove(self, token: str) -> None:
        """End an item at Plaid."""
        answer = self._once("item_remove", self._requests().item_remove, token)
        wire.decode(answer, decoders.ACKNOWLEDGEMENT)

    def accounts_get(self, token: str) -> list[wire.Account]:
        """Read accounts with cached balances; free."""
        answer = self._free("accounts_get", self._requests().accounts_get, token)
        return self._reader.accounts(answer)

    def balance_get(self, token: str) -> list[wire.Account]:
        """Read accounts with live balances; billed, and slow."""
        build = self._requests().balance_get
        return self._reader.accounts(
            self._once("accounts_balance_get", build, token, read_s=self._patience.slow_read_s)
        )

    def transactions_sync(self, token: str, cursor: str) -> rows.SyncRows:
        """Read the page of changes after a cursor; an empty one asks for all history."""
        build = self._requests().transactions_sync
        answer = self._free("transactions_sync", build, token, cursor)
        return self._reader.sync_page(answer)

    def transactions_get(self, token: str, start: date, end: date, offset: int) -> rows.WindowRows:
        """Read a page of the rows posted between two dates, both included."""
        build = self._requests().transactions_get
        answer = self._free("transactions_get", build, token, start, end, offset)
        return self._reader.window_page(answer)

    def refresh(self, token: str) -> None:
        """Ask the bank to look for new rows; rationed and billed."""
        build = self._requests().transactions_refresh
        wire.decode(
            self._once("transactions_refresh", build, token, read_s=self._patience.slow_read_s),
            decoders.ACKNOWLEDGEMENT,
        )

    def institutions_get_by_id(
        self, institution_id: str, country_codes: tuple[str, ...] = ("US",)
    ) -> wire.Institution:
        """Read a bank's name."""
        build = self._requests().institution_get
        answer = self._free("institutions_get_by_id", build, institution_id, country_codes)
        return wire.decode(answer, decoders.INSTITUTION).institution

    def webhook_verification_key_get(self, key_id: str) -> wire.VerificationKey:
        """Read the public key that signs webhooks."""
        build = self._requests().verification_key_get
        answer = self._free("webhook_verification_key_get", build, key_id)
        return wire.decode(answer, decoders.VERIFICATION_KEY).key

    def close(self) -> None:
        """Break calls under way, end their waits, and refuse further ones."""
        self._closing.set()
        self._transport.abort()

    def _free(self, method: str, build: Callable[..., object], *args: object) -> wire.Answer:
        """Call something that may be repeated at no cost; passing faults are tried again."""
        return trying(self._patience, self._sleep, self._once, method, build, *args)

    def _once(
        self,
        method: str,
        build: Callable[..., object],
        *args: object,
        read_s: float | None = None,
    ) -> wire.Answer:
        requests, api = self._load()
        path = _RATIONED.get(method)
        item = pace.item_key(str(args[0])) if path in _OF_ITEMS else None
        self._take_turn(path, item)
        call: _Method = getattr(api, method)
        timeout = (self._patience.connect_s, read_s or self._patience.read_s)
        try:
            answer = call(build(*args), _preload_content=False, _request_timeout=timeout)
        except requests.RequestError as exc:
            # Its text may repeat the argument that it disliked, which may be a token.
            raise PlaidError(f"REQUEST_{type(exc).__name__}", Advice.BUG) from None
        except PlaidError as exc:
            if path is not None and exc.advice is Advice.RATE_LIMIT:
                self._turns.refused(path, None if exc.code in pace.CLIENT_CODES else item)
            raise
        wire.require_object(answer)
        return answer

    def _take_turn(self, path: str | None, item: str | None) -> None:
        """Wait until the limits allow the call.

        Raises:
            PlaidError: the client is closed, or the turn is too far away to wait for it here.
        """
        if path is not None and not self._closing.is_set():
            self._turns.take(
                path, item, longest_s=self._patience.longest_queue_s, sleep=self._sleep
            )
        if self._closing.is_set():
            raise PlaidError("CLOSED", Advice.OFFLINE)

    def _requests(self) -> ModuleType:
        return self._load()[0]

    def _load(self) -> tuple[ModuleType, object]:
        with self._loading:
            if self._sdk is None:
                from hive_desktop.plaidkit import requests  # noqa: PLC0415 - plaid is heavy

                self._sdk = (requests, requests.open_api(self._access, self._transport))
            return self._sdk

    def _wait(self, seconds: float) -> None:
        self._closing.wait(seconds)
