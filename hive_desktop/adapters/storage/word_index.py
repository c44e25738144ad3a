"""Which words the index of words has: a beginning that few of them have is asked as those words.

To follow a beginning longer than its prefix indexes, FTS5 first gathers every row of every word
that begins so, which takes as long as they are many. Whole words it follows row by row, newest
first, and no further than asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from sqlalchemy import Connection

SOME: Final = 20_000
"""So many rows are counted of those that have a word."""

_INDEXED = 3
_MOST = 12
_NEXT: Final = "SELECT term FROM temp.indexed_words WHERE term >= ? LIMIT 1"
_COUNTED: Final = """
    SELECT count(*) FROM (
        SELECT 1 FROM transactions_fts WHERE transactions_fts MATCH ? LIMIT ?
    )
"""
# No word has this sign, and every other one that a word may go on with comes after it.
_LOWEST = "\x01"


class Words(NamedTuple):
    """What words and phrases ask of the index.

    Attributes:
        expression: an FTS5 query; empty for no words at all.
        size: no more rows than that meet it; up to `SOME`, which says nothing.
    """

    expression: str = ""
    size: int = SOME


NO_WORDS: Final = Words()


def asked(
    connection: Connection, words: Iterable[str], phrases: Iterable[Sequence[str]], *, sized: bool
) -> Words:
    """Return what must be asked. All is quoted, so that nothing a person types is ever syntax.

    Args:
        connection: in a transaction.
        words: beginnings.
        phrases: words side by side.
        sized: whether the size is wanted: a step for each row, up to `SOME`.
    """
    every = dict.fromkeys([*((word,) for word in words), *map(tuple, phrases)])
    found = [_beginning(connection, one) for one in every]
    sizes = [_size(connection, one) for one in found] if sized else []
    return Words(" AND ".join(found), min(sizes, default=SOME))


def _size(connection: Connection, expression: str) -> int:
    counted = connection.exec_driver_sql(_COUNTED, (expression, SOME))
    return int(counted.scalar_one())


def _beginning(connection: Connection, words: Sequence[str]) -> str:
    """Return the condition that words stand side by side, of which the last may be a beginning."""
    *before, last = words
    known = _known(connection, last)
    if not known:
        return f'"{" ".join(words)}" *'
    ways = [f'"{" ".join((*before, one))}"' for one in known]
    return ways[0] if len(ways) == 1 else f"({' OR '.join(ways)})"


def _known(connection: Connection, beginning: str) -> list[str]:
    """Return the words that begin so; none where they are many, or the index may fold them."""
    found: list[str] = []
    beginning = beginning.lower()
    if len(beginning) <= _INDEXED or not beginning.isascii():
        return found
    place = beginning
    while len(found) <= _MOST:
        term = connection.exec_driver_sql(_NEXT, (place,)).scalar()
        if term is None or not term.startswith(beginning):
            return found
        if not term.isascii():
            break
        found.append(term)
        place = term + _LOWEST
    return []
