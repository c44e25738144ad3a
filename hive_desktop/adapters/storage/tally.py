"""What a ledger holds, in figures that a copy of it must give too.

It knows no schema: a backup may be of any that was ever released.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Final

from hive_desktop.domain.days import from_day, to_day
from hive_desktop.ports.backups import Tally

if TYPE_CHECKING:
    from hive_desktop.adapters.storage.connect import RawConnection

_TABLES: Final = """
    SELECT name FROM sqlite_master AS t
    WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
      AND sql NOT LIKE 'CREATE VIRTUAL%'
      AND NOT EXISTS (
        SELECT 1 FROM sqlite_master AS v
        WHERE v.sql LIKE 'CREATE VIRTUAL%' AND substr(t.name, 1, length(v.name) + 1) = v.name || '_'
      )
    ORDER BY name
"""
_SUMS: Final = "SELECT currency, sum(amount_minor) FROM transactions GROUP BY currency ORDER BY 1"
_NEWEST: Final = "SELECT max(posted_on) FROM transactions"
# What the program notes for itself is no change that asks for a backup.
_SETTINGS: Final = """
    SELECT key, value FROM settings
    WHERE key NOT IN ('window', 'palette.recent') AND key NOT LIKE 'backup.%' ORDER BY key
"""
# Larger tables change in place only beside a new row of `edits`, `sync_events` or `egress`.
_READ_WHOLE: Final = 1_000
_NEVER_WHOLE: Final = {"settings", "egress"}


def tally(raw: RawConnection) -> Tally:
    """Read the figures on a connection; of one instant where a transaction is open."""
    tables = [name for (name,) in raw.execute(_TABLES).fetchall()]
    rows = {
        name: int(raw.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0])  # noqa: S608 - as it
        for name in tables  # stands in the schema
    }
    sums = {currency: int(total) for currency, total in raw.execute(_SUMS).fetchall()}
    newest = raw.execute(_NEWEST).fetchone()[0]
    digest = hashlib.sha256(repr((sorted(sums.items()), newest)).encode())
    for name in tables:
        if name == "settings":
            digest.update(repr(raw.execute(_SETTINGS).fetchall()).encode())
            continue
        digest.update(repr((name, rows[name])).encode())
        if rows[name] <= _READ_WHOLE and name not in _NEVER_WHOLE:
            whole = raw.execute(f'SELECT * FROM "{name}"')  # noqa: S608 - as above
            digest.update(repr(whole.fetchall()).encode())
    return Tally(rows, sums, None if newest is None else from_day(newest), stamp=digest.hexdigest())


def to_text(found: Tally) -> bytes:
    """Return a tally as JSON."""
    newest = None if found.newest_on is None else to_day(found.newest_on)
    document = {
        "rows": dict(found.rows),
        "sums": dict(found.sums),
        "newest": newest,
        "stamp": found.stamp,
    }
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


def from_text(text: bytes) -> Tally:
    """Read what `to_text` wrote; raises ValueError, KeyError or TypeError where it did not."""
    document: dict[str, Any] = json.loads(text)
    newest = document["newest"]
    return Tally(
        dict(document["rows"]),
        dict(document["sums"]),
        None if newest is None else from_day(newest),
        document["stamp"],
    )
