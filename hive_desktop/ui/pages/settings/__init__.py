"""The Settings page: what can be chosen now, each choice real and kept."""
