"""Files into the ledger, in the window: chosen or dropped, looked at, taken in."""
