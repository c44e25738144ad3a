"""Benchmarks: each measures a value and its floor in one run and holds their ratio to a bound."""
