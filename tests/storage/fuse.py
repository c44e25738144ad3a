"""Kills this process, for real, at the n-th step that can leave something half done.

A step is a file operation of Python's inside a folder, a flush, or a statement of SQLite's. The
system calls that SQLite makes inside of a statement are `strace`'s business (`test_backup_kill`).
"""

import os
import signal
import sys

import sqlcipher3.dbapi2 as sqlcipher

from tests.killing import chosen

WATCHED = {
    "open",
    "os.chmod",
    "os.link",
    "os.mkdir",
    "os.remove",
    "os.rename",
    "os.rmdir",
    "os.truncate",
    "shutil.rmtree",
}


def lay(at, root, seen=None):
    """Die before step `at`; with `seen`, a list, gather the steps instead."""
    left = at

    def step(what):
        nonlocal left
        if seen is not None:
            seen.append(what)
            return
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1

    def hook(event, arguments):
        if event in WATCHED and str(root) in str(arguments[0]):
            step(event)

    flush, connect = os.fsync, sqlcipher.connect

    def fsync(descriptor):
        step("fsync")
        flush(descriptor)

    def connected(*args, **options):
        raw = connect(*args, **options)
        raw.set_trace_callback(lambda sql: step(sql.split(maxsplit=1)[0]))
        return raw

    sys.addaudithook(hook)
    os.fsync = fsync
    sqlcipher.connect = connected


def places(steps, wanted, *, every):
    """Return that many steps, spread over all of them, with the first and the last.

    Without a number, some of each kind or `every` one (`tests.killing`).
    """
    if wanted is None:
        return chosen(steps, every=every)
    total = len(steps)
    return sorted({round(at * (total - 1) / (wanted - 1)) for at in range(wanted)})
