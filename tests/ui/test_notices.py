"""What is told outside of the window: in which words, what is never named, where it leads."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtWidgets import QMenu

from hive_desktop.domain.ledger import ItemState
from hive_desktop.domain.notice_choices import SETTABLE, Choices, NoticeKind
from hive_desktop.domain.noticing import Happening
from hive_desktop.ports.errors import VaultUnwritableError
from hive_desktop.ports.events import BackgroundChanged
from hive_desktop.ports.notices import Notice, Target
from hive_desktop.services.settings import NOTICES
from hive_desktop.ui.kit import aio, money
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.settings.page import Place
from hive_desktop.ui.tray import notifier as notifier_module
from hive_desktop.ui.tray import telling as telling_module
from hive_desktop.ui.tray.notice_words import worded, worded_locked
from hive_desktop.ui.tray.notifier import TrayNotifier
from hive_desktop.ui.tray.portal import Portal
from hive_desktop.ui.tray.telling import Telling, lead
from tests.ui.helpers import Heard, until, window_of

BANK, SHOP, ACCOUNT = "Northwind Bank", "Zanzibar Sofas", "Secret Savings ··4711"
EVERY = [
    Happening(NoticeKind.NEW_ROWS, "rows:1", count=1_234, ids=("aa", "bb")),
    Happening(
        NoticeKind.LARGE_CHARGE,
        "c",
        name=SHOP,
        amount_minor=98_765,
        currency="USD",
        ids=("ab" * 16,),
    ),
    Happening(
        NoticeKind.LOW_BALANCE,
        "l",
        name=ACCOUNT,
        amount_minor=4_321,
        before_minor=10_000,
        currency="USD",
    ),
    Happening(
        NoticeKind.PRICE_RISE,
        "r",
        name=SHOP,
        amount_minor=1_399,
        before_minor=999,
        currency="USD",
        ids=("sofas",),
    ),
    Happening(NoticeKind.NEEDS_YOU, "n", name=BANK, state="needs_relink"),
    Happening(NoticeKind.CONSENT_EXPIRING, "e", name=BANK, days=14),
    Happening(NoticeKind.SYNC_FAILING, "f", name=BANK),
    Happening(NoticeKind.BACKUP_FAILED, "b"),
    Happening(NoticeKind.TEST, "t"),
]
PLANTED = (
    "Northwind",
    "Zanzibar",
    "Secret",
    "4711",
    "987",
    "43.21",
    "13.99",
    "9.99",
    "100",
    "1,234",
)


def of(kind):
    return next(one for one in EVERY if one.kind is kind)


@pytest.mark.parametrize(
    ("kind", "title", "body"),
    [
        ("new_rows", "1,234 new transactions", "In 2 accounts"),
        ("large_charge", "Zanzibar Sofas: large charge", "$987.65"),
        ("low_balance", "Secret Savings ··4711 is low", "$43.21 left, which is below $100.00"),
        ("price_rise", "Zanzibar Sofas costs more", "$13.99 instead of $9.99"),
        ("needs_you", "Northwind Bank needs you", "Sign in at the bank again to go on syncing."),
        (
            "consent_expiring",
            "Northwind Bank: the bank's consent ends soon",
            "14 days left to renew it.",
        ),
        ("sync_failing", "Northwind Bank could not be synced for a day", ""),
        ("backup_failed", "The backup failed", "Open Hive to see why."),
    ],
)  # fmt: skip
def test_each_kind_has_its_words(qapp, kind, title, body):
    told = worded([of(NoticeKind(kind))])
    assert (told.title, told.body, told.kind) == (title, body, kind)


def test_every_kind_has_words_and_hidden_ones(qapp):
    for kind in NoticeKind:
        for hides in (True, False):
            assert worded([Happening(kind, "k")], hides_details=hides).title


@pytest.mark.parametrize("count", range(1, len(EVERY) + 1))
def test_with_details_hidden_nothing_that_was_planted_is_said(qapp, count):
    for first in range(len(EVERY) - count + 1):
        told = worded(EVERY[first : first + count], hides_details=True)
        said = f"{told.title} {told.body}"
        assert not [one for one in PLANTED if one in said]


def test_while_locked_nothing_is_named(qapp):
    told = worded_locked()
    assert told.title == "Hive: a bank needs you"
    assert not [one for one in PLANTED if one in f"{told.title} {told.body}"]


def test_hidden_amounts_are_hidden_there_too(qapp):
    money.hide(hidden=True)
    try:
        for one in EVERY:
            told = worded([one])
            assert not [each for each in ("987", "43.21", "13.99") if each in told.body]
        assert worded([of(NoticeKind.LARGE_CHARGE)]).title == "Zanzibar Sofas: large charge"
    finally:
        money.hide(hidden=False)


def test_much_at_once_is_one_notice_of_few_lines(qapp):
    told = worded(EVERY[:3])
    assert told.title == "News of Hive"
    assert told.body.splitlines() == [
        "1,234 new transactions · In 2 accounts",
        "Zanzibar Sofas: large charge · $987.65",
        "Secret Savings ··4711 is low · $43.21 left, which is below $100.00",
    ]
    assert worded(EVERY[:8]).body.splitlines()[4] == "And 4 more"
    rows = [replace(EVERY[0], key=f"rows:{at}", count=2) for at in range(3)]
    assert worded(rows).title == "6 new transactions"


def test_a_name_is_short_and_no_markup(qapp):
    evil = replace(of(NoticeKind.LARGE_CHARGE), name="<img src='x'>&" + "A\n" * 200)
    body = worded([evil, of(NoticeKind.TEST)]).body
    assert not set("<>&") & set(body)
    assert len(body.splitlines()) == 2
    assert len(worded([evil]).title) < 90


class Shown:
    """A notifier that keeps what it is to show."""

    def __init__(self):
        self.notices = []
        self.withdrawn = 0
        self.can_show = True

    def show(self, notice):
        if self.can_show:
            self.notices.append(notice)
        return self.can_show

    def withdraw(self):
        self.withdrawn += 1


@pytest.fixture
def shown():
    return Shown()


class At:
    """A clock that stands at an hour of the local day."""

    def __init__(self, hour):
        self.hour = hour

    def now(self):
        return datetime(2026, 3, 14, self.hour).astimezone().astimezone(UTC)


async def test_what_is_shown_is_taken_back_at_the_lock_and_nothing_is_told_after(session, shown):
    made = Telling(shown, lambda: False)
    made.follow(session)
    assert made.tell([of(NoticeKind.LARGE_CHARGE)], hides_details=False)
    assert shown.notices[0].title == "Zanzibar Sofas: large charge"
    made.forget()
    assert shown.withdrawn == 1
    assert not made.tell([of(NoticeKind.LARGE_CHARGE)], hides_details=False)
    assert len(shown.notices) == 1
    made.close()
    await session.scope.close()


NEEDS, WELL = BackgroundChanged(is_on=True, needs_you=True), BackgroundChanged(is_on=True)


async def test_while_locked_a_need_is_told_once_until_it_is_over(session, shown):
    made = Telling(shown, lambda: False)
    made.follow(session)
    made.hear_locked(NEEDS)
    assert shown.notices == []  # it is open: what needs the person is told by name
    made.hear_locked(WELL)
    made.forget()
    for event in (WELL, NEEDS, NEEDS, replace(NEEDS, is_syncing=True)):
        made.hear_locked(event)
    assert [one.title for one in shown.notices] == ["Hive: a bank needs you"]
    made.hear_locked(WELL)
    made.hear_locked(NEEDS)
    assert len(shown.notices) == 2
    made.close()
    await session.scope.close()


@pytest.mark.parametrize(
    ("choices", "told"),
    [
        (Choices(), [0, 0, 1]),
        (Choices(off=frozenset([NoticeKind.NEEDS_YOU])), [0, 0, 0]),
    ],
)
async def test_while_locked_the_choices_and_quiet_hours_of_the_vault_hold(
    session, shown, choices, told, monkeypatch
):
    monkeypatch.setattr(telling_module, "_LOOK_MS", 10)
    clock = At(23)
    object.__setattr__(session, "clock", clock)
    await session.notices.choose(replace(choices, quiet=(22 * 60, 7 * 60)))
    made = Telling(shown, lambda: False)
    made.follow(session)
    made.forget()
    seen = []
    made.hear_locked(NEEDS)
    seen.append(len(shown.notices))
    await asyncio.sleep(0.05)
    seen.append(len(shown.notices))
    clock.hour = 8
    await until(lambda: not made._waits.isActive())
    seen.append(len(shown.notices))
    assert seen == told
    assert not made._waits.isActive()
    made.close()
    await session.scope.close()


async def test_an_unlock_ends_what_the_quiet_hours_held_back(session, shown):
    object.__setattr__(session, "clock", At(23))
    await session.notices.choose(Choices(quiet=(22 * 60, 7 * 60)))
    made = Telling(shown, lambda: False)
    made.follow(session)
    made.forget()
    made.hear_locked(NEEDS)
    assert made._waits.isActive()
    made.follow(session)
    made.say_locked()
    assert (made._waits.isActive(), shown.notices) == (False, [])
    made.close()
    await session.scope.close()


async def test_a_click_leads_to_the_rows_in_question(session, themes):
    async with window_of(session, themes) as window:
        row = session.database.ledger.house.rows[0]
        lead(window, worded([replace(of(NoticeKind.LARGE_CHARGE), ids=(row.id.hex(),))]).target)
        assert window.current_name is PageName.TRANSACTIONS
        lead(window, worded([of(NoticeKind.PRICE_RISE)]).target)
        await window.current_page().settled()
        assert window.current_page().filters.query.merchants == ("sofas",)
        lead(window, worded([of(NoticeKind.NEEDS_YOU)]).target)
        assert window.current_name is PageName.ACCOUNTS
        lead(window, worded([of(NoticeKind.TEST)]).target)
        assert window.current_page().place() == Place.NOTIFICATIONS
        lead(window, worded([of(NoticeKind.BACKUP_FAILED)]).target)
        assert window.current_page().place() == Place.DATA
        lead(window, Target("nowhere"))
        assert window.current_name is PageName.SETTINGS


class Icon:
    """Keeps the messages of a tray's icon."""

    def __init__(self):
        self.shown = []
        self.heard = []
        self.can_show = True

    @property
    def messageClicked(self):
        return self

    def connect(self, slot):
        self.heard.append(slot)

    def supportsMessages(self):
        return self.can_show

    def showMessage(self, *values):
        self.shown.append(values[:2])


