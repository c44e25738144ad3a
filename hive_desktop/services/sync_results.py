"""What a run over items comes to: its results put together, and told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.domain.health import is_due
from hive_desktop.domain.ledger import ItemState
from hive_desktop.ports.errors import BankOfflineError, BankRateLimitError, HiveError
from hive_desktop.ports.events import SyncFinished
from hive_desktop.services.item_sync import ItemSyncResult

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from hive_desktop.ports.item_store import SyncableItem


def finished(results: Sequence[ItemSyncResult]) -> SyncFinished:
    """Return what is published of a run that is over."""
    errors = [one.error for one in results if one.error is not None]
    return SyncFinished(
        sum(one.added for one in results),
        sum(one.modified for one in results),
        sum(one.removed for one in results),
        tuple(one.institution for one in results if one.error is not None),
        is_offline=bool(errors)
        and len(errors) == len(results)
        and all(isinstance(one, BankOfflineError) for one in errors),
        asked=sum(one.asked for one in results),
    )


def waits(item: SyncableItem, now: datetime) -> bool:
    """Tell whether an item may not be asked again yet."""
    return item.health.state is ItemState.RATE_LIMITED and not is_due(
        item.health, now, by_person=True
    )


def told_to_wait(item: SyncableItem, now: datetime) -> ItemSyncResult:
    """Return the result of an item that waits, which says until when."""
    until = item.health.until
    wait_s = 0.0 if until is None else (until - now).total_seconds()
    error = BankRateLimitError(code=item.health.error_code or "RATE_LIMIT", wait_s=wait_s)
    return ItemSyncResult(item.id, item.institution, item.health.state, 0, 0, 0, 0.0, error)


def first_error(failures: BaseExceptionGroup[HiveError]) -> HiveError:
    """Return one error of a group: what stops the ledger itself stops every item alike."""
    found: BaseException = failures
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    assert isinstance(found, HiveError)  # noqa: S101 - the group was split by this type
    return found


def merged(before: ItemSyncResult, after: ItemSyncResult) -> ItemSyncResult:
    """Return what two syncs of one item did together."""
    return ItemSyncResult(
        after.item_id,
        after.institution,
        after.state,
        before.added + after.added,
        before.modified + after.modified,
        before.removed + after.removed,
        before.seconds + after.seconds,
        after.error,
        after.is_history_complete,
        before.asked + after.asked,
        after.ends_at,
    )
