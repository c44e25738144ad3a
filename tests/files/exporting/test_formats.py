"""Each format has each row once, in its own words, and no text breaks out of its place."""

import csv
import io
import json
import re
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from jsonschema import Draft202012Validator

from hive_desktop import config
from hive_desktop.adapters.files.reader import StatementReader
from hive_desktop.adapters.files.writing import WRITERS, ofx
from hive_desktop.domain.csv_cells import safe_cell
from hive_desktop.domain.days import to_day
from hive_desktop.domain.exporting import Book, ExportFormat, Holding
from hive_desktop.domain.ledger import Order, TransactionQuery
from hive_desktop.domain.money import from_minor
from hive_desktop.ports.errors import UsageError
from tests.unit.services.world import TODAY

EVERYTHING = TransactionQuery()


@pytest.fixture(scope="session")
def told(lived):
    """What Hive shows of the vault: its rows and accounts."""

    async def work(world):
        ledger = world.session.ledger
        rows = await ledger.page(EVERYTHING)
        partners = {}
        for row in rows:
            review = await world.session.reviews.partner(row.id)
            partners[row.id] = review
        return rows, {one.id: one for one in await ledger.accounts()}, partners

    return lived.run(work)


@pytest.fixture
def export(lived, tmp_path):
    def export(form, query=EVERYTHING, **more):
        file = tmp_path / f"rows{form.suffix}"

        async def work(world):
            return await world.session.exports.write(form, query, file, **more)

        done = lived.run(work)
        return done, file

    return export


def wanted_sums(rows):
    sums = Counter()
    for row in rows:
        sums[row.account_id, row.currency] += row.amount_minor
    return sums


def test_every_format_has_a_writer_a_name_and_an_ending():
    assert set(WRITERS) == set(ExportFormat)
    assert len({one.suffix for one in ExportFormat}) == len(ExportFormat)
    assert len({one.called for one in ExportFormat}) == len(ExportFormat)


@pytest.mark.parametrize("form", list(ExportFormat))
def test_files_are_private_whole_and_the_same_twice(export, told, form):
    done, file = export(form)
    first = file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600
    assert done.rows + done.left_out == len(told[0])
    assert [one.name for one in file.parent.iterdir()] == [file.name]
    assert export(form)[1].read_bytes() == first
    file.unlink()
    assert export(form, on_progress=lambda *_: False)[0] is None
    assert list(file.parent.iterdir()) == []


def test_csv_has_no_formula(export, told):
    _, file = export(ExportFormat.CSV)
    rows = list(csv.DictReader(io.StringIO(file.read_bytes().decode("utf-8-sig"), newline="")))
    assert [row["Id"] for row in rows] == [row.id.hex() for row in told[0]]
    cells = [cell for row in rows for cell in row.values()]
    assert any(cell.startswith("'=") for cell in cells)
    for cell in cells:
        assert safe_cell(cell) == cell
    names = [safe_cell(row.name) for row in told[0]]
    assert [row["Bank's name"] for row in rows] == names
    assert [row["Note"] for row in rows] == [safe_cell(row.note or "") for row in told[0]]


def test_csv_is_written_as_the_csv_module_writes_it(export):
    _, file = export(ExportFormat.CSV)
    text = file.read_bytes().decode("utf-8-sig")
    out = io.StringIO(newline="")
    csv.writer(out).writerows(csv.reader(io.StringIO(text, newline="")))
    assert out.getvalue() == text
    assert "two\nlines" in text
    assert 'Joe\'s ""Bar""' in text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        *((text, f"'{text}") for text in ("=1", "+1a", "-x", "@a", "\tx", "\r1", "-1\n")),
        *((text, f"'{text}") for text in ("\uff1d1", "\uff0b1", "\uff0d1", "\uff20a")),
        ("\n=1", "'\n'=1"),
        ("Joe;=1+1;x", "Joe;'=1+1;x"),
        ("Joe\t@a", "Joe\t'@a"),
        ("Joe\r\n-x", "Joe\r\n'-x"),
        ("Joe; x = y - z", "Joe; x = y - z"),
    ],
)
def test_what_a_spreadsheet_would_compute_is_text(text, told):
    assert safe_cell(text) == told
    assert safe_cell(told) == told
    assert safe_cell("-12.50") == "-12.50"
    assert safe_cell(7) == 7


