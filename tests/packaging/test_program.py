"""The program without Python beside it: the same first hour, elsewhere and as somebody else."""

import ast
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from bundle import contents, project
from PyInstaller.archive.readers import CArchiveReader

from hive_desktop import __version__
from hive_desktop.sandbox.server import SandboxServer
from tests.bench.frozen import MOST_MB
from tests.e2e import x_screen
from tests.e2e.teller import small_bank
from tests.e2e.x_life import Life
from tests.e2e.x_screen import Program, until

pytestmark = [pytest.mark.full, pytest.mark.timeout(900)]
# What only the relay and the developers stand on, whatever the program needs one day.
_OTHERS = {
    "hypothesis", "mypy", "prometheus_client", "psycopg", "pytest", "redis", "schemathesis",
    "setuptools", "tests", "uvloop",
}  # fmt: skip
# Modules of other systems' Python.
_ELSEWHERE = {"msvcrt", "winreg"}
# A slow machine has others beside it.
DEMO_S = 300
KEYCHAIN = ("dbus-run-session", "gnome-keyring-daemon")


def environment_of(home):
    """What a person has who was never here: a home, and no word of Python or of a screen."""
    return {"HOME": str(home), "TMPDIR": str(home), "PATH": os.defpath, "LANG": "C.UTF-8"}


def modules(program):
    archive = CArchiveReader(str(program / "hive-desktop"))
    (name,) = [name for name in archive.toc if name.endswith(".pyz")]
    return set(archive.open_embedded_archive(name).toc)


def run(program, name, *words, person, **more):
    user, home = person
    return subprocess.run(
        [str(program / name), *words],
        cwd=home, env=environment_of(home), capture_output=True, text=True, check=False,
        **Program(user=user).identity, **more,
    )  # fmt: skip


def test_a_first_hour(program, person):
    user, home = person
    with (
        x_screen.shown() as display,
        SandboxServer(bank := small_bank()) as server,
    ):
        bank.url = server.url
        frozen = Program((str(program / "hive-desktop"),), (str(program / "hive"),), user)
        screens = []
        life = Life(display, home, bank, screens, frozen)
        try:
            life.first_hour()
        finally:
            for screen in screens:
                screen.stop()
    if user is not None:
        assert life.vault.stat().st_uid == user
    # A browser must not load our libraries, nor look for Qt's parts among ours.
    saw = life.browser_saw() - set(os.environ)
    assert not {"LD_LIBRARY_PATH", "QT_PLUGIN_PATH", "QML2_IMPORT_PATH", "SSL_CERT_FILE"} & saw
    assert not [name for name in saw if name.startswith("_PYI")]


def test_the_demo_without_a_window(program, person):
    out = person[1] / "demo"
    said = run(
        program, "hive", "demo", "--headless", "--json", "--out", str(out),
        person=person, timeout=DEMO_S,
    )  # fmt: skip
    assert said.returncode == 0, said.stderr
    told = json.loads(said.stdout)
    assert told["transactions"] > 1000
    assert {file.name for file in out.glob("*.png")} >= {"overview-light.png", "chat-dark.png"}


def test_it_changed_nothing_where_it_lies(program, built, person):
    run(program, "hive", "--help", person=person, timeout=DEMO_S)
    names = {file.relative_to(program) for file in program.rglob("*")}
    before = {
        file.relative_to(built / "hive-desktop") for file in (built / "hive-desktop").rglob("*")
    }
    assert names == before


@pytest.mark.parametrize("name", ["hive", "hive-desktop"])
def test_each_program_says_its_name_and_version(program, person, name):
    said = run(program, name, "--version", person=person, timeout=DEMO_S)
    assert (said.returncode, said.stdout, said.stderr) == (0, f"{name} {__version__}\n", "")


def test_through_a_link_it_is_the_same(program, person, open_folder):
    link = open_folder / "bin" / "hive"
    link.parent.mkdir()
    link.symlink_to(program / "hive-desktop")
    said = run(link.parent, "hive", "--version", person=person, timeout=DEMO_S)
    assert said.stdout == f"hive {__version__}\n"


def test_no_relay_no_test_and_no_tool_is_inside(program):
    inside = modules(program)
    assert "hive_desktop.services.sync" in inside
    assert not {name.split(".")[0] for name in inside} & _OTHERS
    assert not [name for name in inside if name.startswith("hive_desktop.relay")]
    files = [file.relative_to(program) for file in program.rglob("*")]
    assert not [file for file in files if {"relay", "tests", "test"} & set(file.parts)]
    assert not [file for file in files if set(file.parts) & _OTHERS]
    assert not [
        file for file in files if (program / file).is_symlink() and not (program / file).exists()
    ]


def sources():
    """Return the files of Hive's own modules that belong into the program, by module."""
    root = project.ROOT
    found = {
        ".".join(file.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): file
        for file in (root / "hive_desktop").rglob("*.py")
    }
    return {
        name: file
        for name, file in found.items()
        if contents.is_own(name) and "migrations" not in name
    }


