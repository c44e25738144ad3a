"""The Review page: questions that only the person can answer."""
