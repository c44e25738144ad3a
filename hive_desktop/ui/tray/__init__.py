"""The program as it lives beside its window: the tray, notices, and the private socket."""
