"""The gallery's first half: text, colours, amounts, buttons, chips, choices and fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from hive_desktop.ui.gallery.poses import PosedButton, PosedLine
from hive_desktop.ui.kit import theme
from hive_desktop.ui.kit.amount import Amount
from hive_desktop.ui.kit.chip import Chip
from hive_desktop.ui.kit.choices import Choices
from hive_desktop.ui.kit.money import Sign
from hive_desktop.ui.kit.passphrase import PassphraseField
from hive_desktop.ui.kit.pill import Pill
from hive_desktop.ui.kit.search_field import SearchField
from hive_desktop.ui.kit.segmented import Segmented
from hive_desktop.ui.kit.select import Select
from hive_desktop.ui.kit.side_list import SideList
from hive_desktop.ui.kit.switch import Switch
from hive_desktop.ui.kit.theme import Radius, Space, Type
from hive_desktop.ui.kit.widgets import Icon, Tone, column, keycap, label, row

if TYPE_CHECKING:
    from PySide6.QtGui import QPaintEvent
    from PySide6.QtWidgets import QLayout

    from hive_desktop.ui.gallery.poses import Pose
    from hive_desktop.ui.kit.widgets import Look

_SIDE_WIDTH = 184
_SAMPLE = "Sphinx of black quartz"
_SWATCHES = (
    "window sidebar surface hover pressed selection border border_strong grid",
    "text text_muted text_faint accent accent_text accent_soft on_accent toast",
    "income income_soft danger danger_soft warning warning_soft bar_spent bar_income",
)
_LOOKS: tuple[Look, ...] = ("primary", "secondary", "danger", "plain", "chip", "link", "nav")
_POSES: tuple[Pose, ...] = ("rest", "hover", "pressed", "focus", "disabled")
_ICONS = (
    "layout list inbox tag bank settings search refresh lock eye eye-off calendar clock card house "
    "trend piggy alert info check x plus more copy download folder history undo trash merge spark"
)


class Swatch(QWidget):
    """One colour role."""

    def __init__(self, role: str) -> None:
        super().__init__()
        self._role = role
        self.setFixedSize(40, 28)
        self.setAccessibleName(role)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the colour as it is in force."""
        colors = theme.active().colors
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(theme.qcolor(colors.border_strong))
            painter.setBrush(theme.qcolor(getattr(colors, self._role)))
            box = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.drawRoundedRect(box, Radius.S, Radius.S)


def text() -> QLayout:
    """Return the type scale and the tones."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(Space.XL)
    for place, role in enumerate(Type):
        grid.addWidget(label(role.value.capitalize(), Type.SMALL, "muted"), place, 0)
        grid.addWidget(label(_SAMPLE, role), place, 1)
        grid.addWidget(label("1,204.50", role, tabular=True), place, 2)
    for place, tone in enumerate(get_args(Tone)):
        grid.addWidget(label(tone.capitalize(), Type.BODY, tone), place, 3)
    grid.setColumnStretch(4, 1)
    return grid


def colors() -> QLayout:
    """Return all colour roles."""
    layout = column(gap=Space.M)
    for names in _SWATCHES:
        line = row(gap=Space.L)
        for role in names.split():
            one = column(gap=2)
            one.addWidget(Swatch(role))
            one.addWidget(label(role.replace("_", " "), Type.CAPTION, "muted"))
            line.addLayout(one)
        line.addStretch(1)
        layout.addLayout(line)
    return layout


def drawings() -> QLayout:
    """Return icons."""
    line = row(gap=Space.M)
    for name in _ICONS.split():
        line.addWidget(Icon(name, "text", 18))
    line.addStretch(1)
    return line


def amounts() -> QLayout:
    """Return amounts of all signs and sizes."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(Space.XL)
    for across, (sign, name) in enumerate(
        ((Sign.FLOW, "Row"), (Sign.NET, "Difference"), (Sign.PLAIN, "Balance"))
    ):
        grid.addWidget(label(name, Type.SMALL, "muted"), 0, across, Qt.AlignmentFlag.AlignRight)
        for down, (minor, currency) in enumerate(
            ((123_456, "USD"), (-987_650, "USD"), (0, "EUR"), (-1_204, "JPY")), start=1
        ):
            amount = Amount(sign)
            amount.show_amount(minor, currency)
            grid.addWidget(amount, down, across)
    large = Amount(Sign.PLAIN, Type.FIGURE)
    large.show_amount(1_204_550, "USD")
    grid.addWidget(large, 0, 3, 5, 1)
    grid.setColumnStretch(4, 1)
    return grid


