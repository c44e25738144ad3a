"""Readers of the files that banks and other programs give."""
