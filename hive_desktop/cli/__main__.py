"""`python -m hive_desktop.cli` is `hive`."""

from hive_desktop.interrupts import end_at_once

if __name__ == "__main__":
    end_at_once()
    from hive_desktop.cli.main import entry

    entry()
