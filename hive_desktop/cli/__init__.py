"""`hive`: the same services without a window."""
