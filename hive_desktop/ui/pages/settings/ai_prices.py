"""What models cost: the program's price list with the person's own prices over it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLineEdit, QScrollArea, QWidget

from hive_desktop.domain.prices import CURRENCY, DEFAULT_PRICES, Price, PriceError
from hive_desktop.i18n import mark, tr
from hive_desktop.ports.errors import UsageError
from hive_desktop.ui.kit import aio, micros, theme
from hive_desktop.ui.kit.dialog import Dialog
from hive_desktop.ui.kit.direction import end, set_margins
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Button, Elided, label, on_click

if TYPE_CHECKING:
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.services.ai_access import AiAccess

_SIZE: Final = (600, 440)
_PARTS: Final = (mark("Prompt"), mark("Cached"), mark("Answer"))
_FIELD: Final = (84, 34)


class PricesDialog(Dialog):
    """One line for each model, and an empty one for another.

    Args:
        parent: the settings.
        access: has the price list and keeps it.
        scope: owns the keeping.
        model: the one in use; it has a line also where no price is known.
    """

    def __init__(self, parent: QWidget, access: AiAccess, scope: aio.Scope, model: str) -> None:
        width, height = _SIZE
        super().__init__(
            parent,
            tr("Prices of models"),
            tr(
                "{currency} for a million tokens. Costs and the budget are counted by them.",
                currency=CURRENCY,
            ),
            width=width,
            height=height,
        )
        self._access = access
        self._scope = scope
        self.lines: list[_Line] = []
        content = QWidget()
        content.setObjectName("scrolled")
        self._grid = QGridLayout(content)
        set_margins(self._grid, 0, 0, Space.S, 0)
        self._grid.setHorizontalSpacing(Space.S)
        self._grid.setVerticalSpacing(Space.S)
        self._grid.setColumnStretch(0, 1)
        for at, name in enumerate((tr("Model"), *map(tr, _PARTS))):
            head = label(name, Type.SMALL, "muted")
            if at:
                head.setAlignment(end())
            self._grid.addWidget(head, 0, at)
        known = access.prices.all()
        names = sorted(known)
        if model and model not in known and access.prices.of(model) is None:
            names.insert(0, model)
        for name in names:
            self._add(name, known.get(name), is_own=name in access.prices.own)
        self._add("", None, is_own=False)
        self._grid.setRowStretch(len(self.lines) + 1, 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(content)
        self.body.addWidget(scroll)
        self.add_button(tr("Cancel"), "secondary", self.reject)
        self.keep = self.add_button(tr("Keep"), "primary", self._keep)
        self.keep.setDefault(True)

    def _add(self, name: str, price: Price | None, *, is_own: bool) -> None:
        line = _Line(name, price)
        at = len(self.lines) + 1
        self.lines.append(line)
        self._grid.addWidget(line.title, at, 0)
        for column, field in enumerate(line.fields, start=1):
            self._grid.addWidget(field, at, column)
        reset = Button("", "plain", "undo", name=tr("Take back my price of {model}", model=name))
        if name in DEFAULT_PRICES:
            reset.setToolTip(tr("Back to the program's own price"))
        else:
            reset.setToolTip(tr("Take the price out"))
        reset.setEnabled(is_own)
        policy = reset.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        reset.setSizePolicy(policy)
        reset.setVisible(is_own)
        on_click(reset, lambda: self._reset(line, reset))
        self._grid.addWidget(reset, at, 4)

    def _reset(self, line: _Line, button: Button) -> None:
        line.show_price(DEFAULT_PRICES.get(line.name()))
        line.is_reset = True
        button.hide()

    def _keep(self) -> None:
        self.error.hide()
        changed: list[tuple[str, Price | None]] = []
        for line in self.lines:
            try:
                price = line.price()
            except PriceError:
                self.error.show_error(
                    UsageError(
                        "A price of {model} is no amount.",
                        hint="Write all three like {example}, with at most six decimals.",
                        model=line.name() or tr("the new model"),
                        example=micros.text(100_000),
                    )
                )
                return
            if line.is_changed(price):
                changed.append((line.name(), price))
        aio.spawn(self._scope, self._put(changed), on_error=self._failed, name="prices")

    async def _put(self, changed: list[tuple[str, Price | None]]) -> None:
        self.keep.setEnabled(False)
        try:
            for name, price in changed:
                is_default = price == DEFAULT_PRICES.get(name)
                await self._access.put_price(name, None if is_default else price)
        finally:
            self.keep.setEnabled(True)
        self.accept()

    def _failed(self, error: HiveError) -> None:
        self.error.show_error(error)


class _Line:
    """A model's name and its three amounts."""

    def __init__(self, name: str, price: Price | None) -> None:
        self._was = price
        self.is_reset = False
        self.title: Elided | QLineEdit
        if name:
            self.title = Elided(name)
        else:
            self.title = QLineEdit()
            self.title.setPlaceholderText(tr("Another model"))
            self.title.setAccessibleName(tr("Another model"))
            self.title.setFont(theme.font(Type.BODY))
            self.title.setFixedHeight(_FIELD[1])
        self.fields = [QLineEdit() for _ in _PARTS]
        for part, field in zip(_PARTS, self.fields, strict=True):
            field.setFixedSize(*_FIELD)
            field.setFont(theme.font(Type.BODY, tabular=True))
            field.setAlignment(Qt.AlignmentFlag.AlignRight)
            field.setAccessibleName(f"{tr(part)}, {name or tr('another model')}")
        self.show_price(price)

    def name(self) -> str:
        """Return the model's name."""
        return self.title.full() if isinstance(self.title, Elided) else self.title.text().strip()

    def show_price(self, price: Price | None) -> None:
        """Show amounts."""
        parts = (price.prompt, price.cached, price.answer) if price else (None, None, None)
        for field, value in zip(self.fields, parts, strict=True):
            field.setText(micros.typed(value))

    def price(self) -> Price | None:
        """Return what is typed; None where nothing is.

        Raises:
            PriceError: an amount is missing or is none, or a price has no model.
        """
        texts = [field.text().strip() for field in self.fields]
        if not any(texts):
            return None
        if not self.name():
            raise PriceError("a price has a model")
        prompt, cached, answer = (micros.read(text) for text in texts)
        return Price(prompt, cached, answer)

    def is_changed(self, price: Price | None) -> bool:
        """Tell whether it is to be kept."""
        return bool(self.name()) and (self.is_reset or price != self._was)
