"""Owner columns as values of the edit log: written, carried over, and restored."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hive_desktop.adapters.storage.bulk import json_ids, json_keys
from hive_desktop.adapters.storage.edit_entries import CATEGORY, OWNER, WRITTEN, append
from hive_desktop.adapters.storage.heirs import in_hex
from hive_desktop.adapters.storage.names import CATEGORY_COLUMNS, OWNER_COLUMNS
from hive_desktop.domain.changes import Kind
from hive_desktop.domain.ledger import CategorySource

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from hive_desktop.adapters.storage.work import Work
    from hive_desktop.domain.ledger import BatchId, CategoryId, TransactionId
    from hive_desktop.domain.row_edits import RowEdit

_TEXTS = ("display_name", "note")  # what the search index has of them
_STATES = """
    SELECT t.id, t.seq, t.category_id, t.category_source, t.category_confidence, t.category_reason
    FROM json_each(?) AS k CROSS JOIN transactions AS t ON t.id = unhex(k.value)
"""
_CHOOSE = """
    UPDATE transactions
    SET category_id = ?, category_source = ?, category_confidence = ?, category_reason = ?
    WHERE seq IN (SELECT value FROM json_each(?))
"""
# A row on the shelf comes back as it would be: what is undone meanwhile is undone there.
_SHELVED_STATES = _STATES.replace("transactions", "shelved")
_CHOOSE_ON_SHELF = """
    UPDATE shelved
    SET category_id = ?, category_source = ?, category_confidence = ?, category_reason = ?
    WHERE id = ?
"""
_OWNER = f"""
    SELECT id, seq, {", ".join(OWNER_COLUMNS)} FROM transactions WHERE id = ?
"""  # noqa: S608 - column names of this package's schema only
_OWNERS = f"""
    SELECT t.id, t.seq, {", ".join(f"t.{name}" for name in OWNER_COLUMNS)}
    FROM json_each(?) AS k CROSS JOIN transactions AS t ON t.id = unhex(k.value)
"""  # noqa: S608 - as above
_SHELVED_OWNERS = _OWNERS.replace("transactions", "shelved")
_NEW_VALUES = ", ".join(
    f"{name} = unhex(n.value ->> 1)" if name == "category_id" else f"{name} = n.value ->> {at}"
    for at, name in enumerate(OWNER_COLUMNS, 1)
)
_WRITE_OWNERS = f"""
    UPDATE transactions SET {_NEW_VALUES} FROM json_each(?) AS n
    WHERE transactions.seq = n.value ->> 0
"""  # noqa: S608 - as above
_WRITE_SHELVED_OWNERS = f"""
    UPDATE shelved SET {_NEW_VALUES} FROM json_each(?) AS n
    WHERE shelved.id = unhex(n.value ->> 0)
"""  # noqa: S608 - as above


def choose(
    work: Work,
    transaction_ids: Sequence[TransactionId],
    category_id: CategoryId | None,
    batch: BatchId,
) -> list[bytes]:
    """Write a person's category and log it; returns the rows that changed."""
    chosen = _state(category_id, CategorySource.USER.value, 1.0, None)
    changed = [
        row for row in category_states(work, transaction_ids) if category_state_of(row) != chosen
    ]
    if not changed:
        return []
    put_category_state(work, changed, chosen)
    append(
        work, batch, None, ((row.id, CATEGORY, category_state_of(row), chosen) for row in changed)
    )
    return [row.id for row in changed]


def write_on(
    work: Work, transaction_ids: Sequence[TransactionId], edit: RowEdit, batch: BatchId
) -> list[bytes]:
    """Write what a person says of rows beside their category; returns the rows that changed."""
    states = owner_states(work, transaction_ids)
    news = {row_id: _edited(before, edit) for row_id, before in states.items()}
    news = {row_id: after for row_id, after in news.items() if after != states[row_id]}
    write_owners(work, news)
    append(
        work,
        batch,
        None,
        (
            (row_id, WRITTEN, json.dumps(states[row_id]), json.dumps(after))
            for row_id, after in news.items()
        ),
    )
    return list(news)


def _edited(before: Mapping[str, Any], edit: RowEdit) -> dict[str, Any]:
    after = dict(before)
    if edit.name is not None:
        after["display_name"] = edit.name or None
    if edit.note is not None:
        after["note"] = edit.note or None
    if edit.add_tags or edit.remove_tags:
        known = json.loads(before["tags"]) if before["tags"] else []
        tags = edit.tags_after(known)
        if tags != known:
            after["tags"] = json.dumps(tags) if tags else None
    if edit.is_hidden is not None:
        after["hidden"] = int(edit.is_hidden)
    if edit.is_reviewed is not None:
        after["reviewed"] = int(edit.is_reviewed)
    return after


def owner_state(work: Work, transaction_id: bytes) -> dict[str, Any]:
    """Return a row's owner columns; blobs in hexadecimal."""
    return _owner_values(work.connection.exec_driver_sql(_OWNER, (transaction_id,)).one())


def owner_states(work: Work, ids: Iterable[bytes]) -> dict[bytes, dict[str, Any]]:
    """Return the owner columns of rows of the ledger by id."""
    found = work.connection.exec_driver_sql(_OWNERS, (json_ids(ids),))
    return {row[0]: _owner_values(row) for row in found}


def shelved_owner_states(work: Work, ids: Iterable[bytes]) -> dict[bytes, dict[str, Any]]:
    """Return the owner columns of rows on the shelf by id."""
    found = work.connection.exec_driver_sql(_SHELVED_OWNERS, (json_ids(ids),))
    return {row[0]: _owner_values(row) for row in found}


