"""A file is there once it is whole, is its owner's alone, and replaces nothing but a file."""

import errno
import os
import resource
import time
from contextlib import contextmanager

import pytest

from hive_desktop.domain.exporting import ExportFormat
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.ports.errors import HiveError, UsageError
from hive_desktop.services.whole_file import WholeFile


def test_two_that_write_the_same_file_do_not_meet(tmp_path):
    file = tmp_path / "rows.csv"
    with WholeFile(file) as one, WholeFile(file) as other:
        one.write("one")
        other.write("other")
        one.finish()
        assert file.read_text() == "one"
        other.finish()
        assert file.read_text() == "other"
    assert list(tmp_path.iterdir()) == [file]
    assert file.stat().st_mode & 0o777 == 0o600


def test_what_lies_there_is_never_filled(tmp_path, monkeypatch):
    file = tmp_path / "rows.csv"
    monkeypatch.setattr("secrets.token_hex", lambda count: "0" * count * 2)
    planted = tmp_path / f".hive-{'0' * 12}.part"
    planted.write_text("theirs")
    planted.chmod(0o666)
    with pytest.raises(UsageError), WholeFile(file):
        pass
    assert planted.read_text() == "theirs"
    planted.unlink()
    planted.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UsageError), WholeFile(file):
        pass
    assert not (tmp_path / "elsewhere").exists()


def test_a_draft_that_a_killed_process_left_is_cleared_away_after_a_day(tmp_path):
    names = (f".hive-{'a' * 12}.part", f".hive-{'b' * 12}.part", ".hive-notes.part")
    for name, days in zip(names, (2, 0.5, 2), strict=True):
        (tmp_path / name).write_text("left")
        then = time.time() - days * 24 * 3600
        os.utime(tmp_path / name, (then, then))
    with WholeFile(tmp_path / "rows.csv") as out:
        out.write("rows")
        out.finish()
    assert {one.name for one in tmp_path.iterdir()} == {"rows.csv", *names[1:]}


def test_what_standard_output_refuses_is_no_fault_of_the_vault(lived):
    def take(_text):
        raise BrokenPipeError(errno.EPIPE, "closed")

    async def work(world):
        with pytest.raises(BrokenPipeError):
            await world.session.exports.send(ExportFormat.CSV, TransactionQuery(), take)

    lived.run(work)


def test_a_pipe_or_folder_is_not_replaced(tmp_path):
    pipe, folder = tmp_path / "pipe", tmp_path / "folder"
    os.mkfifo(pipe)
    folder.mkdir()
    for file in (pipe, folder):
        with pytest.raises(UsageError, match="it is no file"), WholeFile(file):
            pass
    assert pipe.is_fifo()
    assert sorted(tmp_path.iterdir()) == [folder, pipe]


def test_a_long_name_is_written_too(tmp_path):
    file = tmp_path / f"{'x' * 251}.csv"
    with WholeFile(file) as out:
        out.write("whole")
        out.finish()
    assert file.read_text() == "whole"


def test_the_disk_has_it_before_it_takes_its_place(tmp_path, monkeypatch):
    file = tmp_path / "rows.csv"
    file.write_text("older")

    def refuse(_handle):
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr("os.fsync", refuse)
    with WholeFile(file) as out:
        out.write("newer")
        with pytest.raises(UsageError):
            out.finish()
    assert file.read_text() == "older"
    assert list(tmp_path.iterdir()) == [file]


@contextmanager
def files_of_at_most(count):
    """Let the system refuse files of more bytes, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (count, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("what", [ExportFormat.CSV, ExportFormat.HLEDGER, "archive", "plain"])
def test_a_disk_that_is_full_leaves_the_older_file(lived, tmp_path, what):
    file = tmp_path / "all"
    file.write_text("older")

    async def work(world):
        exports = world.session.exports
        if what == "archive":
            writing = exports.write_archive(file)
        elif what == "plain":
            writing = exports.write_plain(file)
        else:
            writing = exports.write(what, TransactionQuery(), file)
        with files_of_at_most(8_192), pytest.raises(HiveError) as caught:
            await writing
        return caught.value

    title, message, hint = lived.run(work).rendered()
    assert "vault" not in f"{title} {message}".lower()  # nothing is wrong with it
    assert "too large" in message or "disk" in message
    assert hint
    assert file.read_text() == "older"
    assert list(tmp_path.iterdir()) == [file]
