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
    |   |   `-- WrongBackupKeyError  of a backup
    |   |-- VaultLockedError     3   no key was given
    |   |-- VaultBusyError           another process owns the vault
    |   |-- RelayWaitsError          what came while it was locked cannot be stored
    |   |-- VaultDamagedError        header or database altered or truncated
    |   |-- VaultTooNewError         made by a newer Hive
    |   |-- VaultUnwritableError     permission, full disk, read-only disk
    |   |-- RestoredUnopenedError    a restore's vault, put in place, did not open
    |   `-- BackupError              the vault itself is unharmed
    |       |-- BackupDamagedError       it does not hold what was written
    |       |-- BackupUnreadableError    no backup, or not there
    |       |-- BackupFolderMissingError where backups go is not there
    |       |-- BackupPlaceError         they would not last there
    |       |-- BackupUnwritableError    the disk of backups refuses
    |       |-- BackupStoppedError       on request
    |       |-- BackupBusyError          one at a time
    |       `-- NoBackupError            nothing to use
    |-- ExportError              1   a file of the ledger's
    |   |-- ExportStoppedError       on request
    |   |-- ExportUnwritableError    its place; a VaultUnwritableError too
    |   `-- ArchiveError             no vault can be made of it
    |       |-- ArchiveUnreadableError   no archive, or not there
    |       |-- ArchiveDamagedError      it does not hold what was written
    |       `-- ArchiveTooNewError       a newer Hive's
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
    |-- BackgroundEndedError     4   the relay ended the sign-in while the vault was locked
    |-- AiError                  1   a model did not answer as it should; by what to do
    |   |-- AiKeyError           4   the key is missing or refused
    |   |-- AiModelError         4   the server has no such model
    |   |-- AiSettingsError      4   the address or the profile cannot be used
    |   |   `-- AiSignInError        the relay is to be asked, and nobody is signed in there
    |   |-- AiQuotaError         4   the account there is used up
    |   |-- BudgetReachedError   4   the month's budget is used up here
    |   |-- NotApprovedError         the person did not let a request go
    |   |-- AiRateLimitError         ask again after `wait_s`
    |   |-- AiBusyError              a fault of the server that passes
    |   |-- AiTimeoutError           no answer in time
    |   |-- AiOfflineError       5   nobody answers at the address
    |   |-- AiTooLongError           more text than the model reads at once
    |   `-- AiAnswerError            an answer that cannot be used
    |-- ApiError                 1   the local API does not serve a client
    |   |-- ApiSignInError           its id or secret is not right
    |   |-- ApiTokenError            not valid, or not any more
    |   |-- ApiScopeError            not given what this needs
    |   `-- ApiThrottledError        ask again after `wait_s`
    |-- UnreadableFileError      1   a file is no statement, or one that cannot be read
    |-- ImportStoppedError       1   whoever asked for an import stopped it
    |-- UpdateError              1   whether there is a newer Hive is not known
    `-- EnvironmentFaultError    1   font, library, port: the machine lacks something
"""

from __future__ import annotations

from hive_desktop.ports.errors.ai import (
    AiAnswerError,
    AiBusyError,
    AiError,
    AiKeyError,
    AiModelError,
    AiOfflineError,
    AiQuotaError,
    AiRateLimitError,
    AiSettingsError,
    AiSignInError,
    AiTimeoutError,
    AiTooLongError,
    BudgetReachedError,
    NotApprovedError,
)
from hive_desktop.ports.errors.api import (
    ApiError,
    ApiScopeError,
    ApiSignInError,
    ApiThrottledError,
    ApiTokenError,
)
from hive_desktop.ports.errors.bank import (
    BackgroundEndedError,
    BankConfigError,
    BankError,
    BankGoneError,
    BankOfflineError,
    BankPermanentError,
    BankRateLimitError,
    BankRelinkError,
    BankRetryError,
    ConnectionLostError,
    CursorLostError,
    LinkError,
    PaginationMutatedError,
    RelaySignInError,
    SignInError,
)
from hive_desktop.ports.errors.base import (
    EnvironmentFaultError,
    HiveError,
    UsageError,
)
from hive_desktop.ports.errors.exports import (
    ArchiveDamagedError,
    ArchiveError,
    ArchiveTooNewError,
    ArchiveUnreadableError,
    ExportError,
    ExportStoppedError,
    ExportUnwritableError,
)
from hive_desktop.ports.errors.files import ImportStoppedError, UnreadableFileError
from hive_desktop.ports.errors.program import UpdateError
from hive_desktop.ports.errors.vault import (
    BackupBusyError,
    BackupDamagedError,
    BackupError,
    BackupFolderMissingError,
    BackupPlaceError,
    BackupStoppedError,
    BackupUnreadableError,
    BackupUnwritableError,
    KeychainError,
    NoBackupError,
    NoVaultError,
    RelayWaitsError,
    RestoredUnopenedError,
    VaultBusyError,
    VaultDamagedError,
    VaultError,
    VaultExistsError,
    VaultLockedError,
    VaultTooNewError,
    VaultUnwritableError,
    WrongBackupKeyError,
    WrongKeyError,
)

__all__ = [
    "AiAnswerError",
    "AiBusyError",
    "AiError",
    "AiKeyError",
    "AiModelError",
    "AiOfflineError",
    "AiQuotaError",
    "AiRateLimitError",
    "AiSettingsError",
    "AiSignInError",
    "AiTimeoutError",
    "AiTooLongError",
    "ApiError",
    "ApiScopeError",
    "ApiSignInError",
    "ApiThrottledError",
    "ApiTokenError",
    "ArchiveDamagedError",
    "ArchiveError",
    "ArchiveTooNewError",
    "ArchiveUnreadableError",
    "BackgroundEndedError",
    "BackupBusyError",
    "BackupDamagedError",
    "BackupError",
    "BackupFolderMissingError",
    "BackupPlaceError",
    "BackupStoppedError",
    "BackupUnreadableError",
    "BackupUnwritableError",
    "BankConfigError",
    "BankError",
    "BankGoneError",
    "BankOfflineError",
    "BankPermanentError",
    "BankRateLimitError",
    "BankRelinkError",
    "BankRetryError",
    "BudgetReachedError",
    "ConnectionLostError",
    "CursorLostError",
    "EnvironmentFaultError",
    "ExportError",
    "ExportStoppedError",
    "ExportUnwritableError",
    "HiveError",
    "ImportStoppedError",
    "KeychainError",
    "LinkError",
    "NoBackupError",
    "NoVaultError",
    "NotApprovedError",
    "PaginationMutatedError",
    "RelaySignInError",
    "RelayWaitsError",
    "RestoredUnopenedError",
    "SignInError",
    "UnreadableFileError",
    "UpdateError",
    "UsageError",
    "VaultBusyError",
    "VaultDamagedError",
    "VaultError",
    "VaultExistsError",
    "VaultLockedError",
    "VaultTooNewError",
    "VaultUnwritableError",
    "WrongBackupKeyError",
    "WrongKeyError",
]
