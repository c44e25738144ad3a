"""Where tests kill a program: at each step, or at some of each kind."""

STRIDE = 7


def chosen(kinds, *, every):
    """Return the places of steps, from 0, at which to kill.

    Args:
        kinds: what each step is, in their order.
        every: all of them; else each seventh, and the first and the last of every kind.
    """
    if every:
        return list(range(len(kinds)))
    first = {kind: place for place, kind in reversed(list(enumerate(kinds)))}
    last = {kind: place for place, kind in enumerate(kinds)}
    return sorted({*range(0, len(kinds), STRIDE), *first.values(), *last.values()})
