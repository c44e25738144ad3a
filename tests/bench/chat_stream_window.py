"""The window of `chat_stream`: asks, and a model in the same process answers."""

from __future__ import annotations

import asyncio
import itertools
import sys
import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication

from hive_desktop.bootstrap.running import tune_interpreter
from hive_desktop.domain.receipts import Cell, CellKind, Receipt
from hive_desktop.ports.chat import DonePart, Finish, TextPart
from hive_desktop.ui import app
from hive_desktop.ui.kit.prose import Prose
from hive_desktop.ui.kit.theme import Mode, ThemeManager, check_fonts
from hive_desktop.ui.page import PageName
from tests.bench import windows
from tests.bench.chat_stream import ASKED, RATE, SECONDS
from tests.bench.child import tell
from tests.bench.shared_vault import TODAY
from tests.bench.sync_stall_window import Heart, beats_while_idle

WORDS = (
    *("the", "largest", "part", "went", "to", "the", "*market*", "and", "to", "**rent**"),
    *("as", "in", "every", "other", "month"),
)
_PARAGRAPH = 60
_LINE = ("for", " x", " in", " range", "(", "n", "):", " print", "(", "x", ")\n")


def tokens():
    """What the model says: words, a table of 60 rows and 6 columns, a fence of 400 lines."""
    cells = ("| ", "[[", "r1", ".", "name", "{}", "]]", " | ", "[[", "r1", ".", "sum", "{}", "]]")
    while True:
        yield from paragraphs(20)
        yield from ("Here", " it", " is", ":\n\n", "| a | b | c | d | e | f |\n", "|---|--:|--:|")
        yield from ("--:|--:|---|\n",)
        for number in range(60):
            yield from (one.format(number) for one in cells)
            yield from (" | ", "[[share", " r1.sum", str(number), " r1.sum", "59", "]]", " | ")
            yield from ("**often**", " | ", "at", " least", " | ", "word", " |\n")
        yield "\n"
        yield from paragraphs(5)
        yield "```python\n"
        for _ in range(400):
            yield from _LINE
        yield "```\n\n"


def paragraphs(count):
    words = itertools.cycle(WORDS)
    for number in range(count * _PARAGRAPH):
        yield next(words) + ("\n\n" if number % _PARAGRAPH == _PARAGRAPH - 1 else " ")


_WAITS_S = 0.1


def receipt():
    cells = [Cell(f"name{n}", CellKind.TEXT, f"Merchant {n}") for n in range(60)]
    cells += [Cell(f"sum{n}", CellKind.MONEY, 1_050 * (n + 1), "GBP") for n in range(60)]
    return Receipt("", "top_merchants", {}, "Merchants", tuple(cells))


class Model:
    """A back-end that gives so many tokens at so many a second."""

    model = "bench"
    price = None
    history_tokens = 8_000

    def __init__(self, count: int, rate: float) -> None:
        self._tokens, self._rate = count, rate
        self.first_at = 0.0
        self.given = 0
        self.text = ""

    async def stream(self, _request: object):
        await asyncio.sleep(_WAITS_S)
        began = self.first_at = time.perf_counter()
        for number, token in enumerate(itertools.islice(tokens(), self._tokens)):
            late = began + number / self._rate - time.perf_counter()
            if late > 0:
                await asyncio.sleep(late)
            self.given += 1
            self.text += token
            yield TextPart(token)
        yield DonePart(Finish.STOP, (), None, self.model)

    async def close(self) -> None:
        await asyncio.sleep(0)


class Painted(QObject):
    """Notes when words of a reply were painted first."""

    def __init__(self) -> None:
        super().__init__()
        self.at = 0.0
        QApplication.instance().installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not self.at and event.type() == QEvent.Type.Paint:
            prose = watched.parent()
            if isinstance(prose, Prose) and prose.words():
                QTimer.singleShot(0, self, self._note)  # the window has been flushed then
        return False

    def _note(self) -> None:
        self.at = self.at or time.perf_counter()


async def first(page, session) -> None:
    given, pixels = [], []
    for _ in range(ASKED):
        page.new()
        await page.settled()
        model = session.ai._chat = Model(3, 100)
        painted, began = Painted(), time.perf_counter()
        page.ask("Where did it go?")
        await page.settled()
        QApplication.instance().removeEventFilter(painted)
        assert painted.at, "it was painted"
        given.append((model.first_at - began) * 1000)
        pixels.append((painted.at - began) * 1000)
    tell({"given": given[3:], "pixels": pixels[3:]})


async def stall(page, session) -> None:
    session.ai._chat = Model(3, 100)
    page.ask("Where did it go?")  # what is made once is made
    await page.settled()
    await asyncio.sleep(1)
    before = await beats_while_idle()
    page.conversation.keep(receipt())
    model = session.ai._chat = Model(RATE * SECONDS, RATE)
    heart, began = Heart(), time.perf_counter()
    page.ask("And in all other months?")
    await page.settled()
    seconds = time.perf_counter() - began
    heart.stop()
    await asyncio.sleep(1)
    after = await beats_while_idle()
    shown = page.transcript.turns[-1].answers[-1].words().split()
    said = model.text.replace("*", " ").split()
    tell(
        {
            "before": before, "busy": heart.late, "at": heart.at, "after": after,
            "seconds": seconds, "tokens": model.given,
            "shown": [shown.count(word) == said.count(word) for word in ("the", "often", "for")],
        }
    )  # fmt: skip


async def watch(what: str, vault: Path) -> None:
    keys = windows.keys_given()
    async with windows.opened(vault, TODAY, keys, PageName.CHAT, read_only=False) as (
        window,
        session,
    ):
        page = window.current_page()
        await page.settled()
        session.ai._settings = object()  # there is a model to ask
        try:
            await {"first": first, "stall": stall}[what](page, session)
        finally:
            session.ai._settings = None


def main() -> None:
    what, vault = sys.argv[1:]
    tune_interpreter(has_window=True)
    application = app.application()
    check_fonts()
    ThemeManager(application).apply(Mode.LIGHT)
    with app.EventLoop(application) as loop:
        loop.run_until_complete(watch(what, Path(vault)))


if __name__ == "__main__":
    main()
