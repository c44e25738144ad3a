"""What a sync came to, for an answer."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from hive_desktop.api.shapes import FailedBank
from hive_desktop.ports.errors import BankError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hive_desktop.services.item_sync import ItemSyncResult


def counted(results: Sequence[ItemSyncResult]) -> int:
    """Return how many rows came or changed."""
    return sum(one.added + one.modified for one in results)


def failed(results: Sequence[ItemSyncResult]) -> list[FailedBank]:
    """Return which banks could not be asked, each with why in a word."""
    return [
        FailedBank(
            uuid.UUID(bytes=one.item_id),
            one.institution,
            one.error.code if isinstance(one.error, BankError) else "FAILED",
        )
        for one in results
        if one.error is not None
    ]
