"""Rows as JSON lines: one object a line, as `resources/schemas/transaction.schema.json` says.

Ids are UUIDs. `amount_minor` is in minor units, positive = money out; `amount` is the same in whole
units with the person's sign, money out negative.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import msgspec

from hive_desktop.domain.money import from_minor

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hive_desktop.domain.exporting import Book, Entry
    from hive_desktop.ports.exports import Source


def write(source: Source) -> Iterator[str]:
    """Yield the lines of all rows."""
    book, encode = source.book, msgspec.json.encode
    for some in source.rows():
        yield b"".join(encode(as_document(entry, book)) + b"\n" for entry in some).decode()


def as_document(entry: Entry, book: Book) -> dict[str, Any]:
    """Return a row as its line has it."""
    row, account = entry.row, book.accounts.get(entry.row.account_id)
    return {
        "id": _id(row.id),
        "account_id": _id(row.account_id),
        "account": None if account is None else account.title,
        "institution": None if account is None else account.institution,
        "date": row.posted_on.isoformat(),
        "authorized_date": None if row.authorized_on is None else row.authorized_on.isoformat(),
        "amount_minor": row.amount_minor,
        "amount": f"{from_minor(-row.amount_minor, row.currency):f}",
        "currency": row.currency,
        "name": row.name,
        "merchant": row.merchant,
        "description": row.description,
        "category": row.category,
        "category_kind": None if row.category_id is None else book.kind_of(row).value,
        "category_source": None if row.category_source is None else row.category_source.value,
        "confidence": row.confidence,
        "pending": row.pending,
        "hidden": row.is_hidden,
        "reviewed": row.is_reviewed,
        "note": row.note,
        "tags": list(row.tags),
        "split_of": None if entry.whole is None else _id(entry.whole),
        "transfer_with": None if entry.other is None else _id(entry.other.id),
    }


def _id(raw: bytes) -> str:
    return str(uuid.UUID(bytes=raw))
