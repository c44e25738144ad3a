"""What is installed beside the program on Linux can be read there: checked without a build."""

import gzip
import inspect
import re
import shutil
import struct
import xml.etree.ElementTree as ET

import build
import pytest
from bundle import deb, manual, pictures, project

from hive_desktop import __version__
from hive_desktop.cli.parsers import build_parser
from tests.packaging.conftest import checked


def test_the_version_is_written_in_one_place():
    assert project.version() == __version__
    for file in project.PACKAGING.rglob("*"):
        is_text = file.suffix in (".py", ".spec", ".iss", ".plist", ".xml", ".yaml", ".desktop")
        if is_text and "relay" not in file.parts:
            assert f'"{__version__}"' not in file.read_text("utf-8"), file


@pytest.mark.parametrize(
    ("changelog", "given", "wanted"),
    [
        ("# Changelog\n\n## {v} - 2027-02-03\n", None, 1801612800),
        ("# Changelog\n\n## {v} - 2027-02-03\n", "86400", 86400),
        ("# Changelog\n\n## {v} - unreleased\n", None, project._UNDATED),
        ("# Changelog\n\n## 99.0 - 2027-02-03\n\n## {v} - 2026-02-03\n", None, 1770076800),
    ],
)
def test_a_build_is_dated_by_its_release(tmp_path, monkeypatch, changelog, given, wanted):
    (tmp_path / "CHANGELOG.md").write_text(changelog.format(v=__version__))
    version = project.version()
    monkeypatch.setattr(project, "version", lambda: version)
    monkeypatch.setattr(project, "ROOT", tmp_path)
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    if given:
        monkeypatch.setenv("SOURCE_DATE_EPOCH", given)
    assert project.epoch() == wanted


def test_the_desktop_file_is_one(tree):
    file = tree / f"usr/share/applications/{project.NAME}.desktop"
    checked("desktop-file-validate", str(file))


def test_the_actions_of_the_desktop_file_are_there(tree):
    text = (tree / f"usr/share/applications/{project.NAME}.desktop").read_text("utf-8")
    (named,) = re.findall(r"^Actions=(.*);$", text, re.MULTILINE)
    for action in named.split(";"):
        assert f"[Desktop Action {action}]" in text
    for line in re.findall(r"^Exec=(.*)$", text, re.MULTILINE):
        program, *options = line.split()
        assert program == project.NAME
        manual.build_window_parser().parse_args([one for one in options if one != "%U"])


STATEMENTS = {
    "application/x-ofx": ["a.ofx"],
    "application/vnd.intu.qfx": ["a.qfx"],
    "application/x-qif": ["a.qif"],
    "application/x-camt+xml": ["a.camt", "a.c53"],
    "application/x-mt940": ["a.sta", "a.mt940", "a.940"],
    "text/csv": ["a.csv"],
    "application/xml": ["a.xml"],
}


def entries_of(tree):
    """Return what each menu entry opens, by the entry's name."""
    found = {}
    for file in (tree / "usr/share/applications").glob("*.desktop"):
        text = file.read_text("utf-8")
        checked("desktop-file-validate", str(file))
        assert "%U" in re.search(r"^Exec=(.*)$", text, re.MULTILINE)[1]
        kinds = re.search(r"^MimeType=(.*);$", text, re.MULTILINE)[1]
        found[file.stem] = set(kinds.split(";"))
    return found


def test_statements_are_known_by_their_names_and_offered(tree, tmp_path):
    (tmp_path / "data" / "mime").mkdir(parents=True)
    shutil.copytree("/usr/share/mime/packages", tmp_path / "data" / "mime" / "packages")
    own = tree / f"usr/share/mime/packages/{project.NAME}.xml"
    shutil.copy(own, tmp_path / "data" / "mime" / "packages")
    checked("update-mime-database", "-n", str(tmp_path / "data" / "mime"))
    environment = {
        "XDG_DATA_DIRS": str(tmp_path / "data"), "XDG_DATA_HOME": str(tmp_path / "none"),
        "PATH": "/usr/bin:/bin",
    }  # fmt: skip
    for kind, names in STATEMENTS.items():
        for name in names:
            file = tmp_path / name
            file.write_text("content")
            told = checked(
                "gio", "info", "-a", "standard::content-type", str(file), env=environment
            )
            assert told.rstrip().endswith(f"standard::content-type: {kind}"), name
    offered = set().union(*entries_of(tree).values())
    assert offered == set(STATEMENTS)


def test_hive_does_not_become_what_opens_tables(tree):
    entries = entries_of(tree)
    assert not entries[project.NAME] & {"text/csv", "application/xml"}
    (behind,) = set(entries) - {project.NAME}
    # Where nobody has chosen, the first by name opens a file.
    assert behind > max("libreoffice-calc", "org.libreoffice.LibreOffice.calc", "wps-office-et")
    text = (tree / f"usr/share/applications/{behind}.desktop").read_text("utf-8")
    assert "\nNoDisplay=true\n" in text


