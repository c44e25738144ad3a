"""What the tokens become for Qt: its palette, and the application's style sheet."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

from PySide6.QtGui import QColor, QPalette

from hive_desktop.config import resources_dir
from hive_desktop.ui.kit.contrast import luminance

if TYPE_CHECKING:
    from hive_desktop.ui.kit.tokens import Colors


def palette(colors: Colors) -> QPalette:
    """Return Qt's palette for the colour roles."""
    role = QPalette.ColorRole
    result = QPalette()
    for name, value in {
        role.Window: colors.window,
        role.Base: colors.surface,
        role.AlternateBase: colors.hover,
        role.Button: colors.surface,
        role.WindowText: colors.text,
        role.Text: colors.text,
        role.ButtonText: colors.text,
        role.PlaceholderText: colors.text_faint,
        role.Highlight: colors.accent,
        role.HighlightedText: colors.on_accent,
        role.ToolTipBase: colors.toast,
        role.ToolTipText: colors.on_toast,
        role.Link: colors.accent_text,
        role.Accent: colors.accent,
    }.items():
        result.setColor(name, QColor(value))
    faint = QColor(colors.text_faint)
    for name in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(QPalette.ColorGroup.Disabled, name, faint)
    return result


def style_sheet(colors: Colors) -> str:
    """Return the application's style sheet: the template in resources/qss with the colours in."""
    folder = resources_dir() / "qss"
    sheet = (folder / "hive.qss").read_text(encoding="utf-8")
    tick = "tick-light.svg" if luminance(colors.on_accent) > 0.5 else "tick-dark.svg"
    sheet = sheet.replace("@tick", (folder / tick).as_posix())
    for field in sorted(fields(colors), key=lambda each: -len(each.name)):
        sheet = sheet.replace(f"@{field.name}", getattr(colors, field.name))
    return sheet
