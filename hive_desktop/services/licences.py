"""What the program is made of, and under which licences, as the installed packages say."""

from __future__ import annotations

import re
from importlib import metadata
from typing import NamedTuple

from hive_desktop.i18n import tr

_DISTRIBUTION = "hive-desktop"
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_LONGEST = 60
# What a package brings that is under another licence than the package is.
BROUGHT = {"python-lucide": ("Lucide icons", "ISC, some of them MIT")}


class Part(NamedTuple):
    """A package that the program is built on."""

    name: str
    version: str
    licence: str


def parts() -> list[Part]:
    """Return the packages that the program needs, and what they bring, by name; reads files.

    Empty where the program was built without its packages' descriptions.
    """
    try:
        wanted = metadata.requires(_DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        return []
    names = [_NAME.match(one) for one in wanted if "extra ==" not in one]
    found = [describe(name[0]) for name in names if name]
    told = [one for one in found if one]
    for part in tuple(told):
        if part.name in BROUGHT:
            name, licence = BROUGHT[part.name]
            told.append(Part(name, part.version, licence))
    return sorted(told, key=lambda part: part.name.lower())


def describe(name: str) -> Part | None:
    """Return what an installed package says of itself; None where it says nothing."""
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return None
    told = next(
        (one for name in ("License-Expression", "License") for one in about.get_all(name) or []), ""
    )
    if not told or len(told) > _LONGEST or "\n" in told:  # some put the whole text there
        classes = [
            one.rsplit("::", 1)[1].strip()
            for one in about.get_all("Classifier") or []
            if one.startswith("License ::")
        ]
        told = ", ".join(classes) or tr("See the package")
    return Part(about["Name"], about["Version"], told)
