"""Something about the program itself: its updates."""

from __future__ import annotations

from hive_desktop.ports.errors.base import HiveError


class UpdateError(HiveError):
    """Whether there is a newer Hive could not be found out."""

    default_title = "Updates could not be checked"
    default_message = "The address for updates gave no usable answer."
    default_hint = "Hive goes on as it is. Try again later."
