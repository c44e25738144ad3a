"""A decoder for each of Plaid's answers, made while this module is imported: by one thread.

msgspec 0.22 prepares a Struct when it is first decoded, unlocked: two threads that meet there end
the process by SIGSEGV. No struct that threads share is decoded by anything made later than here.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from msgspec.json import Decoder

from hive_desktop.plaidkit import wire

SYNC: Final = Decoder(wire.SyncAnswer)
RAW_SYNC: Final = Decoder(wire.RawSyncAnswer)
WINDOW: Final = Decoder(wire.WindowAnswer)
RAW_WINDOW: Final = Decoder(wire.RawWindowAnswer)
TRANSACTION: Final = Decoder(wire.Transaction)
REMOVED: Final = Decoder(wire.Removed)
ACCOUNT: Final = Decoder(wire.Account)
ACCOUNTS: Final = Decoder(wire.AccountsAnswer)
LINK_TOKEN: Final = Decoder(wire.LinkTokenAnswer)
LINK_STATE: Final = Decoder(wire.LinkStateAnswer)
EXCHANGE: Final = Decoder(wire.ExchangeAnswer)
ITEM: Final = Decoder(wire.ItemAnswer)
INSTITUTION: Final = Decoder(wire.InstitutionAnswer)
VERIFICATION_KEY: Final = Decoder(wire.VerificationKeyAnswer)
ACKNOWLEDGEMENT: Final = Decoder(wire.Acknowledgement)
ERROR: Final = Decoder(wire.ErrorBody)
ANY: Final = Decoder(float_hook=Decimal)
