"""Syncs vaults, or links banks, in forks of a warm process, each killed at a chosen point.

Requests are JSON lines on standard input, answers JSON lines on standard output. With
`"wait": true` the fork waits for one more line, so that a tracer can attach to it.
"""

import ctypes
import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections import Counter
from datetime import date
from pathlib import Path

from hive_desktop import bootstrap
from hive_desktop.adapters.bank import guarded_exchange, plaid_direct
from hive_desktop.adapters.storage import database
from hive_desktop.adapters.storage.connect import Role
from hive_desktop.adapters.storage.handle import Handle
from hive_desktop.plaidkit import requests
from hive_desktop.ports.vault import VaultKeys

PR_SET_PTRACER, ANYBODY = 0x59616D61, -1
DEAF_GUARD = (
    "import os, sys; sys.path.insert(0, sys.argv[1]); "
    "from hive_desktop.adapters.bank import exchange_guard as guard; "
    "guard._keep = lambda *_: os.kill(os.getpid(), 9); guard.entry()"
)


class Fuse:
    """Counts points of a sync from its first page on, and kills this process at one of them.

    Only commits that bring rows count: whether a run's line in the journal or its first page comes
    first differs from one run to the next.
    """

    def __init__(self, kind, at):
        self.kind, self.at = kind, at
        self.seen = Counter()
        self.brings_rows = False

    def pass_by(self, kind):
        if kind != "page" and not self.seen["page"]:
            return
        self.seen[kind] += 1
        if kind == self.kind and self.seen[kind] == self.at:
            os.kill(os.getpid(), signal.SIGKILL)

    def statement(self, sql):
        self.pass_by("statement")
        self.brings_rows |= sql.startswith("INSERT INTO transactions ")
        if self.brings_rows and sql.strip().upper().startswith("COMMIT"):
            self.pass_by("commit")

    def committed(self):
        if self.brings_rows:
            self.pass_by("committed")
        self.brings_rows = False


def lay(fuse):
    """Put the fuse into the program's own way."""
    one_page = plaid_direct.PlaidDirect.sync_page
    one_connection = database.connect
    one_commit = Handle.commit

    async def sync_page(self, token, cursor):
        page = await one_page(self, token, cursor)
        fuse.pass_by("page")
        return page

    def connection(file, key, role):
        raw = one_connection(file, key, role)
        if role is Role.WRITER:
            raw.set_trace_callback(fuse.statement)
        return raw

    def commit(self):
        one_commit(self)
        fuse.committed()

    plaid_direct.PlaidDirect.sync_page = sync_page
    database.connect = connection
    Handle.commit = commit


def watch_files(folder, fuse):
    """Count what is opened and removed in a folder."""

    def hook(event, arguments):
        watched = event in {"open", "os.remove", "os.rmdir", "shutil.rmtree"}
        if watched and str(folder) in str(arguments[0]):
            fuse.pass_by("file")

    sys.addaudithook(hook)


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def die_while_linking(point):
    """Arrange for this process to die at one point between the bank's page and the ledger."""
    direct = plaid_direct.PlaidDirect
    ask = direct.exchange

    async def exchange(self, public_token, attempt):
        if point == "before the exchange":
            die()
        tell({"at": "exchange"})
        next_line()
        got = await ask(self, public_token, attempt)
        if point == "answer read":
            die()
        return got

    async def forget_exchanges(self, open_attempts):
        die()

    class Guard(subprocess.Popen):
        def communicate(self, input=None, timeout=None):  # noqa: A002, ARG002 - as Popen has it
            try:
                super().communicate(input, timeout=1.0)
            except subprocess.TimeoutExpired:
                die()
            raise AssertionError("the bank answered before the test let it")

    direct.exchange = exchange
    if point == "committed":
        direct.forget_exchanges = forget_exchanges
    if point == "order given":
        subprocess.Popen = Guard
    if point == "guard lost":
        guarded_exchange._BOOT = DEAF_GUARD


class Person:
    """Signs in at the bank's page from this process, by the bank's control API."""

    def __init__(self, bank_url, point):
        self.bank_url, self.point = bank_url, point

    def open(self, url):
        request = urllib.request.Request(  # noqa: S310 - the test's own server
            f"{self.bank_url}/control/complete_link",
            json.dumps({"link_token": url}).encode(),
            {"X-Sandbox-Control": "1", "Content-Type": "application/json"},
        )
        urllib.request.urlopen(request, timeout=60).close()  # noqa: S310 - as above
        if self.point == "page finished":
            die()
        return True


async def link(request):
    point = request["link"]
    die_while_linking(point)
    person = Person(request["bank"], point)
    session = await opened(request, browser=person, poll_s=0.05)
    try:
        await session.linking.connect()
    finally:
        await session.close()


async def opened(request, **choices):
    clock = bootstrap.clock_of(date.fromisoformat(request["today"]))
    keys = VaultKeys(*(bytes.fromhex(key) for key in request["keys"]))
    store = bootstrap.vault_store(clock)
    folder = Path(request["folder"])
    return await bootstrap.open_session(folder, keys, clock=clock, store=store, **choices)


async def fold(request):
    session = await opened(request)
    await session.folding.fold()
    await session.close()


async def sync(request):
    session = await opened(request)
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
    if "link" in request:
        bootstrap.run_async(link(request))
        return
    fuse = Fuse(*request["kill"])
    lay(fuse)
    if request.get("fold"):
        fuse.seen["page"] = 1  # every statement counts from the opening on
        watch_files(Path(request["folder"]) / "inbox", fuse)
    bootstrap.run_async((fold if request.get("fold") else sync)(request))
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
