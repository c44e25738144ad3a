"""Text of scripts with thousands of letters, in the encodings of two bytes that their banks use."""

# ruff: noqa: RUF001 - letters of other alphabets

from __future__ import annotations

from typing import Final

_LEAST: Final = 4
_SAMPLE: Final = 1 << 16
# First bytes of the letters that people write; the rest of each encoding is rare or odd.
_USUAL: Final = {
    # Japanese: syllables and the first level of signs.
    "cp932": frozenset({0x81, 0x82, 0x83, *range(0x88, 0x98)}),
    # Chinese, simplified: marks, and the first level of signs.
    "gb18030": frozenset({0xA1, 0xA3, *range(0xB0, 0xD8)}),
    # Chinese, traditional: marks, and the signs that are used often.
    "big5": frozenset({0xA1, *range(0xA4, 0xC7)}),
    # Korean: marks, and the syllables.
    "cp949": frozenset({0xA1, 0xA3, *range(0xB0, 0xC9)}),
}
_SYLLABLES: Final = {"cp932": ("\u3041", "\u30ff"), "cp949": ("\uac00", "\ud7a3")}
_MARKS: Final = frozenset("（）、。，：「」￥・　－／～【】！？；")


def script_of(data: bytes) -> str:
    """Return the encoding of two bytes in which a text is, or "" where it is in none of them."""
    sample = data[:_SAMPLE]
    sample = sample[: sample.rfind(b"\n") + 1] or sample
    best, most = "", 0.0
    for encoding, usual in _USUAL.items():
        score = _score(sample, encoding, usual)
        if score > most:
            best, most = encoding, score
    return best


def _score(sample: bytes, encoding: str, usual: frozenset[int]) -> float:
    """Return how much a text looks like one of an encoding, from 0 to 2."""
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError:
        return 0
    letters = [one for one in text if one > "\x7f"]
    if len(letters) < _LEAST:
        return 0
    pairs = [(one, one.encode(encoding)) for one in letters]
    wide = [(one, code) for one, code in pairs if len(code) == 2]
    if len(wide) < 0.95 * len(pairs):
        return 0
    # A lone accent before an ASCII letter is a pair too: real text stands in runs.
    if sum(code[1] < 0x80 for _, code in wide) > 0.5 * len(wide):
        return 0
    share = sum(code[0] in usual for _, code in wide) / len(wide)
    words = [one for one, _ in wide if one not in _MARKS]
    if share < 0.85 or not words:
        return 0
    low, high = _SYLLABLES.get(encoding, ("\u4e00", "\u4e00"))
    return share + sum(low <= one <= high for one in words) / len(words)
