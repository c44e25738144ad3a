"""The entries of `hive` and `hive-desktop`: Ctrl-C is heard before all else is imported."""

from __future__ import annotations

from hive_desktop import interrupts


def hive() -> None:
    """Run `hive` and leave with its exit code."""
    interrupts.end_at_once()
    from hive_desktop.cli.main import entry  # noqa: PLC0415 - see above

    entry()


def window() -> None:
    """Run the window and leave with its exit code."""
    interrupts.end_at_once()
    from hive_desktop.__main__ import entry  # noqa: PLC0415 - see above

    entry()
