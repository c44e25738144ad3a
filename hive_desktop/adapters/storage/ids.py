"""New identifiers: UUIDv7 as 16 bytes, which sort by the time they were made."""

from __future__ import annotations

from uuid_utils import uuid7


def new_id() -> bytes:
    """Return a fresh id."""
    return uuid7().bytes
