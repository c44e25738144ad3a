"""People, devices and their tokens."""
