"""All that the window can do: the one list that shortcuts, palette and help are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from hive_desktop.ui.kit.shortcuts import bind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from PySide6.QtWidgets import QWidget


class Command(NamedTuple):
    """One thing to do.

    Attributes:
        key: what it is remembered by.
        name: what it does, as a button would say it.
        run: does it.
        keys: shortcuts; the first is the one that is told.
        icon: a drawing.
        is_listed: the palette offers it.
    """

    key: str
    name: str
    run: Callable[[], None]
    keys: tuple[str, ...] = ()
    icon: str = "arrow-right"
    is_listed: bool = True


def bind_all(owner: QWidget, commands: Iterable[Command]) -> None:
    """Let every command's shortcuts work in a window."""
    bind(owner, {key: each.run for each in commands for key in each.keys})
