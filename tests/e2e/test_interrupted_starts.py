"""Ctrl-C at any point of a start ends it with 130, and without a word."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
# Ctrl-C comes at one of the imports; where there are fewer, it comes later, by the clock.
CHILD = """
import os, signal, sys
from hive_desktop import start

class Counting:
    seen = 0

    def find_spec(self, name, path=None, target=None):
        self.seen += 1
        if self.seen == point:
            os.kill(os.getpid(), signal.SIGINT)
        return None

program, point = sys.argv.pop(1), int(sys.argv.pop(1))
sys.meta_path.insert(0, Counting())
signal.signal(signal.SIGALRM, lambda *_: os.kill(os.getpid(), signal.SIGINT))
signal.alarm(4)
getattr(start, program)()
"""
POINTS = [1, 2, 5, 10, 20, 35, 50, 70, 90, 110, 140, 170, 200, 250, 300, 350, 400, 500, 700, 9999]
FEW = [1, 50, 200]
LEAST = 300


def started(program, point, folder, **options):
    arguments = ["items"] if program == "hive" else []
    return subprocess.run(
        [sys.executable, "-c", CHILD, program, str(point), *arguments, "--vault", str(folder)],
        capture_output=True, text=True, timeout=180, check=False,
        cwd=ROOT, stdin=subprocess.DEVNULL,
        env={
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "XDG_RUNTIME_DIR": str(folder.parent),
            "XDG_STATE_HOME": str(folder.parent),
        },
        **options,
    )  # fmt: skip


def check(program, point, folder):
    done = started(program, point, folder)
    if program == "hive" and done.returncode == 1:  # it had fewer imports, and has ended before
        assert point > LEAST
        assert done.stderr.startswith("No vault here. ")
    else:
        assert (done.returncode, done.stderr) == (130, "")


@pytest.mark.parametrize("program", ["hive", "window"])
@pytest.mark.parametrize("point", FEW)
def test_a_start_that_is_interrupted_says_nothing(program, point, tmp_path):
    check(program, point, tmp_path / "vault")


@pytest.mark.full
@pytest.mark.parametrize("program", ["hive", "window"])
@pytest.mark.parametrize("point", [one for one in POINTS if one not in FEW])
def test_so_does_one_at_any_other_point(program, point, tmp_path):
    check(program, point, tmp_path / "vault")


def test_a_program_that_is_to_ignore_it_does(tmp_path):
    done = started(
        "hive", 50, tmp_path / "vault",
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_IGN),
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.startswith("No vault here. ")
