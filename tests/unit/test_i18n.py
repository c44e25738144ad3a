"""Words in the language in use: fall-backs, plurals, contexts, the choice of a language."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from hive_desktop import i18n
from hive_desktop.adapters.bank import advice
from hive_desktop.domain.categories import DEFAULT_CATEGORIES, category_title, title_of
from hive_desktop.domain.ledger import Category, CategoryId, CategoryKind
from hive_desktop.i18n import mark, mark_n, tr, tr_c, tr_n
from hive_desktop.plaidkit.errors import Advice, PlaidError
from hive_desktop.ports.errors import (
    BankRelinkError,
    HiveError,
    VaultBusyError,
    VaultUnwritableError,
)
from tests.words import speaking

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_TEXTS: tuple[tuple[str | tuple[str, str], str | tuple[str, str], str | None], ...] = (
    ("Save", "Speichern", None),
    ("Hello {name}", "Hallo {name}", None),
    (("{count} row", "{count} rows"), ("{count} Zeile", "{count} Zeilen"), None),
    (("{count_text} day", "{count_text} days"), ("{count_text} Tag", "{count_text} Tage"), None),
    ("Open", "Öffnen", "verb"),
    ("Open", "Offen", "state"),
    ("Empty", "", None),
    ("Shopping", "Einkäufe", None),
    ("The vault cannot be written", "Der Tresor ist nicht schreibbar", None),
    ("The disk refused to write in {folder}: {reason}.", "{folder}: {reason}.", None),
    ("the disk is full", "der Datenträger ist voll", None),
    ("Another Hive ({holder}) has this vault open.", "Ein anderes Hive ({holder}).", None),
    ("another process", "ein anderer Prozess", None),
    ("Open Accounts and choose Reconnect.", "Konten öffnen.", None),
)


@pytest.fixture
def german(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with speaking(tmp_path, monkeypatch, _TEXTS):
        yield


def test_without_a_choice_all_is_english() -> None:
    assert i18n.language() == "en"
    assert tr("Hello {name}", name="Mira") == "Hello Mira"
    assert tr_n("{count} row", "{count} rows", 1) == "1 row"
    assert tr_n("{count} row", "{count} rows", 0) == "0 rows"
    assert tr_c("verb", "Open") == "Open"


@pytest.mark.usefixtures("german")
def test_a_text_is_said_in_the_language_in_use() -> None:
    assert i18n.languages() == ("en", "de")
    assert i18n.language() == "de"
    assert tr("Save") == "Speichern"
    assert tr("Hello {name}", name="Mira") == "Hallo Mira"


@pytest.mark.usefixtures("german")
def test_what_a_catalogue_lacks_is_english() -> None:
    assert tr("Discard") == "Discard"
    assert tr("Bye {name}", name="Mira") == "Bye Mira"
    assert tr("Empty") == "Empty"
    assert tr("") == ""
    assert tr_n("{count} tag", "{count} tags", 2) == "2 tags"
    assert tr_c("noun", "Open") == "Open"


@pytest.mark.usefixtures("german")
def test_a_count_chooses_the_form() -> None:
    rows = mark_n("{count} row", "{count} rows")
    assert [tr_n(*rows, count) for count in (0, 1, 2)] == ["0 Zeilen", "1 Zeile", "2 Zeilen"]
    days = tr_n("{count_text} day", "{count_text} days", 1_000, count_text="1.000")
    assert days == "1.000 Tage"


@pytest.mark.usefixtures("german")
def test_a_context_tells_two_senses_apart() -> None:
    assert (tr_c("verb", "Open"), tr_c("state", "Open"), tr("Open")) == ("Öffnen", "Offen", "Open")


@pytest.mark.usefixtures("german")
def test_a_mark_changes_nothing() -> None:
    assert mark("Save") == "Save"
    assert mark_n("{count} row", "{count} rows") == ("{count} row", "{count} rows")


@pytest.mark.usefixtures("german")
def test_braces_in_a_value_or_in_a_text_without_values_stay() -> None:
    assert tr("Hello {name}", name="{other}") == "Hallo {other}"
    assert tr("{nobody}") == "{nobody}"


@pytest.mark.usefixtures("german")
def test_a_field_without_a_value_is_a_defect() -> None:
    with pytest.raises(KeyError, match="name"):
        tr("Hello {name}", other="Mira")


@pytest.mark.usefixtures("german")
def test_a_language_without_a_catalogue_is_english() -> None:
    i18n.use("tlh")
    assert (i18n.language(), tr("Save")) == ("en", "Save")
    i18n.use("de")
    i18n.use("en")
    assert (i18n.language(), tr("Save")) == ("en", "Save")


@pytest.mark.usefixtures("german")
def test_the_first_language_that_is_spoken_is_the_best() -> None:
    assert i18n.best_of(["de-AT", "en-GB"]) == "de"
    assert i18n.best_of(["DE_CH"]) == "de"
    assert i18n.best_of(["fr-FR", "en-US", "de-DE"]) == "en"
    assert i18n.best_of(["fr", "nl"]) == "en"
    assert i18n.best_of([]) == "en"


@pytest.mark.usefixtures("german")
def test_an_error_is_rendered_in_the_language_and_logged_in_english() -> None:
    error = VaultUnwritableError(folder="/v", reason="the disk is full")
    title, message, hint = error.rendered()
    assert (title, message) == (
        "Der Tresor ist nicht schreibbar",
        "/v: der Datenträger ist voll.",
    )
    assert hint == VaultUnwritableError.default_hint
    assert str(error) == "The disk refused to write in /v: the disk is full."
    busy = VaultBusyError(holder="another process").rendered()[1]
    assert busy == "Ein anderes Hive (ein anderer Prozess)."


@pytest.mark.usefixtures("german")
def test_a_commands_hint_is_never_translated() -> None:
    error = BankRelinkError(code="ITEM_LOGIN_REQUIRED")
    assert error.rendered()[2] == "Konten öffnen."
    assert error.rendered(in_window=False)[2] == BankRelinkError.command_hint


def test_an_error_that_a_vendor_worded_keeps_its_braces() -> None:
    assert HiveError("{odd} text").rendered()[1] == "{odd} text"
    told = advice.to_hive(PlaidError("TLS_FAILED", Advice.OFFLINE)).rendered()[1]
    assert told.endswith("(TLS_FAILED).")


@pytest.mark.usefixtures("german")
def test_a_default_category_has_a_name_in_each_language_until_it_is_renamed() -> None:
    assert category_title(_category("Shopping", key="Shopping")) == "Einkäufe"
    assert category_title(_category("My shopping", key="Shopping")) == "My shopping"
    assert category_title(_category("Shopping", key="Travel")) == "Shopping"
    assert category_title(_category("Shopping", key=None)) == "Shopping"
    assert title_of("Shopping") == "Einkäufe"
    assert title_of("Save") == "Save"
    assert title_of("") == ""
    assert "Shopping" in {name for name, *_ in DEFAULT_CATEGORIES}


def _category(name: str, *, key: str | None) -> Category:
    return Category(CategoryId(b"c"), name, CategoryKind.EXPENSE, "#000000", "tag", key=key)
