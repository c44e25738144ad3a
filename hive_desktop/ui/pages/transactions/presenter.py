"""What the table says of a row, and where its rows come from. Pure but for the source's queries."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from hive_desktop.domain.categories import category_title, title_of
from hive_desktop.domain.days import Period, Span
from hive_desktop.domain.ledger import (
    SORTED_MOST,
    CategoryKind,
    ItemState,
    Order,
    TransactionQuery,
)
from hive_desktop.i18n import mark, tr, tr_n
from hive_desktop.ui.kit import dates, money
from hive_desktop.ui.kit.wording import number

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

    from hive_desktop.domain.ledger import Account, AccountId, Category, CategoryId, TransactionRow
    from hive_desktop.domain.row_edits import RowEdit
    from hive_desktop.services.chat_about import PageContext as About
    from hive_desktop.services.ledger import LedgerService

DATE, NAME, CATEGORY, ACCOUNT, AMOUNT = range(5)
UNCATEGORIZED = mark("Uncategorized")
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(slots=True)
class Lookup:
    """Categories and accounts by id, as the table needs them."""

    categories: dict[CategoryId, Category] = field(default_factory=dict)
    accounts: dict[AccountId, Account] = field(default_factory=dict)

    def learn(self, categories: Iterable[Category], accounts: Iterable[Account]) -> bool:
        """Take new values in; tells whether anything reads or looks different."""
        known = self.categories, {key: one.title for key, one in self.accounts.items()}
        self.categories = {each.id: each for each in categories}
        self.accounts = {each.id: each for each in accounts}
        named = {key: one.title for key, one in self.accounts.items()}
        return (self.categories, named) != known

    def category_of(self, row: TransactionRow) -> Category | None:
        """Return the row's category."""
        return self.categories.get(row.category_id) if row.category_id else None

    def account_name(self, row: TransactionRow) -> str:
        """Return the row's account with its last digits."""
        account = self.accounts.get(row.account_id)
        return account.title if account else ""


class LedgerColumns:
    """Implements `paged_model.Columns` for ledger rows."""

    def __init__(self, lookup: Lookup, today: date) -> None:
        self.titles = (tr("Date"), tr("Name"), tr("Category"), tr("Account"), tr("Amount"))
        self._lookup = lookup
        self._year = today.year

    def text(self, row: TransactionRow, column: int) -> str:
        """Return the words of a cell."""
        if column == DATE:
            return dates.day(row.posted_on, with_year=row.posted_on.year != self._year)
        if column == NAME:
            return title(row)
        if column == CATEGORY:
            return category_words(row)
        if column == ACCOUNT:
            return self._lookup.account_name(row)
        return money.flow(row.amount_minor, row.currency)

    def alignment(self, column: int) -> Qt.AlignmentFlag:
        """Return where a column's words stand: amounts to the right."""
        return _RIGHT if column == AMOUNT else _LEFT

    def key(self, row: TransactionRow) -> object:
        """Return the row's id."""
        return row.id


@dataclass(frozen=True, slots=True)
class LedgerSource:
    """Implements `paged_model.PageSource` for one query."""

    ledger: LedgerService
    query: TransactionQuery
    order: Order = Order.NEWEST

    @property
    def is_bounded(self) -> bool:
        """Tell whether only the newest rows of the query are listed."""
        return is_bounded(self.query, self.order)

    async def count(self) -> int:
        """Return how many rows are listed: all of the query, or as many as are sorted."""
        found = await self.ledger.count(self.query)
        return min(found, SORTED_MOST) if self.is_bounded else found

    async def page(self, offset: int, limit: int) -> Sequence[TransactionRow]:
        """Return rows of the query in their order."""
        return await self.ledger.page(self.query, offset=offset, limit=limit, order=self.order)


ORDERS = (
    (Order.NEWEST, mark("Newest first")),
    (Order.OLDEST, mark("Oldest first")),
    (Order.LARGEST, mark("Largest first")),
    (Order.SMALLEST, mark("Smallest first")),
    (Order.NAME, mark("Name, A to Z")),
    (Order.NAME_BACK, mark("Name, Z to A")),
)


def is_bounded(query: TransactionQuery, order: Order) -> bool:
    """Tell whether only the newest rows of a query are put in this order."""
    by_index = order in (Order.LARGEST, Order.SMALLEST) and not is_filtered(query)
    return not (order.is_by_day or by_index)


def counted(count: int) -> str:
    """Return a number of transactions in words."""
    return tr_n(
        "{count_text} transaction", "{count_text} transactions", count, count_text=number(count)
    )


