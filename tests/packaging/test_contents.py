"""What goes into the program, whose work that is, and what its entry does before all else."""

import json
import os
import re
from pathlib import Path

import pytest
from bundle import bill, contents, entry, freeze, inside, project
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from hive_desktop.services import licences


def test_only_what_the_program_needs_is_followed():
    outside = set(contents.unneeded_packages())
    assert {"pytest", "psycopg", "mypy", "uvloop", "hypothesis", "prometheus_client"} <= outside
    assert not outside & {"plaid", "openai", "PySide6", "starlette", "uvicorn", "httpcore2", "re2"}


def test_no_model_of_plaid_is_left_out_that_hive_fills():
    unused = set(contents.unused_models())
    assert len(unused) > 1000
    for name in ("transactions_sync_request", "link_token_create_request", "products"):
        assert f"plaid.model.{name}" not in unused
    # What a request is made of is imported when it is filled.
    assert "plaid.model.link_token_eu_config" not in unused


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("PySide6/Qt/plugins/platforms/libqxcb.so", True),
        ("PySide6/Qt/plugins/platforms/libqvnc.so", False),
        ("PySide6/Qt/plugins/sqldrivers/libqsqlite.so", False),
        ("PySide6/plugins/platforms/qwindows.dll", True),
        ("PySide6/Qt/translations/qtbase_de.qm", True),
        ("PySide6/Qt/translations/qtbase_ja.qm", False),
        ("PySide6/Qt/qml/QtQuick/qmldir", False),
        ("numpy/_core/tests/data/recarray.fits", False),
        ("resources/locale/de/LC_MESSAGES/hive.mo", True),
        ("resources/locale/de/LC_MESSAGES/hive.po", False),
        ("resources\\lexicon\\model.bin", True),
    ],
)
def test_files_that_the_program_loads_are_kept(name, wanted):
    assert contents.is_wanted((name, "/x", "DATA")) is wanted


def test_a_library_stays_where_python_needs_it(monkeypatch):
    monkeypatch.setattr("sys.platform", "linux")
    table = [
        ("_ssl.so", "/python/_ssl.so", "EXTENSION"),
        ("PySide6/QtGui.abi3.so", "/site/PySide6/QtGui.abi3.so", "EXTENSION"),
        ("PySide6/Qt/lib/libQt6Gui.so.6", "/site/PySide6/Qt/lib/libQt6Gui.so.6", "BINARY"),
        ("PySide6/Qt/lib/libQt6Quick.so.6", "/site/PySide6/Qt/lib/libQt6Quick.so.6", "BINARY"),
        ("libssl.so.3", "/usr/lib/libssl.so.3", "BINARY"),
        ("libz.so.1", "/usr/lib/libz.so.1", "BINARY"),
        ("libxkbcommon.so.0", "/usr/lib/libxkbcommon.so.0", "BINARY"),
        ("libstdc++.so.6", "/usr/lib/libstdc++.so.6", "BINARY"),
    ]
    needs = {
        "/python/_ssl.so": ["/usr/lib/libssl.so.3", "/usr/lib/libstdc++.so.6"],
        "/usr/lib/libssl.so.3": ["/usr/lib/libz.so.1"],
        "/site/PySide6/QtGui.abi3.so": ["/site/PySide6/Qt/lib/libQt6Gui.so.6"],
        "/site/PySide6/Qt/lib/libQt6Gui.so.6": [
            "/usr/lib/libz.so.1",
            "/usr/lib/libxkbcommon.so.0",
        ],
    }
    kept = contents.linked(table, lambda file: needs.get(file, []))
    assert [entry[0] for entry in kept] == [
        "_ssl.so",
        "PySide6/QtGui.abi3.so",
        "PySide6/Qt/lib/libQt6Gui.so.6",
        "libssl.so.3",
        "libz.so.1",
    ]


def test_the_bill_of_materials_is_valid_and_the_same_each_time():
    found = [
        bill.Part("openssl", "3.0.17", "See its copyright file", "pkg:deb/debian/openssl@3.0.17"),
        bill._package("cryptography"),
        bill._package("PySide6-Essentials"),
    ]
    told = bill.document(found, 86_400)
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(told) is None
    assert told == bill.document(found, 86_400)
    document = json.loads(told)
    assert document["metadata"]["timestamp"].startswith("1970-01-02")
    named = {one["name"]: one for one in document["components"]}
    said = licences.describe("cryptography")
    assert named["cryptography"]["version"] == said.version
    assert named["cryptography"]["licenses"][0]["expression"] == said.licence


def test_what_packages_have_inside_is_told():
    files = {"PySide6/Qt/lib/libicudata.so.73", "numpy.libs/libscipy_openblas64_-1.so"}
    packages = [
        "PySide6_Essentials",
        "numpy",
        "sqlcipher3",
        "google-re2",
        "cryptography",
        "certifi",
    ]
    told = {one.name: one for one in inside.brought(packages, files)}
    assert told["ICU"].version == "73"
    assert told["SQLCipher"].version[0].isdigit()
    assert re.fullmatch(r"\d{8}", told["Abseil"].version)
    assert {"Qt", "RE2", "SQLite", "openssl", "pyo3", "OpenBLAS with LAPACK"} <= set(told)
    assert "libgfortran and libquadmath" not in told
    for one in told.values():
        assert one.licence, one
        for text in one.texts:
            assert text.stat().st_size > 1000, text
    words = {text.name for one in told.values() for text in one.texts}
    assert words >= {"LGPL-3.0.txt", "GPL-3.0.txt", "Qt.txt", "Unicode.txt", "Apache-2.0.txt"}
    # Tools that only the build of a wheel needed are not in it.
    assert "cc" not in told


