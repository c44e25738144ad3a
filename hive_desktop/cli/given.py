"""What the person gave a command: kept while it runs, for the window that may run it instead."""

from __future__ import annotations

import os

YES = "yes"
_kept: dict[str, str] = {}


def is_there(variable: str) -> bool:
    """Tell whether a variable of the environment holds something."""
    return variable in os.environ


def take(variable: str) -> str | None:
    """Return what a variable of the environment holds, which is dropped at once."""
    value = os.environ.pop(variable, None)
    if value is not None:
        _kept[variable] = value
    return value


def keep(name: str, value: str) -> str:
    """Remember what was given; returns it."""
    _kept[name] = value
    return value


def kept(name: str) -> str | None:
    """Return what was given before."""
    return _kept.get(name)


def names() -> list[str]:
    """Return the names of what was given."""
    return list(_kept)


def forget() -> None:
    """Forget all of it: another command begins."""
    _kept.clear()