def test_each_line_of_json_is_as_the_schema_says(export, told):
    schema = json.loads(
        (config.resources_dir() / "schemas" / "transaction.schema.json").read_text("utf-8")
    )
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)
    rows, _, _ = told
    _, file = export(ExportFormat.JSONL)
    lines = file.read_text("utf-8").split("\n")
    assert lines.pop() == ""
    documents = [json.loads(line) for line in lines]
    for document in documents:
        validator.validate(document)
    assert set(schema["properties"]) == set(schema["required"]) == set(documents[0])
    for document, row in zip(documents, rows, strict=True):
        assert document["id"].replace("-", "") == row.id.hex()
        assert document["amount_minor"] == row.amount_minor
        assert Decimal(document["amount"]) == from_minor(-row.amount_minor, row.currency)
        assert (document["name"], document["note"]) == (row.name, row.note)
        assert (document["split_of"] is not None) == row.is_part
    pairs = {one["id"]: one["transfer_with"] for one in documents if one["transfer_with"]}
    assert len(pairs) > 4
    assert all(pairs[other] == one for one, other in pairs.items())
    assert not validator.is_valid(documents[0] | {"amount": "1e5"})
    assert not validator.is_valid({**documents[0], "more": 1})


def test_json_and_csv_come_in_the_order_that_is_asked_for(export, lived):
    for order in Order:
        _, file = export(ExportFormat.JSONL, order=order)

        async def work(world, order=order):
            return await world.session.ledger.page(EVERYTHING, order=order)

        ids = [json.loads(line)["id"].replace("-", "") for line in file.read_text().splitlines()]
        assert ids == [row.id.hex() for row in lived.run(work)]


def test_ofx_is_well_formed_with_stable_ids_and_balances(export, told):
    rows, accounts, _ = told
    done, file = export(ExportFormat.OFX)
    assert done.left_out == sum(row.pending for row in rows) > 0
    text = file.read_text("utf-8")
    assert text.startswith('<?xml version="1.0"')
    root = ET.fromstring(text)  # noqa: S314 - our own
    assert [one.tag for one in root] == ["SIGNONMSGSRSV1", "BANKMSGSRSV1", "CREDITCARDMSGSRSV1"]
    ids = [one.text for one in root.iter("FITID")]
    assert len(ids) == len(set(ids))
    assert {row.id.hex() for row in rows if not row.is_part and not row.pending} <= set(ids)
    sums = wanted_sums([row for row in rows if not row.pending])
    found = Counter()
    balances = Counter()
    without = []
    for statement in (*root.iter("STMTRS"), *root.iter("CCSTMTRS")):
        currency = statement.findtext("CURDEF")
        for one in statement.iter("TRNAMT"):
            found[currency] += Decimal(one.text)
        held = statement.findtext("LEDGERBAL/BALAMT")
        if statement.findtext("LEDGERBAL/HIVE.SUMOFROWS"):
            assert Decimal(held) == sum(Decimal(one.text) for one in statement.iter("TRNAMT"))
            without.append(f"{statement.findtext('HIVE.ACCTNAME')}")
        else:
            balances[currency] += Decimal(held)
        for one in statement.iter("NAME"):
            assert 0 < len(one.text) <= 32
    expected = Counter()
    for (_, currency), total in sums.items():
        expected[currency] += from_minor(-total, currency)
    assert found == expected
    worths = Counter()
    for account in accounts.values():
        worths[account.currency] += from_minor(account.worth_minor, account.currency)
    assert balances == worths, "nobody said what an account holds of another currency"
    assert len(done.without_balance) == len(without) > 2
    assert all(name.endswith(" (CHF)") for name in (*done.without_balance, *without))


def test_ofx_is_read_by_hives_own_reader_to_the_same_rows(export, told):
    _, file = export(ExportFormat.OFX)
    read = StatementReader().read(file, today=to_day(TODAY))
    found = Counter(
        (row.external_id, row.amount_minor, row.currency, row.day)
        for statement in read.statements
        for row in statement.rows
    )
    wanted = Counter(
        (row.id.hex(), row.amount_minor, row.currency, to_day(row.posted_on))
        for row in told[0]
        if not row.pending and not row.is_part
    )
    assert not wanted - found
    assert not [one for statement in read.statements for one in statement.refused]


def test_qif_is_read_by_hives_own_reader_to_the_same_amounts(export, told):
    _, file = export(ExportFormat.QIF)
    read = StatementReader().read(file, currency="USD", today=to_day(TODAY))
    refused = {one.text for statement in read.statements for one in statement.refused}
    assert refused <= {"Opening Balance"}  # which is no row
    found = Counter(row.amount_minor for statement in read.statements for row in statement.rows)
    wanted = Counter(
        row.amount_minor for row in told[0] if row.currency == "USD" and not row.is_part
    )
    assert not wanted - found


