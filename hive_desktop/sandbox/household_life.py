"""How a household's month comes to life: pay, bills, habits, transfers, trips.

A month is a pure function of the recipe, the seed and the calendar: whichever day the bank is asked
on, the same month has the same payments. Amounts: positive = money leaves the account.
"""

from __future__ import annotations

import random
from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from hive_desktop.sandbox.script import Entry

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from hive_desktop.sandbox.merchants import Merchant

    Plan = Mapping[str, Any]

_CENT = Decimal("0.01")
_WORDS = ("HARBOR", "MAPLE", "SUNRISE", "CEDAR", "LAKESIDE", "MISSION", "UNION", "VALLEY")
_HOLD_DAYS = 2
_MONTHS = 256
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


@dataclass(frozen=True, slots=True)
class Stock:
    """A merchant of the recipe: who it is, its line on the statement, its town."""

    merchant: Merchant
    line: str
    city: str | None


class Life:
    """The household's life, month by month.

    Args:
        plans: The recipe's sections.
        merchants: Merchants by their key.
        currencies: Each account's currency.
        seed: Gives every choice.
    """

    def __init__(
        self,
        plans: Plan,
        merchants: Mapping[str, Stock],
        currencies: Mapping[str, str],
        seed: int,
    ) -> None:
        self._plans = plans
        self._merchants = merchants
        self._currencies = currencies
        self._seed = seed
        self.epoch = date.fromisoformat(plans["epoch"])
        self.month = lru_cache(maxsize=_MONTHS)(self._month)
        self._purchases = lru_cache(maxsize=_MONTHS)(self._make_purchases)

    def _month(self, year: int, month: int) -> tuple[Entry, ...]:
        """Everything that begins in a month, on all accounts."""
        first = date(year, month, 1)
        return (
            *self._purchases(year, month),
            *self._pay(first),
            *self._moves(first),
            *self._card_payments(first),
        )

    def _make_purchases(self, year: int, month: int) -> tuple[Entry, ...]:
        """What is bought, billed, charged and credited: all that a card's statement adds up."""
        first = date(year, month, 1)
        return (
            *self._bills(first),
            *self._plain(first),
            *self._habits(first),
            *self._twins(first),
            *self._trips(first),
        )

    # ---- helpers -------------------------------------------------------------------------------

    def _dice(self, plan_id: str, first: date) -> random.Random:
        return random.Random(f"{self._seed}/{plan_id}/{first:%Y-%m}")  # noqa: S311 - repeatable

    def _rise(self, plan: Plan, on: date) -> Decimal:
        """How much a price has grown since the recipe's base year."""
        rise = plan.get("rise")
        if rise is None:
            return Decimal(0)
        years = on.year - int(self._plans["base_year"]) + (on.month >= rise["month"])
        return Decimal(rise["step"]) * Decimal(max(0, years))

    def _bought(
        self, key: str, account: str, stock_key: str, on: date, dice: random.Random
    ) -> Entry:
        """A purchase without its amount yet; posts one to three days later."""
        stock = self._merchants[stock_key]
        name = _fill(stock.line, dice)
        place = f" {stock.city.replace(',', '').upper()}" if stock.city else ""
        return Entry(
            key=key,
            account=account,
            transacted_on=on,
            posted_on=on + timedelta(days=dice.choice((1, 1, 2, 2, 3))),
            amount=Decimal(0),
            currency=self._currencies[account],
            name=name,
            original=f"{name}{place}",
            merchant=stock.merchant,
            confidence=stock.merchant.confidence,
            city=stock.city,
        )

    # ---- fixed plans ---------------------------------------------------------------------------

    def _pay(self, first: date) -> Iterator[Entry]:
        for plan in self._plans["pay"]:
            stock = self._merchants[plan["merchant"]]
            for number, on in enumerate(_paydays(plan, first)):
                yield Entry(
                    key=f"{plan['id']}/{first:%Y-%m}/{number}",
                    account=plan["account"],
                    transacted_on=on,
                    posted_on=on,
                    amount=-(Decimal(plan["amount"]) + self._rise(plan, on)),
                    currency=self._currencies[plan["account"]],
                    name=stock.line,
                    merchant=stock.merchant,
                    channel="other",
                    code="payment",
                    has_pending=False,
                )

    def _bills(self, first: date) -> Iterator[Entry]:
        for plan in self._plans["bills"]:
            if not _is_due(plan, first):
                continue
            dice = self._dice(plan["id"], first)
            on = _day(first, plan["day"])
            key = f"{plan['id']}/{first:%Y-%m}"
            bill = self._bought(key, plan["account"], plan["merchant"], on, dice)
            amount = _vary(Decimal(plan["amount"]), plan.get("vary"), dice)
            yield replace(bill, amount=amount + self._rise(plan, on), code="bill payment")

    def _plain(self, first: date) -> Iterator[Entry]:
        """Lines of the bank itself: interest, fees, dividends, cash."""
        for plan in self._plans["plain"]:
            if not _is_due(plan, first):
                continue
            dice = self._dice(plan["id"], first)
            on = _day(first, plan["day"])
            yield Entry(
                key=f"{plan['id']}/{first:%Y-%m}",
                account=plan["account"],
                transacted_on=on,
                posted_on=on,
                amount=_vary(Decimal(plan["amount"]), plan.get("vary"), dice),
                currency=self._currencies[plan["account"]],
                name=_fill(plan["line"], dice),
                category=plan.get("category"),
                channel="other",
                code=plan.get("code"),
                has_pending=False,
            )

    def _moves(self, first: date) -> Iterator[Entry]:
        """Transfers between own accounts: both legs."""
        for plan in self._plans["moves"]:
            if _is_due(plan, first):
                amount = Decimal(plan["amount"])
                came = Decimal(plan.get("received", plan["amount"]))
                yield from self._legs(plan, _day(first, plan["day"]), amount, came)

    def _legs(self, plan: Plan, on: date, gone: Decimal, came: Decimal) -> Iterator[Entry]:
        sides = (("out", plan["out"], on, gone),
                 ("in", plan["in"], on + timedelta(days=plan["lag"]), -came))  # fmt: skip
        for side, leg, day, amount in sides:
            yield Entry(
                key=f"{plan['id']}/{on:%Y-%m}/{side}",
                account=leg["account"],
                transacted_on=day,
                posted_on=day,
                amount=amount,
                currency=self._currencies[leg["account"]],
                name=leg["line"],
                category=leg["category"],
                channel="other",
                code="transfer",
                has_pending=False,
            )

    def _card_payments(self, first: date) -> Iterator[Entry]:
        """Each card is paid in full: what it gathered in the month before, from the second on."""
        if first <= self.epoch:
            return
        before = first - timedelta(days=1)
        for plan in self._plans["card_payments"]:
            bought = self._purchases(before.year, before.month)
            owed = sum(
                (row.amount for row in bought if row.account == plan["card"] and not row.expires),
                Decimal(0),
            )
            if owed <= 0:
                continue
            category = "LOAN_PAYMENTS_CREDIT_CARD_PAYMENT"
            whole = {
                "id": plan["id"],
                "lag": 1,
                "out": {**plan["out"], "category": category},
                "in": {"account": plan["card"], "line": plan["line"], "category": category},
            }
            yield from self._legs(whole, _day(first, plan["day"]), owed, owed)

    # ---- habits --------------------------------------------------------------------------------

    def _habits(self, first: date) -> Iterator[Entry]:
        for plan in self._plans["habits"]:
            dice = self._dice(plan["id"], first)
            low, high = plan["per_month"]
            season = float(plan.get("season", {}).get(str(first.month), 1))
            for number in range(round(dice.randint(low, high) * season)):
                key = f"{plan['id']}/{first:%Y-%m}/{number}"
                yield from self._habit(plan, key, _some_day(plan, first, dice), dice)

    def _habit(self, plan: Plan, key: str, on: date, dice: random.Random) -> Iterator[Entry]:
        """One purchase with what it brings along: a tip, a hold before, a refund after."""
        weights = [float(row[3]) for row in plan["merchants"]]
        stock_key, least, most, _ = dice.choices(plan["merchants"], weights=weights)[0]
        bought = self._bought(key, plan["account"], stock_key, on, dice)
        amount = _price(least, most, dice)
        if plan.get("tip"):
            share = Decimal(str(round(dice.uniform(*map(float, plan["tip"])), 3)))
            total = (amount * (1 + share)).quantize(_CENT, ROUND_HALF_UP)
            yield replace(bought, amount=total, pending_amount=amount)
            return
        if plan.get("money_in"):
            amount = -amount
        if plan.get("instant"):
            yield replace(bought, amount=amount, posted_on=on, has_pending=False, code="transfer")
            return
        bought = replace(bought, amount=amount, code="purchase")
        yield bought
        if plan.get("hold") and dice.random() < 0.5:
            yield _hold(bought, Decimal(plan["hold"]))
        if dice.random() < float(plan.get("refunds", 0)):
            yield _refund(bought, dice)

    def _twins(self, first: date) -> Iterator[Entry]:
        """Two equal purchases at one place on one day."""
        for plan in self._plans["twins"]:
            dice = self._dice(plan["id"], first)
            for day in plan["days"]:
                on = _day(first, day)
                key = f"{plan['id']}/{on}"
                one = self._bought(key, plan["account"], plan["merchant"], on, dice)
                one = replace(one, amount=Decimal(plan["amount"]), code="purchase")
                yield from (replace(one, key=f"{key}/{half}") for half in ("first", "second"))

    # ---- trips ---------------------------------------------------------------------------------

    def _trips(self, first: date) -> Iterator[Entry]:
        for plan in self._plans["trips"]:
            if plan["month"] == first.month:
                dice = self._dice(plan["id"], first)
                yield from self._trip(plan, _day(first, plan["day"]), dice)

    def _trip(self, plan: Plan, start: date, dice: random.Random) -> Iterator[Entry]:
        key, card = f"{plan['id']}/{start:%Y-%m}", plan["card"]
        flight, least, most = plan["flight"]
        on = start - timedelta(days=min(start.day - 1, 6))
        ticket = self._bought(f"{key}/ticket", card, flight, on, dice)
        yield replace(ticket, amount=_price(least, most, dice))
        lodging, least, most = plan["lodging"]
        nights = _price(least, most, dice) * plan["nights"]
        stay = self._bought(f"{key}/stay", card, lodging, start, dice)
        yield from self._abroad(plan, replace(stay, amount=nights))
        for number, bought in enumerate(self._days_out(plan, f"{key}/card", card, start, dice)):
            yield from self._abroad(plan, replace(bought, key=f"{key}/card/{number}"))
        local = plan.get("local")
        if local:
            yield from self._days_out(local, f"{key}/local", local["account"], start, dice)

    def _days_out(
        self, plan: Plan, key: str, account: str, start: date, dice: random.Random
    ) -> list[Entry]:
        """Purchases on each day of a trip; the last figure of a habit is how many a day."""
        found: list[Entry] = []
        for night in range(int(plan.get("nights", 8))):
            for stock_key, least, most, often in plan["habits"]:
                times = int(often) + (dice.random() < float(often) % 1)
                for _ in range(times):
                    on = start + timedelta(days=night)
                    entry = self._bought(f"{key}/{len(found)}", account, stock_key, on, dice)
                    found.append(replace(entry, amount=_price(least, most, dice)))
        return found

    def _abroad(self, plan: Plan, bought: Entry) -> Iterator[Entry]:
        """A purchase in another currency, as the card shows it: converted, with its fee."""
        if plan["currency"] == "USD":
            yield bought
            return
        whole = Decimal(1) if plan["currency"] == "JPY" else _CENT
        foreign = bought.amount.quantize(whole)
        rate = Decimal(plan["rate"])
        dollars = max(_CENT, (foreign * rate).quantize(_CENT, ROUND_HALF_UP))
        detail = f"{bought.original} {plan['currency']} {foreign} X {rate}"
        yield replace(bought, amount=dollars, original=detail)
        if plan.get("fee"):
            fee = (dollars * Decimal(plan["fee"])).quantize(_CENT, ROUND_HALF_UP)
            yield Entry(
                key=f"{bought.key}/fee",
                account=bought.account,
                transacted_on=bought.posted_on,
                posted_on=bought.posted_on,
                amount=max(_CENT, fee),
                currency=bought.currency,
                name="FOREIGN TRANSACTION FEE",
                category="BANK_FEES_FOREIGN_TRANSACTION_FEES",
                channel="other",
                code="bank charge",
                has_pending=False,
            )


