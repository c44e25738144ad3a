"""What the chat says beside the answers: what a tool looked at, how a reply ended, figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hive_desktop.domain.conversations import Ended
from hive_desktop.domain.days import Span
from hive_desktop.domain.figures import FigureWords, written
from hive_desktop.domain.periods import in_words
from hive_desktop.i18n import language, mark, mark_n, tr, tr_n
from hive_desktop.ui.kit import dates, money
from hive_desktop.ui.kit.wording import number

if TYPE_CHECKING:
    from datetime import date

    from hive_desktop.domain.receipts import Receipt
    from hive_desktop.domain.recipes import Number
    from hive_desktop.services.chat_today import Changed

_LOOKED: Final = {
    "spending_summary": mark("Looked at spending"),
    "spending_trend": mark("Looked at spending over time"),
    "compare_periods": mark("Compared two periods"),
    "find_transactions": mark("Looked for transactions"),
    "top_merchants": mark("Looked at merchants"),
    "income_summary": mark("Looked at income"),
    "balances": mark("Looked at balances"),
    "net_worth": mark("Looked at net worth"),
    "cash_flow": mark("Looked at cash flow"),
    "recurring": mark("Looked at regular payments"),
    "category_detail": mark("Looked at a category"),
    "transfers": mark("Looked at transfers"),
    "data_coverage": mark("Looked at what is known"),
    "calculate": mark("Calculated"),
    "propose_changes": mark("Prepared a proposal"),
}
_UNITS: Final = {
    "day": mark_n("{count_text} day", "{count_text} days"),
    "week": mark_n("{count_text} week", "{count_text} weeks"),
    "month": mark_n("{count_text} month", "{count_text} months"),
    "year": mark_n("{count_text} year", "{count_text} years"),
}
_LOOKED_AT: Final = mark("Looked at the ledger")
_ENDED: Final = {
    Ended.STOPPED: mark("Stopped. What had come is kept."),
    Ended.CUT: mark("The connection broke off. What had come is kept."),
    Ended.TIMED_OUT: mark("The model took too long. What had come is kept."),
    Ended.TOO_LONG: mark("The answer was longer than allowed and ends here."),
    Ended.FILTERED: mark("The model's server ended this answer by its own rules."),
    Ended.REFUSED: mark("The model would not answer this."),
    Ended.ROUNDS: mark("The model kept looking things up and never answered."),
    Ended.EMPTY: mark("The model said nothing."),
    Ended.FAILED: mark("There is no answer."),
}


class FigureWriter:
    """Implements `domain.figures.FigureFormat` in the language of an answer.

    In the window's own language numbers are as the person's locale writes them, and days too where
    that has the same names of months; in another as that language does: nothing mixes the two.

    Args:
        language_: of the answer; empty for the window's.
    """

    def __init__(self, language_: str = "") -> None:
        self._is_own = language_ in {"", language()}
        self._words = FigureWords(language_ or language())

    def money(self, minor: int, currency: str) -> str:
        """Return an amount, or dots while amounts are hidden."""
        if self._is_own or money.are_hidden():
            return money.plain(minor, currency)
        return self._words.money(minor, currency)

    def count(self, number_: int) -> str:
        """Return a whole number."""
        return number(number_) if self._is_own else self._words.count(number_)

    def share(self, tenths: int) -> str:
        """Return tenths of a percent."""
        return money.percent_tenths(tenths) if self._is_own else self._words.share(tenths)

    def ratio(self, hundredths: int) -> str:
        """Return a number with two decimals at most."""
        return money.decimal(hundredths, 2) if self._is_own else self._words.ratio(hundredths)

    def day(self, day: date) -> str:
        """Return a day with its year."""
        if self._is_own and dates.speaks(language()):
            return dates.day(day, with_year=True)
        return self._words.day(day)


def quantity(one: Number) -> str:
    """Return a number with its unit of time, if it has one: `31 days`, `2.5 weeks`."""
    size = FigureWriter().ratio(round(one.size * 100))
    if one.unit not in _UNITS:
        return size
    count = 1 if one.size == 1 else max(2, round(one.size))
    return tr_n(*_UNITS[one.unit], count, count_text=size)


def aged(changed: Changed) -> str:
    """Return of when a figure is, and what it comes to now: `as of Mar 3, 2026; now $1,180.20`."""
    day = None if changed.since is None else dates.day(changed.since, with_year=True)
    value = None if changed.now is None else written(changed.now, FigureWriter())
    if day is None:
        return tr("has changed") if value is None else tr("now {value}", value=value)
    if value is None:
        return tr("as of {day}; has changed", day=day)
    return tr("as of {day}; now {value}", day=day, value=value)


def looked(tool: str, receipt: Receipt | None) -> str:
    """Return what a tool did, and for which days, such as `Looked at spending · October 2026`."""
    words = tr(_LOOKED.get(tool, _LOOKED_AT))
    days = "" if receipt is None else _days(receipt)
    return f"{words} · {days}" if days else words


def failed(tool: str) -> str:
    """Return that a tool found nothing that it could use."""
    return tr("{what}: that did not work", what=tr(_LOOKED.get(tool, _LOOKED_AT)))


def ended(why: Ended | None) -> str:
    """Return how a reply ended; nothing for one that is whole."""
    return tr(_ENDED[why]) if why in _ENDED else ""


def _days(receipt: Receipt) -> str:
    query = receipt.query
    if query is None or query.start is None or query.end is None:
        return ""
    return in_words(Span(query.start, query.end), language=language())
