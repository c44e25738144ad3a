"""Alembic's side of `migrate`."""
