"""Ways in which a file is broken: by bytes, by words that its format knows, by size."""

import random

WORDS = {
    "ofx": (
        b"<STMTTRN>", b"</STMTTRN>", b"<TRNAMT>", b"<DTPOSTED>", b"<FITID>A1", b"<STMTRS>",
        b"</STMTRS>", b"<CCSTMTRS>", b"<INVSTMTRS>", b"<BUYMF>", b"<SECINFO>", b"<CURDEF>KWD",
        b"<CURSYM>JPY", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"&#x0;", b"&#99999999;", b"&amp",
        b"<", b">", b"<ofx:STMTTRN>", b"<STMTTRN", b"<LEDGERBAL><BALAMT>", b"<ACCTINFO>",
        b"ENCODING:UTF-8", b"CHARSET:437", b"<STATUS><SEVERITY>ERROR",
    ),
    "qif": (
        b"!Type:Bank\n", b"!Type:Invst\n", b"!Account\n", b"^\n", b"D", b"T", b"S", b"$", b"L[",
        b"NReinvDiv\n", b"NBuyX\n", b"D30/02/2026\n", b"D2/3/26\n", b"D0/0/0\n", b"D'''''\n",
        b"!Option:AutoSwitch\n", b"E50%\n", b"POpening Balance\n", b"\x1a",
    ),
    "camt": (
        b"<Ntry>", b"</Ntry>", b"<TxDtls>", b"</TxDtls>", b"<Stmt>", b"</Stmt>", b"&nbsp;", b"&",
        b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"&a;", b"<?xml version='1.0'?>", b"<RvslInd>true",
        b"<CdtDbtInd>DBIT</CdtDbtInd>", b'<Amt Ccy="JPY">1.5</Amt>', b"<Sts>INFO</Sts>",
        b"<x:Ntry>", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"\x00", b"\x0b",
    ),
    "mt940": (
        b":20:", b":25:", b":60F:", b":61:", b":86:", b":62F:", b"-\n", b"-}", b"{1:", b"}",
        b":61:2602300230RC1,NTRF", b"?20", b"?32", b"/NAME/", b"/CNTP/", b"/REMI/", b"NONREF//",
        b":NS:", b":90C:", b":34F:", b"SVWZ+", b"RD", b"\x01", b"\x03",
    ),
    "csv": (
        b";", b",", b"\t", b'"', b'""', b"\n", b"\r", b"=cmd()", b"-", b"(1)", b"1,234",
        b"1.234", b"Date", b"Amount", b"Betrag", b"31.12.2026", b"13/13/2026", b"EUR",
        b"\xef\xbb\xbf",
    ),
    "zip": (
        b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07", b"PK\x07\x08",
        b"\x1f\x8b\x08", b"\x00\x00", b"\x08\x00", b"\x09\x00", b"\x0c\x00", b"\x0e\x00",
        b"\xff\xff\xff\xff", b"\x01\x00\x18\x00", b"../", b"\\", b"__MACOSX/", b"mimetype",
    ),
}  # fmt: skip
NUMBERS = (b"0", b"-1", b"1e9", b"9" * 30, b"-0.00", b",", b"1,2,3.4", b"NaN", b"\xe2\x88\x925")


def mutated(data, others, kind, chance: random.Random):
    """Return bytes broken one to six times."""
    made = bytearray(data)
    for _ in range(chance.randint(1, 6)):
        made = chance.choice(_WAYS)(made, others, kind, chance)
    if chance.random() < 0.03:
        made = _in_another_encoding(made, chance)
    return bytes(made[:400_000])


def _place(made, chance):
    return chance.randint(0, len(made))


def _slice(made, chance, most=200):
    begin = _place(made, chance)
    return begin, min(len(made), begin + chance.randint(1, most))


def _flip(made, others, kind, chance):
    for _ in range(chance.randint(1, 8)):
        if made:
            made[chance.randrange(len(made))] = chance.randrange(256)
    return made


def _cut(made, others, kind, chance):
    begin, end = _slice(made, chance)
    del made[begin:end]
    return made


def _end(made, others, kind, chance):
    return made[: _place(made, chance)]


def _repeat(made, others, kind, chance):
    begin, end = _slice(made, chance)
    times = chance.choice((2, 3, 10, 10, 100, 1_000))
    piece = bytes(made[begin:end])[: 200_000 // times]
    made[begin:begin] = piece * times
    return made


def _say(made, others, kind, chance):
    at = _place(made, chance)
    word = chance.choice(WORDS[kind])
    made[at:at] = word * chance.choice((1, 1, 1, 1, 2, 5, 500))
    return made


def _splice(made, others, kind, chance):
    other = chance.choice(others)
    begin, end = _slice(other, chance, 2_000)
    at = _place(made, chance)
    made[at:at] = other[begin:end]
    return made


def _number(made, others, kind, chance):
    digits = [i for i, one in enumerate(made) if 48 <= one <= 57]
    if digits:
        at = chance.choice(digits)
        made[at : at + chance.randint(0, 4)] = chance.choice(NUMBERS)
    return made


def _swap_lines(made, others, kind, chance):
    lines = bytes(made).split(b"\n")
    if len(lines) > 2:
        i, j = chance.randrange(len(lines)), chance.randrange(len(lines))
        lines[i], lines[j] = lines[j], lines[i]
    return bytearray(b"\n".join(lines))


def _in_another_encoding(made, chance):
    text = bytes(made).decode("utf-8", errors="replace")
    coding = chance.choice(("utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "cp1252", "utf-32"))
    return bytearray(text.encode(coding, errors="replace"))


_WAYS = (_flip, _cut, _end, _repeat, _say, _say, _splice, _number, _number, _swap_lines)
