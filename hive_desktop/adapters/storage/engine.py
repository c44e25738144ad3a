"""SQLAlchemy on a connection that is open already: built only when a statement needs it.

Importing SQLAlchemy costs more than opening the ledger and reading a month's figures, so this
module is imported late, by who builds statements.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import sqlcipher3.dbapi2 as sqlcipher  # type: ignore[import-untyped]
from sqlalchemy import create_engine
from sqlalchemy.dialects.sqlite.base import SQLiteCompiler
from sqlalchemy.pool import StaticPool

from hive_desktop.adapters.storage.connect import connect

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine, FromClause
    from sqlalchemy.sql.selectable import SelectStatementGrouping

    from hive_desktop.adapters.storage.connect import RawConnection, Role


class _Compiler(SQLiteCompiler):
    """Writes what SQLite has and its dialect does not: `INDEXED BY`, compounds of two kinds."""

    def get_from_hint_text(self, _table: FromClause, text: str | None) -> str | None:
        """Return what stands behind a table."""
        return text

    def visit_select_statement_grouping(
        self, grouping: SelectStatementGrouping[Any], **options: Any
    ) -> str:
        """Return a statement within another: the first of a compound has no brackets."""
        if options.get("compound_index") == 0:
            return str(grouping.element._compiler_dispatch(self, **options))  # noqa: SLF001 - as all of its visitors do
        return str(super().visit_select_statement_grouping(grouping, **options))  # type: ignore[no-untyped-call]


def engine_on(raw: RawConnection) -> Engine:
    """Return an engine whose one connection is `raw`."""
    engine = create_engine(
        "sqlite://",
        module=sqlcipher,
        creator=lambda: raw,
        poolclass=StaticPool,
        hide_parameters=True,
    )
    engine.dialect.statement_compiler = _Compiler
    return engine


def engine_for(file: Path, key: bytes, role: Role) -> Engine:
    """Return an engine with exactly one connection of its own, for one thread."""
    return engine_on(connect(file, key, role))
