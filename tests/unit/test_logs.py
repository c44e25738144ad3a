import logging

import pytest

from hive_desktop import logs

SECRETS = [
    "access-sandbox-7c69d345-fda6-4e9a-bd3e-02e1dd1c1d9c",
    "public-production-abc123-def",
    "link-sandbox-0123456789",
    "Bearer abc.def.ghi",
    "x'00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff'",
    "sk-abcdefgh12345678",
    "4111 1111 1111 1111",
    "hs1.k1a2b3c4.aXRlbQ.c2VhbGVkLXRva2Vu",
    "hr1.0123456789abcdef0123456789abcdef.c2VjcmV0LXJhbmRvbQ",
    "hi-y2B1GDmLPddR4RsZjSp4HWq1",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl",
]


@pytest.mark.parametrize("secret", SECRETS)
def test_what_looks_like_a_secret_is_masked(secret):
    assert secret not in logs.redact(f"before {secret} after")
    assert logs.redact(f"before {secret} after").startswith("before ")


def test_ordinary_words_and_numbers_stay():
    text = "3 pages, 1500 rows on 2026-11-23 in 0.52 s"
    assert logs.redact(text) == text


def test_a_traceback_is_masked_too(tmp_path):
    formatter = logs.RedactingFormatter("%(message)s")
    try:
        raise ValueError(SECRETS[0])  # noqa: TRY301 - the traceback is the point
    except ValueError:
        record = logging.LogRecord("x", 40, "f", 1, "failed", None, __import__("sys").exc_info())
    assert SECRETS[0] not in formatter.format(record)
    assert "ValueError" in formatter.format(record)


@pytest.fixture
def clean_root():
    level = logging.getLogger().level
    yield
    logs.tear_down()
    logging.getLogger().setLevel(level)


def test_the_file_holds_masked_lines(tmp_path, clean_root):
    logs.set_up(tmp_path / "logs")
    logging.getLogger("test").info("token %s", SECRETS[0])
    text = (tmp_path / "logs" / "hive.log").read_text(encoding="utf-8")
    assert "token ***" in text


def test_setting_up_twice_writes_each_line_once(tmp_path, clean_root):
    logs.set_up(tmp_path)
    logs.set_up(tmp_path)
    logging.getLogger("test").info("once")
    assert (tmp_path / "hive.log").read_text(encoding="utf-8").count("once") == 1


def test_a_folder_that_cannot_be_made_is_no_reason_not_to_start(tmp_path, clean_root):
    (tmp_path / "file").write_text("in the way")
    logs.set_up(tmp_path / "file" / "logs")
    logging.getLogger("test").info("still alive")
