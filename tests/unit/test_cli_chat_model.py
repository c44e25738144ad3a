"""A reply in the terminal, as it grows: no link, and nothing that moves the cursor."""

import asyncio

import pytest

from hive_desktop.cli import chat_model
from hive_desktop.domain.conversations import Conversation, Ended, Message, Role
from hive_desktop.domain.figures import FigureWords
from hive_desktop.domain.references import settled_length
from hive_desktop.domain.verification import checked
from hive_desktop.ports.chat import Correcting, Over, Verified, Wrote
from tests.unit.domain.replies import money, receipt, text

RECEIPTS = {
    "r1": receipt("r1", money("total", 123_456), text("name", "Evil\x1b]8;;http://e.vil\x07\x9b2J"))
}
SEEN = checked("\x1b[2J£5.00\x1b[0m and \x9b1A", RECEIPTS, FigureWords())


def written(said, capsys, step, *, is_corrected=False):
    talk = Conversation("terminal", receipts=dict(RECEIPTS))
    message = Message(Role.MODEL)

    async def stream():
        for end in range(step, len(said) + step, step):
            message.text = said[:end]
            is_whole = end >= len(said)
            yield Wrote(message, len(message.text) if is_whole else settled_length(message.text))
        if is_corrected:
            yield Correcting(message, 1)
            yield Verified(message, SEEN, is_corrected=True)
        yield Over(Ended.DONE, message, None)

    ended = asyncio.run(chat_model.follow(talk, stream(), as_json=False))
    assert ended.code == 0
    return capsys.readouterr()


@pytest.mark.parametrize("step", [1, 3, 1000])
def test_escapes_of_names_and_of_the_model_are_not_written(capsys, step):
    said = "At [[r1.name]] you\x1b[31m spent [[r1.total]].\r\nNext\x9b2J\tline"
    seen = written(said, capsys, step, is_corrected=True)
    for sign in "\x1b\x9b\x07\r":
        assert sign not in seen.out + seen.err
    assert "Evil\ufffd]8;;" in seen.out
    assert " spent £1,234.56." in seen.out
    assert "\tline\n" in seen.out
    assert "Not verified: " in seen.err
    assert "£1,234.56.\nNext" in seen.out


@pytest.mark.parametrize("step", [1, 2, 7, 1000])
@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Look [here](https://evil.example/?q=1) now!", "Look here now!"),
        ("Good! ![a b](https://evil.example/a.png) yes", "Good! a b yes"),
        ("[[r1.total]](http://evil.example) is it", "£1,234.56 is it"),
        ("[**[[r1.total]]**](http://evil.example) is it", "**£1,234.56** is it"),
        ("See https://evil.example/1?a=2 there", "See (a link was left out) there"),
        ("See <https://evil.example/a>\nwww.evil.example",
         "See (a link was left out)\n(a link was left out)"),
        ("a [b][c] d\n\n[c]: https://evil.example", "a b d\n\n"),
        ("[x](\nhttps://evil.example) y", "[x](\n(a link was left out)) y"),
        ("- one [[r1.total]] two\n- [ ] three", "- one £1,234.56 two\n- [ ] three"),
    ],
)  # fmt: skip
def test_links_are_left_out_while_it_streams(capsys, said, shown, step):
    assert written(said, capsys, step).out == f"{shown}\n"


def test_words_come_before_their_line_ends(capsys):
    talk = Conversation("terminal", receipts=dict(RECEIPTS))
    message = Message(Role.MODEL, text="You spent [[r1.total]] so f")
    seen = []

    async def stream():
        yield Wrote(message, len(message.text))
        seen.append(capsys.readouterr().out)

    asyncio.run(chat_model.follow(talk, stream(), as_json=False))
    assert seen == ["You spent £1,234.56 so "]
    assert capsys.readouterr().out == "f\n"
