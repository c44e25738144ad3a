"""Reads what a model is told before it asks: kinds of accounts, currencies, days, categories."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING

from hive_desktop import i18n
from hive_desktop.domain.sendable import ChatTexts
from hive_desktop.ports.chat import ChatContext
from hive_desktop.services.reports import main_currency

if TYPE_CHECKING:
    from collections.abc import Callable

    from hive_desktop.domain.redaction import Redactor
    from hive_desktop.ports.storage import Database, Reads
    from hive_desktop.ports.system import Clock


class ContextReader:
    """Reads the context, and makes what makes the texts.

    Args:
        database: the ledger.
        clock: knows the day.
        redactor: gives the vault's redactor, which takes a moment the first time.
    """

    def __init__(self, database: Database, clock: Clock, redactor: Callable[[], Redactor]) -> None:
        self._database = database
        self._clock = clock
        self._redactor = redactor
        self._texts: ChatTexts | None = None

    async def texts(self) -> ChatTexts:
        """Return what makes the texts that may be sent."""
        if self._texts is None:
            loop = asyncio.get_running_loop()
            self._texts = ChatTexts(await loop.run_in_executor(None, self._redactor))
        return self._texts

    async def context(self) -> ChatContext:
        """Return the context as the ledger is now."""
        today = self._clock.today()

        def work(reads: Reads) -> ChatContext:
            accounts = [one for one in reads.accounts() if not one.is_hidden]
            kinds = Counter(one.subtype or one.type for one in accounts)
            listed = [one.currency for one in accounts]
            main = main_currency((), listed)
            span = reads.history_span()
            return ChatContext(
                today=today,
                language=i18n.language(),
                currencies=tuple(dict.fromkeys(one for one in (main, *listed) if one)),
                accounts=dict(kinds),
                first_day=None if span is None else span.start,
                last_day=None if span is None else span.end,
                categories=tuple(one.name for one in reads.categories() if not one.is_archived),
            )

        return await self._database.read(work)
