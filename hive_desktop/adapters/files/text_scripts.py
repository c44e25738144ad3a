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
    # Japanese of Unix: syllables and the first level of signs.
    "euc_jp": frozenset({0xA1, 0xA3, 0xA4, 0xA5, *range(0xB0, 0xD0)}),
    # Chinese, traditional: marks, and the signs that are used often.
    "big5": frozenset({0xA1, *range(0xA4, 0xC7)}),
    # Korean: marks, and the syllables.
    "cp949": frozenset({0xA1, 0xA3, *range(0xB0, 0xC9)}),
}
_SYLLABLES: Final = {
    "cp932": ("\u3041", "\u30ff"),
    "euc_jp": ("\u3041", "\u30ff"),
}
# Every second syllable of Korean is one of these.
_COMMON_HANGUL: Final = frozenset(
    "이가다은는을의에서고지기사하도한로자리어시아부나인수정대주원전마스해보상구일여동성장비그우식당점카드"
    "라행역산거래내용금출입잔액적요급월세요번과학교병약국제편체현신용버결철김박최강조윤임송안황홍유"
)
_LEAST_COMMON: Final = 0.4
# Of Chinese, Korean and Unix's Japanese only rare signs end with an ASCII letter.
_MOST_BEFORE_ASCII: Final = {"cp932": 0.75, "big5": 0.75}
_FEW_BEFORE_ASCII: Final = 0.3
_MOST_HALF: Final = 0.6
"""Of Japanese letters, those that banks write in half the width."""
_LEAST_USUAL: Final = 0.85
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
    wide = [(one, code) for one in letters if len(code := one.encode(encoding)) == 2]
    words = [one for one, _ in wide if one not in _MARKS]
    half = sum("\uff61" <= one <= "\uff9f" for one in letters) if encoding == "cp932" else 0
    if half > _MOST_HALF * len(letters):
        return 0
    if len(wide) < _LEAST or len(wide) + half < 0.95 * len(letters) or not words:
        return 0
    # A lone accent before an ASCII letter is a pair too: real text stands in runs.
    before_ascii = sum(code[1] < 0x80 for _, code in wide) / len(wide)
    share = sum(code[0] in usual for _, code in wide) / len(wide)
    most_before = _MOST_BEFORE_ASCII.get(encoding, _FEW_BEFORE_ASCII)
    if share < _LEAST_USUAL or before_ascii > most_before:
        return 0
    if encoding == "cp949":
        common = sum(one in _COMMON_HANGUL for one in words) / len(words)
        return share + common if common > _LEAST_COMMON else 0
    low, high = _SYLLABLES.get(encoding, ("\u4e00", "\u4e00"))
    return share + sum(low <= one <= high for one in words) / len(words)
