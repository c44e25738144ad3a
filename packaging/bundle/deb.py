"""Makes the Debian package: a tree of what is installed where, and dpkg-deb around it."""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import shutil
import subprocess
import textwrap
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bundle import freeze, manual, pictures, project

if TYPE_CHECKING:
    from collections.abc import Iterator

LINUX: Final = project.PACKAGING / "linux"
_HOME: Final = f"usr/lib/{project.NAME}"
_ELF: Final = b"\x7fELF"
# The window shows no text without any font; the one it prefers and what else it is better with.
_FONTS: Final = "fonts-dejavu-core | fonts-inter | fonts-liberation | fonts-noto-core"
# What says whom to trust on the network.
_TRUST: Final = "ca-certificates"
_RECOMMENDED: Final = ("fonts-inter", "gnome-keyring | kwalletmanager | keepassxc", "xdg-utils")


def can_be_made() -> bool:
    """Tell whether this computer has Debian's tools."""
    return all(shutil.which(name) for name in ("dpkg-deb", "dpkg-shlibdeps"))


def file_name() -> str:
    """Return the name of the package's file."""
    return f"{project.NAME}_{project.version()}_{project.architecture()}.deb"


def make(program: Path, work: Path, target: Path, *, compression: str = "xz") -> None:
    """Make the package of a program's folder.

    Args:
        program: the folder.
        work: where the tree of what is installed is laid out; what is there is removed.
        target: the package's file.
        compression: as dpkg-deb calls it.

    Raises:
        CalledProcessError: one of Debian's tools refused.
    """
    shutil.rmtree(work, ignore_errors=True)
    tree = work / "tree"
    shutil.copytree(program, tree / _HOME, symlinks=True)
    for name in (project.NAME, project.COMMAND):
        link = tree / "usr/bin" / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(f"../lib/{project.NAME}/{project.NAME}")
    papers(tree, (program / "_internal" / freeze.NOTICES).read_text("utf-8"))
    freeze.settle(tree)
    depends = shared_libraries(tree / _HOME, work)
    size = sum(file.lstat().st_size for file in tree.rglob("*") if not file.is_dir())
    control = tree / "DEBIAN"
    control.mkdir()
    (control / "md5sums").write_text(_md5sums(tree), "utf-8")
    (control / "control").write_text(_control(depends, size), "utf-8")
    freeze.settle(control)
    environment = os.environ | {"SOURCE_DATE_EPOCH": str(project.epoch())}
    command = [
        "dpkg-deb",
        "--root-owner-group",
        f"-Z{compression}",
        "-z1",
        "--build",
        str(tree),
        str(target),
    ]
    subprocess.run(command, env=environment, stdout=2, check=True)


def papers(tree: Path, notices: str) -> None:
    """Write all that is installed beside the program: menus, icons, manuals, completions.

    Args:
        tree: what is installed, from the root.
        notices: the licences of what others made.
    """
    share = tree / "usr/share"
    texts = {
        f"applications/{project.NAME}.desktop": project.filled(LINUX / "hive-desktop.desktop"),
        f"applications/x-{project.NAME}-open.desktop": project.filled(
            LINUX / "x-hive-desktop-open.desktop"
        ),
        f"mime/packages/{project.NAME}.xml": project.filled(LINUX / "mime.xml"),
        f"lintian/overrides/{project.NAME}": project.filled(LINUX / "lintian-overrides"),
        f"metainfo/{project.APP_ID}.metainfo.xml": project.filled(LINUX / "hive.metainfo.xml"),
        f"bash-completion/completions/{project.COMMAND}": manual.bash_completion(),
        f"zsh/vendor-completions/_{project.COMMAND}": manual.zsh_completion(),
        f"doc/{project.NAME}/copyright": project.filled(
            LINUX / "copyright", OTHERS=project.indented(notices)
        ),
    }
    for name, text in texts.items():
        file = share / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    packed = {
        f"man/man1/{project.COMMAND}.1.gz": manual.hive_page(),
        f"man/man1/{project.NAME}.1.gz": manual.window_page(),
        f"doc/{project.NAME}/changelog.gz": changelog(),
    }
    for name, text in packed.items():
        file = share / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    _write_icons(share / "icons/hicolor", tree.parent / "icons")


