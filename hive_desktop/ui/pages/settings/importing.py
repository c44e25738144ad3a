"""Settings: files that come in, and what came in by them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hive_desktop.i18n import mark, tr
from hive_desktop.ui.kit.widgets import Button, on_click
from hive_desktop.ui.pages.settings.sections import Section

if TYPE_CHECKING:
    from hive_desktop.ui.page import PageContext

_FILES: Final = mark(
    "Statements of banks (OFX, QFX, QIF, CSV, CAMT, MT940) and exports of other programs. What "
    "would come is shown first."
)
_PAST: Final = mark("What was imported, when and into which account; each can be undone.")


class ImportSection(Section):
    """Begins an import, and shows past ones.

    Args:
        context: the page's own.
    """

    def __init__(self, context: PageContext) -> None:
        super().__init__(tr("Import"))
        self.files = Button(tr("Import files…"))
        self.past = Button(tr("Show…"), name=tr("Show past imports"))
        self.past.setToolTip("")
        on_click(self.files, context.go.import_files)
        on_click(self.past, context.go.show_imports)
        self.add_line(tr("Files"), tr(_FILES), self.files)
        self.add_line(tr("Past imports"), tr(_PAST), self.past)
