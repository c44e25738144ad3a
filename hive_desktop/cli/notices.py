"""`hive notices`: what was told outside of the window, and what waits to be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from hive_desktop.cli import context, output
from hive_desktop.domain.notice_choices import NoticeKind

if TYPE_CHECKING:
    import argparse

    from hive_desktop.domain.noticing import Happening
    from hive_desktop.ports.notices import ToldNotice

_SHOWN: Final = 50
_KINDS: Final = {
    NoticeKind.NEW_ROWS: "new transactions",
    NoticeKind.LARGE_CHARGE: "large charge",
    NoticeKind.LOW_BALANCE: "low balance",
    NoticeKind.PRICE_RISE: "price rise",
    NoticeKind.NEEDS_YOU: "bank needs you",
    NoticeKind.CONSENT_EXPIRING: "consent ends",
    NoticeKind.SYNC_FAILING: "sync fails",
    NoticeKind.BACKUP_FAILED: "backup failed",
}


def listing(options: argparse.Namespace) -> int:
    """List the notices of a vault, newest first."""

    async def work() -> int:
        async with context.session_of(options, may_read_only=True) as session:
            found = await session.notices.latest(options.limit or _SHOWN)
        if options.json:
            output.print_json({"notices": [_document(one) for one in found]})
        elif not found:
            output.say("Nothing was told yet.")
        else:
            heads = ["When", "What", "Name", "Detail", "Told", "Over"]
            output.print_table(heads, map(_line, found))
        return 0

    return context.run(work)


def _line(one: ToldNotice) -> list[str]:
    told, what = one.happening, _KINDS.get(one.happening.kind, one.happening.kind.value)
    over = "" if one.over_at is None else output.moment(one.over_at)
    said = "no" if over else "waits"
    if one.told_at is not None:
        said = output.moment(one.told_at)
    return [output.moment(one.at), what, told.name, _detail(told), said, over]


def _detail(one: Happening) -> str:
    if one.kind is NoticeKind.NEW_ROWS:
        return str(one.count)
    if one.kind is NoticeKind.CONSENT_EXPIRING:
        return f"{one.days} d"
    amount = output.money(one.amount_minor, one.currency, flip=False) if one.currency else ""
    if one.kind is NoticeKind.PRICE_RISE:
        return f"{output.money(one.before_minor, one.currency, flip=False)} to {amount}"
    return amount or one.state


def _document(one: ToldNotice) -> dict[str, Any]:
    told = one.happening
    return {
        "kind": told.kind.value,
        "at": one.at.isoformat(),
        "told_at": None if one.told_at is None else one.told_at.isoformat(),
        "over_at": None if one.over_at is None else one.over_at.isoformat(),
        "name": told.name,
        "amount_minor": told.amount_minor if told.currency else None,
        "before_minor": told.before_minor if told.currency else None,
        "currency": told.currency or None,
        "count": told.count,
        "state": told.state or None,
        "days": told.days or None,
    }
