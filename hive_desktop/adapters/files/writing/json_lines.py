"""Rows as JSON lines: one object a line, as `resources/schemas/transaction.schema.json` says.

Ids are UUIDs. `amount_minor` is in minor units, positive = money out; `amount` is the same in whole
units with the person's sign, money out negative.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from hive_desktop.domain.money import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hive_desktop.domain.exporting import Book, Entry
    from hive_desktop.ports.exports import Source


def write(source: Source) -> Iterator[str]:
    """Yield the lines of all rows."""
    encode, lines = msgspec.json.encode, _Lines(source.book)
    for some in source.singles():
        yield b"".join(encode(lines.document(entry)) + b"\n" for entry in some).decode()


class _Lines:
    """Makes documents; what is of an account is made once."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._accounts = {
            one.id: (_uuid(one.id), one.title, one.institution) for one in book.accounts.values()
        }

    def document(self, entry: Entry) -> dict[str, Any]:
        """Return a row as its line has it."""
        row = entry.row
        account_id, account, institution = self._accounts.get(row.account_id) or (
            (_uuid(row.account_id), None, None)
        )
        return {
            "id": _uuid(row.id),
            "account_id": account_id,
            "account": account,
            "institution": institution,
            "date": row.posted_on,
            "authorized_date": row.authorized_on,
            "amount_minor": row.amount_minor,
            "amount": plain(-row.amount_minor, row.currency),
            "currency": row.currency,
            "name": row.name,
            "merchant": row.merchant,
            "description": row.description,
            "category": row.category,
            "category_kind": None if row.category_id is None else self._book.kind_of(row),
            "category_source": row.category_source,
            "confidence": row.confidence,
            "pending": row.pending,
            "hidden": row.is_hidden,
            "reviewed": row.is_reviewed,
            "note": row.note,
            "tags": row.tags,
            "split_of": None if entry.whole is None else _uuid(entry.whole),
            "transfer_with": None if entry.other is None else _uuid(entry.other.id),
        }


def _uuid(raw: bytes) -> str:
    text = raw.hex()
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