class FakeTray:
    """A tray that is there or not."""

    def __init__(self, *, is_there):
        self.icon = Icon()
        self.menu = QMenu()
        self.is_there = is_there


class FakeDesktop:
    """A desktop's own way to show notices."""

    def __init__(self):
        self.shown = []
        self.withdrawn = 0

    def show(self, title, body, clicked):
        self.shown.append((title, body, clicked))
        return True

    def withdraw(self):
        self.withdrawn += 1


HERE, THERE = Target("accounts"), Target("transactions")


def notice(target):
    return Notice(NoticeKind.TEST, "Title", "Body", target)


def test_the_tray_shows_where_there_is_one(qapp):
    tray, led, made = FakeTray(is_there=True), Heard(), Heard()
    notifier = TrayNotifier(tray, led, make_desktop=made)
    assert notifier.show(notice(HERE))
    assert notifier.show(notice(THERE))
    assert tray.icon.shown == [("Title", "Body")] * 2
    assert len(made) == 0
    notifier._clicked()
    assert led.calls == [(THERE,)]
    notifier.withdraw()
    notifier._clicked()
    assert len(led) == 1


def test_without_a_tray_the_desktop_itself_is_asked(qapp):
    tray, led, desktop = FakeTray(is_there=False), Heard(), FakeDesktop()
    notifier = TrayNotifier(tray, led, make_desktop=lambda: desktop)
    notifier.show(notice(HERE))
    notifier.show(notice(THERE))
    assert tray.icon.shown == []
    desktop.shown[0][2]()
    assert led.calls == [(HERE,)]  # each leads where it leads itself
    notifier.close()
    assert desktop.withdrawn == 1
    none = TrayNotifier(tray, led, make_desktop=lambda: None)
    assert not none.show(notice(HERE))
    none.withdraw()
    silent = FakeTray(is_there=True)
    silent.icon.can_show = False
    assert not TrayNotifier(silent, led, make_desktop=lambda: None).show(notice(HERE))
    assert silent.icon.shown == []


