"""Secrets in the clipboard: they do not stay there."""

from __future__ import annotations

import hashlib
from typing import Final

from PySide6.QtCore import QMimeData, QTimer
from PySide6.QtGui import QGuiApplication

STAYS_MS: Final = 60_000
"""For how long a secret can be pasted."""
# Asks programs that keep what was copied, of KDE and of Windows, not to keep this.
_HINTS: Final = (
    ("x-kde-passwordManagerHint", b"secret"),
    ('application/x-qt-windows-mime;value="ExcludeClipboardContentFromMonitorProcessing"', b"1"),
)
_copied: dict[bytes, object] = {}


def copy_secret(text: str) -> None:
    """Put a secret into the clipboard, for a minute or until `forget_secrets`.

    What somebody copies meanwhile stays.
    """
    data = QMimeData()
    data.setText(text)
    for kind, value in _HINTS:
        data.setData(kind, value)
    QGuiApplication.clipboard().setMimeData(data)
    mark = _mark(text)
    time = _copied[mark] = object()
    QTimer.singleShot(STAYS_MS, lambda: _forget(mark) if _copied.get(mark) is time else None)


def forget_secrets() -> None:
    """Take out of the clipboard what `copy_secret` put there, where it still is."""
    for mark in tuple(_copied):
        _forget(mark)


def _forget(mark: bytes) -> None:
    clipboard = QGuiApplication.clipboard()
    if mark in _copied and _mark(clipboard.text()) == mark:
        clipboard.clear()
    _copied.pop(mark, None)


def _mark(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
