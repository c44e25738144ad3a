#!/usr/bin/env python3
"""The one door for people who work on Hive: sets the machine up, then runs what was asked.

    python3 packaging/dev.py demo [...]     the sandbox bank, a vault, a sync and the window
    python3 packaging/dev.py run [...]      the program itself
    python3 packaging/dev.py test [...]     lint, types, layers and tests; --full adds slow ones,
                                            --every kills programs at each step of theirs
    python3 packaging/dev.py lint           lint, types and layers alone
    python3 packaging/dev.py bench [...]    benchmarks against their floors
    python3 packaging/dev.py simulate [...] seeds of bank, faults, crashes and edits around a sync;
                                            --seeds N --first S --jobs J, or --seed S for one again
    python3 packaging/dev.py train          make the offline model again from its word lists
    python3 packaging/dev.py translate      gather all texts into the gettext catalogue, compile it;
                                            --check only says what is missing
    python3 packaging/dev.py build [...]    the program with its own Python, and packages of it;
                                            --help tells more
    python3 packaging/dev.py sign-release   sign the word about a release that programs ask for;
                                            --help tells more
    python3 packaging/dev.py lock           compile the pinned requirements again

It needs the standard library and Python 3.11 or newer. It makes `.venv`, installs the pinned set
with hashes, and checks the system libraries that Qt loads. A second call finds all that done.
"""

from __future__ import annotations

import ctypes.util
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import lanes

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
REQUIREMENTS = ROOT / "packaging" / "requirements.txt"
RELAY = ROOT / "packaging" / "relay"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STAMP = VENV / "hive-installed"

# library that the dynamic linker must find -> Debian package that has it
QT_LIBRARIES = {
    "EGL": "libegl1",
    "GL": "libgl1",
    "fontconfig": "libfontconfig1",
    "dbus-1": "libdbus-1-3",
    "xkbcommon": "libxkbcommon0",
    "glib-2.0": "libglib2.0-0",
}
X_LIBRARIES = {
    "xcb-cursor": "libxcb-cursor0",
    "xcb-icccm": "libxcb-icccm4",
    "xcb-keysyms": "libxcb-keysyms1",
    "xcb-shape": "libxcb-shape0",
    "xkbcommon-x11": "libxkbcommon-x11-0",
}
FONT_PACKAGES = ("fonts-inter", "fonts-dejavu-core")
FULL_PROGRAMS = {
    "Xvfb": "xvfb",
    "xdotool": "xdotool",
    "trayer": "trayer",
    "gnome-keyring-daemon": "gnome-keyring",
    "dbus-run-session": "dbus",
    "strace": "strace",
    "debootstrap": "debootstrap",
    "hledger": "hledger",
    "ledger": "ledger",
    "lintian": "lintian",
    "chromium": "chromium",
}
# What makes the packages.
BUILD_PROGRAMS = {
    "dpkg-shlibdeps": "dpkg-dev",
    "patchelf": "patchelf",
    "strip": "binutils",
}
# What reads the files that are installed beside the program.
PAPER_PROGRAMS = {
    "appstreamcli": "appstream",
    "desktop-file-validate": "desktop-file-utils",
    "dpkg-parsechangelog": "dpkg-dev",
    "gio": "libglib2.0-bin",
    "man": "man-db",
    "update-mime-database": "shared-mime-info",
}
# What the relay's cluster tests run; Debian keeps PostgreSQL's programs off the path.
RELAY_PROGRAMS = {"initdb": "postgresql", "redis-server": "redis-server"}
POSTGRESQL = Path("/usr/lib/postgresql")


def main(arguments: list[str]) -> int:
    """Run one command; returns the exit code."""
    if sys.version_info < (3, 11):  # noqa: UP036 - the message is the point
        say("Hive needs Python 3.11 or newer.")
        return 2
    commands = {
        "demo": demo,
        "run": run,
        "test": test,
        "lint": lint,
        "bench": bench,
        "simulate": simulate,
        "train": train,
        "translate": translate,
        "build": build,
        "sign-release": sign_release,
        "lock": lock,
    }
    if not arguments or arguments[0] not in commands:
        say(str(__doc__).strip())
        return 0 if arguments and arguments[0] in ("-h", "--help") else 2
    try:
        return commands[arguments[0]](arguments[1:])
    except subprocess.CalledProcessError as exc:
        say(f"dev.py: a set-up step failed with exit code {exc.returncode}: {exc.cmd[0]}")
        return 1
    except KeyboardInterrupt:
        return 130


def demo(arguments: list[str]) -> int:
    """Start a bank, link it, sync it, and show the result; headless without a display."""
    set_up()
    headless = "--headless" in arguments or not has_display()
    ensure_system(QT_LIBRARIES if headless else QT_LIBRARIES | X_LIBRARIES, fonts=True)
    if headless and "--headless" not in arguments:
        say("No display here: the demo runs headless and writes pictures instead.")
        arguments = ["--headless", *arguments]
    return call([BIN / "hive", "demo", *arguments])


