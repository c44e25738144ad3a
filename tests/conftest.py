"""What every test shares: loopback only, slow ones on request, no stray warning in the log."""

import os

import pytest
from pytest_socket import socket_allow_hosts

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


def pytest_addoption(parser):
    parser.addoption("--full", action="store_true", help="also run what takes longer")


def pytest_collection_modifyitems(config, items):
    if config.getoption("--full"):
        return
    kept = [item for item in items if "full" not in item.keywords]
    dropped = [item for item in items if "full" in item.keywords]
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = kept


@pytest.fixture(autouse=True)
def _loopback_only():
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


@pytest.fixture(autouse=True)
def _no_stray_warnings(caplog):
    """A record at WARNING or above fails a test, unless it cleared it after looking."""
    yield
    stray = [r for r in caplog.get_records("call") if r.levelno >= 30]
    assert not stray, [f"{r.name}: {r.getMessage()}" for r in stray]
