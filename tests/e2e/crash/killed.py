"""Work that is killed somewhere and done again: at points of the program, and at system calls."""

import re
import signal
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import count, takewhile
from typing import Any

from tests.killing import chosen

KILLED = -signal.SIGKILL
_CALL = re.compile(r"^(\d+) +(pwrite64|fdatasync|fsync)\(\d+<([^>]*)>(.*)$", re.MULTILINE)
_NAMES = ("pwrite64", "fdatasync", "fsync")


@dataclass(frozen=True)
class Killing:
    """One kind of work on copies of a stage's vault.

    Attributes:
        stage: has the vault.
        nursery: starts the process that is killed.
        begin: does the work in that process, such as `nursery.sync`.
        go_on: what comes after a kill, and checks what it comes to; given the vault's folder.
        fold: the work takes in an inbox.
    """

    stage: Any
    nursery: Any
    begin: Any
    go_on: Any
    fold: bool = False

    def at_point(self, folder, kind, at):
        """Kill at the point of that number, and go on; returns whether it was reached."""
        self.stage.copy(folder)
        code, seen = self.begin(self.stage, folder, kind, at)
        if code == 0:
            assert seen.get(kind, 0) < at
            return False
        assert code == KILLED
        self.go_on(folder)
        return True

    def at_every_point(self, folder, kind, *, every):
        """Kill at each point of a kind in turn; returns at how many.

        Statements are many: without `every`, at each third of them.
        """
        places = count(1, 3 if kind == "statement" and not every else 1)
        return len(list(takewhile(lambda at: self.at_point(folder, kind, at), places)))

    def counted(self, tmp_path):
        """Let it end undisturbed; returns how many calls of a name the busiest thread made."""
        folder, log = self.stage.copy(tmp_path / "vault"), tmp_path / "calls"
        assert self._traced(folder, None, log) == 0
        made = Counter((pid, name) for pid, name, _, _ in _CALL.findall(log.read_text()))
        return {
            name: max((n for (_, one), n in made.items() if one == name), default=0)
            for name in _NAMES
        }

    def at_call(self, tmp_path, name, at):
        """Kill at a system call, and go on; returns whether it was reached."""
        folder = self.stage.copy(tmp_path / "vault")
        code = self._traced(folder, f"{name}:signal=SIGKILL:when={at}", tmp_path / "calls")
        assert code in {KILLED, 0}
        self.go_on(folder)
        return code == KILLED

    def at_every_call(self, tmp_path, names, *, every):
        """Kill at calls of these names; returns how many there were, and how many were reached."""
        self.counted(tmp_path)
        found = _kinds_of(tmp_path / "calls")
        places = [(name, at + 1) for name in names for at in chosen(found[name], every=every)]
        return len(places), sum(self.at_call(tmp_path, name, at) for name, at in places)

    # strace injects at the k-th call of each thread. (Its --seccomp-bpf is not used: strace 6.1
    # injects no signal then.)
    def _traced(self, folder, rule, log):
        return self.nursery.traced(self.stage, folder, rule, log, fold=self.fold)[0]


def _kinds_of(log):
    """Which file each call of the busiest thread was about, and how many bytes, by name."""
    made = defaultdict(list)
    for pid, name, file, rest in _CALL.findall(log.read_text()):
        size = re.search(r", (\d+), \d+\) ", rest)
        made[name, pid].append((file.rpartition("/")[2], size and size[1]))
    return {
        name: max((kinds for (one, _), kinds in made.items() if one == name), key=len, default=[])
        for name in _NAMES
    }
