"""Words that several parts of the window say of a model's work and of what is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hive_desktop.i18n import mark, tr, tr_n
from hive_desktop.ui.kit.money import locale

if TYPE_CHECKING:
    from hive_desktop.ports.events import AiProgress

PURPOSES: Final = frozenset(
    {
        mark("Open a page to connect a bank"),
        mark("Ask whether a bank was connected"),
        mark("Finish connecting a bank"),
        mark("Read a connection's state"),
        mark("End a connection"),
        mark("Read accounts"),
        mark("Read live balances"),
        mark("Read new transactions"),
        mark("Read transactions of a time frame"),
        mark("Ask the bank for new transactions"),
        mark("Read a bank's name"),
        mark("Read a key that signs notices"),
        mark("Sign in at the relay"),
        mark("Renew the sign-in at the relay"),
        mark("Sign out at the relay"),
        mark("Sign a lost device out"),
        mark("Make an account at the relay"),
        mark("Change the password at the relay"),
        mark("Delete the account at the relay"),
        mark("Read what the relay knows of you"),
        mark("Listen for news of banks at the relay"),
        mark("Ask a model"),
        mark("Ask a model about your money"),
        mark("Ask a model for categories"),
        mark("List the models of a server"),
        mark("Test the connection to a model"),
        mark("Ask whether there is a newer Hive"),
        mark("See whether a host answers"),
        mark("Answer an assistant"),
        mark("Answer a program on this computer"),
    }
)
"""Why requests are sent. The record keeps these words as they are, so that it can be searched."""


def purpose_words(purpose: str) -> str:
    """Return why a request is sent, in the person's language where the purpose is known."""
    return tr(purpose)


def merchants_done(progress: AiProgress) -> str:
    """Return how far a model is; `progress.total` is not 0."""
    numbers = locale()
    return tr_n(
        "{done} of {count_text} merchant",
        "{done} of {count_text} merchants",
        progress.total,
        done=numbers.toString(progress.done),
        count_text=numbers.toString(progress.total),
    )
