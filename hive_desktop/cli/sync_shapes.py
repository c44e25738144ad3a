"""The JSON shapes of syncs and questions; see `shapes` for amounts and dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hive_desktop.cli.output import id_text

if TYPE_CHECKING:
    from hive_desktop.domain.journal import RowChange, SyncRun, UndoPreview
    from hive_desktop.domain.reviews import Review, ReviewRow
    from hive_desktop.services.adoption import AdoptionPreview
    from hive_desktop.services.proofs import Discrepancy


def run(one: SyncRun) -> dict[str, Any]:
    """Return one item's part of a sync."""
    return {
        "id": id_text(one.id),
        "item_id": id_text(one.item_id),
        "institution": one.institution,
        "reason": one.reason,
        "result": one.result,
        "started_at": one.started_at.isoformat(),
        "seconds": one.seconds,
        "added": one.added,
        "modified": one.modified,
        "removed": one.removed,
        "refused": one.refused,
        "pages": one.pages,
        "error": one.error_code,
        "from": one.first_on.isoformat() if one.first_on else None,
        "to": one.last_on.isoformat() if one.last_on else None,
    }


def change(one: RowChange) -> dict[str, Any]:
    """Return what a sync did to a row."""
    return {
        "transaction_id": id_text(one.transaction_id),
        "kind": one.kind,
        "at": one.at.isoformat(),
        "reason": one.reason,
        "why": one.why,
        "name": one.name,
        "date": one.posted_on.isoformat(),
        "amount_minor": one.amount_minor,
        "currency": one.currency,
        "fields": [
            {"field": each.field, "before": each.before, "after": each.after} for each in one.fields
        ],
    }


def undo(preview: UndoPreview) -> dict[str, Any]:
    """Return what taking a run back does."""
    return {
        "run": run(preview.run),
        "leave": preview.leave,
        "go_back": preview.go_back,
        "come_back": preview.come_back,
        "edited": preview.edited,
    }


def review(one: Review) -> dict[str, Any]:
    """Return a question or its answer."""
    return {
        "id": id_text(one.id),
        "kind": one.kind,
        "state": one.state,
        "score": one.score,
        "reasons": list(one.reasons),
        "first": _side(one.first),
        "second": _side(one.second),
        "can_take_back": one.can_take_back,
    }


def _side(row: ReviewRow) -> dict[str, Any]:
    return {
        "id": id_text(row.id),
        "account": row.account,
        "date": row.posted_on.isoformat(),
        "amount_minor": row.amount_minor,
        "currency": row.currency,
        "name": row.name,
        "category": row.category,
        "pending": row.pending,
        "is_gone": row.is_gone,
    }


def adoption(preview: AdoptionPreview) -> dict[str, Any]:
    """Return what continuing an old connection's history would do."""
    return {
        "item_id": id_text(preview.item_id),
        "institution": preview.institution,
        "accounts": [
            {
                "name": one.name,
                "mask": one.mask,
                "reasons": list(one.reasons),
                "by_hand": one.is_by_hand,
            }
            for one in preview.accounts
        ],
        "new_accounts": list(preview.new_accounts),
        "left_accounts": list(preview.left_accounts),
        "new": preview.new,
        "matched": preview.matched,
        "doubtful": preview.doubtful,
        "ends_old": preview.ends_old,
    }


def discrepancy(one: Discrepancy) -> dict[str, Any]:
    """Return an account that moves otherwise than its balance."""
    return {
        "account_id": id_text(one.account_id),
        "account": one.account,
        "institution": one.institution,
        "currency": one.currency,
        "difference_minor": one.difference_minor,
        "since": one.since.isoformat(),
        "transactions": [id_text(row.id) for row in one.rows],
    }
