"""Implementations of the ports: one sub-package per outside thing, independent of the others."""
