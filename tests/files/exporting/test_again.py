"""What Hive writes, Hive reads again: a new vault has the same accounts, rows and second lines."""

import re
import xml.etree.ElementTree as ET
from collections import Counter
from datetime import timedelta

from hive_desktop.adapters.files.reader import StatementReader
from hive_desktop.domain.days import to_day
from hive_desktop.domain.exporting import ExportFormat
from hive_desktop.domain.ledger import TransactionQuery
from hive_desktop.domain.manual import ManualAccount, ManualKind
from tests.unit.services.world import TODAY, Vault

EVERYTHING = TransactionQuery()
LONG = "Gesellschaft für Strom, Gas &amp; Wasser der Stadt Oberhausen"
FULL = "A name of two and thirty letters"
# Of what Hive writes, in the order in which OFX 2.2 has it.
ORDERS = {
    "STMTTRN": "TRNTYPE DTPOSTED DTUSER TRNAMT FITID NAME EXTDNAME MEMO",
    "STMTRS": "CURDEF BANKACCTFROM BANKTRANLIST LEDGERBAL",
    "CCSTMTRS": "CURDEF CCACCTFROM BANKTRANLIST LEDGERBAL",
}
SECOND_LINES = {
    ExportFormat.QIF: "\nMsix rolls, card 77\n",
    ExportFormat.JSONL: '"description":"six rolls, card 77"',
    ExportFormat.HLEDGER: "; description: six rolls, card 77\n",
    ExportFormat.BEANCOUNT: 'description: "six rolls, card 77"\n',
}
NAMES = {"checking": "Giro", "savings": "Rainy <days> & 1", "credit card": "Films"}


def transaction(days, amount, name, memo=""):
    day = TODAY - timedelta(days=days)
    told = f"<MEMO>{memo}" if memo else ""
    return (
        f"<STMTTRN><TRNTYPE>OTHER<DTPOSTED>{day:%Y%m%d}<TRNAMT>{amount}<FITID>{days}"
        f"<NAME>{name}<EXTDNAME>{name}{told}</STMTTRN>"
    )


def statement(place, rows, *, prefix="", currency="EUR", held=""):
    balance = f"<LEDGERBAL><BALAMT>{held}<DTASOF>{TODAY:%Y%m%d}</LEDGERBAL>" if held else ""
    return (
        f"<{prefix}STMTRS><CURDEF>{currency}<{prefix or 'BANK'}ACCTFROM>{place}"
        f"</{prefix or 'BANK'}ACCTFROM><BANKTRANLIST>{''.join(rows)}</BANKTRANLIST>{balance}"
        f"</{prefix}STMTRS>\n"
    )


def bank_file():
    """A checking account without a balance, savings in yen with the same digits, a card."""
    bank = "<BANKID>Stadtsparkasse Oberhausen"
    giro = statement(
        f"{bank}<ACCTID>DE0099001234<ACCTTYPE>CHECKING",
        [
            transaction(9, "-12.50", "Zebra Bakery", "six rolls, card 77"),
            transaction(8, "-80.00", LONG, "customer 4711"),
            transaction(7, "-3.00", FULL, "and a memo"),
            transaction(6, "-4.00", FULL.replace("two", "ten"), "another memo"),
            transaction(5, "1500.00", "Works"),
            transaction(5, "-1.00", "=2+3", "=HYPERLINK(1)"),
        ],
    )
    place = f"{bank}<ACCTID>DE0088001234<ACCTTYPE>SAVINGS"
    savings = statement(place, [transaction(4, "70", "Interest")], currency="JPY", held="5000")
    films = [transaction(3, "-9.99", "Films")]
    card = statement("<ACCTID>4000123412349876", films, prefix="CC", held="-310.07")
    return f"OFXHEADER:100\nENCODING:UTF-8\n\n<OFX>{giro}{savings}{card}</OFX>\n"


