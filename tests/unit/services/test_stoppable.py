"""Long work off the loop's thread: it hears a no before its last step, and ends with the loop."""

import asyncio

import pytest

from hive_desktop.ports.backups import Phase
from hive_desktop.services import stoppable as module
from hive_desktop.services.stoppable import Teller, stoppable

LAST = (Phase.COPYING, 1, 1)


@pytest.mark.parametrize("answer", [True, False])
def test_a_last_question_waits_for_its_answer(answer):
    heard = []

    def hear(*far):
        heard.append(far)
        return answer

    assert asyncio.run(stoppable(lambda told: told.ask(*LAST), hear)) is answer
    assert heard == [LAST]


def test_nobody_who_hears_says_no():
    assert asyncio.run(stoppable(lambda told: told.ask(*LAST)))


def test_what_the_listener_raises_ends_the_work():
    def hear(*_far):
        raise LookupError

    with pytest.raises(LookupError):
        asyncio.run(stoppable(lambda told: told.ask(*LAST), hear))


@pytest.mark.parametrize("is_closed", [False, True], ids=["stopped", "closed"])
def test_a_loop_that_has_ended_says_no(monkeypatch, is_closed):
    monkeypatch.setattr(module, "_ASK_AGAIN_S", 0.01)
    loop = asyncio.new_event_loop()
    if is_closed:
        loop.close()
    assert not Teller(loop, lambda *_: True).ask(*LAST)
    loop.close()
