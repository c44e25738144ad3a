"""Models that propose categories: the offline one, and those behind an API."""
