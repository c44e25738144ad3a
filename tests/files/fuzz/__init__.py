"""A mutating fuzzer of the readers of files: own small statements, broken in every way."""