def listed_words(count: int, query: TransactionQuery, order: Order) -> str:
    """Return how many rows are listed, and which where they are not all."""
    if is_bounded(query, order) and count >= SORTED_MOST:
        if order in (Order.NAME, Order.NAME_BACK):
            return tr("The newest {number}, by name", number=number(count))
        return tr("The newest {number}, by amount", number=number(count))
    return counted(count)


def title(row: TransactionRow) -> str:
    """Return the name that a person knows the row by."""
    return row.merchant or row.name


def subtitle(row: TransactionRow) -> str:
    """Return the row's state, note and tags, or what the bank wrote where that says more."""
    told = (
        (row.is_part, tr("Part")),
        (row.pending, tr("Pending")),
        (row.is_hidden, tr("Hidden")),
    )
    marks = [words for holds, words in told if holds]
    own = [*([row.note.splitlines()[0]] if row.note else []), *(f"#{tag}" for tag in row.tags)]
    if not own:
        raw = row.description or row.name
        own = [] if raw.casefold() == title(row).casefold() else [raw]
    return " · ".join([*marks, *own])


def bank_title(row: TransactionRow) -> str:
    """Return the name that the row has where the person gave none."""
    return row.name if row.display_name is not None else title(row)


def facts(row: TransactionRow, lookup: Lookup) -> list[tuple[str, str]]:
    """Return what the bank says of a row: names of facts, and the facts."""
    account = lookup.accounts.get(row.account_id)
    is_own = account is not None and account.state is ItemState.MANUAL
    known = (
        (tr("Date"), dates.day(row.posted_on, with_year=True)),
        (tr("Authorized"), _day(row.authorized_on, row.posted_on)),
        (tr("State"), _state_words(row)),
        (tr("Reviewed"), tr("Yes") if row.is_reviewed else ""),
        (tr("Account"), lookup.account_name(row)),
        (tr("Bank"), account.institution if account else ""),
        (tr("Bank's name"), "" if is_own else row.name),
        (tr("Description"), row.description if row.description != row.name else ""),
    )
    return [(name, words) for name, words in known if words]


def _state_words(row: TransactionRow) -> str:
    if row.is_hidden and row.pending:
        return tr("Pending, hidden: counts in no figure")
    if row.is_hidden:
        return tr("Posted, hidden: counts in no figure")
    return tr("Pending") if row.pending else tr("Posted")


def _day(day: date | None, but: date) -> str:
    return "" if day is None or day == but else dates.day(day, with_year=True)


def edited(row: TransactionRow, told: RowEdit) -> TransactionRow:
    """Return a row as it is once an edit of its words is written."""
    return row._replace(
        display_name=row.display_name if told.name is None else told.name or None,
        note=row.note if told.note is None else told.note or None,
        tags=tuple(told.tags_after(row.tags)),
    )


def one_line(row: TransactionRow, below: str) -> str:
    """Return a row's name as a compact row shows it: with what the person wrote on it."""
    is_told = bool(row.note or row.tags or row.pending or row.is_hidden or row.is_part)
    return f"{title(row)}  ·  {below}" if below and is_told else title(row)


def date_presets(today: date) -> list[tuple[str, Span | None]]:
    """Return the ranges that people ask for, with None for all time."""
    month = Span.of(Period.MONTH, today)
    last_month = Span.of(Period.MONTH, month.start - timedelta(days=1))
    year = Span.of(Period.YEAR, today)
    return [
        (tr("All time"), None),
        (tr("This month"), month),
        (tr("Last month"), last_month),
        (tr("Last 30 days"), Span(today - timedelta(days=29), today)),
        (tr("Last 90 days"), Span(today - timedelta(days=89), today)),
        (tr("This year"), year),
        (tr("Last year"), Span.of(Period.YEAR, year.start - timedelta(days=1))),
    ]


def date_label(query: TransactionQuery, today: date) -> str:
    """Return the words of the date chip."""
    if query.start is None and query.end is None:
        return ""
    if query.start is None or query.end is None:
        if query.start is not None:
            return tr("From {day}", day=dates.day(query.start, with_year=True))
        return tr("Until {day}", day=dates.day(query.end, with_year=True)) if query.end else ""
    span = Span(query.start, query.end)
    for name, preset in date_presets(today):
        if preset == span:
            return name
    for period in Period:
        if span == Span.of(period, span.start):
            return dates.period_title(period, span.start)
    return dates.span(span)


def category_words(row: TransactionRow) -> str:
    """Return the name of a row's category, or that it has none."""
    return title_of(row.category) if row.category else tr(UNCATEGORIZED)


