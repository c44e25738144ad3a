"""What may follow `@` and `#` in the search: accounts and banks; categories and tags."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from hive_desktop.domain.categories import category_title
from hive_desktop.domain.changes import Kind
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.bus_bridge import BusBridge
from hive_desktop.ui.kit.completion import Completion

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QObject

    from hive_desktop.ports.errors import HiveError
    from hive_desktop.services.session import VaultSession

_MOST = 30
_ACCOUNT_ICONS = {"credit": "card", "loan": "house", "investment": "trend"}


class SearchCompletions:
    """Knows the names by the time that the first letter after the sign is typed.

    Args:
        session: the open vault's services.
        scope: owns the loading.
        owner: ends with the subscriptions.

    Attributes:
        known: called once the names are there: what is typed may be completed by now.
    """

    def __init__(self, session: VaultSession, scope: aio.Scope, owner: QObject) -> None:
        self._session = session
        self.known: Callable[[], None] | None = None
        # With the name that the vault keeps, where another one is shown.
        self._known: dict[str, list[tuple[Completion, str]]] = {}
        self._latest = aio.Latest(scope, _ignored, "completions")
        self._bridge = BusBridge(session.bus, owner)
        self._bridge.on_changes(
            self._known.clear, Kind.ACCOUNTS, Kind.CATEGORIES, Kind.EDITS, Kind.ITEMS
        )

    def __call__(self, text: str, cursor: int) -> list[Completion]:
        """Return the completions of the token before the cursor; none while names are loaded."""
        from hive_desktop.domain.search import (  # noqa: PLC0415 - nobody has typed at the start
            begins,
            completed,
            unfinished,
            words_of,
        )

        token = unfinished(text, cursor)
        if not self._known and text:
            self._latest.run(self._load())
        if token is None:
            return []
        typed = words_of(token.text)
        return [
            Completion(token.start, completed(token.mark, each.text), each.words, *_look(each))
            for each, name in self._known.get(token.mark, ())
            if begins(each.text, typed) or begins(name, typed)
        ][:_MOST]

    async def settled(self) -> None:
        """Wait until the names are known."""
        await self._latest.settled()

    def shut(self) -> None:
        """End the subscriptions."""
        self._bridge.close()
        self._latest.cancel()

    async def _load(self) -> None:
        ledger = self._session.ledger
        accounts, categories, tags = await asyncio.gather(
            ledger.accounts(), ledger.categories(), ledger.tags()
        )
        self._known["@"] = [
            (Completion(0, each.name, each.title, _ACCOUNT_ICONS.get(each.type, "bank")), "")
            for each in accounts
            if not each.is_hidden
        ]
        banks = dict.fromkeys(each.institution for each in accounts if not each.is_hidden)
        self._known["@"] += [(Completion(0, name, name, "bank"), "") for name in banks if name]
        self._known["#"] = [
            (Completion(0, name, name, each.icon, each.color), each.name)
            for each, name in zip(categories, map(category_title, categories), strict=True)
            if not each.is_archived
        ]
        self._known["#"] += [(Completion(0, tag, tag, "tag"), "") for tag in tags]
        if self.known is not None:
            self.known()


def _look(completion: Completion) -> tuple[str, str]:
    return completion.icon, completion.color


def _ignored(_error: HiveError) -> None:
    """Say nothing: the search works without completions."""
