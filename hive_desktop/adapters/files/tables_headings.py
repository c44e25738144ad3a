"""What headings of tables say, in twelve languages, and which currency is beside an amount."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

from hive_desktop.adapters.files.tables_words import plain, words_of
from hive_desktop.domain.csv_layouts import Role
from hive_desktop.domain.money import KNOWN_CURRENCIES

_LONGEST: Final = 100
_IGNORED: Final = "ignored"
_HEADINGS: Final[tuple[tuple[Role | str, str], ...]] = (
    (
        Role.DATE,
        """date, booking date, booked, booking, posting date, post date, posted, posted date,
        date posted, posted on, date processed, processed date, process date, completed date,
        date completed, clearing date, cleared date, settlement date, settled, entry date,
        effective date, date time, datetime, date and time, created, created on, created at,
        timestamp, finished on, updated, transaction posting date, statement date, booked date,
        buchungsdatum, buchungstag, buchung, datum, tag, datum buchung, datum zeit,
        date de comptabilisation, date comptable, date operation, date de l operation,
        date d operation, dateop, date op, date de l opération, date mouvement, date ecriture,
        jour, fecha, fecha operacion, fecha de operacion, f operacion, fecha contable,
        fecha mov, fecha movimiento, dia, boekdatum, boekingsdatum, datum verwerking,
        uitvoeringsdatum, data, data operazione, data contabile, data contabilizzazione,
        data registrazione, data movimento, bokföringsdatum, bokföringsdag, bokförd, bokfört,
        bokforingsdato, dato, bokført, bogført, bokført dato, bogføringsdato, bogforingsdato,
        data ksiegowania, data operacji, data, data mov, data lancamento, data do lancamento,
        dt movimento, data zaksiegowania, datum zauctovani, datum provedeni, datum,
        kirjauspaiva, paivamaara, idopont, konyveles datuma, datum, дата, дата операции,
        kuupaev, datums, date de compta, dated, transaktionsdatum bank, day, erstellt am,
        date utc, completed""",
    ),
    (
        Role.HAPPENED,
        """transaction date, trans date, transacted, date of transaction, purchase date,
        purchased on, transaction time, started date, date started, created date,
        execution date, authorised date, authorized date, auth date, original date, belegdatum,
        transaktionsdatum, kaufdatum, umsatzdatum, umsatztag, einkaufsdatum,
        date de transaction, date d achat, date achat, fecha de compra, fecha transaccion,
        transactiedatum, data transazione, data acquisto, transaktionsdag, inköpsdatum,
        köpdatum, kjøpsdato, købsdato, data transakcji, data da compra, datum transakce,
        datum nakupu, trade date""",
    ),
    (
        Role.VALUE_DATE,
        """value date, valued, valutadatum, valuta, wertstellung, wertstellungstag, valuta datum,
        wertstellungsdatum, wert, date de valeur, date valeur, dateval, date val, fecha valor,
        f valor, rentedatum, rentedag, valutadag, data valuta, data waluty, data valor,
        valuteringsdag, rentedato, valoerdato, data valore, datum valuty, interest date,
        wertdatum""",
    ),
    (
        Role.AMOUNT,
        """amount, transaction amount, amt, amount total, total amount, net, net amount, value,
        payment amount, sum, total, amount in account currency, account amount,
        settlement amount, billing amount, betrag, umsatz, buchungsbetrag, umsatz in, betrag in,
        betrag in kontowaehrung, summe, montant, montant de l operation, montant net,
        montant operation, somme, importe, importe neto, monto, cantidad, bedrag, importo,
        somma, belopp, beløp, beløb, kwota, kwota operacji, kwota transakcji,
        kwota w walucie rachunku, valor, valor movimento, montante, quantia, castka,
        zauctovana castka, objem, summa, maara, osszeg, сумма, tutar, suma, amount local,
        local amount, transaction value, importe movimiento, amount net, netto, billed amount,
        posted amount, amount charged, sum total""",
    ),
    (
        Role.OUT,
        """debit, debits, debit amount, amount debit, withdrawal, withdrawals, withdrawal amount,
        withdrawal amt, money out, paid out, outflow, out, spent, expense, expenses, soll,
        lastschrift, belastung, belastungen, ausgang, ausgabe, ausgaben, abgang, abgaenge,
        auszahlung, montant debit, debit euros, cargo, cargos, debe, retiro, retiros, gasto,
        gastos, af, afschrijving, uitgaven, uitgave, debet, uscite, uscita, addebiti, addebito,
        dare, uttag, utgift, utgifter, ut, ut fra konto, ut av konto, belastning, hævet,
        obciazenia, obciazenie, wydatki, wydatek, debito, debitos, saida, saidas, vydaje, dr,
        dr amount, debit value, payments out, charge amount, amount out, debitado""",
    ),
    (
        Role.IN,
        """credit, credits, credit amount, amount credit, deposit, deposits, deposit amount,
        deposit amt, money in, paid in, inflow, in, received, income, haben, gutschrift,
        gutschriften, eingang, einnahme, einnahmen, zugang, zugaenge, einzahlung,
        montant credit, credit euros, abono, abonos, haber, ingreso, ingresos, depositos, bij,
        bijschrijving, inkomsten, entrate, entrata, accrediti, accredito, avere, insättning,
        inkomst, inn, inn paa konto, inn pa konto, inngaaende, uznania, uznanie, wplywy,
        przychody, credito, creditos, entrada, entradas, prijmy, cr, cr amount, credit value,
        payments in, kredit, amount in, creditado""",
    ),
    (
        Role.INDICATOR,
        """debit credit, credit debit, dr cr, cr dr, d c, c d, d k, k d, db cr, debit or credit,
        credit or debit, credit debit indicator, direction, af bij, bij af, soll haben, s h,
        soll haben kennzeichen, sens, sens operation, tipo movimento, kennzeichen, debet credit,
        debit credit indicator, in out, income expense, cr db, sign, dc, cd, af of bij,
        dr or cr""",
    ),
    (
        Role.BALANCE,
        """balance, running balance, accountbalance, runningbalance, account balance, running bal,
        saldo, kontostand, saldo na trn, saldo na mutatie, resulterend saldo, solde,
        solde apres operation, saldo disponible, available balance, ledger balance,
        saldo contabile, saldo nach buchung, bokfört saldo, bokfort saldo, salda,
        saldo po operacji, saldo po transakcji, saldo apos movimento, saldo apos lancamento,
        zustatek, egyenleg, остаток, balance after, new balance, saldo contabilistico,
        post transaction balance, closing balance, balance after transaction, kontosaldo,
        saldo nach, balance amount, available, saldo konta""",
    ),
    (
        Role.CURRENCY,
        """currency, ccy, cur, curr, waehrung, devise, moneda, divisa, munt, munteenheid, mena,
        mena uctu, waluta, moeda, deviza, currency code, account currency, buchungswaehrung,
        kontowaehrung, valuta, valuutta, валюта, monnaie, transaction currency, währung,
        card currency, billing currency, source currency""",
    ),
    (
        Role.NAME,
        """payee, merchant, merchant name, name, counterparty, counterparty name, counter party,
        beneficiary, beneficiary remitter, beguenstigter zahlungspflichtiger, payee name,
        auftraggeber beguenstigter, auftraggeber empfaenger, auftraggeber zahlungsempfaenger,
        zahlungsempfaenger auftraggeber, empfaenger auftraggeber, partner name, partnername,
        partner, beguenstigter auftraggeber, name zahlungsbeteiligter, zahlungsbeteiligter,
        gegenpartei, beneficiaire, tiers, nom, contrepartie, nom de la contrepartie,
        beneficiario, ordenante, naam, naam tegenpartij, tegenpartij, naam omschrijving,
        name description, tegenpartij naam, controparte, mottagare, motpart, modpart,
        kontrahent, odbiorca nadawca, nadawca odbiorca, nazwa kontrahenta, dane kontrahenta,
        beneficiario ordenante, counteraccount name, nazev protiuctu, protistrana, vendor,
        store, shop, contact, party, partner name, payer payee, saaja maksaja, handelsname,
        haendler, commercant, empfaenger, zahlungsempfaenger, recipient, payee payer,
        target name, other party, description of merchant, opponent, gegenkonto inhaber,
        beguenstigter, nom du tiers, counterparty full name""",
    ),
    (
        Role.PAYER,
        """from, from name, payer, sender, sender name, zahlungspflichtige r, zahlungspflichtiger,
        auftraggeber, source name, von, absender, nadawca, ordering party, payer name""",
    ),
    (
        Role.PAYEE,
        """to, to name, receiver, receiver name, zahlungsempfaenger in, zahlungsempfaengerin,
        destination name, an, odbiorca, recipient name, target""",
    ),
    (
        Role.TEXT,
        """description, details, transaction details, transaction description, narrative,
        narration, particulars, original description, verwendungszweck, buchungsdetails,
        libelle, detail de l ecriture, detail, libelle de l operation, libelle operation,
        nature, libelle complet, concepto, descripcion, observaciones, omschrijving,
        mededelingen, mededeling, vrije mededeling, omschrijving 1, omschrijving 2,
        omschrijving 3, descrizione, descrizione operazione, descrizione completa, causale,
        text, tekst, texte, beskrivning, beskrivelse, forklaring, opis, opis operacji,
        opis transakcji, tytul, tytul operacji, descricao, historico, descritivo, lancamento,
        popis, zprava, message, statement description, transaction, transaktionsbeschreibung,
        transaktionsbeschreibung zusatz, specification, rubrik, meddelande, selite,
        vorgang verwendungszweck, purpose, bezeichnung, subject, item title, concept,
        buchungsinformation, beschreibung, transaktion, umsatztext, bank account details,
        payment details, appears on your statement as, statement text, full description,
        extended description, item, megnevezes, kozlemeny, описание, descriere, name address,
        activity, remittance information, wyciag, specifikation, memo description""",
    ),
    (
        Role.MEMO,
        """memo, note, notes, notiz, comment, comments, bemerkung, bemerkungen, remarque,
        reference, payment reference, notas, opmerking, kommentar, poznamka, client note,
        message for me, message for payee, info, additional info, additional information,
        extended details, check number, check, check or slip, check no, cheque number,
        cheque no, reference number text, customer reference, kundenreferenz,
        kundenreferenz end to end, end to end id, mandatsreferenz, glaeubiger id,
        mandate reference, gestructureerde mededeling, betalingskenmerk, payment note,
        adres tegenpartij, transaction memo, originator, serial, zusatz, informations,
        tegenrekening, tegenrekening iban bban, kontonummer iban, iban zahlungsbeteiligter,
        partner iban, counterparty account, counterparty iban, gegenkonto, cislo protiuctu,
        protiucet, konto kontrahenta, rachunek kontrahenta, rekening tegenpartij,
        rekeningnummer tegenpartij, account number counterparty, gegenkonto iban,
        counter account, vs, ks, ss, variable symbol 1, card member, meddelelse, melding,
        vermerk, bank reference, spending note, num, cheque, check num, voucher""",
    ),
    (
        Role.KIND,
        """type, transaction type, buchungstext, umsatzart, umsatztyp, vorgang, mutatiesoort,
        mutatie, transaktionstyp, transaktionsart, tipo, tipo de movimiento, tipo operazione,
        typ, typ transakce, type d operation, type operation, rodzaj transakcji,
        rodzaj operacji, typ operacji, typ transakcji, code, action, kind, type of transaction,
        payment type, transactiesoort, art, tapahtuma, category type, transaction code,
        activity type, entry type, tran type, typ operace, transaksjonstype""",
    ),
    (
        Role.ID,
        """id, transaction id, transaction reference, transaction reference number,
        reference number, reference no, reference id, trn id, fitid, unique id, uuid,
        external id, transactiereferentie, record id, id transakce, buchungsreferenz,
        transaktions id, token, balance transaction id, activity id, transferwise id,
        payment id, bank transaction id, volgnr, sequence number, transaction number,
        transactie id, transaction no, transaction nr, transaktions nr, entry reference,
        id operacji, numer transakcji, identyfikator, referenznummer, transaktionsnummer,
        arkivreferanse, unique reference, operation id, journal id, transactieid, id operace,
        verifikationsnummer""",
    ),
    (
        Role.CATEGORY,
        """category, categories, kategorie, categorie, categoria, category name, kategoria,
        kategori, spending category, rubrieknaam, kategorie transakce, sub category,
        subcategory, unterkategorie""",
    ),
    (Role.GROUP, "category group, master category, parent category, hauptkategorie, main category"),
    (Role.TAGS, "tags, labels, tag, etiketten, etiquetas, stichworte, mots cles"),
    (
        Role.STATE,
        """state, status, statut, stato, estado, tila, cleared, pending, umsatz status,
        transaction status, stav, stan, zustand, payment status, balance impact, booking status""",
    ),
    (
        Role.ACCOUNT,
        """account, account name, konto, kontoname, kontobezeichnung, compte, cuenta, conto,
        rachunek, conta, account label, card name, source account, nom du compte,
        libelle du compte, tili, account nickname, wallet, rekening naam, purse, kontonavn""",
    ),
    (
        Role.NUMBER,
        """account number, account no, account num, iban, auftragskonto, kontonummer, kontonr,
        rekeningnummer, rekening, card no, card number, card, iban bban, iban auftragskonto,
        numero de compte, numero compte, compte n, numero de cuenta, cislo uctu, account id,
        bank account, kartennummer, card last 4 digits, numer rachunku, tilinumero,
        account iban, last 4, bankkonto, umsatz getaetigt von""",
    ),
    (Role.TRANSFER, "transfer account, transfer, transfer to, linked account"),
    (
        Role.FEE,
        """fee, fees, gebuehr, gebuehren, frais, comision, comisiones, kosten, commission,
        commissions, poplatek, total fees, amount fee, fee amount, charges fee, avgift, gebyr,
        prowizja, oplata, spread fee""",
    ),
    (
        _IGNORED,
        """member name, card holder full name, cardholder, cardholder name, card holder,
        account holder, kontoinhaber, purchased by, original amount, originalbetrag,
        original currency, originalwaehrung, foreign amount, foreign currency,
        foreign currency amount, local currency, amount foreign currency, gross,
        amount in foreign currency, betrag in fremdwaehrung, fremdwaehrung,
        type foreign currency, exchange rate, umrechnungskurs, wechselkurs, kurs, koers,
        oorspr bedrag, oorspr munt, rate, fx rate, price, quantity, shares, units,
        puvodni castka a mena, amount tendered, fx amount, tip, sales tax, tax, vat, amount tip,
        amount tax, discount, balance before, opening balance, beginning balance,
        starting balance, ending balance, statement period beginning balance,
        statement period ending balance, split amount, original value,
        original transaction amount, lastschrift ursprungsbetrag,
        auslagenersatz ruecklastschrift, fees comm, cashback, points, rewards, time, timezone,
        time zone, uhrzeit, zeit, hora, heure, tijd, bic, blz, swift, bic swift,
        bic tegenpartij, kontonummer des auftraggebers, country, region, city, town city,
        postal code, zip, zip code, address, mcc, bic swift code, limit, credit limit,
        conversion rate""",
    ),
)
_KNOWN: Final[dict[str, Role | str]] = {}
for _role, _words in _HEADINGS:
    for _word in words_of(_words):
        _KNOWN.setdefault(_word, _role)

# Tried in this order on headings that are no known phrase: the first that stands in it as a word.
_HINTS: Final[tuple[tuple[Role | str, str], ...]] = (
    (_IGNORED,
        """original, foreign, rate, kurs, fremdwaehrung, oorspr, ursprung, puvodni, price,
        limit, bic, blz, time, quantity, shares, zone, rewards""",
    ),
    (Role.BALANCE,
        """balance, saldo, solde, kontostand, zustatek, egyenleg""",
    ),
    (Role.CURRENCY,
        """currency, waehrung, devise, moneda, divisa, munt, waluta, moeda""",
    ),
    (Role.VALUE_DATE,
        """value date, valuta, wertstellung, valeur, fecha valor, rentedatum, valutadatum""",
    ),
    (Role.HAPPENED,
        """transaction date, purchase date, transaktionsdatum, belegdatum, kaufdatum""",
    ),
    (Role.DATE,
        """date, datum, fecha, data, dato, buchungstag, buchungsdatum, boekdatum, дата""",
    ),
    (Role.FEE,
        """fee, fees, gebuehr, commission, poplatek, prowizja""",
    ),
    (Role.OUT,
        """withdrawals, withdrawal, debit, debits, outflow, belastung, ausgaben, debito,
        debet, paid out, money out""",
    ),
    (Role.IN,
        """deposits, deposit, credit, credits, inflow, gutschrift, einnahmen, credito,
        paid in, money in""",
    ),
    (Role.AMOUNT,
        """amount, betrag, umsatz, montant, importe, monto, bedrag, importo, belopp, beloep,
        kwota, valor, castka, сумма, summa""",
    ),
    (Role.NUMBER,
        """account number, kontonummer, rekeningnummer, card number, iban""",
    ),
    (Role.CATEGORY,
        """category, kategorie, categorie, categoria""",
    ),
    (Role.STATE,
        """status, state""",
    ),
    (Role.NAME,
        """payee, merchant, counterparty, beneficiary, empfaenger, beguenstigter, naam,
        tegenpartij, beneficiaire, beneficiario, name, mottagare, kontrahent""",
    ),
    (Role.TEXT,
        """description, details, verwendungszweck, libelle, omschrijving, descrizione,
        descripcion, concepto, narrative, opis, popis, text""",
    ),
    (Role.MEMO,
        """memo, note, notes, reference, comment, referenz""",
    ),
    (Role.KIND,
        """type, typ, tipo""",
    ),
)  # fmt: skip
_HINT_WORDS: Final = tuple((role, words_of(words)) for role, words in _HINTS)

_UNITS: Final = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "euros": "EUR", "£": "GBP", "zl": "PLN", "pln": "PLN",
    "kc": "CZK", "¥": "JPY", "₹": "INR", "us$": "USD", "c$": "CAD", "a$": "AUD", "₽": "RUB",
    "₩": "KRW",
    "r$": "BRL", "₺": "TRY", "₪": "ILS", "₴": "UAH", "₱": "PHP", "฿": "THB", "₦": "NGN",
    "ft": "HUF",
    "nz$": "NZD", "hk$": "HKD", "s$": "SGD", "ca$": "CAD", "au$": "AUD", "mx$": "MXN",
}  # fmt: skip


class Heading(NamedTuple):
    """What a heading says: a role (None: nothing that counts), how surely, and a currency."""

    role: Role | None
    is_exact: bool = False
    is_known: bool = False
    currency: str = ""


def heading_of(text: str) -> Heading:
    """Return what a heading says."""
    return _heading_of(text) if len(text) <= _LONGEST else Heading(None)


@lru_cache(maxsize=4_000)
def _heading_of(text: str) -> Heading:
    words = plain(text).rstrip("0123456789 ")
    if not words or len(words) > 80:
        return Heading(None)
    currency = ""
    if words not in _KNOWN:
        first, _, rest = words.rpartition(" ")
        if first and _is_code(rest):
            words, currency = first, rest.upper()
        elif "€" in text or "£" in text:
            currency = "EUR" if "€" in text else "GBP"
    for phrase in (words, words.removesuffix(" in")):
        known = _KNOWN.get(phrase)
        if known is not None:
            role = known if isinstance(known, Role) else None
            return Heading(role, is_exact=True, is_known=True, currency=currency)
    padded = f" {words} "
    for hinted, hints in _HINT_WORDS:
        if any(f" {one} " in padded for one in hints):
            role = hinted if isinstance(hinted, Role) else None
            return Heading(role, is_known=True, currency=currency)
    return Heading(None)


def _is_code(word: str) -> bool:
    return len(word) == 3 and word.upper() in KNOWN_CURRENCIES


def currency_of(sign: str) -> str:
    """Return the code that a sign or code beside an amount means, or "" where it has several."""
    if sign.upper() in KNOWN_CURRENCIES:
        return sign.upper()
    return _UNITS.get(sign.casefold(), _UNITS.get(plain(sign), ""))


_HOLDINGS: Final = frozenset(
    words_of(
        """shares, units, quantity, market value, cost basis, closing price, closing value,
        cost share, total shares, total value, gain loss, holding period, stueck, kurswert,
        einstandskurs, isin, anteile, bestand, bestand nominal, fund, ticker, symbol, security,
        unrealized gain, average cost basis, current value, last price, open date, quantita,
        valeur liquidative"""
    )
)


def holdings_in(headings: list[str]) -> int:
    """Return how many headings are of a list of securities."""
    return sum(plain(one) in _HOLDINGS for one in headings)
