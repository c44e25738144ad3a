"""Questions of single transactions: how many, which, when, the largest, the average of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hive_desktop.domain.questions.intents import Ask
from hive_desktop.domain.questions.planner import BOUGHT, MOST_LINES, NAMES, NOUNS, Unanswerable
from hive_desktop.domain.questions.tags import Tag

if TYPE_CHECKING:
    from hive_desktop.domain.questions.intents import Intent
    from hive_desktop.domain.questions.planner import Planner

T = Tag
_FILTERS: Final = ("spans", "bounds", *NAMES)


def _counted_or_listed(p: Planner, detail: str, **told: object) -> Intent:
    scope = p.scope()
    is_count = p.has(T.HOW_MANY)
    limit = 1 if is_count else MOST_LINES
    call = scope.rows(limit=limit, **told, **p.bounds())
    return p.intent(Ask.COUNT if is_count else Ask.LIST, call, scopes=(scope,), detail=detail)


def pending(p: Planner) -> Intent | None:
    """Which transactions are pending, or how many."""
    words = {T.PENDING, T.HOW_MANY, T.LIST, T.ROW, T.PAYMENT, T.HOLD}
    if not p.has(T.PENDING) or not p.fits(words, *_FILTERS):
        return None
    return _counted_or_listed(p, "pending", pending=True)


def transfers(p: Planner) -> Intent | None:
    """Which transactions move money between own accounts, or how many."""
    words = {T.TRANSFER, T.HOW_MANY, T.LIST, T.MAKE}
    is_asked = p.has(T.TRANSFER) and p.any(T.HOW_MANY, T.LIST)
    if not is_asked or not p.fits(words, "spans", "bounds", "accounts"):
        return None
    return _counted_or_listed(p, "transfer", kind="transfer")


def refunds(p: Planner) -> Intent | None:
    """What came back, how often, and when last."""
    words = {T.REFUND, T.PAID_ME, T.RECEIVE, T.ME, T.GOT, T.BY}
    if not p.has(T.REFUND):
        return None
    is_last = p.any(T.WHEN, T.NEWEST)
    words |= {T.WHEN, T.NEWEST} if is_last else {T.HOW_MUCH, T.HOW_MANY}
    if not p.fits(words, "spans", *NAMES):
        return None
    scope = p.scope()
    ask = Ask.WHEN if is_last else Ask.COUNT if p.has(T.HOW_MANY) else Ask.ROWS_TOTAL
    call = scope.rows(direction="in", kind="spending")
    return p.intent(ask, call, scopes=(scope,), detail="refund")


def received(p: Planner) -> Intent | None:
    """What a merchant paid to the person, or how often."""
    is_from = p.reading.is_from_name and p.any(T.RECEIVE, T.EARN) and not p.any(T.ME, T.PAY)
    is_paid = p.has(T.PAID_ME) or (p.has(T.ME) and p.any(T.PAY, T.SEND))
    words = {T.HOW_MUCH, T.HOW_MANY, T.PAYMENT}
    words |= {T.RECEIVE, T.EARN} if is_from else {T.PAID_ME, T.ME, T.PAY, T.SEND, T.SPEND, T.BY}
    is_fit = p.fits(words, "spans", "bounds", "merchants", "accounts") and not p.has(T.EXPENSE)
    if not ((is_from or is_paid) and is_fit and p.merchants):
        return None
    if p.has(T.SPEND) and not p.has(T.PAY):
        return None
    scope = p.scope()
    ask = Ask.COUNT if p.has(T.HOW_MANY) else Ask.ROWS_TOTAL
    call = scope.rows(direction="in", **p.bounds())
    return p.intent(ask, call, scopes=(scope,), detail="in")


def sent(p: Planner) -> Intent | None:
    """What was sent by way of a merchant, or to one."""
    words = {T.SEND, T.HOW_MUCH, T.SPEND}
    if not (p.has(T.SEND) and p.merchants and p.fits(words, "spans", "merchants", "accounts")):
        return None
    scope = p.scope()
    return p.intent(Ask.ROWS_TOTAL, scope.rows(direction="out"), scopes=(scope,), detail="out")


def count(p: Planner) -> Intent | None:
    """How many transactions there are, or how often something was bought."""
    words = {T.HOW_MANY, *NOUNS, T.MAKE, T.HOLD, T.SPEND}
    if not p.has(T.HOW_MANY) or not p.fits(words, *_FILTERS):
        return None
    is_rows = p.has(T.ROW)
    is_bought = p.any(*BOUGHT, T.EXPENSE) or bool(p.merchants)
    is_spent = p.has(T.SPEND) and p.reading.bounds is not None
    if not (is_rows or is_bought or is_spent) or (is_rows and p.any(*BOUGHT)):
        return None
    scope = p.scope()
    call = scope.rows(**p.direction(), **p.bounds())
    return p.intent(Ask.COUNT, call, scopes=(scope,), detail="rows" if is_rows else "out")


_BY_SIZE: Final = {T.LARGEST: "largest", T.SMALLEST: "smallest"}
_BY_DAY: Final = {T.NEWEST: "newest", T.OLDEST: "oldest"}


def single(p: Planner) -> Intent | None:
    """The largest, smallest, last or first transactions."""
    sorts = [sort for tag, sort in (_BY_SIZE | _BY_DAY).items() if p.has(tag)]
    words = {T.HOW_MUCH, T.LIST, T.WHEN, T.MAKE, T.SPEND, *_BY_SIZE, *_BY_DAY, *NOUNS}
    if len(sorts) != 1 or not p.fits(words, "limit", *_FILTERS):
        return None
    is_by_day = sorts[0] in _BY_DAY.values()
    is_noun = p.any(*NOUNS, T.EXPENSE) or bool(p.merchants)
    is_spent = is_by_day and p.has(T.SPEND) and not p.has(T.HOW_MUCH)
    if not (is_noun or is_spent):
        return None
    limit = p.reading.limit or 1
    if limit > 1 and (p.has(T.HOW_MUCH) or p.reading.is_sum):
        return None  # the sum of some is not their list
    scope = p.scope()
    call = scope.rows(sort=sorts[0], limit=limit, **p.direction(), **p.bounds())
    ask = Ask.LIST if limit > 1 else Ask.WHEN if is_by_day else Ask.EXTREME
    return p.intent(ask, call, scopes=(scope,), detail=sorts[0])


def average(p: Planner) -> Intent | None:
    """What one purchase was on average."""
    words = {T.AVERAGE, T.PRICE, T.PER, T.PER_ROW, *BOUGHT, T.HOW_MUCH, T.SPEND}
    is_asked = p.has(T.AVERAGE) and p.any(T.PER_ROW, *BOUGHT) and not p.reading.is_sum
    if not is_asked or not p.fits(words, *_FILTERS):
        return None
    scope = p.scope()
    call = scope.rows(**p.direction(), **p.bounds())
    return p.intent(Ask.ROW_AVERAGE, call, scopes=(scope,))


def listing(p: Planner) -> Intent | None:
    """Which transactions there are."""
    if not p.any(*NOUNS) or not p.fits({T.LIST, *NOUNS, T.HOLD, T.MAKE}, *_FILTERS):
        return None
    if p.is_everything:
        raise Unanswerable("all")
    return _counted_or_listed(p, "rows", **p.direction())
