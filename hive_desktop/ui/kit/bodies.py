"""The body of a request for people: JSON with its parts on lines of their own, nothing left out."""

from __future__ import annotations

import json
from typing import Any, Final

from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QPlainTextEdit

_DEEPEST: Final = 40
_PIXELS: Final = 12
_FLAT: Final = 76


def readable(body: str) -> str:
    """Return a body laid out over lines; one that is no JSON stays as it is.

    JSON inside a text is laid out too, and a text of several lines stands on several.
    """
    try:
        value = json.loads(body, object_pairs_hook=_Pairs, parse_float=_Number, parse_int=_Number)
    except (ValueError, RecursionError):
        return body
    return _laid_out(value, 0)


class BodyView(QPlainTextEdit):
    """Shows a body in letters of one width; it can be selected, not changed.

    Args:
        name: the accessible name.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPixelSize(_PIXELS)
        self.setFont(font)


class _Pairs(list[tuple[str, Any]]):
    """An object's members as they came, those of one name included."""


class _Number(str):
    """A number as it was written."""

    __slots__ = ()


def _laid_out(value: Any, depth: int) -> str:
    if isinstance(value, _Number):
        return str(value)
    if isinstance(value, str):
        return _text(value, depth)
    if not isinstance(value, list) or depth > _DEEPEST:
        return json.dumps(value, ensure_ascii=False)
    is_object = isinstance(value, _Pairs)
    left, right = "{}" if is_object else "[]"
    if not value:
        return left + right
    if is_object:
        parts = [
            f"{json.dumps(name, ensure_ascii=False)}: {_laid_out(one, depth + 1)}"
            for name, one in value
        ]
    else:
        parts = [_laid_out(one, depth + 1) for one in value]
    flat = f"{left}{', '.join(parts)}{right}"
    if len(flat) <= _FLAT and "\n" not in flat:
        return flat
    inner, outer = "  " * (depth + 1), "  " * depth
    return f"{left}\n" + ",\n".join(f"{inner}{part}" for part in parts) + f"\n{outer}{right}"


def _text(value: str, depth: int) -> str:
    if value[:1] in ("{", "["):
        try:
            inside = json.loads(
                value, object_pairs_hook=_Pairs, parse_float=_Number, parse_int=_Number
            )
        except (ValueError, RecursionError):
            pass
        else:
            return _laid_out(inside, depth)
    lines = [json.dumps(line, ensure_ascii=False)[1:-1] for line in value.split("\n")]
    return '"' + f"\n{'  ' * (depth + 1)}".join(lines) + '"'
