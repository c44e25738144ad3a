"""What packages have inside that others made, and no package's name tells of.

A wheel is linked with libraries in C, C++ or Rust. Those of Rust are in the bills of materials that
wheels bring; the others are told here, with the words of their licences in `texts`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Final

from packageurl import PackageURL

from bundle import project

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

TEXTS: Final = project.PACKAGING / "bundle" / "texts"
_ICU: Final = re.compile(r"libicudata\.so\.(\d+)|icudt(\d+)\.dll")
_ABSEIL: Final = re.compile(rb"absl\d+lts_(\d{8})")
# A wheel's bill of materials that names no licence.
_UNTOLD: Final = {"openssl": "Apache-2.0"}


@dataclass(frozen=True, slots=True, order=True)
class Part:
    """Something that others made and the program has inside.

    Args:
        name: as its makers write it.
        version: theirs; empty where nobody tells.
        licence: an SPDX expression where they give one, else their words.
        purl: where it is from, as a package URL.
        texts: files with its licence's words.
        is_package: whether it is a package of Python's.
    """

    name: str
    version: str
    licence: str
    purl: str
    texts: tuple[Path, ...] = ()
    is_package: bool = False


def generic(name: str, version: str, licence: str, *texts: str | Path) -> Part:
    """Return a part that is in no index of packages; texts are names in `TEXTS`, or files."""
    purl = PackageURL("generic", name=name, version=version or None)
    return Part(name, version, licence, str(purl), tuple(TEXTS / one for one in texts))


def brought(packages: Collection[str], files: Collection[str]) -> list[Part]:
    """Return what packages have inside.

    Args:
        packages: names of those that the program has.
        files: names of all files of the program.
    """
    found: list[Part] = []
    for package, tell in _TELLERS.items():
        if package in packages:
            found += tell(files)
    for package in packages:
        found += _of_rust(package)
    return found


def _qt(files: Collection[str]) -> Iterator[Part]:
    from PySide6.QtCore import qVersion  # noqa: PLC0415 - not where Qt is not

    yield generic("Qt", qVersion(), "LGPL-3.0-only", "LGPL-3.0.txt", "GPL-3.0.txt", "Qt.txt")
    versions = {a or b for name in files for a, b in _ICU.findall(name)}
    for version in versions:
        yield generic("ICU", version, "Unicode-DFS-2016", "Unicode.txt")


def _sqlcipher(_files: Collection[str]) -> Iterator[Part]:
    from sqlcipher3 import dbapi2  # type: ignore[import-untyped]  # noqa: PLC0415 - as above

    with dbapi2.connect(":memory:") as asked:
        asked.execute("PRAGMA key = 'any'")

        def told(question: str) -> str:
            return str(asked.execute(question).fetchone()[0])

        yield generic(
            "SQLCipher",
            told("PRAGMA cipher_version").split()[0],
            "BSD-3-Clause",
            "SQLCipher.txt",
        )
        yield generic("SQLite", told("SELECT sqlite_version()"), "blessing")
        provider = told("PRAGMA cipher_provider_version").split()
        if provider[0] == "OpenSSL":
            yield generic("openssl", provider[1], "Apache-2.0", "Apache-2.0.txt")


def _re2(_files: Collection[str]) -> Iterator[Part]:
    version = metadata.version("google-re2")
    yield generic("RE2", version, "BSD-3-Clause")
    libraries = [one for one in metadata.files("google-re2") or () if ".so" in one.name]
    named = {one for file in libraries for one in _ABSEIL.findall(Path(file.locate()).read_bytes())}
    yield generic("Abseil", b"".join(sorted(named)[:1]).decode(), "Apache-2.0", "Apache-2.0.txt")


def _numpy(files: Collection[str]) -> Iterator[Part]:
    # Their words are in numpy's own file.
    version = metadata.version("numpy")
    if any("openblas" in name for name in files):
        yield generic("OpenBLAS with LAPACK", version, "BSD-3-Clause")
    if any("gfortran" in name for name in files):
        licence = "GPL-3.0-or-later WITH GCC-exception-3.1"
        yield generic("libgfortran and libquadmath", version, licence, "GPL-3.0.txt")


def _certifi(_files: Collection[str]) -> Iterator[Part]:
    version = metadata.version("certifi")
    yield generic("Mozilla's certificates", version, "MPL-2.0", "MPL-2.0.txt")


_TELLERS: Final[dict[str, Callable[[Collection[str]], Iterator[Part]]]] = {
    "PySide6_Essentials": _qt,
    "certifi": _certifi,
    "google-re2": _re2,
    "numpy": _numpy,
    "sqlcipher3": _sqlcipher,
}


@cache
def _of_rust(package: str) -> tuple[Part, ...]:
    """Return what a wheel's own bills of materials name, but for what only its build needed."""
    found = []
    for file in metadata.files(package) or ():
        if file.parent.name != "sboms" or file.suffix != ".json":
            continue
        told = json.loads(file.read_text("utf-8"))
        for one in told.get("components", ()):
            if one.get("scope") == "excluded":
                continue
            name, version = one["name"], one.get("version", "")
            licence = _licence(one) or _UNTOLD.get(name, "See its makers")
            purl = str(one.get("purl") or PackageURL("generic", name=name, version=version))
            words = (TEXTS / "Apache-2.0.txt",) if "Apache-2.0" in licence else ()
            found.append(Part(name, version, licence, purl.partition("?")[0], words))
    return tuple(found)


def _licence(component: dict[str, list[dict[str, str | dict[str, str]]]]) -> str:
    told = component.get("licenses") or [{}]
    expression = told[0].get("expression")
    named = told[0].get("license")
    if isinstance(named, dict):
        return named.get("id") or named.get("name", "")
    return expression if isinstance(expression, str) else ""
