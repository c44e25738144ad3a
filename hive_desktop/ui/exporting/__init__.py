"""What the window shows of files that the ledger is written into."""
