"""`hive-desktop --pictures` saves every page in every state; its names say what is on them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtGui import QImage

from hive_desktop import album
from hive_desktop.domain.importing import Verdict
from hive_desktop.ports.errors import VaultUnwritableError
from hive_desktop.ui.page import PageName

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
SIZE = (980, 640)
ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.full
async def test_every_page_in_every_state(themes, tmp_path, monkeypatch, caplog, capsys):
    monkeypatch.setattr(album, "THEMES", ("light",))
    monkeypatch.setattr(album, "_SIZES", {1: (SIZE,)})
    await album._write(tmp_path, 1)
    caplog.clear()  # what goes wrong on purpose may be logged
    names = {path.stem for path in tmp_path.iterdir()}
    pages = {
        f"{page.value}-{state.value}-light-980x640" for page in PageName for state in album.State
    }
    screens = {name for name in names if name.startswith("screen-")}
    mirrored = {f"{page}-mirrored-light-980x640" for page in album._MIRRORED}
    galleries = {"gallery-light", "gallery-mirrored-light"}
    others = {
        name for name in names if name.startswith(("tray-", "resident-", "backups-", "imports-"))
    }
    assert names == pages | screens | galleries | mirrored | others
    for what in ("section", "list", "restore", "restored", "drill-ask", "drill-work", "drill-done"):
        assert f"backups-{what}-light-980x640" in others
    for what in ("card", "card-away", "card-none", "card-damaged"):
        assert f"backups-{what}-light" in others
    for what in ("settings-notifications", "settings-about", "report", "crash-banner"):
        assert f"resident-{what}-light-980x640" in others
    steps = ["reading", "files", "columns", "outcome-failed", "past", "past-none", "section"]
    for what in [*steps, *(f"outcome-{verdict.value}" for verdict in Verdict)]:
        assert f"imports-{what}-light-980x640" in others
    assert len(screens) == 7
    for name in pages | mirrored:
        picture = QImage(str(tmp_path / f"{name}.png"))
        assert (picture.width(), picture.height()) == SIZE, name
    for page in PageName:
        if page not in {PageName.SETTINGS, PageName.SETUP}:  # they wait for nothing
            seen = {
                (tmp_path / f"{page.value}-{state.value}-light-980x640.png").read_bytes()
                for state in album.State
            }
            assert len(seen) == len(album.State), page
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 7 + len(album.State)
    assert all(line.endswith("pictures") for line in told)


def test_the_command_says_so_when_the_folder_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(VaultUnwritableError):
        album.write(tmp_path / "file" / "pictures")


def test_the_other_scale_is_a_process_of_its_own(monkeypatch, tmp_path):
    asked = []

    def run(command, *, env, check):
        asked.append((command, env["QT_SCALE_FACTOR"]))
        return subprocess.CompletedProcess(command, 3)

    monkeypatch.setattr(album.bootstrap, "run_offscreen", lambda _work: None)
    monkeypatch.setattr(album.subprocess, "run", run)
    assert album.write(tmp_path) == 3
    program = [sys.executable, "-m", "hive_desktop"]
    assert asked == [([*program, "--pictures", str(tmp_path), "--scale", "2"], "2")]


def test_the_gallery_opens_and_says_nothing(tmp_path):
    program = (
        "from PySide6.QtCore import QTimer\n"
        "from hive_desktop.ui.app import application\n"
        "app = application()\n"
        "QTimer.singleShot(500, app.closeAllWindows)\n"
        "import sys; from hive_desktop.__main__ import main\n"
        "sys.exit(main(['--gallery']))\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "XDG_STATE_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "")
