"""The command palette: what the window can do, and every account, category and merchant."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from typing import TYPE_CHECKING

from hive_desktop.domain.categories import category_title
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.i18n import tr
from hive_desktop.services.settings import PALETTE_RECENT
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.command_list import CommandList, Entry
from hive_desktop.ui.kit.shortcuts import spoken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from hive_desktop.domain.ledger import Account, Category, TransactionRow
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.services.session import VaultSession
    from hive_desktop.ui.commands import Command
    from hive_desktop.ui.page import Navigator

_RECENT_KEPT = 8
_ROWS_LOOKED_AT = 400
_MERCHANTS = 50
_ASK, _SEARCH = "ask", "search"
_ACCOUNT_ICONS = {"credit": "card", "loan": "house", "investment": "trend"}


class Palette:
    """Opens the list, fills it, and remembers in the vault what was done with it.

    Args:
        window: over which it stands.
        session: the open vault's services.
        scope: owns the tasks.
        go: leads to what was chosen.
    """

    def __init__(
        self, window: QWidget, session: VaultSession, scope: aio.Scope, go: Navigator
    ) -> None:
        self._session = session
        self._scope = scope
        self._go = go
        self._recent = _keys(session.settings.seen(PALETTE_RECENT, "[]"))
        self._latest = aio.Latest(scope, _ignored, "palette")
        self.list = CommandList(window, tr("Search for anything"), self._remember, self._of_text)

    def open(self, commands: Sequence[Command]) -> None:
        """Show what can be done; accounts, categories and merchants follow in a moment."""
        entries = [
            Entry(
                each.key,
                each.name,
                "",
                each.run,
                each.icon,
                keys=spoken(each.keys[0]) if each.keys else "",
            )
            for each in commands
            if each.is_listed
        ]
        self.list.open_with(entries, self._recent)
        self._latest.run(self._fill())

    async def settled(self) -> None:
        """Wait until everything is offered."""
        await self._latest.settled()

    async def _fill(self) -> None:
        ledger = self._session.ledger
        accounts, categories, rows = await asyncio.gather(
            ledger.accounts(),
            ledger.categories(),
            ledger.page(TransactionQuery(), offset=0, limit=_ROWS_LOOKED_AT),
        )
        entries = [self._of_account(each) for each in accounts if not each.is_hidden]
        entries += [self._of_category(each) for each in categories if not each.is_archived]
        entries += [self._of_merchant(name) for name in frequent_merchants(rows)]
        self.list.add(entries)

    def _of_account(self, account: Account) -> Entry:
        query = TransactionQuery(accounts=(account.id,))
        return Entry(
            f"account:{account.id.hex()}",
            account.title,
            account.institution,
            lambda: self._go.show_transactions(query),
            _ACCOUNT_ICONS.get(account.type, "bank"),
        )

    def _of_category(self, category: Category) -> Entry:
        query = TransactionQuery(categories=(category.id,))
        return Entry(
            f"category:{category.id.hex()}",
            category_title(category),
            tr("Category"),
            lambda: self._go.show_transactions(query),
            category.icon,
            category.color,
            also=category.name,
        )

    def _of_merchant(self, name: str) -> Entry:
        query = TransactionQuery(text=f'"{name}"')
        return Entry(
            f"merchant:{name}",
            name,
            tr("Merchant"),
            lambda: self._go.show_transactions(query),
            "shopping-bag",
        )

    def _of_text(self, text: str) -> list[Entry]:
        query = TransactionQuery(text=text)
        return [
            Entry(
                _SEARCH,
                tr("Search transactions for “{text}”", text=text),
                "",
                lambda: self._go.show_transactions(query),
                "search",
            ),
            Entry(_ASK, tr("Ask “{text}”", text=text), "", lambda: self._go.ask(text), "message"),
        ]

    def _remember(self, key: str) -> None:
        if key in (_ASK, _SEARCH):
            return
        self._recent = [key, *(each for each in self._recent if each != key)][:_RECENT_KEPT]
        work = self._session.settings.put(PALETTE_RECENT, json.dumps(self._recent))
        aio.spawn(self._scope, work, on_error=_ignored, name="keep-recent")


def frequent_merchants(rows: Sequence[TransactionRow]) -> list[str]:
    """Return the merchants of rows, most frequent first, fifty at most."""
    counts = Counter(row.merchant for row in rows if row.merchant)
    return [name for name, _ in counts.most_common(_MERCHANTS)]


def _keys(stored: str) -> list[str]:
    try:
        found = json.loads(stored)
    except ValueError:
        return []
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else []


def _ignored(_error: HiveError) -> None:
    """Say nothing: without these entries the palette still does the rest."""