def buttons() -> QLayout:
    """Return each look in each pose."""
    grid = QGridLayout()
    grid.setHorizontalSpacing(Space.L)
    grid.setVerticalSpacing(Space.S)
    for across, pose in enumerate(_POSES, start=1):
        grid.addWidget(label(pose.capitalize(), Type.SMALL, "muted"), 0, across)
    for down, look in enumerate(_LOOKS, start=1):
        grid.addWidget(label(look.capitalize(), Type.SMALL, "muted"), down, 0)
        for across, pose in enumerate(_POSES, start=1):
            grid.addWidget(PosedButton("Connect", look, pose, "bank"), down, across)
    down = len(_LOOKS) + 1
    grid.addWidget(label("Icon only", Type.SMALL, "muted"), down, 0)
    for across, pose in enumerate(_POSES, start=1):
        grid.addWidget(PosedButton("", "secondary", pose, "refresh", name="Sync"), down, across)
    grid.setColumnStretch(len(_POSES) + 1, 1)
    return grid


def pills() -> QLayout:
    """Return pills of all tones, chips empty and filled, and keys."""
    layout = column(gap=Space.M)
    states = row(gap=Space.S)
    tones: tuple[tuple[str, Tone], ...] = (
        ("Manual", "muted"),
        ("New", "accent"),
        ("Connected", "income"),
        ("Ends soon", "warning"),
        ("Sign in again", "danger"),
    )
    for words, tone in tones:
        states.addWidget(Pill(words, tone))
    states.addSpacing(Space.XL)
    for key in ("Ctrl+K", "J", "Enter"):
        states.addWidget(keycap(key))
    states.addStretch(1)
    layout.addLayout(states)
    chips = row(gap=Space.S)
    for name, icon, value, drops in (
        ("Date", "calendar", "", False),
        ("Account", "bank", "Everyday Checking", False),
        ("Category", "tag", "Food & Dining", True),
    ):
        chip = Chip(name, icon, nothing, nothing if drops else None)
        chip.show_value(value)
        chips.addWidget(chip)
    chips.addStretch(1)
    layout.addLayout(chips)
    return layout


def choices() -> QLayout:
    """Return controls that choose one of a few, or on and off."""
    layout = column(gap=Space.L)
    line = row(gap=Space.XL)
    options = ((1, "Week"), (2, "Month"), (3, "Year"))
    line.addWidget(Segmented(options, nothing, "Period"))
    line.addWidget(Select(options, "Period", nothing))
    for on in (False, True):
        switch = Switch("Include in net worth", nothing)
        switch.setChecked(on)
        line.addWidget(switch)
    for on, is_enabled in ((False, True), (True, True), (True, False)):
        box = QCheckBox("Hide closed accounts")
        box.setFont(theme.font(Type.BODY))
        box.setChecked(on)
        box.setEnabled(is_enabled)
        line.addWidget(box)
    line.addStretch(1)
    layout.addLayout(line)
    cards = Choices(
        (
            (1, "On this computer", "Nothing leaves it. Good for most rows."),
            (2, "A model of your own", "Asks a server that you name, and records each word."),
        ),
        "Where rows are sorted",
    )
    cards.add_body(1, label("What belongs to the chosen card stands on it.", Type.SMALL))
    layout.addWidget(cards)
    places = SideList(
        ((1, "Banks", "bank"), (2, "Security", "lock"), (3, "About", "info")), "Settings", nothing
    )
    places.select(2)
    places.setFixedWidth(_SIDE_WIDTH)
    layout.addWidget(places)
    return layout


def fields() -> QLayout:
    """Return fields in their poses, and the search field with and without work."""
    layout = column(gap=Space.M)
    line = row(gap=Space.M)
    line.addWidget(PosedLine("", "Name", "rest"))
    line.addWidget(PosedLine("Rent", "Name", "rest"))
    line.addWidget(PosedLine("Rent", "Name", "focus"))
    line.addWidget(PosedLine("Rent", "Name", "disabled"))
    line.addWidget(PassphraseField("Passphrase"))
    layout.addLayout(line)
    searches = row(gap=Space.M)
    for words, is_busy in (("", False), ("coffee > 5", False), ("blue door", True)):
        field = SearchField("Search transactions", nothing)
        field.setText(words)
        field.show_busy(busy=is_busy)
        searches.addWidget(field)
    layout.addLayout(searches)
    return layout


def nothing(*_anything: object) -> None:
    """Do nothing: the gallery only shows."""
