"""Whether syncing goes on while the vault is locked: offered with a relay, and kept at once."""

from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest
from PySide6.QtWidgets import QLabel

from hive_desktop.ports.errors import BackgroundEndedError, VaultUnwritableError
from hive_desktop.ports.events import RelayChanged
from hive_desktop.ports.relay import RelayGrant
from hive_desktop.services.settings import SYNC_WHILE_LOCKED
from hive_desktop.ui.page import PageName
from tests.ui.fakes import FakeBank
from tests.ui.helpers import until, window_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")

GRANT = RelayGrant(
    "https://relay.example.org", "mira@example.org", "d", "hr1.x", datetime(2026, 12, 1, tzinfo=UTC)
)


@asynccontextmanager
async def background_of(session, themes, grant):
    bank = FakeBank()
    bank.grant = grant
    object.__setattr__(session, "bank", bank)
    async with window_of(session, themes, page=PageName.SETTINGS) as window:
        yield window.current_page().background


async def test_it_needs_a_relay_and_says_so(session, themes):
    async with background_of(session, themes, None) as section:
        assert not section.locked.isEnabled()
        assert not section.locked.isChecked()
        assert "through a relay" in section._meaning.text()
        session.bank.grant = GRANT
        session.bus.publish(RelayChanged())
        assert section.locked.isEnabled()
        assert not section.locked.isChecked()
        for said in ("relay", "memory", "restart", "own Plaid keys"):
            assert said in section._meaning.text()


async def test_the_choice_is_kept_at_once(session, themes):
    async with background_of(session, themes, GRANT) as section:
        for value in ("1", "0"):
            section.locked.click()
            await until(lambda: session.settings.seen(SYNC_WHILE_LOCKED, "") == value)  # noqa: B023
            assert await session.settings.get(SYNC_WHILE_LOCKED, "") == value
        section.locked.click()
        session.bank.grant = None
        session.bus.publish(RelayChanged())
        assert not section.locked.isChecked()


async def test_what_cannot_be_kept_is_said_in_place(session, themes, monkeypatch):
    async def refuse(key, value):
        del key, value
        raise VaultUnwritableError(folder="/v", reason="the disk is full")

    async with background_of(session, themes, GRANT) as section:
        monkeypatch.setattr(session.settings, "put", refuse)
        section.locked.click()
        await until(section.error.isVisible)
        assert not section.locked.isChecked()


async def test_a_sign_in_that_ended_meanwhile_is_told(session, themes):
    async with window_of(session, themes) as window:
        session.bus.publish(BackgroundEndedError())

        def told():
            words = [one.text() for one in window.findChildren(QLabel)]
            return any("while the vault was locked" in one for one in words)

        await until(told)