def category_label(query: TransactionQuery, lookup: Lookup) -> str:
    """Return the words of the category chip."""
    known = (lookup.categories.get(key) for key in query.categories)
    names = [category_title(each) for each in known if each is not None]
    if query.uncategorized:
        names.append(tr(UNCATEGORIZED))
    several = tr_n("{count} category", "{count} categories", len(names))
    return _listed(names, several)


def account_label(query: TransactionQuery, lookup: Lookup) -> str:
    """Return the words of the account chip."""
    names = [lookup.accounts[key].title for key in query.accounts if key in lookup.accounts]
    several = tr_n("{count} account", "{count} accounts", len(names))
    return _listed(names, several)


STATES = (
    ("pending", mark("Pending"), "clock"),
    ("posted", mark("Posted"), "check"),
    ("review", mark("Needs review"), "inbox"),
    ("hidden", mark("Hidden"), "eye-off"),
    ("shown", mark("Not hidden"), "eye"),
)


def states_of(query: TransactionQuery) -> list[str]:
    """Return the keys of the states that a query asks for."""
    known = {
        "pending": query.pending is True,
        "posted": query.pending is False,
        "review": query.needs_review is True,
        "hidden": query.hidden is True,
        "shown": query.hidden is False,
    }
    return [key for key, holds in known.items() if holds]


def with_states(query: TransactionQuery, keys: Iterable[object]) -> TransactionQuery:
    """Return the query with other states; two that say the opposite say nothing."""
    chosen = set(keys)
    return replace(
        query,
        pending=_either("pending" in chosen, "posted" in chosen),
        needs_review=True if "review" in chosen else None,
        hidden=_either("hidden" in chosen, "shown" in chosen),
    )


def state_label(query: TransactionQuery) -> str:
    """Return the words of the state chip."""
    chosen = states_of(query)
    names = [tr(name) for key, name, _ in STATES if key in chosen]
    return _listed(names, tr_n("{count} state", "{count} states", len(names)))


def _either(yes: bool, no: bool) -> bool | None:  # noqa: FBT001 - two ticks
    return None if yes == no else yes


def counted_label(query: TransactionQuery) -> str:
    """Return the words of the chip for rows that figures are made of."""
    if not query.counted_only and query.currency is None:
        return ""
    words = {CategoryKind.EXPENSE: tr("Spending"), CategoryKind.INCOME: tr("Income")}
    what = words.get(query.counts_as, tr("Counted")) if query.counts_as else tr("Counted")
    if not query.currency:
        return what
    return tr("{what} in {currency}", what=what, currency=query.currency)


def only_label(query: TransactionQuery) -> str:
    """Return the words of the chip for merchants, or for rows that were named one by one."""
    if query.merchants:
        several = tr_n("{count} merchant", "{count} merchants", len(query.merchants))
        return _listed([name.title() for name in query.merchants], several)
    if not query.ids:
        return ""
    return tr_n("One transaction", "{count} transactions", len(query.ids))


def direction_label(query: TransactionQuery) -> str:
    """Return the words of the chip for money in one direction."""
    if query.is_in is None:
        return ""
    return tr("Money in") if query.is_in else tr("Money out")


def about(query: TransactionQuery, lookup: Lookup) -> About | None:
    """Return what a query keeps, for a question about it; None where it keeps all."""
    from hive_desktop.services.chat_about import (  # noqa: PLC0415 - the start needs it not
        PageContext as Shown,
    )

    span = Span(query.start, query.end) if query.start and query.end else None
    categories = [lookup.categories[key] for key in query.categories if key in lookup.categories]
    accounts = [lookup.accounts[key].title for key in query.accounts if key in lookup.accounts]
    found = Shown(
        span,
        tuple(category_title(one) for one in categories),
        tuple(name.title() for name in query.merchants),
        tuple(accounts),
    )
    return found if found.words else None


def is_filtered(query: TransactionQuery) -> bool:
    """Tell whether the query leaves anything out."""
    return query != TransactionQuery()


def none_words(words: str, filters: Sequence[tuple[str, str]]) -> str:
    """Return why no row is shown: the words searched for, and name and value of each filter."""
    named = ", ".join(tr("{filter}: {value}", filter=name, value=value) for name, value in filters)
    if not named:
        return tr("Nothing fits “{words}”.", words=words)
    if not words:
        return tr("Nothing fits these filters. {filters}.", filters=named)
    return tr("Nothing fits “{words}” with these filters. {filters}.", words=words, filters=named)


def without_text(query: TransactionQuery) -> TransactionQuery:
    """Return the query without its words."""
    return replace(query, text="")


def _listed(names: Sequence[str], several: str) -> str:
    if len(names) <= 1:
        return names[0] if names else ""
    return several
