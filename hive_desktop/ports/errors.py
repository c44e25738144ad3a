"""The tree of errors that a person may see.

Each error is a title, a message and a hint; no vendor's exception passes the adapter that met it.
Texts are message ids of the gettext catalogue; `arguments` fill their `{names}`, and `str(error)`
is the English message. Nothing secret may stand in an argument.

    HiveError                    exit code 1
    |-- UsageError               2   a value that the person gave is not usable
    |-- VaultError               1
    |   |-- NoVaultError             nothing there yet
    |   |-- VaultExistsError         something is there already
    |   |-- WrongKeyError        3   wrong passphrase or recovery key
    |   |-- VaultLockedError     3   no key was given
    |   |-- VaultBusyError           another process owns the vault
    |   |-- VaultDamagedError        header or database altered or truncated
    |   |-- VaultTooNewError         made by a newer Hive
    |   `-- VaultUnwritableError     permission, full disk, read-only disk
    |-- KeychainError            1   the computer's keychain said no
    |-- BankError                4   by what to do
    |   |-- BankOfflineError     5   nobody answers: a state, not a fault
    |   |-- BankRetryError           try again soon
    |   |-- BankRateLimitError       try again after `wait_s`
    |   |-- BankRelinkError          the person must sign in at the bank again
    |   |-- BankGoneError            the connection no longer exists
    |   |-- BankConfigError          keys, products, environment
    |   |   `-- RelaySignInError     nobody is signed in at the relay, or it refused the sign-in
    |   |-- BankPermanentError       will not work, trying again is pointless
    |   |-- PaginationMutatedError   restart from the loop's first cursor
    |   `-- CursorLostError          start again from an empty cursor and reconcile
    |-- LinkError                4   linking did not come to an end
    |   |-- SignInError              signing in again did not; the connection is as it was
    |   `-- ConnectionLostError      made at the bank, not taken over here
    |-- AiError                  1   a model did not answer as it should; by what to do
    |   |-- AiKeyError               the key is missing or refused
    |   |-- AiModelError             the server has no such model
    |   |-- AiSettingsError          the address or the profile cannot be used
    |   |-- AiQuotaError             the account there is used up
    |   |-- BudgetReachedError       the month's budget is used up here
    |   |-- NotApprovedError         the person did not let a request go
    |   |-- AiRateLimitError         ask again after `wait_s`
    |   |-- AiBusyError              a fault of the server that passes
    |   |-- AiTimeoutError           no answer in time
    |   |-- AiOfflineError       5   nobody answers at the address
    |   |-- AiTooLongError           more text than the model reads at once
    |   `-- AiAnswerError            an answer that cannot be used
    `-- EnvironmentFaultError    1   font, library, port: the machine lacks something
"""

from __future__ import annotations

from typing import ClassVar


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
        """Return title, message and hint in English with the arguments filled in.

        Args:
            in_window: the hint may speak of pages and buttons; without, it names commands.
        """
        hint = self.hint if in_window else self._hint or self.command_hint or self.hint
        if not self.arguments:
            return self.title, self.message, hint
        return (
            self.title.format(**self.arguments),
            self.message.format(**self.arguments),
            hint.format(**self.arguments),
        )


class UsageError(HiveError):
    """A value that the person gave cannot be used."""

    exit_code = 2
    default_title = "That is not usable"
    default_hint = "Check what was given; --help lists what is accepted."


class VaultError(HiveError):
    """Anything about the vault's folder and keys."""

    default_title = "The vault cannot be used"


class NoVaultError(VaultError):
    """There is no vault in the folder."""

    default_title = "No vault here"
    default_message = "There is no vault in {folder}."
    default_hint = "Create one with: hive vault create, or name another folder with --vault."


class VaultExistsError(VaultError):
    """There is a vault already."""

    default_title = "There is a vault already"
    default_message = "{folder} already holds a vault."
    default_hint = "Open it, or choose an empty folder."


class WrongKeyError(VaultError):
    """The passphrase or recovery key opens no slot."""

    exit_code = 3
    default_title = "Wrong passphrase"
    default_message = "This passphrase does not open the vault."
    default_hint = "Check the keyboard layout and Caps Lock, or use the recovery kit."


class VaultLockedError(VaultError):
    """A key is needed and none was given."""

    exit_code = 3
    default_title = "The vault is locked"
    default_message = "This needs the vault's passphrase, and none was given."
    default_hint = "Set HIVE_PASSPHRASE, use --passphrase-fd, or run it in a terminal."


class VaultBusyError(VaultError):
    """Another process owns the vault."""

    default_title = "The vault is in use"
    default_message = "Another Hive ({holder}) has this vault open."
    default_hint = "Close it first, or work in its window."
    command_hint = "Close it first; commands that only read work beside it."


class VaultDamagedError(VaultError):
    """The header or the database is altered, truncated or not ours."""

    default_title = "The vault is damaged"
    default_message = "The vault's files were changed or cut short from outside."
    default_hint = (
        "Nothing was written. Restore the folder from a backup; backups/ holds Hive's own."
    )


class VaultTooNewError(VaultError):
    """The vault was made by a newer Hive."""

    default_title = "The vault is newer than this program"
    default_message = "A newer Hive made this vault, and this one does not know its format."
    default_hint = "Update Hive and open the vault again. Nothing was changed."


class VaultUnwritableError(VaultError):
    """The folder, file or disk refuses to be written."""

    default_title = "The vault cannot be written"
    default_message = "The disk refused to write in {folder}: {reason}."
    default_hint = (
        "Check free space and the folder's permissions. What was saved before is unharmed."
    )


