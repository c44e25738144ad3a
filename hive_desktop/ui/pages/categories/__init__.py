"""The Categories page: what transactions are sorted into."""
