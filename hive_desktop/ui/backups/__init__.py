"""Backups in the window: the list, the restore, the drill; in Settings and before the vault."""
