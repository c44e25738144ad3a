import ast
import io
import logging
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hive_desktop import logs
from hive_desktop.logs import telling
from hive_desktop.logs.files import BoundedFileHandler

ROOT = Path(__file__).parents[2] / "hive_desktop"
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
PERSONAL = [
    "Mira Quellwasser",
    "Jürgen Müller-Lüdenscheidt",
    "Kettle & Sons GmbH",
    "mira.quellwasser@example.org",
    "DE89 3704 0044 0532 0130 00",
    "4.711,25",
    "-12.34",
    "/home/mira/.local/share/hive-desktop/vault",
    "C:\\Users\\mira\\AppData",
    "quellhost",
    "eleven brass kettles",
    "田中さくら",
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
        record = logging.LogRecord("x", 40, "f", 1, "failed", None, sys.exc_info())
    assert SECRETS[0] not in formatter.format(record)
    assert "ValueError" in formatter.format(record)


@pytest.fixture
def clean_root():
    level = logging.getLogger().level
    yield
    logs.tear_down()
    logging.getLogger().setLevel(level)


def text_of(folder):
    return "".join(file.read_text(encoding="utf-8") for file in folder.glob("hive.log*"))


def parts_of(secret):
    parts = [part for part in re.split(r"\W+", secret) if len(part) > 3 or part.isdigit()]
    return [part for part in parts if part.casefold() not in telling.WORDS]


def test_the_file_holds_known_words_alone(tmp_path, clean_root, caplog):
    logs.set_up(tmp_path / "logs")
    log = logging.getLogger("hive_desktop.services.sync")
    for value in (*SECRETS, *PERSONAL):
        log.info("task %s ended with %s", value, "VaultBusyError")
        log.info(f"the statement of {value} failed")  # noqa: G004 - as a library would
        logging.getLogger(value).info("line")
        try:
            raise KeyError(value)  # noqa: TRY301 - the traceback is the point
        except KeyError:
            log.exception("a task of the window failed")
    caplog.clear()
    text = text_of(tmp_path / "logs")
    body = "\n".join(line.partition("Z ")[2] or line for line in text.splitlines())
    body = re.sub(r"(?<=elsewhere:)\d+", "", body)
    for value in (*SECRETS, *PERSONAL):
        assert value not in text
        for part in parts_of(value):
            assert part not in body, part
    assert "hive_desktop.services.sync: task *** ended with VaultBusyError" in text
    assert "raised KeyError: '***'" in text
    assert re.search(r"  at elsewhere:\d+$", text, re.MULTILINE)  # a test is no code of Hive's


def test_a_place_in_the_program_is_told_and_the_folder_before_it_is_not():
    home = "/home/mira/.venv/lib/python3.11/site-packages/urllib3/connection.py"
    assert telling.told_place(home, 7, "connect") == "  at urllib3/connection.py:7 connect"
    file = "/home/mira/hive/hive_desktop/services/sync.py"
    assert telling.told_place(file, 12, "_one") == "  at hive_desktop/services/sync.py:12 _one"
    assert telling.told_place("/home/mira/x.py", 3, "mira") == "  at elsewhere:3"
    windows = "C:\\Users\\mira\\hive_desktop\\ui\\app.py"
    assert telling.told_place(windows, 3, "run") == "  at hive_desktop/ui/app.py:3 run"


@given(st.text(max_size=200))
def test_what_was_told_is_told_again_without_a_change(text):
    once = telling.told(text)
    assert telling.told(once) == once
    assert telling.told_line(telling.told_line(text)) == telling.told_line(text)
    assert "\n" not in once
    assert all(word.casefold() in telling.WORDS for word in re.findall(r"[^\W\d_]{5,}", once)) or (
        re.search("[a-z][A-Z]|[A-Z]{2}[a-z]", once)
    )


def test_every_line_that_the_program_logs_is_in_known_words():
    """Else nobody could read it in the file."""
    seen = 0
    for file in ROOT.rglob("*.py"):
        if "relay" in file.parts or "sandbox" in file.parts:
            continue
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            is_log = isinstance(node.func.value, ast.Name) and node.func.value.id.endswith("_log")
            texts = [a.value for a in node.args if isinstance(a, ast.Constant)]
            for text in [one for one in texts if isinstance(one, str)] if is_log else ():
                plain = text.replace("%s", "item")
                assert telling.told(plain) == plain, (file.name, text)
                seen += 1
    assert seen > 15


def test_files_are_private_and_bounded_in_size_and_number(tmp_path):
    handler = BoundedFileHandler(tmp_path / "hive.log", largest=2_000, kept=3)
    handler.setFormatter(logs.TellingFormatter())
    for _ in range(400):
        handler.emit(logging.LogRecord("qt", 20, "f", 1, "the line broke", None, None))
    files = sorted(file.name for file in tmp_path.iterdir())
    assert files == ["hive.log", "hive.log.1", "hive.log.2", "hive.log.3"]
    for file in tmp_path.iterdir():
        assert file.stat().st_size <= 2_000
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    huge = logging.LogRecord("qt", 20, "f", 1, "line " * 100_000, None, None)
    handler.emit(huge)
    assert (tmp_path / "hive.log").stat().st_size <= 2_000


def test_libraries_write_no_line_for_each_request(tmp_path, clean_root):
    logs.set_up(tmp_path)
    for name in ("httpx", "mcp.server.streamable_http", "urllib3.connectionpool"):
        logging.getLogger(name).info("a request")
    logging.getLogger("hive_desktop.api").info("a line")
    assert len((tmp_path / logs.LOG_FILE).read_text().splitlines()) == 1


def test_the_folder_is_tightened(tmp_path, clean_root):
    (tmp_path / "logs").mkdir(mode=0o755)
    logs.set_up(tmp_path / "logs")
    assert stat.S_IMODE((tmp_path / "logs").stat().st_mode) == 0o700


def test_two_processes_share_the_file_and_lose_no_line(tmp_path):
    code = (
        "import logging, sys; from pathlib import Path; from hive_desktop import logs\n"
        "logs.set_up(Path(sys.argv[1]))\n"
        "for _ in range(300): logging.getLogger('qt').info('the line broke')"
    )
    started = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path)]) for _ in range(2)]
    assert [one.wait(30) for one in started] == [0, 0]
    lines = (tmp_path / "hive.log").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 600
    assert all(line.endswith("INFO qt: the line broke") for line in lines)


