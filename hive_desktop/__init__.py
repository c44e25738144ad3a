"""Hive Desktop: personal finance over an encrypted local ledger. The version, nothing else."""

__version__ = "0.1.0"
