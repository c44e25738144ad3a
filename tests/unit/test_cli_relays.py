"""What `hive relay` prints of a relay's words."""

from hive_desktop.cli import relays


def test_what_the_relay_knows_is_printed_group_by_group(capsys):
    relays._print_known([{"name": "one", "revoked_at": None}, {"name": "one", "revoked_at": None}])
    relays._print_known([])
    relays._print_known("word")
    assert capsys.readouterr().out == (
        "  name: one\n  revoked at: -\n\n  name: one\n  revoked at: -\n  nothing\n  word\n"
    )


def test_no_word_of_a_relay_moves_the_cursor(capsys):
    relays._print_known([{"na\x1b[2Jme": "\x1b]0;title\x07\r\n\x9b31m"}, "\x1b[1A"])
    relays._say_status(
        {
            "signed_in": True,
            "url": "https://relay.example.org",
            "email": "mira@example.org",
            "expires_at": "2026-12-04T12:00:00+00:00",
            "device_id": "d",
            "devices": [{"id": "d", "name": "\x1b[31mkettle"}, {}],
            "new_banks": None,
        }
    )
    told = "".join(capsys.readouterr())
    assert "(this one)" in told
    assert "New banks are connected through nothing yet." in told
    assert all(c.isprintable() or c == "\n" for c in told)


def test_devices_that_are_signed_in():
    live, gone = {"id": "a", "revoked_at": None}, {"id": "b", "revoked_at": "2026"}
    assert relays._live_devices({"devices": [live, gone, "odd"]}) == [live]
    assert relays._live_devices({}) == []
    assert relays._live_devices({"devices": {}}) == []


def test_ways_in_the_middle_of_a_sentence():
    assert "own Plaid keys" in relays.session_way({"new_banks": "keys"})
    assert "https://r" in relays.session_way({"new_banks": "relay", "url": "https://r"})
