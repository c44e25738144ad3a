"""Ids as people type them: a whole UUID, or its last twelve digits as tables show them.

An id begins with the time it was made, so rows of one sync begin alike; their ends are random.
"""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING

from hive_desktop.cli.output import id_text
from hive_desktop.ports.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

_SHORT_BYTES = 6
_SHORT = re.compile(rf"[0-9a-fA-F]{{{2 * _SHORT_BYTES}}}")


def short(raw: bytes) -> str:
    """Return an id's short form, the last group of its UUID."""
    return raw[-_SHORT_BYTES:].hex()


async def meant(text: str, ending: Callable[[bytes], Awaitable[Sequence[bytes]]]) -> bytes | None:
    """Return the id that a text stands for; whether a whole one exists is not looked up.

    Args:
        text: what the person typed.
        ending: finds the ids that end with some bytes.

    Raises:
        UsageError: more than one id has this short form.
    """
    if not _SHORT.fullmatch(text):
        try:
            return uuid.UUID(text).bytes
        except ValueError:
            return None
    found = await ending(bytes.fromhex(text))
    if len(found) > 1:
        raise UsageError(
            "More than one id ends with {text}.",
            hint="Give one whole: {ids}.",
            text=text,
            ids=", ".join(id_text(one) for one in found),
        )
    return found[0] if found else None
