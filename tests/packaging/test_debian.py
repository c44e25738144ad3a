"""`apt install` on a fresh Debian 12, the demo as a new user of it, and `apt purge`."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from bundle import deb

from hive_desktop import __version__
from tests.packaging.conftest import checked

pytestmark = [
    pytest.mark.full,
    pytest.mark.timeout(1200),
    pytest.mark.skipif(
        not shutil.which("debootstrap") or os.geteuid() != 0,
        reason="debootstrap is not on this machine, or the tester is not root",
    ),
]
RELEASE = "bookworm"
PERSON = "ann"
# What apt and dpkg keep of any package, and the person's own home.
THEIRS = ("var/lib/dpkg", "var/lib/apt", "var/cache", "var/log", f"home/{PERSON}")
# A program looks for itself in /proc; the mount ends with its namespace.
_IN_NAMESPACE = 'R=$1; shift; mount -t proc proc "$R/proc" && exec chroot "$R" "$@"'
_VARIABLES = {
    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
    "DEBIAN_FRONTEND": "noninteractive",
    "LC_ALL": "C.UTF-8",
}


class Debian:
    """A Debian in a folder; what it mounts is gone with each command."""

    def __init__(self, root):
        self.root = root

    def run(self, *words, person=None, **variables):
        """Run a command inside, as root or as the person; returns what it said."""
        home = "/root" if person is None else f"/home/{person}"
        who = [] if person is None else [
            "setpriv", f"--reuid={person}", f"--regid={person}", "--clear-groups",
        ]  # fmt: skip
        command = ["unshare", "--mount", "--pid", "--fork", "sh", "-c", _IN_NAMESPACE, "sh"]
        done = subprocess.run(
            [*command, str(self.root), *who, *words],
            env=_VARIABLES | {"HOME": home} | variables,
            capture_output=True, text=True, check=False, timeout=600,
        )  # fmt: skip
        assert done.returncode == 0, (words, done.stdout[-2000:], done.stderr[-2000:])
        return done.stdout

    def apt(self, *words):
        options = ["-y", "-qq", "-o", "Dpkg::Options::=--force-unsafe-io"]
        return self.run("apt-get", *options, *words)

    def files(self):
        """Return all paths inside but those of the kernel."""
        found = set()
        for folder, folders, files in os.walk(self.root):
            if folder == str(self.root):
                folders[:] = sorted(set(folders) - {"proc", "sys", "dev", "tmp"})
            found |= {os.path.relpath(os.path.join(folder, one), self.root) for one in files}  # noqa: PTH118 - many
            found |= {os.path.relpath(os.path.join(folder, one), self.root) for one in folders}  # noqa: PTH118 - many
        return {path for path in found if not path.startswith(THEIRS)}


@pytest.fixture(scope="module")
def fetched(open_folder):
    """A Debian that is being fetched, while the program is built."""
    root, said = open_folder / "debian", open_folder / "debootstrap"
    with said.open("wb") as log:
        process = subprocess.Popen(
            ["debootstrap", "--variant=minbase", RELEASE, str(root)],  # noqa: S607
            env=os.environ | {"TMPDIR": str(open_folder)}, stdout=log, stderr=log,
        )  # fmt: skip
    yield process, root, said
    process.terminate()
    process.wait()


@pytest.fixture(scope="module")
def debian(fetched, package):
    process, root, said = fetched
    if process.wait() != 0:
        lines = said.read_text(errors="replace").strip().splitlines()
        pytest.skip(f"debootstrap cannot fetch Debian here: {lines[-1] if lines else 'no word'}")
    return Debian(root)


def test_it_installs_runs_and_goes_without_a_trace(debian, package):
    debian.run("useradd", "--create-home", PERSON)
    before = debian.files()
    shutil.copy(package, debian.root / "tmp" / package.name)

    debian.apt("install", "--no-install-recommends", f"/tmp/{package.name}")  # noqa: S108 - inside
    assert debian.run("hive", "--version", person=PERSON) == f"hive {__version__}\n"
    assert debian.run("hive-desktop", "--version", person=PERSON).endswith(f"{__version__}\n")
    told = json.loads(
        debian.run(
            "hive", "demo", "--headless", "--json", "--out", f"/home/{PERSON}/demo", person=PERSON
        )
    )
    assert told["transactions"] > 1000
    pictures = debian.root / "home" / PERSON / "demo"
    assert (pictures / "overview-light.png").stat().st_size > 10_000
    assert debian.run("dpkg", "--verify", "hive-desktop") == "", "it changed its own files"

    debian.apt("purge", "hive-desktop")
    assert not [path for path in debian.files() - before if "hive" in path]
    # Not even what apt itself recommends, and had not.
    debian.apt("autoremove", "--purge", "-o", "APT::AutoRemove::RecommendsImportant=false")
    assert debian.files() - before == set()
    assert before - debian.files() == set()
    assert (pictures / "vault").is_dir(), "the person's own data went with the package"


def test_the_package_says_what_it_needs(package):
    said = subprocess.run(
        ["dpkg-deb", "--field", str(package)],  # noqa: S607
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    fields = dict(line.split(": ", 1) for line in said.splitlines() if not line.startswith(" "))
    assert (fields["Package"], fields["Version"]) == ("hive-desktop", __version__)
    needed = {part.split()[0] for part in fields["Depends"].split(", ")}
    assert needed >= {"libc6", "libegl1", "libxkbcommon0", "libxcb-cursor0", "libfontconfig1"}
    assert "ca-certificates" in needed
    # What is inside is not asked for as well.
    assert not needed & {"libssl3", "libsqlite3-0", "libffi8", "libpython3.11"}


def test_every_library_is_inside_or_of_a_package_that_is_asked_for(package, built):
    program = built / "hive-desktop"
    inside = {file.name for file in program.rglob("*.so*")}
    wanted = set()
    for file in deb._elf_files(program):
        told = checked("patchelf", "--print-needed", str(file))
        wanted |= {name for name in told.split() if name not in inside}
    said = checked("dpkg-deb", "--field", str(package), "Depends")
    asked = {re.split(r"[ :]", part)[0] for part in re.split(r", | \\| ", said.strip())}
    found = checked("dpkg-query", "--search", *(f"*/{name}" for name in wanted)).splitlines()
    owners = {}
    for line in found:
        names, _, path = line.partition(": ")
        owners.setdefault(Path(path).name, set()).update(re.split(r":\w+(?:, )?|, ", names))
    assert not {name for name in wanted if not owners.get(name, set()) & asked}


def test_debians_own_reader_of_packages_finds_nothing(package):
    # What people get is pressed.
    pressing = "uses-no-compression-for-control-tarball,uses-no-compression-for-data-tarball"
    checked("lintian", "--fail-on", "error,warning,info", "--suppress-tags", pressing, str(package))


def test_the_copyright_names_all_that_is_inside(package, built, tmp_path):
    checked("dpkg-deb", "--extract", str(package), str(tmp_path))
    text = (tmp_path / "usr/share/doc/hive-desktop/copyright").read_text("utf-8")
    bill = json.loads((built / "hive-desktop/_internal/bill-of-materials.cdx.json").read_text())
    for one in bill["components"]:
        assert f"\n   {one['name']} {one.get('version', '')}" in text, one["name"]
    for words in ("GNU LESSER GENERAL PUBLIC LICENSE", "GNU GENERAL PUBLIC LICENSE", "ZETETIC"):
        assert words in text


def test_what_is_installed_is_roots_and_nobody_else_may_change_it(package):
    listed = subprocess.run(
        ["dpkg-deb", "--contents", str(package)],  # noqa: S607
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    for line in listed.splitlines():
        mode, owner = line.split()[:2]
        assert owner == "root/root", line
        assert mode in ("drwxr-xr-x", "-rwxr-xr-x", "-rw-r--r--", "lrwxrwxrwx"), line
