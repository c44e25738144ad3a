"""Whether the model that is set up answers, and how well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hive_desktop.i18n import mark, tr
from hive_desktop.ui.kit import aio, dates
from hive_desktop.ui.kit.theme import Type
from hive_desktop.ui.kit.widgets import Button, on_click, paragraph, set_tone

if TYPE_CHECKING:
    from collections.abc import Callable

    from hive_desktop.ports.ai import TestResult
    from hive_desktop.ports.errors import HiveError
    from hive_desktop.ui.page import PageContext

_TEST = mark("Test connection")


class ConnectionTest:
    """A button, and the line that says what it found.

    Args:
        context: the page's own.
        failed: hears what went wrong; None when another try begins.
        tested: called after an answer.
    """

    def __init__(
        self,
        context: PageContext,
        failed: Callable[[HiveError | None], None],
        tested: Callable[[], None] | None = None,
    ) -> None:
        self._context = context
        self._failed = failed
        self._tested = tested
        self.button = Button(tr(_TEST))
        self.result = paragraph("", Type.SMALL)
        self.result.hide()
        on_click(self.button, self.run)

    def run(self) -> None:
        """Ask the model something small."""
        self._failed(None)
        aio.spawn(self._context.scope, self._test(), on_error=self._failed, name="ai-test")

    async def _test(self) -> None:
        self.button.setEnabled(False)
        self.button.setText(tr("Testing\N{HORIZONTAL ELLIPSIS}"))
        self.result.hide()
        try:
            found = await self._context.session.ai.test()
        finally:
            self.button.setEnabled(True)
            self.button.setText(tr(_TEST))
        words, is_good = result_words(found)
        self.result.setText(words)
        set_tone(self.result, "income" if is_good else "warning")
        self.result.show()
        if self._tested is not None:
            self._tested()


def result_words(result: TestResult) -> tuple[str, bool]:
    """Return what a test found, and whether that is all that could be wished."""
    time = dates.duration(result.seconds)
    if result.keeps_form:
        words = tr(
            "{model} answered in {time}, in the form that was asked for.",
            model=result.model,
            time=time,
        )
        return words, True
    words = tr(
        "{model} answered in {time}, but does not keep to the form. Its answers are checked one "
        "by one.",
        model=result.model,
        time=time,
    )
    return words, False
