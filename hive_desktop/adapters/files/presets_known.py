"""The exports that are known, each as `preset.Preset`."""

from __future__ import annotations

from typing import Final

from hive_desktop.adapters.files.preset import Preset
from hive_desktop.adapters.files.preset import all_of as _all
from hive_desktop.adapters.files.preset import as_roles as _as
from hive_desktop.domain.csv_layouts import DateOrder, Role, Sign

_IN, _OUT = Sign.IN_POSITIVE, Sign.OUT_POSITIVE
_WORD, _SIDES = Sign.INDICATOR, Sign.COLUMNS
_DMY, _MDY, _YMD = DateOrder.DMY, DateOrder.MDY, DateOrder.YMD
_R = Role

PRESETS: Final = (
    Preset(
        "Hive",
        _all("Date, Name, Bank's name, Amount, Currency, Category, Account, Bank, State, Note, Id"),
        _as(bank_s_name=_R.TEXT, bank=None, hidden=None),
        sign=_IN,
        order=_YMD,
    ),
    Preset(
        "Mint",
        _all("Date, Description, Original Description, Amount, Transaction Type, Account Name"),
        _as(
            description=_R.NAME,
            original_description=_R.TEXT,
            transaction_type=_R.INDICATOR,
            labels=_R.TAGS,
        ),
        sign=_WORD,
        order=_MDY,
        currency="USD",
    ),
    Preset(
        "YNAB",
        _all(
            "Account, Flag, Date, Payee, Category Group/Category, Category, Memo, Outflow, Inflow"
        ),
        _as(category_group_category=None, cleared=None, flag=None),
        sign=_SIDES,
    ),
    Preset(
        "YNAB 4",
        _all("Account, Flag, Check Number, Date, Payee, Category, Master Category, Sub Category"),
        _as(category=None, cleared=None, flag=None, running_balance=None),
        sign=_SIDES,
    ),
    Preset(
        "Monarch",
        _all("Date, Merchant, Category, Account, Original Statement, Notes, Amount"),
        _as(original_statement=_R.TEXT, owner=None),
        sign=_IN,
        order=_YMD,
        currency="USD",
    ),
    Preset(
        "Actual",
        _all("Account, Date, Payee, Notes, Category, Amount"),
        _as(cleared=None, reconciled=None, split_amount=None),
        others=_all("Cleared, Reconciled, Split_Amount"),
        sign=_IN,
        order=_YMD,
        reshape="actual",
    ),
    Preset(
        "Firefly III",
        _all(
            "journal_id, type, currency_code, amount, description, date, source_name, "
            "source_type, destination_name, destination_type"
        ),
        sign=_IN,
        order=_YMD,
        reshape="firefly",
    ),
    Preset(
        "Chase checking",
        _all("Details, Posting Date, Description, Amount, Type, Balance, Check or Slip #"),
        _as(details=None, description=_R.NAME),
        sign=_IN,
        order=_MDY,
        currency="USD",
        kind="checking",
    ),
    Preset(
        "Chase card",
        _all("Transaction Date, Post Date, Description, Category, Type, Amount"),
        sign=_IN,
        order=_MDY,
        currency="USD",
        kind="credit card",
    ),
    Preset(
        "Chase card",
        _all("Type, Trans Date, Post Date, Description, Amount"),
        absent=_all("Category"),
        sign=_IN,
        order=_MDY,
        currency="USD",
        kind="credit card",
    ),
    Preset(
        "Capital One card",
        _all("Transaction Date, Posted Date, Card No., Description, Category, Debit, Credit"),
        sign=_SIDES,
        currency="USD",
        kind="credit card",
    ),
    Preset(
        "Capital One 360",
        _all(
            "Account Number, Transaction Description, Transaction Date, Transaction Type, "
            "Transaction Amount, Balance"
        ),
        _as(transaction_type=_R.INDICATOR),
        sign=_WORD,
        order=_MDY,
        currency="USD",
    ),
    Preset(
        "Apple Card",
        _all(
            "Transaction Date, Clearing Date, Description, Merchant, Category, Type, Amount (USD)"
        ),
        _as(purchased_by=None),
        sign=_OUT,
        order=_MDY,
        currency="USD",
        kind="credit card",
    ),
    Preset(
        "Discover card",
        _all("Trans. Date, Post Date, Description, Amount, Category"),
        absent=_all("Type"),
        sign=_OUT,
        order=_MDY,
        currency="USD",
        kind="credit card",
    ),
    Preset(
        "Monzo",
        _all("Transaction ID, Date, Time, Type, Name, Category, Amount, Currency, Local amount"),
        _as(
            local_amount=None,
            money_out=None,
            money_in=None,
            notes_and_tags=_R.MEMO,
            receipt=None,
            category_split=None,
        ),
        sign=_IN,
        order=_DMY,
    ),
    Preset(
        "Starling",
        _all("Date, Counter Party, Reference, Type, Amount (GBP), Balance (GBP)"),
        sign=_IN,
        order=_DMY,
        currency="GBP",
    ),
    Preset(
        "N26",
        _all("Date, Payee, Account number, Transaction type, Payment reference, Amount (EUR)"),
        _as(account_number=_R.MEMO, payment_reference=_R.TEXT),
        sign=_IN,
        order=_YMD,
        currency="EUR",
    ),
    Preset(
        "N26",
        _all(
            "Booking Date, Value Date, Partner Name, Partner Iban, Type, Payment Reference, "
            "Amount (EUR)"
        ),
        _as(payment_reference=_R.TEXT),
        sign=_IN,
        order=_YMD,
        currency="EUR",
    ),
    Preset(
        "N26",
        _all("Datum, Empfänger, Kontonummer, Transaktionstyp, Verwendungszweck, Betrag (EUR)"),
        _as(kontonummer=_R.MEMO),
        sign=_IN,
        order=_YMD,
        currency="EUR",
    ),
    Preset(
        "Revolut",
        _all(
            "Type, Product, Started Date, Completed Date, Description, Amount, Fee, Currency, State"
        ),
        _as(product=_R.ACCOUNT, description=_R.NAME),
        sign=_IN,
        order=_YMD,
        fee_is_extra=True,
    ),
    Preset(
        "ING (Netherlands)",
        _all("Datum, Naam / Omschrijving, Rekening, Tegenrekening, Code, Af Bij, Bedrag (EUR)"),
        _as(code=None, rekening=_R.NUMBER, tag=_R.TAGS),
        sign=_WORD,
        order=_YMD,
        currency="EUR",
    ),
    Preset(
        "ING (Netherlands)",
        _all("Date, Name / Description, Account, Counterparty, Code, Debit/credit, Amount (EUR)"),
        _as(
            code=None,
            account=_R.NUMBER,
            counterparty=_R.MEMO,
            notifications=_R.TEXT,
            resulting_balance=_R.BALANCE,
        ),
        sign=_WORD,
        order=_YMD,
        currency="EUR",
    ),
    Preset(
        "ING (Germany)",
        _all("Buchung, Auftraggeber/Empfänger, Buchungstext, Verwendungszweck, Betrag, Währung"),
        sign=_IN,
        order=_DMY,
    ),
    Preset(
        "DKB",
        _all(
            "Buchungstag, Wertstellung, Buchungstext, Auftraggeber / Begünstigter, "
            "Verwendungszweck, Kontonummer, BLZ, Betrag (EUR)"
        ),
        _as(kontonummer=_R.MEMO),
        sign=_IN,
        order=_DMY,
        currency="EUR",
    ),
    Preset(
        "DKB",
        _all(
            "Buchungsdatum, Wertstellung, Status, Zahlungspflichtige*r, Zahlungsempfänger*in, "
            "Verwendungszweck, Umsatztyp, IBAN"
        ),
        _as(iban=_R.MEMO, betrag=_R.AMOUNT),
        sign=_IN,
        order=_DMY,
        currency="EUR",
    ),
    Preset(
        "DKB card",
        _all("Wertstellung, Belegdatum, Beschreibung"),
        _as(wertstellung=_R.DATE, belegdatum=_R.HAPPENED, beschreibung=_R.NAME),
        sign=_IN,
        order=_DMY,
        currency="EUR",
        kind="credit card",
    ),
    Preset(
        "Sparkasse",
        _all(
            "Auftragskonto, Buchungstag, Valutadatum, Buchungstext, Verwendungszweck, "
            "Beguenstigter/Zahlungspflichtiger, Betrag, Waehrung, Info"
        ),
        _as(kontonummer=_R.MEMO, info=_R.STATE, sammlerreferenz=None),
        sign=_IN,
        order=_DMY,
    ),
    Preset(
        "PayPal",
        _all("Date, Time, TimeZone, Name, Type, Status, Currency"),
        {
            "net": _R.AMOUNT,
            "fee": None,
            "fees": None,
            "total": _R.AMOUNT,
            "subject": _R.MEMO,
            "item title": _R.MEMO,
            "reference txn id": None,
            "address status": None,
            "balance impact": _R.STATE,
            "note": _R.MEMO,
            "description": _R.KIND,
        },
        sign=_IN,
    ),
    Preset(
        "Wise",
        _all("TransferWise ID, Date, Amount, Currency, Description, Running Balance"),
        _as(
            payer_name=_R.PAYER,
            payee_name=_R.PAYEE,
            merchant=_R.NAME,
            total_fees=None,
            payee_account_number=None,
            card_last_four_digits=None,
        ),
        sign=_IN,
        order=_DMY,
    ),
    Preset(
        "Wise history",
        _all(
            "ID, Status, Direction, Created on, Finished on, Source amount (after fees), "
            "Source currency, Target amount (after fees), Target currency"
        ),
        sign=_IN,
        order=_YMD,
        reshape="wise",
    ),
    Preset(
        "Venmo",
        _all("ID, Datetime, Type, Status, Note, From, To, Amount (total)"),
        _as(amount_fee=None, note=_R.TEXT, funding_source=_R.MEMO, destination=_R.MEMO),
        sign=_IN,
        order=_YMD,
        currency="USD",
    ),
    Preset(
        "bunq",
        _all("Date, Amount, Account, Counterparty, Name, Description"),
        _as(account=_R.NUMBER, counterparty=_R.MEMO),
        sign=_IN,
        order=_YMD,
        currency="EUR",
    ),
    Preset(
        "Nationwide",
        _all("Date, Transaction type, Description, Paid out, Paid in, Balance"),
        sign=_SIDES,
        order=_DMY,
        currency="GBP",
    ),
    Preset(
        "Schwab",
        _all("Date, Type, Description, Withdrawal, Deposit, RunningBalance"),
        sign=_SIDES,
        order=_MDY,
        currency="USD",
    ),
    Preset(
        "Schwab",
        _all("Date, Type, Check #, Description, Withdrawal (-), Deposit (+), RunningBalance"),
        sign=_SIDES,
        order=_MDY,
        currency="USD",
    ),
    Preset(
        "Schwab brokerage",
        _all("Date, Action, Symbol, Description, Quantity, Price, Fees & Comm, Amount"),
        _as(symbol=_R.MEMO, description=_R.NAME, action=_R.KIND),
        sign=_IN,
        order=_MDY,
        currency="USD",
        kind="investment",
    ),
    Preset(
        "American Express",
        _all("Date, Description, Amount, Extended Details"),
        _as(
            extended_details=_R.MEMO,
            reference=_R.ID,
            appears_on_your_statement_as=None,
            account=None,
            card_member=None,
            country=None,
        ),
        sign=_OUT,
        kind="credit card",
    ),
    Preset(
        "American Express",
        _all("Date, Description, Card Member, Account #, Amount"),
        _as(account=None, card_member=None, reference=_R.ID),
        sign=_OUT,
        kind="credit card",
    ),
    Preset(
        "American Express",
        _all("Datum, Beschreibung, Betrag, Erweiterte Details"),
        _as(
            erweiterte_details=_R.MEMO,
            betreff=_R.ID,
            konto=None,
            adresse=None,
            karteninhaber=None,
            erscheint_auf_ihrer_abrechnung_als=None,
        ),
        sign=_OUT,
        order=_DMY,
        kind="credit card",
    ),
)
