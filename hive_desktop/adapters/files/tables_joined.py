"""Rows that a program wrote for the parts of one transaction become that transaction again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hive_desktop.adapters.files import reasons as common
from hive_desktop.adapters.files.parts import TRANSFER, remark
from hive_desktop.domain.statements import FilePart, Statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from hive_desktop.domain.statements import FileRow

_YNAB: Final = re.compile(r"^Split \((\d+)/(\d+)\)\s*", re.IGNORECASE)
_WHOLE: Final = re.compile(r"^\(SPLIT INTO (\d+)\)\s*")
_PART: Final = re.compile(r"^\(SPLIT (\d+) OF (\d+)\)\s*")


def with_parts(statement: Statement, preset: str, remarks: list[str]) -> Statement:
    """Return a statement of which rows have the parts that the program told as rows."""
    if preset in {"YNAB", "YNAB 4"}:
        rows = list(_of_ynab(statement.rows))
    elif preset == "Actual":
        rows = list(_of_actual(statement.rows, remarks))
        own = statement.account.name
        rows = [one for one in rows if one.name != own or one.amount_minor]
    else:
        return statement
    return Statement(
        statement.account, rows, statement.balances, statement.refused, statement.expected
    )


def _part(row: FileRow, form: re.Pattern[str]) -> FilePart:
    category = TRANSFER if row.transfer_to else row.category
    return FilePart(row.amount_minor, category, form.sub("", row.memo))


def _of_ynab(rows: list[FileRow]) -> Iterator[FileRow]:
    """Join `Split (1/3)` to `Split (3/3)` of one day, in whichever order they stand."""
    at = 0
    while at < len(rows):
        row = rows[at]
        found = _YNAB.match(row.memo)
        count = int(found[2]) if found else 0
        group = rows[at : at + count] if 1 < count <= 200 else []
        numbers = [_YNAB.match(one.memo) for one in group]
        is_whole = (
            len(group) == count > 1
            and all(one is not None and int(one[2]) == count for one in numbers)
            and {int(one[1]) for one in numbers if one} == set(range(1, count + 1))
            and len({one.day for one in group}) == 1
        )
        if not is_whole:
            yield row
            at += 1
            continue
        parts = tuple(_part(one, _YNAB) for one in group)
        others = {one.transfer_to for one in group}
        yield row._replace(
            amount_minor=sum(one.amount_minor for one in parts),
            name=next((one.name for one in group if not one.transfer_to), row.name),
            transfer_to=row.transfer_to if len(others) == 1 else "",
            category="",
            memo=parts[0].memo if len({one.memo for one in parts}) == 1 else "",
            parts=parts,
        )
        at += count


def _of_actual(rows: list[FileRow], remarks: list[str]) -> Iterator[FileRow]:
    """Give a `(SPLIT INTO 2)` its `(SPLIT 1 OF 2)` and so on, which stand beside it."""
    at = 0
    pending: list[FileRow] = []
    while at < len(rows):
        row = rows[at]
        whole = _WHOLE.match(row.memo)
        if whole is None:
            if _PART.match(row.memo):
                pending.append(row)
            else:
                yield from pending
                pending = []
                yield row
            at += 1
            continue
        count = int(whole[1])
        group = rows[at + 1 : at + 1 + count]
        if pending and len(pending) >= count and not all(_PART.match(one.memo) for one in group):
            group, pending = pending[-count:], pending[:-count]
        else:
            at += len(group)
        yield from pending
        pending = []
        parts = tuple(_part(one, _PART) for one in group if _PART.match(one.memo))
        memo = _WHOLE.sub("", row.memo)
        if len(parts) == count and sum(one.amount_minor for one in parts) == row.amount_minor:
            yield row._replace(memo=memo, parts=parts, category="")
        else:
            remark(remarks, common.PARTS_DISAGREE)
            yield row._replace(memo=memo)
        at += 1
    yield from pending
