"""What the doctor asks the computer: the window's library, in a process of its own."""

import os
import sys

import pytest

from hive_desktop.adapters import computer
from hive_desktop.adapters.computer import ThisComputer
from hive_desktop.logs.crashes import plain_release


def test_the_window_s_library_is_asked_in_a_process_of_its_own(monkeypatch):
    monkeypatch.setenv("DISPLAY", ":99")
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    look = ThisComputer().window()
    assert (look.platform, look.fault, look.has_display) == ("offscreen", "", True)
    assert look.qt.startswith("6.")
    assert {"offscreen", "xcb"} <= set(look.platforms)


def test_without_a_display_it_is_asked_all_the_same(monkeypatch):
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    look = ThisComputer().window()
    assert (look.fault, look.has_display, look.platform) == ("", False, "offscreen")


def test_a_library_that_cannot_be_loaded_is_a_word_and_no_crash(monkeypatch, tmp_path):
    (tmp_path / "PySide6").mkdir()
    (tmp_path / "PySide6" / "__init__.py").write_text(
        'raise ImportError("libEGL.so.1: cannot open /home/mira/x")', encoding="utf-8"
    )
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), *sys.path]))
    look = ThisComputer().window()
    assert (look.qt, look.fault) == ("", "library")


@pytest.mark.parametrize(
    ("code", "fault"),
    [
        ("import ctypes; ctypes.string_at(0)", "exit -11"),
        ("print('[1]')", "no answer"),
        ("print('not json')", "no answer"),
        ("import time; time.sleep(60)", "TimeoutExpired"),
    ],
)
def test_whatever_the_other_process_does_is_one_line(monkeypatch, code, fault):
    monkeypatch.setattr(computer, "_program", lambda: [sys.executable, "-c", code])
    if fault == "TimeoutExpired":
        monkeypatch.setattr(computer, "_WAIT_S", 2.0)
    assert ThisComputer().window().fault == fault


def test_a_program_that_is_not_there_is_one_line(monkeypatch):
    monkeypatch.setattr(computer, "_program", lambda: ["/nowhere/hive"])
    assert ThisComputer().window().fault == "FileNotFoundError"


def test_what_is_said_is_held_to_words(monkeypatch):
    said = (
        'print(\'{"qt": "6.11 of Mira Quellwasser", "platform": "xcb", '
        '"platforms": ["/home/mira", "xcb"], "fault": ""}\')'
    )
    monkeypatch.setattr(computer, "_program", lambda: [sys.executable, "-c", said])
    look = ThisComputer().window()
    assert (look.qt, look.platform, list(look.platforms)) == ("", "xcb", ["", "xcb"])


def test_a_frozen_program_starts_itself(monkeypatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert computer._program() == [sys.executable]


def test_the_locale_is_two_words():
    code, encoding = ThisComputer().language()
    assert encoding.lower().replace("-", "") == "utf8"
    assert "/" not in code


@pytest.mark.parametrize(
    ("release", "told"),
    [("6.1.0-18-amd64", "6.1.0"), ("6.1.0-mira-laptop", "6.1.0"), ("10", "10"), ("mira", "")],
)
def test_of_a_system_s_release_only_the_number_is_told(release, told):
    assert plain_release(release) == told
