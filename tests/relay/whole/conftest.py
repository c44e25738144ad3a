"""Fixtures of the whole application's tests; `world` has what they stand on."""

from datetime import date

import pytest

from hive_desktop.sandbox.bank import BankOptions, bulk_bank
from hive_desktop.sandbox.server import SandboxServer
from tests.relay.whole import model_server


@pytest.fixture(scope="module")
def server():
    """A bank."""
    options = BankOptions(rate_limits=False)
    with SandboxServer(bulk_bank(3, 40, today=date(2026, 11, 23), options=options)) as running:
        yield running


@pytest.fixture(scope="module")
def model():
    """A model's server."""
    with model_server.serving() as running:
        yield running
