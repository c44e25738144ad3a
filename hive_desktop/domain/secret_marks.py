"""Where secrets stand in a bank's words: numbers of cards and accounts, IBANs, addresses, names.

Patterns are broad on purpose: what has six digits with no letter between them is never sent,
whatever it is and however it is parted, since no merchant is told by it. Only a token and the bar
between two parts of a row end such a number.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


# ISO 13616: how long an account number is, by country.
_COUNTRIES: Final = """
AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29
ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20
LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25
QA29 RO24 RS22 SA24 SC31 SE24 SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20
"""
_IBAN_LENGTHS: Final = {word[:2]: int(word[2:]) for word in _COUNTRIES.split()}
# What may part the signs of one number: anything but a letter, a token and the bar of a row.
_GAP: Final = r"(?:(?![\[\]|])[\W_])"
_TOKEN: Final = re.compile(r"\[[a-z-]+ [a-z]+\]")
_IBAN_START: Final = re.compile(rf"(?=([A-Za-z]){_GAP}*([A-Za-z]){_GAP}*[0-9]{_GAP}*[0-9])")
_EMAIL: Final = re.compile(
    r"[^\s@<>(),;:\"\[\]|]{1,80}@[^\s@<>(),;:\"\[\]|]{1,255}"
    r"|[\w.+%'-]{1,80}\s?(?:@|[(\[]at[)\]])\s?[\w-]+(?:\s?\.\s?[\w-]+)+"
)
# Digits beside an address may be the rest of a number that the address took a part of.
_BESIDE_EMAIL: Final = re.compile(
    rf"(?P<before>\[e-mail [a-z]+\]{_GAP}*)[0-9](?:{_GAP}*[0-9])*"
    rf"|[0-9](?:{_GAP}*[0-9])*(?={_GAP}*\[e-mail )"
)
_HANDLE: Final = re.compile(r"(?<!\w)[@$][^\W\d_][\w.-]{2,}")
# Whose page it is stands behind the host; a shop's own "APPLE.COM/BILL" says nothing of anybody.
_PAGE: Final = re.compile(
    r"(?<![\w.])(?P<host>(?:https?://)?[\w-]{1,63}(?:\.[\w-]{1,63}){0,4}\.[^\W\d_]{2,12}/)"
    r"(?!(?:bill\w{0,3}|help\w{0,3}|pay|shop|store|app|ch|cc|us|uk|de|fr|es|nl|au|nz|za|ie)"
    r"(?![\w/]))"
    r"(?P<page>[^\s|\[\]]{2,})",
    re.IGNORECASE,
)
_ADDRESS: Final = re.compile(
    r"(?<![\w.:])(?:[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?![\w.])"
    r"|(?=[0-9a-fA-F:]*[0-9])(?:[0-9a-fA-F]{0,4}:){2,7}[0-9a-fA-F]{0,4}(?![\w:]))"
)
_MASKED: Final = re.compile(
    r"(?<![^\W\d_])(?:[0-9][ -]?){0,8}(?:[xX*\u2022#][ -]?){2,20}[0-9](?:[ -]?[0-9]){1,7}"
    r"|(?<![^\W_])(?:[xX*]-?|\.{2,} ?)[0-9]{3,6}(?![^\W_])"
)
_LABELLED: Final = re.compile(
    r"(?<![^\W\d_])(?P<label>(?:ending|ends) (?:in|with)|last (?:4|four)|ende(?:t|nd) auf|"
    r"terminada en|se terminant par|eindigend op|card|cd|carte|karte|kartennr|kartennummer|tarjeta|"
    r"visa|mastercard|amex|maestro|acct|account|acc|a/c|ac|konto|kontonr|kto|compte|"
    r"cuenta|rekening|bsb|sort ?code|routing|aba|rtn|member|membership|ending(?: in)?|policy|"
    r"customer|cust|client|ref(?:erence)?|trace|auth|id|inv(?:oice)?|mandate|mandat|blz|trn|conf|"
    r"confirmation|order|ssn|tin|nif|dni|iban|tel|phone|mobile|"
    r"(?:kaart(?:nummer|nr)?|betaalpas|pas(?:nummer|volgnr)?|pin|cvv2?|cvc2?|otp|tan|code|passcode|"
    r"passport|licen[cs]e|booking|reservation|login|user|pw|patient|student|claim)(?![^\W\d_]))"
    r"(?P<between>[\W_]{0,3}(?:(?:no|number|num|nr|n)(?![^\W\d_]))?[\W_]{0,3})"
    r"(?P<value>(?=[^\W_\d]{0,12}[-/]?[0-9])[^\W_][\w/-]{2,39}"
    rf"(?:{_GAP}+[0-9]{{3,}}(?![\w-]))*|[0-9]{{1,3}}(?:{_GAP}+[0-9]{{1,4}}(?![\w-]))+)",
    re.IGNORECASE,
)
_PASSWORD: Final = re.compile(
    r"(?<![^\W_])(?P<label>passwor[dt]|passwd|pwd|kennwort|mot de passe|contrase[n\u00f1]a|"
    r"wachtwoord)\W{1,3}(?P<value>[^\s|\[\]]{3,})",
    re.IGNORECASE,
)
_PLATE: Final = re.compile(
    r"(?<![^\W_])(?P<label>(?:number ?|licen[cs]e ?)?plates?|vehicle reg|regn?|registration|vrn|"
    r"vrm|kennzeichen|kfz|kenteken|matricula|immat(?:riculation)?|plaque|targa|rego)(?![^\W\d_])"
    r"(?P<between>[\W_]{0,3}(?:(?:no|number|nr)(?![^\W\d_]))?[\W_]{0,3})"
    r"(?P<value>(?=(?:[^\W_\d]{1,3}[ -]{0,3}){0,2}[0-9])[^\W_]{1,8}"
    r"(?:[ -]{1,3}(?=[^\W_]{1,4}(?![^\W_]))[^\W_]{1,4}){0,3})(?![^\W_])",
    re.IGNORECASE,
)
_BOOKING: Final = re.compile(
    r"(?<![^\W_])(?P<label>pnr|(?:record )?locator|(?:booking|reservation|buchungs?|reservierungs?)"
    r" ?(?:ref(?:erence)?|code|nummer|number|no|nr)|buchungscode)(?![^\W\d_])"
    r"(?P<between>[\W_]{0,3})(?P<value>[A-Za-z0-9]{5,8})(?![^\W_])",
    re.IGNORECASE,
)
# Behind a word that says less, only letters that make no word.
_BOOKED: Final = re.compile(
    r"(?<![^\W_])(?P<label>booking|reservation|confirmation|conf|buchung|reserva|res)"
    r"(?P<between>[\W_]{1,3})(?P<value>[b-df-hj-np-tv-xz0-9]{5,8})(?![^\W_])",
    re.IGNORECASE,
)
# A plate of a car as in the United Kingdom, in France and in Italy.
_BARE_PLATE: Final = re.compile(
    r"(?<![^\W_])(?:[A-Z]{2}[0-9]{2}[A-Z]{3}|[A-Z]{2}-?[0-9]{3}-?[A-Z]{2}|[A-Z]{2}[0-9]{2} "
    r"(?!THE|DER|DIE|DAS|BAR|INN|PUB|AND|UND|FOR|LTD|LLC|INC|NEW|ONE|VAN|GBR|USA|DEU)[A-Z]{3})(?![^\W_])",
    re.IGNORECASE,
)
_CODE: Final = re.compile(
    r"(?<![^\W_])(?=[A-Z]*[0-9])(?=[0-9]*[A-Z])[A-Z0-9]{6,16}(?![^\W_])", re.IGNORECASE
)
_NO_WORD: Final = re.compile(r"(?i)[b-df-hj-np-tv-xz]{4}")
_CHANGES: Final = re.compile(r"[0-9](?=[A-Za-z])|[A-Za-z](?=[0-9])")
_RUN: Final = re.compile(rf"\+?[0-9](?:{_GAP}*[0-9]){{5,}}")
# Groups of digits with a sign that is nearly none between them: "4111 x 1111 x 1111".
_GROUPS: Final = re.compile(
    rf"(?<![^\W_])[0-9]{{3,}}(?:{_GAP}*[^\W\d_]{{1,3}}{_GAP}*[0-9]{{3,}}){{2,}}(?![^\W_])"
)
_REFERENCE: Final = re.compile(r"[^\W_][\w/-]{6,}[^\W_]")
# A reference in pieces, each with a digit: "AB12 CD34 EF56".
_BROKEN: Final = re.compile(
    rf"(?<![^\W_])(?=[^\W_]*[0-9])[^\W_]+(?:{_GAP}+(?=[^\W_]*[0-9])[^\W_]+)+(?![^\W_])"
)
_LONG: Final = 8
_ABA_WEIGHTS: Final = (3, 7, 1) * 3
_KINDS: Final = {
    "card": (
        *("kaart", "kaartnummer", "kaartnr", "kartennummer", "betaalpas", "ending with"),
        *("card", "cd", "carte", "karte", "kartennr", "tarjeta", "ending", "ending in"),
        *("visa", "mastercard", "amex", "maestro"),
    ),
    "account": (
        "acct",
        "account",
        "acc",
        "a/c",
        "ac",
        "konto",
        "kontonr",
        "kto",
        "compte",
        "cuenta",
    ),
    "routing": ("bsb", "sort code", "sortcode", "routing", "aba", "rtn", "blz"),
    "phone": ("tel", "phone", "mobile"),
}
_KIND_OF: Final = {label: kind for kind, labels in _KINDS.items() for label in labels}


def replaced(
    text: str, replace: Callable[[str, str], str], is_name: Callable[[str], bool] = lambda _: False
) -> str:
    """Return a text with each secret replaced.

    Args:
        text: one line, its digits 0 to 9.
        replace: is given a secret's kind and the secret, and returns what stands in its place.
        is_name: tells whether a word with digits is a business's name.
    """
    text = _without_ibans(text, replace)
    text = _EMAIL.sub(lambda found: replace("e-mail", found[0].casefold()), text)
    text = _BESIDE_EMAIL.sub(
        lambda found: _padded(
            found,
            f"{found['before'] or ''}{replace('account', found[0][len(found['before'] or '') :])}",
        ),
        text,
    )
    text = _HANDLE.sub(lambda found: replace("handle", found[0]), text)
    text = _RUN.sub(lambda found: _padded(found, replace(_kind(found[0]), found[0])), text)
    text = _PAGE.sub(lambda found: f"{found['host']} {replace('handle', found['page'])}", text)
    text = _ADDRESS.sub(lambda found: replace("address", found[0]), text)
    for pattern in (_PASSWORD, _BOOKING, _BOOKED, _PLATE):
        text = pattern.sub(lambda found: _labelled(found, replace), text)
    text = _BARE_PLATE.sub(lambda found: replace("reference", found[0]), text)
    text = _GROUPS.sub(lambda found: replace("reference", found[0]), text)
    text = _MASKED.sub(lambda found: _padded(found, replace("card", found[0])), text)
    text = _LABELLED.sub(lambda found: _labelled(found, replace), text)
    for pattern, digits in ((_BROKEN, 4), (_REFERENCE, 3)):
        text = pattern.sub(
            lambda found, least=digits: (  # type: ignore[misc]
                replace("reference", found[0])
                if _is_reference(found[0], least) and not is_name(found[0])
                else found[0]
            ),
            text,
        )
    text = _CODE.sub(
        lambda found: (
            replace("reference", found[0])
            if _is_code(found[0]) and not is_name(found[0])
            else found[0]
        ),
        text,
    )
    return " ".join(text.split())


def is_luhn(digits: str) -> bool:
    """Tell whether the digits end with their check digit by ISO/IEC 7812."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def is_iban(compact: str) -> bool:
    """Tell whether an account number without separators is right by ISO 13616."""
    moved = compact[4:] + compact[:4]
    return int("".join(str(int(sign, 36)) for sign in moved)) % 97 == 1