def _owner_values(row: Any) -> dict[str, Any]:
    values = dict(zip(OWNER_COLUMNS, row[2:], strict=True))
    values["category_id"] = values["category_id"].hex() if values["category_id"] else None
    return values


def owner_state_of_image(image: Mapping[str, Any]) -> dict[str, Any]:
    """Return the owner columns of a row's image (`images.IMAGE`)."""
    values = {name: image[name] for name in OWNER_COLUMNS}
    values["category_id"] = (values["category_id"] or "").lower() or None
    return values


def carry(work: Work, written: Mapping[str, Any], to_id: bytes, batch: BatchId) -> None:
    """Write what a person wrote elsewhere onto a row, where it has nothing of its own."""
    before = owner_state(work, to_id)
    after = dict(before)
    user = CategorySource.USER.value
    if written["category_source"] == user and before["category_source"] != user:
        after |= {name: written[name] for name in CATEGORY_COLUMNS}
    for name in ("display_name", "note", "tags"):
        after[name] = before[name] if before[name] is not None else written[name]
    for name in ("reviewed", "hidden"):
        after[name] = int(before[name] or written[name])
    if after != before:
        write_owners(work, {to_id: after})
        append(work, batch, None, [(to_id, OWNER, json.dumps(before), json.dumps(after))])


def line_of(
    before: Mapping[str, Any], after: Mapping[str, Any], field: str = OWNER
) -> tuple[str, str | None, str | None]:
    """Return field, before and after of the log's line that says how owner columns changed.

    The field is that of a category where nothing else changed, and else the one given.
    """
    if all(before[name] == after[name] for name in OWNER_COLUMNS if name not in CATEGORY_COLUMNS):
        was, became = ([one[name] for name in CATEGORY_COLUMNS] for one in (before, after))
        return CATEGORY, state_of(was), state_of(became)
    return field, json.dumps(before), json.dumps(after)


def state_of(category: Sequence[Any]) -> str:
    """Return category (hexadecimal), source, confidence and reason as the log writes them."""
    chosen, *others = category
    return _state(bytes.fromhex(chosen) if chosen else None, *others)


def _columns_of(
    work: Work, state: str
) -> tuple[bytes | None, str | None, float | None, str | None]:
    """Return a category as columns; one that was merged since is the one that has its rows."""
    fields = json.loads(state)
    chosen = fields["category"]
    chosen = in_hex(work.handle.raw).get(chosen, chosen)
    category = bytes.fromhex(chosen) if chosen else None
    return category, fields["source"], fields["confidence"], fields["reason"]


def write_owners(work: Work, states: Mapping[bytes, Mapping[str, Any]]) -> None:
    """Write rows' owner columns as `owner_states` gives them; a slice of rows at a time."""
    if not states:
        return
    found = work.connection.exec_driver_sql(_OWNERS, (json_ids(states),)).all()
    seqs = [row[1] for row in found]
    work.take_out(seqs)
    merged = in_hex(work.handle.raw)
    values = json.dumps([_written(row[1], states[row[0]], merged) for row in found])
    work.connection.exec_driver_sql(_WRITE_OWNERS, (values,))
    work.dirty.retext(row[1] for row in found if _reads_differently(row, states[row[0]]))
    work.moved.update(states)
    work.note(Kind.TRANSACTIONS, states)


def write_shelved_owners(work: Work, states: Mapping[bytes, Mapping[str, Any]]) -> None:
    """Write the owner columns of rows on the shelf."""
    merged = in_hex(work.handle.raw)
    values = json.dumps([_written(row_id.hex(), one, merged) for row_id, one in states.items()])
    work.connection.exec_driver_sql(_WRITE_SHELVED_OWNERS, (values,))


def _reads_differently(row: Any, after: Mapping[str, Any]) -> bool:
    before = _owner_values(row)
    return any(before[name] != after[name] for name in _TEXTS)


def _written(key: int | str, values: Mapping[str, Any], merged: Mapping[str, str]) -> list[Any]:
    chosen = values["category_id"]
    told = {**values, "category_id": merged.get(chosen, chosen)}
    return [key, *(told[name] for name in OWNER_COLUMNS)]


def category_states(work: Work, ids: Iterable[bytes]) -> list[Any]:
    """Return rows with the four columns of their category."""
    return _all(work, _STATES, ids)


def shelved_category_states(work: Work, ids: Iterable[bytes]) -> list[Any]:
    """Return rows on the shelf with the four columns of their category."""
    return _all(work, _SHELVED_STATES, ids)


def put_shelved_category_state(work: Work, row_id: bytes, state: str) -> None:
    """Give a row on the shelf a category as the log writes it."""
    work.connection.exec_driver_sql(_CHOOSE_ON_SHELF, (*_columns_of(work, state), row_id))


def _all(work: Work, statement: str, ids: Iterable[bytes]) -> list[Any]:
    return list(work.connection.exec_driver_sql(statement, (json_ids(ids),)).all())


def _state(
    category_id: bytes | None, source: str | None, confidence: float | None, reason: str | None
) -> str:
    chosen = category_id.hex() if category_id is not None else None
    fields = {"category": chosen, "source": source, "confidence": confidence, "reason": reason}
    return json.dumps(fields, separators=(",", ":"))


def category_state_of(row: Any) -> str:
    """Return a row's category, source, confidence and reason as the log writes them."""
    return _state(
        row.category_id, row.category_source, row.category_confidence, row.category_reason
    )


def put_category_state(work: Work, rows: list[Any], state: str) -> None:
    """Give rows of `category_states` a category as the log writes it."""
    seqs = [row.seq for row in rows]
    work.take_out(seqs)
    work.connection.exec_driver_sql(_CHOOSE, (*_columns_of(work, state), json_keys(seqs)))
    work.note(Kind.TRANSACTIONS, (row.id for row in rows))
