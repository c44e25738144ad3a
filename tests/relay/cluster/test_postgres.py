"""What only a real PostgreSQL shows."""

import asyncio
import os
import subprocess
import sys

import psycopg
import pytest
from sqlalchemy import insert, select

from hive_desktop.relay.store import migrate, told
from hive_desktop.relay.store.schema import DEVICES, ITEMS
from hive_desktop.relay.store.store import Store
from hive_desktop.relay.store.told import News
from tests.relay.cluster.machines import until
from tests.relay.live.world import device, people, settings_of

WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


@pytest.fixture
def store(database):
    made = Store(database())
    migrate.upgrade(made)
    yield made
    made.close()


def test_relays_that_start_at_once_migrate_one_after_the_other(database, tmp_path):
    url = database()
    settings = settings_of(tmp_path)
    values = {
        "PLAID_CLIENT_ID": "client-id-of-tests",
        "PLAID_SECRET": "secret-of-tests",
        "JWT_KEYS": _text(settings.jwt_keys),
        "SEALING_KEYS": _text(settings.sealing_keys),
        "PUBLIC_URL": "https://relay.example.org",
        "DATABASE_URL": url,
    }
    environment = {**os.environ, **{f"HIVE_RELAY_{name}": text for name, text in values.items()}}
    command = [sys.executable, "-m", "hive_desktop.relay", "migrate"]
    quiet = {"stderr": subprocess.PIPE, "text": True, "env": environment}
    with psycopg.connect(url, autocommit=True) as first:
        # All come to the lock before the first of them may go on.
        first.execute("SELECT pg_advisory_lock(%s)", [migrate._LOCK])
        running = [subprocess.Popen(command, **quiet) for _ in range(3)]
        until(lambda: first.execute(WAITING).fetchone() == (3,), what="a queue")
    said = [one.communicate(timeout=120)[1] for one in running]
    assert [one.returncode for one in running] == [0] * 3, said
    store = Store(url)
    assert asyncio.run(migrate.is_ready(store))
    store.close()


def _text(keys):
    return ",".join(f"{name}:{key.get_secret_value()}" for name, key in keys.items())


def test_what_desktops_must_hear_is_found(store):
    store.run_blocking(people)

    def work(connection):
        connection.execute(insert(DEVICES).values(**device("gone", "ann") | {"revoked_at": 1}))
        connection.execute(ITEMS.update().values(news_seq=3))
        many = [f"d{number}" for number in range(1_200)]
        assert told.revoked(connection, ["ann-device", "gone", "never", *many]) == {
            "gone",
            "never",
            *many,
        }
        assert told.untold(connection, ["ann", "ann", *many]) == [News("ann", "item-ann", 3)]
        assert not told.untold(connection, [])
        told.tell(connection, "bob", "item-ann", 3)
        told.tell(connection, "ann", "item-ann", 4)
        told.tell(connection, "ann", "item-ann", 2)
        told.tell(connection, "ann", "item-ann", 1)
        found = {row.id: row.told_seq for row in connection.execute(select(ITEMS))}
        assert found == {"item-ann": 2, "item-bob": 0}
        told.tell(connection, "ann", "item-ann", 3)
        connection.execute(ITEMS.update().where(ITEMS.c.id == "item-bob").values(removed_at=1))
        assert not told.untold(connection, ["ann", "bob"])

    store.run_blocking(work)
