"""What banks and payment processors print around a merchant's name.

Patterns work on folded text (`domain.merchants.fold`): small letters without accents.
"""

from __future__ import annotations

import re

_MONTHS = (
    "jan(?:uary|uar|vier|uari)?|feb(?:ruary|ruar|ruari)?|fev|mar(?:ch)?|maerz|mrt|apr(?:il)?|avr"
    "|may|mai|mei|june?|juni?|juin|july?|juli|juil|aug(?:ust)?|aout|ago|sept?(?:ember)?"
    "|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?|dic|ene|abr"
)
_BEFORE_MONTH = rf"[ ]?(?:{_MONTHS})\b"
_TOP_LEVEL = (
    r"com?(?:\.(?:uk|au|nz|za|ie|mx))|com|net|org|de|fr|es|nl|ie|ca|be|at|ch|it|eu|io|app|uk|co|tv"
)

# One pass: what matches becomes a blank. Most of it can begin at a word's border only, so that
# nothing is tried inside words.
NOISE = re.compile(
    rf"""
    \b(?:
        https?:/*
      | www\.?(?=\w)
      | (?:apple|google|samsung|android)[ ]?pay\b
      | \d{{4}}-\d\d?-\d\d?(?:t[\d:.]+z?)?\b                    # 2024-03-12
      | \d\d?(?:
            [/.-]\d\d?(?:[/.-]\d{{2,4}})?\b                       # 12/03, 12.03.24
          | [ -]?(?:{_MONTHS})(?:[ '-]?\d{{2,4}}(?!{_BEFORE_MONTH}))?\b  # 12 mar 24
          | [:h]\d\d(?::\d\d)?(?:[ ]?[ap]m)?\b                   # 18:04
        )
      | (?:{_MONTHS})[ -]?\d\d?(?:,?[ ]?\d{{4}})?\b             # mar 12
      | (?:card|carte|karte|kaart|tarjeta|tarj|cb|crd|acct|konto|pas)[ .:]*(?:nr|no|n|num)?[ .:#]*
        [x*]*\d{{2,}}[x*\d]*\b(?!{_BEFORE_MONTH})              # card 1234
      | x[x*]++(?:[ -]?[x*]{{2,}}+)*+[ -]?\d{{2,}}              # xx1234
      | (?:ending|ends)[ ](?:in[ ])?\d{{2,4}}\b
      | (?:ref|reference|referenz|mandat|mandate|trace|auth|conf|confirmation|invoice|rechnung|inv
         |rechnungsnr|kundennr|kunden-nr|vertrag|order|trn|txn|trx|tran|id|des|indn|ppd|ccd|web|eref
         |mref|cred|rcur|kref|svwz|iban|bic|end-to-end|ende-zu-ende|kenmerk|machtiging|incassant
         |n[or]|nr|num|store|terminal|term|trm|seq)
        [ ]?(?:id|nr|no|number|num)?[ ]?[.:#*=+-]+[ ]?[\w/-]*\d[\w/-]*  # ref: a1234
      | (?:usd|eur|gbp|aud|cad|nzd|zar|chf)[ ]?\d[\d.,]*
      | \d[\d.,]*[ ]?(?:[$£€]|(?:usd|eur|gbp|aud|cad|nzd|zar|chf)\b)
      | (?:exchange|exchg|exch|conversion|fx)[ ](?:rate|rte)\b
      | \d[\d ().-]{{6,}}\d\b(?!{_BEFORE_MONTH})                       # phone
    )
  | (?<=\w)\.(?:{_TOP_LEVEL})(?![\w.])                          # netflix.com
  | <[^<>]{{1,60}}>                                             # mark-up
  | \*[x*]++[ -]?\d{{2,}}                                      # ***1234
  | [#№][ ]?\w*\d\w*                                           # store number
  | [$£€][ ]?\d[\d.,]*
    """,
    re.VERBOSE,
)

# `SQ *`, `PAYPAL *`: who processed a payment, in front of whom it was for.
PROCESSORS = re.compile(
    r"(?<![^\W_])(?:sq|gosq\.com|tst|paypal|pypl|pp|p?sp|yoco|yco|zapper|snapscan|ikhokha|sumup"
    r"|i?zettle_?|stripe|klarna|adyen|ccv|bck|pay\.nl|pay nl|mollie|buckaroo|sezzle|toast|cke"
    r"|clover|clv|py|paddle\.net|paddle|fs|wpy|in|ic|bt|lsp|spo|pos|ps|ls|eb|fsp|sqsp|wl|gl|ebanx|dri|crv"
    r"|afterpay|zip|wix|shopify|shop pay|payfast|payu|peach|lyf|tyl|dojo|worldpay|wp|nyx|nya"
    r"|2co\.com|bluesnap|cko|payplug|lyra|hlo|hm|vzw ?pos|c|z|d|ck|sw|mp|evt|g)[ ]?\*[ ]?"
    r"|(?<![^\W_])google[ ]?\*[ ]?(?!services|ads|play|temporary|payment|storage|one|cloud|svcs)"
    r"|^\s*(?:sumup|zettle|izettle|yoco|zapper|snapscan|payfast|ikhokha)[ _]+(?=[^\W\d_]{3})"
    r"|^\s*(?:sq|tst|sp)[ ]+(?=[^\W\d_]{3})"
)

