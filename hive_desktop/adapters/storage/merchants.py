"""The merchants that rows name: found by their key, numbered when they are first seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hive_desktop.adapters.storage.bulk import insert_rows, json_keys
from hive_desktop.domain.merchants import merchant_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

    from hive_desktop.domain.ledger import BankTransaction
    from hive_desktop.domain.merchants import Merchant

_FIND = "SELECT m.key, m.id FROM json_each(?) AS k CROSS JOIN merchants AS m ON m.key = k.value"


class Merchants:
    """Numbers of merchants within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[str, int] = {}

    def of(self, rows: Sequence[BankTransaction]) -> list[int | None]:
        """Return each row's merchant; None where its text names nobody."""
        return self.of_texts([(row.merchant_name, row.name, row.description) for row in rows])

    def of_texts(self, texts: Sequence[tuple[str | None, str, str | None]]) -> list[int | None]:
        """Return the merchant that each merchant name, name and description stand for."""
        return self.numbers([merchant_of(*text) for text in texts])

    def numbers(self, found: Sequence[Merchant]) -> list[int | None]:
        """Return the merchants' numbers; None for nobody."""
        self._learn({key: name for key, name in found if key})
        return [self._known.get(key) for key, _ in found]

    def known(self, found: Sequence[Merchant]) -> list[int | None] | None:
        """Return their numbers without a look into the ledger; None where it must be asked."""
        numbers = [self._known.get(key) for key, _ in found]
        if None in numbers and any(key not in self._known for key, _ in found if key):
            return None
        return numbers

    def _learn(self, names: dict[str, str]) -> None:
        """Number the merchants that have none yet."""
        self._find(names.keys() - self._known.keys())
        fresh = [(key, names[key]) for key in sorted(names.keys() - self._known.keys())]
        insert_rows(self._connection, "merchants", ("key", "name"), fresh)
        self._find(key for key, _ in fresh)

    def _find(self, keys: Iterable[str]) -> None:
        found = self._connection.exec_driver_sql(_FIND, (json_keys(keys),))
        self._known.update((row[0], row[1]) for row in found)


def bank_values(
    row: BankTransaction, account_id: bytes, merchant_id: int | None
) -> tuple[Any, ...]:
    """Return a row's values in the order of `names.SYNC_COLUMNS`."""
    return (row[0], account_id, *row[2:], merchant_id)
