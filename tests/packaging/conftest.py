"""What tests of the packages share: the build's modules, and the program as people get it."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "packaging"))

from bundle import deb, project

ROOT = project.ROOT
DIST = ROOT / "dist"
BUILD = [sys.executable, str(ROOT / "packaging" / "build.py")]
# Where another user may come to; pytest's own folders are the tester's alone.
OPEN = "/var/tmp"  # noqa: S108 - folders in it are made by mkdtemp
USER = "hive-packages-test"


def checked(*command, **more):
    """Run one of the system's own tools, which must find nothing; returns what it said."""
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not on this machine")
    done = subprocess.run(command, capture_output=True, text=True, check=False, **more)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="session")
def tree(tmp_path_factory):
    """All that the Debian package installs beside the program."""
    made = tmp_path_factory.mktemp("deb") / "tree"
    deb.papers(made, "Something 1.0: MIT\n\nIts words.\n")
    return made


@pytest.fixture(scope="session")
def built():
    """The folder of what `dev.py build` makes, made anew where the source has changed."""
    subprocess.run([*BUILD, "--if-needed", "--program"], cwd=ROOT, stdout=2, check=True)
    return DIST


@pytest.fixture(scope="session")
def package(built, tmp_path_factory):
    """The Debian package of it, not pressed: that is what takes the time."""
    folder = tmp_path_factory.mktemp("package")
    target = folder / deb.file_name()
    deb.make(built / project.NAME, folder / "work", target, compression="none")
    return target


@pytest.fixture(scope="session")
def open_folder():
    """A folder that every user may enter."""
    with tempfile.TemporaryDirectory(dir=OPEN, prefix="hive-packages-") as folder:
        Path(folder).chmod(0o755)
        before = os.umask(0o022)  # programs that ran in this process may have left a stricter one
        try:
            yield Path(folder)
        finally:
            os.umask(before)


@pytest.fixture(scope="session")
def program(built, open_folder):
    """The program where a name has spaces and letters of several alphabets."""
    place = open_folder / "Grüße an Zoë 蜂巢" / "hive desktop"
    place.parent.mkdir()
    shutil.copytree(built / "hive-desktop", place, symlinks=True)
    return place


@pytest.fixture(scope="session")
def person(open_folder):
    """Somebody without rights to the program's folder: a user made for these tests, and a home.

    Yields the user's number, None where only the tester can be had, and the home.
    """
    home = open_folder / "home"
    home.mkdir(mode=0o700)
    if os.geteuid() != 0 or shutil.which("useradd") is None:
        yield None, home
        return
    subprocess.run(["userdel", USER], check=False, stderr=subprocess.DEVNULL)  # noqa: S607
    subprocess.run(
        ["useradd", "--no-create-home", "--home-dir", str(home), "--shell", "/bin/false", USER],  # noqa: S607
        check=True,
    )
    try:
        number = int(subprocess.check_output(["id", "-u", USER], text=True))  # noqa: S607
        os.chown(home, number, number)
        yield number, home
    finally:
        subprocess.run(["userdel", USER], check=True)  # noqa: S607
