"""The Overview: where the money went, this period against the one before."""
