"""What of the installed packages the program has, and what it does without.

`hive.spec` asks here. Whatever is left out is left out by one of four rules: a package that only
development or the relay needs; a module that nothing of Hive reaches; a file of Qt that this
program never loads; a library of the desktop that every system brings itself.
"""

from __future__ import annotations

import ast
import re
import sys
import sysconfig
from functools import cache
from importlib import metadata, util
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from bundle import project

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Entry = tuple[str, str, str]
"""One line of PyInstaller's tables: name in the program, file it comes from, kind."""

UNUSED: Final = (
    "PySide6.QtOpenGL",
    "PySide6.QtOpenGLWidgets",
    "PySide6.QtTest",
    "alembic.testing",
    "anyio._backends._trio",
    "anyio.pytest_plugin",
    "ctypes.test",
    "curses",
    "ensurepip",
    "httpx._main",
    "idlelib",
    "lib2to3",
    "mako.ext",
    "mako.testing",
    "markdown_it.cli",
    "mcp.cli",
    "numpy.distutils",
    "numpy.f2py",
    "numpy.random",
    "numpy.testing",
    "openai.cli",
    "openai.resources.admin",
    "openai.resources.beta",
    "openai.resources.live",
    "openai.resources.realtime",
    "openai.types.admin",
    "openai.types.beta",
    "openai.types.fine_tuning",
    "openai.types.live",
    "openai.types.realtime",
    "pydantic.mypy",
    "pydoc_data",
    "pydantic.v1",
    "pyqtgraph.canvas",
    "pyqtgraph.console",
    "pyqtgraph.dockarea",
    "pyqtgraph.examples",
    "pyqtgraph.flowchart",
    "pyqtgraph.jupyter",
    "pyqtgraph.opengl",
    "readline",
    "sqlalchemy.ext.mypy",
    "sqlalchemy.testing",
    "tkinter",
    "turtledemo",
    "unittest",
    "uvicorn.loops.uvloop",
    "uvicorn.protocols.http.httptools_impl",
    "uvicorn.supervisors.watchfilesreload",
)
"""Modules that nothing of Hive reaches, with all that is below them."""

RELAYS: Final = (
    "hive_desktop.relay",
    "hive_desktop.plaidkit.gateway",
    "hive_desktop.plaidkit.line",
)
"""Modules of Hive that the relay alone imports, with all that is below them."""

STAND_INS: Final = {
    "PySide6.QtOpenGL": "qt_opengl.py",
    "PySide6.QtOpenGLWidgets": "qt_opengl_widgets.py",
}
"""Modules that must be importable and are never used: ten megabytes, and a few lines instead."""

_QT_PLUGINS: Final = {
    "iconengines": ("svg",),
    "imageformats": ("svg", "ico"),
    "networkinformation": None,
    "platforminputcontexts": None,
    "platforms": ("xcb", "wayland", "offscreen", "cocoa", "windows"),
    "platformthemes": ("xdgdesktopportal",),
    "printsupport": None,
    "styles": None,
    "wayland-decoration-client": None,
    "wayland-shell-integration": ("xdg-shell",),
}
"""Qt's plugins by folder, those whose name has one of the words; None is all of a folder."""

LANGUAGES: Final = tuple(
    folder.name for folder in sorted((project.ROOT / "resources" / "locale").iterdir())
    if folder.is_dir()
)  # fmt: skip
_ALWAYS_THEIRS: Final = re.compile(r"lib(stdc\+\+|gcc_s|c|m|pthread|dl|rt|util)\.so(\.|$)")
"""Libraries that must be the system's: what it loads beside us wants its own."""


def needed() -> dict[str, metadata.Distribution]:
    """Return the installed packages that the program stands on, by canonical name.

    Raises:
        PackageNotFoundError: one of them is not installed.
    """
    found: dict[str, metadata.Distribution] = {}
    asked: set[tuple[str, str]] = set()
    waiting = [(Requirement(one), "") for one in project.requirements()]
    while waiting:
        wanted, extra = waiting.pop()
        if wanted.marker and not wanted.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(wanted.name)
        for part in ("", *sorted(wanted.extras)):
            if (name, part) in asked:
                continue
            asked.add((name, part))
            found[name] = metadata.distribution(name)
            waiting += [(Requirement(one), part) for one in found[name].requires or ()]
    return found


def unneeded_packages() -> list[str]:
    """Return the top-level modules of installed packages that only others stand on."""
    wanted = set(needed()) | {canonicalize_name(project.NAME)}
    return sorted(
        module
        for module, owners in metadata.packages_distributions().items()
        if module.isidentifier()
        and not {canonicalize_name(owner) for owner in owners} & wanted
    )  # fmt: skip


def excluded() -> list[str]:
    """Return every module that PyInstaller must not follow."""
    return sorted({*UNUSED, *unneeded_packages(), *unused_models(), *RELAYS, "tests"})


def build_words() -> str:
    """Return the module in which Python keeps what it was built with, on all but Windows."""
    named: str = sysconfig._get_sysconfigdata_name()  # type: ignore[attr-defined]  # noqa: SLF001 - told nowhere else
    return named


