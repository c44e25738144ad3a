"""A language made up for a test."""

from __future__ import annotations

import io
from contextlib import contextmanager
from typing import TYPE_CHECKING

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from hive_desktop import i18n

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import pytest

Text = str | tuple[str, str]


@contextmanager
def speaking(
    folder: Path, monkeypatch: pytest.MonkeyPatch, texts: Iterable[tuple[Text, Text, str | None]]
) -> Iterator[None]:
    """Speak German with these texts alone: English, German and context of each."""
    catalogue = Catalog(locale="de")
    for text, said, context in texts:
        catalogue.add(text, said, context=context)
    stream = io.BytesIO()
    write_mo(stream, catalogue)
    file = folder / "locale" / "de" / "LC_MESSAGES" / "hive.mo"
    file.parent.mkdir(parents=True)
    file.write_bytes(stream.getvalue())
    monkeypatch.setattr(i18n, "locale_dir", lambda: folder / "locale")
    i18n.use("de")
    try:
        yield
    finally:
        i18n.use(i18n.SOURCE_LANGUAGE)
