"""Which format a text has, told by what stands in it; names of files say nothing."""

from __future__ import annotations

import re
from typing import Final

from hive_desktop.adapters.files import reasons
from hive_desktop.domain.statements import FileKind

_HEAD: Final = 20_000
_LINES: Final = 300
_OFX: Final = re.compile(
    r"OFXHEADER|<\?OFX|<\s*(?:\w+:)?OFX\s*>|<STMTTRN>|<(?:BANK|CREDITCARD|INVSTMT)MSGSRS",
    re.IGNORECASE,
)
_CAMT: Final = re.compile(
    r"camt\.05[234]\.|<(?:\w+:)?BkToCstmr(?:Stmt|AcctRpt|DbtCdtNtfctn)|<(?:\w+:)?Ntry>"
)
_QIF: Final = re.compile(r"^[ \t]*!(?:type|account|option|clear)\b", re.IGNORECASE | re.MULTILINE)
_QIF_RECORD: Final = re.compile(r"\A\s*(?:[A-Z][^\n]*\n)*?D\s*\d[^\n]*\n(?:[A-Z$][^\n]*\n)*\^")
_MT940: Final = re.compile(
    r"^(?:@@)?[ \t]{0,3}:(?:20|25P?|28C?|60[FM]|61|62[FM]|34F|13D?):", re.MULTILINE
)
_WEB: Final = re.compile(
    r"\A\s*(?:<!--.{0,200}?-->\s*)?<(?:!doctype\s+html|html|head|body|table)\b",
    re.IGNORECASE | re.DOTALL,
)
_CONTROLS: Final = re.compile("[\x01-\x08\x0e-\x19\x1b-\x1f]")
_JSON: Final = re.compile(r'\A\s*(?:\{\s*"|\[\s*[\[{])')
_SHEET: Final = re.compile(r"urn:schemas-microsoft-com:office:spreadsheet|<Workbook\b")


def kind_of(text: str) -> FileKind:
    """Return the format of a text; what is no other one may be a table."""
    head = text[:_HEAD]
    if _CAMT.search(head) and "<" in head:
        return FileKind.CAMT
    if _is_ofx(head):
        return FileKind.OFX
    lines = "\n".join(head.replace("\r\n", "\n").replace("\r", "\n").split("\n")[:_LINES])
    if _MT940.search(lines):
        return FileKind.MT940
    if _QIF.search(lines) or _QIF_RECORD.match(lines):
        return FileKind.QIF
    return FileKind.CSV


def _is_ofx(head: str) -> bool:
    """Tell whether markup of OFX stands where a line or tag begins, and not in a payee's name."""
    if head.lstrip("\ufeff \t\r\n").startswith("!"):
        return False
    for found in _OFX.finditer(head):
        begin = max(head.rfind("\n", 0, found.start()), head.rfind("\r", 0, found.start())) + 1
        before = head[begin : found.start()].strip("\ufeff \t")
        if "<" in before[:1] or not any(one in before for one in ",;|\t"):
            return True
    return False


def foreign_reason(text: str) -> str:
    """Return why a text cannot even be a table, or ""."""
    head = text[:_HEAD]
    if _SHEET.search(head):
        return reasons.A_SPREADSHEET
    if _WEB.match(head):
        return reasons.A_WEB_PAGE
    if head.lstrip().startswith(("<?xml", "<Document", "<!DOCTYPE")):
        return reasons.OTHER_XML
    if _JSON.match(head):
        return reasons.A_JSON
    if head.count("\0") > len(head) // 50 and _CONTROLS.search(head):
        return reasons.NO_STATEMENT
    return ""
