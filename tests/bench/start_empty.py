"""The floor of the start: an empty PySide6 window, until it is painted."""

from __future__ import annotations

import sys
import time

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QWidget


class Empty(QWidget):
    def paintEvent(self, event):
        super().paintEvent(event)
        QTimer.singleShot(0, self.painted)

    def painted(self):
        sys.stdout.write(f"painted {time.monotonic()}\n")
        QApplication.quit()


app = QApplication(sys.argv[:1])
window = Empty()
window.resize(1280, 800)
window.show()
app.exec()
