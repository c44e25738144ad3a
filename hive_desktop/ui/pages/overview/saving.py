"""The Overview as a file: in light colours, on a page of its own that nobody sees.

It says which days it shows, of which accounts, and when it was made.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import Qt

from hive_desktop.i18n import tr
from hive_desktop.ui.exporting.sheet import Heading, write_sheet
from hive_desktop.ui.kit import dates
from hive_desktop.ui.kit.theme import in_light

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from PySide6.QtWidgets import QWidget

    from hive_desktop.domain.ledger import Account
    from hive_desktop.ui.kit.period_picker import PeriodPicker
    from hive_desktop.ui.page import Page, PageContext

_WIDTH, _HEIGHT = 1080, 900


class Sheet(NamedTuple):
    """A page that is painted.

    Attributes:
        picker: says its days.
        board: what of it lies behind the scroll bar.
        become_paper: takes away what can only be clicked.
    """

    page: Page
    picker: PeriodPicker
    board: QWidget
    become_paper: Callable[[], None]


async def save_overview(
    make: Callable[[PageContext], Sheet], context: PageContext, file: Path
) -> None:
    """Write the Overview as a PDF or, by the file's ending, as a PNG.

    Args:
        make: makes the page that is painted, of the days that are wanted.
        context: the page's own.
        file: where to.

    Raises:
        UsageError: the file cannot be written.
    """
    with in_light():
        page, picker, board, become_paper = make(replace(context, mark=_nothing))
        page.setAttribute(Qt.WidgetAttribute.WA_DontShowOnScreen)
        try:
            page.resize(_WIDTH, _HEIGHT)
            page.show()
            await page.settled()
            become_paper()
            shown = board if board.isVisible() else page
            wanted = max(_HEIGHT, board.minimumSizeHint().height())
            page.resize(_WIDTH, wanted + page.height() - shown.height())
            await page.settled()
            accounts = await context.session.ledger.accounts()
            today = context.session.clock.today()
            lines = (
                tr("Days: {days}", days=dates.span(picker.span())),
                tr("Accounts: {names}", names=_names(accounts)),
                tr("Made by Hive on {day}", day=dates.day(today, with_year=True)),
            )
            write_sheet(shown, Heading(tr("Overview"), lines), file)
        finally:
            page.shut()
            page.close()
            page.deleteLater()


def _names(accounts: Sequence[Account]) -> str:
    # A name stays on a line with the digits behind it.
    shown = [
        one.title.replace(" ··", "\N{NO-BREAK SPACE}··") for one in accounts if not one.is_hidden
    ]
    return ", ".join(shown) if shown else tr("none")


def _nothing(_moment: str) -> None:
    """Hear nothing: nobody waits for this page."""