def test_licences_that_several_share_are_written_once(tmp_path):
    (tmp_path / "one").write_text("the same words")
    (tmp_path / "two").write_text("the same words")
    found = [
        inside.generic("One", "1", "MIT", tmp_path / "one"),
        inside.generic("Two", "", "MIT", tmp_path / "two"),
    ]
    text = bill.notices(found)
    assert text.count("the same words") == 1
    assert "\nOne 1, Two: one\n" in text
    assert "https://download.qt.io" in text


def test_what_python_was_built_with_names_no_folder():
    told = {}
    exec(freeze._build_words(), told)  # noqa: S102 - what was just made
    assert told["build_time_vars"]["SOABI"]
    assert "/" not in repr(told["build_time_vars"])


@pytest.fixture
def stores(tmp_path, monkeypatch):
    """OpenSSL that looks where nothing is, and a system that keeps its certificates elsewhere."""
    here, there = tmp_path / "ssl", tmp_path / "pki"
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(
        "_ssl.get_default_verify_paths",
        lambda: ("SSL_CERT_FILE", str(here / "cert.pem"), "SSL_CERT_DIR", str(here / "certs")),
    )
    monkeypatch.setattr(entry, "_STORES", (str(tmp_path / "none"), str(there / "bundle.crt")))
    monkeypatch.setattr("sys._MEIPASS", str(tmp_path / "own"), raising=False)
    # Set first, so that what the program sets is taken back.
    monkeypatch.setenv("SSL_CERT_FILE", "")
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    for file in (
        here / "certs" / "README",
        there / "bundle.crt",
        tmp_path / "own/certifi/cacert.pem",
    ):
        file.parent.mkdir(parents=True)
        file.touch()
    return tmp_path


def trusted(folder):
    entry._find_certificates()
    named = os.environ["SSL_CERT_FILE"]
    return Path(named).relative_to(folder).as_posix() if named else ""


def test_certificates_are_the_systems_wherever_it_keeps_them(stores):
    assert trusted(stores) == "pki/bundle.crt"


def test_a_system_without_certificates_gets_those_of_the_program(stores):
    (stores / "pki" / "bundle.crt").unlink()
    assert trusted(stores) == "own/certifi/cacert.pem"


@pytest.mark.parametrize("name", ["cert.pem", "certs/0a775a30.0"])
def test_where_openssl_finds_certificates_by_itself_nothing_is_set(stores, name):
    (stores / "ssl" / name).touch()
    assert trusted(stores) == ""


def test_what_the_person_says_of_certificates_stands(stores, monkeypatch):
    monkeypatch.setenv("SSL_CERT_DIR", str(stores / "mine"))
    assert trusted(stores) == ""


def test_a_package_that_nothing_asked_for_stops_the_build():
    table = [("pytest/__init__.py", pytest.__file__, "PYMODULE")]
    with pytest.raises(SystemExit, match="nothing asked for"):
        bill.parts(table)


def test_the_fingerprint_follows_the_source(monkeypatch, tmp_path):
    for name in ("hive_desktop/a.py", "packaging/requirements.txt", "pyproject.toml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("one")
    for name in ("CHANGELOG.md", "LICENSE"):
        (tmp_path / name).write_text("one")
    monkeypatch.setattr(project, "ROOT", tmp_path)
    monkeypatch.setattr(project, "epoch", lambda: 0)
    first = freeze.fingerprint()
    assert freeze.fingerprint() == first
    (tmp_path / "hive_desktop/a.py").write_text("two")
    assert freeze.fingerprint() != first


def test_a_library_that_lies_nowhere_is_found_by_its_name(monkeypatch):
    monkeypatch.setattr("sys.platform", "win32")
    table = [
        ("PySide6\\QtGui.pyd", "C:/site/PySide6/QtGui.pyd", "EXTENSION"),
        ("PySide6\\Qt6Gui.dll", "C:/site/PySide6/Qt6Gui.dll", "BINARY"),
        ("PySide6\\opengl32sw.dll", "C:/site/PySide6/opengl32sw.dll", "BINARY"),
        ("MSVCP140.dll", "C:/site/PySide6/MSVCP140.dll", "BINARY"),
    ]
    kept = contents.linked(table, lambda file: ["qt6gui.DLL"] if file.endswith(".pyd") else [])
    assert [entry[0] for entry in kept] == [
        "PySide6\\QtGui.pyd",
        "PySide6\\Qt6Gui.dll",
        "MSVCP140.dll",
    ]


@pytest.mark.parametrize(
    ("home", "wanted"),
    [
        ("/home/ann/python/3.11.7", "/usr/////////////3.11.7"),
        ("/opt/3.11", "/usr/3.11"),
        ("/py", "/py"),
        ("/usr", "/usr"),
    ],
)
def test_a_builders_folder_gives_way_to_one_of_its_length(home, wanted):
    assert freeze._nobodys(home) == wanted
    assert len(wanted) == len(home)
