"""`python -m hive_desktop.relay` is `hive-relay`."""

from hive_desktop.relay.main import entry

entry()
