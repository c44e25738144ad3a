"""What each page says and how it looks, held against what is kept in tests/ui/snapshots.

`pytest tests/ui/test_snapshots.py --update-snapshots` writes the words anew, and with `--pixels`
the pictures too. Pictures are compared with `--pixels` only, in the font that they are kept in.
"""

import difflib
import os
import re
import time
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QLocale, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QFontInfo, QImage, QPainter, QRawFont

from hive_desktop import album, bootstrap, demo
from hive_desktop.ui import pictures
from hive_desktop.ui.kit import aio, dates, theme
from hive_desktop.ui.kit.theme import Scheme, Type
from hive_desktop.ui.kit.widgets import Button, column, frame, label
from hive_desktop.ui.page import PageName
from hive_desktop.ui.session_window import SessionWindow
from tests.ui import semantic
from tests.ui.helpers import Heard

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
_FOLDER = Path(__file__).parent / "snapshots"
_SIZE = (1280, 800)
# Pictures are kept at half their size: small files, and less of how a machine smooths edges.
_KEPT = QSize(_SIZE[0] // 2, _SIZE[1] // 2)
_SCHEMES = (Scheme.LIGHT, Scheme.DARK)
_FONT = "Inter"
# The port that the demo's bank would have is taken where another demo runs.
_PORT = re.compile(r"(?<=127\.0\.0\.1):\d+")
_BLOCK = 16
_FAR = 4.0


@contextmanager
def american():
    """Write dates, times and money as in New York's books, at UTC, whatever the machine says."""
    before, zone = QLocale(), os.environ.get("TZ")
    QLocale.setDefault(QLocale(QLocale.Language.English, QLocale.Country.UnitedStates))
    dates.forget_locale()
    os.environ["TZ"] = "UTC"
    time.tzset()
    try:
        yield
    finally:
        QLocale.setDefault(before)
        dates.forget_locale()
        if zone is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = zone
        time.tzset()


@asynccontextmanager
async def full():
    """Open the demo household on the day of the album."""
    host = demo.WindowDemo(
        bootstrap.clock_of(album._DAY),
        lambda: demo.household(today=album._DAY, answers_at_once=True),
        network=album._Network(),
        repeats=True,
    )
    session = await host.open(lambda _step: None)
    try:
        yield session
    finally:
        await session.close()
        await host.close()


@asynccontextmanager
async def empty():
    """Open a new vault."""
    async with album._new_vault(bootstrap.clock_of(album._DAY)) as (session, _stage):
        yield session


@asynccontextmanager
async def window_over(session, themes):
    shown = replace(session, folder=album._FOLDER)
    window = SessionWindow(shown, None, themes, lock=Heard(), quit_program=Heard(), mark=Heard())
    window.resize(*_SIZE)
    window.show()
    try:
        yield window
    finally:
        window.shut()
        pictures.delete_now()


async def show(window, page, settled=pictures.settled):
    window.show_page(page)
    await settled(window)
    await aio.painted(window)


def difference(name, wanted, found):
    lines = difflib.unified_diff(
        wanted.splitlines(), found.splitlines(), f"{name} as kept", f"{name} as it is", lineterm=""
    )
    return "\n".join(lines)


@pytest.mark.parametrize("state", [full, empty], ids=["full", "empty"])
async def test_what_each_page_says(themes, request, state):
    update = request.config.getoption("--update-snapshots")
    told, changes = {}, []
    with american():
        async with state() as session, window_over(session, themes) as window:
            for page in PageName:
                await show(window, page, pictures.filled if state is full else pictures.settled)
                told[f"{page.value}-{state.__name__}.txt"] = semantic.told(window.current_page())
            told[f"frame-{state.__name__}.txt"] = semantic.told(window.shell.sidebar)
    for name, said in told.items():
        path, text = _FOLDER / name, _PORT.sub(":47190", said)
        if update:
            _FOLDER.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        kept = path.read_text(encoding="utf-8") if path.exists() else ""
        if kept != text:
            changes.append(difference(name, kept, text))
    assert not changes, "\n\n".join([*changes, "If that is wanted: --update-snapshots"])


def test_no_snapshot_is_left_of_a_page_that_is_gone():
    pages = [*(page.value for page in PageName), "frame"]
    wanted = {f"{page}-{state}.txt" for page in pages for state in ("full", "empty")}
    assert {path.name for path in _FOLDER.glob("*.txt")} == wanted


def test_a_widget_is_told_with_its_role_and_state(themes, qtbot):
    root = frame("card")
    root.setAccessibleName("Colours")
    button = Button("", "plain", "x", name="Close")
    button.setEnabled(False)
    hidden = label("Not seen")
    hidden.setAccessibleName("A hint")
    box = column(root)
    for each in (label("Two words"), button, hidden):
        box.addWidget(each)
    qtbot.addWidget(root)
    hidden.hide()
    root.show()
    assert semantic.told(root).splitlines() == [
        'QFrame (Border) named "Colours"',
        '  QLabel (StaticText) "Two words"',
        '  Button (Button) named "Close" [disabled, focusable]',
        "  (hidden) QLabel (StaticText): A hint",
    ]


def pinned_font():
    """Return the name of the font in use with its version, such as `inter-4.000`."""
    used = theme.font(Type.BODY)
    family = QFontInfo(used).family()
    head = bytes(QRawFont.fromFont(used).fontTable("head"))
    return f"{family.lower()}-{int.from_bytes(head[4:8], 'big') / 65536:.3f}"


def worst_block(one, other):
    """Return how far the block that differs most does (0 to 255, on average), and where it is."""
    apart = np.abs(_values(one) - _values(other)).max(axis=2)
    high, wide = (size // _BLOCK for size in apart.shape)
    cut = apart[: high * _BLOCK, : wide * _BLOCK].reshape(high, _BLOCK, wide, _BLOCK)
    means = cut.mean(axis=(1, 3))
    row, column = np.unravel_index(means.argmax(), means.shape)
    return float(means.max()), (int(column) * _BLOCK, int(row) * _BLOCK)


def _values(image):
    flat = np.frombuffer(image.constBits(), dtype=np.uint8).astype(np.int16)
    return flat.reshape(image.height(), image.width(), 4)[:, :, :3]


@pytest.mark.pixels
async def test_how_each_page_looks(themes, request, tmp_path):
    if not pinned_font().startswith(_FONT.lower()):
        pytest.skip(f"painted in {pinned_font()}; the pictures are in {_FONT}: fonts-inter has it")
    folder = _FOLDER / pinned_font()
    update = request.config.getoption("--update-snapshots")
    if not update and not folder.is_dir():
        kept = ", ".join(path.name for path in _FOLDER.iterdir() if path.is_dir())
        pytest.skip(f"painted in {pinned_font()}; the pictures are in {kept}")
    folder.mkdir(parents=True, exist_ok=True)
    wrong = []
    with american():
        async with full() as session:
            for scheme in _SCHEMES:
                themes.show_scheme(scheme)
                async with window_over(session, themes) as window:
                    for page in PageName:
                        await show(window, page, pictures.filled)
                        path = await pictures.save(window, tmp_path / f"{page.value}-{scheme}.png")
                        found = _small(QImage(str(path)))
                        kept = folder / path.name
                        if update:
                            assert found.save(str(kept), "PNG", 0)
                        far, place = worst_block(found, _small(QImage(str(kept))))
                        if far > _FAR:
                            wrong.append(f"{path.name}: {far:.0f} apart at {place}, see {path}")
    assert not wrong, "\n".join([*wrong, "If that is wanted: --pixels --update-snapshots"])


def _small(image):
    ways = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    return image.scaled(_KEPT, *ways).convertToFormat(QImage.Format.Format_RGB32)


def test_pictures_that_differ_are_told_from_those_that_do_not(qapp, themes):
    def painted(text, color="#57575F", shift=0.0):
        image = QImage(QSize(*_SIZE), QImage.Format.Format_RGB32)
        image.fill(QColor("#FFFFFF"))
        painter = QPainter(image)
        painter.setFont(theme.font(Type.BODY))
        painter.setPen(QColor(color))
        painter.drawText(QPointF(64 + shift, 64), text)
        painter.end()
        return _small(image)

    kept = painted("Groceries 42.17")
    assert worst_block(kept, painted("Groceries 42.17"))[0] == 0.0
    assert worst_block(kept, painted("Groceries 42.17", "#5A5A62"))[0] < _FAR
    for other in (painted("Groceries 42.80"), painted("Groceries 42.17", shift=3)):
        far, (x, y) = worst_block(kept, other)
        assert far > _FAR
        assert 16 <= x < 96
        assert y == 16
