"""The tray: what it says in each state, its icon, its menu, and what it never says while locked."""

from dataclasses import replace
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QImage, QPalette
from PySide6.QtWidgets import QLabel, QWidget

from hive_desktop import i18n
from hive_desktop.domain.ledger import ItemState
from hive_desktop.ports.events import BackgroundChanged, SyncFinished
from hive_desktop.ports.notices import Notice, NoticeKind, Target
from hive_desktop.services.schedule import Pause, ScheduleStatus
from hive_desktop.ui.kit.contrast import contrast
from hive_desktop.ui.kit.theme import Scheme
from hive_desktop.ui.language import LanguageManager
from hive_desktop.ui.tray import drawing
from hive_desktop.ui.tray.notifier import TrayNotifier
from hive_desktop.ui.tray.status import Facts, TrayState, state_of, told, told_locked
from hive_desktop.ui.tray.tray import Tray
from hive_desktop.ui.tray_pictures import render_tray
from tests.ui.helpers import Heard
from tests.ui.household import NOW, household
from tests.ui.tray_icon import icon_maker

SCHEDULE = ScheduleStatus(240, NOW + timedelta(hours=3), None, True)


def facts(**changes):
    items = [replace(one, state=ItemState.HEALTHY) for one in household().items]
    return replace(Facts(items, SCHEDULE, NOW), **changes)


def needing(count):
    items = [*facts().items]
    for index in range(count):
        items[index] = replace(items[index], state=ItemState.NEEDS_RELINK)
    return items


class Wishes:
    """Keeps what was wished for."""

    def __init__(self):
        self.heard = []

    def __getattr__(self, name):
        return lambda *args: self.heard.append((name, *args))


@pytest.fixture
def wishes():
    return Wishes()


@pytest.fixture
def tray(qloop, wishes, themes):
    made = Tray(wishes, Heard(), Heard(), make_icon=icon_maker([True]))
    yield made
    made.close()
    made.deleteLater()


PAUSED = replace(SCHEDULE, pause=Pause.PERSON, paused_until=NOW + timedelta(hours=1), next_at=None)
AWAY = replace(SCHEDULE, pause=Pause.OFFLINE)


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, TrayState.IDLE),
        ({"items": []}, TrayState.IDLE),
        ({"is_syncing": True}, TrayState.SYNCING),
        ({"is_syncing": True, "items": needing(1)}, TrayState.SYNCING),
        ({"items": needing(1), "schedule": PAUSED}, TrayState.NEEDS_YOU),
        ({"items": needing(1), "is_offline": True}, TrayState.NEEDS_YOU),
        ({"schedule": PAUSED, "is_offline": True}, TrayState.PAUSED),
        ({"is_offline": True}, TrayState.OFFLINE),
        ({"schedule": AWAY}, TrayState.OFFLINE),
    ],
)
def test_what_matters_most_is_the_state(changes, state):
    assert state_of(facts(**changes)) is state


@pytest.mark.parametrize(
    ("changes", "lines"),
    [
        ({"items": []}, ["No bank connected"]),
        ({"is_syncing": True}, ["Syncing…"]),
        ({"items": needing(2)}, ["2 banks need you", "Synced 12 minutes ago"]),
        ({"last": SyncFinished(3, 1, 0, ())}, [..., ..., "3 new transactions"]),
        ({"last": SyncFinished(1, 0, 0, ())}, [..., ..., "1 new transaction"]),
        ({"last": SyncFinished(0, 2, 1, ())}, [..., ..., "3 updated"]),
        ({"last": SyncFinished(0, 0, 0, ())}, [..., ..., "Nothing new"]),
        ({"last": SyncFinished(9, 0, 0, ("A", "B"))}, [..., ..., "2 banks could not be read"]),
        ({"last": SyncFinished(0, 0, 0, ("A",), is_offline=True)}, [..., ...]),
        ({"is_offline": True}, ["Offline", ...]),
    ],
)
def test_its_words_are_short_and_plain(qapp, changes, lines):
    shown = told(facts(**changes))
    assert len(shown.lines) == len(lines)
    for one, expected in zip(shown.lines, lines, strict=True):
        assert one == expected or expected is ...
    assert shown.tip.startswith("Hive: ")
    assert len(shown.tip) <= 120


def test_a_pause_says_until_when(qapp):
    shown = told(facts(schedule=PAUSED))
    assert shown.lines[1].startswith("Paused until ")
    assert shown.is_paused


def every_word(tray):
    actions = [*tray.menu.actions(), *tray.menu.one_bank.actions()]
    seen = [one.text() for one in actions if one.isVisible()]
    return " ".join([*seen, tray.icon.toolTip()])