def _write_icons(theme: Path, work: Path) -> None:
    pictures.write(work)
    for size in pictures.SIZES:
        file = theme / f"{size}x{size}/apps/{project.NAME}.png"
        file.parent.mkdir(parents=True)
        shutil.copyfile(work / f"hive-{size}.png", file)
    file = theme / f"scalable/apps/{project.NAME}.svg"
    file.parent.mkdir(parents=True)
    shutil.copyfile(pictures.DRAWING, file)


def changelog() -> str:
    """Return the changes of this version as Debian writes them."""
    day = format_datetime(datetime.fromtimestamp(project.epoch(), UTC))
    lines = [f"{project.NAME} ({project.version()}) stable; urgency=medium", ""]
    for change in project.changes():
        lines += textwrap.wrap(
            change, 78, initial_indent="  * ", subsequent_indent="    ", break_on_hyphens=False
        )
    return "\n".join([*lines, "", f" -- {project.MAINTAINER}  {day}"]) + "\n"


def shared_libraries(program: Path, work: Path) -> str:
    """Return the packages whose libraries the program needs and has not inside, with versions."""
    internal = program / "_internal"
    files = [str(file) for file in _elf_files(program)]
    # Libraries find each other by rpath; those that Python brought lie in `_internal` itself.
    folders = sorted({str(Path(file).parent) for file in files if ".so" in file} | {str(internal)})
    stub = work / "debian"
    stub.mkdir(exist_ok=True)
    (stub / "control").write_text(
        f"Source: {project.NAME}\nMaintainer: {project.MAINTAINER}\n\n"
        f"Package: {project.NAME}\nArchitecture: any\nDescription: none\n",
        "utf-8",
    )
    command = ["dpkg-shlibdeps", "-O", "--ignore-missing-info", "--warnings=0"]
    command += [f"-l{folder}" for folder in folders]
    command += [f"-x{name}" for name in sorted(_brought(internal))]
    done = subprocess.run([*command, *files], cwd=work, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"dpkg-shlibdeps refused: {done.stderr.strip()}")
    found = re.search(r"^shlibs:Depends=(.*)$", done.stdout, re.MULTILINE)
    if found is None:
        raise SystemExit("dpkg-shlibdeps found no library at all.")
    return found[1]


def _brought(internal: Path) -> set[str]:
    """Return the packages whose libraries are inside."""
    names = [file.name for file in internal.glob("lib*.so*") if not file.is_symlink()]
    asked = subprocess.run(
        ["dpkg-query", "--search", *(f"*/{name}" for name in names)],  # noqa: S607 - Debian's own
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    return {line.partition(":")[0] for line in asked.stdout.splitlines()}


def _elf_files(folder: Path) -> Iterator[Path]:
    for file in sorted(folder.rglob("*")):
        if file.is_file() and not file.is_symlink():
            with file.open("rb") as stream:
                if stream.read(len(_ELF)) == _ELF:
                    yield file


def _md5sums(tree: Path) -> str:
    lines = []
    for file in sorted(tree.rglob("*")):
        if file.is_file() and not file.is_symlink() and "DEBIAN" not in file.parts:
            digest = hashlib.md5(file.read_bytes(), usedforsecurity=False).hexdigest()
            lines.append(f"{digest}  {file.relative_to(tree).as_posix()}\n")
    return "".join(lines)


def _control(depends: str, size: int) -> str:
    fields = {
        "Package": project.NAME,
        "Version": project.version(),
        "Architecture": project.architecture(),
        "Maintainer": project.MAINTAINER,
        "Installed-Size": str(-(-size // 1024)),
        "Depends": f"{depends}, {_TRUST}, {_FONTS}",
        "Recommends": ", ".join(_RECOMMENDED),
        "Section": "misc",
        "Priority": "optional",
    }
    lines = [f"{name}: {value}" for name, value in fields.items()]
    description = (LINUX / "description").read_text("utf-8").strip().splitlines()
    lines += [f"Description: {description[0]}"]
    lines += [f" {line or '.'}" for line in description[1:]]
    return "\n".join(lines) + "\n"
