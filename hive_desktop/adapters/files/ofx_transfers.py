"""Answers to orders of transfers (`INTRARS`, `INTERRS`): some programs write transfers as these."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from hive_desktop.adapters.files.ofx_text import fields_of
from hive_desktop.adapters.files.parts import TRANSFER

_BEGINS: Final = re.compile(r"<INT(?:RA|ER)RS>")
_ENDS: Final = re.compile(r"</INT(?:RA|ER)RS>")
_OTHER: Final = re.compile(
    r"<(BANK|CC)ACCTTO>[^<]*(?:<(?!/?(?:BANK|CC)ACCTTO>)[^<]*)*(?:</\1ACCTTO>)?"
)


class Transfer(NamedTuple):
    """Money that left an account: what the file says of the account, and a row as in `STMTTRN`.

    `is_booked` is false where the file only tells when it is planned (`DTXFERPRJ`).
    """

    line: int
    is_booked: bool
    account: dict[str, str]
    row: dict[str, str]


def taken_out(text: str) -> tuple[str, list[Transfer]]:
    """Return a regular text without its answers to orders, and these; lines stay where they are."""
    if "<INTRARS>" not in text and "<INTERRS>" not in text:
        return text, []
    first, *parts = _BEGINS.split(text)
    pieces, found = [first], []
    line = 1 + first.count("\n")
    for part in parts:
        end = _ENDS.search(part)
        inner, after = (part[: end.start()], part[end.end() :]) if end is not None else (part, "")
        found.append(_transfer(line, inner))
        pieces += ["\n" * inner.count("\n"), after]
        line += part.count("\n")
    return "".join(pieces), found


def _transfer(line: int, inner: str) -> Transfer:
    other = _OTHER.search(inner)
    account = fields_of(_OTHER.sub("", inner))
    number = fields_of(other[0]).get("ACCTID", "") if other is not None else ""
    amount = account.pop("TRNAMT", "")
    posted = account.get("DTPOSTED", "")
    row = {
        "TRNTYPE": "XFER",
        "DTPOSTED": posted or account.get("DTXFERPRJ", ""),
        "TRNAMT": amount if amount.startswith("-") or not amount else f"-{amount.lstrip('+ ')}",
        "FITID": account.get("SRVRTID", ""),
        "NAME": f"{TRANSFER} {number}",
    }
    if number:
        row["ACCTID"] = number
    return Transfer(line, bool(posted), account, row)
