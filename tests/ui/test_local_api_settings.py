"""The local API in Settings: off until it is wanted, clients let in and taken out."""

from contextlib import asynccontextmanager

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel

from hive_desktop.domain.api_clients import Scope
from hive_desktop.ports.errors import EnvironmentFaultError
from hive_desktop.ui.kit import clipboard
from hive_desktop.ui.kit.confirm import ConfirmDialog
from hive_desktop.ui.kit.widgets import Button
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.settings.client_dialog import ClientDialog, SecretDialog
from hive_desktop.ui.pages.settings.page import Place
from tests.ui.helpers import until, window_of

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@asynccontextmanager
async def section_of(session, themes):
    async with window_of(session, themes, page=PageName.SETTINGS) as window:
        page = window.current_page()
        page.show_place(Place.DATA)
        await page.settled()
        yield window, page.local_api


def texts(widget):
    return [one.text() for one in widget.findChildren(QLabel)]


async def test_it_is_served_once_it_is_wanted(session, themes):
    async with section_of(session, themes) as (_, section):
        assert not section.served.isChecked()
        assert section.port.text() == "8737"
        section.served.click()
        await until(lambda: session.local_api.port == 8737)
        await until(lambda: "http://127.0.0.1:8737" in section._meaning.text())
        section.port.setText("9000")
        section.port.editingFinished.emit()
        await until(lambda: session.local_api.port == 9000)
        section.served.click()
        await until(lambda: session.local_api.port is None)
        await until(lambda: "127.0.0.1" not in section._meaning.text())
        assert not await session.local_api.is_wanted()


async def test_a_port_that_cannot_be_had_is_said(session, themes):
    class Taken:
        async def start(self, _port):
            raise EnvironmentFaultError("The port is taken.", hint="Choose another.")

    session.local_api._make = Taken
    async with section_of(session, themes) as (_, section):
        section.served.click()
        await until(section.error.isVisible)
        assert any("The port is taken." in one for one in texts(section.error))
        section.port.setText("80")
        section.port.editingFinished.emit()
        await until(lambda: any("no port that Hive may have" in one for one in texts(section)))


async def test_a_client_is_let_in_with_a_secret_shown_once_and_revoked(session, themes):
    async with section_of(session, themes) as (window, section):
        section.new.click()
        await until(lambda: window.findChild(ClientDialog) is not None)
        dialog = window.findChild(ClientDialog)
        assert not dialog.make.isEnabled()
        dialog.name.setText("Budget sheet")
        assert dialog.make.isEnabled()
        dialog.scopes[Scope.READ].setChecked(False)
        assert not dialog.make.isEnabled()
        dialog.scopes[Scope.READ].setChecked(True)
        dialog.scopes[Scope.CHAT].setChecked(True)
        dialog.make.click()
        await until(lambda: window.findChild(SecretDialog) is not None)
        shown = window.findChild(SecretDialog)
        (client,) = await session.api_clients.list()
        assert client.scopes == {Scope.READ, Scope.CHAT}
        assert {client.client_id, "the-secret-of-Budget sheet"} <= set(texts(shown))
        shown.accept()
        await until(lambda: any("Last used: never" in one for one in texts(section)))
        await until(lambda: "the-secret-of-Budget sheet" not in texts(window))
        end = [one for one in section.findChildren(Button) if one.text() == "Revoke"][-1]
        end.click()
        await until(lambda: window.findChild(ConfirmDialog) is not None)
        window.findChild(ConfirmDialog).confirm.click()
        await until(lambda: "Budget sheet" not in texts(section))
        (client,) = await session.api_clients.list()
        assert client.revoked is not None


async def test_a_copied_secret_does_not_stay_in_the_clipboard(session, themes, monkeypatch):
    async with section_of(session, themes) as (window, section):
        made = await session.api_clients.create("Budget", [Scope.READ])
        dialog = SecretDialog(window, *made)
        by_name = {one.accessibleName(): one for one in dialog.findChildren(Button)}
        copy_id, copy_secret = by_name["Copy: Client id"], by_name["Copy: Secret"]
        pasted = QGuiApplication.clipboard().text
        copy_id.click()
        assert pasted() == made[0].client_id
        copy_secret.click()
        assert pasted() == made[1]
        assert QGuiApplication.clipboard().mimeData().data("x-kde-passwordManagerHint") == b"secret"
        assert "within a minute" in dialog.copied.text()
        monkeypatch.setattr(clipboard, "STAYS_MS", 1)
        copy_secret.click()
        await until(lambda: pasted() == "")
        copy_secret.click()
        QGuiApplication.clipboard().setText("somebody's own")
        await until(lambda: not clipboard._copied)
        assert pasted() == "somebody's own"
        monkeypatch.setattr(clipboard, "STAYS_MS", 60_000)
        copy_secret.click()
        assert pasted() == made[1]
        dialog.accept()
        section.refresh()
        await section.settled()
    window.shut()  # as the lock does
    assert pasted() == ""
