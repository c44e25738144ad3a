"""Benchmarks that need a process to themselves: it prints one JSON document and ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from hive_desktop.sandbox.options import BankOptions
from hive_desktop.services.bank_access import BankKeys
from tests.bench.bank import ROOT

if TYPE_CHECKING:
    from hive_desktop.domain.ledger import ItemId
    from hive_desktop.services.session import VaultSession
    from tests.bench.bank import RemotePerson


def run_child(
    module: str, *arguments: str, secret: str = "", timeout_s: float = 300.0
) -> dict[str, Any]:
    """Run a module that tells what it measured; a secret goes to its standard input."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
        input=secret,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def tell(measured: dict[str, Any]) -> None:
    """Print what was measured, for `run_child`."""
    sys.stdout.write(f"{json.dumps(measured)}\n")
    sys.stdout.flush()


async def link_all(session: VaultSession, url: str, person: RemotePerson) -> list[ItemId]:
    """Link every bank at an address; nothing is synced yet."""
    options = BankOptions()
    await session.bank.configure(BankKeys(url, options.client_id, options.secret))
    items: list[ItemId] = []
    for _ in person.institutions:
        items += await session.linking.connect()
    return items
