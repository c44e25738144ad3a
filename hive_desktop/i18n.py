"""The words that people see, in their language: one gettext catalogue for the whole program.

The source text is English and is the key. `tr` gives it in the language that `use` chose; until
then, and for what a catalogue lacks, it is the English text. `python3 packaging/dev.py translate`
gathers every text from the code into `resources/locale` and compiles what translators wrote.

Texts that are made before the language is known (constants of a module or class) are wrapped in
`mark` or `mark_n`, which only make them known to the catalogue, and in `tr` or `tr_n` where they
are shown. What the ledger keeps is kept in English (`domain/sentences.py`).
"""

from __future__ import annotations

import gettext
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from hive_desktop.config import resources_dir

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DOMAIN = "hive"
SOURCE_LANGUAGE = "en"


@dataclass(slots=True)
class _Chosen:
    language: str = SOURCE_LANGUAGE
    catalogue: gettext.NullTranslations = field(default_factory=gettext.NullTranslations)


_chosen = _Chosen()
# A command that runs inside the window speaks English there, whatever the window speaks.
_own: ContextVar[_Chosen | None] = ContextVar("own", default=None)


@contextmanager
def in_source_language() -> Iterator[None]:
    """Speak English in this context alone: a thread's, or a task's."""
    token = _own.set(_Chosen())
    try:
        yield
    finally:
        _own.reset(token)


def _current() -> _Chosen:
    return _own.get() or _chosen


def locale_dir() -> Path:
    """Return the folder of catalogues: `<language>/LC_MESSAGES/hive.mo`."""
    return resources_dir() / "locale"


def languages() -> tuple[str, ...]:
    """Return the codes (ISO 639-1) of all languages that the program speaks, English first."""
    others = sorted(file.parent.parent.name for file in locale_dir().glob(f"*/*/{DOMAIN}.mo"))
    return (SOURCE_LANGUAGE, *others)


def language() -> str:
    """Return the code of the language in use."""
    return _current().language


def best_of(wanted: list[str]) -> str:
    """Return the first language of a person's list (BCP 47, `de-AT`) that the program speaks."""
    spoken = languages()
    codes = [tag.replace("_", "-").partition("-")[0].lower() for tag in wanted]
    return next((code for code in codes if code in spoken), SOURCE_LANGUAGE)


def use(code: str) -> None:
    """Speak this language from now on; English where there is no catalogue of it."""
    if code == SOURCE_LANGUAGE or code not in languages():
        _chosen.language, _chosen.catalogue = SOURCE_LANGUAGE, gettext.NullTranslations()
        return
    _chosen.catalogue = gettext.translation(DOMAIN, locale_dir(), [code])
    _chosen.language = code


def tr(text: str, /, **values: object) -> str:
    """Return a text in the language in use, with `{names}` filled in where values are given."""
    found = _current().catalogue.gettext(text) if text else text
    return found.format(**values) if values else found


def tr_n(one: str, many: str, count: int, /, **values: object) -> str:
    """Return the form of a text that the count needs; `{count}` in it is the count.

    Give `count_text=` where the number is to be grouped as the person's locale does, and write
    `{count_text}`.
    """
    return _current().catalogue.ngettext(one, many, count).format(count=count, **values)


def tr_c(context: str, text: str, /, **values: object) -> str:
    """Return a text whose English is used in two senses; the context tells them apart."""
    found = _current().catalogue.pgettext(context, text)
    return found.format(**values) if values else found


def tr_in(code: str, text: str, /, **values: object) -> str:
    """Return a text in a language of its own choice: answers speak as they are spoken to.

    The text is `mark`ed where it is written.
    """
    found = _catalogue(code, locale_dir()).gettext(text)
    return found.format(**values) if values else found


def tr_n_in(code: str, one: str, many: str, count: int, /, **values: object) -> str:
    """Return the form of a text that the count needs, in a language of its own choice."""
    return _catalogue(code, locale_dir()).ngettext(one, many, count).format(count=count, **values)


@cache
def _catalogue(code: str, folder: Path) -> gettext.NullTranslations:
    if code == SOURCE_LANGUAGE:
        return gettext.NullTranslations()
    return gettext.translation(DOMAIN, folder, [code], fallback=True)


def mark(text: str) -> str:
    """Return the text as it is, and make it known to the catalogue: `tr` follows where it shows."""
    return text


def mark_n(one: str, many: str) -> tuple[str, str]:
    """Return both forms as they are, and make them known: `tr_n` follows where they show."""
    return one, many
