"""Leads from what was chosen in an answer: to rows, to accounts, or to a web page."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QUrl
from PySide6.QtGui import QCursor, QDesktopServices
from PySide6.QtWidgets import QMenu

from hive_desktop.i18n import tr, tr_c
from hive_desktop.ui.kit import aio
from hive_desktop.ui.kit.confirm import confirmed
from hive_desktop.ui.kit.prose import Prose
from hive_desktop.ui.kit.widgets import plain
from hive_desktop.ui.page import PageName
from hive_desktop.ui.pages.chat import places

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtWidgets import QWidget

    from hive_desktop.domain.receipts import Receipt
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ui.page import PageContext


_BREAKS: Final = re.compile(r"[/?&=.-]")


class Guide:
    """Goes where a figure leads.

    Args:
        page: over which a menu stands.
        context: of the page.
    """

    def __init__(self, page: QWidget, context: PageContext) -> None:
        self._page = page
        self._context = context

    def follow(self, href: str, receipts: Mapping[str, Receipt]) -> None:
        """Go there; of what was computed, how it was and its parts are offered.

        Before a web page is opened the person is asked; anything else leads nowhere.
        """
        if address := places.link_of(href):
            aio.spawn(self._context.scope, self._ask(address), on_error=self._failed, name="link")
            return
        if not places.is_figure(href):
            return
        found = places.of_href(href, receipts)
        if found.how:
            self._offer(found)
        elif found.ways:
            self._go(found.ways[0])

    async def _ask(self, address: str) -> None:
        agreed = await confirmed(
            self._page,
            tr("Open this page in your browser?"),
            _BREAKS.sub("\\g<0>\u200b", address),
            tr_c("page", "Open"),
        )
        if agreed and not QDesktopServices.openUrl(QUrl(address)):
            self._context.notices.show_message(address)

    def _failed(self, error: HiveError) -> None:
        self._context.notices.show_message(error.rendered()[0])

    def _offer(self, found: places.Behind) -> None:
        menu = QMenu(self._page)
        menu.setAccessibleName(tr("Made of: {parts}", parts=found.how))
        menu.addAction(plain(found.how)).setEnabled(False)
        menu.addSeparator()
        for way in found.ways:
            menu.addAction(plain(way.name)).triggered.connect(partial(self._go, way))
        menu.aboutToHide.connect(menu.deleteLater)
        asked = self._page.focusWidget()
        menu.popup(asked.foot_of_choice() if isinstance(asked, Prose) else QCursor.pos())
        menu.setActiveAction(menu.actions()[-len(found.ways)])

    def _go(self, way: places.Way, _checked: object = None) -> None:
        if way.query is None:
            self._context.go.show_page(PageName.ACCOUNTS)
        else:
            self._context.go.show_transactions(way.query)
