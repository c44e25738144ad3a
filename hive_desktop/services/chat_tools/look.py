"""What a tool sees of the ledger, and how it reads its arguments."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from hive_desktop import i18n
from hive_desktop.domain.categories import category_title
from hive_desktop.domain.days import Period, Span
from hive_desktop.domain.ledger import CategoryKind, TransactionQuery
from hive_desktop.domain.periods import PeriodError, in_words, resolve, resolve_day
from hive_desktop.domain.sendable import OwnWords
from hive_desktop.i18n import mark, tr
from hive_desktop.ports.query_sums import QuerySum
from hive_desktop.services.chat_tools import names
from hive_desktop.services.chat_tools.sheet import Sheet, months_in
from hive_desktop.services.chat_tools.specs import MOST_LINES, SPECS, ToolInputError
from hive_desktop.services.reports import UNCATEGORIZED, main_currency

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date
    from fractions import Fraction

    from hive_desktop.domain.ledger import Account, AccountId, Category, CategoryId
    from hive_desktop.ports.query_sums import KnownMerchant
    from hive_desktop.ports.storage import Reads

KINDS = {
    "spending": CategoryKind.EXPENSE,
    "income": CategoryKind.INCOME,
    "transfer": CategoryKind.TRANSFER,
}
_NOT_OF = {
    CategoryKind.EXPENSE: mark("“{name}” is no category of spending."),
    CategoryKind.INCOME: mark("“{name}” is no category of income."),
    CategoryKind.TRANSFER: mark("“{name}” is no category of transfers."),
}
# Of what a model leaves out that is not asked strictly.
_DEFAULTS = {"group_by": "none", "by": "month", "sort": "newest", "limit": 10, "kind": "all"}
_TYPES: dict[str, type] = {"string": str, "integer": int, "boolean": bool, "array": list}


def checked(tool: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return a tool's arguments, each as its schema wants it; what may be left out is null.

    Raises:
        ToolInputError: there is no such tool, or an argument is of another type.
    """
    spec = next((one for one in SPECS if one.name == tool), None)
    if spec is None:
        known = OwnWords(", ".join(one.name for one in SPECS))
        raise ToolInputError(
            "There is no tool “{name}”.", hint="There are: {names}.", name=tool, names=known
        )
    properties: Mapping[str, Mapping[str, Any]] = spec.parameters["properties"]
    if stray := [name for name in arguments if name not in properties]:
        raise ToolInputError(
            "“{name}” is no argument of this tool.",
            hint="It takes: {names}.",
            name=stray[0],
            names=OwnWords(", ".join(properties)),
        )
    return {name: _value(name, arguments.get(name), one) for name, one in properties.items()}


def _value(name: str, value: Any, schema: Mapping[str, Any]) -> Any:
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if value is None and "array" in types:
        return []
    if value is None and "null" in types:
        return None
    if value is None and name in _DEFAULTS:
        return _DEFAULTS[name]
    if isinstance(value, str) and "array" in types:
        value = [value]
    kind = next(one for one in types if one != "null")
    is_fit = isinstance(value, _TYPES[kind]) and not (kind == "integer" and value is True)
    if kind == "array" and is_fit:
        is_fit = all(isinstance(one, str) for one in value)
    if not is_fit or ("enum" in schema and value not in schema["enum"]):
        wanted = schema.get("enum") or [schema["description"]]
        raise ToolInputError(
            "“{name}” has a value that it cannot have.",
            hint="It must be: {names}",
            name=OwnWords(name),
            names=OwnWords(", ".join(str(one) for one in wanted if one is not None)),
        )
    return value


