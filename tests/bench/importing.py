"""100,000 rows of a file to committed, reconciled, labelled, searchable, rolled-up rows.

The floor is what nobody can leave out: the same rows as CSV through the csv module and one insert
by raw SQLCipher into the same table with the same indexes, without search index and roll-up.
"""

from __future__ import annotations

import csv
import statistics
import tempfile
import time
import uuid
from datetime import date, timedelta
from pathlib import Path
from random import Random

import uuid_utils

from hive_desktop import bootstrap
from hive_desktop.adapters.storage.connect import Role, connect
from hive_desktop.adapters.storage.names import BANK_COLUMNS, LEDGER_FILE
from hive_desktop.domain.days import parse_day
from hive_desktop.domain.ledger import TransactionQuery
from tests.bench.result import Result

ROWS, TURNS = 100_000, 3
CSV_BOUND, OFX_BOUND = 3.0, 6.0
TODAY = date(2026, 11, 23)
_PLACES = (
    *("SHELL OIL", "WHOLEFDS MKT", "AMZN Mktp US", "TST* CORNER CAFE", "CVS/PHARMACY"),
    *("NETFLIX.COM", "UBER TRIP", "CITY POWER LIGHT", "TRADER JOE S", "TARGET", "LYFT RIDE"),
    *("DELTA AIR", "SPOTIFY USA", "COSTCO WHSE", "STARBUCKS STORE", "HOME DEPOT", "ALDI"),
)
_HEAD = """OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:USASCII
CHARSET:1252
COMPRESSION:NONE
OLDFILEUID:NONE
NEWFILEUID:NONE

<OFX><BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS>
<STMTRS><CURDEF>USD<BANKACCTFROM><BANKID>123<ACCTID>99004321<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20161101<DTEND>20261120
"""
_FOOT = "</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>\n"


def measure_csv() -> list[Result]:
    """Return the seconds of a CSV file."""
    return _measured("import-csv", _write_csv, ".csv", CSV_BOUND)


def measure_ofx() -> list[Result]:
    """Return the seconds of an OFX file."""
    return _measured("import-ofx", _write_ofx, ".ofx", OFX_BOUND)


def _measured(name, write, ending, bound) -> list[Result]:
    turns = []
    with tempfile.TemporaryDirectory() as folder:
        plain, file = Path(folder) / "floor.csv", Path(folder) / f"statement{ending}"
        # Either side alone varies by a fifth from one time to the next: they take turns. Each turn
        # has rows of its own, so that nothing is known of them from an earlier one.
        for turn in range(TURNS):
            rows = _rows(turn)
            _write_csv(plain, rows)
            write(file, rows)
            floor = _floor(plain, Path(folder) / f"f{turn}")
            turns.append((floor, _import(file, Path(folder) / f"v{turn}")))
    floor = statistics.median(one[0] for one in turns)
    seconds = statistics.median(one[1] for one in turns)
    note = f"{ROWS / seconds:,.0f} rows a second against {ROWS / floor:,.0f} at the floor, "
    return [Result(name, seconds, "s", floor, bound, f"{note}median of {TURNS} turns")]


def write_csv_rows(path: Path) -> None:
    """Write the rows as a table, as many banks have them."""
    _write_csv(path, _rows(0))


def _rows(seed: int) -> list[tuple[date, int, str, str]]:
    """Return day, minor units (money in positive), description and memo, the oldest first."""
    dice = Random(seed)
    names = [f"{dice.choice(_PLACES)} {dice.randint(1, 99_999):05d}" for _ in range(2_000)]
    first = TODAY - timedelta(days=3_650)
    return [
        (
            first + timedelta(days=at * 3_650 // ROWS),
            -dice.randint(100, 20_000) if dice.random() < 0.95 else dice.randint(1_000, 300_000),
            dice.choice(names),
            f"CARD {1000 * (seed + 1) + dice.randint(0, 9)}",
        )
        for at in range(ROWS)
    ]


def _write_csv(path: Path, rows) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("Date", "Description", "Memo", "Amount"))
        for day, minor, name, memo in rows:
            writer.writerow((day.isoformat(), name, memo, f"{minor / 100:.2f}"))


def _write_ofx(path: Path, rows) -> None:
    with path.open("w", encoding="ascii") as file:
        file.write(_HEAD)
        for at, (day, minor, name, memo) in enumerate(rows):
            kind = "CREDIT" if minor > 0 else "DEBIT"
            file.write(
                f"<STMTTRN><TRNTYPE>{kind}<DTPOSTED>{day:%Y%m%d}<TRNAMT>{minor / 100:.2f}"
                f"<FITID>{day:%Y%m%d}{at}<NAME>{name}<MEMO>{memo}</STMTTRN>\n"
            )
        file.write(_FOOT)


def _import(file: Path, folder: Path) -> float:
    return bootstrap.run_async(_imported(file, folder))


async def _imported(file: Path, folder: Path) -> float:
    """Read, compare and commit; vault, reader and model are there before the clock starts."""
    clock = bootstrap.clock_of(TODAY)
    store = bootstrap.vault_store(clock)
    keys, _kit = store.create(folder, "bench " + uuid.uuid4().hex)
    session = await bootstrap.open_session(folder, keys, clock=clock, store=store)
    try:
        await _take(session, _small(file))
        started = time.perf_counter()
        done = await _take(session, file)
        seconds = time.perf_counter() - started
        assert done.counts.new == ROWS, done.counts
        assert await session.ledger.count(TransactionQuery()) >= ROWS
        assert await session.ledger.count(TransactionQuery(text="netflix")) > 0
        return seconds
    finally:
        await session.close()


async def _take(session, file: Path):
    source = await session.importing.open(file, currency="USD")
    targets = await session.importing.suggested([source], is_new=True)
    preview = await session.importing.preview([source], targets)
    return await session.importing.commit(preview)


def _small(file: Path) -> Path:
    """Write a file of the same kind with two rows of another year."""
    path = file.with_name(f"small{file.suffix}")
    rows = [(date(2001, 5, at), -1_00 - at, "WARM UP 0001", "CARD 0001") for at in (1, 20)]
    (_write_ofx if file.suffix == ".ofx" else _write_csv)(path, rows)
    return path


def _floor(path: Path, folder: Path) -> float:
    """Decode and insert; the vault is made and opened before the clock starts."""
    store = bootstrap.vault_store(bootstrap.clock_of(TODAY))
    keys, _kit = store.create(folder, "floor " + uuid.uuid4().hex)
    connection = connect(folder / LEDGER_FILE, keys.database, Role.WRITER)
    try:
        connection.execute("PRAGMA foreign_keys = OFF")
        started = time.perf_counter()
        with path.open(newline="", encoding="utf-8") as file:
            told = csv.reader(file)
            next(told)
            rows = [_values(row, number) for number, row in enumerate(told)]
        columns = ("seq", "id", *BANK_COLUMNS)
        marks = ", ".join("?" * len(columns))
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(
            f"INSERT INTO transactions ({', '.join(columns)}) VALUES ({marks})",  # noqa: S608
            rows,
        )
        connection.execute("COMMIT")
        seconds = time.perf_counter() - started
        assert len(rows) == ROWS
        return seconds
    finally:
        connection.close()


def _values(row: list[str], number: int):
    day = parse_day(row[0])
    return (
        day << 20 | number,
        uuid_utils.uuid7().bytes,
        None,
        b"account",
        day,
        None,
        -round(float(row[3]) * 100),
        "USD",
        row[1],
        None,
        None,
        row[2],
        0,
        *(None,) * 5,
    )
