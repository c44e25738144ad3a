"""The dialogs that edit a category, and merge one into another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from hive_desktop.domain.categories import category_title
from hive_desktop.domain.ledger import CategoryKind
from hive_desktop.i18n import tr
from hive_desktop.ui import category_words
from hive_desktop.ui.kit import aio, theme
from hive_desktop.ui.kit.dialog import Dialog
from hive_desktop.ui.kit.direction import below
from hive_desktop.ui.kit.picker import Picker
from hive_desktop.ui.kit.segmented import Segmented
from hive_desktop.ui.kit.sign import Sign
from hive_desktop.ui.kit.theme import PALETTE, Space, Type
from hive_desktop.ui.kit.tiles import Tiles
from hive_desktop.ui.kit.widgets import Button, column, label, on_click, paragraph, plain, row
from hive_desktop.ui.pages.categories import words

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from PySide6.QtWidgets import QWidget

    from hive_desktop.domain.ledger import Category, CategoryId
    from hive_desktop.ports.errors import HiveError

_WIDTH = 488
_DRAWINGS_ACROSS = 10


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the dialog has been told."""

    name: str
    kind: CategoryKind
    color: str
    icon: str


class CategoryDialog(Dialog):
    """Edits a category; it closes once it is kept.

    Args:
        parent: the page.
        scope: owns the work.
        known: the category; None for a new one.
        has_rows: whether transactions are in it: its kind stays then.
        keep: keeps what is wanted; what it raises is shown here.
    """

    def __init__(
        self,
        parent: QWidget,
        scope: aio.Scope,
        known: Category | None,
        *,
        has_rows: bool,
        keep: Callable[[Wanted], Awaitable[None]],
    ) -> None:
        name = category_title(known) if known else ""
        title = tr("Edit {name}", name=name) if known else tr("New category")
        super().__init__(parent, title, width=_WIDTH)
        self._scope = scope
        self._keep = keep
        color, icon = (known.color, known.icon) if known else (PALETTE[9][0], "tag")
        self._color = color
        self._kind = known.kind if known else CategoryKind.EXPENSE
        self.sign = Sign(icon, color)
        self._icon = icon
        self.name = QLineEdit(name)
        self.name.setFont(theme.font(Type.BODY))
        self.name.setPlaceholderText(tr("Name"))
        self.name.setAccessibleName(tr("Name of the category"))
        self.name.textChanged.connect(lambda _text: self._check())
        self._add_head(can_choose_kind=known is None or (known.key is None and not has_rows))
        self._add_tiles()
        self.cancel = self.add_button(tr("Cancel"), "secondary", self.reject)
        self.save = self.add_button(
            tr("Add category") if known is None else tr("Save"), "primary", self._save
        )
        self.save.setDefault(True)
        self._kind_chosen(self._kind)
        self._check()
        self.name.setFocus()
        self.name.selectAll()

    def _add_head(self, *, can_choose_kind: bool) -> None:
        head = row(gap=Space.M)
        head.addWidget(self.sign)
        head.addWidget(self.name, 1)
        self.body.addLayout(head)
        kinds = [(kind, tr(name)) for kind, name in words.KINDS]
        self.kinds = Segmented(kinds, self._kind_chosen, tr("Kind"))
        self.kinds.select(self._kind)
        self.hint = label("", Type.SMALL, "muted")
        if can_choose_kind:
            part = column(gap=Space.XS)
            part.addWidget(self.kinds, 0, Qt.AlignmentFlag.AlignLeft)
            part.addWidget(self.hint)
            self.body.addLayout(part)
        else:
            self.kinds.hide()

    def _add_tiles(self) -> None:
        self.hues = Tiles(
            [(value, tr(name), "", value) for value, name in PALETTE],
            tr("Colour"),
            self._color_chosen,
        )
        self.hues.select(self._color)
        self.icons = Tiles(
            [(value, tr(name), value, self._color) for value, name in words.DRAWINGS],
            tr("Drawing"),
            self._icon_chosen,
            columns=_DRAWINGS_ACROSS,
        )
        self.icons.select(self._icon)
        for title_, tiles in ((tr("Colour"), self.hues), (tr("Drawing"), self.icons)):
            part = column(gap=Space.XS)
            part.addWidget(label(title_, Type.STRONG))
            part.addWidget(tiles)
            self.body.addLayout(part)

    def _kind_chosen(self, kind: CategoryKind) -> None:
        self._kind = kind
        self.hint.setText(tr(words.KIND_HINTS[kind]))

    def _color_chosen(self, color: str) -> None:
        self._color = color
        self.sign.show_sign(self._icon, color)
        self.icons.recolor(color)

    def _icon_chosen(self, icon: str) -> None:
        self._icon = icon
        self.sign.show_sign(icon, self._color)

    def _check(self) -> None:
        is_named = bool(self.name.text().strip())
        self.save.setEnabled(is_named)
        self.save.setToolTip("" if is_named else tr("Give the category a name."))

    def _save(self) -> None:
        self.save.setEnabled(False)
        self.error.hide()
        wanted = Wanted(self.name.text(), self._kind, self._color, self._icon)
        aio.spawn(self._scope, self._kept(wanted), on_error=self._failed, name="keep-category")

    async def _kept(self, wanted: Wanted) -> None:
        await self._keep(wanted)
        self.accept()

    def _failed(self, error: HiveError) -> None:
        self._check()
        self.error.show_error(error)


class MergeDialog(Dialog):
    """Asks into which category another goes; `into` is the answer once it is accepted.

    Args:
        parent: the page.
        gone: the category that goes.
        rows: how many transactions move.
        others: what it can go into.
    """

    def __init__(
        self, parent: QWidget, gone: Category, rows: int, others: Sequence[Category]
    ) -> None:
        name = category_title(gone)
        super().__init__(parent, tr("Merge {name} into another category", name=name))
        self._others = others
        self.into: Category | None = None
        self.body.addWidget(paragraph(words.merging(rows, name), tone="text"))
        self._picker = Picker(self, tr("Choose a category"))
        self.choice = Button(tr("Choose a category"), "secondary", "chevron-down")
        self.choice.setStyleSheet("text-align: left;")
        on_click(self.choice, self._open)
        self.body.addWidget(self.choice)
        self.cancel = self.add_button(tr("Cancel"), "secondary", self.reject)
        self.confirm = self.add_button(tr("Merge"), "primary", self.accept)
        self.confirm.setEnabled(False)
        self.choice.setFocus()

    def choose(self, category_id: CategoryId) -> None:
        """Choose where it goes, as the picker does."""
        self.into = next(each for each in self._others if each.id == category_id)
        self.choice.setText(f" {plain(category_title(self.into))}")
        self.choice.set_icon(self.into.icon)
        self.choice.setAccessibleName(tr("Into: {category}", category=category_title(self.into)))
        self.confirm.setEnabled(True)
        self.confirm.setDefault(True)
        self.confirm.setFocus()

    def _open(self) -> None:
        options = [category_words.option(each) for each in self._others]
        current = self.into.id if self.into else None
        self._picker.choose_one(options, current, lambda key: self.choose(cast("CategoryId", key)))
        self._picker.open_at(below(self.choice))
