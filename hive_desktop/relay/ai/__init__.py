"""A model for people without a key of their own."""
