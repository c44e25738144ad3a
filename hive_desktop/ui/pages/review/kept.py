"""How often guesses were kept, by who made them: counted over rows that the person judged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QProgressBar

from hive_desktop.i18n import mark, tr
from hive_desktop.ui.kit.direction import end
from hive_desktop.ui.kit.theme import Space, Type
from hive_desktop.ui.kit.widgets import Icon, column, label, paragraph, row
from hive_desktop.ui.pages.review import sort_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from hive_desktop.ports.category_store import GuessRecord

_NONE = mark(
    "Nothing to count yet. When you keep or change a category that Hive gave, this says how often "
    "it was right."
)


class KeptCard(QFrame):
    """One line of each source: a bar and the counts."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        layout = column(self, gap=Space.M)
        layout.setContentsMargins(Space.L, Space.M, Space.L, Space.L)
        head = row(gap=Space.S)
        head.addWidget(Icon("trend", "accent_text", 18))
        head.addWidget(label(tr("How often Hive's category was kept"), Type.TITLE))
        head.addStretch(1)
        layout.addLayout(head)
        self._words = paragraph(tr(_NONE))
        layout.addWidget(self._words)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(Space.L)
        self._grid.setVerticalSpacing(Space.S)
        self._grid.setColumnStretch(1, 1)
        layout.addLayout(self._grid)
        self.lines: list[tuple[str, str]] = []
        self.show_records(())

    def show_records(self, records: Sequence[GuessRecord]) -> None:
        """Show records, those with most rows first."""
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        judged = [each for each in records if each.kept + each.changed]
        judged.sort(key=lambda each: -(each.kept + each.changed))
        self._words.setText(sort_words.kept_summary(judged) if judged else tr(_NONE))
        self.lines = [(sort_words.source(each), sort_words.kept(each)) for each in judged]
        for place, each in enumerate(judged):
            name, words = self.lines[place]
            bar = QProgressBar()
            bar.setTextVisible(False)
            bar.setRange(0, each.kept + each.changed)
            bar.setValue(each.kept)
            bar.setAccessibleName(_spoken(name, words))
            told = label(words, Type.BODY, tabular=True)
            told.setAlignment(end())
            self._grid.addWidget(label(name), place, 0)
            self._grid.addWidget(bar, place, 1, Qt.AlignmentFlag.AlignVCenter)
            self._grid.addWidget(told, place, 2)
        spoken = ". ".join(_spoken(name, words) for name, words in self.lines)
        title = tr("How often Hive's category was kept")
        self.setAccessibleName(f"{title}. {spoken}".strip())


def _spoken(name: str, words: str) -> str:
    return tr("{source}: {share} kept", source=name, share=words)
