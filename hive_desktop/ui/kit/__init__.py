"""Widgets and helpers that know no service: theme, money, icons, tables, charts, toasts."""
