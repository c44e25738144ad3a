"""Questions of sums: spent, earned, left, compared, shared out, and by month."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from hive_desktop.domain.questions.intents import Ask, Call, Scope, units_over, whole_units
from hive_desktop.domain.questions.planner import BOUGHT, MONEY, NAMES, Unanswerable, tags_if
from hive_desktop.domain.questions.tags import Tag

if TYPE_CHECKING:
    from collections.abc import Callable

    from hive_desktop.domain.questions.intents import Intent
    from hive_desktop.domain.questions.planner import Planner

T = Tag
_UNITS: Final = {T.PER_DAY: "day", T.PER_WEEK: "week", T.PER_MONTH: "month"}


def net(p: Planner) -> Intent | None:
    """What was left of the income, or both income and spending."""
    is_both = p.has(T.EARN, T.SPEND) and not p.has(T.PAY)
    is_rest = p.has(T.SAVE) or p.has(T.LEFT, T.EARN)
    words = {T.EARN, T.HOW_MUCH, T.HOLD}
    if is_both:
        words |= {T.SPEND, T.MINUS, T.COMPARE, T.MORE, T.OR, T.LIST}
    else:
        words |= {T.SAVE, T.LEFT, T.SHARE}
    if not (is_both or is_rest) or not p.spans or not p.fits(words, "spans", "currency"):
        return None
    detail = "share" if p.has(T.SHARE) else "both" if is_both else ""
    scope = p.scope()
    call = Call("cash_flow", {"period": scope.period, "by": "year"})
    return p.intent(Ask.NET, call, scopes=(scope,), detail=detail)


def income(p: Planner) -> Intent | None:
    """What was earned, in all or on average."""
    words = {T.EARN, T.MAKE, T.HOW_MUCH, T.AVERAGE, T.LIST, T.HOLD, T.RECEIVE, *_UNITS}
    is_asked = p.has(T.EARN) or p.has(T.MAKE, T.HOW_MUCH)
    if not is_asked or not p.fits(words, "spans", "currency") or len(p.spans) > 1:
        return None
    if p.is_everything and not p.reading.is_sum and not p.any(T.AVERAGE, *_UNITS):
        raise Unanswerable("all")
    scope = p.scope()
    if p.any(T.AVERAGE, *_UNITS):
        return _over_time(p, scope, Scope.income)
    return p.intent(Ask.INCOME, scope.income(), scopes=(scope,))


def average(p: Planner) -> Intent | None:
    """What was spent in a day, week or month on average."""
    words = {T.AVERAGE, T.LIST, *MONEY, *_UNITS}
    is_asked = p.has(T.AVERAGE) and p.any(*_UNITS)
    if not is_asked or not p.fits(words, "spans", "currency", *NAMES):
        return None
    scope = p.scope()
    return _over_time(p, scope, Scope.spending)


def _over_time(p: Planner, scope: Scope, call: Callable[[Scope], Call]) -> Intent | None:
    """Return an average over time, where the days are whole units of which all rows are there.

    Of days that are not over yet, such as this year's, only the whole units that are over count.
    """
    units = [unit for tag, unit in _UNITS.items() if p.has(tag)]
    if len(units) != 1 or not p.has(T.AVERAGE):
        return None
    begins, span = p.names.first_day, scope.span
    is_cut = span is None or (begins is not None and span.start < begins)
    over = None if span is None or is_cut else units_over(span, units[0], p.today)
    if over is None:
        raise Unanswerable("average")
    scope = replace(scope, span=over)
    return p.intent(Ask.AVERAGE, call(scope), scopes=(scope,), unit=units[0])


def comparison(p: Planner) -> Intent | None:
    """One thing beside another: two periods, merchants or categories."""
    words = {T.COMPARE, T.MORE, T.OR, T.CHANGE, T.SPEND, T.HOW_MUCH, T.SHARE, T.EARN, T.LIST}
    words |= tags_if(p.any(T.CHANGE, T.SHARE), T.BY) | tags_if(not p.has(T.SPEND), T.MAKE)
    words |= tags_if(not p.merchants, T.DEARER)
    is_asked = p.any(T.COMPARE, T.MORE, T.OR, T.CHANGE, T.DEARER) and not p.has(T.EARN, T.SPEND)
    sides = _sides(p) if is_asked and p.fits(words, "spans", "currency", *NAMES) else None
    if sides is None:
        return None
    # "More in A than in B" counts from B; else, as for "more in A or in B", time runs forward.
    is_back = len(p.spans) == 2 and (
        p.reading.is_from_to
        or ((p.has(T.OR) or not p.any(T.MORE, T.DEARER)) and p.spans[1].start > p.spans[0].start)
    )
    if not p.any(T.EARN, T.MAKE):
        calls = [one.spending() for one in sides]
        return p.intent(Ask.COMPARE, *calls, scopes=sides, is_reversed=is_back)
    if p.is_named or p.accounts:
        return None
    calls = [one.income() for one in sides]
    return p.intent(Ask.COMPARE_INCOME, *calls, scopes=sides, is_reversed=is_back)


def _sides(p: Planner) -> tuple[Scope, Scope] | None:
    """Return both sides: two periods of one thing, or two things in one period."""
    things = [
        *(Scope(categories=(one,)) for one in p.categories),
        *(Scope(merchants=(one,)) for one in p.merchants),
    ]
    if len(p.spans) == 2 and p.spans[0] == p.spans[1]:
        raise Unanswerable("periods")
    if len(p.spans) == 2 and len(things) < 2:
        one, other = (Scope(span, p.categories, p.merchants, p.accounts) for span in p.spans)
        return one, other
    if len(p.spans) > 1 or len(things) != 2 or p.accounts:
        return None
    span = p.spans[0] if p.spans else None
    one, other = (Scope(span, each.categories, each.merchants) for each in things)
    return one, other


def share(p: Planner) -> Intent | None:
    """Which part of all spending went to something."""
    words = {T.SHARE, T.BUY, *MONEY}
    if not (p.has(T.SHARE) and p.is_named and p.fits(words, "spans", "categories", "merchants")):
        return None
    scope = p.scope()
    whole = Scope(scope.span)
    return p.intent(Ask.SHARE, scope.spending(), whole.spending(), scopes=(scope,))


def months(p: Planner) -> Intent | None:
    """The course by months, and the months with most and least."""
    is_course = p.has(T.PER_MONTH) and not p.has(T.AVERAGE)
    words = {T.PER_MONTH, T.LIST, T.DIVIDE} if is_course else {T.MONTH}
    is_most, is_least = p.any(T.MOST, T.LARGEST), p.any(T.LEAST, T.SMALLEST)
    if not is_course:
        words |= {T.MOST, T.LARGEST} if is_most else {T.LEAST, T.SMALLEST}
    is_asked = is_course or (p.has(T.MONTH) and (is_most or is_least))
    if not is_asked or not p.fits({*words, *MONEY}, "spans", "categories", "merchants"):
        return None
    scope = p.scope()
    call = scope.trend("month")
    if is_course and scope.span is None:
        raise Unanswerable("average")
    is_whole = scope.span is not None and whole_units(scope.span, "month", p.today) > 0
    if not (is_course or is_most or is_whole):
        raise Unanswerable("least")
    ask = Ask.MONTHS if is_course else Ask.TOP_MONTH if is_most else Ask.LOW_MONTH
    return p.intent(ask, call, scopes=(scope,))


def top(p: Planner) -> Intent | None:
    """Which category or merchant has most, and how spending is divided."""
    is_asked = (
        p.any(T.MOST, T.LARGEST, T.BY_CATEGORY, T.BY_MERCHANT, T.DIVIDE)
        or p.has(T.WHERE, T.SPEND)
        or (p.has(T.MERCHANT) and (p.has(T.LIST) or p.reading.limit is not None))
    )
    words = {T.MOST, T.LARGEST, T.CATEGORY, T.MERCHANT, T.WHERE, T.LIST, T.DIVIDE, *MONEY}
    words |= {T.BY_CATEGORY, T.BY_MERCHANT} | tags_if(p.has(T.MERCHANT), T.GOT, T.RECEIVE)
    if not is_asked or not p.fits(words, "spans", "categories", "accounts", "limit"):
        return None
    ask = _top_of(p)
    if ask is None:
        return None
    scope = p.scope()
    by_category, by_merchant = scope.spending("category"), scope.spending("merchant")
    calls = {
        Ask.TOP_CATEGORY: (by_category,),
        Ask.TOP_MERCHANT: (by_merchant,),
        Ask.TOP_BOTH: (by_category, by_merchant),
    }
    return p.intent(ask, *calls[ask], scopes=(scope,))


def _top_of(p: Planner) -> Ask | None:
    by_category = p.any(T.CATEGORY, T.BY_CATEGORY)
    by_merchant = p.any(T.MERCHANT, T.BY_MERCHANT)
    is_within = bool(p.categories)
    found = None
    if by_category and by_merchant:
        found = None
    elif by_merchant:
        found = Ask.TOP_MERCHANT
    elif is_within:
        is_one = p.any(T.MOST, T.WHERE) and not by_category
        found = Ask.TOP_MERCHANT if is_one else None
    elif p.has(T.WHERE) and not by_category:
        found = Ask.TOP_BOTH
    elif by_category or p.has(T.DIVIDE) or p.has(T.MOST, T.SPEND):
        found = Ask.TOP_CATEGORY
    return found


def total(p: Planner) -> Intent | None:
    """How much was spent."""
    words = {T.LIST, *BOUGHT, *MONEY, *tags_if(bool(p.spans), T.PRICE)}
    if not p.fits(words, "spans", "currency", *NAMES):
        return None
    is_bought = p.any(*BOUGHT)
    if is_bought:
        # "What did I buy" asks for no sum; what "payments" of nobody are is not clear.
        is_asked = (p.has(T.HOW_MUCH) or p.has(T.SPEND)) and (p.is_named or not p.has(T.PAYMENT))
    else:
        is_asked = p.has(T.SPEND) or (p.is_named and (bool(p.spans) or p.has(T.HOW_MUCH)))
    if not is_asked:
        return None
    if p.is_everything and not p.reading.is_sum:
        raise Unanswerable("all")
    if p.merchants and not p.spans and p.reading.is_price:
        raise Unanswerable("price")
    scope = p.scope()
    calls = [scope.spending()]
    if is_bought:
        calls.append(scope.rows(direction="in", kind="spending"))
        calls.append(scope.rows(direction="out", kind="spending"))
    if scope.merchants or scope.accounts:
        # Rows that are no spending must not look like nothing.
        calls.append(scope.rows())
    return p.intent(Ask.TOTAL, *calls, scopes=(scope,), detail="bought" if is_bought else "")
