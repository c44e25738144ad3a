"""Ids by which the bank knew a row before: pending ones, replaced ones, those of an old link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.adapters.storage.bulk import insert_rows, json_keys

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from hive_desktop.adapters.storage.work import Work

_FORGET = "DELETE FROM external_ids WHERE plaid_id IN (SELECT value FROM json_each(?))"


def keep(work: Work, past: Mapping[str, bytes], present: Collection[str]) -> None:
    """Note past ids with the row that had them; `present` ids are in use again and none of them."""
    unused = {key: row_id for key, row_id in past.items() if key not in present}
    forget(work, {*past, *present})
    insert_rows(
        work.connection, "external_ids", ("plaid_id", "transaction_id"), list(unused.items())
    )


def forget(work: Work, plaid_ids: Collection[str]) -> None:
    """Drop ids from the list of past ones."""
    if plaid_ids:
        work.connection.exec_driver_sql(_FORGET, (json_keys(plaid_ids),))
