"""CAMT's XML, taken apart by events: no entities, no deep nesting, no more kept than one entry."""

from __future__ import annotations

import re
from html.entities import html5
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from hive_desktop.adapters.files import reasons
from hive_desktop.adapters.files.pace import tell
from hive_desktop.adapters.files.parts import MOST_ROWS, remark

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_DEEPEST: Final = 60
_LONGEST_WORDS: Final = 20_000
_MOST_NAMES: Final = 2_000
_TOLD_EVERY: Final = 500
_MOST_DOCUMENTS: Final = 10_000
_MOST_NODES: Final = 200_000
"""Elements of one entry that are kept at once; transactions within it are reduced as they end."""
_ROOTS: Final = frozenset({"GrpHdr", "Stmt", "Rpt", "Ntfctn"})
_MANY: Final = frozenset({*_ROOTS, "Ntry", "TxDtls", "Bal"})
_SKIPPED: Final = frozenset(
    {
        *("PstlAdr", "CtctDtls", "Chrgs", "Tax", "Intrst", "RltdAgts", "BrnchId", "FinInstrmId"),
        *("Qties", "Pric", "SplmtryData", "CshDpst", "Avlbty", "CdtLine", "TtlNtriesPerBkTxCd"),
        *("MsgRcpt", "CtryOfRes", "RltdAcct", "TechInptChanl", "OrgnlBkTxCd"),
    }
)
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_BARE: Final = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});)")
_NAMED: Final = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,30};)")
_OWN: Final = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})
_DOCUMENTS: Final = re.compile(r"(?=<\?xml\s)")
_DECLARED: Final = re.compile(r"\A\s*<\?xml[^>]{0,400}\?>")


class RefusedXmlError(Exception):
    """The document is built to harm, or too large; `reason` says how."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


class Node:
    """An element: its name without a prefix, its words, its children; some know their line."""

    __slots__ = ("ccy", "children", "line", "reduced", "tag", "text")

    def __init__(self, tag: str, ccy: str) -> None:
        self.tag, self.ccy = tag, ccy
        self.line, self.text = 0, ""
        self.children: list[Node] = []
        self.reduced: list[object] = []

    def at(self, *path: str) -> Node | None:
        """Return the first element down a path, or None."""
        found = self
        for tag in path:
            for one in found.children:
                if one.tag == tag:
                    found = one
                    break
            else:
                return None
        return found

    def words(self, *path: str) -> str:
        """Return the words of the first element down a path, or ""."""
        found = self.at(*path)
        return found.text.strip() if found is not None else ""

    def first(self, *paths: tuple[str, ...]) -> str:
        """Return the words of the first path that has some, or ""."""
        for path in paths:
            words = self.words(*path)
            if words:
                return words
        return ""

    def every(self, tag: str) -> Iterator[Node]:
        """Give the children with a name."""
        return (one for one in self.children if one.tag == tag)


class Walk:
    """Reads a document and hands over what ends.

    Args:
        on_begin: called with the tag of each statement that begins.
        on_end: called with each `Ntry`, and with each statement and group header less its entries.
        reduce: makes a small value of a `TxDtls`; it is found in `reduced` of its entry.
        letters: of all documents.
    """

    def __init__(
        self,
        on_begin: Callable[[str], None],
        on_end: Callable[[Node], None],
        reduce: Callable[[Node], object],
        letters: int,
    ) -> None:
        self._letters, self._before, self._entries = max(letters, 1), 0, 0
        self._on_begin, self._on_end, self._reduce = on_begin, on_end, reduce
        self._stack: list[Node] = []
        self._entry: Node | None = None
        self._depth = self._skipping = self._nodes = 0
        self._line = self._seen = 0
        self._parser: expat.XMLParserType | None = None
        self._tags: dict[str, str] = {}

    def read(self, text: str, first_line: int) -> int | None:
        """Go through a document; returns the line where it breaks, or None.

        Raises:
            RefusedXmlError: it defines entities, nests too deeply, or one entry is too large.
        """
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._said
        parser.EntityDeclHandler = _no_entities
        self._parser, self._line = parser, first_line - 1
        self._stack, self._entry = [], None
        self._depth = self._skipping = self._nodes = 0
        try:
            parser.Parse(_DECLARED.sub(_blank_lines, text), True)  # noqa: FBT003
        except expat.ExpatError as exc:
            return self._line + exc.lineno
        finally:
            self._before += max(parser.CurrentByteIndex, 0)
            self._parser = None  # it knows this object
        return None

    def _learned(self, name: str) -> str:
        """Return an element's name without its prefix."""
        tag = name.rpartition(":")[2]
        if len(self._tags) < _MOST_NAMES:
            self._tags[name] = tag
        return tag

    def _count(self) -> None:
        self._seen += 1
        if self._seen > MOST_ROWS:
            raise RefusedXmlError(reasons.TOO_LARGE)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise RefusedXmlError(reasons.TOO_DEEP)
        if self._skipping:
            return
        tag = self._tags.get(name) or self._learned(name)
        if tag in _SKIPPED:
            self._skipping = self._depth
            return
        if not self._stack and tag not in _ROOTS:
            return
        self._nodes += 1
        if self._nodes > _MOST_NODES:
            raise RefusedXmlError(reasons.TOO_LARGE)
        node = Node(tag, attributes.get("Ccy", "") if attributes else "")
        if tag in _MANY:
            self._count()
            node.line = self._line + (self._parser.CurrentLineNumber if self._parser else 0)
        if not self._stack:
            self._on_begin(tag)
        elif tag == "Ntry" and self._entry is None:
            self._entry = node
        self._stack.append(node)

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self._skipping:
            if self._depth < self._skipping:
                self._skipping = 0
            return
        if not self._stack:
            return
        node = self._stack.pop()
        if not self._stack:
            self._on_end(node)
            self._nodes = 0
        elif node is self._entry:
            self._entry = None
            self._on_end(node)
            self._nodes = 0
            self._entries += 1
            if self._entries % _TOLD_EVERY == 0 and self._parser is not None:
                read = self._before + self._parser.CurrentByteIndex
                tell(min(read / self._letters, 1.0))
        elif node.tag == "TxDtls" and self._entry is not None:
            self._entry.reduced.append(self._reduce(node))
            self._nodes = 0
        else:
            self._stack[-1].children.append(node)
        del name

    def _said(self, words: str) -> None:
        if self._stack and not self._skipping and len(self._stack[-1].text) < _LONGEST_WORDS:
            self._stack[-1].text += words


def documents_of(text: str, remarks: list[str]) -> Iterator[tuple[int, str]]:
    """Give each document of a text with its first line; what XML forbids is mended before."""
    mended = text
    if _ILLEGAL.search(mended):
        mended = _ILLEGAL.sub("", mended)
    if "&" in mended and _BARE.search(mended):
        remark(remarks, reasons.MENDED_MARKUP)
        mended = _BARE.sub("&amp;", _NAMED.sub(_letter, mended))
    line = 1
    for part in _DOCUMENTS.split(mended, maxsplit=_MOST_DOCUMENTS):
        if part.strip():
            yield line, part.lstrip("\ufeff")
        line += part.count("\n")


def _letter(entity: re.Match[str]) -> str:
    name = entity[1]
    return entity[0] if name in _OWN else html5.get(name, entity[0])


def _blank_lines(declaration: re.Match[str]) -> str:
    return "\n" * declaration[0].count("\n")


def _no_entities(*_: object) -> None:
    raise RefusedXmlError(reasons.HAS_ENTITIES)
