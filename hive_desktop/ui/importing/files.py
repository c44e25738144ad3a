"""The files of an import: what each of them is, and into which accounts its rows go."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from hive_desktop import i18n
from hive_desktop.domain.csv_layouts import DateOrder
from hive_desktop.i18n import tr
from hive_desktop.services.importing_targets import Target
from hive_desktop.ui.importing.new_account import NewAccount
from hive_desktop.ui.importing.words import ORDERS, remarks, rows_words
from hive_desktop.ui.kit.direction import set_margins
from hive_desktop.ui.kit.select import Select
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import (
    Button,
    Elided,
    clear,
    column,
    frame,
    label,
    on_click,
    paragraph,
    row,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from hive_desktop.domain.ledger import Account
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.services.importing import Importing
    from hive_desktop.services.importing_source import Source

_FIELD_WIDTH: Final = 380


class Place:
    """Where the rows of one account of a file go.

    Attributes:
        field: which of `targets` is chosen.
        new: what is said of an account that is made.
    """

    def __init__(
        self, targets: Sequence[Target | None], field: Select[int], new: NewAccount
    ) -> None:
        self.targets = targets
        self.field = field
        self.new = new

    def target(self) -> Target | None:
        """Return where the rows go; None where they are left out."""
        chosen = self.targets[self.field.value()]
        if chosen is None or chosen.new is None:
            return chosen
        return Target(new=self.new.account())

    def take(self, other: Place) -> None:
        """Choose what was chosen in a place that stood here before, where a person did that."""
        self.new.take(other.new)
        if not other.field.value():
            return
        chosen = other.targets[other.field.value()]
        for at, one in enumerate(self.targets):
            is_new = one is not None and chosen is not None and bool(one.new and chosen.new)
            if one == chosen or is_new:
                self.field.select(at)

    def show_new(self) -> None:
        """Ask for a new account where one is made, and nowhere else."""
        chosen = self.targets[self.field.value()]
        self.new.setVisible(chosen is not None and chosen.new is not None)


class FilesStep(QWidget):
    """Shows files with their accounts.

    Args:
        service: suggests new accounts.
        columns: opens the columns of the file at a place.
        ordered: hears in which order the dates of the file at a place stand.
    """

    def __init__(
        self,
        service: Importing,
        columns: Callable[[int], None],
        ordered: Callable[[int, DateOrder], None],
    ) -> None:
        super().__init__()
        self._service = service
        self._columns = columns
        self._ordered = ordered
        self._inside = column(self, gap=Space.S)
        self.places: list[list[Place]] = []
        self.orders: dict[int, Select[DateOrder]] = {}

    def show_files(
        self,
        sources: Sequence[Source],
        targets: Sequence[Sequence[Target]],
        accounts: Sequence[Account],
        refused: Sequence[tuple[str, HiveError]],
    ) -> None:
        """Show what was read; what the person chose before stays chosen."""
        before = self.places
        clear(self._inside)
        self.places, self.orders = [], {}
        for at, (source, some) in enumerate(zip(sources, targets, strict=True)):
            self._head(
                source.name, rows_words(source), remarks(source), self._button_of(at, source)
            )
            if source.date_order is not None:
                self._ask_order(at, source, source.date_order)
            self.places.append(
                [
                    self._place(source, place, self._offered(target, source, place, accounts))
                    for place, target in enumerate(some)
                ]
            )
            if len(before) > at and len(before[at]) == len(some):
                for place, other in zip(self.places[at], before[at], strict=True):
                    place.take(other)
        for name, error in refused:
            _, message, hint = error.rendered()
            self._head(name, tr("Cannot be imported"), f"{message} {hint}", None, bad=True)
        self._inside.addStretch(1)
        self._show_new()

    def chosen(self) -> list[list[Target | None]]:
        """Return for each account of each file where its rows go; None leaves it out."""
        return [[place.target() for place in some] for some in self.places]

    def _head(
        self, name: str, words: str, remark: str, columns: Button | None, *, bad: bool = False
    ) -> None:
        if self._inside.count():
            self._inside.addWidget(frame("line"))
        head = row(gap=Space.M)
        set_margins(head, 0, Space.S, 0, 0)
        texts = column(gap=2)
        texts.addWidget(Elided(name, Type.STRONG))
        texts.addWidget(label(words, Type.SMALL, "danger" if bad else "muted"))
        head.addLayout(texts, 1)
        if columns is not None:
            head.addWidget(columns, 0, Qt.AlignmentFlag.AlignTop)
        self._inside.addLayout(head)
        if remark:
            self._inside.addWidget(paragraph(remark, Type.SMALL))

    def _button_of(self, at: int, source: Source) -> Button | None:
        if source.guess is None:
            return None
        button = Button(tr("Columns"), "secondary")
        button.setAccessibleName(tr("Columns of {file}", file=source.name))
        on_click(button, partial(self._columns, at))
        return button

    def _ask_order(self, at: int, source: Source, order: DateOrder) -> None:
        """Ask in which order dates stand, of a file that is no table and leaves it open."""
        options = [(one, i18n.tr(ORDERS[one])) for one in (DateOrder.DMY, DateOrder.MDY)]
        name = tr("Order of dates of {file}", file=source.name)
        field: Select[DateOrder] = Select(
            options, name, lambda: self._ordered(at, self.orders[at].value())
        )
        field.select(order)
        self.orders[at] = field
        self._line(tr("Order of dates"), field)

    def _line(self, words: str, field: QWidget) -> None:
        field.setFixedWidth(_FIELD_WIDTH)
        box = row(gap=Space.M)
        box.addWidget(Elided(words, Type.BODY, "muted"), 1)
        box.addWidget(field)
        self._inside.addLayout(box)

    def _offered(
        self, target: Target, source: Source, place: int, accounts: Sequence[Account]
    ) -> list[tuple[Target | None, str]]:
        """Return where rows can go: what is suggested first."""
        new = target.new or self._service.new_account(
            source, source.read.statements[place], accounts
        )
        made = (Target(new=new), tr("New account"))
        there = [
            (Target(one.id), f"{one.institution} · {one.title}".strip(" ·")) for one in accounts
        ]
        known = [one for one in there if one[0] == target]
        rest = [one for one in there if one[0] != target]
        first = known or [made]
        return [*first, *([made] if known else []), *rest, (None, tr("Leave out"))]

    def _place(self, source: Source, at: int, offered: list[tuple[Target | None, str]]) -> Place:
        statement = source.read.statements[at]
        said = statement.account
        named = " ".join(filter(None, (said.bank, said.name, said.number)))
        name = tr("Account for {name}", name=named or source.name)
        options = [(one, words) for one, (_, words) in enumerate(offered)]
        field: Select[int] = Select(options, name, self._show_new)
        self._line(named or tr("Account"), field)
        targets = [one for one, _ in offered]
        made = next(one.new for one in targets if one is not None and one.new is not None)
        new = NewAccount(made, source.name, statement)
        self._inside.addWidget(new)
        return Place(targets, field, new)

    def _show_new(self) -> None:
        for some in self.places:
            for place in some:
                place.show_new()
