"""Finishes the app on macOS: the command beside the window, papers, the signature, the image."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING, Final

from bundle import project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ENTITLEMENTS: Final = project.PACKAGING / "macos" / "entitlements.plist"
IDENTITY: Final = "HIVE_CODESIGN_IDENTITY"
"""Names the variable with a developer's identity, by which others' computers know who made it."""
NOTARY: Final = "HIVE_NOTARY_PROFILE"
"""Names the variable with what `xcrun notarytool store-credentials` keeps the sign-in under."""

# Signs for this computer alone.
_FOR_HERE: Final = "-"
# How a file begins that is code: Mach-O of 64 bits, and several of them in one.
_MACH_O: Final = (b"\xcf\xfa\xed\xfe", b"\xca\xfe\xba\xbe", b"\xca\xfe\xba\xbf")


def app_in(out: Path) -> Path:
    """Return where PyInstaller puts the app."""
    return out / f"{project.TITLE}.app"


def finish(app: Path, papers: dict[str, str]) -> None:
    """Put what is missing into the app, and seal it anew: what changes after a seal breaks it.

    Raises:
        CalledProcessError: the signature was refused.
    """
    for name, text in papers.items():
        (app / "Contents" / "Resources" / name).write_text(text, encoding="utf-8")
    (app / "Contents" / "MacOS" / project.COMMAND).symlink_to(project.NAME)
    for command in signing(app):
        subprocess.run(command, check=True)


def signing(app: Path) -> list[list[str]]:
    """Return the commands that sign the app, what lies deepest first and the app at last.

    Each seal covers those below it. What the program may do is said with the app alone: a library
    has no entitlements of its own.
    """
    identity = os.environ.get(IDENTITY, _FOR_HERE)
    command = ["codesign", "--force", "--sign", identity]
    whole = [*command]
    if identity != _FOR_HERE:
        # Without an identity nothing is of one team, and the hardened runtime would load nothing.
        command += ["--options", "runtime", "--timestamp"]
        whole = [*command, "--entitlements", str(ENTITLEMENTS)]
    inner = sorted(_code_in(app), key=lambda path: (-len(path.parts), path))
    commands = [[*command, str(path)] for path in inner]
    return [*commands, [*whole, str(app)]]


def _code_in(app: Path) -> Iterator[Path]:
    """Yield the libraries and frameworks of an app; its program is signed with it."""
    for path in app.rglob("*"):
        if path.is_symlink() or path.parent == app / "Contents" / "MacOS":
            continue
        if path.suffix == ".framework":
            yield path
        elif path.is_file():
            with path.open("rb") as stream:
                if stream.read(4) in _MACH_O:
                    yield path


def image(app: Path, work: Path, target: Path) -> None:
    """Make the disk image from which people drag the app to their programs, signed as the app is.

    Raises:
        CalledProcessError: the image could not be made, or Apple refused it.
    """
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    shutil.copytree(app, work / app.name, symlinks=True)
    (work / "Applications").symlink_to("/Applications")
    command = ["hdiutil", "create", "-volname", project.TITLE, "-srcfolder", str(work)]
    subprocess.run([*command, "-format", "ULFO", "-ov", str(target)], check=True)
    for command in notarising(target):
        subprocess.run(command, check=True)


def notarising(image: Path) -> list[list[str]]:
    """Return the commands that sign an image, have Apple look at it, and staple the answer to it.

    None without an identity; the signature alone without a sign-in at Apple's notary.
    """
    identity, profile = os.environ.get(IDENTITY, _FOR_HERE), os.environ.get(NOTARY)
    if identity == _FOR_HERE:
        return []
    commands = [["codesign", "--force", "--timestamp", "--sign", identity, str(image)]]
    if profile:
        notary = ["xcrun", "notarytool", "submit", "--keychain-profile", profile, "--wait"]
        commands += [[*notary, str(image)], ["xcrun", "stapler", "staple", str(image)]]
    return commands
