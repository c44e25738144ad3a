"""Use-cases as async code, free of Qt and SQL."""
