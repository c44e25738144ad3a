"""Gathers the texts of the program into its gettext catalogue, and compiles the translations.

    python3 packaging/dev.py translate          gather, merge into each language, compile
    python3 packaging/dev.py translate --check  say what is missing or stale; exit code 1 then

What is gathered, read from the source without running it:

- the texts in calls of `tr`, `tr_n`, `tr_c`, `mark` and `mark_n` (`hive_desktop/i18n.py`);
- titles, messages and hints of errors, which `HiveError.rendered` translates: the defaults of the
  classes and what is given where one is raised. A `command_hint` is the command line's and stays;
- the words of the kinds of merchants, in the last column of `resources/lexicon/kinds.tsv`.

A language is begun by making `resources/locale/<code>/LC_MESSAGES/hive.po` (empty) and running it.
"""

from __future__ import annotations

import ast
import io
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from babel.core import Locale
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "hive_desktop"
LOCALE = ROOT / "resources" / "locale"
KINDS = ROOT / "resources" / "lexicon" / "kinds.tsv"
# Programs of their own, and the command line, speak English.
APART = ("cli", "relay", "sandbox")

_WRAPPERS = ("tr", "tr_n", "tr_c", "mark", "mark_n")
_BASE = "HiveError"
_DEFAULTS = ("default_title", "default_message", "default_hint")
_GIVEN = ("title", "hint")
# Lines of a catalogue's header that would differ each time, or name nobody.
_UNSAID = (
    b'"POT-Creation-Date',
    b'"PO-Revision-Date',
    b'"Last-Translator',
    b'"Language-Team',
    b'"Report-Msgid-Bugs-To',
    b'"Generated-By',
)


@dataclass(frozen=True, slots=True)
class Found:
    """One text of the source.

    Args:
        texts: the text, or its singular and plural.
        context: what tells two senses of one text apart.
        place: file (from the project's folder, with `/`) and line.
    """

    texts: tuple[str, ...]
    context: str | None
    place: tuple[str, int]


def sources() -> dict[str, ast.Module]:
    """Return the syntax trees of all files whose texts a person may see in the window."""
    return {
        file.relative_to(ROOT).as_posix(): ast.parse(file.read_text("utf-8"))
        for file in sorted(PACKAGE.rglob("*.py"))
        if file.relative_to(PACKAGE).parts[0] not in APART
    }


