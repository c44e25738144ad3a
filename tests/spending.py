"""How long a piece of work takes by itself, whatever else the machine does."""

import time


def least_cpu_s(work, *, tries=5):
    """Return the least processor seconds, on this thread, of several goes at `work()`.

    The wall clock counts the neighbours as well; and one go may pay for a full cache or a
    collection of garbage that has nothing to do with it.
    """
    spent = []
    for _ in range(tries):
        started = time.thread_time()
        work()
        spent.append(time.thread_time() - started)
    return min(spent)
