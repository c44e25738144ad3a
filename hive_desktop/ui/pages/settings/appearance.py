"""Settings: colours and language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop import i18n
from hive_desktop.i18n import tr
from hive_desktop.services.settings import LANGUAGE, THEME
from hive_desktop.ui.kit.segmented import Segmented
from hive_desktop.ui.kit.select import Select
from hive_desktop.ui.kit.theme import MODE_NAMES, Mode
from hive_desktop.ui.language import SYSTEM, name_of
from hive_desktop.ui.pages.settings.sections import Section

if TYPE_CHECKING:
    from hive_desktop.ui.page import PageContext


class AppearanceSection(Section):
    """The theme, and the language of the window."""

    def __init__(self, context: PageContext) -> None:
        super().__init__(tr("Appearance"))
        self._context = context
        names = [(mode, tr(name)) for mode, name in MODE_NAMES]
        self.theme: Segmented[Mode] = Segmented(names, context.go.set_theme, tr("Theme"))
        self.language: Select[str] = Select(_languages(), tr("Language"), self._chosen)
        self.language.setFixedWidth(180)
        self.add_line(tr("Theme"), tr("System follows the setting of your desktop."), self.theme)
        self.add_line(
            tr("Language"), tr("Of the window, its dates and its numbers."), self.language
        )

    async def load(self) -> None:
        """Show what is stored."""
        settings = self._context.session.settings
        stored = await settings.get(THEME, Mode.SYSTEM.value)
        if stored in set(Mode):
            self.theme.select(Mode(stored))
        self.language.select(await settings.get(LANGUAGE, SYSTEM))

    def _chosen(self) -> None:
        self._context.go.set_language(self.language.value())


def _languages() -> list[tuple[str, str]]:
    names = [(code, name_of(code)) for code in i18n.languages()]
    return [(SYSTEM, tr("As the system")), *names]
