"""Tools over the ledger: what a chat asks, and the receipts that it gets. Nothing here writes."""

from __future__ import annotations

from hive_desktop.services.chat_tools.specs import MOST_LINES, SPECS, ToolInputError, ToolSpec
from hive_desktop.services.chat_tools.tools import ChatTools

__all__ = ["MOST_LINES", "SPECS", "ChatTools", "ToolInputError", "ToolSpec"]
