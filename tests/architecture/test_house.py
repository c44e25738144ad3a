"""The house keeps its shape: names at the top, light imports, words for every command and error."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from hive_desktop.cli.parsers import build_parser
from hive_desktop.ports import errors

ROOT = Path(__file__).parents[2]
TOP = {"pyproject.toml", "hive_desktop", "resources", "packaging", "tests", "README.md"}
TOP |= {"LICENSE", "CHANGELOG.md", "SECURITY.md"}
HEAVY = ("PySide6", "plaid", "openai", "pyqtgraph", "numpy", "alembic", "starlette", "uvicorn")


def tracked():
    listed = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607
        cwd=ROOT, capture_output=True, check=True, text=True,
    )  # fmt: skip
    return [ROOT / name for name in listed.stdout.split("\0") if name]


def test_the_top_level_holds_what_it_should():
    names = {path.relative_to(ROOT).parts[0] for path in tracked()}
    assert {name for name in names if not name.startswith(".")} == TOP


def imported_by(code):
    script = f"{code}\nimport sys\nprint(*sorted({{name.split('.')[0] for name in sys.modules}}))"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, check=True, text=True, cwd=ROOT
    )
    return set(done.stdout.split())


def test_importing_the_package_imports_nothing_else():
    assert imported_by("import hive_desktop") - imported_by("pass") <= {
        "hive_desktop",
        "__future__",
    }


def test_a_command_without_pictures_loads_nothing_heavy():
    loaded = imported_by("from hive_desktop.cli.parsers import build_parser; build_parser()")
    assert loaded.isdisjoint(HEAVY)


def test_the_window_s_start_loads_no_sdk():
    code = "import hive_desktop.bootstrap, hive_desktop.demo, hive_desktop.ui.app"
    assert imported_by(code).isdisjoint({*HEAVY, "re2", "tenacity", "zxcvbn"} - {"PySide6"})


def commands(parser, prefix=""):
    for action in parser._actions:
        if hasattr(action, "choices") and isinstance(action.choices, dict):
            for name, sub in action.choices.items():
                yield f"{prefix}{name}"
                yield from commands(sub, f"{prefix}{name} ")


def test_readme_names_every_command():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    for command in commands(build_parser()):
        group, _, last = command.rpartition(" ")
        assert re.search(rf"`(hive )?({re.escape(command)}|{re.escape(last)})\b", text), command
        assert not group or f"hive {group}" in text


def tree(cls):
    for child in cls.__subclasses__():
        if child.__module__.startswith(errors.__name__):
            yield child
            yield from tree(child)


def test_every_error_has_words_a_code_and_a_place_in_the_tree():
    for cls in tree(errors.HiveError):
        assert cls.default_title
        assert cls.default_hint
        assert cls.exit_code in range(1, 6)
        assert cls.__name__ in errors.__doc__, cls


def python_files():
    return [path for path in tracked() if path.suffix == ".py" and "hive_desktop" in path.parts]


@pytest.mark.parametrize("path", python_files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_each_file_says_why_it_exists(path):
    source = path.read_text(encoding="utf-8")
    assert ast.get_docstring(ast.parse(source)), "no module docstring"


def test_no_dialog_is_executed_and_no_task_has_no_owner():
    for path in python_files():
        text = path.read_text(encoding="utf-8")
        if "ui" in path.parts:
            assert not re.search(r"\b\w+\.exec\(\)", text), path
        assert "asyncio.create_task" not in text, path


def test_a_wheel_brings_every_resource():
    """`config.resources_dir` looks for them under the environment's share."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    brought = told["tool"]["setuptools"]["data-files"]
    wanted = [
        path.relative_to(ROOT)
        for path in tracked()
        if path.relative_to(ROOT).parts[0] == "resources"
        and path.suffix not in {".po", ".pot"}  # translators' own; the program reads .mo
    ]
    for path in wanted:
        patterns = brought.get(f"share/hive-desktop/{path.parent.as_posix()}", ())
        assert any(path.match(pattern) for pattern in patterns), path
    assert len(brought) == len({path.parent for path in wanted}), "a folder that is gone"


def test_every_painter_ends_with_its_block():
    """One that an exception's traceback keeps alive would end after its device is gone."""
    for path in (ROOT / "hive_desktop" / "ui").rglob("*.py"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if re.search(r"\bQPainter\(", line):
                assert re.match(r" +with QPainter\(.*\) as painter:$", line), (path, line)


def test_no_layout_is_asked_for_its_items():
    """PySide keeps what `itemAt` gives for as long as the layout, also when Qt has freed it.

    Whatever comes to lie at its address is then taken for it, and the program ends in a crash.
    `takeAt` is safe: what it gives goes at once. A list's own `itemAt` gives a row of the list.
    """
    for path in (one for one in tracked() if one.suffix == ".py" and one.is_file()):
        found = re.findall(r"(\S*)\.(?:itemAt|itemAtPosition)\(", path.read_text(encoding="utf-8"))
        assert all(one.endswith(".list") for one in found), (path, found)


def broad_handlers():
    """Give what catches every error: its place, its lines, and whether it passes the error on."""
    for path in tracked():
        if path.suffix != ".py" or "hive_desktop" not in path.parts or not path.exists():
            continue
        text = path.read_text(encoding="utf-8")
        lines = text.splitlines()
        for node in ast.walk(ast.parse(text)):
            if not isinstance(node, ast.ExceptHandler):
                continue
            kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            names = {getattr(kind, "id", None) for kind in kinds}
            if node.type is None or names & {"Exception", "BaseException"}:
                ends = any(isinstance(one, ast.Raise) for one in ast.walk(node))
                yield f"{path.relative_to(ROOT)}:{node.lineno}", lines[node.lineno - 1], ends


def test_what_catches_every_error_passes_it_on_or_says_why_not():
    found = list(broad_handlers())
    assert len(found) > 30
    silent = [
        place
        for place, line, ends in found
        if not ends and not re.search(r"# noqa: BLE001(, S110)? - \w+", line)
    ]
    assert silent == []