@pytest.mark.parametrize("system", ["darwin", "win32"])
def test_other_systems_show_notices_by_their_tray_alone(qapp, monkeypatch, system):
    monkeypatch.setattr(notifier_module.sys, "platform", system)
    tray = FakeTray(is_there=False)
    assert not TrayNotifier(tray, Heard()).show(notice(HERE))
    assert tray.icon.shown == []
    assert notifier_module._desktop() is None


def test_linux_has_the_portal_where_there_is_no_tray(qapp):
    made = notifier_module._desktop()
    assert isinstance(made, Portal)
    made.deleteLater()


async def settings_of(window):
    page = window.current_page()
    page.show_place(Place.NOTIFICATIONS)
    await page.settled()
    return page.notifications, page.quiet


def kept(session):
    return session.notices.choices


async def test_each_kind_can_be_switched_off_and_on(session, themes):
    async with window_of(session, themes, page=PageName.SETTINGS) as window:
        section, _ = await settings_of(window)
        assert tuple(section.switches) == SETTABLE
        for kind, switch in section.switches.items():
            assert switch.isChecked()
            switch.click()
            await until(lambda: kept(session).off == {kind})  # noqa: B023
            switch.click()
            await until(lambda: not kept(session).off)
        section.switches[NoticeKind.LARGE_CHARGE].click()
        assert not section.charge.isEnabled()
        assert section.low.isEnabled()
        assert await session.settings.get(NOTICES, "") != ""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("12.345", "“12.345” is not an amount. Write it like 12.00."),
        ("abc", "“abc” is not an amount. Write it like 12.00."),
        ("-5", "A limit is above zero."),
        ("0", "A limit is above zero."),
        ("9999999999999999", "The amount is too large: "),
    ],
)
async def test_a_limit_that_is_none_is_said_and_what_was_there_stays(session, themes, text, words):
    async with window_of(session, themes, page=PageName.SETTINGS) as window:
        section, _ = await settings_of(window)
        section.charge.setText("800")
        section.charge.editingFinished.emit()
        await until(lambda: kept(session).charge_minor == 80_000)
        wrong = section.wrong[section.charge]
        assert not wrong.isVisibleTo(section)
        section.charge.setText(text)
        for _ in range(2):  # Enter, and then the field is left
            section.charge.editingFinished.emit()
            assert wrong.isVisibleTo(section)
            first, second = wrong.text().splitlines()
            assert first.startswith(words)
            assert second == "$800.00 stays in force."
            assert section.charge.minor() == kept(session).charge_minor == 80_000
        section.charge.textEdited.emit("8")
        assert not wrong.isVisibleTo(section)


