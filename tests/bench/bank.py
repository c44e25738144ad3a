"""The bulk bank as a process of its own, with pages encoded before anybody asks for them."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
CONTROL = {"X-Sandbox-Control": "1"}


@contextmanager
def bulk_bank_process(items: int, rows_per_item: int, *, rate_limits: bool = True) -> Iterator[str]:
    """Run the bank; yields its address."""
    command = [sys.executable, "-m", "tests.bench.bank", str(items), str(rows_per_item)]
    command += ["limited"] if rate_limits else []
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


class RemotePerson:
    """A `Browser` port that signs in at the bank in the other process, one institution a visit."""

    def __init__(self, url: str) -> None:
        self._url = url
        with httpx.Client(base_url=url, headers=CONTROL) as client:
            self.institutions = client.get("/control/state").json()["institution_ids"]
        self._wanted = list(self.institutions)

    def open(self, url: str) -> bool:
        body = {
            "link_token": url.rsplit("/", 1)[-1],
            "institution_id": self._wanted.pop(0),
        }
        with httpx.Client(base_url=self._url, headers=CONTROL, timeout=120) as client:
            client.post("/control/complete_link", json=body).raise_for_status()
        return True


def _serve() -> None:
    from hive_desktop.sandbox.bank import BankOptions, bulk_bank
    from hive_desktop.sandbox.server import SandboxServer

    items, rows = int(sys.argv[1]), int(sys.argv[2])
    options = BankOptions(preencode=True, rate_limits="limited" in sys.argv)
    server = SandboxServer(bulk_bank(items, rows, options=options))
    server.bind()
    sys.stdout.write(f"{server.url}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    _serve()
