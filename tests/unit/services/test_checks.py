"""What facts mean to the doctor: each finding, its result, and that it says nothing of anybody."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from hive_desktop.ports.diagnostics import (
    BackupsSeen,
    KeySlots,
    LedgerLook,
    Reached,
    Result,
    VaultLook,
    WindowLook,
)
from hive_desktop.ports.errors import VaultBusyError, VaultDamagedError, VaultTooNewError
from hive_desktop.services import checks
from hive_desktop.services.diagnostics import rounded

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
GB = 1_000_000_000
SLOTS = KeySlots(passphrase=1, recovery=1, keyring=0, weak=0)
VAULT = VaultLook(
    exists=True, slots=SLOTS, is_cut_short=False, open_to_others=0, ledger_bytes=GB,
    free_bytes=50 * GB,
)  # fmt: skip
LEDGER = LedgerLook(
    "0005", "0005", 0, is_thorough=False, broken_pages=None, orphans=None, differing=()
)
WINDOW = WindowLook("6.11.3", "xcb", ("xcb",), has_display=True)
OK, WARNING, PROBLEM, UNKNOWN = Result.OK, Result.WARNING, Result.PROBLEM, Result.UNKNOWN


def is_said(finding):
    """Hold a finding to what every one has to be; returns its result."""
    text, hint = finding.in_english()
    assert finding.rendered()[0] == text
    assert text[0].isupper() or text[0].isdigit()
    assert text.endswith(".")
    assert "{" not in text + hint
    assert "/" not in text + hint
    if finding.result is PROBLEM:
        assert hint
    return finding.result


@pytest.mark.parametrize(
    ("changed", "has_keychain", "result"),
    [
        ({}, True, OK),
        ({"keyring": 1}, True, OK),
        ({"keyring": 1}, False, WARNING),
        ({"recovery": 0}, True, WARNING),
        ({"weak": 1}, True, WARNING),
    ],
)
def test_slots(changed, has_keychain, result):
    look = replace(VAULT, slots=replace(SLOTS, **changed))
    assert is_said(checks.slots(look, has_keychain=has_keychain)) is result


def test_a_header():
    assert is_said(checks.header(VAULT)) is OK
    assert is_said(checks.header(VaultLook(exists=False))) is UNKNOWN
    broken = replace(VAULT, slots=None, header_fault="VaultDamagedError")
    assert is_said(checks.header(broken)) is PROBLEM
    assert checks.slots(broken, has_keychain=True) is None
    results = [is_said(checks.seal(is_right=right)) for right in (True, False, None)]
    assert results == [OK, PROBLEM, UNKNOWN]


@pytest.mark.parametrize(
    ("changed", "results"),
    [
        ({}, [OK, OK, OK]),
        ({"is_thorough": True, "broken_pages": 0, "orphans": 0}, [OK, OK, OK]),
        ({"faults": 3}, [PROBLEM, OK, OK]),
        ({"broken_pages": 1}, [PROBLEM, OK, OK]),
        ({"orphans": 2}, [PROBLEM, OK, OK]),
        ({"schema": "0004"}, [OK, WARNING, OK]),
        ({"differing": ("amounts", "spend_daily")}, [OK, OK, PROBLEM]),
    ],
)
def test_a_ledger(changed, results):
    assert [is_said(one) for one in checks.ledger(replace(LEDGER, **changed))] == results


@pytest.mark.parametrize(
    ("fault", "result"),
    [
        (VaultDamagedError(), PROBLEM),
        (VaultTooNewError(), PROBLEM),
        (VaultBusyError(holder="x"), UNKNOWN),
        (None, UNKNOWN),
    ],
)
def test_a_ledger_that_cannot_be_opened(fault, result):
    (found,) = checks.ledger(None, fault)
    assert is_said(found) is result


@pytest.mark.parametrize(
    ("free", "result"),
    [(None, UNKNOWN), (10_000_000, PROBLEM), (GB // 2, WARNING), (3 * GB // 2, WARNING),
     (3 * GB, OK)],
)  # fmt: skip
def test_room(free, result):
    assert is_said(checks.space(replace(VAULT, free_bytes=free))) is result


@pytest.mark.parametrize(
    ("changed", "result"),
    [
        ({}, OK),
        ({"open_to_others": 2}, WARNING),
        ({"open_to_others": None}, UNKNOWN),
        ({"is_cut_short": True}, PROBLEM),
        ({"leftovers": 1}, OK),
    ],
)
def test_files(changed, result):
    assert is_said(checks.files(replace(VAULT, **changed))) is result
    assert checks.files(VaultLook(exists=False)) is None


def test_an_owner():
    assert is_said(checks.owner(VAULT)) is OK
    other = checks.owner(replace(VAULT, holder="process 12"))
    assert other.in_english()[0] == "Another Hive (process 12) has the vault open."
    assert is_said(checks.owner(replace(VAULT, holder="process 12", is_held_here=True))) is OK
    assert checks.owner(VaultLook(exists=False)) is None


@pytest.mark.parametrize(
    ("now", "newest", "skews", "result"),
    [
        (NOW, None, [], OK),
        (NOW, NOW, [timedelta(seconds=30)], OK),
        (NOW, NOW, [timedelta(minutes=9)], WARNING),
        (NOW, NOW, [timedelta(minutes=-9)], WARNING),
        (NOW, NOW + timedelta(days=2), [], WARNING),
        (datetime(1970, 1, 1, tzinfo=UTC), None, [], PROBLEM),
        (datetime(2150, 1, 1, tzinfo=UTC), None, [], PROBLEM),
    ],
)
def test_a_clock(now, newest, skews, result):
    assert is_said(checks.clock(now, newest, skews)) is result


def test_a_network():
    there, gone = Reached(is_reached=True, result="x"), Reached(is_reached=False, result="x")
    assert is_said(checks.network(is_online=None, reached=None)) is UNKNOWN
    assert is_said(checks.network(is_online=True, reached=None)) is OK
    assert is_said(checks.network(is_online=False, reached=None)) is WARNING
    assert is_said(checks.network(is_online=False, reached={"Plaid": there})) is OK
    found = checks.network(is_online=True, reached={"Plaid": there, "relay": gone})
    assert found.in_english()[0] == "No answer came from: relay."


def test_a_window_and_a_locale():
    assert is_said(checks.window(WINDOW)) is OK
    assert is_said(checks.window(replace(WINDOW, has_display=False))) is WARNING
    assert is_said(checks.window(replace(WINDOW, fault="library"))) is PROBLEM
    assert is_said(checks.language("en_GB", "utf-8")) is OK
    assert is_said(checks.language("", "ascii")) is WARNING


def test_errors_and_backups():
    assert [is_said(checks.errors(*both)) for both in ((0, 0), (2, 0), (0, 1))] == [
        OK, WARNING, WARNING,
    ]  # fmt: skip
    assert is_said(checks.backup(None, NOW)) is UNKNOWN
    for unread in (checks.backup, checks.syncs):
        locked, older = (
            unread(None, NOW, is_open=known).in_english()[1] for known in (False, True)
        )
        assert "HIVE_PASSPHRASE" in locked
        assert "brought up to date" in older
    assert is_said(checks.backup(BackupsSeen(None, is_place_there=True), NOW)) is WARNING
    recent, old = NOW - timedelta(days=2), NOW - timedelta(days=9)
    assert is_said(checks.backup(BackupsSeen(old, is_place_there=True), NOW)) is WARNING
    assert is_said(checks.backup(BackupsSeen(recent, is_place_there=True), NOW)) is OK
    assert is_said(checks.backup(BackupsSeen(recent, is_place_there=False), NOW)) is WARNING


@pytest.mark.parametrize(
    ("count", "words"),
    [(0, "none"), (9, "fewer than 10"), (10, "about 10"), (12_345, "about 10,000"),
     (987_654, "about 1,000,000")],
)  # fmt: skip
def test_counts_are_rounded(count, words):
    assert rounded(count) == words


def test_a_restore_that_is_not_finished():
    assert checks.restore(VAULT) is None
    assert is_said(checks.restore(replace(VAULT, is_restoring=True))) is WARNING
    assert is_said(checks.restore(VaultLook(exists=False, is_restoring=True))) is WARNING
