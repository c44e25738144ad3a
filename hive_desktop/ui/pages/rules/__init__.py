"""The Rules page: what happens to rows by itself, in the order in which it is tried."""
