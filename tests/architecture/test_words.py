"""Every sentence that the window shows is in the catalogue, and every language has all of it."""

from __future__ import annotations

import ast
import importlib.util
import re
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from hive_desktop.adapters.bank.relay_words import RELAY_WORDS
from hive_desktop.plaidkit.transport import PURPOSES
from tests.architecture.literals import literals

if TYPE_CHECKING:
    from types import ModuleType

ROOT = Path(__file__).resolve().parents[2]
UI = ROOT / "hive_desktop" / "ui"
# The gallery is a sheet of samples for those who build the window.
_WINDOW = sorted(file for file in UI.rglob("*.py") if "gallery" not in file.parts)
_LANGUAGES = sorted((ROOT / "resources" / "locale").glob("*/LC_MESSAGES/hive.po"))
_FIELD = re.compile(r"\{(\w*)[^}]*\}")
# Literals that are no words of a language: file (from ui/) and text.
_NO_WORDS: set[tuple[str, str]] = {
    ("language.py", "English"),
    ("kit/journal_words.py", "bank category"),
    ("always.py", "merchant equals {} and sign equals {}"),
    ("pages/rules/page.py", "merchant equals {} and sign equals {}"),
    ("pages/accounts/history.py", "Esc"),
    ("pages/accounts/presenter.py", "credit card"),
    ("pages/accounts/presenter.py", "home equity"),
    ("pages/accounts/presenter.py", "line of credit"),
    ("pages/accounts/presenter.py", "money market"),
    ("pages/transactions/table.py", "Del"),
    ("pages/transactions/table.py", "Esc"),
    ("app.py", "Hive"),
    ("card_page.py", "Down"),
    ("card_page.py", "Up"),
    ("kit/dates.py", "{} MMM yyyy"),
    ("kit/dates.py", "MMM d"),
    ("kit/dates.py", "MMM d, yyyy"),
    ("kit/dates.py", "MMMM yyyy"),
    ("kit/pill.py", "background: {}; color: {}; border-radius: 10px; padding: 0 8px;"),
    ("kit/theme.py", "Fusion"),
    ("kit/tokens.py", "Inter"),
    ("kit/tokens.py", "Inter Variable"),
    ("kit/tokens.py", "SF Pro Text"),
    ("kit/tokens.py", "Segoe UI Variable Text"),
    ("kit/tokens.py", "Segoe UI"),
    ("kit/tokens.py", "Adwaita Sans"),
    ("kit/tokens.py", "Cantarell"),
    ("kit/tokens.py", "Ubuntu"),
    ("kit/tokens.py", "Noto Sans"),
    ("kit/tokens.py", "DejaVu Sans Condensed"),
    ("kit/tokens.py", "DejaVu Sans"),
    ("pages/categories/words.py", "Transfer"),
    ("pages/chat/page.py", "Delete"),
    ("pages/chat/page.py", "Esc"),
    ("pages/chat/page.py", "Return"),
    ("pages/chat/page.py", "Up"),
    ("session_window.py", "Hive"),
    ("shell.py", "Hive"),
    ("pages/egress/page.py", "Esc"),
    ("pages/settings/about.py", "Display"),  # of the report for help, which is English as logs are
    ("pages/settings/about.py", "Hive Desktop"),
    ("pages/settings/about.py", "Qt"),
    ("unlock.py", "Hive"),
}


@cache
def catalogue() -> ModuleType:
    """Return the module behind `dev.py translate`; packaging/ is no package."""
    spec = importlib.util.spec_from_file_location("catalogue", ROOT / "packaging" / "catalogue.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["catalogue"] = module
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("file", _WINDOW, ids=lambda file: file.relative_to(UI).as_posix())
def test_no_sentence_of_the_window_is_outside_the_catalogue(file: Path) -> None:
    name = file.relative_to(UI).as_posix()
    found = [f"{line}: {text!r}" for line, text in literals(file) if (name, text) not in _NO_WORDS]
    assert not found, f"{name}: wrap these in tr():\n" + "\n".join(found)


def test_a_literal_sentence_is_found_and_a_wrapped_one_is_not(tmp_path: Path) -> None:
    file = tmp_path / "page.py"
    file.write_text(
        '"""A docstring of words."""\n'
        "from hive_desktop.i18n import tr\n"
        'a = "Sync now"\n'
        'b = f"{a} rows left"\n'
        'c = tr("Sync later")\n'
        'd = "tag"\n'
        'e = "Quit"\n'
        'f = UsageError("No such thing")\n'
    )
    assert [line for line, _text in literals(file)] == [3, 4, 7]


def test_the_catalogue_is_gathered_complete_and_compiled(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = catalogue().main(["--check"])
    assert code == 0, capsys.readouterr().out


@pytest.mark.parametrize("file", _LANGUAGES, ids=lambda file: file.parent.parent.name)
def test_translations_have_the_fields_of_their_texts(file: Path) -> None:
    wrong = []
    for message in catalogue().read(file):
        if not message.id:
            continue
        forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
        texts = message.id if isinstance(message.id, tuple | list) else (message.id,)
        wanted = {name for text in texts for name in _FIELD.findall(text)}
        for form in forms:
            fields = set(_FIELD.findall(form))
            # A form for one may say "one" in words.
            if not fields <= wanted or (wanted - fields) - {"count", "count_text"}:
                wrong.append(f"{message.id!r} -> {form!r}")
    assert not wrong, "\n".join(wrong)


def test_no_message_of_an_error_is_put_together_in_the_source() -> None:
    glued = catalogue().glued(catalogue().sources())
    assert not glued, "\n".join(glued)


def test_what_others_say_is_known_to_the_catalogue() -> None:
    """Purposes and refusals that are kept in English, and what a relay answers."""
    known = {message.id for message in catalogue().template()}
    refusals = [
        text for text in _texts_of_calls("plaidkit", {"RowError", "Refusal"}) if " " in text
    ]
    said = {*PURPOSES.values(), *refusals}
    assert refusals
    assert said <= known


def test_what_is_known_of_a_relays_words_is_what_it_says() -> None:
    said = set(_texts_of_calls("relay", None))
    assert set(RELAY_WORDS) <= said


def _texts_of_calls(package: str, names: set[str] | None) -> list[str]:
    """Return the literal texts in calls of these names, or all texts, of a package."""
    found = []
    for file in sorted((ROOT / "hive_desktop" / package).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            is_call = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
            if names is None or (is_call and node.func.id in names):
                texts = [node] if names is None else [x for a in node.args for x in ast.walk(a)]
                found += [
                    one.value
                    for one in texts
                    if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value
                ]
    return found
