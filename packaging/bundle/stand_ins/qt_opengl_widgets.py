"""Stands for PySide6.QtOpenGLWidgets: pyqtgraph derives widgets from it that nobody makes here."""

from PySide6.QtWidgets import QWidget as QOpenGLWidget

__all__ = ["QOpenGLWidget"]