def test_while_locked_it_knows_no_bank_and_no_figure(tray):
    names = [one.institution for one in facts().items]
    tray.show_told(told(facts(last=SyncFinished(3, 0, 0, ()))))
    assert all(name in every_word(tray).replace("&&", "&") for name in names)
    background = BackgroundChanged(is_on=True, last_at=NOW - timedelta(minutes=5))
    for locked in (told_locked(), told_locked(background, NOW)):
        tray.show_told(locked)
        words = every_word(tray)
        assert not any(name in words for name in names)
        assert not any(name in one.text() for name in names for one in tray.menu.one_bank.actions())
        assert "3 new" not in words
        assert "Locked" in words
        assert not tray.menu.sync.isVisible()
        assert tray.menu.unlock.isVisible()
        assert not tray.menu.lock.isVisible()
        assert not tray.menu.open_window.isVisible()
        assert tray.menu.defaultAction() is tray.menu.unlock
        assert not tray.menu.add_row.isVisible()


@pytest.mark.parametrize(
    ("background", "line"),
    [
        (BackgroundChanged(), None),
        (BackgroundChanged(is_on=True), "Goes on syncing"),
        (BackgroundChanged(is_on=True, is_syncing=True), "Syncing…"),
        (BackgroundChanged(is_on=True, last_at=NOW - timedelta(hours=2)), "Synced 2 hours ago"),
        (BackgroundChanged(is_on=True, needs_you=True), "Unlock to see what needs you"),
    ],
)
def test_what_goes_on_while_locked_is_said(qapp, background, line):
    shown = told_locked(background, NOW)
    assert shown.state is TrayState.LOCKED
    assert shown.lines == (("Locked",) if line is None else ("Locked", line))


def test_each_entry_does_what_it_says(tray, wishes):
    tray.show_told(told(facts()))
    menu = tray.menu
    for action in (menu.open_window, menu.sync, menu.pause, menu.resume, menu.add_row, menu.lock,
                   menu.unlock, menu.quit):  # fmt: skip
        action.trigger()
    assert [name for name, *_ in wishes.heard] == [
        "open", "sync", "pause", "resume", "add_row", "lock", "open", "quit",
    ]  # fmt: skip
    menu.one_bank.actions()[1].trigger()
    assert wishes.heard[-1] == ("sync", facts().items[1].id)


def test_pause_and_resume_take_turns_and_nothing_is_offered_twice(tray):
    tray.show_told(told(facts()))
    assert (tray.menu.pause.isVisible(), tray.menu.resume.isVisible()) == (True, False)
    tray.show_told(told(facts(schedule=PAUSED)))
    assert (tray.menu.pause.isVisible(), tray.menu.resume.isVisible()) == (False, True)
    tray.show_told(told(facts(is_syncing=True)))
    assert not tray.menu.sync.isEnabled()
    tray.show_told(told(facts(items=[])))
    assert not tray.menu.sync.isVisible()
    assert not tray.menu.pause.isVisible()
    one = [facts().items[0]]
    tray.show_told(told(facts(items=one)))
    assert tray.menu.sync.isVisible()
    assert not tray.menu.one_bank.menuAction().isVisible()


def test_a_bank_s_name_is_no_shortcut(tray):
    odd = [replace(one, institution="A & B") for one in facts(items=needing(1)).items]
    tray.show_told(told(facts(items=odd)))
    assert tray.menu.lines[0].text() == "A && B needs you"
    assert {one.text() for one in tray.menu.one_bank.actions()} == {"A && B"}


def test_a_click_opens_and_the_menu_s_own_click_does_not(tray, wishes):
    reasons = tray.icon.ActivationReason
    tray.icon.activated.emit(reasons.Context)
    assert wishes.heard == []
    tray.icon.activated.emit(reasons.Trigger)
    assert wishes.heard == [("open",)]


def test_it_speaks_the_language_that_is_chosen_then(tray, qapp):
    languages = LanguageManager()
    try:
        languages.apply("de")
        tray.show_told(told_locked())
        assert tray.menu.unlock.text() == i18n.tr("Unlock…")
        assert tray.menu.lines[0].text() == i18n.tr("Locked")
    finally:
        languages.apply("en")
    tray.show_told(told_locked())
    assert tray.menu.lines[0].text() == "Locked"


def test_its_menu_is_read_from_right_to_left_where_people_do(tray, qapp):
    before = QGuiApplication.layoutDirection()
    QGuiApplication.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        assert tray.menu.layoutDirection() is Qt.LayoutDirection.RightToLeft
        assert tray.menu.one_bank.layoutDirection() is Qt.LayoutDirection.RightToLeft
    finally:
        QGuiApplication.setLayoutDirection(before)


