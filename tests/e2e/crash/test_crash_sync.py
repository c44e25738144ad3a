"""A sync killed anywhere from its first page on, and run again, ends with the bank's rows."""

import re
import signal
from collections import Counter
from itertools import count

import pytest

from tests.e2e.crash.conftest import STRACE

KILLED = -signal.SIGKILL
POINTS = ("page", "statement", "commit", "committed")


def kill_and_sync_again(stage, nursery, folder, kind, at):
    """Returns whether the point was reached."""
    stage.copy(folder)
    code, seen = nursery.sync(stage, folder, kind, at)
    if code == 0:
        assert seen.get(kind, 0) < at
        return False
    assert code == KILLED
    stage.sync(folder)
    stage.check(folder)
    return True


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
def test_killed_at_some_points(stage, nursery, tmp_path, kind, places):
    for at in places:
        assert kill_and_sync_again(stage, nursery, tmp_path / "vault", kind, at)


def test_killed_twice_in_a_row(stage, nursery, tmp_path):
    folder = stage.copy(tmp_path / "vault")
    for kind in ("statement", "committed"):
        assert nursery.sync(stage, folder, kind, 2)[0] == KILLED
    stage.sync(folder)
    stage.check(folder)


@pytest.mark.full
@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", POINTS)
def test_killed_at_every_point(stage, nursery, tmp_path, kind):
    places = count(1)
    while kill_and_sync_again(stage, nursery, tmp_path / "vault", kind, next(places)):
        pass
    assert next(places) > 3


# strace injects at the k-th call of each thread. (Its --seccomp-bpf is not used: strace 6.1 injects
# no signal then.)


def calls_of(log):
    """How many calls of a name the busiest thread made."""
    made = Counter(
        re.findall(r"^(\d+) +(pwrite64|fdatasync|fsync)\(", log.read_text(), re.MULTILINE)
    )
    return {
        name: max((n for (_, one), n in made.items() if one == name), default=0)
        for name in ("pwrite64", "fdatasync", "fsync")
    }


def counted(stage, nursery, tmp_path):
    folder, log = stage.copy(tmp_path / "vault"), tmp_path / "calls"
    code, _ = nursery.traced(stage, folder, None, log)
    assert code == 0
    found = calls_of(log)
    assert found["pwrite64"] > 20
    assert found["fdatasync"] + found["fsync"] > 2
    return found


def kill_at_call(stage, nursery, tmp_path, name, at):
    folder = stage.copy(tmp_path / "vault")
    rule = f"{name}:signal=SIGKILL:when={at}"
    code, _ = nursery.traced(stage, folder, rule, tmp_path / "calls")
    assert code in {KILLED, 0}
    stage.sync(folder)
    stage.check(folder)
    return code == KILLED


@pytest.mark.skipif(STRACE is None, reason="strace is not installed")
def test_killed_at_some_system_calls(stage, nursery, tmp_path):
    found = counted(stage, nursery, tmp_path)
    sync_call = max(("fdatasync", "fsync"), key=found.get)
    wanted = [("pwrite64", found["pwrite64"] // 2), ("pwrite64", found["pwrite64"] * 4 // 5)]
    wanted += [(sync_call, found[sync_call] - 1)]
    for name, at in wanted:
        assert kill_at_call(stage, nursery, tmp_path, name, at)


@pytest.mark.full
@pytest.mark.timeout(1800)
@pytest.mark.skipif(STRACE is None, reason="strace is not installed")
@pytest.mark.parametrize("names", [("pwrite64",), ("fdatasync", "fsync")])
def test_killed_at_every_system_call(stage, nursery, tmp_path, names):
    found = counted(stage, nursery, tmp_path)
    places = [(name, at) for name in names for at in range(1, found[name] + 1)]
    killed = sum(kill_at_call(stage, nursery, tmp_path, name, at) for name, at in places)
    # Banks are committed in any order, so one run writes a few pages more or fewer than the next.
    assert killed >= len(places) * 0.9 - 1 > 1