def imported(file):
    """Return what a module imports from others' packages, at once or later, but for its types."""
    waiting, found = [ast.parse(file.read_text("utf-8"))], set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            waiting += node.orelse
            continue
        waiting += ast.iter_child_nodes(node)
        if isinstance(node, ast.Import):
            found |= {one.name for one in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            below = [f"{node.module}.{one.name}" for one in node.names]
            found |= {node.module, *filter(is_module, below)}
    return {name for name in found if name.partition(".")[0] not in _ELSEWHERE}


@cache
def is_module(name):
    """Tell whether a name is a module's, and not of something inside one."""
    try:
        return importlib.util.find_spec(name) is not None
    except (ImportError, AttributeError, ValueError):
        return False


def test_every_module_of_the_program_is_inside(program):
    assert not set(sources()) - modules(program)


def test_all_that_hive_ever_imports_can_be_imported(program, person):
    names = set(sources()) - {"hive_desktop.__main__"}
    for file in sources().values():
        names |= imported(file)
    assert {"keyring.backend", "PySide6.QtPrintSupport", "plaid.api.plaid_api"} <= names
    said = run(
        program, "hive-desktop", "--import-modules", input=json.dumps(sorted(names)),
        person=person, timeout=DEMO_S,
    )  # fmt: skip
    assert (said.returncode, said.stderr) == (0, "")
    assert json.loads(said.stdout) == {}


def test_what_runs_goes_on_importing_after_an_upgrade(program, person, open_folder):
    user, home = person
    place = open_folder / "upgraded"
    shutil.copytree(program, place, symlinks=True)
    running = subprocess.Popen(
        [str(place / "hive-desktop"), "--import-modules"],
        cwd=home, env=environment_of(home), text=True, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, **Program(user=user).identity,
    )  # fmt: skip
    try:
        # What reads names is loaded: all else comes from the file, after it was exchanged.
        maps = Path(f"/proc/{running.pid}/maps")
        until(lambda: "/_json." in maps.read_text(), "the running program")
        newer = place / "newer"
        newer.write_bytes((place / "hive-desktop").read_bytes()[::-1])
        newer.replace(place / "hive-desktop")
        said, wrong = running.communicate(json.dumps(["hive_desktop.ui.desktop"]), timeout=DEMO_S)
    finally:
        running.kill()
        running.wait()
    assert (running.returncode, wrong, json.loads(said)) == (0, "", {})


@pytest.mark.skipif(
    any(shutil.which(one) is None for one in KEYCHAIN),
    reason="needs dbus-run-session and gnome-keyring-daemon (apt: dbus gnome-keyring)",
)
def test_the_keychain_is_found(program, tmp_path):
    (tmp_path / "run").mkdir(mode=0o700)
    unlock = 'printf "\\n" | gnome-keyring-daemon --unlock --components=secrets >/dev/null'
    said = subprocess.run(
        [
            shutil.which(KEYCHAIN[0]), "--", "sh", "-c", f'{unlock}; exec "$0" "$@"',
            str(program / "hive"), "doctor", "--json",
        ],
        cwd=tmp_path,
        env=environment_of(tmp_path) | {"XDG_RUNTIME_DIR": str(tmp_path / "run")},
        capture_output=True, text=True, check=False, timeout=DEMO_S,
    )  # fmt: skip
    told = {one["check"]: one for one in json.loads(said.stdout)["checks"]}
    assert told["keychain"]["text"] == "This computer has a keychain.", said.stderr


def test_no_folder_of_the_builder_is_named_inside(program):
    homes = {str(project.ROOT), sys.prefix}
    homes |= {sys.base_prefix} if not sys.base_prefix.startswith("/usr") else set()
    wanted = re.compile(b"|".join(re.escape(os.fsencode(one)) for one in sorted(homes)))
    found = [
        file.relative_to(program)
        for file in program.rglob("*")
        if file.is_file() and not file.is_symlink() and wanted.search(file.read_bytes())
    ]
    assert found == []
    archive = CArchiveReader(str(program / "hive-desktop"))
    (name,) = [name for name in archive.toc if name.endswith(".pyz")]
    inside = archive.open_embedded_archive(name)
    assert [one for one in inside.toc if wanted.search(inside.extract(one, raw=True) or b"")] == []


def test_no_path_of_the_builder_is_in_a_library(program):
    for file in program.rglob("*.so*"):
        if file.is_file() and not file.is_symlink():
            path = subprocess.run(
                ["patchelf", "--print-rpath", str(file)],  # noqa: S607
                capture_output=True, text=True, check=True,
            ).stdout  # fmt: skip
            assert not path.startswith("/"), (file, path)


def test_it_is_as_small_as_it_was_promised(built):
    program = built / "hive-desktop"
    taken = sum(file.lstat().st_blocks * 512 for file in program.rglob("*"))
    assert taken <= MOST_MB * 1_000_000


def test_the_bill_names_what_is_inside(program):
    bill = json.loads((program / "_internal" / "bill-of-materials.cdx.json").read_text())
    assert bill["metadata"]["component"]["version"] == __version__
    named = {one["name"] for one in bill["components"]}
    assert named >= {"Python", "Qt", "SQLCipher", "PySide6_Essentials", "plaid-python", "numpy"}
    assert named >= {"ICU", "openssl", "Abseil", "pyo3", "OpenBLAS with LAPACK"}
    assert not named & {"pytest", "babel", "uvloop"}
    described = {file.name.split("-")[0] for file in (program / "_internal").glob("*.dist-info")}
    packages = {one["name"] for one in bill["components"] if one["purl"].startswith("pkg:pypi/")}
    assert described == {name.replace("-", "_") for name in packages} | {"hive_desktop"}


def test_the_licences_have_their_words(program):
    text = (program / "_internal" / "licences.txt").read_text()
    for words in ("PYTHON SOFTWARE FOUNDATION LICENSE", "Permission is hereby granted", "LGPL-3"):
        assert words in text
