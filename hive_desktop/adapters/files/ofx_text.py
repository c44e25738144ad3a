"""OFX as banks write it, made regular: one case, no comments, no stray angle brackets.

OFX 1 is SGML whose leaves are not closed, OFX 2 is XML, and much of what banks give is neither. So
nothing here asks for a well-formed tree: readers look for tags and what stands behind them.
"""

from __future__ import annotations

import re
from html import escape, unescape
from typing import Final

from hive_desktop.adapters.files import reasons
from hive_desktop.adapters.files.parts import TooManyError, resolved_again

_HEADER: Final = 4_000
_CHARSET: Final = re.compile(rb"CHARSET\s*[:=]\s*\"?([A-Za-z0-9-]+)", re.IGNORECASE)
_ENCODING: Final = re.compile(rb"ENCODING\s*[:=]\s*[\"']?([A-Za-z0-9_-]+)", re.IGNORECASE)
_TAG: Final = re.compile(
    r"<\s*(/?)\s*(?:[A-Za-z_][\w.-]*:)?([A-Za-z][\w.-]*)(?:\s[^<>]{0,2000})?(/?)>"
)
_ODD_TAG: Final = re.compile(r"<(?!/?[A-Z][A-Z0-9._]*>|[?!])")
_FIELD: Final = re.compile(r"<([A-Z][A-Z0-9._]*)>\s*([^<\s][^<]*)")
_LONGEST_TAG: Final = 64
_LONGEST_BLOCK: Final = 200_000
_MOST_MENDED: Final = 5_000_000


def declared_encoding(data: bytes) -> str:
    """Return the encoding that an OFX header or XML declaration names, or ""."""
    head = data[:_HEADER]
    encoding = _ENCODING.search(head)
    named = encoding[1].decode("ascii").upper() if encoding else ""
    if named in {"UTF-8", "UTF8", "UNICODE"}:
        return "utf-8"
    charset = _CHARSET.search(head)
    page = charset[1].decode("ascii") if charset else ""
    if page.isdigit():
        return f"cp{page}"
    if page and page.upper() != "NONE":
        return page
    return "" if named in {"", "USASCII", "NONE"} else named


def regular(text: str, remarks: list[str]) -> str:
    """Return the text with tags in capitals and without anything else in angle brackets.

    Raises:
        TooManyError: there is more to mend than a statement can have.
    """
    found = text
    for opening, closing, content in (("<!--", "-->", ""), ("<![CDATA[", "]]>", None)):
        if opening in found:
            found = _without(found, opening, closing, content)
    if _ODD_TAG.search(found) is None:
        return found
    if found.count("<") > _MOST_MENDED:
        raise TooManyError
    made = _TAG.sub(_in_capitals, found)
    if _ODD_TAG.search(made) is not None:
        remarks.append(reasons.MENDED_MARKUP)
        made = _ODD_TAG.sub("&lt;", made)
    return made


def fields_of(block: str) -> dict[str, str]:
    """Return what stands behind each tag of a block; of a tag that repeats, the first that says.

    Values are trimmed, with entities resolved (only those of HTML; a file's own are never read).
    """
    pairs = _FIELD.findall(block, 0, _LONGEST_BLOCK)
    pairs.reverse()
    if "&" in block:
        return {tag: resolved_again(unescape(value)).strip() for tag, value in pairs}
    return {tag: value.rstrip() for tag, value in pairs}


def _in_capitals(tag: re.Match[str]) -> str:
    closing, name, is_empty = tag.groups()
    if len(name) > _LONGEST_TAG:
        return ""
    # An element without content says as much as no element.
    return "" if is_empty else f"<{closing}{name.upper().replace('-', '_')}>"


def _without(text: str, opening: str, closing: str, content: str | None) -> str:
    """Return the text without what is set apart, or with its content as plain words.

    Lines stay where they are.
    """
    if text.count(opening) > _MOST_MENDED // 10:
        raise TooManyError
    first, *parts = text.split(opening)
    pieces = [first]
    for part in parts:
        inner, end, after = part.partition(closing)
        if not end:  # never closed: a slip, so what follows counts
            inner, after = "", part
        lines = "\n" * inner.count("\n") if content is not None else escape(inner, quote=False)
        pieces += [lines, after]
    return "".join(pieces)