async def take(world, file):
    importing = world.session.importing
    source = await importing.open(file)
    assert not [one for each in source.read.statements for one in each.refused]
    targets = await importing.suggested([source])
    return targets, await importing.commit(await importing.preview([source], targets))


async def fill(world, file):
    await take(world, file)
    for one in await world.session.ledger.accounts():
        await world.session.accounts.rename(one.id, NAMES[one.subtype])
    cash = ManualAccount("Savings 2024", ManualKind.CASH, "EUR")
    await world.session.ledger.manual.add_account(cash, 2_000, TODAY)


async def told(world):
    """Return all that a file can bring: accounts, and rows."""
    accounts = {one.id: one for one in await world.session.ledger.accounts()}
    rows = await world.session.ledger.page(EVERYTHING)
    return Counter(
        (one.name, one.mask, one.type, one.subtype, one.currency, one.institution,
         one.balance_current_minor)
        for one in accounts.values()
    ), Counter(
        (accounts[one.account_id].title, to_day(one.posted_on), one.amount_minor, one.currency,
         one.name, one.description or "")
        for one in rows
    )  # fmt: skip


def test_a_new_vault_made_of_an_export_has_the_same_accounts_and_rows(tmp_path, monkeypatch):
    (tmp_path / "bank.ofx").write_text(bank_file(), "utf-8")
    files = {form: tmp_path / f"all{form.suffix}" for form in ExportFormat}
    one = tmp_path / "one.ofx"

    async def write(world):
        await fill(world, tmp_path / "bank.ofx")
        done = [await world.session.exports.write(form, EVERYTHING, files[form]) for form in files]
        card = next(
            each.id for each in await world.session.ledger.accounts() if each.type == "credit"
        )
        await world.session.exports.write(ExportFormat.OFX, TransactionQuery(accounts=(card,)), one)
        # The same vault knows its accounts again.
        targets, _ = await take(world, files[ExportFormat.OFX])
        known = {each.id for each in await world.session.ledger.accounts()}
        assert {each.account_id for each in targets[0]} == known
        (lacking,) = [each.without_balance for each in done if each.without_balance]
        return lacking, *await told(world)

    lacking, accounts, rows = Vault(tmp_path / "first", monkeypatch).run(write)
    assert lacking == ("Giro ··1234",)
    assert len(accounts) == 4
    assert {each[0] for each in accounts} == {*NAMES.values(), "Savings 2024"}
    assert len(rows) == 8

    async def read(world):
        await take(world, files[ExportFormat.OFX])
        return await told(world)

    assert Vault(tmp_path / "second", monkeypatch).run(read) == (accounts, rows)

    table = StatementReader().read(files[ExportFormat.CSV], today=to_day(TODAY))
    assert table.guess.layout.preset == "Hive"
    assert rows == Counter(
        (each.account.name, row.day, row.amount_minor, row.currency,
         row.name.removeprefix("'"), row.memo.removeprefix("'"))
        for each in table.statements for row in each.rows
    )  # fmt: skip
    text = files[ExportFormat.CSV].read_text("utf-8-sig")
    assert ",'=2+3,'=2+3,'=HYPERLINK(1),-1.00," in text

    for form, line in SECOND_LINES.items():
        assert line in files[form].read_text("utf-8")

    text = files[ExportFormat.OFX].read_text("utf-8")
    for element in ET.fromstring(text).iter():  # noqa: S314 - our own
        order = ORDERS.get(element.tag, "").split()
        tags = [child.tag for child in element if not child.tag.startswith("HIVE.")]
        assert not order or tags == [each for each in order if each in tags]
        assert "LEDGERBAL" not in order or tags[-1] == "LEDGERBAL"
    places = re.findall("<ACCTID>[^<]+", text)
    assert len(set(places)) == len(places) == 4
    assert re.findall("<ACCTID>[^<]+", one.read_text("utf-8")) == ["<ACCTID>9876"]