def run(arguments: list[str]) -> int:
    """Start the program as a person would."""
    set_up()
    ensure_system(QT_LIBRARIES | X_LIBRARIES, fonts=True)
    return call([BIN / "hive-desktop", *arguments])


def lint(arguments: list[str]) -> int:
    """Check style, types and layers."""
    set_up()
    checks: list[list[str | Path]] = [
        [PYTHON, "-m", "ruff", "check", "."],
        [PYTHON, "-m", "ruff", "format", "--check", "."],
        [PYTHON, "-m", "mypy"],
        [BIN / "lint-imports"],
    ]
    del arguments
    return first_failure([call(check) for check in checks])


def test(arguments: list[str]) -> int:
    """Check everything; paths and -k narrow it to a quick run of the tests alone."""
    set_up()
    is_full = "--full" in arguments
    ensure_system(QT_LIBRARIES, fonts=True)
    ensure_programs(RELAY_PROGRAMS | PAPER_PROGRAMS)
    if is_full:
        ensure_system(QT_LIBRARIES | X_LIBRARIES, fonts=True)
        ensure_programs(FULL_PROGRAMS | BUILD_PROGRAMS)
    is_narrow = any(argument not in {"--full", "--every"} for argument in arguments)
    pytest: list[str | Path] = [PYTHON, "-m", "pytest", *arguments]
    if is_narrow:
        return call(pytest, offscreen=True)
    # Two folders have processes to themselves: the window's application and its garbage stay
    # with the thread that made them, and the storage tests fork, which wants no strange threads.
    # Each is dealt out to two of them, so that no core waits at the end.
    others: list[str | Path] = [*pytest, "-n", "3", "--dist", "loadfile"]
    others += ["--ignore", "tests/ui", "--ignore", "tests/storage"]
    window, storage = (lanes.by_size(ROOT / "tests" / folder) for folder in ("ui", "storage"))
    dealt = {
        "window-1": window[::2],
        "storage-1": storage[::2],
        "window-2": window[1::2],
        "storage-2": storage[1::2],
    }
    # Counting the lines that ran takes a third more time.
    measured: list[str | Path] = ["--cov", "--cov-report", ""] if is_full else []
    beside: dict[str, list[str | Path]] = {"lint": [sys.executable, __file__, "lint"]}
    beside |= {name: [*pytest, *paths, *measured] for name, paths in dealt.items()}
    codes = [
        call([*others, *measured], offscreen=True),
        *lanes.side_by_side(beside, ROOT, environment_of(offscreen=True)),
    ]
    if is_full:
        codes.append(
            call([PYTHON, "-m", "coverage", "combine", "--append", *lanes.coverage_of(ROOT, dealt)])
        )
        codes.append(call([PYTHON, "-m", "coverage", "report"]))
    return first_failure(codes)


def first_failure(codes: list[int]) -> int:
    """Return the first code that is not 0; a process ended by a signal has a negative one."""
    return next((abs(code) for code in codes if code), 0)


def bench(arguments: list[str]) -> int:
    """Measure against floors taken in the same run."""
    set_up()
    ensure_system(QT_LIBRARIES | X_LIBRARIES, fonts=True)
    ensure_programs(FULL_PROGRAMS | BUILD_PROGRAMS)
    return call([PYTHON, "-m", "tests.bench", *arguments], offscreen=True)


def simulate(arguments: list[str]) -> int:
    """Run seeds of the deterministic simulation; a failing seed takes the same course again."""
    set_up()
    return call([PYTHON, "-m", "tests.simulation", *arguments])


def train(arguments: list[str]) -> int:
    """Make `resources/lexicon/model.bin`: the same word lists make the same bytes."""
    set_up()
    labelled = ROOT / "tests" / "data" / "descriptors_tune.csv"
    program: list[str | Path] = [PYTHON, "-m", "hive_desktop.adapters.ai.offline.train"]
    return call([*program, "--calibrate", labelled, *arguments])


def translate(arguments: list[str]) -> int:
    """Gather the texts of the program, merge them into each language and compile those."""
    set_up()
    return call([PYTHON, ROOT / "packaging" / "catalogue.py", *arguments])


def build(arguments: list[str]) -> int:
    """Make the program's folder and its packages in `dist`."""
    set_up()
    # What a library of Qt is linked with is told by the libraries that are here.
    ensure_system(QT_LIBRARIES | X_LIBRARIES, fonts=False)
    ensure_programs(BUILD_PROGRAMS)
    return call([PYTHON, ROOT / "packaging" / "build.py", *arguments])


def sign_release(arguments: list[str]) -> int:
    """Sign the document by which programs learn of a release."""
    set_up()
    return call([PYTHON, ROOT / "packaging" / "release.py", *arguments])


