"""Controls that stand still in a state which otherwise needs a pointer or the focus."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtWidgets import QLineEdit, QStyle

from hive_desktop.ui.kit.widgets import Button

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOptionButton, QStyleOptionFrame

    from hive_desktop.ui.kit.widgets import Look

Pose = Literal["rest", "hover", "pressed", "focus", "disabled", "checked"]

_FLAGS = {
    "hover": QStyle.StateFlag.State_MouseOver,
    "pressed": QStyle.StateFlag.State_Sunken,
    "focus": QStyle.StateFlag.State_HasFocus,
}


class PosedButton(Button):
    """A button in a pose."""

    def __init__(
        self, text: str, look: Look, pose: Pose, icon: str = "", *, name: str = ""
    ) -> None:
        self._flag = _FLAGS.get(pose)
        super().__init__(text, look, icon, name=name)
        self.setAccessibleName(f"{name or text}, {look}, {pose}")
        if pose == "disabled":
            self.setEnabled(False)
        if pose == "checked":
            self.setCheckable(True)
            self.setChecked(True)

    def initStyleOption(self, option: QStyleOptionButton) -> None:
        """Add the pose to what the style is told."""
        super().initStyleOption(option)
        if self._flag is not None:
            option.state |= self._flag
            if self._flag is QStyle.StateFlag.State_Sunken:
                option.state &= ~QStyle.StateFlag.State_Raised


class PosedLine(QLineEdit):
    """A field in a pose."""

    def __init__(self, text: str, placeholder: str, pose: Pose) -> None:
        self._flag = _FLAGS.get(pose)
        super().__init__(text)
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(f"{placeholder}, {pose}")
        self.setEnabled(pose != "disabled")

    def initStyleOption(self, option: QStyleOptionFrame) -> None:
        """Add the pose to what the style is told."""
        super().initStyleOption(option)
        if self._flag is not None:
            option.state |= self._flag
