"""What every test shares: loopback only, some on request alone, no stray warning in the log."""

import logging
import os
import tempfile

import pytest
from hypothesis import HealthCheck, settings
from pytest_socket import socket_allow_hosts

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Logs and reports of crashes lie in a folder of the run's own.
_STATE = tempfile.TemporaryDirectory(prefix="hive-state-", ignore_cleanup_errors=True)
os.environ["XDG_STATE_HOME"] = _STATE.name


def pytest_addoption(parser):
    parser.addoption("--full", action="store_true", help="also run what takes longer")
    parser.addoption(
        "--every", action="store_true", help="kill at every step, and try many more inputs"
    )
    parser.addoption("--pixels", action="store_true", help="also compare pictures of pages")
    parser.addoption("--update-snapshots", action="store_true", help="keep pages as they are now")


def pytest_configure(config):
    """The same examples in each run, however slow the machine is; `--every` looks at others."""
    is_quick = not (config.getoption("--full") or config.getoption("--every"))
    settings.register_profile(
        "hive",
        max_examples=33 if is_quick else 100,
        deadline=None,
        derandomize=not config.getoption("--every"),
        suppress_health_check=[HealthCheck.too_slow],
    )
    if not config.getoption("--hypothesis-profile"):
        settings.load_profile("hive")


def pytest_make_parametrize_id(config, val, argname):
    """Name bytes by their length: archives carry a time, and each worker collects for itself."""
    return f"{argname}-{len(val)}-bytes" if isinstance(val, bytes) else None


def pytest_collection_modifyitems(config, items):
    unwanted = [mark for mark in ("full", "every", "pixels") if not config.getoption(f"--{mark}")]
    dropped = [item for item in items if any(map(item.get_closest_marker, unwanted))]
    kept = [item for item in items if item not in set(dropped)]
    if dropped:
        config.hook.pytest_deselected(items=dropped)
        items[:] = kept


@pytest.fixture(scope="session")
def every(request):
    """Whether tests that kill a program do so at every step."""
    return request.config.getoption("--every")


@pytest.fixture(autouse=True)
def _loopback_only():
    socket_allow_hosts(["127.0.0.1", "::1", "localhost"], allow_unix_socket=True)


@pytest.fixture(autouse=True)
def _as_it_was():
    """A program that a test runs in this process leaves neither its log nor its umask behind."""
    root, mask = logging.getLogger(), os.umask(0o077)
    os.umask(mask)
    handlers, level = set(root.handlers), root.level
    yield
    os.umask(mask)
    for handler in {*root.handlers} - handlers:
        if not type(handler).__module__.startswith("_pytest."):
            root.removeHandler(handler)
    root.setLevel(level)


@pytest.fixture(autouse=True)
def _no_stray_warnings(caplog):
    """A record at WARNING or above fails a test, unless it cleared it after looking."""
    yield
    stray = [r for r in caplog.get_records("call") if r.levelno >= 30]
    assert not stray, [f"{r.name}: {r.getMessage()}" for r in stray]
