"""Bytes of a file become text: byte-order marks, UTF-16, UTF-8, and the old code pages.

What a file declares is believed where its bytes agree. Without it, UTF-8 is tried first, because
text in a code page is hardly ever valid UTF-8; then the code page whose letters make words.
"""

from __future__ import annotations

import codecs
import re
from typing import Final, NamedTuple

from hive_desktop.adapters.files.text_scripts import script_of
from hive_desktop.i18n import mark

BROKEN: Final = mark("Some letters were damaged and are shown as they could be read.")
OLD_CODE_PAGE: Final = mark("The letters are in an older encoding, which was guessed.")
WRONG_ENCODING: Final = mark("The encoding that the file names is not the one that it has.")

_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_LETTERS: Final = {
    "cp1252": "äöüßéèêëàâçñóíúáåøæîïôûœìòùãõÄÖÜÉÅØÆÑÇÀÈÁÍÓÚ",
    "cp1250": "ěščřžýáíéůúťďňóąćęłńśźżőűăâîşţöüäßľĺŕôŠČŘŽĚÝÁÍÉÚŮŁŚŻŹĆÖÜÄŐŰÓĽĎŤŇ",
    "iso8859-2": "ěščřžýáíéůúťďňóąćęłńśźżőűăâîşţöüäßľĺŕôŠČŘŽĚÝÁÍÉÚŮŁŚŻŹĆÖÜÄŐŰÓĽĎŤŇ",
    "cp1257": "ąčęėįšųūžāēģīķļņŗõäöüÄÖÜÕĄČĘĖĮŠŲŪŽĀĒĢĪĶĻŅ",
    "cp850": "äöüßéèêëàâçñóíúáåøæîïôûìòùãõÄÖÜÉÅØÆÑÇ",
    "cp1254": "çğıöşüÇĞİÖŞÜâîûäßéèà",
    "cp1253": "αβγδεζηθικλμνξοπρστυφχψωςάέήίόύώϊϋΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩΆΈΉΊΌΎΏ",
    "cp1255": "אבגדהוזחטיכלמנסעפצקרשתךםןףץ",
    "cp1256": "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةءآأؤإئ",
    "cp874": "".join(map(chr, (*range(0x0E01, 0x0E3B), *range(0x0E40, 0x0E4E)))),
    "cp1251": "абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯіїєґІЇЄ",
    "mac-roman": "äöüßéèêëàâçñóíúáåøæîïôûœìòùãõÄÖÜÉÅØÆÑÇ",
}
_SIGNS: Final = "€£§°"
_OTHER_SCRIPTS: Final = frozenset({"cp1251", "cp1253", "cp1255", "cp1256", "cp874"})
# Letters that are every second one of a text tell scripts apart whose bytes are the same.
_OFTEN: Final = {
    "cp1251": frozenset("оеаинтсрвлкдОЕАИНТСРВЛКД"),
    "cp1253": frozenset("αοιετσνηυρπκςάίόΑΟΙΕΤΣΝΗΥΡΠΚ"),
    "cp1255": frozenset("יוהלארתבמש"),
    "cp1256": frozenset("اليمونرتبة"),
    "cp874": frozenset("านรอกเงมยลทวดสต่้ี"),
}
_FEW_ACCENTS: Final = frozenset({"cp1252", "cp850", "mac-roman"})
_WORD: Final = re.compile(rb"[A-Za-z\x80-\xff]+")
_MOST_WORDS: Final = 400
_SAMPLE: Final = 1 << 20


class Decoded(NamedTuple):
    """Text with the encoding by which it was read, and what was tolerated (marked)."""

    text: str
    encoding: str
    remarks: tuple[str, ...] = ()


def decode(data: bytes, *, declared: str = "") -> Decoded:
    """Return the text of a file; there is one for any bytes.

    Args:
        data: the whole file.
        declared: the encoding that the file or a kept layout names, or "".
    """
    for sign, encoding in _MARKS:
        if data.startswith(sign):
            return _wide(data[len(sign) :], encoding)
    wide = _without_mark(data)
    if wide:
        return _wide(data, wide)
    remarks: tuple[str, ...] = ()
    known = _known(declared)
    if known and known not in {"utf-8", "ascii"}:
        try:
            return _if_not_utf8(data, known)
        except UnicodeDecodeError:
            remarks = (WRONG_ENCODING,)
    try:
        return Decoded(data.decode("utf-8"), "utf-8", remarks)
    except UnicodeDecodeError:
        if known:
            remarks = (WRONG_ENCODING,)
    if _is_mostly_utf8(data):
        return Decoded(_mended(data), "utf-8", (*remarks, BROKEN))
    encoding = script_of(data) or _code_page(data)
    text = data.decode(encoding, errors="replace" if encoding != "cp1252" else _KEPT)
    return Decoded(text, encoding, (*remarks, OLD_CODE_PAGE))


