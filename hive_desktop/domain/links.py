"""Takes links out of a text that a model wrote: an address can carry figures away by one click.

What stays is an address that the person wrote in the same session, letter for letter: there is
nothing in it that they did not know.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hive_desktop.i18n import tr

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_IMAGE_OR_LINK: Final = re.compile(
    r"!?\[((?:[^\[\]\n]|\[\[[^\[\]\n]*\]\])*)\]"
    r"\([^()\n]*(?:\([^()\n]*\)[^()\n]*)*\)"
)
_BEHIND_REFERENCE: Final = re.compile(r"(\[\[[^\[\]\n]*\]\])\([^()\n]*\)")
_DEFINITION: Final = re.compile(r"^[ >]*\[[^\[\]\n]+\]:[^\n]*$", re.MULTILINE)
_NAMED_LINK: Final = re.compile(r"(?<!\[)\[([^\[\]\n]+)\](?:\[[^\[\]\n]*\])(?!\])")
_ADDRESS: Final = re.compile(
    r"<?\b(?:[a-z][a-z0-9+.-]{1,20}://|www\.|mailto:|javascript:|data:[a-z]+/|file:)[^\s<>\"')\]]*>?",
    re.IGNORECASE,
)


_WEB: Final = re.compile(r"https?://[^\s<>\"'`\\()\[\]{}|^]{4,500}", re.IGNORECASE)
_MOST_ASKED: Final = 64
_SIGNS: Final = tuple(map(chr, range(0xE100, 0xE100 + _MOST_ASKED)))
_SIGN: Final = re.compile(f"([{_SIGNS[0]}-{_SIGNS[-1]}])")
# Full stops and the like end a sentence and no address.
_ENDS: Final = ".,;:!?*_~"
_MARKUP: Final = re.compile(r"([\\`*_{}\[\]()<>#|~!&])")


def escaped(text: str) -> str:
    """Return a name as Markdown that shows it as it is, in one line."""
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


def addresses(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the addresses of web pages in what a person wrote, each once, in order."""
    found = (one[0].rstrip(_ENDS) for text in texts for one in _WEB.finditer(text))
    return tuple(dict.fromkeys(found))[:_MOST_ASKED]


def without_links(text: str, asked: Sequence[str] = ()) -> str:
    """Return a Markdown text whose links and images are plain words, and addresses are left out.

    Args:
        text: what a model wrote.
        asked: addresses that the person wrote (`addresses`); where one stands, there is its sign
            instead, which `parted` reads.
    """
    text = _SIGN.sub("", text)
    signs = dict(zip(asked, _SIGNS, strict=False))
    if signs:
        text = _WEB.sub(lambda found: _signed(found[0], signs), text)
    text = _BEHIND_REFERENCE.sub(r"\1", text)
    text = _IMAGE_OR_LINK.sub(_without_target, text)
    text = _DEFINITION.sub("", text)
    text = _NAMED_LINK.sub(r"\1", text)
    return _ADDRESS.sub(lambda _: tr("(a link was left out)"), text)


def parted(text: str, asked: Sequence[str]) -> list[str]:
    """Return a text of `without_links` as words and addresses in turn, words first and last."""
    found = _SIGN.split(text)
    return [asked[_SIGNS.index(one)] if n % 2 else one for n, one in enumerate(found)]


def _signed(found: str, signs: dict[str, str]) -> str:
    address = found.rstrip(_ENDS)
    sign = signs.get(address)
    return found if sign is None else sign + found[len(address) :]


def _without_target(found: re.Match[str]) -> str:
    """Return a link's words; an address that the person wrote stands behind them."""
    target = found[0][len(found[1]) + 2 :].strip("![]() ")
    return f"{found[1]} ({target})" if target in _SIGNS else found[1]