@dataclass(frozen=True)
class Look:
    """One look at the ledger, in one transaction."""

    reads: Reads
    today: date
    week_start: int

    @cached_property
    def categories(self) -> list[Category]:
        """Return every category."""
        return self.reads.categories()

    @cached_property
    def accounts(self) -> list[Account]:
        """Return every account."""
        return self.reads.accounts()

    @cached_property
    def merchants(self) -> list[KnownMerchant]:
        """Return every merchant that has rows."""
        return self.reads.sums.merchants()

    @cached_property
    def history(self) -> Span | None:
        """Return the first and last day that have rows."""
        return self.reads.history_span()

    @cached_property
    def main(self) -> str:
        """Return the main currency."""
        return main_currency((), [one.currency for one in self.accounts])

    def sheet(self) -> Sheet:
        """Return an empty sheet."""
        return Sheet(self.main)

    def span(self, text: str | None) -> Span:
        """Return the days that words name; None is for all time.

        Raises:
            ToolInputError: the words name no period.
        """
        earliest = self.history.start if self.history else self.today
        if text is None:
            return Span(min(earliest, self.today), self.today)
        try:
            return resolve(
                text,
                self.today,
                week_start=self.week_start,
                language=i18n.language(),
                earliest=earliest,
            )
        except PeriodError as exc:
            raise _unreadable(exc) from exc

    def day(self, text: str | None) -> date:
        """Return the day that words name; None is for today.

        Raises:
            ToolInputError: the words name no day, or one to come.
        """
        if text is None:
            return self.today
        try:
            return resolve_day(
                text, self.today, week_start=self.week_start, language=i18n.language()
            )
        except PeriodError as exc:
            raise _unreadable(exc) from exc

    def elapsed(self, span: Span) -> Span | None:
        """Return the days of a span that the ledger can know: from its first row to today."""
        if self.history is None:
            return None
        known = Span(min(self.history.start, self.today), self.today)
        return span.overlap(known)

    def covered(self, span: Span) -> Span | None:
        """Return the days of a span that may have rows, those to come too."""
        if self.history is None:
            return None
        start, end = min(self.history.start, self.today), max(self.history.end, self.today)
        return span.overlap(Span(start, end))

    def months(self, span: Span) -> Fraction | int:
        """Return by how many months to divide: the calendar's where a span is made of such."""
        known = self.elapsed(span)
        if known is None:
            return 0
        if is_whole_months(span):
            return len(known.buckets(Period.MONTH))
        return months_in((known.end - known.start).days + 1)

    def query(self, kind: CategoryKind | None, span: Span, given: Mapping[str, Any]) -> Asked:
        """Return the rows that arguments ask for, and what of them was matched.

        Raises:
            ToolInputError: a name means nothing, or several.
        """
        chosen = names.categories_of(given.get("categories", ()), self.categories)
        accounts = names.accounts_of(given.get("accounts", ()), self.accounts)
        wanted = given.get("merchants", ())
        merchants = names.merchants_of(wanted, self.merchants) if wanted else []
        if kind is not None:
            self._check_kind(chosen, kind)
        counts = kind in (CategoryKind.EXPENSE, CategoryKind.INCOME)
        base = TransactionQuery(
            start=span.start,
            end=span.end,
            accounts=tuple(one.id for one in accounts),
            categories=chosen.ids,
            uncategorized=chosen.uncategorized,
            counted_only=counts,
            counts_as=kind,
            hidden=None if counts else False,
        )
        keys = tuple(one.key for one in merchants)
        return Asked(of_merchants(base, keys), span, tuple(merchants), tuple(accounts))

    def begin(self, sheet: Sheet, asked: Asked) -> None:
        """Write what every tool with a period tells: its days, and what names were read as."""
        sheet.day("from", asked.span.start, "first day")
        sheet.day("to", asked.span.end, "last day")
        self.note_coverage(sheet, asked.span)
        for place, merchant in enumerate(asked.merchants, start=1):
            sheet.text(f"merchant{place}.name", merchant.name, "merchant that was meant")
        for place, account in enumerate(asked.accounts, start=1):
            sheet.text(f"account{place}.name", account.title, "account that was meant")
        if asked.merchants:
            others = names.similar_to(asked.merchants, self.merchants)
            for place, name in enumerate(others, start=1):
                sheet.text(f"similar{place}.name", name, "another merchant, not counted here")

    def note_coverage(self, sheet: Sheet, span: Span) -> None:
        """Note where a span has days of which the ledger knows nothing."""
        if self.history is None:
            sheet.note("The ledger has no transactions yet.")
            return
        if span.start < self.history.start:
            sheet.note(f"The ledger begins on {self.history.start}; nothing is known before.")
        if span.start > self.today:
            sheet.note("These days have not begun yet.")
        elif span.end > self.today:
            sheet.note("These days are not over yet.")

    def in_order(self, sums: Iterable[QuerySum]) -> list[QuerySum]:
        """Return sums with one for the main currency first, even if it has no rows."""
        known = {one.currency: one for one in sums}
        first = known.pop(self.main, None) or _nothing(self.main)
        return [first, *(known[currency] for currency in sorted(known))]

    def category_name(self, category_id: object) -> str:
        """Return a category's name as the person knows it."""
        found = next((one for one in self.categories if one.id == category_id), None)
        return tr(UNCATEGORIZED) if found is None else category_title(found)

    def account_name(self, account_id: AccountId | object) -> str:
        """Return an account's name."""
        return next((one.title for one in self.accounts if one.id == account_id), "")

    def merchant_name(self, key: object) -> str:
        """Return a merchant's name."""
        return self._merchant_names.get(str(key), str(key))

    @cached_property
    def _merchant_names(self) -> dict[str, str]:
        return dict(self.merchants)

    def _check_kind(self, chosen: names.Chosen, kind: CategoryKind) -> None:
        known: dict[CategoryId, Category] = {one.id: one for one in self.categories}
        for one in chosen.ids:
            if known[one].kind is not kind:
                raise ToolInputError(
                    _NOT_OF[kind],
                    hint="Ask about this category alone, or about another.",
                    name=category_title(known[one]),
                )


@dataclass(frozen=True, slots=True)
class Asked:
    """The rows that were asked for, of which span, and which names were matched."""

    query: TransactionQuery
    span: Span
    merchants: tuple[KnownMerchant, ...] = ()
    accounts: tuple[Account, ...] = ()

    def of(self, currency: str) -> TransactionQuery:
        """Return the rows of one currency."""
        return replace(self.query, currency=currency)

    @property
    def words(self) -> str:
        """Return the span in English words."""
        return in_words(self.span)


def of_merchants(query: TransactionQuery, keys: tuple[str, ...]) -> TransactionQuery:
    """Return the rows of a query that are of some merchants; none is for all."""
    return replace(query, merchants=keys) if keys else query


def is_whole_months(span: Span) -> bool:
    """Tell whether a span goes from the first day of a month to the last of one."""
    return span.start.day == 1 and Period.MONTH.end_of(span.end) == span.end


def limited(number: int) -> int:
    """Return how many lines to list."""
    return max(1, min(number, MOST_LINES))


def day_after(day: date) -> date:
    """Return the next day."""
    return day + timedelta(days=1)


def _nothing(currency: str) -> QuerySum:
    return QuerySum(None, currency, 0, 0, 0, 0)


def _unreadable(error: PeriodError) -> ToolInputError:
    return ToolInputError(
        error.message,
        hint="Say it like one of these: {examples}.",
        text=error.text,
        examples=OwnWords(", ".join(error.examples)),
    )