def _labelled(found: re.Match[str], replace: Callable[[str, str], str]) -> str:
    kind = _KIND_OF.get(found["label"].casefold(), "reference")
    return f"{found['label']} {replace(kind, found['value'])}"


def _kind(run: str) -> str:
    digits = "".join(filter(str.isdigit, run))
    if 13 <= len(digits) <= 19 and is_luhn(digits):
        return "card"
    if len(digits) == 9 and _is_aba(digits):
        return "routing"
    if re.fullmatch(r"[0-9]{2}([ -])[0-9]{2}\1[0-9]{2}", run):
        return "routing"
    if run.startswith("+") or re.fullmatch(r"[0-9]{3}\W{1,2}[0-9]{3}\W[0-9]{4}", run):
        return "phone"
    return "account" if len(digits) <= 12 else "reference"


def _is_aba(digits: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(digits, _ABA_WEIGHTS, strict=True))
    return total % 10 == 0 and digits != "000000000"


def _is_reference(word: str, least: int) -> bool:
    """Tell whether a word is long enough, and has so many digits."""
    compact = "".join(filter(str.isalnum, word))
    return len(compact) >= _LONG and sum(map(str.isdigit, compact)) >= least


def _is_code(word: str) -> bool:
    """Tell whether letters and digits are mixed as nobody names a shop: "K7PXQ2"."""
    has_digits = sum(map(str.isdigit, word)) > 1
    is_no_word = not set("aeiouy") & set(word.casefold()) or _NO_WORD.search(word) is not None
    return (has_digits or is_no_word) and len(_CHANGES.findall(word)) > 1


def _padded(found: re.Match[str], token: str) -> str:
    """Return a token that no letter touches."""
    text = found.string
    before = found.start() and text[found.start() - 1].isalnum()
    after = found.end() < len(text) and text[found.end()].isalnum()
    return f"{' ' if before else ''}{token}{' ' if after else ''}"


def _without_ibans(text: str, replace: Callable[[str, str], str]) -> str:
    parts, done = [], 0
    for start, end in _ibans(text):
        if start >= done:
            parts += [text[done:start], f" {replace('iban', text[start:end])} "]
            done = end
    return "".join(parts) + text[done:] if parts else text


def _ibans(text: str) -> Iterator[tuple[int, int]]:
    for found in _IBAN_START.finditer(text):
        length = _IBAN_LENGTHS.get((found[1] + found[2]).upper())
        if length is None:
            continue
        signs: list[str] = []
        place = found.start()
        while place < len(text) and len(signs) < length:
            sign = text[place]
            if sign.isascii() and sign.isalnum():
                signs.append(sign)
            elif sign.isalnum() or sign == "|" or _TOKEN.match(text, place):
                break
            place += 1
        if len(signs) == length and is_iban("".join(signs)):
            yield found.start(), place
