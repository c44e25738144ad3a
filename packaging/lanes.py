"""Runs checks side by side, so that no core waits while another has all the work."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

# One more than the two cores that a computer has at least: some tests wait.
_AT_ONCE = 3


def by_size(folder: Path) -> list[Path]:
    """Return a folder's files of tests, the largest first."""
    found = folder.glob("test_*.py")
    return sorted(found, key=lambda file: (-file.stat().st_size, file.name))


def side_by_side(
    commands: Mapping[str, list[str | Path]], root: Path, environment: Mapping[str, str]
) -> list[int]:
    """Run commands, a few at a time in their order, and print what each told in one piece.

    Args:
        commands: by a name for what each covers.
        root: the project's folder, where they run.
        environment: of all of them.

    Returns:
        Their exit codes, in the same order; negative for one that a signal ended.
    """
    with contextlib.ExitStack() as stack:
        told = {name: stack.enter_context(tempfile.TemporaryFile()) for name in commands}

        def run(name: str) -> int:
            (covered,) = coverage_of(root, [name])
            return subprocess.run(
                commands[name],
                env={**environment, "COVERAGE_FILE": str(covered)},
                cwd=root,
                stdout=told[name],
                stderr=subprocess.STDOUT,
                check=False,
            ).returncode

        codes = []
        pool = stack.enter_context(ThreadPoolExecutor(_AT_ONCE))
        for name, code in zip(commands, pool.map(run, commands), strict=True):
            told[name].seek(0)
            shutil.copyfileobj(told[name], sys.stdout.buffer)
            if code < 0:
                print(f"dev.py: {name} was ended by signal {-code}.")
            sys.stdout.flush()
            codes.append(code)
        return codes


def coverage_of(root: Path, names: Iterable[str]) -> list[Path]:
    """Return where runs beside others keep what they covered."""
    return [root / f".coverage.beside-{name}" for name in names]
