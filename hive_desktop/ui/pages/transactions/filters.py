"""The chips above the table: dates, category, account, state. They edit one query object."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QWidget

from hive_desktop.domain.days import Span
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.ui.kit.day_range import DayRange
from hive_desktop.ui.kit.picker import Option, Picker
from hive_desktop.ui.kit.popup import Popup
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, column, label, on_click, restyle, row
from hive_desktop.ui.pages.transactions import presenter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from hive_desktop.domain.ledger import AccountId, CategoryId

_CUSTOM = "custom"
_UNCATEGORIZED = "uncategorized"
_ACCOUNT_ICONS = {"credit": "card", "loan": "house", "investment": "trend"}


class FilterBar(QWidget):
    """Holds the query. `changed` is called after a person changed it."""

    def __init__(self, lookup: presenter.Lookup, today: date, changed: Callable[[], None]) -> None:
        super().__init__()
        self.query = TransactionQuery()
        self._lookup = lookup
        self._today = today
        self._changed = changed
        self._dates = self._chip("calendar", "Date", self._choose_dates)
        self._categories = self._chip("tag", "Category", self._choose_categories)
        self._accounts = self._chip("bank", "Account", self._choose_accounts)
        self._pending = self._chip("clock", "Pending", self._toggle_pending)
        self._counted = self._chip("x", "", self._drop_counted)
        self._only = self._chip("x", "", self._drop_only)
        self._clear = Button("Clear all", "link")
        on_click(self._clear, self.clear)
        self._info = label("", Type.SMALL, "muted", tabular=True)
        layout = row(self, gap=Space.S)
        chosen = (self._dates, self._categories, self._accounts, self._pending)
        for chip in (*chosen, self._counted, self._only):
            layout.addWidget(chip)
        layout.addWidget(self._clear)
        layout.addStretch(1)
        layout.addWidget(self._info)
        self._option_picker = Picker(self, "Filter by", is_multiple=True)
        self._date_picker = Picker(self, "Dates")
        self._range = RangePopup(self, self._set_span)
        self.show_query(self.query)

    def show_query(self, query: TransactionQuery) -> None:
        """Show a query without calling back."""
        self.query = query
        _say(self._dates, "Date", presenter.date_label(query, self._today))
        _say(self._categories, "Category", presenter.category_label(query, self._lookup))
        _say(self._accounts, "Account", presenter.account_label(query, self._lookup))
        pending = {None: "", True: "Pending", False: "Posted"}[query.pending]
        _say(self._pending, "Pending", pending)
        counted = presenter.counted_label(query)
        self._counted.setVisible(bool(counted))
        _say(self._counted, "", counted)
        self._counted.setToolTip("Only rows that count as spending or income. Click to drop this.")
        only = presenter.only_label(query)
        self._only.setVisible(bool(only))
        _say(self._only, "", only)
        self._only.setToolTip("Only these rows. Click to drop this.")
        self._clear.setVisible(presenter.is_filtered(presenter.without_text(query)))

    def say(self, text: str) -> None:
        """Show how many rows there are."""
        self._info.setText(text)

    def clear(self) -> None:
        """Drop every filter but the words searched for."""
        self._set(TransactionQuery(text=self.query.text))

    def _chip(self, icon: str, text: str, callback: Callable[[], None]) -> Button:
        chip = Button(text, "chip", icon)
        chip.setAccessibleName(f"Filter by {text.lower()}" if text else "Filter")
        on_click(chip, callback)
        return chip

    def _choose_dates(self) -> None:
        presets = presenter.date_presets(self._today)
        options = [Option(span, name) for name, span in presets]
        options.append(Option(_CUSTOM, "Custom range\N{HORIZONTAL ELLIPSIS}"))
        start, end = self.query.start, self.query.end
        current = Span(start, end) if start and end else None
        self._date_picker.choose_one(options, current, self._date_chosen)
        self._date_picker.open_at(_below(self._dates))

    def _date_chosen(self, key: object) -> None:
        if key == _CUSTOM:
            self._range.open_at(_below(self._dates), self.query, self._today)
        else:
            self._set_span(cast("Span | None", key))

    def _set_span(self, span: Span | None) -> None:
        start, end = (span.start, span.end) if span else (None, None)
        self._set(replace(self.query, start=start, end=end))

    def _choose_categories(self) -> None:
        options = [
            Option(each.id, each.name, each.icon, each.color)
            for each in self._lookup.categories.values()
            if not each.is_archived
        ]
        options.append(Option(_UNCATEGORIZED, presenter.UNCATEGORIZED, "tag"))
        ticked: list[object] = list(self.query.categories)
        ticked += [_UNCATEGORIZED] if self.query.uncategorized else []
        self._option_picker.choose_many(options, ticked, self._categories_chosen)
        self._option_picker.open_at(_below(self._categories))

    def _categories_chosen(self, keys: Sequence[object]) -> None:
        chosen = tuple(cast("CategoryId", key) for key in keys if key != _UNCATEGORIZED)
        self._set(replace(self.query, categories=chosen, uncategorized=_UNCATEGORIZED in keys))

    def _choose_accounts(self) -> None:
        options = [
            Option(each.id, each.title, _ACCOUNT_ICONS.get(each.type, "bank"))
            for each in self._lookup.accounts.values()
        ]
        self._option_picker.choose_many(options, self.query.accounts, self._accounts_chosen)
        self._option_picker.open_at(_below(self._accounts))

    def _accounts_chosen(self, keys: Sequence[object]) -> None:
        chosen = tuple(cast("AccountId", key) for key in keys)
        self._set(replace(self.query, accounts=chosen))

    def _toggle_pending(self) -> None:
        following = {None: True, True: False, False: None}[self.query.pending]
        self._set(replace(self.query, pending=following))

    def _drop_counted(self) -> None:
        self._set(replace(self.query, counted_only=False, counts_as=None, currency=None))

    def _drop_only(self) -> None:
        self._set(replace(self.query, merchant=None, ids=()))

    def _set(self, query: TransactionQuery) -> None:
        self.show_query(query)
        self._changed()


class RangePopup(Popup):
    """Two dates and a button."""

    def __init__(self, parent: QWidget, chosen: Callable[[Span | None], None]) -> None:
        super().__init__(parent, "Choose the days")
        self._chosen = chosen
        self._range = DayRange()
        layout = column(self, gap=Space.S, margin=Space.M)
        layout.addWidget(self._range)
        apply = Button("Show these days", "primary")
        on_click(apply, self._apply)
        layout.addSpacing(Space.XS)
        layout.addWidget(apply)

    def open_at(self, point: QPoint, query: TransactionQuery, today: date) -> None:
        """Show the popup with the query's dates."""
        self._range.show_days(query.start or today.replace(day=1), query.end or today)
        self.place(point)
        self.show()
        self._range.first.setFocus()

    def _apply(self) -> None:
        days = sorted(self._range.days())
        self.hide()
        self._chosen(Span(days[0], days[1]))


def _say(chip: Button, name: str, value: str) -> None:
    chip.setText(f" {value or name}")
    filled = bool(value)
    if chip.property("filled") != filled:
        chip.setProperty("filled", filled)
        restyle(chip)


def _below(widget: QWidget) -> QPoint:
    return widget.mapToGlobal(QPoint(0, widget.height() + Space.XS))
