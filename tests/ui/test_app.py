"""The program as a process: exit code, quiet, and the order of its first moments."""

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from hive_desktop.adapters.system import SystemClock
from tests.bench.bulk_vault import make_vault

_ROOT = Path(__file__).resolve().parents[2]

_PROGRAM = """
    import sys
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication
    from hive_desktop.ui.app import UiOptions, run
    from tests.ui.fakes import FakeLifecycle
    from tests.ui.household import household

    def make():
        lifecycle = FakeLifecycle()
        lifecycle.house = household()
        return lifecycle

    async def open_it(lifecycle):
        await lifecycle.unlock({passphrase!r})

    def mark(moment):
        print(moment, "pyqtgraph" in sys.modules, flush=True)
        if moment == "charts":
            QTimer.singleShot(500, QApplication.closeAllWindows)

    sys.exit(run(make, UiOptions(
        quit_after_s={seconds}, opener={opener}, theme="dark", mark=mark
    )))
"""


def _run(passphrase="correct horse", *, opener="open_it", seconds=50.0):
    program = textwrap.dedent(_PROGRAM).format(
        passphrase=passphrase, opener=opener, seconds=seconds
    )
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=_ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_it_opens_paints_and_ends_with_zero():
    done = _run()
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    moments = [line.split() for line in done.stdout.splitlines()]
    assert [moment for moment, _ in moments] == ["shown", "cards", "charts"]
    assert dict(moments)["cards"] == "False", "pyqtgraph was imported before the first figures"


@pytest.mark.parametrize("opener", ["None", "open_it"])
def test_without_a_key_the_unlock_screen_stands_and_it_ends_with_zero(opener):
    done = _run("wrong", opener=opener, seconds=0.3)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert done.stdout.split() == ["shown", "False"]


def test_importing_the_entry_loads_nothing_heavy():
    program = (
        "import sys, hive_desktop.ui.app;"
        "print(sorted({'pyqtgraph', 'numpy', 'sqlalchemy', 'plaid', 'openai'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=_ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


_REAL = """
    import sys
    from pathlib import Path
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication
    from hive_desktop.__main__ import start
    from hive_desktop.config import AppConfig
    from hive_desktop.ports.vault import VaultKeys

    def mark(moment):
        print(moment, "sqlalchemy" in sys.modules, flush=True)
        if moment == "charts":
            QTimer.singleShot(500, QApplication.closeAllWindows)

    keys = VaultKeys(*(bytes.fromhex(part) for part in sys.stdin.read().split()))
    start(
        AppConfig.default(Path(sys.argv[1])),
        opener=lambda life: life.unlock_with(keys),
        mark=mark,
        quit_after_s=50.0,
    )
"""


def test_the_first_pictures_of_a_real_vault_come_without_sqlalchemy(tmp_path):
    keys = make_vault(tmp_path / "vault", 300, today=SystemClock().today())
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(_REAL), str(tmp_path / "vault")],
        input=f"{keys.master.hex()} {keys.database.hex()} {keys.egress.hex()}",
        cwd=_ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert done.stdout.split("\n")[:3] == ["shown False", "cards False", "charts False"]


@pytest.mark.parametrize(
    ("flatpak", "wanted"), [(None, "hive-desktop"), ("org.a.Hive", "org.a.Hive")]
)
def test_the_desktop_knows_the_window_by_the_name_of_its_entry(flatpak, wanted):
    program = (
        "from hive_desktop.ui.app import application\nprint(application().desktopFileName())\n"
    )
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"} | (
        {"FLATPAK_ID": flatpak} if flatpak else {}
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=_ROOT, env=environment, capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout == f"{wanted}\n"
