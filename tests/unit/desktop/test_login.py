"""Start at login: what is written for each desktop, and that it is read back as it was meant."""

import plistlib
import re
import subprocess
import sys
from pathlib import Path

import pytest

from hive_desktop.adapters.desktop import login
from hive_desktop.ports.errors import EnvironmentFaultError

ODD = ["/opt/my apps/100% Hive/hive", "--vault", '/home/m"i$ra/`x`\\vault; %u', "naïve ü"]


class MemoryRegistry:
    def __init__(self):
        self.values = {}

    def get(self, name):
        return self.values.get(name)

    def put(self, name, value):
        self.values[name] = value

    def delete(self, name):
        self.values.pop(name, None)


class ClosedRegistry:
    def get(self, _name):
        raise PermissionError(13, "Permission denied")

    def put(self, _name, _value):
        raise PermissionError(13, "Permission denied")

    def delete(self, _name):
        raise PermissionError(13, "Permission denied")


def makers(folder):
    return {
        "xdg": login.AutostartEntry(ODD, folder / "autostart"),
        "mac": login.LaunchAgent(ODD, folder / "LaunchAgents"),
        "windows": login.RunKey(ODD, MemoryRegistry()),
    }


@pytest.mark.parametrize("name", ["xdg", "mac", "windows"])
def test_it_is_turned_on_hidden_or_not_and_off(tmp_path, name):
    start = makers(tmp_path)[name]
    assert (start.is_on(), start.is_hidden()) == (False, False)
    start.turn_on(hidden=True)
    assert (start.is_on(), start.is_hidden()) == (True, True)
    start.turn_on(hidden=False)
    assert (start.is_on(), start.is_hidden()) == (True, False)
    start.turn_off()
    start.turn_off()
    assert not start.is_on()


def exec_words(text):
    """Read an Exec line as the Desktop Entry Specification says, each rule in its turn."""
    line = next(one for one in text.splitlines() if one.startswith("Exec="))[len("Exec=") :]
    string = re.sub(r"\\(.)", lambda m: {"s": " ", "n": "\n"}.get(m[1], m[1]), line)
    words = re.findall(r'"((?:[^"\\`$]|\\["`$\\])*)"', string)
    assert " ".join(f'"{one}"' for one in words) == string
    return [re.sub(r'\\(["`$\\])', r"\1", one).replace("%%", "%") for one in words]


def test_an_autostart_entry_says_exactly_these_words(tmp_path):
    start = login.AutostartEntry(ODD, tmp_path)
    start.turn_on(hidden=True)
    (file,) = tmp_path.iterdir()
    text = file.read_text("utf-8")
    assert file.name == "hive-desktop.desktop"
    assert text.startswith("[Desktop Entry]\nType=Application\n")
    assert exec_words(text) == [*ODD, "--hidden"]
    # A program that was removed is passed over.
    assert f"\nTryExec={ODD[0]}\n".replace("\\", "\\\\") in text
    assert "%" not in re.sub("%%", "", next(x for x in text.splitlines() if x.startswith("Exec")))
    file.write_text(text + "Hidden=true\n")
    assert not start.is_on()


def test_a_launch_agent_is_a_property_list_of_them(tmp_path):
    login.LaunchAgent(ODD, tmp_path).turn_on(hidden=True)
    (file,) = tmp_path.iterdir()
    found = plistlib.loads(file.read_bytes())
    assert found["ProgramArguments"] == [*ODD, "--hidden"]
    assert found["RunAtLoad"] is True
    file.write_text("<plist>broken")
    assert not login.LaunchAgent(ODD, tmp_path).is_on()


def test_the_run_key_has_one_command_line(tmp_path):
    registry = MemoryRegistry()
    login.RunKey(ODD, registry).turn_on(hidden=True)
    assert registry.values == {"Hive": subprocess.list2cmdline([*ODD, "--hidden"])}


def test_what_the_desktop_refuses_is_said(tmp_path):
    (tmp_path / "file").write_text("")
    for start in (
        login.AutostartEntry(ODD, tmp_path / "file"),
        login.LaunchAgent(ODD, tmp_path / "file"),
        login.RunKey(ODD, ClosedRegistry()),
    ):
        with pytest.raises(EnvironmentFaultError, match="cannot be changed"):
            start.turn_on(hidden=False)
        assert not start.is_on()


@pytest.mark.parametrize("word", ["/opt/a\nb", "/opt/a\x07b", "/opt/a\x7fb", "/opt/\udcff"])
def test_a_path_that_no_list_can_hold_is_said(tmp_path, word):
    registry = MemoryRegistry()
    for start in (
        login.AutostartEntry([word], tmp_path),
        login.LaunchAgent([word], tmp_path),
        login.RunKey([word], registry),
    ):
        with pytest.raises(EnvironmentFaultError, match="line break"):
            start.turn_on(hidden=False)
    assert (list(tmp_path.iterdir()), registry.values) == ([], {})


@pytest.mark.parametrize("word", ["Hidden=true", "X-GNOME-Autostart-enabled=false"])
def test_an_entry_that_the_desktop_turned_off_is_off(tmp_path, word):
    start = login.AutostartEntry(ODD, tmp_path)
    start.turn_on(hidden=True)
    file = tmp_path / "hive-desktop.desktop"
    text = file.read_text().replace("X-GNOME-Autostart-enabled=true\n", "")
    file.write_text(f"{text}{word}\n")
    assert not start.is_on()
    start.turn_on(hidden=False)
    assert start.is_on()


@pytest.mark.parametrize(
    ("system", "kind"),
    [("linux", login.AutostartEntry), ("darwin", login.LaunchAgent), ("win32", login.RunKey)],
)
def test_each_system_has_its_own(monkeypatch, tmp_path, system, kind):
    monkeypatch.setattr(sys, "platform", system)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert isinstance(login.start_at_login([]), kind)


def test_the_entry_lies_where_the_desktop_looks_and_starts_this_program(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    login.start_at_login(["--vault", "/v"]).turn_on(hidden=False)
    text = (tmp_path / "config" / "autostart" / "hive-desktop.desktop").read_text()
    assert exec_words(text) == [sys.executable, "-m", "hive_desktop", "--vault", "/v"]
    monkeypatch.setenv("XDG_CONFIG_HOME", "relative")
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    login.start_at_login([]).turn_on(hidden=False)
    assert (tmp_path / "home/.config/autostart/hive-desktop.desktop").is_file()


def test_a_frozen_program_is_named_by_its_file(monkeypatch):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert login.own_program() == [sys.executable]
    monkeypatch.setenv("APPIMAGE", "/opt/Hive.AppImage")
    assert login.own_program() == ["/opt/Hive.AppImage"]


def test_nothing_is_left_of_a_write_that_broke(tmp_path, monkeypatch):
    start = login.AutostartEntry(ODD, tmp_path)
    start.turn_on(hidden=False)
    before = (tmp_path / "hive-desktop.desktop").read_bytes()

    def refuse(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(EnvironmentFaultError, match="No space left"):
        start.turn_on(hidden=True)
    assert (tmp_path / "hive-desktop.desktop").read_bytes() == before
