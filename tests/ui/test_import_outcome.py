"""What an import would do, of more rows than a dialog shows."""

import gc
import weakref
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from hive_desktop.domain.days import to_day
from hive_desktop.domain.importing import Judged, Verdict
from hive_desktop.domain.manual import ManualAccount, ManualKind
from hive_desktop.domain.statements import (
    FileAccount,
    FileKind,
    FileRow,
    ReadFile,
    Refused,
    Statement,
)
from hive_desktop.services.importing_preview import Preview, Section
from hive_desktop.services.importing_source import Source
from hive_desktop.services.importing_targets import Target
from hive_desktop.ui.importing.outcome import Outcome
from hive_desktop.ui.kit.widgets import Elided
from tests.ui.helpers import until

DAY = to_day(date(2026, 11, 2))
NEW, DOUBTFUL = 130, 5


@pytest.fixture
def preview():
    new = [
        Judged(FileRow(at, DAY, (-1) ** at * 100, "", f"New {at}"), Verdict.NEW)
        for at in range(NEW)
    ]
    doubtful = [
        Judged(FileRow(at, DAY, 250, "USD", f"Odd {at}"), Verdict.DOUBTFUL)
        for at in range(DOUBTFUL)
    ]
    unread = [Refused(at, "", "There is no amount.") for at in range(3)]
    rows = [*new, *doubtful]
    statement = Statement(FileAccount(), [one.row for one in rows], refused=unread)
    source = Source(Path("mine.csv"), ReadFile(FileKind.CSV, [statement]))
    target = Target(new=ManualAccount("Mine", ManualKind.CHECKING, "EUR"))
    return Preview([Section(source, statement, target, rows)])


def titles(outcome):
    return [one.full() for one in outcome.findChildren(Elided)][::2]


async def test_many_rows_come_a_screen_at_a_time_and_never_into_another_tab(themes, preview):
    preview.add_up()
    (section,) = preview.sections
    assert preview.counts == (NEW, 0, DOUBTFUL, 3)
    assert section.sums(Verdict.NEW) == {"EUR": (6_500, 6_500)}
    assert section.sums(*Verdict) == {"EUR": (6_500, 6_500), "USD": (1_250, 0)}
    outcome = Outcome(preview, lambda: None)
    first = titles(outcome)
    assert 0 < len(first) < 20
    await until(lambda: len(titles(outcome)) == 100)
    await until(lambda: any(one.text() == "and 30 more" for one in outcome.findChildren(QLabel)))
    assert titles(outcome) == [f"New {at}" for at in range(100)]
    outcome.show_verdict(Verdict.NEW)
    outcome.show_verdict(Verdict.DOUBTFUL)
    outcome.show_verdict(Verdict.NEW)
    outcome.show_verdict(Verdict.REFUSED)
    assert [one.split(",")[0] for one in titles(outcome)[-3:]] == ["mine.csv"] * 3
    outcome.deleteLater()


async def test_a_closed_outcome_lets_go_of_the_rows_at_once(themes, preview):
    outcome = Outcome(preview, lambda: None)
    section = weakref.ref(preview.sections[0])
    preview.sections.clear()
    assert section() is not None  # what adds more lines has it
    gc.disable()
    try:
        outcome.forget()
        await until(lambda: section() is None)
    finally:
        gc.enable()
    outcome.deleteLater()
