"""Which language the window speaks, and in which locale it writes dates, numbers and money."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator
from PySide6.QtGui import QGuiApplication

from hive_desktop import i18n
from hive_desktop.ui.kit import dates

SYSTEM = "system"
"""The choice of whoever wants the language of their desktop."""


class LanguageManager:
    """Applies a language to the program: texts, formats, Qt's own menus, and the direction.

    What stands on the screen keeps its words: windows are made anew after a change.
    """

    def __init__(self) -> None:
        self.choice = SYSTEM
        self._translator: QTranslator | None = None

    def apply(self, choice: str) -> None:
        """Speak a language from now on: `system`, or one of `i18n.languages()`.

        The system's is the first of the person's languages that there is; English if none is.
        """
        self.choice = choice if choice in i18n.languages() else SYSTEM
        code = self.choice
        if code == SYSTEM:
            code = i18n.best_of(list(QLocale.system().uiLanguages()))
        i18n.use(code)
        place = locale_of(code)
        QLocale.setDefault(place)
        dates.forget_locale()
        self._translate_qt(place)
        QGuiApplication.setLayoutDirection(place.textDirection())

    def _translate_qt(self, place: QLocale) -> None:
        """Let the menus of text fields speak the language too."""
        if self._translator is not None:
            QCoreApplication.removeTranslator(self._translator)
            self._translator = None
        if place.language() == QLocale.Language.English:
            return
        translator = QTranslator()
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if translator.load(place, "qtbase", "_", folder):
            QCoreApplication.installTranslator(translator)
            self._translator = translator


def locale_of(code: str) -> QLocale:
    """Return the locale to write in: the system's own where it is of that language.

    Else the language as it is written in the system's country (English in Germany has its own
    dates), or where it is at home.
    """
    system, home = QLocale.system(), QLocale(code)
    if system.language() == home.language():
        return system
    if system.language() == QLocale.Language.C:
        return home
    there = QLocale(home.language(), system.territory())
    return there if there.territory() == system.territory() else home


def name_of(code: str) -> str:
    """Return a language's name in that language."""
    name = QLocale(code).nativeLanguageName()
    # "American English" is the locale's, where the language alone is meant.
    name = name if code != i18n.SOURCE_LANGUAGE else "English"
    return name[:1].upper() + name[1:]
