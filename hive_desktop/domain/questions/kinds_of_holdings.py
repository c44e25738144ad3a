"""Questions of what there is: data, accounts, balances, debts, net worth, subscriptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.domain.questions.intents import Ask, Call, Scope
from hive_desktop.domain.questions.planner import MONEY, Unanswerable, tags_if
from hive_desktop.domain.questions.tags import Tag

if TYPE_CHECKING:
    from hive_desktop.domain.questions.intents import Intent
    from hive_desktop.domain.questions.planner import Planner

T = Tag


def coverage(p: Planner) -> Intent | None:
    """From when to when there is data."""
    words = {T.DATA, T.SINCE_WHEN, T.WHEN, T.SPEND, T.HOLD, T.OLDEST}
    if p.has(T.DATA) and p.any(T.SINCE_WHEN, T.WHEN, T.OLDEST) and p.fits(words):
        return p.intent(Ask.COVERAGE, Call("data_coverage", {}))
    return None


def connections(p: Planner) -> Intent | None:
    """How many accounts or banks there are."""
    if not p.has(T.HOW_MANY) or not p.fits({T.HOW_MANY, T.ACCOUNT, T.BANK, T.HOLD}):
        return None
    if p.has(T.ACCOUNT):
        return p.intent(Ask.ACCOUNTS, Call("balances", {"accounts": []}))
    return p.intent(Ask.BANKS, Call("data_coverage", {})) if p.has(T.BANK) else None


def net_worth(p: Planner) -> Intent | None:
    """What all is worth together, today or at the end of one day."""
    is_it = p.has(T.NET_WORTH) and p.fits({T.NET_WORTH, T.HOW_MUCH, T.LIST}, "spans")
    if not is_it or len(p.spans) > 1:
        return None
    day = None
    if p.spans:
        span = p.spans[0]
        if span.start != span.end:
            raise Unanswerable("day")
        day = None if span.start == p.today else str(span.start)
    return p.intent(Ask.NET_WORTH, Call("net_worth", {"day": day}))


def price(p: Planner) -> Intent | None:
    """What one subscription costs: its last payment."""
    words = {T.SUBSCRIPTION, T.PAYMENT, *MONEY}
    is_it = p.has(T.SUBSCRIPTION) and len(p.merchants) == 1 and p.fits(words, "merchants")
    if not is_it:
        return None
    scope = Scope(merchants=p.merchants)
    return p.intent(Ask.PRICE, scope.rows(direction="out"), scopes=(scope,))


def recurring(p: Planner) -> Intent | None:
    """Which payments come again, how many, and what they come to in a month."""
    if not p.any(T.RECURRING, T.SUBSCRIPTION):
        return None
    kind = "subscriptions" if p.has(T.SUBSCRIPTION) else "all"
    call = Call("recurring", {"kind": kind})
    words = {T.RECURRING, T.SUBSCRIPTION, T.HOLD}
    if p.fits({*words, T.LIST, T.PAYMENT, *tags_if(p.has(T.PAY), T.SPEND)}):
        return p.intent(Ask.RECURRING, call, detail="list")
    if p.has(T.HOW_MANY) and p.fits({*words, T.HOW_MANY}):
        return p.intent(Ask.RECURRING, call, detail="count")
    if p.has(T.PER_MONTH) and p.fits({*words, *MONEY, T.PER_MONTH, T.AVERAGE}):
        return p.intent(Ask.RECURRING, call, detail="month")
    return None


def _is_now(p: Planner) -> bool:
    return not p.spans or (len(p.spans) == 1 and p.spans[0].start == p.spans[0].end == p.today)


def owed(p: Planner) -> Intent | None:
    """What is owed: on some accounts, or on all."""
    is_debt = bool(p.accounts) and all(p.names.account(one).is_owed for one in p.accounts)
    is_asked = p.has(T.OWE) or (is_debt and p.has(T.LEFT))
    words = {T.OWE, T.LEFT, T.HOW_MUCH, T.BALANCE, T.BALANCES, T.ACCOUNT, T.HOLD}
    if not (is_asked and _is_now(p) and p.fits(words, "spans", "accounts")):
        return None
    if not (is_debt if p.accounts else p.has(T.HOW_MUCH)):
        return None
    call = Call("balances", {"accounts": list(p.accounts)})
    return p.intent(Ask.OWED, call, scopes=(Scope(accounts=p.accounts),))


def balances(p: Planner) -> Intent | None:
    """What accounts hold now."""
    words = {T.BALANCE, T.BALANCES, T.HOW_MUCH, T.LIST, T.ACCOUNT, T.HOLD}
    words |= tags_if(bool(p.accounts), T.LEFT)
    is_asked = p.any(T.BALANCE, T.BALANCES) or p.has(T.HOW_MUCH, T.HOLD) or bool(p.accounts)
    if not (is_asked and _is_now(p) and p.fits(words, "spans", "accounts")):
        return None
    call = Call("balances", {"accounts": list(p.accounts)})
    return p.intent(Ask.BALANCE, call, scopes=(Scope(accounts=p.accounts),))
