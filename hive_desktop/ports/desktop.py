"""What the desktop around the program can be asked for."""

from __future__ import annotations

from typing import Protocol


class StartAtLogin(Protocol):
    """Whether the desktop starts the program when the person signs in. Blocks shortly: file or key.

    Methods raise EnvironmentFaultError where the desktop refuses.
    """

    def is_on(self) -> bool:
        """Tell whether it does."""
        ...

    def is_hidden(self) -> bool:
        """Tell whether it then starts without a window."""
        ...

    def turn_on(self, *, hidden: bool) -> None:
        """Let it."""
        ...

    def turn_off(self) -> None:
        """Let it no more; silent where it does not."""
        ...
