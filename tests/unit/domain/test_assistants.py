"""What an answer to an assistant leaves behind, as one Hive hands it to another."""

import json

import pytest

from hive_desktop.domain.assistants import Kept, KeptReceipt, client_name, place_name

KEPT = Kept("Claude", "balances", 2, '{"content": "…"}', "…", "{}", "", (KeptReceipt("{}", "a"),))


def test_what_is_kept_comes_back_as_it_was():
    assert Kept.from_text(KEPT.to_text()) == KEPT
    assert Kept.from_text(KEPT.after(1.5).to_text()).seconds == 1.5


@pytest.mark.parametrize(
    "change",
    [
        {"client": 7}, {"rows": "2"}, {"seconds": None}, {"receipts": None}, {"session": "no hex"},
        {"receipts": [{"text": 1, "told": "a"}]}, {"receipts": [{"text": "a"}]}, {"more": "words"},
    ],
)  # fmt: skip
def test_what_is_something_else_is_refused(change):
    with pytest.raises(ValueError, match=r"nothing that was kept|hexadecimal"):
        Kept.from_text(json.dumps(json.loads(KEPT.to_text()) | change))
    for text in ("", "[]", "7", "{}"):
        with pytest.raises(ValueError, match=r".+"):
            Kept.from_text(text)


def test_names_of_assistants_are_one_bounded_line():
    assert client_name("  Claude\nDesktop\x1b[31m ") == "Claude Desktop [31m"
    assert client_name("\x00\n") == client_name("") == "An assistant"
    assert len(client_name("x" * 500)) == 60
    assert place_name("Claude (Desktop) 1.2") == "claude-desktop-1-2"
    assert place_name("find_transactions") == "find_transactions"
    assert place_name("../../ä") == "unknown"