async def test_an_account_s_own_limit_is_refused_in_its_place(session, themes):
    async with window_of(session, themes, page=PageName.SETTINGS) as window:
        section, _ = await settings_of(window)
        (key, field), *_ = section.own.items()
        field.setText("-5")
        field.editingFinished.emit()
        words = section.wrong[field].text()
        assert words == "A limit is not below zero.\nWhat was there stays in force."
        assert (field.text(), kept(session).low_of) == ("", {})
        field.setText("0")
        field.editingFinished.emit()
        await until(lambda: kept(session).low_of == {key: 0})
        assert not section.wrong[field].isVisibleTo(section)


async def test_all_limits_stand_under_each_other(session, themes):
    async with window_of(session, themes, page=PageName.SETTINGS) as window:
        section, _ = await settings_of(window)
        await aio.painted(window)
        fields = (section.charge, section.low, *section.own.values())
        ends = {one.mapTo(section, one.rect().topRight()).x() for one in fields}
        assert len(ends) == 1


async def test_quiet_hours_that_are_none_say_so(session, themes):
    async with window_of(session, themes, page=PageName.SETTINGS) as window:
        _, quiet = await settings_of(window)
        quiet.quiet.click()
        assert not quiet.never.isVisibleTo(quiet)
        quiet.end.choose(quiet.start.value())
        assert quiet.never.isVisibleTo(quiet)
        quiet.quiet.click()
        assert not quiet.never.isVisibleTo(quiet)


async def test_limits_are_kept_and_empty_ones_are_the_usual(session, themes):
    async with window_of(session, themes, page=PageName.SETTINGS) as window:
        section, _ = await settings_of(window)
        assert (section.charge.minor(), section.low.minor()) == (50_000, 10_000)
        section.charge.setText("1,200")
        section.charge.editingFinished.emit()
        await until(lambda: kept(session).charge_minor == 120_000)
        section.charge.clear()
        section.charge.editingFinished.emit()
        await until(lambda: kept(session).charge_minor is None)
        assert section.charge.minor() == 50_000
        section.low.setText("250")
        section.low.editingFinished.emit()
        await until(lambda: kept(session).low_minor == 25_000)
        section.rise._clicked(3)
        await until(lambda: kept(session).rise_percent == 20)