class KeychainError(HiveError):
    """This computer's keychain is missing or refused."""

    default_title = "The keychain is not available"
    default_message = "This computer's keychain did not answer."
    default_hint = "Unlock with the passphrase instead."


class BankError(HiveError):
    """Something about a bank or Plaid; subclasses say what to do.

    Args:
        code: Plaid's error code, or a short word of ours for a fault of the wire.
        title: a headline in place of the class's own.
    """

    exit_code = 4
    default_title = "The bank needs attention"
    default_message = "The bank's answer was an error ({code})."
    default_hint = "Try the sync again later."

    def __init__(
        self,
        message: str | None = None,
        *,
        hint: str | None = None,
        code: str = "UNKNOWN",
        wait_s: float = 0.0,
        title: str | None = None,
    ) -> None:
        self.code = code
        self.wait_s = wait_s
        super().__init__(message, title=title, hint=hint, code=code)


class BankOfflineError(BankError):
    """Nobody answers; what is stored stays usable."""

    exit_code = 5
    default_title = "Offline"
    default_message = "The bank's server cannot be reached."
    default_hint = "What was synced before stays readable. Check the network and sync again."


class BankRetryError(BankError):
    """A passing fault: the same call may well succeed soon."""

    default_title = "The bank is having trouble"
    default_message = "The bank's server gave no usable answer ({code})."
    default_hint = "Nothing was lost. Hive tries again at the next sync."


class BankRateLimitError(BankError):
    """Too many calls; wait `wait_s` seconds."""

    default_title = "The bank asks to slow down"
    default_message = "Too many requests were made in a short time ({code})."
    default_hint = "Hive waits a minute before it asks again."


class BankRelinkError(BankError):
    """The person must sign in at the bank again (Plaid's update mode)."""

    default_title = "Sign in at the bank again"
    default_message = "The bank no longer accepts the saved sign-in ({code})."
    default_hint = "Open Accounts and choose Reconnect."
    command_hint = "Run: hive reconnect ID (hive items has the id)."


class BankGoneError(BankError):
    """The connection no longer exists at the bank."""

    default_title = "The connection is gone"
    default_message = "The bank or its owner ended this connection ({code})."
    default_hint = "What was synced stays. Connect the bank again to go on."
    command_hint = "What was synced stays. To go on: hive link."


class BankConfigError(BankError):
    """Keys, products or environment are not set up right."""

    default_title = "The bank access is not set up right"
    default_message = "Plaid refused the program's own keys or products ({code})."
    default_hint = "Give the right Plaid keys and environment in Settings, or sign in at a relay."
    command_hint = "Give the right Plaid keys: hive bank set; or sign in: hive relay login."


class RelaySignInError(BankConfigError):
    """The relay does not know the person's sign-in, or did not accept what it was given."""

    default_title = "Sign in at the relay"
    default_message = "The relay does not know this sign-in any more."
    default_hint = "Open Settings, Relay, and sign in."
    command_hint = "Sign in: hive relay login URL --email ADDRESS."


class BankPermanentError(BankError):
    """It will not work, however often it is tried."""

    default_title = "The bank does not offer this"
    default_message = "The bank cannot do this ({code})."
    default_hint = "Other banks and the stored history are not affected."


class PaginationMutatedError(BankError):
    """The bank's data changed between two pages; restart from the loop's first cursor."""

    default_message = "The bank's data changed while it was being read."


class CursorLostError(BankError):
    """The bank no longer knows the cursor; read everything again and reconcile."""

    default_message = "The bank no longer knows where the last sync ended."


class LinkError(HiveError):
    """Linking a bank did not come to an end."""

    exit_code = 4
    default_title = "The bank was not connected"
    default_message = "The page at the bank was closed before it was finished."
    default_hint = "Choose Connect a bank to start again."
    command_hint = "Start again: hive link."


class SignInError(LinkError):
    """Signing in again at the bank did not come to an end."""

    default_title = "The sign-in was not finished"
    default_message = "The connection to {institution} is as it was."
    default_hint = "Choose Reconnect to sign in."
    command_hint = "To sign in: hive reconnect ID (hive items has the id)."


class ConnectionLostError(LinkError):
    """A connection was made at the bank, and a crash kept Hive from taking it over."""

    default_title = "A connection could not be taken over"
    default_message = "{institution} has a connection that Hive could not finish after a crash."
    default_hint = "Remove Hive's access on the bank's own site, then connect it again."


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

    default_title = "The model's server does not accept the key"
    default_message = "The key for the model is missing or was refused ({code})."
    default_hint = "Give the right key in Settings."
    command_hint = "Give the right key: hive ai set --profile NAME --ask-key."


class AiModelError(AiError):
    """The server has no such model, or the key may not use it."""

    default_title = "There is no such model"
    default_message = "The server does not offer the chosen model ({code})."
    default_hint = "Choose another model in Settings."
    command_hint = "See what is offered with hive ai models, and choose with hive ai set --model."


class AiSettingsError(AiError):
    """The address or the profile cannot be used, or nothing is set up."""

    default_title = "The model is not set up right"
    default_message = "No model is set up."
    default_hint = "Choose a profile in Settings."
    command_hint = "Set one up: hive ai set --profile NAME."


class AiQuotaError(AiError):
    """The account at the server is used up; asking again changes nothing."""

    default_title = "The account at the model's server is used up"
    default_message = "The model's server says that a quota or limit is reached ({code})."
    default_hint = "Look at the account's billing there. Hive asks again at the next sync."


class BudgetReachedError(AiError):
    """The next request could cost more than is left of the month's budget."""

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


class EnvironmentFaultError(HiveError):
    """The machine lacks something the program needs."""

    default_title = "Something is missing on this computer"
