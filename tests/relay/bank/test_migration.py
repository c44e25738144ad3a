"""The migrations make the tables that the code uses, on both databases."""

from contextlib import closing

import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from hive_desktop.relay.store import migrate
from hive_desktop.relay.store.migrations.versions import v0001_relay
from hive_desktop.relay.store.schema import METADATA
from hive_desktop.relay.store.store import Store


@pytest.fixture
def store(tmp_path):
    made = Store(f"sqlite:///{tmp_path / 'relay.db'}")
    yield made
    made.close()


def described(connection):
    """Every table and index as the database itself would write it."""
    look = sqlalchemy.inspect(connection)
    return {
        name: (
            [{**column, "type": str(column["type"])} for column in look.get_columns(name)],
            look.get_pk_constraint(name),
            sorted(look.get_foreign_keys(name), key=repr),
            sorted(look.get_indexes(name), key=repr),
            sorted(look.get_unique_constraints(name), key=repr),
        )
        for name in look.get_table_names()
        if name != "alembic_version"
    }


def test_the_migrations_make_the_tables_of_the_schema(store, tmp_path):
    migrate.upgrade(store)
    wanted = Store(f"sqlite:///{tmp_path / 'wanted.db'}")
    try:
        wanted.run_blocking(METADATA.create_all)
        assert store.run_blocking(described) == wanted.run_blocking(described)
    finally:
        wanted.close()
    assert (
        store.run_blocking(
            lambda connection: compare_metadata(MigrationContext.configure(connection), METADATA)
        )
        == []
    )


def test_a_second_run_changes_nothing(store):
    migrate.upgrade(store)
    before = store.run_blocking(described)
    migrate.upgrade(store)
    assert store.run_blocking(described) == before
    assert store.run_blocking(migrate.is_current)


def test_postgresql_is_told_the_same():
    """Statement by statement, as text: no server is needed for that."""
    said = []
    context = MigrationContext.configure(
        dialect=postgresql.dialect(), opts={"as_sql": True, "output_buffer": None}
    )
    context.impl._exec = lambda construct, *_, **__: said.append(
        str(construct.compile(dialect=postgresql.dialect())).strip()
    )
    with Operations.context(context):
        v0001_relay.upgrade()
    wanted = []
    for table in METADATA.tables.values():
        wanted.append(CreateTable(table))
        wanted.extend(CreateIndex(index) for index in table.indexes)
    spelled = [str(one.compile(dialect=postgresql.dialect())).strip() for one in wanted]
    assert sorted(map(parts, said)) == sorted(map(parts, spelled))


def parts(statement):
    """A statement's clauses, in whatever order they were written."""
    return sorted(clause.strip().rstrip(",") for clause in statement.splitlines())


def test_a_database_by_a_uri_is_the_file_that_it_names(tmp_path):
    file = tmp_path / "a b.db"
    with closing(Store(f"sqlite:///file:{tmp_path}/a%20b.db?uri=true")) as store:
        store.run_blocking(lambda connection: connection.exec_driver_sql("CREATE TABLE a (b)"))
        assert (store.file, store.is_in_place()) == (file, True)
        file.rename(tmp_path / "gone.db")
        assert not store.is_in_place()
    for memory in ("sqlite:///file::memory:?uri=true", "sqlite:///file:x?mode=memory&uri=true"):
        with closing(Store(memory)) as store:
            assert (store.file, store.is_in_place()) == (None, True)
