"""Integer money: minor units with their currency, and the only conversions to and from decimals.

Positive is money out of the account, negative is money in, as Plaid has it. No float holds money
anywhere in Hive, and amounts of two currencies are never added.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation, localcontext

# ISO 4217 list one: currencies whose minor unit is not a hundredth.
_NO_DECIMALS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE_DECIMALS = "BHD IQD JOD KWD LYD OMR TND"
_EXPONENTS = dict.fromkeys(_NO_DECIMALS.split(), 0) | dict.fromkeys(_THREE_DECIMALS.split(), 3)
_EXPONENTS |= {"CLF": 4, "UYW": 4}
_LARGEST_MINOR = 2**63 - 1
# ISO 4217: the currencies that some country pays in.
_CODES = """
    AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD
    CAD CDF CHF CLF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS
    GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW
    KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD
    NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD
    SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UYW UZS
    VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
CURRENCIES = frozenset(_CODES.split())
"""Codes that an account of the person's own can have; a bank may tell others."""
# ISO 4217, list three: what was paid with once. All have two decimals here: files write lire and
# pesetas with and without, and neither loses anything so.
_PAST = """
    ADP AFA ANG AOK AON AOR ARA ARP ATS AZM BEF BGL BRB BRC BRE BRN BRR BUK BYB BYR CSD CSK CUC CYP
    DDM DEM ECS EEK ESP FIM FRF GEK GHC GNS GQE GRD GWP HRD HRK IEP ILP ITL LTL LTT LUF LVL LVR MGF
    MLF MRO MTL MTP MXP MZE MZM NIC NLG PEI PES PLZ PTE RHD ROL RUR SDD SIT SKK SLL SRG STD SUR TJR
    TMM TPE TRL UAK UGS UYP VEB VEF XEU YDD YUD YUM YUN ZAL ZMK ZRN ZRZ ZWD ZWL ZWN ZWR
"""
KNOWN_CURRENCIES = CURRENCIES | frozenset(_PAST.split())
"""Codes that files can name, those of the past too."""
NO_CURRENCY = "XXX"
"""ISO 4217: where no currency is told."""
MOST_BY_HAND = 10**13
"""The largest amount that a person writes, in minor units: what is more is a slip of the hand."""


class AmountError(ValueError):
    """An amount that the ledger cannot hold: no number, or beyond 64 bits of minor units."""


def minor_digits(currency: str) -> int:
    """Return how many decimals one unit of the currency has; two for codes that ISO 4217 lacks."""
    return _EXPONENTS.get(currency, 2)


def to_minor(amount: Decimal, currency: str) -> int:
    """Return a decimal amount in minor units, rounding half to even below the minor unit.

    Raises:
        AmountError: the amount is not finite or does not fit 64 bits.
    """
    if not amount.is_finite():
        raise AmountError("the amount is not a finite number")
    if amount.adjusted() > 18:  # 10^19 exceeds 64 bits whatever the currency
        raise AmountError("the amount does not fit the ledger")
    try:
        with localcontext(prec=60) as context:
            context.rounding = ROUND_HALF_EVEN
            minor = int(amount.scaleb(minor_digits(currency)).to_integral_value())
    except InvalidOperation as exc:
        raise AmountError("the amount is not a number the ledger can hold") from exc
    if abs(minor) > _LARGEST_MINOR:
        raise AmountError("the amount does not fit the ledger")
    return minor


def from_minor(amount_minor: int, currency: str) -> Decimal:
    """Return minor units as a decimal with exactly the currency's number of decimals."""
    return Decimal(amount_minor).scaleb(-minor_digits(currency))


def plain(amount_minor: int, currency: str) -> str:
    """Return minor units in whole units, as programs write them: all decimals behind a point."""
    digits = minor_digits(currency)
    if not digits:
        return str(amount_minor)
    text = str(abs(amount_minor)).zfill(digits + 1)
    return f"{'-' if amount_minor < 0 else ''}{text[:-digits]}.{text[-digits:]}"


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units of one currency; positive is money out."""

    amount_minor: int
    currency: str

    def __add__(self, other: Money) -> Money:
        if other.currency != self.currency:
            raise ValueError("amounts of two currencies are never added")
        return Money(self.amount_minor + other.amount_minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.amount_minor, self.currency)
