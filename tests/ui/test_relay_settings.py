"""Signing in at a relay from the settings: what is shown, what is sent, and what is kept."""

import asyncio
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QScrollArea

from hive_desktop.ports.errors import BankOfflineError, RelaySignInError, UsageError
from hive_desktop.ports.events import RelayChanged
from hive_desktop.ports.relay import RelayGrant
from hive_desktop.services.news import Line
from hive_desktop.ui.kit.confirm import ConfirmDialog
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.settings.relay_data import RelayDataDialog, text_of, words_of
from tests.ui.fakes import FakeBank
from tests.ui.helpers import opened, until, window_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

URL, EMAIL, PASSWORD = "https://relay.example.org", "mira@example.org", "plenty of kettles"
GRANT = RelayGrant(URL, EMAIL, "device-1", "hr1.secret", datetime(2026, 12, 1, tzinfo=UTC))


class Bank(FakeBank):
    """A relay that does as a test says."""

    def __init__(self, grant=None):
        self.grant = grant
        self.prefers_relay = grant is not None
        self.error = None
        self.go = asyncio.Event()
        self.go.set()
        self.said = []
        self.known = {}

    async def sign_in(self, url, credentials, *, is_new=False):
        self.said.append((url, credentials.email, credentials.password, credentials.invite, is_new))
        await self._answer()
        self.grant, self.prefers_relay = GRANT, True

    async def sign_out(self, *, everywhere=False):
        self.said.append("everywhere" if everywhere else "out")
        await self._answer()
        self.grant = None

    async def prefer_relay(self, *, preferred):
        await self._answer()
        self.prefers_relay = preferred

    async def known_data(self):
        await self._answer()
        return self.known

    async def _answer(self):
        await self.go.wait()
        if self.error is not None:
            raise self.error


@asynccontextmanager
async def relay_of(session, themes, bank):
    object.__setattr__(session, "bank", bank)
    async with window_of(session, themes, page=PageName.SETTINGS) as window:
        yield window.current_page().relay


def fill(form, *, invite="", is_new=False, password=PASSWORD):
    form.way._group.button(int(is_new)).click()
    form.url.setText(f" {URL} ")
    form.email.setText(EMAIL)
    form.password.setText(password)
    form.invite.setText(invite)


def enter(field):
    QTest.keyClick(field, Qt.Key.Key_Return)


async def test_sign_in(session, themes):
    async with relay_of(session, themes, bank := Bank()) as relay:
        form = relay.form
        assert form.isVisible()
        assert not relay.signed_in.isVisible()
        assert not form.go_on.isEnabled()
        assert not form.invite.isVisible()
        fill(form, invite="typed before")
        form.go_on.click()
        await until(relay.signed_in.isVisible)
        assert bank.said == [(URL, EMAIL, PASSWORD, None, False)]
        assert not form.isVisible()
        assert relay.who.text() == f"Signed in as {EMAIL}"
        assert "relay.example.org" in relay.line.text()
        assert (form.password.text(), form.invite.text()) == ("", "")
        assert not relay._choice.isVisible()  # there is but one way


@pytest.mark.parametrize("name", ["url", "email", "password", "invite"])
async def test_enter_submits_from_every_field(session, themes, name):
    async with relay_of(session, themes, bank := Bank()) as relay:
        fill(relay.form, invite=" hi-code ", is_new=True)
        enter(getattr(relay.form, name))
        await until(relay.signed_in.isVisible)
        assert bank.said == [(URL, EMAIL, PASSWORD, "hi-code", True)]


async def test_sign_up_says_what_it_needs(session, themes):
    async with relay_of(session, themes, bank := Bank()) as relay:
        form = relay.form
        fill(form, is_new=True, password="too short")
        assert form.invite.isVisible()
        assert form.hint.isVisible()
        assert "10 characters" in form.hint.text()
        assert form.go_on.text() == "Create the account"
        assert not form.go_on.isEnabled()
        enter(form.password)
        await asyncio.sleep(0.02)
        assert bank.said == []
        form.way._group.button(0).click()  # an account that is there may be older than the rule
        assert form.go_on.isEnabled()
        assert form.go_on.text() == "Sign in"


