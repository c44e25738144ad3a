"""Makes Hive's packages; run by `packaging/dev.py build`.

python3 packaging/dev.py build               the program's folder and, on Debian, its .deb
python3 packaging/dev.py build --program     the folder alone
python3 packaging/dev.py build --if-needed   nothing where dist has what the source would make
python3 packaging/dev.py build --out DIR     elsewhere than dist
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path

from filelock import FileLock

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from bundle import deb, freeze, macos, project


def main(arguments: list[str]) -> int:
    """Make what was asked for; returns the exit code."""
    parser = argparse.ArgumentParser(prog="dev.py build")
    parser.add_argument("--out", type=Path, default=project.ROOT / "dist", metavar="DIR")
    parser.add_argument("--program", action="store_true", help="the program's folder alone")
    parser.add_argument("--if-needed", action="store_true", help="only what is not there yet")
    options = parser.parse_args(arguments)
    out = options.out.absolute()
    out.mkdir(parents=True, exist_ok=True)
    with FileLock(out / "lock"):  # two tests may ask at once
        return make(out, options)


def make(out: Path, options: argparse.Namespace) -> int:
    """Make what was asked for in a folder; returns the exit code."""
    stamp, wanted = out / "made-from", freeze.fingerprint()
    is_there = stamp.exists() and stamp.read_text("ascii") == wanted
    program = out / project.NAME
    if not (options.if_needed and is_there and program.is_dir()):
        stamp.unlink(missing_ok=True)
        program = freeze.program(out / "work", out)
        for old in out.glob(f"{project.NAME}_*.deb"):
            old.unlink()
        stamp.write_text(wanted, "ascii")
    say(program)
    package = None if options.program else packed(program, out)
    if package is not None:
        say(package)
        say_hash(package)
    return 0


def packed(program: Path, out: Path) -> Path | None:
    """Return this system's package of the program, made where it is not there.

    None where this computer lacks the tools for it.
    """
    if project.is_linux():
        package = out / deb.file_name()
        if not package.exists() and deb.can_be_made():
            deb.make(program, out / "work" / "deb", package)
    elif sys.platform == "darwin":
        package = out / f"{project.TITLE}-{project.version()}.dmg"
        macos.image(macos.app_in(out), out / "work" / "image", package)
    else:
        package = out / f"{project.NAME}-{project.version()}-setup.exe"
        compiler = shutil.which("iscc")
        script = project.PACKAGING / "windows" / "hive.iss"
        numbers = ".".join(str(number) for number in project.version_numbers())
        told = [f"/DVersion={project.version()}", f"/DNumbers={numbers}"]
        if compiler is not None:
            subprocess.run([compiler, *told, str(script)], check=True)
    return package if package.exists() else None


def say(path: Path) -> None:
    """Name a thing that was made."""
    sys.stdout.write(f"{path}\n")


def say_hash(path: Path) -> None:
    """Tell a file's SHA-256, by which two builds are compared."""
    sys.stdout.write(f"sha256 {hashlib.sha256(path.read_bytes()).hexdigest()}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
