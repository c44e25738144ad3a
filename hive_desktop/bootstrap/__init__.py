"""The composition root: the one place that sees every layer and chooses the adapters.

The window, the sandbox bank and pictures are reached for only when asked, so that a `hive` command
without them loads neither Qt nor a server.
"""

from __future__ import annotations

from hive_desktop.bootstrap.instance import call_window
from hive_desktop.bootstrap.parts import (
    browser,
    clock_of,
    keychain,
    offline_model,
    vault_store,
    vocabulary,
)
from hive_desktop.bootstrap.running import interruptible, io_pool, run_async
from hive_desktop.bootstrap.session import open_session
from hive_desktop.bootstrap.window import (
    lifecycle,
    render_pages,
    run_gallery,
    run_offscreen,
    run_window,
    write_overview,
)

__all__ = [
    "browser",
    "call_window",
    "clock_of",
    "interruptible",
    "io_pool",
    "keychain",
    "lifecycle",
    "offline_model",
    "open_session",
    "render_pages",
    "run_async",
    "run_gallery",
    "run_offscreen",
    "run_window",
    "vault_store",
    "vocabulary",
    "write_overview",
]
