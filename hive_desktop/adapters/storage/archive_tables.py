"""Which tables, columns and settings leave a vault in a file, and what stands in a secret's place.

An archive and a plain copy hold the same. Each table is in one of the two lists below, and a test
says so of what a migration adds: nothing leaves, or stays, because nobody thought of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from hive_desktop.adapters.storage.names import UNDOING
from hive_desktop.domain.ledger import ItemState

if TYPE_CHECKING:
    from hive_desktop.adapters.storage.connect import RawConnection

HELD: Final = frozenset(
    {
        "settings",
        "categories",
        "merchants",
        "merchant_answers",
        "rules",
        "saved_filters",
        "chat_sessions",
        "chat_messages",
        "chat_receipts",
        "chat_proposals",
        "plaid_items",
        "accounts",
        "balances",
        "transactions",
        "shelved",
        "splits",
        "split_parts",
        "external_ids",
        "sync_runs",
        "sync_added",
        "sync_events",
        "refused_rows",
        "edits",
        "edit_authors",
        "reviews",
        "transfers",
        "transfer_refusals",
        "exchange_rates",
        "balance_checks",
        "imports",
        "import_parts",
        "file_ids",
        "file_layouts",
    }
)
"""What is the person's, whatever the schema."""

LEFT_OUT: Final = {
    "profile": "which vault and which device this is; another vault is another one",
    "link_journal": "tokens of connections that are being made",
    "egress": "what left this computer, bodies and all; its proofs need this vault's key",
    "api_clients": "who may ask this vault on this computer",
    "notices": "what this computer has told already",
    "spend_daily": "computed from the rows",
    "spend_monthly": "computed from the rows",
    "account_daily": "computed from the rows",
    "amounts": "computed from the rows",
    "row_tags": "computed from the rows",
    "transactions_fts": "computed from the rows",
    "alembic_version": "the manifest says it",
}
"""What stays, and why."""

SETTINGS: Final = frozenset(
    {
        "autolock_minutes",
        "theme",
        "language",
        "sync.minutes",
        "sync.on_metered",
        "sync.while_locked",
        "background.run_when_closed",
        "hide_amounts",
        "hide_amounts.at_start",
        "notices",
        "palette.recent",
        "window",
        "transactions.compact",
        "backup.on",
        "updates.on",
        "ai.budget_micros",
        "ai.prices",
        "labels.put_off",
        "merchants.normaliser",
        "transfers.unexamined_from",
    }
)
"""Settings that are the person's own, or say how far a work on the rows has come.

What reaches a bank, a relay or a model is none of them: no key, no address, no sign-in. A file that
somebody sends must not bring a place to send the ledger to.
"""

SETTING_BEGINNINGS: Final = (UNDOING, "merchants.named_to.")

_SIGNED_IN: Final = f"state NOT IN ('{ItemState.MANUAL.value}', '{ItemState.CLOSED.value}')"
_INSTEAD: Final = {
    "plaid_items": {
        "access_token": "''",
        "cursor": "''",
        "state": f"iif({_SIGNED_IN}, '{ItemState.REVOKED.value}', state)",
        "error_code": f"iif({_SIGNED_IN}, 'ITEM_NOT_FOUND', NULL)",
        "announced": f"iif({_SIGNED_IN}, '{ItemState.REVOKED.value}', NULL)",
        "state_until": "NULL",
        "consent_ends_at": "NULL",
        "disconnects_at": "NULL",
        "failures": "0",
        "syncing_run": "NULL",
    },
    "sync_runs": {"cursor_before": "NULL"},
}
"""Connections arrive without what signs them in: the person connects the bank anew, and the history
goes on there. A cursor is worth nothing to another connection."""

_ALL: Final = """
    SELECT name FROM sqlite_master
    WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
      AND name NOT LIKE 'transactions\\_fts\\_%' ESCAPE '\\'
    ORDER BY name
"""
_OTHER_SETTINGS: Final = "key = ? OR " * len(SETTINGS) + "key GLOB ? OR " * len(SETTING_BEGINNINGS)


@dataclass(frozen=True, slots=True)
class HeldTable:
    """A table that leaves: its columns as they stand in it, and what sorts its rows."""

    name: str
    columns: tuple[str, ...]
    keys: tuple[str, ...]

    def select(self) -> tuple[str, tuple[Any, ...]]:
        """Return the statement that reads it without secrets, in the order of its key."""
        instead = _INSTEAD.get(self.name, {})
        parts = ", ".join(instead.get(one, f'"{one}"') for one in self.columns)
        order = ", ".join(f'"{one}"' for one in self.keys)
        condition = ""
        values: tuple[Any, ...] = ()
        if self.name == "settings":
            condition = f" WHERE {_OTHER_SETTINGS.removesuffix(' OR ')}"
            values = (*sorted(SETTINGS), *(f"{one}*" for one in SETTING_BEGINNINGS))
        text = f'SELECT {parts} FROM "{self.name}"{condition} ORDER BY {order}'  # noqa: S608 - names
        return text, values

    def insert(self) -> str:
        """Return the statement that puts one row into it."""
        names = ", ".join(f'"{one}"' for one in self.columns)
        places = ", ".join("?" * len(self.columns))
        return f'INSERT INTO "{self.name}" ({names}) VALUES ({places})'  # noqa: S608 - names


def tables_in(raw: RawConnection) -> list[str]:
    """Return the names of all tables of a ledger, those of its search index as one."""
    return [name for (name,) in raw.execute(_ALL).fetchall()]


def held_tables(raw: RawConnection) -> list[HeldTable]:
    """Return what leaves of a ledger, by name; what is in neither list stays."""
    return [_table(raw, name) for name in tables_in(raw) if name in HELD]


def is_kept(key: str) -> bool:
    """Tell whether a setting leaves."""
    return key in SETTINGS or key.startswith(SETTING_BEGINNINGS)


def scrub(raw: RawConnection) -> None:
    """Take out of a ledger what an archive must not bring, whoever wrote it."""
    for name, instead in _INSTEAD.items():
        parts = ", ".join(f'"{column}" = {value}' for column, value in instead.items())
        raw.execute(f'UPDATE "{name}" SET {parts}')  # noqa: S608 - constants


def _table(raw: RawConnection, name: str) -> HeldTable:
    columns = raw.execute(f'PRAGMA table_info("{name}")').fetchall()
    keys = sorted((place, column) for _, column, _, _, _, place in columns if place)
    return HeldTable(name, tuple(one[1] for one in columns), tuple(one for _, one in keys))
