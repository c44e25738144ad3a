"""PostgreSQL, Redis and relays as processes of their own, on free ports of this computer."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path

from tests.ports import free_port

DEBIANS = Path("/usr/lib/postgresql")


def program(name):
    """Where a program is; None when it is not installed."""
    found = shutil.which(name)
    if found is None and DEBIANS.is_dir():
        found = max(map(str, DEBIANS.glob(f"*/bin/{name}")), default=None)
    return found


def missing():
    """Why there can be no cluster here; None when there can."""
    if os.name == "nt":
        return "PostgreSQL and Redis are run as on Debian"
    lacking = [name for name in ("initdb", "postgres", "redis-server") if program(name) is None]
    return f"not installed: {', '.join(lacking)}" if lacking else None


def end(process, sign=signal.SIGTERM, *, within=60):
    """End one process that a test started."""
    if process.poll() is None:
        process.send_signal(sign)
        try:
            process.wait(within)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(within)


def until(is_so, *, within=120.0, what="it"):
    stop = time.monotonic() + within
    while not is_so():
        assert time.monotonic() < stop, f"{what} did not come about in {within} s"
        time.sleep(0.02)


def answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), 0.2).close()
    except OSError:
        return False
    return True


class Redis:
    """A Redis that keeps nothing on the disk, and can be killed and started again."""

    def __init__(self):
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.process = None
        self.start()

    def start(self):
        command = [program("redis-server"), "--port", str(self.port), "--bind", "127.0.0.1"]
        command += ["--save", "", "--appendonly", "no", "--daemonize", "no", "--dir", "/"]
        self.process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        until(lambda: answers(self.port), what="Redis")

    def kill(self):
        end(self.process, signal.SIGKILL)


@contextmanager
def postgres():
    """A PostgreSQL of its own; gives a function that makes a database and returns its URL."""
    # Not in pytest's folder, which only root may enter where root runs the tests.
    with (
        tempfile.TemporaryDirectory(prefix="hive-pg-") as folder,
        _serving(Path(folder)) as port,
    ):
        yield lambda name: _database(port, name)


@contextmanager
def _serving(folder):
    owner = _owner()
    data = folder / "data"
    if owner is not None:
        shutil.chown(folder, owner)
    port = free_port()
    more = {} if owner is None else {"user": owner, "extra_groups": []}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder, **more}
    make = [program("initdb"), "-D", data, "-U", "hive", "-A", "trust", "-E", "UTF8"]
    subprocess.run([*make, "--no-sync", "--no-locale"], check=True, **quiet)
    options = ["-p", port, "-k", folder, "-h", "127.0.0.1", "-c", "fsync=off"]
    run = [program("postgres"), "-D", data, *map(str, options)]
    server = subprocess.Popen(run, **quiet)
    try:
        until(lambda: _has_started(port), what="PostgreSQL")
        yield port
    finally:
        end(server, signal.SIGINT)


def _owner():
    """Who may run PostgreSQL, which refuses root."""
    if os.geteuid() != 0:
        return None
    import pwd

    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _has_started(port):
    import psycopg

    try:
        psycopg.connect(f"postgresql://hive@127.0.0.1:{port}/postgres", connect_timeout=60).close()
    except psycopg.OperationalError:
        return False
    return True


def _database(port, name):
    import psycopg

    url = f"postgresql://hive@127.0.0.1:{port}"
    with psycopg.connect(f"{url}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return f"{url}/{name}"


class RelayProcess:
    """One `hive-relay serve`."""

    def __init__(self, environment, port=None):
        self.port = port or free_port()
        self.log = []
        command = [sys.executable, "-m", "hive_desktop.relay", "serve"]
        given = {**environment, "HIVE_RELAY_PORT": str(self.port)}
        self.process = subprocess.Popen(command, env=given, stderr=subprocess.PIPE, text=True)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def wait_ready(self):
        until(
            lambda: self.said("listening") or self.process.poll() is not None,
            what="a relay",
        )
        assert self.process.poll() is None, self.log

    def said(self, start):
        return any(line["message"].startswith(start) for line in list(self.log))

    def end(self, sign=signal.SIGTERM):
        end(self.process, sign)
        self.reader.join(60)
        self.process.stderr.close()
        return self.process.returncode

    def _read(self):
        for line in self.process.stderr:
            is_json = line.startswith("{")  # all is, but for what Python says of a crash
            self.log.append(json.loads(line) if is_json else {"message": line})
