"""Calls to Plaid for a person, with sealed tokens."""