_PHRASES = """
pos purchase|pos debit|pos pur|pos pin|pos signature|pos|purchase authorized on
purchase authorized|purchase at|purchase with pin|purchase|debit card purchase
debit purchase|debit card|credit card purchase|card purchase|recurring card purchase
recurring debit card|recurring payment authorized on|recurring payment|recurring
checkcard|check card purchase|check card|chkcard|chkcardpurchase|dbt crd
dbt purchase|dda purchase|dda debit|visa debit|visa purchase|visa direct|visa
mastercard|maestro|mc|contactless payment|contactless|card payment to|card payment
crd pmt|ext debit|external debit|point of sale|point of sale withdrawal
withdrawal pos|web authorized pmt|web pmt|pre authorized debit|preauthorized debit
preauthorized|pre authorized payment|pad|bill payment to|bill pmt|online payment to
payment to|ach debit|ach pmt|ach web|ach|direct debit to|direct debit|directdebit
dir deb|dd|so|fpi|fpo|bgc|bgp|bp to|ddr|deb|sto|standing order to|standing order
faster payment to|faster payments|apple pay|google pay|samsung pay|android pay
in store|online|on line|mobile purchase|intl|international|paiement par carte
paiement cb|paiement carte|paiement psc|paiement sans contact|paiement internet
paiement|achat cb|achat carte|achat|facture carte|facture cb|carte|cb|prlv sepa
prelevement sepa|prelevement europeen|prelevement de|prelevement|prlv|prelvt
vir sepa recu de|vir sepa|virement sepa recu|virement sepa|vir inst|vir recu
sepa recu|emis par|sans contact|kartenzahlung|kartenverfugung|kartenverfuegung
kartenumsatz|kreditkartenumsatz|kreditkarte|girocard|girocard zahlung
ec kartenzahlung|ec karte|elv|elektronische lastschrift|lastschrifteinzug
lastschrift|sepa lastschrift|sepa basislastschrift|basislastschrift
basis lastschrift|sepa direct debit|folgelastschrift|erstlastschrift|einzug
gutschrift|sepa gutschrift|uberweisung|ueberweisung|sepa uberweisung
sepa ueberweisung|sepa uberweisungsgutschrift|dauerauftrag|sepa dauerauftrag|buchung
debitkarte|sagt danke|pp|bezahlung|onlinebanking|sepa|echtzeituberweisung|zahlung
zahlungsempfanger|auftraggeber|verwendungszweck|compra tarj|compra tarjeta
compra con tarjeta|compra en|compra internet en|compra online|compra
pago con tarjeta|pago tarjeta|pago en|pago movil en|pago|tarj|tarjeta|recibo de
recibo|adeudo recibo|adeudo de|adeudo sepa|adeudo|domiciliacion|cargo por|cargo
transf de|operacion|bea betaalpas|bea apple pay|bea google pay|bea gebruik betaalpas
bea|gea betaalpas|betaalpas|betaalautomaat|betaalverzoek
sepa incasso algemeen doorlopend|sepa incasso|incasso|sepa ideal|ideal betaling
ideal|sepa overboeking|overboeking|sepa periodieke overb|naam|via|omschrijving
pasvolgnr|pas|nr|term|betaling|ecom|transactie|land|value date|eftpos purchase
eftpos debit|eftpos|osko payment to|osko|bpay payment to|bpay|payid|visa card|card
debit|withdrawal at|tap pay|tap and pay|sct inst|direct debit payment|auto payment
automatic payment to|payment by authority to|payment by authority|pay anyone
internet payment|internet payment to|c|cheque card purchase|chq card purchase
cheque card|debit order to|debit order|dbo|naedo|eft debit order|magtape debit
fnb app payment to|fnb ob pmt|payment cr|pos local|pos foreign|local|foreign
international purchase|domestic|magtape|non sterling|non sterling transaction
currency conversion|exchange rate|fx rate|end|ref|reference|authorised|authorized
pending|auth|date|time|txn|trn|trace|conf|mobile|des|indn|co id|ppd id|web id|ppd
interac retail purchase|interac purchase|retail purchase|vdc|vdp|vda
kortkop|dankort|visa kob|varekob|kortkoeb|kob|kop|varekjop|visa varekjop|autogiro|avtalegiro
betalningsservice|betalingsservice|nettgiro|korttiosto|korttitapahtuma
platnosc karta|zakup przy uzyciu karty|transakcja karta|platnosc blik|blik
pagamento pos|acquisto pos|pagamento tramite pos|pagamento con carta|addebito sdd|addebito diretto
pagamento carta|acquisto|pagamento servicos|debito direto|compra multibanco|pagamento
kauf dienstleistung|kauf online|debitkarten zahlung|lsv|twint|einkauf
ccd|svwz|eref|mref|kref|bic|iban|mandat|mandate|ust id|datum|uhr|kurs|nfc
""".replace("\n", "|")