async def test_an_account_may_have_a_limit_of_its_own(session, themes):
    async with window_of(session, themes, page=PageName.SETTINGS) as window:
        section, _ = await settings_of(window)
        accounts = {one.id.hex(): one for one in await session.ledger.accounts()}
        assert {accounts[key].type for key in section.own} == {"depository"}
        key, field = next(iter(section.own.items()))
        assert (field.text(), field.placeholderText()) == ("", "As above")
        field.setText("75")
        field.editingFinished.emit()
        await until(lambda: kept(session).low_of == {key: 7_500})
        field.clear()
        field.editingFinished.emit()
        await until(lambda: kept(session).low_of == {})


async def test_quiet_hours_and_hidden_details_are_kept(session, themes):
    async with window_of(session, themes, page=PageName.SETTINGS) as window:
        section, quiet = await settings_of(window)
        assert not quiet.start.isEnabled()
        quiet.quiet.click()
        await until(lambda: kept(session).quiet == (22 * 60, 7 * 60))
        quiet.end.choose(6 * 60)
        await until(lambda: kept(session).quiet == (22 * 60, 6 * 60))
        quiet.hides.click()
        section.switches[NoticeKind.NEW_ROWS].click()  # the other section keeps what this one chose
        await until(lambda: kept(session).off == {NoticeKind.NEW_ROWS})
        assert kept(session).hides_details
        assert kept(session).quiet == (22 * 60, 6 * 60)
        quiet.quiet.click()
        await until(lambda: kept(session).quiet is None)


async def test_a_test_is_shown_on_demand(session, themes, shown):
    made = Telling(shown, lambda: False)
    async with window_of(session, themes, page=PageName.SETTINGS) as window:
        _, quiet = await settings_of(window)
        made.follow(session)
        quiet.test.click()
        assert [one.title for one in shown.notices] == ["A test by Hive"]
        assert not quiet.nowhere.isVisibleTo(quiet)
        shown.can_show = False
        quiet.test.click()
        assert quiet.nowhere.isVisibleTo(quiet)
    made.close()


async def test_what_nothing_shows_waits_for_the_window_and_stays_untold_until_then(session, shown):
    inside, in_sight = [], [False]

    def show_inside(notice):
        if in_sight[0]:
            inside.append(notice)
        return in_sight[0]

    shown.can_show = False
    made = Telling(shown, lambda: in_sight[0], show_inside)
    made.follow(session)
    charge = replace(of(NoticeKind.LARGE_CHARGE), key="charge:inside")
    await session.notices.look()  # the first look tells nothing
    session.database.ledger.notices.keep([charge])
    await session.notices.look()
    assert inside == shown.notices == []
    assert [one.key for one in session.database.ledger.notices.untold()] == ["charge:inside"]
    in_sight[0] = True
    made.try_again()
    await until(lambda: inside)
    assert inside[0].title == "Zanzibar Sofas: large charge"
    await until(lambda: session.database.ledger.notices.untold() == [])
    made.close()
    await session.scope.close()


async def test_what_cannot_be_kept_is_said_in_place(session, themes, monkeypatch):
    async def refuse(_choices):
        raise VaultUnwritableError(folder="/v", reason="the disk is full")

    async with window_of(session, themes, page=PageName.SETTINGS) as window:
        section, _ = await settings_of(window)
        monkeypatch.setattr(session.notices, "choose", refuse)
        section.switches[NoticeKind.NEW_ROWS].click()
        await until(section.error.isVisible)
        assert section.switches[NoticeKind.NEW_ROWS].isChecked()


async def test_a_sync_of_the_open_vault_reaches_the_notifier(session, themes, shown):
    made = Telling(shown, lambda: False)
    made.follow(session)
    await session.notices.look()
    session.database.ledger.house.items[0] = replace(
        session.database.ledger.house.items[0], state=ItemState.REVOKED
    )
    await session.notices.look()
    await until(lambda: shown.notices)
    (told,) = shown.notices
    assert told.kind is NoticeKind.NEEDS_YOU
    assert told.body == "The connection was ended at the bank."
    made.close()
    await session.scope.close()
