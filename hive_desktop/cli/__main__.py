"""`python -m hive_desktop.cli` is `hive`."""

from hive_desktop.cli.main import entry

entry()
