"""Makes the one-folder program, and puts it in a state that depends on its source alone."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from importlib import metadata
from typing import TYPE_CHECKING, Final

from bundle import bill, contents, macos, pictures, project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SPEC: Final = project.PACKAGING / "bundle" / "hive.spec"
NOTICES: Final = "licences.txt"
BILL: Final = "bill-of-materials.cdx.json"

_KEPT_OF_DESCRIPTIONS: Final = ("METADATA", "entry_points.txt")
_ELF: Final = b"\x7fELF"
# Wheels whose libraries were moved about by patchelf: strip would break their segments.
_PATCHED: Final = ("PySide6", "shiboken6", ".libs")
_PROGRAM_MODE, _FILE_MODE = 0o755, 0o644


def fingerprint() -> str:
    """Return a hash of all that a build is made from."""
    digest = hashlib.sha256(f"{sys.version} {project.epoch()}".encode())
    for file in _sources():
        digest.update(file.relative_to(project.ROOT).as_posix().encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()


def _sources() -> Iterator[Path]:
    own = ("bundle", "linux", "macos", "windows")
    for folder in ("hive_desktop", "resources", *(f"packaging/{one}" for one in own)):
        for file in sorted((project.ROOT / folder).rglob("*")):
            if file.is_file() and "__pycache__" not in file.parts:
                yield file
    for name in ("pyproject.toml", "packaging/requirements.txt", "CHANGELOG.md", "LICENSE"):
        yield project.ROOT / name


def program(work: Path, out: Path) -> Path:
    """Make the program's folder inside `out`, in place of one that is there; returns it.

    Raises:
        SystemExit: PyInstaller failed.
    """
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    pictures.write(work / "icons")
    _write_descriptions(work / "metadata")
    (work / "build_words.py").write_text(_build_words(), encoding="utf-8")
    (work / "version.txt").write_text(_windows_version(), encoding="utf-8")
    _run_pyinstaller(work, out)
    made = out / project.NAME
    tables: list[contents.Entry] = [
        (name, source, kind)
        for name, source, kind in json.loads((work / "contents.json").read_text("utf-8"))
    ]
    parts = bill.parts(tables)
    internal = made / "_internal"
    packages = {part.name for part in parts if part.is_package}
    _drop_descriptions(internal, packages)
    papers = {NOTICES: bill.notices(parts), BILL: bill.document(parts, project.epoch())}
    for name, text in papers.items():
        (internal / name).write_text(text, encoding="utf-8")
    _drop_broken_links(internal)
    if os.name != "nt":
        (made / project.COMMAND).symlink_to(project.NAME)
    if project.is_linux():
        _clean_libraries(internal)
    if sys.platform == "darwin":
        app = macos.app_in(out)
        _drop_descriptions(app / "Contents" / "Resources", packages)
        _drop_broken_links(app / "Contents")
        macos.finish(app, papers)
    settle(made)
    return made


def settle(folder: Path) -> None:
    """Give all files below a folder the same owner's rights and the build's date."""
    moment = project.epoch()
    for path in sorted(folder.rglob("*"), reverse=True):
        if not path.is_symlink():
            is_program = path.is_dir() or _is_program(path)
            path.chmod(_PROGRAM_MODE if is_program else _FILE_MODE)
        os.utime(path, (moment, moment), follow_symlinks=False)
    folder.chmod(_PROGRAM_MODE)
    os.utime(folder, (moment, moment))


def _is_program(file: Path) -> bool:
    """Tell whether a file is run by name; a library is loaded, which needs no right to run it."""
    return bool(file.stat().st_mode & 0o100) and ".so" not in file.name


def _run_pyinstaller(work: Path, out: Path) -> None:
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR"]
    command += ["--distpath", str(out), "--workpath", str(work / "pyinstaller"), str(SPEC)]
    environment = os.environ | {
        "HIVE_BUILD": str(work),
        "PYTHONPATH": os.pathsep.join((str(project.PACKAGING), str(project.ROOT))),
        "PYTHONHASHSEED": "0",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYINSTALLER_CONFIG_DIR": str(work / "cache"),
        "SOURCE_DATE_EPOCH": str(project.epoch()),
    }
    done = subprocess.run(command, cwd=work, env=environment, check=False)
    if done.returncode:
        raise SystemExit(f"PyInstaller failed with exit code {done.returncode}.")


def _write_descriptions(folder: Path) -> None:
    """Write what the program knows of its packages: names, versions, licences, entry points."""
    for found in contents.needed().values():
        texts = {name: found.read_text(name) for name in _KEPT_OF_DESCRIPTIONS}
        _write_description(folder, found.metadata["Name"], found.version, texts)
    lines = [f"Metadata-Version: 2.4\nName: {project.NAME}\nVersion: {project.version()}"]
    lines += [f"Requires-Dist: {one}" for one in project.requirements()]
    own: dict[str, str | None] = {"METADATA": "\n".join(lines) + "\n"}
    _write_description(folder, project.NAME, project.version(), own)


def _write_description(folder: Path, name: str, version: str, texts: dict[str, str | None]) -> None:
    target = folder / f"{name.replace('-', '_')}-{version}.dist-info"
    target.mkdir(parents=True)
    for file, text in texts.items():
        if text:
            (target / file).write_text(text, encoding="utf-8")


def _drop_descriptions(internal: Path, kept: set[str]) -> None:
    """Remove descriptions of packages of which the program has nothing."""
    for folder in sorted(internal.glob("*.dist-info")):
        name = metadata.PathDistribution(folder).metadata["Name"]
        if name not in kept and name != project.NAME:
            shutil.rmtree(folder)


def _drop_broken_links(folder: Path) -> None:
    """Remove links beside the program to libraries that it does without."""
    for path in sorted(folder.rglob("*")):
        if path.is_symlink() and not path.exists():
            path.unlink()


def _clean_libraries(folder: Path) -> None:
    """Take out of libraries symbols for debuggers, and paths of the computer that made them.

    Python's own libraries look where Python was built; whoever has that folder elsewhere could
    put theirs in place of ours.
    """
    home, nobodys = sys.base_prefix.encode(), _nobodys(sys.base_prefix).encode()
    for file in sorted(folder.rglob("*.so*")):
        if any(part.endswith(_PATCHED) for part in file.relative_to(folder).parts):
            continue
        if file.is_file() and not file.is_symlink() and file.read_bytes()[:4] == _ELF:
            _tool("strip", "--strip-unneeded", str(file))
            if _tool("patchelf", "--print-rpath", str(file)).startswith("/"):
                _tool("patchelf", "--remove-rpath", str(file))
            file.write_bytes(file.read_bytes().replace(home, nobodys))


def _nobodys(home: str) -> str:
    """Return a folder below /usr in place of the one that Python was installed in.

    It is as long, so that nothing moves, and ends with the same name: a linker lets other texts
    begin in the middle of this one.
    """
    folder, _, name = home.rpartition("/")
    return home if len(folder) < len("/usr") else f"{'/usr'.ljust(len(folder), '/')}/{name}"


def _tool(name: str, *arguments: str) -> str:
    program = shutil.which(name)
    if program is None:
        raise SystemExit(f"{name} is not on this computer.")
    done = subprocess.run([program, *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def _build_words() -> str:
    """Return the source of what Python says it was built with, without the builder's paths."""
    told = {
        name: value
        for name, value in sorted(sysconfig.get_config_vars().items())
        if isinstance(value, int) or (isinstance(value, str) and "/" not in value)
    }
    return f"build_time_vars = {told!r}\n"


def _windows_version() -> str:
    """Return the version as Windows shows it in a file's properties."""
    numbers = project.version_numbers()
    words = {
        "CompanyName": project.TITLE,
        "FileDescription": project.TITLE,
        "FileVersion": project.version(),
        "InternalName": project.NAME,
        "OriginalFilename": f"{project.NAME}.exe",
        "LegalCopyright": "MIT licence",
        "ProductName": project.TITLE,
        "ProductVersion": project.version(),
    }
    strings = ", ".join(f"StringStruct({key!r}, {text!r})" for key, text in words.items())
    return (
        f"VSVersionInfo(ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}), kids=["
        f"StringFileInfo([StringTable('040904B0', [{strings}])]),"
        "VarFileInfo([VarStruct('Translation', [1033, 1200])])])\n"
    )
