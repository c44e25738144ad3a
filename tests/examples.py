"""With how many inputs a property is tried."""

from hypothesis import settings


def examples(most):
    """Return how many inputs to try: `most` with `--full` or `--every`, else a third of them."""
    return -(-most * settings().max_examples // 100)
