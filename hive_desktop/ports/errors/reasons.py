"""What the system says when it refuses something, made known to the catalogue.

An error has it as its `reason`, which `HiveError.rendered` says in the language in use. What is not
here is shown as the system says it.
"""

from __future__ import annotations

from typing import Final

from hive_desktop.i18n import mark

SYSTEM_REASONS: Final = (
    mark("refused"),
    mark("Permission denied"),
    mark("permission denied"),
    mark("Operation not permitted"),
    mark("operation not permitted"),
    mark("No such file or directory"),
    mark("no such file or directory"),
    mark("File exists"),
    mark("file exists"),
    mark("Is a directory"),
    mark("is a directory"),
    mark("Not a directory"),
    mark("not a directory"),
    mark("No space left on device"),
    mark("no space left on device"),
    mark("Disk quota exceeded"),
    mark("disk quota exceeded"),
    mark("Read-only file system"),
    mark("read-only file system"),
    mark("File name too long"),
    mark("file name too long"),
    mark("File too large"),
    mark("file too large"),
    mark("Input/output error"),
    mark("input/output error"),
    mark("Device or resource busy"),
    mark("device or resource busy"),
    mark("Address already in use"),
)
