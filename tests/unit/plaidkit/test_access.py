import pytest

from hive_desktop.plaidkit.access import Access, LinkOptions
from hive_desktop.plaidkit.egress import Recorder, masked
from hive_desktop.plaidkit.errors import Advice, PlaidError
from hive_desktop.plaidkit.hosts import resolve_host


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("production", "https://production.plaid.com"),
        ("sandbox", "https://sandbox.plaid.com"),
        ("https://production.plaid.com", "https://production.plaid.com"),
        ("http://127.0.0.1:8900/", "http://127.0.0.1:8900"),
        ("http://localhost:1", "http://localhost:1"),
        ("http://[::1]:9", "http://[::1]:9"),
        ("https://127.0.0.1:8900", "https://127.0.0.1:8900"),
    ],
)
def test_hosts_that_get_the_keys(name, base):
    assert resolve_host(name) == base


@pytest.mark.parametrize(
    "name",
    [
        "",
        "development",
        "http://production.plaid.com",
        "https://plaid.example.org",
        "http://127.0.0.1.example.org",
        "http://user@127.0.0.1:80",
        "http://127.0.0.1:80/path",
        "http://127.0.0.1:80?x=1",
        "http://127.0.0.1:99999",
        "http://10.0.0.1",
        "ftp://127.0.0.1",
        "http://[::1",
    ],
)
def test_hosts_that_do_not(name):
    with pytest.raises(PlaidError) as caught:
        Access(name, "id", "secret")
    assert (caught.value.code, caught.value.advice) == ("UNKNOWN_HOST", Advice.CONFIG)


@pytest.mark.parametrize("key", ["", "two words", "line\nbreak", "ключ", "x" * 300])
def test_keys_that_cannot_travel_are_refused_and_not_repeated(key):
    for pair in ((key, "secret"), ("id", key)):
        with pytest.raises(PlaidError) as caught:
            Access("sandbox", *pair)
        assert str(caught.value) == "INVALID_API_KEYS"


def test_no_text_form_shows_a_secret():
    shown = repr(Access("sandbox", "the-id", "the-secret")) + repr(
        LinkOptions("u", relink_token="access-sandbox-1")
    )
    assert "the-id" not in shown
    assert "the-secret" not in shown
    assert "access-sandbox" not in shown


def test_bodies_are_masked_at_any_depth():
    body = b'{"access_token":"a1","n":[{"secret":"s1","public_token":null}],"link_token":"l1"}'
    text = masked(body)
    assert text == (
        '{"access_token":"***","n":[{"secret":"***","public_token":"***"}],"link_token":"***"}'
    )
    assert masked(b'{"access_token": "a1"') == "***"


def test_the_hash_depends_on_key_and_body():
    def digest(key, body):
        return Recorder(key, lambda: None, lambda _: None).digest(body)

    assert len(digest(b"a" * 32, b"x")) == 32
    assert len({digest(b"a" * 32, b"x"), digest(b"b" * 32, b"x"), digest(b"a" * 32, b"y")}) == 3
    with pytest.raises(ValueError, match="16 to 64"):
        Recorder(b"short", lambda: None, lambda _: None)