def test_ofx_names_no_two_accounts_alike(told):
    _, accounts, _ = told
    assert len(accounts) > 4
    holdings = tuple(Holding(one, one.currency, 0, 0) for one in accounts.values())
    book = Book(holdings, {}, accounts, TODAY, TODAY, has_balances=True)
    names = ofx._account_ids(book)
    assert len({one.casefold() for one in names.values()}) == len(accounts)
    assert all(0 < len(one) <= 22 for one in names.values())


def qif_records(file):
    """Return each account's records as lists of lines."""
    made, account = {}, None
    for block in file.read_text("utf-8").split("^\n"):
        lines = block.splitlines()
        while lines and lines[0].startswith("!"):
            head = lines.pop(0)
            account = None if head == "!Account" else account
        if account is None and lines and lines[0].startswith("N") and len(lines) == 2:
            account = lines[0][1:] if lines[1].startswith("T") else None
            made.setdefault(account, [])
        elif account is not None and lines:
            made[account].append(lines)
    return made


def test_qif_has_splits_categories_and_transfers_and_comes_to_the_balances(export, told):
    _, accounts, _ = told
    _, file = export(ExportFormat.QIF)
    made = qif_records(file)
    totals, splits, transfers = [], 0, 0
    for account, records in made.items():
        total = Decimal(0)
        for lines in records:
            fields = [line[0] for line in lines]
            assert set(fields) <= set("DTCPMLSE$"), lines
            assert re.fullmatch(r"D\d\d/\d\d/\d{4}", lines[0])
            amount = Decimal(lines[1][1:])
            if "CX" not in lines and "C*" in lines:
                total += amount
            parts = [Decimal(line[1:]) for line in lines if line[0] == "$"]
            assert not parts or sum(parts) == amount
            splits += bool(parts)
            to = [line[2:-1] for line in lines if line.startswith("L[")]
            transfers += bool(to) and to != [account]
            assert all(one in made for one in to)
        totals.append(total)
    assert splits
    assert transfers > 4
    assert transfers % 2 == 0
    worths = sorted(from_minor(one.worth_minor, one.currency) for one in accounts.values())
    assert not set(worths) - set(totals)


@pytest.mark.parametrize("form", list(ExportFormat))
def test_filters_choose_rows(export, told, form):
    rows, accounts, _ = told
    account = next(one for one in accounts.values() if one.type == "credit")
    query = TransactionQuery(
        start=TODAY - timedelta(days=90), end=TODAY - timedelta(days=10), accounts=(account.id,)
    )
    kept = [
        row
        for row in rows
        if row.account_id == account.id and query.start <= row.posted_on <= query.end
    ]
    done, file = export(form, query)
    assert done.rows + done.left_out == len(kept) > 0
    text = file.read_text("utf-8")
    for row in rows:
        if not row.is_part and form not in (ExportFormat.QIF, ExportFormat.OFX):
            named = row.id.hex() if form is not ExportFormat.JSONL else f'"id":"{_uuid(row.id)}"'
            assert (named in text) == (row in kept)


def _uuid(raw):
    text = raw.hex()
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def test_steps_of_any_size_give_each_row_once(export, monkeypatch):
    whole = {form: export(form)[1].read_bytes() for form in ExportFormat}
    for step in (1, 3, 50):
        monkeypatch.setattr("hive_desktop.services.export_source._ROWS_A_STEP", step)
        for form in ExportFormat:
            if step > 1 or form in (ExportFormat.CSV, ExportFormat.HLEDGER):
                assert export(form)[1].read_bytes() == whole[form], (step, form)


def test_a_text_is_given_in_pieces_and_a_place_that_refuses_is_said(lived, export, tmp_path):
    _, file = export(ExportFormat.JSONL)
    pieces = []

    async def work(world):
        exports = world.session.exports
        await exports.send(ExportFormat.JSONL, EVERYTHING, pieces.append)
        with pytest.raises(UsageError):
            await exports.write(ExportFormat.CSV, EVERYTHING, tmp_path / "none" / "x.csv")
        empty = replace(EVERYTHING, text="nothing is called so")
        return await exports.write(ExportFormat.BEANCOUNT, empty, tmp_path / "empty.beancount")

    assert lived.run(work).rows == 0
    assert "".join(pieces) == file.read_text("utf-8")
