"""The chips above the table: dates, category, account, state. They edit one query object."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, cast

from PySide6.QtWidgets import QWidget

from hive_desktop.domain.days import Span
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.i18n import tr
from hive_desktop.ui import category_words
from hive_desktop.ui.kit.chip import Chip
from hive_desktop.ui.kit.day_range import DayRange
from hive_desktop.ui.kit.direction import below
from hive_desktop.ui.kit.picker import Option, Picker
from hive_desktop.ui.kit.popup import Popup
from hive_desktop.ui.kit.theme import Space
from hive_desktop.ui.kit.widgets import Button, column, on_click, row
from hive_desktop.ui.pages.transactions import presenter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date

    from PySide6.QtCore import QPoint

    from hive_desktop.domain.ledger import AccountId, CategoryId

_CUSTOM = "custom"
_UNCATEGORIZED = "uncategorized"
_ACCOUNT_ICONS = {"credit": "card", "loan": "house", "investment": "trend"}


class FilterBar(QWidget):
    """Holds the query. `changed` is called after a person changed it.

    Args:
        lookup: names of categories and accounts.
        today: what dates are relative to.
        changed: called after each change.
        extra: what stands at the end of the line.
    """

    def __init__(
        self,
        lookup: presenter.Lookup,
        today: date,
        changed: Callable[[], None],
        extra: Sequence[QWidget] = (),
    ) -> None:
        super().__init__()
        self.query = TransactionQuery()
        self._lookup = lookup
        self._today = today
        self._changed = changed
        self.dates = Chip(tr("Date"), "calendar", self._choose_dates, self._drop_dates)
        self.categories = Chip(
            tr("Category"), "tag", self._choose_categories, self._drop_categories
        )
        self.accounts = Chip(tr("Account"), "bank", self._choose_accounts, self._drop_accounts)
        self.states = Chip(tr("State"), "clock", self._choose_states, self._drop_states)
        self.counted = Chip(tr("Counted"), "dollar-sign", self._drop_counted, self._drop_counted)
        self.direction = Chip(tr("Direction"), "repeat", self._drop_direction, self._drop_direction)
        self.only = Chip(tr("Chosen"), "list", self._drop_only, self._drop_only)
        self._clear = Button(tr("Clear all"), "link")
        on_click(self._clear, self.clear)
        layout = row(self, gap=Space.S)
        chosen = (self.dates, self.categories, self.accounts, self.states)
        self._chips = (*chosen, self.counted, self.direction, self.only)
        for chip in self._chips:
            layout.addWidget(chip)
        layout.addWidget(self._clear)
        layout.addStretch(1)
        for each in extra:
            layout.addWidget(each)
        self._option_picker = Picker(self, tr("Filter by"), is_multiple=True)
        self._date_picker = Picker(self, tr("Dates"))
        self._range = RangePopup(self, self._set_span)
        self.show_query(self.query)

    def show_query(self, query: TransactionQuery) -> None:
        """Show a query without calling back."""
        self.query = query
        self.dates.show_value(presenter.date_label(query, self._today))
        self.categories.show_value(presenter.category_label(query, self._lookup))
        self.accounts.show_value(presenter.account_label(query, self._lookup))
        self.states.show_value(presenter.state_label(query))
        self.counted.show_value(presenter.counted_label(query))
        self.counted.setVisible(bool(self.counted.value()))
        self.counted.setToolTip(
            tr("Only rows that count as spending or income. Click to drop this.")
        )
        self.direction.show_value(presenter.direction_label(query))
        self.direction.setVisible(bool(self.direction.value()))
        self.direction.setToolTip(tr("Only money in one direction. Click to drop this."))
        self.only.show_value(presenter.only_label(query))
        self.only.setVisible(bool(self.only.value()))
        self.only.setToolTip(tr("Only these rows. Click to drop this."))
        self._clear.setVisible(presenter.is_filtered(presenter.without_text(query)))

    def told(self) -> list[tuple[str, str]]:
        """Return name and value of each filter that is in force."""
        return [(chip.name(), chip.value()) for chip in self._chips if chip.value()]

    def clear(self) -> None:
        """Drop every filter but the words searched for."""
        self._set(TransactionQuery(text=self.query.text))

    def _choose_dates(self) -> None:
        presets = presenter.date_presets(self._today)
        options = [Option(span, name) for name, span in presets]
        options.append(Option(_CUSTOM, tr("Custom range\N{HORIZONTAL ELLIPSIS}")))
        start, end = self.query.start, self.query.end
        current = Span(start, end) if start and end else None
        self._date_picker.choose_one(options, current, self._date_chosen)
        self._date_picker.open_at(below(self.dates, Space.XS))

    def _date_chosen(self, key: object) -> None:
        if key == _CUSTOM:
            self._range.open_at(below(self.dates, Space.XS), self.query, self._today)
        else:
            self._set_span(cast("Span | None", key))

    def _set_span(self, span: Span | None) -> None:
        start, end = (span.start, span.end) if span else (None, None)
        self._set(replace(self.query, start=start, end=end))

    def _choose_categories(self) -> None:
        options = [
            category_words.option(each)
            for each in self._lookup.categories.values()
            if not each.is_archived
        ]
        options.append(Option(_UNCATEGORIZED, tr(presenter.UNCATEGORIZED), "tag"))
        ticked: list[object] = list(self.query.categories)
        ticked += [_UNCATEGORIZED] if self.query.uncategorized else []
        self._option_picker.choose_many(options, ticked, self._categories_chosen)
        self._option_picker.open_at(below(self.categories, Space.XS))

    def _categories_chosen(self, keys: Sequence[object]) -> None:
        chosen = tuple(cast("CategoryId", key) for key in keys if key != _UNCATEGORIZED)
        self._set(replace(self.query, categories=chosen, uncategorized=_UNCATEGORIZED in keys))

    def _choose_accounts(self) -> None:
        options = [
            Option(each.id, each.title, _ACCOUNT_ICONS.get(each.type, "bank"))
            for each in self._lookup.accounts.values()
            if not each.is_hidden or each.id in self.query.accounts
        ]
        self._option_picker.choose_many(options, self.query.accounts, self._accounts_chosen)
        self._option_picker.open_at(below(self.accounts, Space.XS))

    def _accounts_chosen(self, keys: Sequence[object]) -> None:
        chosen = tuple(cast("AccountId", key) for key in keys)
        self._set(replace(self.query, accounts=chosen))

    def _choose_states(self) -> None:
        options = [Option(key, tr(name), icon) for key, name, icon in presenter.STATES]
        ticked = presenter.states_of(self.query)
        self._option_picker.choose_many(options, ticked, self._states_chosen)
        self._option_picker.open_at(below(self.states, Space.XS))

    def _states_chosen(self, keys: Sequence[object]) -> None:
        self._set(presenter.with_states(self.query, keys))

    def _drop_dates(self) -> None:
        self._set_span(None)

    def _drop_categories(self) -> None:
        self._categories_chosen(())

    def _drop_accounts(self) -> None:
        self._accounts_chosen(())

    def _drop_states(self) -> None:
        self._states_chosen(())

    def _drop_counted(self) -> None:
        self._set(replace(self.query, counted_only=False, counts_as=None, currency=None))

    def _drop_direction(self) -> None:
        self._set(replace(self.query, is_in=None))

    def _drop_only(self) -> None:
        self._set(replace(self.query, merchants=(), ids=()))

    def _set(self, query: TransactionQuery) -> None:
        self.show_query(query)
        self._changed()


class RangePopup(Popup):
    """Two dates and a button."""

    def __init__(self, parent: QWidget, chosen: Callable[[Span | None], None]) -> None:
        super().__init__(parent, tr("Choose the days"))
        self._chosen = chosen
        self._range = DayRange()
        layout = column(self, gap=Space.S, margin=Space.M)
        layout.addWidget(self._range)
        apply = Button(tr("Show these days"), "primary")
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