def _fill(line: str, dice: random.Random) -> str:
    """Put numbers, codes and words into a statement line's blanks."""
    if "{" not in line:
        return line
    numbers = {f"n{size}": f"{dice.randrange(10**size):0{size}}" for size in (3, 4, 5, 10, 13)}
    code = "".join(dice.choices(_LETTERS, k=9))
    return line.format(code=code, w=dice.choice(_WORDS), **numbers)


def _day(first: date, day: int) -> date:
    """A day of the month, or its last one."""
    return first.replace(day=min(day, monthrange(first.year, first.month)[1]))


def _is_due(plan: Plan, first: date) -> bool:
    months: Sequence[int] | None = plan.get("months")
    return months is None or first.month in months


def _paydays(plan: Plan, first: date) -> list[date]:
    """The days of a month on which pay arrives; a weekend's pay comes on Friday."""
    last = _day(first, 31)
    if "every_days" in plan:
        anchor, step = date.fromisoformat(plan["anchor"]), int(plan["every_days"])
        on = first + timedelta(days=(anchor - first).days % step)
        return [on + timedelta(days=step * n) for n in range((last - on).days // step + 1)]
    days = [_day(first, day) for day in plan["days"]]
    return [on - timedelta(days=max(0, on.weekday() - 4)) for on in days]


def _some_day(plan: Plan, first: date, dice: random.Random) -> date:
    """Any day of the month; habits of the weekend mostly on one."""
    last = _day(first, 31).day
    on = first.replace(day=dice.randint(1, last))
    if plan.get("weekend") and on.weekday() < 4 and dice.random() < 0.75:
        on = first.replace(day=min(last, on.day + 4 - on.weekday()))
    return on


def _price(least: float, most: float, dice: random.Random) -> Decimal:
    """An amount between two whole figures, low ones more often."""
    spread = dice.betavariate(1.6, 2.6)
    cents = int(float(least) * 100 + (float(most) - float(least)) * 100 * spread)
    return Decimal(cents).scaleb(-2)


def _vary(amount: Decimal, share: Decimal | float | None, dice: random.Random) -> Decimal:
    """An amount that differs by up to a share of itself."""
    if not share:
        return amount
    factor = Decimal(str(round(dice.uniform(-float(share), float(share)), 4)))
    return (amount * (1 + factor)).quantize(_CENT, ROUND_HALF_UP)


def _hold(bought: Entry, amount: Decimal) -> Entry:
    """The pump's authorization: seen for two days, never posted."""
    until = bought.transacted_on + timedelta(days=_HOLD_DAYS)
    return replace(
        bought, key=f"{bought.key}/hold", amount=amount, posted_on=until, expires=True, code=None
    )


def _refund(bought: Entry, dice: random.Random) -> Entry:
    """The same money back some days later."""
    on = bought.posted_on + timedelta(days=dice.randint(3, 9))
    return replace(
        bought,
        key=f"{bought.key}/refund",
        transacted_on=on,
        posted_on=on + timedelta(days=1),
        amount=-bought.amount,
        code="refund",
    )
