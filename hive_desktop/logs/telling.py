"""What a log and a report say: words that the program knows, and places in code.

Nothing is taken out of a text; what is known to be harmless is kept, and the rest is one mask. So
no name, amount, address, path or token can stand in a log, whoever put it into a message: numbers
go, and a word stays only where it is one of `words.WORDS`. Texts that are told once are told again
without a change, so that what was written down is held to it once more before it is passed on.
"""

from __future__ import annotations

import re
import traceback
from typing import TYPE_CHECKING, Final

from hive_desktop.logs.words import WORDS

if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from types import CodeType, TracebackType

MASK: Final = "***"
LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")
_LONGEST: Final = 400
_LONGEST_READ: Final = 4_000
_MOST_CAUSES: Final = 5
_MOST_FRAMES: Final = 60
_CHUNK: Final = re.compile(r"[^\s,;:()\[\]{}<>\"'=]+")
_RUN: Final = re.compile(r"\w+")
_PIECE: Final = re.compile(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[^A-Za-z_]+")
# A status of HTTP, and a number of the system's errors.
_CODE: Final = re.compile(r"HTTP_[1-5]\d\d|(?<=Errno )\d{1,3}", re.ASCII)
_LOGGER: Final = re.compile(
    r"(?:hive_desktop|qt|asyncio|py|urllib3|httpx2?|openai|plaid|alembic|sqlalchemy|keyring|qasync)"
    r"(?:\.[a-z_]{1,40}){0,6}",
    re.ASCII,
)
_ODD: Final = re.compile(r"[^\w\s!-/:-@\[-`{-~]|[\x00-\x1f]+")
_MASKS: Final = re.compile(r"\*{3,}(?:[\W_]*\*{3})+")
_NAME: Final = r"[A-Za-z_][A-Za-z0-9_]{0,60}"
_PLACE: Final = re.compile(
    r"  at (?:elsewhere:\d{1,6}|[A-Za-z0-9_]+(?:/[A-Za-z0-9_]+)*\.pyw?:\d{1,6}"
    rf"(?: (?:{_NAME}|<[a-z]+>))?)",
    re.ASCII,
)
_RAISED: Final = re.compile(rf"(  (?:caused by )?raised )({_NAME}):?(.*)", re.ASCII)
# What classes of errors are called; others are known by their words.
_KIND: Final = re.compile(
    r"[A-Za-z_]{0,50}(?:Error|Exception|Warning|Exit|Interrupt|Group|Timeout|Message)", re.ASCII
)
_HEAD: Final = re.compile(
    rf"(\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\dZ (?:{'|'.join(LEVELS)})) ([\w.]+): (.*)", re.ASCII
)
_FACT: Final = re.compile(r"([A-Za-z][A-Za-z0-9 -]{0,40}): (.*)", re.ASCII)
_TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_VALUE: Final = re.compile(
    r"x86_64|amd64|arm64|aarch64|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
    r"|[A-Za-z]+|[\d.+_-]+|[ ,:;()/]+",
    re.ASCII,
)
_LONG_NUMBER: Final = re.compile(r"\d{6}", re.ASCII)
_MOST_DIGITS: Final = 15
_ROOTS: Final = re.compile(
    r".*(?:^|/)(?:site-packages/|dist-packages/|python3\.\d+/|(?=hive_desktop/))", re.ASCII
)
_KNOWN_FILE: Final = re.compile(r"[A-Za-z0-9_]+(?:/[A-Za-z0-9_]+)*\.pyw?", re.ASCII)
_FUNCTION: Final = re.compile(rf"{_NAME}|<[a-z]+>", re.ASCII)


def told(text: str) -> str:
    """Return a text on one line in which only known words stand, at most 400 characters."""
    kept = _CHUNK.sub(_known, _ODD.sub(" ", text[:_LONGEST_READ]))
    return _MASKS.sub(MASK, kept)[:_LONGEST].strip()


def told_name(name: str) -> str:
    """Return a logger's name, or `other` where it is not known."""
    return name if _LOGGER.fullmatch(name) else "other"


def told_line(line: str) -> str:
    """Return a line of a log or of a report of a crash as it may be passed on."""
    if _PLACE.fullmatch(line):
        return line
    if found := _RAISED.fullmatch(line):
        return f"{found[1]}{_kind(found[2])}: {told(found[3])}".rstrip(": ")
    if found := _HEAD.fullmatch(line):
        return f"{found[1]} {told_name(found[2])}: {told(found[3])}"
    return told(line)


def told_value(text: str) -> str:
    """Return a version or the like: known words and what is written with them, and no more."""
    parts = _VALUE.findall(text[:_LONGEST])
    is_long = _LONG_NUMBER.search(text) is not None or sum(map(str.isdigit, text)) > _MOST_DIGITS
    return "".join(
        MASK
        if (part.isalpha() and part.casefold() not in WORDS)
        or (is_long and any(map(str.isdigit, part)))
        else part
        for part in parts
    ).strip()


def told_fact(line: str, numbered: Container[str]) -> str:
    """Return a line `Name: value` of a report of a crash.

    Args:
        line: the line.
        numbered: names whose value is a version; no other value may have numbers but a time.
    """
    found = _FACT.fullmatch(line)
    if found is not None and found[1] == "When" and _TIME.fullmatch(found[2]):
        return line
    if found is None or found[1] not in numbered:
        return told(line)
    return f"{found[1]}: {told_value(found[2])}"


def told_exception(error: BaseException) -> list[str]:
    """Return what an exception was and where it came by, as lines; no value is among them."""
    return list(_chain(error, "", set()))


def told_place(file: str, line: int, function: str) -> str:
    """Return one place in code; the path begins where the program or a library does."""
    path = file.replace("\\", "/")
    if not _ROOTS.match(path):
        return f"  at elsewhere:{line}"
    short = _ROOTS.sub("", path, count=1)
    if not _KNOWN_FILE.fullmatch(short):
        return f"  at elsewhere:{line}"
    name = function if _FUNCTION.fullmatch(function) else ""
    return f"  at {short}:{line} {name}".rstrip()


def _kind(name: str) -> str:
    """Return what a class of errors is called, or `Exception` where its words are not known."""
    is_known = _KIND.fullmatch(name) is not None or (name.isalpha() and MASK not in told(name))
    return name if is_known else "Exception"


def _known(found: re.Match[str]) -> str:
    """Return a run of signs as it is where each word in it is known, and else the mask."""
    chunk = found[0]
    if _CODE.fullmatch(found.string, found.start(), found.end()) is not None:
        return chunk
    pieces = [piece for run in _RUN.findall(chunk) for piece in _PIECE.findall(run)]
    return chunk if all(piece.casefold() in WORDS for piece in pieces) else MASK


def _chain(error: BaseException, before: str, seen: set[int]) -> Iterator[str]:
    if id(error) in seen or len(seen) >= _MOST_CAUSES:
        return
    seen.add(id(error))
    name = _kind(type(error).__name__)
    yield f"  {before}raised {name}: {told(_message(error))}".rstrip(": ")
    yield from _places(error.__traceback__)
    if isinstance(error, BaseExceptionGroup):
        for inner in error.exceptions[:_MOST_CAUSES]:
            yield from _chain(inner, "caused by ", seen)
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if cause is not None:
        yield from _chain(cause, "caused by ", seen)


def _places(begun: TracebackType | None) -> Iterator[str]:
    frames = [(_code(at), line) for at, line in traceback.walk_tb(begun)]
    for code, line in frames[-_MOST_FRAMES:]:
        yield told_place(code.co_filename, line, code.co_name)


def _code(frame: object) -> CodeType:
    code: CodeType = frame.f_code  # type: ignore[attr-defined]
    return code


def _message(error: BaseException) -> str:
    """Return an exception's words; one whose own text fails has none."""
    try:
        return str(error)
    except Exception:  # noqa: BLE001 - an exception of anybody's, whatever it does
        return ""
