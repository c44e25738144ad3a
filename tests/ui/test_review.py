"""The Review page: questions, answers by mouse and key, and the way back."""

import dataclasses
import importlib

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from hive_desktop.domain.changes import Actor, ChangeSet, Kind
from hive_desktop.domain.reviews import ReviewState
from hive_desktop.ports.errors import VaultDamagedError
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.review import words
from hive_desktop.ui.session_window import _PAGES
from tests.ui.engine import MemoryReviews, sample_reviews
from tests.ui.fakes import make_session
from tests.ui.helpers import until, window_of
from tests.ui.household import empty

PAGE = PageName.REVIEW
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def reviews(session, house):
    made = sample_reviews(house)
    session.database.ledger.reviews = made
    return made


def _states(reviews):
    return [each.state for each in reviews.every[:3]]


async def _active(window):
    window.activateWindow()
    await until(window.isActiveWindow)
    return window.current_page()


async def test_questions_say_how_likely_and_what_differs(session, themes, reviews):
    async with window_of(session, themes, page=PAGE) as window:
        cards = window.current_page().cards
        likely = [words.likelihood(card.review.score)[0] for card in cards]
        assert likely == ["Very likely", "Likely", "Possible"]
        differing = [
            [line.field for line in words.comparison(card.review) if line.is_different]
            for card in cards
        ]
        assert differing == [
            ["Date", "State"], [], ["Name", "Amount", "Category", "State"],
        ]  # fmt: skip
        assert [(card.accept.text().strip(), card.refuse.text()) for card in cards] == [
            ("Merge", "Keep both"), ("It is a transfer", "Not a transfer"), ("Merge", "Keep both"),
        ]  # fmt: skip
        assert cards[0].accessibleName().startswith("Is this one payment? Very likely.")


async def test_keys_walk_and_answer_and_the_toast_undoes(session, themes, reviews):
    async with window_of(session, themes, page=PAGE) as window:
        page = await _active(window)
        page.activate()
        assert page.sorting.card.hasFocus()
        QTest.keyClick(page.sorting.card, Qt.Key.Key_Down)
        assert page.cards[0].hasFocus()
        QTest.keyClick(page.cards[0], Qt.Key.Key_Down)
        assert page.cards[1].hasFocus()
        QTest.keyClick(page.cards[1], Qt.Key.Key_M)
        await until(lambda: reviews.every[1].state is ReviewState.PAIRED)
        await until(lambda: "Paired as a transfer" in window.toast.text())
        await until(lambda: len(page.cards) == 2)
        await page.settled()
        assert page.cards[1].hasFocus()
        QTest.keyClick(page.cards[1], Qt.Key.Key_K)
        await until(lambda: reviews.every[2].state is ReviewState.KEPT)
        await until(lambda: window.toast.text() == "Both rows are kept")
        window.toast._act()
        await until(lambda: reviews.every[2].state is ReviewState.OPEN)
        await until(lambda: len(page.cards) == 2)
        await page.settled()
        for _ in page.cards:
            QTest.keyClick(page, Qt.Key.Key_Up)
        assert page.sorting.card.hasFocus()


async def test_buttons_answer(session, themes, reviews):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        page.cards[0].accept.click()
        await until(lambda: reviews.every[0].state is ReviewState.MERGED)
        await until(lambda: page.cards[0].review.id == reviews.every[1].id)
        page.cards[0].refuse.click()
        await until(lambda: reviews.every[1].state is ReviewState.REFUSED)


async def test_answers_can_be_taken_back(session, themes, reviews):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        names = [button.accessibleName() for button in page.answered.buttons]
        assert len(names) == 1
        assert names[0].startswith("Take back: ")
        page.answered.buttons[0].click()
        await until(lambda: reviews.every[3].state is ReviewState.OPEN)
        await until(lambda: len(page.cards) == 4)
        assert window.toast.text() == "Asked again"


async def test_the_sidebar_counts(session, themes, reviews):
    async with window_of(session, themes) as window:
        await window.watch.settled()
        entry = window.shell.sidebar._buttons[PAGE]
        assert entry.accessibleName() == "Review, 4 open"
        assert entry._count.text() == "4"
        assert entry._count.isVisible()
        await session.reviews.accept(reviews.every[0].id)
        await until(lambda: entry._count.text() == "3")
        session.database.ledger.reviews = MemoryReviews()
        row = next(row for row in session.database.ledger.house.rows if row.category_id is None)
        await session.ledger.set_category([row.id], row.category_id)
        session.bus.publish(ChangeSet(Actor.SYNC, {Kind.REVIEWS: frozenset()}))
        await until(lambda: not entry._count.isVisible())
        assert entry.accessibleName() == "Review"


async def test_an_answer_that_came_too_late_says_so(session, themes, reviews):
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        card = page.cards[0]
        reviews.every[0] = dataclasses.replace(reviews.every[0], state=ReviewState.MOOT)
        card.accept.click()
        await until(page.error.isVisible)
        assert page.error.words()[1] == "The question is not open any more."
        session.database.fail_with = VaultDamagedError()
        page.reload()
        await until(lambda: page.error.words()[0] == "The vault is damaged")


async def test_a_page_that_could_not_be_loaded_waits_no_longer(session, themes, reviews):
    session.database.fail_with = VaultDamagedError()
    async with window_of(session, themes) as window:
        window.show_page(PAGE)
        page = window.current_page()
        await until(page.error.isVisible)
        assert not page.sorting.isVisible()
        session.database.fail_with = None
        page.reload()
        await until(page.sorting.isVisible)
        assert not page.error.isVisible()


async def test_the_sheet_of_shortcuts_tells_the_keys_of_every_page_that_has_some():
    for name in (PageName.REVIEW, PageName.RULES, PageName.CATEGORIES, PageName.TRANSACTIONS):
        module, klass = _PAGES[name]
        assert getattr(importlib.import_module(module), klass).keys, name


async def test_nothing_to_review(qloop, themes):
    async with window_of(make_session(empty()), themes, page=PAGE) as window:
        assert window.current_page().stack.shown() == "empty"


async def test_many_questions_are_shown_in_part(session, themes, reviews):
    one = reviews.every[0]
    reviews.every = [
        dataclasses.replace(one, id=n.to_bytes(16, "big"), score=n / 100) for n in range(45)
    ]
    async with window_of(session, themes, page=PAGE) as window:
        page = window.current_page()
        assert len(page.cards) == 30
        assert page._more.text() == "15 more follow when these are answered."