@pytest.mark.parametrize(
    "error",
    [
        RelaySignInError("There is no account with this password.", code="RELAY_WRONG_SIGN_IN"),
        BankOfflineError(code="UNREACHABLE"),
        UsageError(
            "This is not a relay's address.", hint="Give it like https://relay.example.org."
        ),
    ],
)
async def test_what_went_wrong_is_said_in_place_and_nothing_is_lost(session, themes, error):
    bank = Bank()
    bank.error = error
    async with relay_of(session, themes, bank) as relay:
        form = relay.form
        fill(form, invite="hi-code", is_new=True)
        form.go_on.click()
        await until(relay.error.isVisible)
        assert relay.error.words() == error.rendered()
        assert relay.error.accessibleName()
        assert [f.text().strip() for f in (form.url, form.email, form.password, form.invite)] == [
            URL, EMAIL, PASSWORD, "hi-code",
        ]  # fmt: skip
        assert form.go_on.isEnabled()
        bank.error = None
        enter(form.password)
        await until(relay.signed_in.isVisible)
        assert not relay.error.isVisible()


async def test_only_one_is_sent_while_the_relay_is_asked(session, themes):
    bank = Bank()
    bank.go.clear()
    async with relay_of(session, themes, bank) as relay:
        fill(relay.form)
        relay.form.go_on.click()
        await until(lambda: len(bank.said) == 1)
        assert not relay.form.go_on.isEnabled()
        enter(relay.form.password)
        relay.form.email.setText("other@example.org")  # typing does not wake the button
        assert not relay.form.go_on.isEnabled()
        bank.go.set()
        await until(relay.signed_in.isVisible)
        assert len(bank.said) == 1


async def test_sign_out(session, themes):
    bank = Bank(GRANT)
    async with relay_of(session, themes, bank) as relay:
        assert not relay.form.isVisible()
        bank.go.clear()
        relay.out.click()
        await until(lambda: bank.said == ["out"])
        assert not relay.out.isEnabled()
        assert not relay.everywhere.isEnabled()
        bank.go.set()
        await until(relay.form.isVisible)
        assert not relay.signed_in.isVisible()
        assert (relay.form.url.text(), relay.form.email.text()) == (URL, EMAIL)
        assert relay.out.isEnabled()


async def test_sign_out_everywhere_asks_first(session, themes):
    async with relay_of(session, themes, bank := Bank(GRANT)) as relay:
        relay.everywhere.click()
        question = await opened(relay, ConfirmDialog)
        question.cancel.click()
        await until(lambda: relay.findChild(ConfirmDialog) is None)
        assert bank.said == []
        bank.error = BankOfflineError(code="UNREACHABLE")
        relay.everywhere.click()
        (await opened(relay, ConfirmDialog)).confirm.click()
        await until(relay.error.isVisible)
        assert relay.signed_in.isVisible()
        assert relay.everywhere.isEnabled()
        bank.error = None
        relay.everywhere.click()
        await until(lambda: relay.findChild(ConfirmDialog) is not None)
        (await opened(relay, ConfirmDialog)).confirm.click()
        await until(relay.form.isVisible)
        assert bank.said == ["everywhere", "everywhere"]


async def test_how_the_line_stands_is_shown_as_it_changes(session, themes):
    async with relay_of(session, themes, Bank(GRANT)) as relay:
        assert relay.line.text() == "relay.example.org"
        for line, words in (
            (Line.OPEN, "news of your banks arrives at once"),
            (Line.AWAY, "cannot be reached now"),
            (Line.SIGNED_OUT, "has ended this sign-in"),
        ):
            session.news.line = line
            session.bus.publish(RelayChanged())
            assert words in relay.line.text()
            assert relay.form.isVisible() is (line is Line.SIGNED_OUT)
        assert relay.who.text() == f"Was signed in as {EMAIL}"
        assert not relay._more.isVisible()
        assert (relay.form.url.text(), relay.form.email.text()) == (URL, EMAIL)
        session.news.line = Line.OPEN
        session.bus.publish(RelayChanged())
        assert relay._more.isVisible()
    session.news.line = Line.NONE