def test_the_desktop_s_tray_may_come_and_go(qloop, wishes, themes):
    there, changed = [False], Heard()
    tray = Tray(wishes, Heard(), changed, make_icon=icon_maker(there))
    try:
        assert (tray.is_there, len(changed)) == (False, 0)
        for now in (True, True, False):
            there[0] = now
            tray.look()
            assert tray.is_there is now
            assert tray.icon.isVisible() or not now
        assert len(changed) == 2
    finally:
        tray.close()


def _ink(image):
    """Return which points are of the sign, whatever its colour: far from the ground's."""
    ground = image.pixelColor(image.width() // 2, image.height() // 8).lightness()
    return frozenset(
        (x, y)
        for x in range(image.width() // 4, image.width() * 3 // 4)
        for y in range(image.height() // 4, image.height() * 3 // 4)
        if abs(image.pixelColor(x, y).lightness() - ground) > 60
    )


@pytest.mark.parametrize("size", drawing.SIZES)
def test_each_state_has_a_shape_of_its_own_at_each_size(qapp, size):
    shapes = {}
    for state in TrayState:
        image = drawing.pixmap(state, size).toImage().convertToFormat(QImage.Format.Format_ARGB32)
        assert (image.width(), image.height()) == (size, size)
        assert image.pixelColor(0, 0).alpha() == 0
        shapes[state] = _ink(image)
    states = list(TrayState)
    for index, one in enumerate(states):
        for other in states[index + 1 :]:
            apart = shapes[one] ^ shapes[other]
            assert len(apart) >= size * size * 0.03, (one, other, len(apart))


@pytest.mark.parametrize("panel", ["#FFFFFF", "#F0F0F0", "#2B2B2B", "#000000"])
def test_it_is_seen_on_any_panel(qapp, panel):
    for state in TrayState:
        image = drawing.pixmap(state, 22).toImage()
        points = [image.pixelColor(x, y) for x in range(22) for y in range(22)]
        colors = {one.name() for one in points if one.alpha() == 255}
        assert max(contrast(one, panel) for one in colors) >= 4.5, state


def test_the_icon_has_a_picture_for_each_size_that_a_panel_asks_for(qapp):
    sizes = {one.width() for one in drawing.icon(TrayState.IDLE).availableSizes()}
    assert sizes == set(drawing.SIZES)


def test_a_notice_is_shown_and_its_click_leads_where_it_says(tray, monkeypatch):
    led, shown = Heard(), []
    notifier = TrayNotifier(tray, led)
    monkeypatch.setattr(tray.icon, "showMessage", lambda *args: shown.append(args[:2]))
    target = Target("accounts")
    notifier.show(Notice(NoticeKind.NEEDS_YOU, "A bank needs you", "Sign in again", target))
    assert shown == [("A bank needs you", "Sign in again")]
    tray.icon.messageClicked.emit()
    assert led.calls == [(target,)]
    notifier.show(Notice(NoticeKind.NEW_ROWS, "News", "12 new transactions"))
    tray.icon.messageClicked.emit()
    assert len(led) == 1


@pytest.mark.qt_log_ignore("This plugin does not support")
def test_a_click_for_the_menu_is_none_on_the_notice_beside_it(tray, monkeypatch):
    led = Heard()
    notifier = TrayNotifier(tray, led)
    monkeypatch.setattr(tray.icon, "showMessage", lambda *_args: None)
    notifier.show(Notice(NoticeKind.NEEDS_YOU, "A bank needs you", "", Target("accounts")))
    tray.menu.show()  # what Qt does under X before it tells of the notice
    tray.icon.messageClicked.emit()
    assert tray.menu.isVisible()
    assert led.calls == []
    tray.menu.hide()


class QBalloonTip(QWidget):
    """What Qt paints a notice in where the desktop shows none: its class is no part of Qt's API."""

    def __init__(self):
        super().__init__()
        colors = self.palette()
        colors.setColor(QPalette.ColorRole.Window, QColor("#FFFFE1"))
        colors.setColor(QPalette.ColorRole.WindowText, QColor("#000000"))
        self.setPalette(colors)
        self.text = QLabel("$812.50", self)


@pytest.mark.parametrize("scheme", list(Scheme))
def test_the_notice_that_qt_paints_itself_can_be_read_in_each_theme(themes, scheme):
    before = themes.mode
    themes.show_scheme(scheme)
    try:
        balloon = QBalloonTip()
        balloon.show()
        ground = balloon.palette().color(QPalette.ColorRole.Window).name()
        text = balloon.text.palette().color(QPalette.ColorRole.WindowText).name()
        assert contrast(text, ground) >= 4.5
        balloon.deleteLater()
    finally:
        themes.apply(before)


async def test_pictures_of_it_are_saved(session, tmp_path):
    saved = await render_tray(session, tmp_path, themes=("light", "dark"))
    assert len({one.name for one in saved}) == 1 + 2 * len(TrayState)
    assert all(QImage(str(one)).width() > 100 for one in saved)