def is_own(module: str) -> bool:
    """Tell whether a module of Hive goes into the program."""
    return not any(module == one or module.startswith(f"{one}.") for one in RELAYS)


def unused_models() -> list[str]:
    """Return Plaid's models that no call of Hive can reach.

    The interface imports each model that a request or an answer is made of. Only those that Hive
    fills also need what they are made of, which they import when they are filled; answers are
    decoded by Hive itself.
    """
    used = _models_named_by(project.ROOT / "hive_desktop" / "plaidkit")
    kept = _reached(["plaid.api.plaid_api", "plaid.api_client"], at_import=True)
    kept |= _reached(used, at_import=False)
    folder = _file_of("plaid.model").parent
    every = {f"plaid.model.{file.stem}" for file in folder.glob("[a-z]*.py")}
    return sorted({*(every - kept), "plaid.models"})


def _models_named_by(folder: Path) -> list[str]:
    return sorted(
        {
            module
            for file in folder.rglob("*.py")
            for module in _imports(file, at_import=False)
            if module.startswith("plaid.model.")
        }
    )


def _reached(modules: Iterable[str], *, at_import: bool) -> set[str]:
    """Return modules of Plaid with all that they import, at once or at any time."""
    found: set[str] = set()
    waiting = list(modules)
    while waiting:
        module = waiting.pop()
        if module in found:
            continue
        found.add(module)
        inside = _imports(_file_of(module), at_import=at_import)
        waiting += [one for one in inside if one.startswith("plaid.")]
    return found


@cache
def _file_of(module: str) -> Path:
    top, *rest = module.split(".")
    spec = util.find_spec(top)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{top} is not installed.")
    place = Path(spec.origin).parent.joinpath(*rest)
    return place / "__init__.py" if place.is_dir() else place.with_suffix(".py")


@cache
def _imports(file: Path, *, at_import: bool) -> tuple[str, ...]:
    tree = ast.parse(file.read_text("utf-8"))
    nodes = _run_at_import(tree) if at_import else ast.walk(tree)
    return tuple(_named(nodes))


def _run_at_import(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.iter_child_nodes(tree):
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from _run_at_import(node)


def _named(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (one.name for one in node.names)


def is_wanted(entry: Entry) -> bool:
    """Tell whether a file goes into the program."""
    path = PurePosixPath(entry[0].replace("\\", "/"))
    if path.parts[0] == "PySide6" and not _is_wanted_of_qt(path):
        return False
    if path.parts[0] == "resources":
        return path.suffix not in (".po", ".pot")
    return not {"tests", "test", "__pycache__"} & set(path.parts) and "_tests." not in path.name


def _is_wanted_of_qt(path: PurePosixPath) -> bool:
    if "translations" in path.parts:
        return path.name in {f"qtbase_{language}.qm" for language in LANGUAGES}
    if "qml" in path.parts:
        return False
    if "plugins" in path.parts:
        folder = path.parts[path.parts.index("plugins") + 1]
        words = _QT_PLUGINS.get(folder, ())
        return words is None or any(word in path.name for word in words)
    return True


def linked(binaries: list[Entry], needs: Callable[[str], Iterable[str]]) -> list[Entry]:
    """Return the binaries that are loaded by name or by another one that is.

    On Linux a library from outside of the installed packages stays only where Python's own modules
    need it; what Qt alone needs of the desktop is the desktop's, and its package manager's.

    Args:
        binaries: PyInstaller's table, without what `is_wanted` refuses.
        needs: paths of the libraries that a file is linked with, or names where they lie nowhere.
    """
    by_source = {entry[1]: entry for entry in binaries}
    by_name = {Path(entry[1]).name.lower(): entry for entry in binaries}
    roots = [entry for entry in binaries if _is_loaded_by_name(entry)]
    kept: dict[str, Entry] = {}

    def follow(entry: Entry, *, is_desktop: bool) -> None:
        waiting = [entry]
        while waiting:
            one = waiting.pop()
            if one[0] in kept:
                continue
            kept[one[0]] = one
            for source in needs(one[1]):
                other = by_source.get(source) or by_source.get(str(Path(source).resolve()))
                other = other or by_name.get(Path(source).name.lower())
                if other and not (_is_systems(other) and (is_desktop or _is_theirs(other))):
                    waiting.append(other)

    for entry in sorted(roots, key=_is_of_qt):
        follow(entry, is_desktop=_is_of_qt(entry) and sys.platform.startswith("linux"))
    return [entry for entry in binaries if entry[0] in kept]


def _is_loaded_by_name(entry: Entry) -> bool:
    path = PurePosixPath(entry[0].replace("\\", "/"))
    if entry[2] == "EXTENSION" or "plugins" in path.parts:
        return True
    return path.name.lower().startswith(("libpython", "python", "vcruntime", "msvcp"))


def _is_of_qt(entry: Entry) -> bool:
    return entry[0].replace("\\", "/").startswith(("PySide6/", "shiboken6/"))


def _is_systems(entry: Entry) -> bool:
    return entry[1].startswith(("/lib/", "/usr/lib/", "/lib64/", "/usr/lib64/"))


def _is_theirs(entry: Entry) -> bool:
    return bool(_ALWAYS_THEIRS.match(Path(entry[0]).name))