async def test_new_banks_go_the_way_that_is_chosen(session, themes):
    bank = Bank(GRANT)
    bank.keys_host = "sandbox"
    async with relay_of(session, themes, bank) as relay:
        assert relay._choice.isVisible()
        assert relay.new_banks.value() is True
        relay.new_banks._group.button(1).click()
        await until(lambda: not bank.prefers_relay)
        bank.error = BankOfflineError(code="UNREACHABLE")
        relay.new_banks._group.button(0).click()
        await until(relay.error.isVisible)
        assert relay.new_banks.value() is False


async def test_keys_that_are_set_up_later_bring_the_choice(session, themes):
    async with relay_of(session, themes, bank := Bank(GRANT)) as relay:
        assert not relay._choice.isVisible()
        bank.keys_host = "sandbox"
        session.bus.publish(RelayChanged())
        assert relay._choice.isVisible()


KNOWN = {
    "user": {"id": "user-1", "email": EMAIL, "created_at": "2026-11-01T10:00:00+00:00"},
    "devices": [{"id": f"device-{n}", "name": "x" * 300, "revoked_at": None} for n in range(60)],
    "items": [],
    "links": [],
    "ai_usage": [{"day": "2026-11-01", "requests": 3, "tokens": 12_000}],
    "not_known_here": {"nested": {"a": [1, 2]}, "flag": True, "markup": "<b>bold</b>"},
}


async def test_what_the_relay_knows(session, themes):
    bank = Bank(GRANT)
    bank.known = KNOWN
    async with relay_of(session, themes, bank) as relay:
        bank.go.clear()
        relay.data.click()
        await until(lambda: not relay.data.isEnabled())
        bank.go.set()
        dialog = await opened(relay, RelayDataDialog)
        assert relay.data.isEnabled()
        said = [each.text() for each in dialog.findChildren(QLabel)]
        for words in ("Your account", "Devices", "Banks", "Use of the AI", "Not known here"):
            assert words in said
        assert said.count("Nothing") == 2
        assert "and 10 more" in said
        assert "<b>bold</b>" in said
        assert "A: 1, 2" in said
        scroll = dialog.findChild(QScrollArea)
        assert scroll.accessibleName()
        assert scroll.widget().width() <= scroll.viewport().width()
        assert scroll.widget().minimumSizeHint().width() <= scroll.viewport().width()
        QTest.keyClick(dialog, Qt.Key.Key_Escape)
        await until(lambda: relay.findChild(RelayDataDialog) is None)


async def test_what_the_relay_knows_while_it_is_away(session, themes):
    bank = Bank(GRANT)
    bank.error = BankOfflineError(code="UNREACHABLE")
    async with relay_of(session, themes, bank) as relay:
        relay.data.click()
        await until(relay.error.isVisible)
        assert relay.data.isEnabled()
        assert relay.findChild(RelayDataDialog) is None


async def test_everything_has_a_name(session, themes):
    async with relay_of(session, themes, Bank()) as relay:
        form = relay.form
        fields = form.findChildren(QLineEdit)
        assert {f.accessibleName() for f in fields} == {
            "The relay's address", "E-mail", "Password", "Invite code",
        }  # fmt: skip
        assert form.password.echoMode() is QLineEdit.EchoMode.Password
        assert form.invite.echoMode() is QLineEdit.EchoMode.Password
        assert all(b.accessibleName() for b in (relay.out, relay.everywhere, relay.data))
        assert form.way.accessibleName()
        assert relay.accessibleName() == "Relay"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "\N{EN DASH}"),
        ("", "\N{EN DASH}"),
        ([], "\N{EN DASH}"),
        (True, "Yes"),
        (False, "No"),
        (0, "0"),
        ("Test", "Test"),
        ("0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+14:00"),
    ],
)
def test_values_as_words(value, words):
    assert text_of(value) == words


def test_names_as_words():
    assert words_of("created_at") == "Created"
    assert words_of("institution_id") == "Bank's id"
    assert text_of("2026-11-01T10:00:00+00:00").startswith("2026-")
    assert text_of("y" * 100).replace("\N{ZERO WIDTH SPACE}", "") == "y" * 100
