"""Texts that give orders to a program instead of naming a merchant.

Whoever pays can write anything into a payment's text. What reads like an order is data all the
same; nothing is guessed of it, no model is asked about it, and the person looks at it.
"""

from __future__ import annotations

import re
from functools import lru_cache

_ORDER = re.compile(
    r"""
    \b(?:ignore|disregard|forget|override|bypass)\b [^|]{0,60}
        \b(?:instructions?|prompts?|rules?|previous|prior|above|everything|context)\b
    | \b(?:answer|respond|reply|classify|categori[sz]e|label)\b [^|]{0,60}
        \b(?:as|with|confidence|category|income|only)\b
    | \b(?:system|assistant|developer)\s*:
    | \bcategory\s*[=:]
    | \byou\s+must\b
    | \b(?:system|your)\s+(?:prompt|instructions?)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)


@lru_cache(maxsize=8_192)  # many rows have a name or a memo in common
def is_order(text: str) -> bool:
    """Tell whether a text reads like an order to whoever sorts it."""
    return _ORDER.search(text) is not None
