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
    patterns = {one for some in brought.values() for one in some}
    folders = {
        path.relative_to(ROOT).parent.as_posix()
        for path in tracked()
        if path.relative_to(ROOT).parts[0] == "resources"
    }
    assert patterns == {f"{folder}/*" for folder in folders}
    assert set(brought) == {f"share/hive-desktop/{folder}" for folder in folders}
