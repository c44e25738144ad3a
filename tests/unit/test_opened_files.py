"""Files that are named when the window is started: paths, and addresses as desktops give them."""

from pathlib import Path

from hive_desktop.__main__ import _local, build_parser
from hive_desktop.services.front_door import _visit


def test_paths_and_addresses_become_whole_paths(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    told = build_parser().parse_args(["a.ofx", (tmp_path / "b é.csv").as_uri(), "--hidden"])
    assert [_local(one) for one in told.files] == [tmp_path / "a.ofx", tmp_path / "b é.csv"]


def test_a_visitor_names_whole_paths_and_nothing_else():
    wish = {"files": [str(Path("/tmp/a.ofx")), "b.ofx", 3, "/tmp/\0"]}  # noqa: S108 - never opened
    assert _visit(wish).files == ("/tmp/a.ofx",)  # noqa: S108 - as above
    assert _visit({"files": "x"}).files == ()
