"""A model does not answer as it should."""

from __future__ import annotations

from hive_desktop.ports.errors.bank import RelaySignInError
from hive_desktop.ports.errors.base import HiveError


class AiError(HiveError):
    """Something about a model's server; subclasses say what to do.

    Args:
        code: the server's own word for the fault, or a short one of ours.
        wait_s: how long the server asks to wait, 0 where it does not say.
    """

    default_title = "The model did not answer"
    default_message = "The model's server refused the request ({code})."
    default_hint = "Test the connection to the model, and look at how it is set up."

    def __init__(
        self,
        message: str | None = None,
        *,
        hint: str | None = None,
        code: str = "UNKNOWN",
        wait_s: float = 0.0,
        **arguments: object,
    ) -> None:
        self.code = code
        self.wait_s = wait_s
        super().__init__(message, title=None, hint=hint, code=code, **arguments)


class AiKeyError(AiError):
    """The key is missing, or the server does not accept it."""

    exit_code = 4
    default_title = "The model's server does not accept the key"
    default_message = "The key for the model is missing or was refused ({code})."
    default_hint = "Give the right key in Settings."
    command_hint = "Give the right key: hive ai set --ask-key."


class AiModelError(AiError):
    """The server has no such model, or the key may not use it."""

    exit_code = 4
    default_title = "There is no such model"
    default_message = "The server does not offer the chosen model ({code})."
    default_hint = "Choose another model in Settings."
    command_hint = "See what is offered: hive ai models; choose one: hive ai set --model NAME."


class AiSettingsError(AiError):
    """The address or the profile cannot be used, or nothing is set up."""

    exit_code = 4
    default_title = "The model is not set up right"
    default_message = "No model is set up."
    default_hint = "Choose a profile in Settings."
    command_hint = "Set one up: hive ai set --profile NAME."


class AiSignInError(AiSettingsError):
    """The relay is to be asked, and this vault is signed in at none."""

    default_message = "This vault is not signed in at a relay."
    default_hint = RelaySignInError.default_hint
    command_hint = RelaySignInError.command_hint


class AiQuotaError(AiError):
    """The account at the server is used up; asking again changes nothing."""

    exit_code = 4
    default_title = "The account at the model's server is used up"
    default_message = "The model's server says that a quota or limit is reached ({code})."
    default_hint = "Look at the account's billing there. Hive asks again at the next sync."


class BudgetReachedError(AiError):
    """The next request could cost more than is left of the month's budget."""

    exit_code = 4
    default_title = "The month's budget is reached"
    default_message = "The next request could cost more than is left of this month's budget."
    default_hint = "Raise the budget in Settings, or wait for the next month."
    command_hint = "Raise it with hive ai budget AMOUNT, or wait for the next month."


class NotApprovedError(AiError):
    """The person was asked before a request was sent, and said no."""

    default_title = "Not sent"
    default_message = "The request was not sent, because it was not agreed to."
    default_hint = "Nothing left this computer."


class AiRateLimitError(AiError):
    """Too many requests; ask again after `wait_s` seconds."""

    default_title = "The model's server asks to slow down"
    default_message = "Too many requests were made in a short time ({code})."
    default_hint = "Hive goes on at the next sync."


class AiBusyError(AiError):
    """A fault of the server that passes: the same request may well succeed soon."""

    default_title = "The model's server is having trouble"
    default_message = "The model's server gave no usable answer ({code})."
    default_hint = "Nothing was lost. Hive goes on at the next sync."


class AiTimeoutError(AiError):
    """No answer in time."""

    default_title = "The model took too long"
    default_message = "No answer came in time."
    default_hint = (
        "A model on this computer may be too large for it. Hive goes on at the next sync."
    )


class AiOfflineError(AiError):
    """Nobody answers at the address."""

    exit_code = 5
    default_title = "The model's server cannot be reached"
    default_message = "Nobody answers at the address of the model."
    default_hint = "Check the network, or start the server on this computer."


class AiTooLongError(AiError):
    """More text than the model reads at once."""

    default_title = "The request is too long for the model"
    default_message = "The model cannot read so much at once ({code})."
    default_hint = "Choose a model with a larger context."


class AiAnswerError(AiError):
    """An answer that cannot be used: no JSON, other ids, other categories, or cut off."""

    default_title = "The model's answer cannot be used"
    default_message = "The model's answer was not in the form that was asked for ({code})."
    default_hint = "Try another model; small ones often do not keep to a form."
