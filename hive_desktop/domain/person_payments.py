"""Payments between people, transfers and pay: what may be said of them, without a name.

A payment service that is used between people only is cut always; one that shops take too, and a
transfer by a bank, is cut unless what it names is evidently no person: an own account, a company
by its legal form, or a business of a given list.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final, NamedTuple

from hive_desktop.domain.name_words import LEGAL_FORMS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

_IN_A_SHOP: Final = r" (?:(?:pos|retail|debit|flash|direct|tap) )*(?:purchase|payment|retail|flash)"
_NOT_BEHIND: Final = "".join(
    rf"(?<!{word} )"
    for word in ("to", "from", "for", "by", "an", "von", "pour", "paypal", "twint", "sto", "rent")
)
_BETWEEN_PEOPLE: Final = (
    ("Zelle", r"zelle(?!r)"),
    ("Venmo", r"venmo"),
    ("Cash App", r"cash ?app|sqc|square cash"),
    ("QuickPay", r"quick ?pay|popmoney"),
    ("Western Union", r"western union|moneygram|remitly|worldremit|xoom"),
    ("Paylib", r"paylib|wero(?![a-z])|kwitt"),
    ("Apple Cash", r"apple ?cash"),
    ("Bizum", r"bizum"),
    ("Tikkie", r"tikkie"),
    ("Interac e-Transfer", r"interac(?!" + _IN_A_SHOP + r")|emt(?![a-z])|e ?(?:transfer|tfr|trf)"),
    ("PayID", r"pay ?id(?![a-z])"),
    ("Osko", r"(?:osko|npp)(?![a-z])"),
    ("Pingit", r"pingit"),
    ("Paym", r"paym(?![a-z])"),
    ("Monzo.me", r"monzo me"),
    # Behind another word for a payment it is somebody's name.
    ("Lydia", rf"{_NOT_BEHIND}lydia(?![a-z])"),
    ("MB WAY", r"mb ?way(?![a-z])"),
    ("Pix", r"pix(?![a-z])"),
    ("PayShap", r"pay ?shap"),
    ("M-Pesa", r"m ?pesa"),
    ("IMPS", r"(?:imps|neft)(?![a-z])"),
    ("Facebook Pay", r"(?:facebook|messenger) pay"),
    ("CashSend", r"cash ?send|send imali|e ?wallet"),
)
_BY_SHOPS_TOO: Final = (
    ("PayPal", r"pay ?pal|pypl|pp(?= )"),
    ("Twint", r"twint"),
    ("Swish", r"swish(?![a-z])"),
    ("MobilePay", r"mobile ?pay(?![a-z])"),
    ("Vipps", r"vipps"),
    ("Revolut", r"revolut"),
    ("Wise", r"transferwise|wise(?![a-z])"),
    ("Payconiq", r"payconiq"),
    ("SnapScan", r"snapscan"),
    ("Satispay", r"satispay"),
    ("BLIK", r"blik(?![a-z])"),
    ("UPI", r"upi(?![a-z])"),
    ("Google Pay", r"google pay|gpay"),
)
_PAY: Final = re.compile(
    r"(?<![a-z])(?:payroll|pay roll|salary|salaries|wages?|dir(?:ect)? ?dep(?:osit)?|gehalt|lohn|"
    r"lohngehalt|bezuege|bezuge|nomina|sueldo|salaire|salaris|loon|paie|stipendio|ordenado|"
    r"pension|rente|paycheck|pay cheque)(?![a-z])"
)
_BY: Final = re.compile(
    r"(?<![a-z])(?:"
    r"(?:bank |online |mobile |internet |instant |wire |sepa |acct |account )?"
    r"transfer(?:s|to|from)?"
    r"(?: (?:credit|debit))?|tfr|trf|trsf|xfer|transf|traspaso|wire (?:type|out|in|to|from)|^wire|"
    r"faster payments?|f ?p[ois]?|bank giro(?: credit)?|bgc|bacs|chaps|standing order|s o|sto|stdg|"
    # A card's payment and a direct debit go to a business.
    r"(?<!card )(?<!debit )"
    r"(?:bill |auto(?:matic)? |immediate |internet |ib |a |p2p |mobile |payment )?"
    r"(?:payment|pmt|pymt)s? (?:to|from|for)|"
    r"(?:automatic|immediate|recurring) payment|pay ?anyone|"
    r"(?:paid|sent?|sending|money sent|sent? money|pay|gift|rent|loan|lent|repay(?:ment)?) to|"
    r"gift for|sepa (?:credit|ct)|sct(?: inst)?|ap [0-9]+ to|"
    r"(?:received|money|credit|gift|rent|loan|deposit|cash|paid in) (?:from|by)|direct credit|"
    r"person to person|p2p|send money|eft|cheques?|checks?(?! (?:card|crd))|chq|chk|"
    r"u(?:e)?berweisung|dauerauftrag|gutschrift|umbuchung|zahlung|zahlungseingang|"
    r"einzahlung|abono|bonif|vir|virt|virement|vrt|transferencia|ingreso|giro|bonifico|giroconto|"
    r"overboeking|overschrijving|overforing|overforsel|betaling|przelew|"
    r"(?:online|mobiel) bankieren"
    r")(?![a-z])(?: (?:to|from|an|von|de|a|para|per|til|fra|van|naar|du|pour))?"
)
# Words that say no name, beside the phrases above.
_FILLERS_TEXT: Final = """
a an the to from of for by via at on in out and inst instant sepa online mobile internet web ppd ccd
des tel app payment payments pmt purchase debit credit credits transfer xfer send sent received
recurring ref reference date no nr number id ib fp fpo fpi bacs conf confirmation account acct bank
card pos pay recu emis faveur en favor von de du para
"""
_FILLERS: Final = frozenset(_FILLERS_TEXT.split())
_OWN_TEXT: Final = """
my own savings saving saver checking chequing current everyday joint brokerage investment
investments ira roth isa pension loan mortgage visa mastercard amex discover overdraft protection
vault pot pots goal sparkonto girokonto tagesgeld tagesgeldkonto livret ahorro spaarrekening epargne
share internal between accounts
"""
_OWN: Final = frozenset(_OWN_TEXT.split())
# Kinds of own accounts that people are called too: only beside another such word.
_OWN_OR_NAMES: Final = frozenset({"roth", "ira", "pot", "vault", "goal", "share", "current"})
_MOST_WORDS: Final = 4
# Some banks say no more of a transfer than "To John Smith".
_BARE: Final = re.compile(r"(?:^|\|)\s*(?=(?:to|from|naar)[\s:])", re.IGNORECASE)
_TOKEN: Final = re.compile(r"\[[a-z-]+ [a-z]{6,12}\]")
_SIGNS: Final = re.compile(r"[\W_]+")


class Said(NamedTuple):
    """What may be said of a payment; `is_cut` when whom it was with is left out."""

    text: str
    is_cut: bool


def payment_of(
    text: str, direction: str, businesses: Collection[str], *, is_transfer: bool = False
) -> Said | None:
    """Return what may be said of a payment between people, a transfer or pay; None of any other.

    Args:
        text: a bank's words, secrets already replaced by tokens.
        direction: "in" or "out".
        businesses: names of businesses, casefolded.
        is_transfer: the bank says that it is one.
    """
    plain = _words(_BARE.sub(" | transfer ", _TOKEN.sub(" ", text)))
    for name, pattern in _BETWEEN_PEOPLE:
        if re.search(rf"(?<![a-z])(?:{pattern})", plain):
            return _cut(f"{name} payment", direction)
    if _PAY.search(plain):
        return Said("Payroll", is_cut=True)
    for name, pattern in _BY_SHOPS_TOO:
        if found := re.search(rf"(?<![a-z])(?:{pattern})", plain):
            return _named(plain, found, businesses, name) or _cut(f"{name} payment", direction)
    if found := _BY.search(plain):
        return _named(plain, found, businesses, "Bank transfer") or _cut("Bank transfer", direction)
    return _cut("Bank transfer", direction) if is_transfer else None


def _cut(by: str, direction: str) -> Said:
    return Said(f"{by} {'to' if direction == 'out' else 'from'} a person", is_cut=True)


def _named(plain: str, found: re.Match[str], businesses: Collection[str], by: str) -> Said | None:
    before = _telling(plain[: found.start()])
    after = _telling(plain[found.end() :])
    if any(word not in _OWN for word in before) or not _is_no_person(after, businesses):
        return None
    return Said(": ".join(filter(None, [by, " ".join([*before, *after])])), is_cut=False)


def _telling(plain: str) -> list[str]:
    return [word for word in plain.split() if word not in _FILLERS and not word.isdigit()]


def _is_no_person(words: Sequence[str], businesses: Collection[str]) -> bool:
    if all(word in _OWN for word in words):
        return not words or len(words) > 1 or words[0] not in _OWN_OR_NAMES
    if " ".join(words) in businesses:
        return True
    *name, form = words
    return form in LEGAL_FORMS and 1 <= len(name) <= _MOST_WORDS


def _words(text: str) -> str:
    """Return the words of a text in small letters without accents, parted by single spaces."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return " ".join(_SIGNS.sub(" ", bare.replace("'", "")).split())
