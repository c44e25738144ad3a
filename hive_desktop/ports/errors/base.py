"""What every error that a person may see has."""

from __future__ import annotations

from typing import ClassVar, Final

from hive_desktop.i18n import tr

_WORDS: Final = ("reason", "holder", "state")
"""Arguments that are words of the catalogue themselves, where it has them."""


class HiveError(Exception):
    """An error with words for a person.

    Args:
        message: what happened, one sentence; may hold `{names}`.
        title: a headline; the class's own when not given.
        hint: what to do about it, wherever it is read; the class's own when not given.
        arguments: values for the names in title, message and hint.
    """

    exit_code: ClassVar[int] = 1
    default_title: ClassVar[str] = "Something went wrong"
    default_message: ClassVar[str] = "Hive could not finish this."
    default_hint: ClassVar[str] = "Try again. If it happens again, look into the log file."
    command_hint: ClassVar[str | None] = None
    """The class's own hint on the command line, where `default_hint` speaks of the window."""

    def __init__(
        self,
        message: str | None = None,
        *,
        title: str | None = None,
        hint: str | None = None,
        **arguments: object,
    ) -> None:
        self.arguments = arguments
        self.title = title or self.default_title
        self.message = message or self.default_message
        self._hint = hint
        super().__init__(self.message.format(**arguments) if arguments else self.message)

    @property
    def hint(self) -> str:
        """Return what to do about it, in the window."""
        return self._hint or self.default_hint

    def rendered(self, *, in_window: bool = True) -> tuple[str, str, str]:
        """Return title, message and hint in the language in use, with the arguments filled in.

        Args:
            in_window: the hint may speak of pages and buttons; without, it names commands.
        """
        own = None if in_window else self._hint or self.command_hint
        told = {
            name: tr(value) if name in _WORDS and isinstance(value, str) else value
            for name, value in self.arguments.items()
        }
        title, message = tr(self.title, **told), tr(self.message, **told)
        if own is None:
            return title, message, tr(self.hint, **told)
        return title, message, own.format(**told) if told else own


class UsageError(HiveError):
    """A value that the person gave cannot be used."""

    exit_code = 2
    default_title = "That is not usable"
    default_hint = "Check what was given; --help lists what is accepted."


class EnvironmentFaultError(HiveError):
    """The machine lacks something the program needs."""

    default_title = "Something is missing on this computer"
