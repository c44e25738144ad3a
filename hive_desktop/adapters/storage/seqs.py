"""Display positions: `seq` is day * 2^20 + n, and a new row takes the end of its day."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from hive_desktop.adapters.storage.bulk import json_keys
from hive_desktop.adapters.storage.names import SEQ_BITS
from hive_desktop.ports.errors import VaultError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

_LAST_OF_DAY = (1 << SEQ_BITS) - 1
_LAST_SEQS = f"""
    SELECT json_group_array(json_array(k.value, (
        SELECT max(seq) FROM transactions
        WHERE seq BETWEEN k.value << {SEQ_BITS} AND (k.value << {SEQ_BITS}) + {_LAST_OF_DAY}
    ))) FROM json_each(?) AS k
"""  # noqa: S608 - constants of this package only


class Seqs:
    """Hands out display positions: the next free one at the end of each day."""

    def __init__(self, connection: Connection, days: Iterable[int]) -> None:
        # One row of JSON and not a row per day: see `bulk` on what a step costs.
        found = connection.exec_driver_sql(_LAST_SEQS, (json_keys(set(days)),)).scalar_one()
        self._next: dict[int, int] = {
            day: (day << SEQ_BITS) if last is None else last + 1 for day, last in json.loads(found)
        }

    def take(self, day: int) -> int:
        """Return a free position on one of the days that were named at the start."""
        seq = self._next[day]
        if seq >> SEQ_BITS != day:
            raise VaultError("The ledger holds no more than a million rows of one day.")
        self._next[day] = seq + 1
        return seq
