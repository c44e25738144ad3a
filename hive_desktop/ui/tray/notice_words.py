"""What is told outside of the window, in words. Pure but for the language and hidden amounts.

Names stand in titles: a body may be read as markup by the desktop, and a bank can name a row so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hive_desktop.domain.ledger import ItemState
from hive_desktop.domain.notice_choices import NoticeKind
from hive_desktop.domain.noticing import summed
from hive_desktop.i18n import mark, tr, tr_n
from hive_desktop.ports.notices import Notice, Target
from hive_desktop.ui.kit import money
from hive_desktop.ui.kit.wording import number
from hive_desktop.ui.page import PageName

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hive_desktop.domain.noticing import Happening

_MOST_LINES: Final = 5
_LONGEST_NAME: Final = 60
_NEEDS: Final = {
    ItemState.NEEDS_RELINK.value: mark("Sign in at the bank again to go on syncing."),
    ItemState.REVOKED.value: mark("The connection was ended at the bank."),
    ItemState.MISCONFIGURED.value: mark("Plaid or the relay refused access."),
}
_OF_ROWS: Final = frozenset(("ids", "merchants"))
# By the page: whose rows, or which of its places.
_PLACES: Final = {
    NoticeKind.NEW_ROWS: (PageName.TRANSACTIONS, ""),
    NoticeKind.LARGE_CHARGE: (PageName.TRANSACTIONS, "ids"),
    NoticeKind.PRICE_RISE: (PageName.TRANSACTIONS, "merchants"),
    NoticeKind.BACKUP_FAILED: (PageName.SETTINGS, "data"),
    NoticeKind.STILL_RUNNING: (PageName.SETTINGS, ""),
    NoticeKind.TEST: (PageName.SETTINGS, "notifications"),
}
# What a body may not have: signs of markup.
_BARE: Final = str.maketrans({"<": "‹", ">": "›", "&": "＆"})  # noqa: RUF001 - looks like what it stands for


def worded(happenings: Sequence[Happening], *, hides_details: bool = False) -> Notice:
    """Return one notice of all these; at least one.

    Args:
        happenings: several of new rows count as one.
        hides_details: name no amount, merchant, account or bank.
    """
    rows = [one for one in happenings if one.kind is NoticeKind.NEW_ROWS]
    others = [one for one in happenings if one.kind is not NoticeKind.NEW_ROWS]
    every = [*([summed(rows)] if rows else []), *others]
    first = every[0]
    if len(every) == 1:
        title, body = _pair(first, hides_details=hides_details)
        return Notice(first.kind, title, body, _target(first))
    pairs = [_pair(one, hides_details=hides_details) for one in every]
    lines = [" · ".join(one for one in pair if one).translate(_BARE) for pair in pairs]
    if hides_details:
        lines = list(dict.fromkeys(title for title, _ in pairs))
    if len(lines) > _MOST_LINES:
        left = len(lines) - _MOST_LINES + 1
        more = tr_n("And {count} more", "And {count} more", left)
        lines = [*lines[: _MOST_LINES - 1], more]
    return Notice(first.kind, tr("News of Hive"), "\n".join(lines), Target(PageName.OVERVIEW.value))


def worded_locked() -> Notice:
    """Return what is said while the vault is locked; it names nothing."""
    body = tr("Unlock Hive to see what it is.")
    target = Target(PageName.ACCOUNTS.value)
    return Notice(NoticeKind.NEEDS_YOU, tr("Hive: a bank needs you"), body, target)


def _pair(one: Happening, *, hides_details: bool) -> tuple[str, str]:
    """Return title and body."""
    return (_HIDDEN if hides_details else _OPEN)[one.kind](one)


def _target(one: Happening) -> Target:
    page, value = _PLACES.get(one.kind, (PageName.ACCOUNTS, ""))
    if value in _OF_ROWS:
        return Target(page.value, {value: one.ids})
    return Target(page.value, {"place": value} if value else {})


def _name(one: Happening) -> str:
    name = " ".join(one.name.split())
    return name if len(name) <= _LONGEST_NAME else f"{name[: _LONGEST_NAME - 1]}…"


def _amount(minor: int, one: Happening) -> str:
    return money.plain(minor, one.currency)


def _rows(one: Happening) -> tuple[str, str]:
    title = tr_n(
        "{count_text} new transaction",
        "{count_text} new transactions",
        one.count,
        count_text=number(one.count),
    )
    accounts = len(one.ids)
    return title, tr_n("In {count} account", "In {count} accounts", accounts) if accounts else ""


def _charge(one: Happening) -> tuple[str, str]:
    return tr("{merchant}: large charge", merchant=_name(one)), _amount(one.amount_minor, one)


def _low(one: Happening) -> tuple[str, str]:
    left, limit = _amount(one.amount_minor, one), _amount(one.before_minor, one)
    body = tr("{amount} left, which is below {limit}", amount=left, limit=limit)
    return tr("{account} is low", account=_name(one)), body


def _rise(one: Happening) -> tuple[str, str]:
    now, before = _amount(one.amount_minor, one), _amount(one.before_minor, one)
    body = tr("{now} instead of {before}", now=now, before=before)
    return tr("{merchant} costs more", merchant=_name(one)), body


def _need(one: Happening) -> tuple[str, str]:
    words = _NEEDS.get(one.state)
    return tr("{bank} needs you", bank=_name(one)), "" if words is None else tr(words)


def _consent(one: Happening) -> tuple[str, str]:
    body = tr_n("{count} day left to renew it.", "{count} days left to renew it.", one.days)
    return tr("{bank}: the bank's consent ends soon", bank=_name(one)), body


def _failing(one: Happening) -> tuple[str, str]:
    return tr("{bank} could not be synced for a day", bank=_name(one)), ""


def _backup(_one: Happening) -> tuple[str, str]:
    return tr("The backup failed"), tr("Open Hive to see why.")


def _test(_one: Happening) -> tuple[str, str]:
    return tr("A test by Hive"), tr("This is what a notification looks like.")


def _running(_one: Happening) -> tuple[str, str]:
    return tr("Hive is still running"), ""


def _plain(title: str) -> Callable[[Happening], tuple[str, str]]:
    return lambda _one: (tr(title), tr("Open Hive to see it."))


_OPEN: Final[dict[NoticeKind, Callable[[Happening], tuple[str, str]]]] = {
    NoticeKind.NEW_ROWS: _rows,
    NoticeKind.LARGE_CHARGE: _charge,
    NoticeKind.LOW_BALANCE: _low,
    NoticeKind.PRICE_RISE: _rise,
    NoticeKind.NEEDS_YOU: _need,
    NoticeKind.CONSENT_EXPIRING: _consent,
    NoticeKind.SYNC_FAILING: _failing,
    NoticeKind.BACKUP_FAILED: _backup,
    NoticeKind.STILL_RUNNING: _running,
    NoticeKind.TEST: _test,
}
_HIDDEN: Final = {
    **_OPEN,
    NoticeKind.NEW_ROWS: _plain(mark("New transactions")),
    NoticeKind.LARGE_CHARGE: _plain(mark("A large charge")),
    NoticeKind.LOW_BALANCE: _plain(mark("An account is low")),
    NoticeKind.PRICE_RISE: _plain(mark("A regular payment costs more")),
    NoticeKind.NEEDS_YOU: _plain(mark("A bank needs you")),
    NoticeKind.CONSENT_EXPIRING: _plain(mark("A bank's consent ends soon")),
    NoticeKind.SYNC_FAILING: _plain(mark("A bank could not be synced for a day")),
}
