"""Stands for PySide6.QtOpenGL: pyqtgraph imports it always, and uses it where OpenGL is on."""
