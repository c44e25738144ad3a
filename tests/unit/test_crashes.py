"""What ends or fails leaves a report on this computer: where, and nothing of anybody's."""

import os
import re
import signal
import stat
import subprocess
import sys

import pytest

from hive_desktop.logs import crashes
from hive_desktop.logs.crashes import CrashStore, CrashWatch
from tests.spending import least_cpu_s

SECRET = "Mira Quellwasser"
AMOUNT = "4711.25"
BEGIN = """
import asyncio, ctypes, logging, os, sys, threading, time
from pathlib import Path
from hive_desktop import logs
from hive_desktop.logs import crashes
folder = Path(sys.argv[1])
secret = sys.argv[2]
logs.set_up(folder)
logging.getLogger("hive_desktop.x").info("a connection of %s was gone at the bank already", secret)
with crashes.watching(folder, "window") as ended:
    {body}
"""

LOOP = """
async def work():
    loop = asyncio.get_running_loop()
    crashes.watch_loop(loop)
    loop.call_soon(int, secret)
    await asyncio.sleep(0.05)
asyncio.run(work())"""


def run(folder, body, code=None):
    program = BEGIN.format(body=body.replace("\n", "\n    "))
    done = subprocess.run(
        [sys.executable, "-c", program, str(folder), f"{SECRET} {AMOUNT}"],
        capture_output=True, text=True, timeout=60, check=False,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    if code is not None:
        assert done.returncode == code, done.stderr
    return done


def only(folder):
    (crash,) = CrashStore(folder).all()
    assert "Mira" not in crash.text
    assert "4711" not in crash.text
    assert str(folder) not in crash.text
    assert os.environ.get("HOME", "/root") + "/" not in crash.text
    assert f"Python: {sys.version.split()[0]}" in crash.text
    assert "Hive: " in crash.text
    assert "hive_desktop.x: a connection of *** was gone at the bank already" in crash.text
    return crash


def test_a_segmentation_fault_is_a_report_at_the_next_start(tmp_path):
    run(tmp_path, "ctypes.string_at(0)", -signal.SIGSEGV)
    store = CrashStore(tmp_path)
    assert store.count() == 0
    store.gather()
    crash = only(tmp_path)
    name = crash.name
    assert store.untold() == [name]
    assert "Kind: Fatal error of the process" in crash.text
    assert "Fatal Python error: Segmentation fault" in crash.text
    assert re.search(r"^  at ctypes/__init__.py:\d+ string_at$", crash.text, re.MULTILINE)
    store.gather()  # nothing more of it
    assert [file.name for file in store.folder.iterdir()] == [name]


def test_each_start_hears_of_it_until_the_person_was_told(tmp_path):
    run(tmp_path, "ctypes.string_at(0)", -signal.SIGSEGV)
    with crashes.watching(tmp_path, "command") as ended:  # which has nobody to tell
        assert len(ended) == 1
    with crashes.watching(tmp_path, "window") as ended:
        assert ended == [crash.name for crash in CrashStore(tmp_path).all()]
        CrashStore(tmp_path).settle(ended)
    with crashes.watching(tmp_path, "window") as ended:
        assert ended == []
    assert CrashStore(tmp_path).count() == 1


def test_what_qt_ends_the_program_with_is_a_report(tmp_path):
    body = (
        "from hive_desktop.ui import app\nfrom PySide6.QtCore import qFatal\n"
        "app.application()\nqFatal('the window of ' + secret)"
    )
    run(tmp_path, body, -signal.SIGABRT)
    CrashStore(tmp_path).gather()
    crash = only(tmp_path)
    assert "Fatal Python error: Aborted" in crash.text
    assert "qt: the window of ***" in crash.text
    assert "Z CRITICAL qt: " in crash.text


def test_what_qt_says_of_an_error_is_a_report_and_the_program_goes_on(tmp_path):
    body = (
        "from hive_desktop.ui import app\nfrom PySide6.QtCore import qCritical\n"
        "app.application()\nqCritical('the window of ' + secret)\nprint('goes on')"
    )
    assert "goes on" in run(tmp_path, body, 0).stdout
    assert "Kind: Qt error\n" in only(tmp_path).text


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        ("raise ValueError(secret)", "Python error", 1),
        (
            "thread = threading.Thread(target=lambda: int(secret))\nthread.start()\nthread.join()",
            "Python error of a thread",
            0,
        ),
        (
            "class Odd:\n    def __del__(self): raise KeyError(secret)\nodd = Odd()\ndel odd",
            "Python error in a finalizer",
            0,
        ),
        (
            LOOP,
            "Python error of the event loop",
            0,
        ),
    ],
)
def test_an_error_that_nobody_handled_is_a_report_at_once(tmp_path, body, kind, code):
    run(tmp_path, body, code)
    crash = only(tmp_path)
    assert f"Kind: {kind}\n" in crash.text
    assert "Program: window\n" in crash.text
    assert re.search(r"^  raised (ValueError|KeyError)", crash.text, re.MULTILINE)
    files = [file.name for file in (tmp_path / "crashes").iterdir()]
    assert files == [crash.name]  # nothing of this run is left for the next start


