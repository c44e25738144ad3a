"""The pages of the shell. Each is a page (widgets) and a presenter (what to load, what to show)."""
