"""`hive-relay serve` as a process whose every word is kept."""

import os
import subprocess
import sys
from contextlib import contextmanager

import httpx

from hive_desktop.relay.settings import PREFIX
from tests.contract import ways
from tests.relay.cluster import machines

SERVE = "from hive_desktop.relay.main import main; raise SystemExit(main(['serve']))"


class Process:
    """A relay that can be ended and started again with other settings.

    Args:
        given: settings by their names without the prefix.
        log: the file that takes all that is printed.
        before: Python that is run before it serves.
    """

    def __init__(self, given, log, *, before=""):
        self.given = given
        self.log = log
        self.url = given["PUBLIC_URL"]
        self.port = int(given["PORT"])
        self._before = before
        self.process = None

    @property
    def environment(self):
        clean = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
        return clean | {PREFIX + name: value for name, value in self.given.items()}

    def start(self):
        command = [sys.executable, "-c", f"{self._before}\n{SERVE}"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ways.ROOT, env=self.environment, stdout=log, stderr=log
            )
        ways.await_ready(self.url, self.process)
        return self

    def end(self):
        machines.end(self.process)
        return self.process.returncode

    def operator(self, *commands):
        """Run commands of the operator's; returns what each says, which is kept nowhere else."""
        run = f"from hive_desktop.relay.main import main\nfor one in {commands!r}: main(one)"
        done = subprocess.run(
            [sys.executable, "-c", run],
            cwd=ways.ROOT, env=self.environment, capture_output=True, text=True, timeout=120,
            check=True,
        )  # fmt: skip
        return done.stdout.split()


@contextmanager
def client(url):
    """A client that goes by no proxy."""
    with httpx.Client(base_url=url, trust_env=False, timeout=60) as made:
        yield made
