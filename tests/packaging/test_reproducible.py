"""The same source makes the same bytes, wherever it lies: two builds in two folders."""

import hashlib
import os
import shutil
import subprocess
import sys

import pytest
from bundle import deb, project

from tests.packaging.conftest import ROOT

pytestmark = [pytest.mark.full, pytest.mark.timeout(1200)]
SOURCES = ("hive_desktop", "resources", "packaging", "pyproject.toml", "CHANGELOG.md", "LICENSE")


def states(folder):
    """Return what a package is made of: each path with its kind, rights, date and content."""
    found = {}
    for path in sorted(folder.rglob("*")):
        told = path.lstat()
        content = None
        if path.is_symlink():
            content = os.readlink(path)  # noqa: PTH115 - as it is written
        elif path.is_file():
            content = hashlib.sha256(path.read_bytes()).hexdigest()
        found[path.relative_to(folder).as_posix()] = (told.st_mode, int(told.st_mtime), content)
    return found


def test_two_builds_in_two_folders_are_one(request, tmp_path):
    elsewhere = tmp_path / "another folder, ä"
    elsewhere.mkdir()
    for name in SOURCES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(
                source,
                elsewhere / name,
                ignore=shutil.ignore_patterns("__pycache__"),
                symlinks=True,
            )
        else:
            shutil.copy(source, elsewhere / name)
    subprocess.run(
        [sys.executable, str(elsewhere / "packaging" / "build.py"), "--program"],
        cwd=tmp_path,
        env=os.environ | {"SOURCE_DATE_EPOCH": str(project.epoch())},
        stdout=2,
        check=True,
    )
    again = elsewhere / "dist" / "hive-desktop"
    # Asked for now, because both can be made at the same time.
    built, package = map(request.getfixturevalue, ("built", "package"))
    first, second = states(built / "hive-desktop"), states(again)
    assert {name for name in first if first[name] != second.get(name)} == set()
    assert first == second

    # And what is packed of them.
    other = tmp_path / "again.deb"
    deb.make(again, tmp_path / "work", other, compression="none")
    hashes = {hashlib.sha256(file.read_bytes()).hexdigest() for file in (package, other)}
    assert len(hashes) == 1