def _if_not_utf8(data: bytes, declared: str) -> Decoded:
    """Decode by what is declared, unless the bytes are UTF-8 beyond doubt."""
    if not data.isascii():
        try:
            return Decoded(data.decode("utf-8"), "utf-8", (WRONG_ENCODING,))
        except UnicodeDecodeError:
            pass
    return Decoded(
        data.decode(declared, errors=_KEPT if declared == "cp1252" else "strict"), declared
    )


def _known(declared: str) -> str:
    """Return Python's name of an encoding without wide letters, or "" for all else."""
    try:
        name = codecs.lookup(declared.strip()).name if declared.strip() else ""
    except LookupError:
        return ""
    if name in {"iso8859-1", "latin-1", "latin_1"}:
        return "cp1252"  # what is called Latin-1 has the euro sign where Windows has it
    is_plain = name in {"utf-8", "ascii"} or name.startswith(
        ("cp", "iso8859", "mac", "koi8", "gb", "big5", "euc", "shift_jis")
    )
    return name if is_plain else ""


def _wide(data: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding), encoding)
    except UnicodeDecodeError:
        return Decoded(data.decode(encoding, errors="replace"), encoding, (BROKEN,))


def _without_mark(data: bytes) -> str:
    """Return the wide encoding of text without a mark, told by where its zeros are."""
    head = data[:4000]
    if len(head) < 4 or b"\0" not in head:
        return ""
    even, odd = head[::2].count(0), head[1::2].count(0)
    half = len(head) // 2
    if odd > half * 0.6 and even < half * 0.1:
        return "utf-16-le"
    return "utf-16-be" if even > half * 0.6 and odd < half * 0.1 else ""


def _is_mostly_utf8(data: bytes) -> bool:
    """Return whether nearly all letters beyond ASCII are UTF-8, and a few were cut or damaged."""
    text = data[:_SAMPLE].decode("utf-8", errors="surrogateescape")
    broken = sum("\udc80" <= one <= "\udcff" for one in text)
    whole = sum(one > "\x7f" for one in text) - broken
    return whole >= 2 and whole >= 2 * broken


def _mended(data: bytes) -> str:
    return data.decode("utf-8", errors="hive-cp1252")


def _code_page(data: bytes) -> str:
    """Return the code page whose letters make words of the bytes beyond ASCII."""
    words = []
    for found in _WORD.finditer(data[:_SAMPLE]):
        if found[0].isascii():
            continue
        words.append(found[0][:40])
        if len(words) == _MOST_WORDS:
            break
    scores = {encoding: _score(words, encoding) for encoding in _LETTERS}
    best = max(scores, key=lambda one: scores[one])  # of equals the first, cp1252
    return best if scores[best] > scores["cp1252"] else "cp1252"


def _score(words: list[bytes], encoding: str) -> float:
    total = 0.0
    for word in words:
        text = word.decode(encoding, errors="replace")
        if encoding in _OTHER_SCRIPTS and any(one.isascii() for one in text):
            # No word is half Latin. That weighs more than a letter that Latin words rarely have.
            total -= 2.5 * sum(one > "\x7f" for one in text)
            continue
        for i, one in enumerate(text):
            if one >= "\x80":
                total += _fits(text[i - 1 : i] if i else "", one, text[i + 1 : i + 2], encoding)
    return total


def _fits(before: str, one: str, after: str, encoding: str) -> float:
    """Return how well a letter stands between two others in the languages of a code page."""
    is_alone = not (before.isalpha() or after.isalpha())
    if one in _SIGNS and is_alone:
        return float(encoding == "cp1252")
    if is_alone:
        return 0.0
    if one not in _LETTERS[encoding]:
        return -1.5
    total = 1.0
    # A capital behind a small letter, or many accents in a row, make no word.
    if one.isupper() and before.islower():
        total -= 2
    if before > "\x7f" and encoding in _FEW_ACCENTS:
        total -= 1.2
    if one in "ìòù" and after.isalpha():
        total -= 2  # Italian has these at the end of a word alone
    if one in _OFTEN.get(encoding, ""):
        total += 0.5
    return total


def _kept(exc: UnicodeError) -> tuple[str, int]:
    """Decode what a code page lacks as the control characters that it is in Latin-1."""
    if not isinstance(exc, UnicodeDecodeError):
        raise exc
    return exc.object[exc.start : exc.end].decode("latin-1"), exc.end


def _as_cp1252(exc: UnicodeError) -> tuple[str, int]:
    if not isinstance(exc, UnicodeDecodeError):
        raise exc
    return exc.object[exc.start : exc.end].decode("cp1252", errors="replace"), exc.end


_KEPT: Final = "hive-latin-1"
codecs.register_error(_KEPT, _kept)
codecs.register_error("hive-cp1252", _as_cp1252)
