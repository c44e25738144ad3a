"""What stands in `:86:` of MT940 and MT942: who paid whom, and what for.

SWIFT leaves the field to the banks. Read are German subfields (`?20…?32`, by any mark), Dutch and
Belgian codes between slashes (`/NAME/…`), labels as Polish and Swiss banks write them (`OD: …`),
StarMoney's `:NS:`, and plain words.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from hive_desktop.adapters.files.parts import unwrapped

_SUBFIELDS: Final = re.compile(
    r"\A\s*([0-9]{3}|[A-Z][0-9]{2}|[A-Z]{3}(?=.00))?\s*([?<>~^|@+&])(?=[0-9]{2})"
)
_CODE_AND_NAME: Final = re.compile(r"\A([A-Z][0-9]{2}|[0-9]{3})\?(?=\D)")
_SEPA: Final = re.compile(
    r"(EREF|KREF|MREF|CRED|DEBT|COAM|OAMT|SVWZ|ABWA|ABWE|IBAN|BIC|PURP|DDAT|RREF|ANAM|BREF)\+"
)
_SLASHED: Final = (
    "TRTP TRCD IBAN BIC NAME REMI EREF MARF CSID ORDP BENM ADDR ID PURP CNTP ISDT ULTC ULTD ULTB "
    "RTRN ACCW SVCL PREF NRTX EXCH CHGS OCMT BUSP UCRD INID ISSD USTD STRD CDTRREFTP CDTRREF RREF "
    "ORDA"
)
_SLASH: Final = re.compile(rf"/({'|'.join(_SLASHED.split())})/")
_LABEL: Final = re.compile(
    r"(?:\A|;\s*|\s|/)(OD|DLA|NA RZECZ|AUFTRAGGEBER|EMPF(?:Ä|AE)NGER|BEG(?:Ü|UE)NSTIGTER|ZAHLER"
    r"|NAAM|NAME|ORDERING PARTY|BENEFICIARY)\s*:\s*",
)
_LABEL_END: Final = re.compile(
    r"\s*(?:;|\s{2,}|\b(?:TYT\.?|TYTU[LŁ]|MITTEILUNGEN|VERWENDUNGSZWECK|OMSCHRIJVING|IBAN)\s*:"
    r"|\b[A-Z]{6,20}\.?:)"
)
_ACCOUNTS: Final = re.compile(
    r"\A(?:(?:[A-Z]{2}[0-9]{2}[A-Z0-9]{8,30}|[0-9]{7,18})\s+)+(?=[^\W\d_])", re.IGNORECASE
)
_CODE_ALONE: Final = re.compile(r"\A[0-9]{3}\Z|\A[A-Z][0-9]{2}\Z")
_UNSTRUCTURED: Final = re.compile(r"\A999(?:PN[0-9]{4})?(?=[^\W\d_])")
_NUMBER_LINE: Final = re.compile(
    r"\A(?=\S*\d{4})(?!\S*[^\W\d_]{4})[A-Z0-9]\S{7,}\Z|\A[A-Z]{2}[0-9]{2}[A-Z]{4}[0-9]{7,22}\Z"
    r"|\A[A-Z]{3}\s*[0-9][0-9.,' ]*\Z"
)
_KIND_AND_PARTY: Final = re.compile(
    r"\A([A-Z]+(?:_[A-Z]+)*):(.*):(?=[^:]{0,200}[^\W\d_])([^:]{1,200})"
    r":([A-Z]{2}[0-9]{2}[A-Z0-9]{8,30})(?::(.*))?\Z"
)
_PARTY_ACCOUNT: Final = re.compile(r"(?:[A-Z]{2})?[0-9][0-9 .-]{4,33}")
_FOREIGN_AMOUNT: Final = re.compile(r"\A[A-Z]{3}[0-9][0-9.,]*/+(?=.*[^\W\d_])")
_STARMONEY: Final = re.compile(r"\A([0-9]{2})(.*)\Z", re.DOTALL)
_WIDEST: Final = 65
_FULL: Final = frozenset({27, 28})
_LONGEST_LINE: Final = 4_000
_MOST_LINES: Final = 60
_EMPTY_NAMES: Final = frozenset({"", "NOTPROVIDED", "NONREF"})


class Words(NamedTuple):
    """Who, what for, and everything else that is worth keeping."""

    name: str = ""
    purpose: str = ""
    rest: tuple[str, ...] = ()


def words_of(lines: list[str], supplement: str) -> Words:
    """Return the words of a `:86:` by its lines; `supplement` is the second line of `:61:`."""
    lines = [line[:_LONGEST_LINE] for line in lines[:_MOST_LINES]]
    if len(lines) > 1 and _CODE_ALONE.match(lines[0].strip()) and _SUBFIELDS.match(lines[1]):
        lines = [lines[0].strip() + lines[1], *lines[2:]]
    head = lines[0] if lines else ""
    found = _SUBFIELDS.match(head)
    if found is not None:
        return _of_subfields("".join(lines)[found.start(2) :], found[2])
    text = " ".join(lines)
    if _SLASH.search(text):
        # Lines break anywhere, within words too: a code is only one when it is whole.
        is_wrapped = all(len(line) <= _WIDEST for line in lines)
        return _of_slashes(("" if is_wrapped else " ").join(lines))
    coded = _CODE_AND_NAME.match(head)
    if coded is not None:
        return Words(head[coded.end() :], " ".join(lines[1:]))
    lines[:1] = [_UNSTRUCTURED.sub("", head)] if lines else []
    text = " ".join(lines)
    label = _KIND_AND_PARTY.match(text)
    if label is not None:
        return Words(label[3], label[2], (label[5] or "", label[1], label[4]))
    label = _LABEL.search(text)
    if label is not None:
        rest = text[label.end() :]
        end = _LABEL_END.search(rest)
        return Words(rest[: end.start()] if end else rest, text)
    return _plain(lines, supplement)


def of_starmoney(lines: list[str]) -> Words:
    """Return the words of `:NS:`, which has two digits before each line."""
    fields: dict[str, str] = {}
    for line in lines:
        found = _STARMONEY.match(line)
        if found is not None:
            fields.setdefault(found[1], found[2].strip())
    purpose = " ".join(fields[one] for one in sorted(fields) if "01" <= one <= "14")
    return Words(fields.get("15", ""), purpose, (fields.get("17", ""),))


def _of_subfields(text: str, mark: str) -> Words:
    fields: dict[str, str] = {}
    for part in text.split(mark):
        number, value = part[:2], part[2:]
        if not number.isdigit():
            if fields:  # the mark stands in the words themselves
                last = next(reversed(fields))
                fields[last] += mark + part
            continue
        fields[number] = fields.get(number, "") + value
    name = _name("".join(fields.get(one, "") for one in ("32", "33")))
    lines = [fields[one] for one in sorted(fields) if "20" <= one <= "29" or "60" <= one <= "63"]
    purpose, party, rest = _sepa("".join(lines), unwrapped(lines, _FULL))
    title = fields.get("00", "").strip()
    if name or party:
        return Words(name or party, purpose, (title, *rest, party if name else ""))
    if not any(one.isalpha() for one in purpose):  # a number alone says less than the title
        purpose, title = title, purpose
    return Words(purpose or title, title if purpose else "", tuple(rest))


def _sepa(joined: str, spaced: str) -> tuple[str, str, list[str]]:
    """Return purpose, the party that differs from the account's, and all other tagged words."""
    parts = _SEPA.split(joined)
    if len(parts) == 1:
        return spaced, "", []
    purpose, party, rest = "", "", [parts[0].strip()]
    for tag, value in zip(parts[1::2], parts[2::2], strict=True):
        words = value.strip()
        if tag == "SVWZ":
            purpose = words
        elif tag in {"ABWA", "ABWE", "ANAM"}:
            party = party or words
        elif words and words.upper() not in _EMPTY_NAMES:
            rest.append(f"{tag}+{words}")
    return purpose, party, rest