def test_the_end_of_a_killed_process_is_no_report(tmp_path):
    run(tmp_path, "os.kill(os.getpid(), 9)", -signal.SIGKILL)
    assert len(list((tmp_path / "crashes").iterdir())) == 1
    CrashStore(tmp_path).gather()
    assert list((tmp_path / "crashes").iterdir()) == []


def test_the_file_of_a_process_that_still_runs_is_left_alone(tmp_path):
    program = BEGIN.format(body="print('there', flush=True); time.sleep(60)")
    running = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path), "x"], stdout=subprocess.PIPE, text=True
    )
    try:
        assert running.stdout.readline() == "there\n"
        (fault,) = (tmp_path / "crashes").glob("fault-*.txt")
        fault.write_text("Fatal Python error: Aborted\n", encoding="utf-8")
        CrashStore(tmp_path).gather()
        assert fault.exists()
        assert CrashStore(tmp_path).count() == 0
    finally:
        running.kill()
        running.communicate()
    CrashStore(tmp_path).gather()
    assert CrashStore(tmp_path).count() == 1


def test_twenty_are_kept_the_newest_and_nobody_else_may_read_them(tmp_path):
    store = CrashStore(tmp_path)
    names = [store.keep("Python error", [f"  at elsewhere:{n}"], "window") for n in range(25)]
    kept = [crash.name for crash in store.all()]
    assert kept == sorted(names, reverse=True)[:20]
    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in store.folder.iterdir()} == {0o600}
    store.delete([kept[0]])
    assert store.count() == 19
    store.delete()
    assert store.count() == 0


def test_one_fault_in_a_loop_is_one_report_and_a_run_leaves_five(tmp_path):
    watch = CrashWatch(CrashStore(tmp_path), "window")
    for _ in range(100):
        watch.note("Python error", ValueError("the same"))
    assert CrashStore(tmp_path).count() == 1
    for kind in (KeyError, OSError, TypeError, RuntimeError, LookupError, ArithmeticError):
        watch.note("Python error", kind("another"))
    assert CrashStore(tmp_path).count() == 5


def test_causes_are_told_and_an_exception_that_has_no_words_of_its_own(tmp_path):
    class OddError(Exception):
        def __str__(self):
            raise RuntimeError

    try:
        try:
            raise KeyError(SECRET)  # noqa: TRY301 - as it comes
        except KeyError as cause:
            raise OddError from cause
    except OddError as error:
        CrashWatch(CrashStore(tmp_path), "command").note("Python error", error)
    (crash,) = CrashStore(tmp_path).all()
    assert "  raised OddError\n" in crash.text
    assert "  caused by raised KeyError: '***'\n" in crash.text


def test_a_disk_that_refuses_hurts_nobody(tmp_path):
    (tmp_path / "crashes").write_text("in the way", encoding="utf-8")
    watch = CrashWatch(CrashStore(tmp_path), "window")
    assert watch.begin() == []
    watch.note("Python error", ValueError("x"))
    watch.end()
    assert CrashStore(tmp_path).all() == []


def test_what_somebody_wrote_into_a_report_is_not_passed_on(tmp_path):
    store = CrashStore(tmp_path)
    name = store.keep("Python error", ["  at elsewhere:1"], "window")
    file = store.folder / name
    text = file.read_text(encoding="utf-8").replace("Python error", SECRET)
    file.write_text(f"{text}{SECRET} paid {AMOUNT}\n", encoding="utf-8")
    (crash,) = store.all()
    assert "Mira" not in crash.text
    assert "4711" not in crash.text


def test_a_start_beside_many_old_files_is_quick(tmp_path):
    store = CrashStore(tmp_path)
    for _ in range(20):
        store.keep("Python error", [], "window")

    def start():
        watch = CrashWatch(store, "window")
        watch.begin()
        watch.end()

    assert least_cpu_s(start) < 0.5


def test_the_program_itself_leaves_a_report_and_its_start_tells_the_window(tmp_path, monkeypatch):
    """As a person has it: the window dies of a fault, and is started again."""
    code = (
        "import sys, os, signal\nfrom hive_desktop import __main__ as program, bootstrap\n"
        "def run(make, **options):\n"
        "    print(len(options['ended']))\n"
        "    if not options['ended']: os.kill(os.getpid(), signal.SIGSEGV)\n"
        "    return 0\n"
        "bootstrap.run_window = run\nsys.exit(program.main(['--vault', sys.argv[1]]))"
    )
    here = {**os.environ, "XDG_STATE_HOME": str(tmp_path), "QT_QPA_PLATFORM": "offscreen"}

    def start():
        return subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / "vault")],
            capture_output=True, text=True, timeout=60, check=False, env=here,
        )  # fmt: skip

    assert start().returncode == -signal.SIGSEGV
    again = start()
    assert (again.returncode, again.stdout) == (0, "1\n"), again.stderr
    (crash,) = CrashStore(tmp_path / "hive-desktop" / "log").all()
    assert "Fatal Python error: Segmentation fault" in crash.text
    assert re.search(r"^  at hive_desktop/__main__.py:\d+ main$", crash.text, re.MULTILINE)
