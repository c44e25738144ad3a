"""Finds sentences in the window's source that are not in the catalogue."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Two words, or one that begins with a capital letter as a label does.
_SENTENCE = re.compile(r"[A-Za-z]{2,}[,;:.!?\u2026]? +[A-Za-z(]|^[A-Z][a-z]+[a-z ]*[.:!?\u2026]?$")
# SQL, markup and patterns have words in them and are none.
_CODE = re.compile(r"^\s*(<\w+ |SELECT |background: )|\\[swdW]")
_KEY = r"((Ctrl|Alt|Shift)\+)*(Up|Down|Left|Right|Return|Space|Esc|Del|F\d+|\W|[A-Z])"
_KEYS = re.compile(rf"{_KEY}( {_KEY})*")
_TRANSLATED = {"tr", "tr_n", "tr_c", "mark", "mark_n"}
# Calls whose texts are for the program: names of objects, styles, events, types and modules.
_TECHNICAL = {
    "setObjectName", "setProperty", "property", "setStyleSheet", "QKeySequence", "TypeVar",
    "_tell_missing",
    "import_module", "getattr", "setattr", "hasattr", "cast", "strftime", "NewType", "set_role",
    "isinstance", "debug", "info", "warning", "error", "exception", "critical", "log", "QByteArray",
    "note", "note_error",
}  # fmt: skip


def literals(file: Path) -> Iterator[tuple[int, str]]:
    """Yield line and text of each literal that reads as a sentence or label and is not wrapped."""
    tree = ast.parse(file.read_text("utf-8"))
    yield from _walk(tree, frozenset(_docstrings(tree)))


def _walk(node: ast.AST, apart: frozenset[int]) -> Iterator[tuple[int, str]]:
    if id(node) in apart or _is_technical(node):
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        is_technical = _CODE.search(node.value) or _KEYS.fullmatch(node.value)
        if _SENTENCE.search(node.value) and not is_technical:
            yield node.lineno, node.value
        return
    if isinstance(node, ast.JoinedStr):
        text = "".join(
            str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values
        )
        if _SENTENCE.search(text.replace("{}", "")) and not _CODE.search(text):
            yield node.lineno, text
        parts = [part for part in node.values if isinstance(part, ast.FormattedValue)]
        for part in parts:
            yield from _walk(part.value, apart)
        return
    for child in ast.iter_child_nodes(node):
        yield from _walk(child, apart)


def _is_technical(node: ast.AST) -> bool:
    if isinstance(node, ast.Call):
        name = _name(node.func)
        # Errors of people are in the catalogue by their class.
        return name in _TRANSLATED or name in _TECHNICAL or name.endswith("Error")
    if isinstance(node, ast.Raise):
        return True  # errors of people are in the catalogue by their class, others are defects
    if isinstance(node, ast.Assign | ast.AnnAssign):
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        return _name(target) in ("__all__", "__slots__")
    return isinstance(node, ast.arg | ast.Assert)


def _docstrings(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            for line in body:
                if isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant):
                    yield id(line)
        if isinstance(node, ast.AnnAssign):
            yield id(node.annotation)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns is not None:
            yield id(node.returns)


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
