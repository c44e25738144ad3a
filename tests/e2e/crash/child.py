"""Syncs vaults in forks of a warm process, each killed at a chosen point.

Requests are JSON lines on standard input, answers JSON lines on standard output. A request that says
`"wait": true` forks a process that waits for one more line, so that a tracer can attach to it.
"""

import ctypes
import json
import os
import signal
import sys
from collections import Counter
from datetime import date
from pathlib import Path

from hive_desktop import bootstrap
from hive_desktop.adapters.bank import plaid_direct
from hive_desktop.adapters.storage import connect, work
from hive_desktop.plaidkit import requests
from hive_desktop.ports.storage import VaultKeys

PR_SET_PTRACER, ANYBODY = 0x59616D61, -1


class Fuse:
    """Counts points of a sync from its first page on, and kills this process at one of them."""

    def __init__(self, kind, at):
        self.kind, self.at = kind, at
        self.seen = Counter()

    def pass_by(self, kind):
        if kind != "page" and not self.seen["page"]:
            return
        self.seen[kind] += 1
        if kind == self.kind and self.seen[kind] == self.at:
            os.kill(os.getpid(), signal.SIGKILL)

    def statement(self, sql):
        self.pass_by("statement")
        if sql.strip().upper().startswith("COMMIT"):
            self.pass_by("commit")


def lay(fuse):
    """Put the fuse into the program's own way."""
    one_page = plaid_direct.PlaidDirect.sync_page
    one_connection = connect.connect
    after_commit = work.Work.change_set

    async def sync_page(self, token, cursor):
        page = await one_page(self, token, cursor)
        fuse.pass_by("page")
        return page

    def connection(file, key, role):
        raw = one_connection(file, key, role)
        if role is connect.Role.WRITER:
            raw.set_trace_callback(fuse.statement)
        return raw

    def change_set(self, actor):
        fuse.pass_by("committed")
        return after_commit(self, actor)

    plaid_direct.PlaidDirect.sync_page = sync_page
    connect.connect = connection
    work.Work.change_set = change_set


async def sync(request):
    clock = bootstrap.clock_of(date.fromisoformat(request["today"]))
    keys = VaultKeys(*(bytes.fromhex(key) for key in request["keys"]))
    store = bootstrap.vault_store(clock)
    session = await bootstrap.open_session(Path(request["folder"]), keys, clock=clock, store=store)
    results = await session.sync.sync()
    await session.close()
    for result in results:
        if result.error is not None:
            raise result.error


def forked(request):
    if request.get("wait"):
        ctypes.CDLL(None).prctl(PR_SET_PTRACER, ANYBODY, 0, 0, 0)
        tell({"pid": os.getpid()})
        next_line()
    fuse = Fuse(*request["kill"])
    lay(fuse)
    bootstrap.run_async(sync(request))
    tell({"seen": fuse.seen})


def next_line():
    line = b""
    while not line.endswith(b"\n"):
        byte = os.read(0, 1)
        if not byte:
            break
        line += byte
    return line


def tell(document):
    os.write(1, json.dumps(document).encode() + b"\n")


def main():
    requests.PAGE_ROWS = int(sys.argv[1])
    while line := next_line():
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                forked(json.loads(line))
                code = 0
            finally:
                sys.stderr.flush()
                os._exit(code)
        tell({"ended": os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])})


if __name__ == "__main__":
    main()
