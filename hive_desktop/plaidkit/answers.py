"""Plaid's answers read: the one place where bytes become values, whoever carried them."""

from __future__ import annotations

from threading import Lock

from hive_desktop.plaidkit import decoders, rows, salvage, wire


class AnswerReader:
    """Reads answers; one for all threads that share a connection."""

    def __init__(self) -> None:
        self._rows = rows.RowReader()
        # Threads that decode at once take turns over the interpreter's lock anyway, and whoever
        # else waits for it waits for each of them.
        self._decoding = Lock()

    def sync_page(self, answer: wire.Answer) -> rows.SyncRows:
        """Read an answer of /transactions/sync."""
        with self._decoding:
            return self._rows.sync_page(answer)

    def window_page(self, answer: wire.Answer) -> rows.WindowRows:
        """Read an answer of /transactions/get."""
        with self._decoding:
            return self._rows.window_page(answer)

    @staticmethod
    def accounts(answer: wire.Answer) -> list[wire.Account]:
        """Read an answer of /accounts/get or /accounts/balance/get."""
        raws = wire.decode(answer, decoders.ACCOUNTS).accounts
        return salvage.accounts(raws, [])

    @staticmethod
    def item(answer: wire.Answer) -> wire.Item:
        """Read an answer of /item/get, with when the item's data was last renewed."""
        said = wire.decode(answer, decoders.ITEM)
        if said.status is not None and said.status.transactions is not None:
            said.item.updated_at = said.status.transactions.last_successful_update
        return said.item
