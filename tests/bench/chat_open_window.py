"""The window of `chat_open`: opens a long and a short session in turns."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from hive_desktop.bootstrap.running import tune_interpreter
from hive_desktop.domain.changes import Actor
from hive_desktop.domain.conversations import Conversation, Ended, Message, Role, ToolCall
from hive_desktop.ports.chat_store import SessionPatch
from hive_desktop.ui import app
from hive_desktop.ui.kit.theme import Mode, ThemeManager, check_fonts
from hive_desktop.ui.page import PageName
from tests.bench import windows
from tests.bench.chat_open import FEW, MANY, TURNS
from tests.bench.chat_stream_window import Painted
from tests.bench.child import tell
from tests.bench.shared_vault import TODAY

if TYPE_CHECKING:
    from hive_desktop.domain.receipts import Receipt
    from hive_desktop.services.session import VaultSession

_A_TURN = 4  # question, call, result, reply
_ASKED = {
    "period": "all time", "categories": [], "merchants": [], "accounts": [], "group_by": "merchant",
}  # fmt: skip


async def fill(session: VaultSession, session_id: str, length: int, receipt: Receipt) -> None:
    talk = Conversation(session_id, f"{length} messages")
    now = session.clock.now()
    for number in range(length // _A_TURN):
        call = ToolCall(f"call-{number}", receipt.tool, json.dumps(_ASKED))
        key = talk.keep(replace(receipt)).id
        said = f"You spent **[[{key}.total]]**.\n\n- [[{key}.g1.name]]: [[{key}.g1.total]]"
        talk.messages += [
            Message(Role.PERSON, f"How much did I spend, number {number}?", at=now),
            Message(Role.MODEL, calls=(call,), ended=Ended.DONE, model="m", at=now),
            Message(Role.TOOL, "x" * 2_000, call_id=call.id, receipt=key, at=now),
            Message(Role.MODEL, said, ended=Ended.DONE, model="m", at=now),
        ]
    patch = SessionPatch(
        talk.id, talk.title, talk.receipts_made, dict(enumerate(talk.messages)),
        len(talk.messages), list(talk.receipts.values()),
    )  # fmt: skip
    await session.database.write(lambda writes: writes.chats.put(patch), actor=Actor.PERSON)


async def opened(page, desk, session_id: str) -> tuple[float, float]:
    """Return the milliseconds to the pixels of a session, and to its messages alone."""
    page.new()
    await page.settled()
    desk._open.drop(session_id)
    began = time.perf_counter()
    await desk.open(session_id)
    read = time.perf_counter() - began
    desk._open.drop(session_id)
    painted, began = Painted(), time.perf_counter()
    await page._open(session_id)
    await page.settled()
    QApplication.instance().removeEventFilter(painted)
    assert painted.at, "it was painted"
    return (painted.at - began) * 1000, read * 1000


async def watch(vault: Path) -> None:
    keys = windows.keys_given()
    async with windows.opened(vault, TODAY, keys, PageName.CHAT, read_only=False) as (
        window,
        session,
    ):
        page, desk = window.current_page(), session.chat_desk
        await page.settled()
        receipt = await session.chat_tools.run("spending_summary", _ASKED)
        names = {"few": f"{FEW:032x}", "many": f"{MANY:032x}"}
        for name, length in (("few", FEW), ("many", MANY)):
            await fill(session, names[name], length, receipt)
        told: dict[str, list[float]] = {}
        for turn in range(TURNS + 3):
            for name, session_id in names.items():
                pixels, read = await opened(page, desk, session_id)
                if turn > 2:  # the first turns warm caches
                    told.setdefault(name, []).append(pixels)
                    told.setdefault(f"{name}_read", []).append(read)
    tell(told)


def main() -> None:
    (vault,) = sys.argv[1:]
    tune_interpreter(has_window=True)
    application = app.application()
    check_fonts()
    ThemeManager(application).apply(Mode.LIGHT)
    with app.EventLoop(application) as loop:
        loop.run_until_complete(watch(Path(vault)))


if __name__ == "__main__":
    main()