def test_nothing_that_goes_wrong_with_the_log_is_heard_of(tmp_path, clean_root, capsys):
    logs.set_up(tmp_path)
    log = logging.getLogger("qt")
    log.info("one %s and %s", *["value"])  # arguments that do not fit
    assert "a line of the log failed" in text_of(tmp_path)
    (tmp_path / "hive.log").unlink()
    (tmp_path / "hive.log").mkdir()
    log.info("the line broke")
    (tmp_path / "hive.log").rmdir()
    (tmp_path / "elsewhere.txt").write_text("kept", encoding="utf-8")
    (tmp_path / "hive.log").symlink_to(tmp_path / "elsewhere.txt")
    log.info("the line broke")
    assert (tmp_path / "elsewhere.txt").read_text(encoding="utf-8") == "kept"
    assert "Traceback" not in capsys.readouterr().err


def test_setting_up_twice_writes_each_line_once(tmp_path, clean_root):
    logs.set_up(tmp_path)
    logs.set_up(tmp_path)
    logging.getLogger("test").info("once")
    assert (tmp_path / "hive.log").read_text(encoding="utf-8").count("once") == 1


def test_a_folder_that_cannot_be_made_is_no_reason_not_to_start(tmp_path, clean_root):
    (tmp_path / "file").write_text("in the way")
    logs.set_up(tmp_path / "file" / "logs")
    logging.getLogger("test").info("still alive")


def test_lines_that_somebody_else_wrote_into_the_file_are_held_to_known_words(tmp_path):
    lines = [
        "2026-11-27T10:00:00Z ERROR mira.quellwasser: Kettle & Sons 12.34",
        "Mira Quellwasser paid 4711",
        "  raised ValueError: Mira Quellwasser",
        "2026-11-27T10:00:00Z INFO qt: the line broke",
    ]
    (tmp_path / "hive.log").write_text("\n".join(lines), encoding="utf-8")
    found = logs.recent(tmp_path, 10)
    assert found[0] == "2026-11-27T10:00:00Z ERROR other: ***"
    assert found[-1].endswith("qt: the line broke")
    assert not {"Mira", "Quellwasser", "4711", "Kettle"} & set(re.split(r"\W+", " ".join(found)))


def test_only_a_terminal_hears_whole_messages(clean_root, monkeypatch, caplog):
    """A desktop keeps what a program says elsewhere in the system's own log."""
    for is_terminal in (False, True):
        heard = io.StringIO()
        heard.isatty = lambda is_terminal=is_terminal: is_terminal
        monkeypatch.setattr(sys, "stderr", heard)
        logs.set_up(None)
        logging.getLogger("hive_desktop.services.sync").error("a task of %s failed", PERSONAL[0])
        assert (PERSONAL[0] in heard.getvalue()) is is_terminal
        assert heard.getvalue().rstrip().endswith("failed")
    caplog.clear()