def test_every_variable_of_the_commands_is_in_the_manual():
    named = set()
    for file in (project.ROOT / "hive_desktop" / "cli").rglob("*.py"):
        named |= set(re.findall(r'"(HIVE_[A-Z]+(?:_[A-Z]+)*)"', file.read_text("utf-8")))
    page = manual.hive_page()
    assert named > {"HIVE_PASSPHRASE"}
    assert not {name for name in named if f".B {name}\n" not in page}


def test_the_manual_says_what_a_command_takes():
    page = manual.hive_page()
    usage = page.partition(".SS hive chat\n")[2].partition(".PP")[0]
    assert "QUESTION" in usage
    assert "usage:" not in page


def test_the_store_s_page_is_one(tree):
    file = tree / f"usr/share/metainfo/{project.APP_ID}.metainfo.xml"
    root = ET.parse(file).getroot()  # noqa: S314 - our own
    assert root.findtext("id") == project.APP_ID
    assert root.find("releases/release").get("version") == __version__
    assert root.findtext("launchable") == f"{project.NAME}.desktop"
    checked("appstreamcli", "validate", "--no-net", str(file))


def test_icons_are_pictures_of_their_sizes(tree, tmp_path):
    theme = tree / "usr/share/icons/hicolor"
    for size in pictures.SIZES:
        data = (theme / f"{size}x{size}/apps/{project.NAME}.png").read_bytes()
        assert struct.unpack(">II", data[16:24]) == (size, size)
    assert (theme / f"scalable/apps/{project.NAME}.svg").read_bytes() == (
        pictures.DRAWING.read_bytes()
    )


def test_the_manual_has_every_command_and_troff_reads_it(tree):
    page = tree / "usr/share/man/man1/hive.1.gz"
    text = gzip.decompress(page.read_bytes()).decode()
    for one in manual.commands(build_parser(), ("hive",)):
        if one.words[1:] and not one.children:
            assert f".SS {' '.join(one.words)}".replace("-", r"\-") in text
    for name in ("hive", "hive-desktop"):
        file = tree / f"usr/share/man/man1/{name}.1.gz"
        assert not re.search(r"None|%\(|\{name\}", gzip.decompress(file.read_bytes()).decode())
        told = checked(
            "man", "--warnings", "-l", str(file), env={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"}
        )
        assert "warning" not in told
        assert __version__ in told


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        (["hive", "vau"], {"vault"}),
        (["hive", "vault", ""], {"create", "info", "recover", "keychain", "--help"}),
        (["hive", "--version", "relay", "log"], {"login", "logout"}),
        (["hive", "sync", "--hist"], {"--history"}),
    ],
)
def test_the_shell_completes_commands_and_options(tree, words, wanted):
    script = tree / "usr/share/bash-completion/completions/hive"
    line = " ".join(f"'{word}'" for word in words)
    told = checked(
        "bash", "-c",
        f'source "{script}"; COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; _hive; '
        'printf "%s\\n" "${COMPREPLY[@]}"',
    )  # fmt: skip
    assert wanted <= set(told.split())


def test_the_copyright_has_the_licences(tree):
    text = (tree / f"usr/share/doc/{project.NAME}/copyright").read_text("utf-8")
    assert "@" not in text
    assert " Permission is hereby granted, free of charge" in text
    for licence in re.findall(r"^License: \S+\n((?: .*\n)+)", text, re.MULTILINE):
        assert not re.search(r"^\s*$", licence.rstrip(), re.MULTILINE)
    assert text.endswith("License: of-others\n Something 1.0: MIT\n .\n Its words.\n")


def test_the_debian_changelog_has_what_is_new(tree):
    text = gzip.decompress((tree / f"usr/share/doc/{project.NAME}/changelog.gz").read_bytes())
    if shutil.which("dpkg-parsechangelog"):
        told = checked("dpkg-parsechangelog", "-l", "-", input=text.decode())
        assert f"Version: {__version__}" in told
    assert text.count(b"  * ") == len(project.changes()) > 10
    lines = text.decode().splitlines()
    assert all(len(line) <= 80 for line in lines if not line.startswith(" -- "))
    # What goes on in a second line of the changelog goes on here.
    told = " ".join(" ".join(lines).split())
    assert all(change in told for change in project.changes())
    assert all(change.endswith(".") for change in project.changes())


def test_the_package_that_people_get_is_pressed(tmp_path, monkeypatch):
    made = []
    pressed = inspect.signature(deb.make).parameters["compression"].default
    monkeypatch.setattr(deb, "can_be_made", lambda: True)
    monkeypatch.setattr(
        deb, "make", lambda *places, **more: made.append((places, more, places[2].touch()))
    )
    target = tmp_path / deb.file_name()
    assert build.packed(tmp_path / "program", tmp_path) == target
    assert build.packed(tmp_path / "program", tmp_path) == target
    assert made == [((tmp_path / "program", tmp_path / "work" / "deb", target), {}, None)]
    assert pressed == "xz"