def error_names(trees: dict[str, ast.Module]) -> set[str]:
    """Return the names of `HiveError` and of all classes that descend from it."""
    parents = {
        node.name: {_last_name(base) for base in node.bases}
        for tree in trees.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    known = {_BASE}
    while more := {name for name, bases in parents.items() if bases & known} - known:
        known |= more
    return known


def gather(trees: dict[str, ast.Module]) -> Iterator[Found]:
    """Yield each text of the source, file by file and from top to bottom."""
    names = error_names(trees)
    for place, tree in trees.items():
        inside = [one for node in ast.walk(tree) for one in _texts_of(node, names)]
        for texts, context, line in sorted(inside, key=lambda one: one[2]):
            yield Found(texts, context, (place, line))


def kinds() -> Iterator[Found]:
    """Yield what each kind of merchants is in words."""
    for number, line in enumerate(KINDS.read_text("utf-8").splitlines(), 1):
        if line and not line.startswith("#"):
            text = line.rpartition("\t")[2]
            yield Found((text,), None, (KINDS.relative_to(ROOT).as_posix(), number))


_Text = tuple[tuple[str, ...], str | None, int]


def _texts_of(node: ast.AST, errors: set[str]) -> Iterator[_Text]:
    if isinstance(node, ast.ClassDef) and node.name in errors:
        for name, value in _assigned(node):
            if name in _DEFAULTS:
                yield from _each(value)
    elif isinstance(node, ast.Call) and node.args and isinstance(node.func, ast.Name):
        yield from _called(node.func.id, node.args)
    for value in _given(node, errors):
        yield from _each(value)


def _given(node: ast.AST, errors: set[str]) -> list[ast.expr]:
    """Return what is given as message, title and hint where an error is made."""
    if not isinstance(node, ast.Call) or _last_name(node.func) not in errors:
        return []
    return [*node.args[:1], *(one.value for one in node.keywords if one.arg in _GIVEN)]


def glued(trees: dict[str, ast.Module]) -> list[str]:
    """Return each place where a text for people is an f-string, which has no translation."""
    names = error_names(trees)
    return [
        f"{place}:{value.lineno}: {ast.unparse(value)}"
        for place, tree in trees.items()
        for node in ast.walk(tree)
        for value in (*_given(node, names), *_wrapped(node))
        if any(isinstance(part, ast.JoinedStr) for part in ast.walk(value))
    ]


def _wrapped(node: ast.AST) -> list[ast.expr]:
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
        return []
    return node.args[:2] if node.func.id in _WRAPPERS else []


def _called(name: str, arguments: list[ast.expr]) -> Iterator[_Text]:
    if name in ("tr", "mark"):
        yield from _each(arguments[0])
    elif isinstance(arguments[0], ast.Starred):
        return  # a pair that `mark_n` made known
    elif name in ("tr_n", "mark_n"):
        one, many = (_only(argument) for argument in arguments[:2])
        yield (one, many), None, arguments[0].lineno
    elif name == "tr_c":
        yield from _each(arguments[1], _only(arguments[0]))


def _each(value: ast.expr, context: str | None = None) -> Iterator[_Text]:
    for text in _constants(value):
        yield (text,), context, value.lineno


def _assigned(node: ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
    for line in node.body:
        if isinstance(line, ast.AnnAssign) and line.value is not None:
            yield _last_name(line.target), line.value
        elif isinstance(line, ast.Assign):
            yield _last_name(line.targets[0]), line.value


def _constants(value: ast.expr) -> Iterator[str]:
    """Yield the texts that an expression may be: a literal, or either side of a choice."""
    if isinstance(value, ast.IfExp):
        yield from _constants(value.body)
        yield from _constants(value.orelse)
    elif isinstance(value, ast.BoolOp):
        for part in value.values:
            yield from _constants(part)
    elif isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value:
        yield value.value


def _only(value: ast.expr) -> str:
    found = list(_constants(value))
    if len(found) != 1:
        raise SystemExit(f"catalogue: one literal text is needed: {ast.unparse(value)}")
    return found[0]


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def template() -> Catalog:
    """Return the catalogue of the source: all texts, none translated."""
    catalogue = Catalog(project="Hive", charset="utf-8", fuzzy=False)
    for one in (*gather(sources()), *kinds()):
        text = one.texts if len(one.texts) > 1 else one.texts[0]
        flags = ("python-brace-format",) if any("{" in part for part in one.texts) else ()
        catalogue.add(text, locations=[one.place], flags=flags, context=one.context)
    return catalogue


def merged(file: Path, source: Catalog) -> Catalog:
    """Return a language's catalogue with all texts of the source and none that is gone.

    A text that is new stays empty: nothing is guessed from one that looks like it.
    """
    catalogue = read(file)
    catalogue.update(source, no_fuzzy_matching=True, update_header_comment=False)
    catalogue.obsolete.clear()
    return catalogue


def read(file: Path) -> Catalog:
    """Read a language's catalogue."""
    with file.open("rb") as stream:
        return read_po(stream, locale=Locale.parse(file.parent.parent.name), domain="hive")


def written(catalogue: Catalog) -> bytes:
    """Return a catalogue as a text file; no dates, so that the same texts make the same bytes."""
    catalogue.header_comment = "# The words of Hive."
    catalogue.project, catalogue.version = "Hive", ""
    stream = io.BytesIO()
    write_po(stream, catalogue, width=100, omit_header=False, include_lineno=False)
    lines = stream.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(_UNSAID))


def compiled(file: Path) -> bytes:
    """Return a language's catalogue as the program reads it, made from its text file alone."""
    stream = io.BytesIO()
    catalogue = read(file)
    catalogue.fuzzy = False
    # The header has dates, which are the clock's where the text file has none.
    catalogue.creation_date = catalogue.revision_date = datetime.fromtimestamp(0, UTC)
    write_mo(stream, catalogue)
    return stream.getvalue()


def missing(catalogue: Catalog) -> list[str]:
    """Return the texts that have no translation, or lack one of its plural forms."""
    return [
        str(message.id)
        for message in catalogue
        if message.id
        and not (
            all(message.string) if isinstance(message.string, tuple | list) else message.string
        )
    ]


def main(arguments: list[str]) -> int:
    """Gather, merge and compile, or check that this was done."""
    checks = "--check" in arguments
    source = template()
    made = {LOCALE / "hive.pot": written(source)}
    lacking: list[str] = []
    for file in sorted(LOCALE.glob("*/LC_MESSAGES/hive.po")):
        catalogue = merged(file, source)
        made[file] = written(catalogue)
        lacking += [f"{file.parent.parent.name}: {text}" for text in missing(catalogue)]
    stale = [file for file, data in made.items() if not file.exists() or file.read_bytes() != data]
    if not checks:
        for file in stale:
            file.write_bytes(made[file])
    for file in sorted(LOCALE.glob("*/LC_MESSAGES/hive.po")):
        target, data = file.with_suffix(".mo"), compiled(file)
        if not target.exists() or target.read_bytes() != data:
            stale.append(target)
            if not checks:
                target.write_bytes(data)
    for text in lacking:
        sys.stdout.write(f"not translated - {text}\n")
    for file in stale:
        sys.stdout.write(f"{'stale' if checks else 'written'} - {file.relative_to(ROOT)}\n")
    sys.stdout.write(f"{len(source)} texts, {len(lacking)} not translated\n")
    return 1 if checks and (stale or lacking) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
