"""Makes the icon files of every system from the one drawing, `resources/icons/hive.svg`.

Run in a process of its own: `write` starts it, because Qt needs a platform without a screen.
"""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from pathlib import Path
from typing import Final

from bundle import project

DRAWING: Final = project.ROOT / "resources" / "icons" / "hive.svg"
SIZES: Final = (16, 22, 24, 32, 48, 64, 128, 256, 512)
"""What the themes of Linux have."""

# Windows' small and large icons at 100 to 250 percent, and the largest that Explorer shows.
_ICO: Final = (16, 20, 24, 32, 40, 48, 64, 96, 128, 256)
# Only the largest may be a PNG: not all that reads icons reads them in the others.
_PNG_FROM: Final = 256
# The kinds of pictures in an .icns file, by their size; some are another's for twice the points.
_ICNS: Final = {
    b"icp4": 16, b"icp5": 32, b"ic07": 128, b"ic08": 256, b"ic09": 512,
    b"ic11": 32, b"ic12": 64, b"ic13": 256, b"ic14": 512, b"ic10": 1024,
}  # fmt: skip
_PAINTED: Final = sorted({*SIZES, *_ICO, *_ICNS.values()})


def write(folder: Path) -> None:
    """Make `hive-SIZE.png` of each size, `hive.ico` and `hive.icns`.

    Raises:
        CalledProcessError: Qt could not paint.
    """
    folder.mkdir(parents=True, exist_ok=True)
    environment = os.environ | {
        "QT_QPA_PLATFORM": "offscreen",
        "PYTHONPATH": str(project.PACKAGING),
    }
    command = [sys.executable, "-m", "bundle.pictures", str(folder)]
    subprocess.run(command, env=environment, check=True)
    (folder / "hive.ico").write_bytes(_ico({size: _in_ico(folder, size) for size in _ICO}))
    (folder / "hive.icns").write_bytes(
        _icns({kind: _png(folder, size) for kind, size in _ICNS.items()})
    )


def _png(folder: Path, size: int) -> bytes:
    return (folder / f"hive-{size}.png").read_bytes()


def _in_ico(folder: Path, size: int) -> bytes:
    """Return a picture as an icon of Windows has it: 32 bits a pixel from below, and a mask."""
    if size >= _PNG_FROM:
        return _png(folder, size)
    rows = (folder / f"hive-{size}.bgra").read_bytes()
    row = 4 * size
    upwards = b"".join(rows[at : at + row] for at in range(len(rows) - row, -1, -row))
    # Each row of the mask is a multiple of 32 bits; its height counts as the picture's.
    mask = bytes(-(-size // 32) * 4 * size)
    head = struct.pack("<IiiHHIIiiII", 40, size, 2 * size, 1, 32, 0, len(rows), 0, 0, 0, 0)
    return head + upwards + mask


def _ico(pictures: dict[int, bytes]) -> bytes:
    """Return a Windows icon of pictures; a size of 256 is written as 0."""
    head = struct.pack("<HHH", 0, 1, len(pictures))
    at = len(head) + 16 * len(pictures)
    entries = b""
    for size, data in pictures.items():
        entries += struct.pack("<BBBBHHII", size % 256, size % 256, 0, 0, 1, 32, len(data), at)
        at += len(data)
    return head + entries + b"".join(pictures.values())


def _icns(pictures: dict[bytes, bytes]) -> bytes:
    """Return a macOS icon of PNG pictures."""
    body = b"".join(
        kind + struct.pack(">I", len(data) + 8) + data for kind, data in pictures.items()
    )
    return b"icns" + struct.pack(">I", len(body) + 8) + body


def _paint(folder: Path) -> None:
    from PySide6.QtCore import Qt  # noqa: PLC0415 - in the child alone
    from PySide6.QtGui import QGuiApplication, QImage, QPainter  # noqa: PLC0415 - as above
    from PySide6.QtSvg import QSvgRenderer  # noqa: PLC0415 - as above

    application = QGuiApplication(["pictures"])
    drawing = QSvgRenderer(str(DRAWING))
    for size in _PAINTED:
        picture = QImage(size, size, QImage.Format.Format_ARGB32)
        picture.fill(Qt.GlobalColor.transparent)
        with QPainter(picture) as painter:
            drawing.render(painter)
        picture.save(str(folder / f"hive-{size}.png"))
        (folder / f"hive-{size}.bgra").write_bytes(picture.constBits())
    del application


if __name__ == "__main__":
    _paint(Path(sys.argv[1]))
