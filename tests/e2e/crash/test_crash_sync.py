"""A sync killed anywhere from its first page on, and run again, ends with the bank's rows."""

import pytest

from tests.e2e.crash.conftest import STRACE
from tests.e2e.crash.killed import KILLED, Killing

POINTS = ("page", "statement", "commit", "committed")


@pytest.fixture
def killing(stage, nursery):
    def sync_again(folder):
        stage.sync(folder)
        stage.check(folder)

    return Killing(stage, nursery, nursery.sync, sync_again)


def test_an_undisturbed_sync_passes_every_kind_of_point(stage, nursery, tmp_path):
    folder = stage.copy(tmp_path / "vault")
    code, seen = nursery.sync(stage, folder)
    assert code == 0
    assert seen["page"] >= 3
    assert min(seen["commit"], seen["committed"]) >= 2
    assert seen["statement"] >= 20
    stage.check(folder)
    code, _ = nursery.sync(stage, folder)
    assert code == 0
    stage.check(folder)


@pytest.mark.parametrize(
    ("kind", "places"),
    [("page", (1, 3)), ("statement", (1, 8, 15, 22)), ("commit", (1, 2)), ("committed", (1, 2))],
)
def test_killed_at_some_points(killing, tmp_path, kind, places):
    for at in places:
        assert killing.at_point(tmp_path / "vault", kind, at)


def test_killed_twice_in_a_row(killing, stage, nursery, tmp_path):
    folder = stage.copy(tmp_path / "vault")
    for kind in ("statement", "committed"):
        assert nursery.sync(stage, folder, kind, 2)[0] == KILLED
    killing.go_on(folder)


@pytest.mark.full
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("kind", POINTS)
def test_killed_at_every_point(killing, tmp_path, kind, every):
    assert killing.at_every_point(tmp_path / "vault", kind, every=every) > 1


@pytest.mark.full
@pytest.mark.skipif(STRACE is None, reason="strace is not installed")
def test_killed_at_some_system_calls(killing, tmp_path):
    found = killing.counted(tmp_path)
    assert found["pwrite64"] > 20
    assert found["fdatasync"] + found["fsync"] > 2
    sync_call = max(("fdatasync", "fsync"), key=found.get)
    wanted = [("pwrite64", found["pwrite64"] // 2), ("pwrite64", found["pwrite64"] * 4 // 5)]
    wanted += [(sync_call, found[sync_call] - 1)]
    for name, at in wanted:
        assert killing.at_call(tmp_path, name, at)


@pytest.mark.full
@pytest.mark.timeout(1800)
@pytest.mark.skipif(STRACE is None, reason="strace is not installed")
@pytest.mark.parametrize("names", [("pwrite64",), ("fdatasync", "fsync")])
def test_killed_at_every_system_call(killing, tmp_path, names, every):
    places, killed = killing.at_every_call(tmp_path, names, every=every)
    # Banks are committed in any order, so one run writes a few pages more or fewer than the next.
    assert killed >= places * 0.9 - 1 > 1