def _by_first_word(text: str) -> dict[str, tuple[list[str], ...]]:
    by_first: dict[str, list[list[str]]] = {}
    for phrase in filter(None, map(str.strip, text.split("|"))):
        words = [word for word in phrase.split() if word not in ("and", "en")]
        by_first.setdefault(words[0], []).append(words)
    return {first: tuple(sorted(ways, key=len, reverse=True)) for first, ways in by_first.items()}


PHRASES = _by_first_word(_PHRASES)
"""Words for the way of payment by their first word, the longest first."""

LEGAL_FORMS = frozenset(
    [
        "ltd",
        "limited",
        "inc",
        "llc",
        "llp",
        "lp",
        "plc",
        "corp",
        "co",
        "gmbh",
        "kg",
        "ag",
        "ohg",
        "ug",
        "ev",
        "ek",
        "bv",
        "nv",
        "sa",
        "sas",
        "sarl",
        "sasu",
        "sl",
        "slu",
        "sau",
        "pty",
        "dac",
        "clg",
        "cic",
        "se",
        "spa",
        "srl",
        "mbh",
        "cv",
        "vof",
        "eurl",
        "bvba",
        "cc",
    ]
)

CURRENCIES = frozenset(
    [
        "usd",
        "eur",
        "gbp",
        "cad",
        "aud",
        "nzd",
        "zar",
        "chf",
        "sek",
        "nok",
        "dkk",
        "jpy",
        "pln",
        "czk",
        "huf",
    ]
)

# Numbers that are part of a name, where one of these words stands beside them.
KEPT_NUMBERS: dict[str, frozenset[str]] = {
    "1": frozenset(("pier", "flowers", "forus", "formule", "800", "und1")),
    "3": frozenset(("mobile", "hutchison", "uk", "ireland", "three")),
    "4": frozenset(("channel", "petrol", "pets", "less")),
    "5": frozenset(("guys", "forever")),
    "6": frozenset(("motel", "studio")),
    "7": frozenset(("eleven", "11", "elv", "elev")),
    "8": frozenset(("super", "ball")),
    "9": frozenset(("round",)),
    "11": frozenset(("7",)),
    "12": frozenset(("petco",)),
    "13": frozenset(("wifi", "cabs")),
    "21": frozenset(("forever", "century")),
    "24": frozenset(("hour", "hr", "fitness", "tech", "immobilien", "check", "immobilienscout")),
    "26": frozenset(("gasthof",)),
    "31": frozenset(("baskin",)),
    "53": frozenset(("fifth", "third")),
    "66": frozenset(("phillips",)),
    "76": frozenset(("union", "fuel", "gas")),
    "85": frozenset(("bakery", "degrees")),
    "99": frozenset(("ranch", "cents", "cent", "only", "bikes")),
    "365": frozenset(("office", "bet", "microsoft", "retail", "market")),
    "401": frozenset(("k",)),
    "800": frozenset(("flowers", "petmeds", "contacts")),
    "1040": frozenset(("irs", "form")),
}  # fmt: skip

KEPT_CODES = frozenset(
    [
        "o2",
        "h2o",
        "g2a",
        "h3g",
        "3m",
        "k9",
        "b2b",
        "1and1",
        "mp3",
        "f45",
        "g4s",
        "7eleven",
        "5guys",
        "ps4",
        "ps5",
        "401k",
        "a2b",
        "2go",
        "23andme",
        "4wd",
        "e5",
        "m1",
        "c21",
        "p2p",
        "n26",
        "i2c",
        "b12",
        "a1",
        "3uk",
        "n11",
        "0ptus",
        "1st",
        "2nd",
        "u7",
        "t2",
        "a2",
        "x5",
        "u3a",
        "c2c",
        "w2",
        "w4m",
        "4u",
        "bet365",
        "office365",
        "microsoft365",
        "check24",
        "trade24",
        "24h",
        "24hr",
        "travel24",
        "scout24",
        "immobilienscout24",
        "autoscout24",
        "1und1",
        "4g",
        "5g",
        "k12",
        "h2",
        "m6",
        "m50",
        "a4",
        "a13",
        "a28",
        "407etr",
        "etr407",
    ]
)
