"""The installed program in a real X window: it comes up, is driven by keys, and ends with 0."""

import shutil

import pytest

from tests.e2e import x_screen
from tests.e2e.x_life import Life
from tests.e2e.x_screen import Screen

pytestmark = [
    pytest.mark.full,
    pytest.mark.timeout(900),
    pytest.mark.skipif(
        not (shutil.which("Xvfb") and shutil.which("xdotool")),
        reason="Xvfb and xdotool are not on this machine",
    ),
]


@pytest.fixture
def display():
    with x_screen.shown() as name:
        yield name


@pytest.fixture
def screens(tmp_path):
    """Screens that a test opened, stopped at its end; the last picture tells where it stood."""
    made = []
    yield made
    for one in made:
        if one.program.poll() is None:
            one.picture(tmp_path / "last.png")
        one.stop()


def test_the_demo_opens_and_quits_with_zero(display, tmp_path, screens):
    screen = Screen(display, tmp_path, "--demo", "--vault", str(tmp_path / "vault"))
    screens.append(screen)
    screen.wait_for_window()
    screen.rest(1)
    screen.keys("ctrl+2", "ctrl+3", "ctrl+4", "ctrl+1", "ctrl+shift+h", "ctrl+k", pause=0.8)
    screen.write("accounts")  # into the palette, which has the keyboard
    screen.keys("Return", pause=0.8)
    screen.keys("ctrl+q")
    assert screen.end() == (0, "", "")
    assert not list(tmp_path.glob("hive-demo-*")), "the demo's vault was left behind"


def test_a_first_hour(display, tmp_path, bank, screens):
    Life(display, tmp_path, bank, screens).first_hour()
