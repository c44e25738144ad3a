"""Whose work the program has inside: the bill of materials (CycloneDX) and the licences' texts."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import textwrap
import uuid
from datetime import UTC, datetime
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Final

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from bundle import contents, inside, project
from bundle.inside import Part
from hive_desktop.services import licences

if TYPE_CHECKING:
    from collections.abc import Collection

_TEXTS: Final = re.compile(r"licen[cs]e|copying|notice|copyright", re.IGNORECASE)
_SPACE: Final = uuid.UUID("5a0f4f3e-6d0c-5c39-8f2a-0a6c1d1f7b52")
_LINE: Final = "-" * 78
# What the LGPL asks for besides its words.
_REPLACEABLE: Final = (
    "Qt, PySide6 and Shiboken are used under the GNU Lesser General Public License, version 3.",
    "Each of their libraries is a file of its own, beside this one or below PySide6 and shiboken6,",
    "and may be replaced by a changed one. Their sources: https://download.qt.io/official_releases/",
)
# Its exception lets programs of any licence be put together with it.
_LOADER: Final = "GPL-2.0-or-later WITH Bootloader-exception"


def parts(tables: Collection[contents.Entry]) -> list[Part]:
    """Return whose work the files of the program are, by name.

    Raises:
        SystemExit: a file is of a package that the program does not need by its own word.
    """
    owners = _owners()
    site = Path(sysconfig.get_path("purelib"))
    base = Path(sys.base_prefix).resolve()
    packages: set[str] = set()
    libraries: set[Path] = set()
    for name, source, _ in tables:
        path = Path(source)
        if source in owners:
            packages.add(owners[source])
        elif path.is_relative_to(site):
            if "PyInstaller" not in path.parts and "_pyinstaller_hooks_contrib" not in path.parts:
                raise SystemExit(f"The program has a file that nothing asked for: {name}")
        elif source.startswith(("/lib", "/usr/lib")) and not path.resolve().is_relative_to(base):
            libraries.add(path)
    found = [_package(name) for name in sorted(packages)]
    found += [_library(path) for path in libraries]
    found += _brought(packages)
    found += inside.brought(packages, {name for name, *_ in tables})
    return sorted(set(found), key=lambda part: (part.name.lower(), part))


@cache
def _owners() -> dict[str, str]:
    """Return the package of each installed file, of those that the program needs."""
    owners: dict[str, str] = {}
    for found in contents.needed().values():
        folder, name = str(found.locate_file("")), found.metadata["Name"]
        owners |= {os.path.join(folder, str(file)): name for file in found.files or ()}  # noqa: PTH118 - twenty thousand of them
    return owners


def _package(name: str) -> Part:
    found = metadata.distribution(name)
    told = licences.describe(name)
    texts = tuple(
        sorted(
            Path(str(file.locate()))
            for file in found.files or ()
            if ".dist-info" in str(file) and _TEXTS.search(file.name)
        )
    )
    licence = told.licence if told else ""
    purl = PackageURL("pypi", name=name.lower(), version=found.version)
    return Part(name, found.version, licence, str(purl), texts, is_package=True)


def _library(path: Path) -> Part:
    """Return whose a library of this system is."""
    asked = shutil.which("dpkg-query")
    for one in (path, path.resolve(), Path(str(path.resolve()).removeprefix("/usr"))):
        if asked is None:
            break
        said = _lines(asked, "--search", str(one))
        if said:
            package = said[0].partition(": ")[0].partition(",")[0]
            version = _lines(asked, "--showformat=${source:Version}", "--show", package)[0]
            name = package.partition(":")[0]
            text = Path("/usr/share/doc") / name / "copyright"
            purl = PackageURL("deb", "debian", name, version)
            texts = (text,) if text.exists() else ()
            return Part(name, version, "See its copyright file", str(purl), texts)
    return Part(path.name, "", "See its makers", str(PackageURL("generic", name=path.name)))


def _lines(*command: str) -> list[str]:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout.splitlines()


def _brought(packages: set[str]) -> list[Part]:
    """Return Python, the loader, and what the program itself says that packages bring."""
    python = Path(sysconfig.get_path("stdlib")) / "LICENSE.txt"
    version = sys.version.split(maxsplit=1)[0]
    loader = _package("pyinstaller")
    found = [
        inside.generic("Python", version, "PSF-2.0", *([python] if python.exists() else [])),
        inside.generic("PyInstaller bootloader", loader.version, _LOADER, *loader.texts),
    ]
    for package, (name, licence) in licences.BROUGHT.items():
        if package in packages:
            found.append(inside.generic(name, metadata.version(package), licence))
    return found


def document(found: list[Part], moment: int) -> str:
    """Return the bill of materials, CycloneDX 1.6 in JSON: the same parts make the same text.

    Args:
        found: whose work is inside.
        moment: the build's date, in seconds since 1970.
    """
    make = LicenseFactory()
    bill = Bom(
        serial_number=uuid.uuid5(_SPACE, repr([(one.purl, one.licence) for one in found])),
        components=[
            Component(
                name=one.name,
                version=one.version,
                type=ComponentType.LIBRARY,
                bom_ref=one.purl,
                purl=PackageURL.from_string(one.purl),
                licenses=[make.make_from_string(one.licence)] if one.licence else (),
            )
            for one in found
        ],
    )
    bill.metadata.timestamp = datetime.fromtimestamp(moment, UTC)
    bill.metadata.component = Component(
        name=project.NAME,
        version=project.version(),
        type=ComponentType.APPLICATION,
        bom_ref=project.NAME,
        licenses=[make.make_from_string("MIT")],
    )
    bill.register_dependency(bill.metadata.component, bill.components)
    return JsonV1Dot6(bill).output_as_string(indent=2) + "\n"


def notices(found: list[Part]) -> str:
    """Return the licences of all that others made, with their words where they come with it."""
    lines = [f"{project.TITLE} {project.version()} has inside what others made:", ""]
    lines += [f"  {one.name} {one.version}: {one.licence}" for one in found]
    lines += ["", *_REPLACEABLE]
    owners: dict[str, list[Part]] = {}
    names: dict[str, str] = {}
    for one in found:
        for file in one.texts:
            text = file.read_text("utf-8", errors="replace").rstrip()
            owners.setdefault(text, []).append(one)
            names.setdefault(text, file.name)
    for text, of in owners.items():
        whose = ", ".join(f"{one.name} {one.version}".strip() for one in of)
        head = textwrap.wrap(f"{whose}: {names[text]}", len(_LINE), break_long_words=False)
        lines += ["", _LINE, *head, _LINE, "", text]
    return "\n".join(lines) + "\n"