def _of_slashes(text: str) -> Words:
    parts = _SLASH.split(text)
    fields: dict[str, str] = {}
    rest = [parts[0].strip(" /")]
    for tag, value in zip(parts[1::2], parts[2::2], strict=True):
        words = value.strip(" /")
        if words and tag not in fields:
            fields[tag] = words
    name = _name(fields.pop("NAME", ""))
    if not name and "CNTP" in fields:  # account/BIC/name/city
        told = text.split("/CNTP/", 1)[1].split("/")
        name = _name(told[2]) if len(told) > 2 else ""
    purpose = fields.pop("REMI", "") or fields.pop("USTD", "")
    for party in ("ORDP", "BENM", "UCRD", "ULTC", "ULTD", "ULTB"):
        if not name and party in fields:
            name, said = _party(fields[party])
            purpose = purpose or said
    if not purpose:
        foreign = _FOREIGN_AMOUNT.match(fields.get("OCMT", ""))
        purpose = fields["OCMT"][foreign.end() :] if foreign else ""
    purpose = re.sub(r"\A(?:USTD|STRD)?/+", "", purpose).replace("//", " ").strip()
    rest += [f"/{tag}/{value}" for tag, value in fields.items() if _name(value)]
    return Words(name, purpose or fields.get("TRTP", ""), tuple(rest))


def _party(text: str) -> tuple[str, str]:
    """Return the name and the purpose of `account/name/purpose`; a name alone is that."""
    account, *said = text.split("/")
    if not said or _PARTY_ACCOUNT.fullmatch(account) is None:
        return _name(text), ""
    at = next((i for i, one in enumerate(said) if any(map(str.isalpha, one))), 0)
    return _name(said[at]), "/".join(said[at + 1 :]).strip(" /")


def _plain(lines: list[str], supplement: str) -> Words:
    said = [line.strip() for line in lines if line.strip()]
    text = " ".join(said)
    extra = supplement.strip()
    if extra and said and extra.casefold() in said[0].casefold():
        return Words(extra, " ".join(said[1:]), (said[0],))
    numbers = next((i for i, one in enumerate(said) if not _NUMBER_LINE.match(one)), len(said))
    if 0 < numbers < len(said):
        return Words(said[numbers], " ".join(said[numbers + 1 :]), (extra, *said[:numbers]))
    if numbers and extra:
        return Words("", extra, tuple(said))
    found = _ACCOUNTS.match(said[0]) if said else None
    if found is not None:
        return Words(said[0][found.end() :], " ".join(said[1:]), (found[0].strip(),))
    return Words("", text, (extra,))


def _name(text: str) -> str:
    words = text.strip(" /")
    return "" if words.upper() in _EMPTY_NAMES else words
