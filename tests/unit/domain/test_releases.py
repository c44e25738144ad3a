"""What is believed of a word about a release, and what is not."""

from datetime import UTC, datetime, timedelta

import pytest

from hive_desktop.domain import releases
from hive_desktop.domain.releases import ReleaseRefusedError

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
TOLD = {
    "version": "1.2.0",
    "released": "2026-11-26",
    "notes": "Quicker.",
    "page": "https://hive.example/1.2.0",
    "minimum": {"linux": "6.1", "macos": "12"},
    "issued": "2026-11-26T10:00:00+00:00",
    "expires": "2027-01-26T10:00:00+00:00",
    "key": "hive-1",
}


def test_a_release_is_read():
    release = releases.release_of(TOLD)
    assert release.version == "1.2.0"
    assert release.issued == datetime(2026, 11, 26, 10, tzinfo=UTC)
    releases.check_time(release, NOW, None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("version", "1.2"),
        ("version", "1.2.0-rc1"),
        ("version", 1),
        ("version", "01.2.0"),
        ("released", "soon"),
        ("notes", ["x"]),
        ("page", "http://hive.example"),
        ("page", "javascript:alert(1)"),
        ("page", "https://hive.example/\u202e"),
        ("page", "https://hive.example/" + "x" * 400),
        ("minimum", {"beos": "5"}),
        ("minimum", {"linux": "six"}),
        ("minimum", "6.1"),
        ("issued", "2026-11-26T10:00:00"),
        ("expires", None),
        ("key", "../hive"),
    ],
)
def test_a_value_that_cannot_be_is_refused(name, value):
    with pytest.raises(ReleaseRefusedError):
        releases.release_of({**TOLD, name: value})


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "malformed"),
        (b"[]", "malformed"),
        (b"{}", "malformed"),
        (b'{"release": {}, "signature": ""}', "malformed"),
        (b"[" * 20_000, "malformed"),
        (b" " * 40_000, "too_large"),
    ],
)
def test_a_document_that_is_none_is_refused(raw, code):
    with pytest.raises(ReleaseRefusedError, match=code):
        releases.parsed(raw)


def check(now=NOW, last=None, **changed):
    releases.check_time(releases.release_of({**TOLD, **changed}), now, last)


def test_time_bounds_what_is_believed():
    issued = datetime.fromisoformat(TOLD["issued"])
    with pytest.raises(ReleaseRefusedError, match="expired"):
        check(now=datetime.fromisoformat(TOLD["expires"]))
    with pytest.raises(ReleaseRefusedError, match="expired"):  # nobody may sign for ever
        check(expires="2030-01-01T00:00:00+00:00")
    with pytest.raises(ReleaseRefusedError, match="not_yet"):
        check(now=issued - timedelta(days=2))
    with pytest.raises(ReleaseRefusedError, match="replayed"):
        check(last=issued + timedelta(seconds=1))
    check(last=issued)


@pytest.mark.parametrize(
    ("one", "other", "newer"),
    [
        ("1.10.0", "1.9.9", True),
        ("1.2.0", "1.2.0", False),
        ("0.9.0", "1.0.0", False),
        ("2.0.0", "1.99.99", True),
        ("2.0", "1.0.0", False),
        ("2.0.0", "1.0.0.dev3", True),
        ("x", "1.0.0", False),
    ],
)
def test_never_a_downgrade(one, other, newer):
    assert releases.is_newer(one, other) is newer


def test_the_oldest_system_is_held_to():
    release = releases.release_of(TOLD)
    assert releases.runs_on(release, "linux", "6.1.0")
    assert not releases.runs_on(release, "linux", "5.15.0")
    assert releases.runs_on(release, "windows", "10.0.1")
    assert releases.runs_on(release, "macos", "")


def test_the_signature_is_over_one_form_of_it():
    turned = dict(reversed(TOLD.items()))
    assert releases.signed_bytes(TOLD) == releases.signed_bytes(turned)
    assert releases.signed_bytes({**TOLD, "notes": "x"}) != releases.signed_bytes(TOLD)
