"""A bank, Plaid or a relay says no, and linking does not come to an end."""

from __future__ import annotations

from hive_desktop.ports.errors.base import HiveError


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


class BackgroundEndedError(HiveError):
    """The relay ended the sign-in while the vault was locked, and syncing with it."""

    exit_code = 4
    default_title = "Syncing stopped while the vault was locked"
    default_message = "The relay does not know this computer's sign-in any more."
    default_hint = "Open Settings, Relay, and sign in."
    command_hint = "Sign in: hive relay login URL --email ADDRESS."


class ConnectionLostError(LinkError):
    """A connection was made at the bank, and a crash kept Hive from taking it over."""

    default_title = "A connection could not be taken over"
    default_message = "{institution} has a connection that Hive could not finish after a crash."
    default_hint = "Remove Hive's access on the bank's own site, then connect it again."
