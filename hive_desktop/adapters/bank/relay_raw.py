"""A relay's answers kept as they came: asked for while the vault is locked, read when it is open.

Of an answer only what a sync goes on by is decoded: cursors, ids, and how the item stands. No name,
no amount and no row becomes a value of this program meanwhile.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

import msgspec

from hive_desktop.adapters.bank import relay_http, translate
from hive_desktop.adapters.bank.relay_session import in_thread
from hive_desktop.plaidkit.answers import AnswerReader
from hive_desktop.plaidkit.errors import PlaidError
from hive_desktop.plaidkit.wire import MALFORMED, Answer, RawSyncAnswer, decode
from hive_desktop.ports.bank import BankAccount, SyncPage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from hive_desktop.adapters.bank.relay_client import RelayClient
    from hive_desktop.ports.bank import AccessToken, ItemInfo

T = TypeVar("T")


class _Account(msgspec.Struct):
    account_id: str


class _Accounts(msgspec.Struct):
    accounts: list[msgspec.Raw]


_ACCOUNT: Final = msgspec.json.Decoder(_Account)
_PAGE: Final = msgspec.json.Decoder(RawSyncAnswer)
_ACCOUNTS: Final = msgspec.json.Decoder(_Accounts)


class RelayRaw:
    """Implements `ports.relay.RawBank` over a sign-in at a relay."""

    def __init__(self, client: RelayClient) -> None:
        self._client = client

    async def sync_page(self, token: AccessToken, cursor: str) -> tuple[bytes, SyncPage, int]:
        """Ask for the page of changes after a cursor."""
        answer = await self._client.answer_of_page(token, cursor)
        page = await in_thread(decode, answer, _PAGE)
        rows = len(page.added) + len(page.modified) + len(page.removed)
        shell = SyncPage(
            added=[],
            modified=[],
            removed=[],
            accounts=_known_by_id(page.accounts),
            next_cursor=page.next_cursor or "",
            has_more=page.has_more,
            is_ready=page.transactions_update_status != "NOT_READY",
            is_history_complete=page.transactions_update_status == "HISTORICAL_UPDATE_COMPLETE",
            refused=[],
        )
        return answer.body, shell, rows

    async def accounts(self, token: AccessToken) -> tuple[bytes, list[BankAccount]]:
        """Ask for the accounts."""
        answer = await self._client.answer_of_accounts(token)
        said = await in_thread(decode, answer, _ACCOUNTS)
        return answer.body, _known_by_id(said.accounts)

    async def item(self, token: AccessToken) -> tuple[bytes, ItemInfo]:
        """Ask how the item stands."""
        answer = await self._client.answer_of_item(token)
        info = translate.item_info(await in_thread(AnswerReader.item, answer))
        return answer.body, replace(info, institution=None, institution_id=None)


class BodyReader:
    """Implements `ports.relay.BodyReader`: bodies that were kept become what was meant."""

    def __init__(self) -> None:
        self._reader = AnswerReader()

    def sync_page(self, body: bytes) -> SyncPage:
        """Read a page of changes."""
        return translate.sync_page(_read(self._reader.sync_page, body))

    def accounts(self, body: bytes) -> list[BankAccount]:
        """Read the accounts."""
        return translate.accounts(_read(self._reader.accounts, body))

    def item(self, body: bytes) -> ItemInfo:
        """Read how the item stands."""
        return translate.item_info(_read(self._reader.item, body))


def _read(reader: Callable[[Answer], T], body: bytes) -> T:
    try:
        return reader(Answer(200, body))
    except PlaidError as exc:
        raise relay_http.explain(exc) from exc


def _known_by_id(raws: Iterable[msgspec.Raw]) -> list[BankAccount]:
    """Return accounts of which nothing but the id is known."""
    return [_account(account_id) for account_id in _ids(list(raws))]


def _ids(raws: Sequence[msgspec.Raw]) -> Iterable[str]:
    for raw in raws:
        with suppress(*MALFORMED):  # an odd one is told of when the page is read
            yield _ACCOUNT.decode(raw).account_id


def _account(account_id: str) -> BankAccount:
    words: dict[str, Any] = dict.fromkeys(("persistent_id", "official_name", "mask", "subtype"))
    sums: dict[str, Any] = dict.fromkeys(("current_minor", "available_minor", "limit_minor"))
    return BankAccount(account_id, name="", type="", currency="", **words, **sums)