def lock(arguments: list[str]) -> int:
    """Compile `requirements.txt` from pyproject.toml for every platform. Needs uv on the path."""
    uv = shutil.which("uv")
    if uv is None:
        say("dev.py lock needs uv: python3 -m pip install uv")
        return 1
    compile_: list[str | Path] = [uv, "pip", "compile", "--universal", "--python-version", "3.11"]
    compile_ += ["--generate-hashes", "--no-header", "--no-emit-index-url", "--no-annotate"]
    # pip looks for `coverage[toml]` apart from `coverage`, and refuses the newest it finds.
    compile_ += ["--no-strip-extras", *arguments]
    whole = [*compile_, "--extra", "relay", "--extra", "dev", "pyproject.toml", "-o", REQUIREMENTS]
    relay = [*compile_, "-c", REQUIREMENTS, RELAY / "requirements.in"]
    return first_failure([call(whole), call([*relay, "-o", RELAY / "requirements.txt"])])


def set_up() -> None:
    """Make `.venv` and install the pinned set, unless the stamp says that it is there."""
    wanted = hashlib.sha256(
        REQUIREMENTS.read_bytes() + (ROOT / "pyproject.toml").read_bytes() + sys.version.encode()
    ).hexdigest()
    if PYTHON.exists() and STAMP.exists() and STAMP.read_text(encoding="ascii") == wanted:
        return
    if not PYTHON.exists():
        say("Making .venv ...")
        make_venv()
    say("Installing the pinned packages (once, about a minute) ...")
    pip: list[str | Path] = [PYTHON, "-m", "pip", "--quiet", "install", "--no-input"]
    pip += ["--disable-pip-version-check"]
    quiet(*pip, "--require-hashes", "-r", REQUIREMENTS)
    quiet(*pip, "--no-deps", "--no-build-isolation", "-e", ROOT)
    STAMP.write_text(wanted, encoding="ascii")


def make_venv() -> None:
    """Make the virtual environment; on Debian the module for it is a package of its own."""
    made = subprocess.run([sys.executable, "-m", "venv", VENV], check=False, stdout=2)
    if made.returncode == 0:
        return
    shutil.rmtree(VENV, ignore_errors=True)
    install_packages(["python3-venv"])
    quiet(sys.executable, "-m", "venv", VENV)


def ensure_system(libraries: dict[str, str], *, fonts: bool) -> None:
    """Install what Qt loads and is missing, or say which line does so."""
    if not sys.platform.startswith("linux"):
        return
    missing = [package for name, package in libraries.items() if not ctypes.util.find_library(name)]
    if fonts and not has_fonts():
        missing += FONT_PACKAGES
    install_packages(missing)


def ensure_programs(programs: dict[str, str]) -> None:
    """Install programs that tests drive."""
    if sys.platform.startswith("linux"):
        install_packages([p for name, p in programs.items() if not has_program(name)])


def has_program(name: str) -> bool:
    """Tell whether a program is on the path, or where Debian keeps PostgreSQL's."""
    return bool(shutil.which(name) or any(POSTGRESQL.glob(f"*/bin/{name}")))


def install_packages(packages: list[str]) -> None:
    """Install Debian packages when we may, else print the line that a person can run."""
    if not packages:
        return
    apt = shutil.which("apt-get")
    if apt is None or os.name == "nt" or os.geteuid() != 0:
        say("Missing on this computer. On Debian or Ubuntu this line installs it:")
        say(f"    sudo apt-get install -y {' '.join(packages)}")
        return
    say(f"Installing {' '.join(packages)} ...")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = [apt, "install", "-y", "-qq", "--no-install-recommends", *packages]
    if subprocess.run(install, env=environment, stdout=2, check=False).returncode != 0:
        subprocess.run([apt, "update", "-qq"], env=environment, stdout=2, check=False)
        subprocess.run(install, env=environment, stdout=2, check=True)


def has_fonts() -> bool:
    """Tell whether any outline font is where fontconfig looks."""
    homes = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts"]
    return any(next(home.rglob("*.[to]t[fc]"), None) for home in homes if home.is_dir())


def has_display() -> bool:
    """Tell whether a window can be shown."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def call(command: list[str | Path], *, offscreen: bool = False) -> int:
    """Run a command in the project's folder; returns its exit code."""
    code = subprocess.run(
        command,
        env=environment_of(offscreen=offscreen),
        cwd=working_folder(command),
        check=False,
    ).returncode
    if code < 0:
        say(f"dev.py: {Path(command[0]).name} was ended by signal {-code}.")
    return code


def environment_of(*, offscreen: bool) -> dict[str, str]:
    """Return the variables that a command is run with."""
    environment = dict(os.environ)
    for name in ("PYTHONPATH", "PYTHONDONTWRITEBYTECODE"):
        environment.pop(name, None)
    if offscreen and "QT_QPA_PLATFORM" not in environment:
        environment["QT_QPA_PLATFORM"] = "offscreen"
    return environment


def working_folder(command: list[str | Path]) -> Path:
    """Programs run where the person stands, so that relative paths work; checks in the root."""
    is_program = Path(command[0]).stem.startswith("hive")
    return Path.cwd() if is_program else ROOT


def quiet(*command: str | Path) -> None:
    """Run a set-up step with its output on standard error; raises CalledProcessError."""
    subprocess.run(command, cwd=ROOT, stdout=2, check=True)


def say(text: str) -> None:
    """Speak on standard error: standard output belongs to the command."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
