"""What may be sent to a model: the only maker of `Redacted`, and what it takes out of a text.

Card and account numbers, IBANs, telephone numbers, e-mail and network addresses, people's pages,
booking codes, number plates, long references, people's names (`domain.person_names`) and words in
another script than the Latin one become tokens such as `[card kqzvbt]`. A token is a hash keyed by
the vault, so one secret has one token; what it stands for is known to the `Redactor` that made it,
in memory only. Of a payment between people, of a transfer and of a pay slip, no word of the text
goes out: only by what it was made, and the direction.

Names are told by lists of words, and lists end. What still goes out:

- a given name alone beside other words ("HAIRCUT BY ANNA"), or a family name alone;
- a full name of two words that no list has, or of an unsure one and one that no list has, between
  other words;
- two words that may both be something else ("PARK ROSE"), but as initial and name;
- somebody who is named exactly like a known business ("DAVID JONES"), or of whose name that is
  a part;
- a name with a trade behind it that is not surely a given and a family name, and one with a legal
  form behind it;
- a name glued to other words or to a domain ("ANNASMITHSHOP", "annasmith.com"), or in signs that
  stand for letters;
- fewer than six digits that no word labels, and a street, a town or a post code.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final, Literal, NoReturn, final

from hive_desktop.domain import secret_marks
from hive_desktop.domain.merchants import fold
from hive_desktop.domain.person_names import (
    PersonNames,
    may_be_a_person,
    says_no_more_than_an_order,
)
from hive_desktop.domain.person_payments import payment_of
from hive_desktop.domain.plain_letters import plain

if TYPE_CHECKING:
    from collections.abc import Collection

    from hive_desktop.domain.ledger import BankTransaction

Direction = Literal["in", "out"]

_LONGEST: Final = 160
_LONGEST_READ: Final = 4_000
_PASSES: Final = 6
_LETTERS: Final = "bcdfghjklmnpqrstvwz"
_TOKEN_LETTERS: Final = 6
_TOKEN: Final = re.compile(
    r"\[(?:card|account|routing|phone|iban|e-mail|handle|address|reference|person|name)"
    rf" (?:[{_LETTERS}]{{{_TOKEN_LETTERS}}}){{1,2}}\]"
)
_BRACKET: Final = re.compile(
    rf"{_TOKEN.pattern}|\[(?=[a-z-]+ [a-z]+\])|[\[\]](?=[\W_]*[^\W\d_]{{0,6}}[0-9])"
    r"|(?<! )\||\|(?! )"
)
_ROUND: Final = {"[": "(", "]": ")", "|": "/"}
_UNTELLING: Final = re.compile(r"\[(?:person|name) ")


class _Seal:
    """What only this module has: without it no `Redacted` is made."""


_SEAL: Final = _Seal()


@final
class Redacted:
    """A text that may leave the machine. Only a `Redactor` makes one; it cannot be changed.

    Attributes:
        text: what goes out, one line of at most 160 characters.
        is_cut: the text was a payment between people, a transfer or a pay slip, and all but
            that was left out.
    """

    __slots__ = ("is_cut", "text")

    text: str
    is_cut: bool

    def __init__(self, text: str, *, is_cut: bool, seal: _Seal) -> None:
        if seal is not _SEAL:
            raise TypeError("only domain.redaction makes what may be sent")
        object.__setattr__(self, "text", text)
        object.__setattr__(self, "is_cut", is_cut)

    @property
    def is_telling(self) -> bool:
        """Tell whether a business could be known by it: a word beside tokens, and no cut."""
        rest = _TOKEN.sub(" ", self.text)
        is_named = not _UNTELLING.search(self.text) or not says_no_more_than_an_order(rest)
        return not self.is_cut and is_named and any(sign.isalpha() for sign in rest)

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("what may be sent cannot be changed")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("what may be sent cannot be changed")

    def __reduce__(self) -> NoReturn:
        raise TypeError("what may be sent is not copied or stored")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Redacted) and (self.text, self.is_cut) == (
            other.text,
            other.is_cut,
        )

    def __hash__(self) -> int:
        return hash((self.text, self.is_cut))

    def __repr__(self) -> str:
        return f"Redacted({self.text!r})"


class Redactor:
    """Makes texts that may be sent, and knows what their tokens stand for.

    Args:
        key: of the vault, 16 to 64 bytes; tokens are the same as long as it is.
        businesses: names, in any case, that are no person's wherever they stand.
        words: in any case, that are no names; `*apotheke` for words that end so.
    """

    def __init__(
        self, key: bytes, businesses: Collection[str] = (), words: Collection[str] = ()
    ) -> None:
        if not 16 <= len(key) <= 64:
            raise ValueError("the key of the tokens has 16 to 64 bytes")
        self._key = key
        known = frozenset(fold(name) for name in businesses)
        self._paid = frozenset(name for name in known if not may_be_a_person(name))
        self._names = PersonNames(known, (word.casefold() for word in words))
        self._secrets: dict[str, str] = {}

    def __repr__(self) -> str:
        return f"Redactor({len(self._secrets)} tokens)"

    def row(self, row: BankTransaction) -> Redacted:
        """Return what may be sent of a row: its merchant, name and description."""
        direction: Direction = "out" if row.amount_minor >= 0 else "in"
        parts: list[str] = []
        for part in (row.merchant_name, row.name, row.description):
            if part and not any(part.casefold() in known.casefold() for known in parts):
                parts.append(part.replace("|", "/"))
        is_transfer = (row.bank_category or "").startswith(("TRANSFER_IN", "TRANSFER_OUT"))
        return self.text(" | ".join(parts), direction, is_transfer=is_transfer)

    def text(self, text: str, direction: Direction, *, is_transfer: bool = False) -> Redacted:
        """Return what may be sent of a text.

        Args:
            text: a bank's words for a row, or a merchant's name.
            direction: of the money.
            is_transfer: the bank says that it is a transfer, whatever its words are.
        """
        known = text = _unbracketed(plain(text[:_LONGEST_READ]))
        for _ in range(_PASSES):
            before, known = (
                known,
                secret_marks.replaced(plain(known), self._token, self._names.is_numbered),
            )
            if known == before:
                break
        said = payment_of(known, direction, self._paid, is_transfer=is_transfer)
        if said is None and payment_of(text, direction, ()) is not None:
            # What told of a payment went into a token: "REF P2P JOHN SMITH".
            said = payment_of(known, direction, (), is_transfer=True)
        if said is not None:
            return Redacted(_shortened(said.text), is_cut=said.is_cut, seal=_SEAL)
        return Redacted(self._without_names(known), is_cut=False, seal=_SEAL)

    def _without_names(self, text: str) -> str:
        for _ in range(_PASSES):
            before, text = text, _shortened(self._names.replaced(text, self._token))
            if text == before:
                break
        return text

    def reveal(self, token: str) -> str | None:
        """Return what a token of this redactor's stands for, or None."""
        return self._secrets.get(token)

    def _token(self, kind: str, secret: str) -> str:
        plain = "".join(filter(str.isalnum, secret)).casefold() if kind != "e-mail" else secret
        raw = hashlib.blake2b(
            f"{kind}\0{plain}".encode(), key=self._key, digest_size=16, person=b"hive-redaction"
        ).digest()
        number, letters = int.from_bytes(raw), []
        for _ in range(_TOKEN_LETTERS * 2):
            number, place = divmod(number, len(_LETTERS))
            letters.append(_LETTERS[place])
        for length in (_TOKEN_LETTERS, _TOKEN_LETTERS * 2):  # two secrets share no token
            token = f"[{kind} {''.join(letters[:length])}]"
            if _same(self._secrets.setdefault(token, secret), secret):
                break
        return token


def _same(one: str, other: str) -> bool:
    return [c for c in one.casefold() if c.isalnum()] == [
        c for c in other.casefold() if c.isalnum()
    ]


def _unbracketed(text: str) -> str:
    """Return a text in which no bracket parts a number or makes a token that is none.

    A bar stands between the parts of a row only.
    """
    return _BRACKET.sub(lambda found: _ROUND.get(found[0], found[0]), text)


def _shortened(text: str) -> str:
    if len(text) <= _LONGEST:
        return text
    head = text[:_LONGEST]
    if head.rfind("[") > head.rfind("]"):
        head = head[: head.rfind("[")]
    elif " " in head:
        head = head[: head.rfind(" ")]
    return head.rstrip()
