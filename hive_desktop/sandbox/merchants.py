"""What the simulated aggregator knows of merchants: a guess from a bank's raw line, or nothing.

The table is short on purpose: well-known names and plain words. It exists so that custom users'
rows carry the enrichment that a real bank feed would; it is no categorizer for Hive itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from hive_desktop.sandbox.ids import opaque_id
from hive_desktop.sandbox.wire import Category, Counterparty

_ICON = "https://plaid-category-icons.plaid.com/PFC_{primary}.png"
_LOGO = "https://plaid-merchant-logos.plaid.com/{slug}_{number}.png"

PRIMARIES = (
    "LOAN_DISBURSEMENTS",
    "LOAN_PAYMENTS",
    "TRANSFER_IN",
    "TRANSFER_OUT",
    "BANK_FEES",
    "FOOD_AND_DRINK",
    "GENERAL_MERCHANDISE",
    "GENERAL_SERVICES",
    "GOVERNMENT_AND_NON_PROFIT",
    "HOME_IMPROVEMENT",
    "RENT_AND_UTILITIES",
    "PERSONAL_CARE",
    "ENTERTAINMENT",
    "TRANSPORTATION",
    "MEDICAL",
    "INCOME",
    "TRAVEL",
    "OTHER",
)

V1_NAMES = {
    "INCOME_SALARY": ("INCOME", "INCOME_WAGES"),
    "INCOME_OTHER": ("INCOME", "INCOME_OTHER_INCOME"),
    "LOAN_DISBURSEMENTS_OTHER_DISBURSEMENT": (
        "TRANSFER_IN",
        "TRANSFER_IN_CASH_ADVANCES_AND_LOANS",
    ),
}


@dataclass(frozen=True, slots=True)
class Merchant:
    """A known merchant.

    Attributes:
        detailed: Plaid's detailed category, such as FOOD_AND_DRINK_COFFEE.
        channel: online, in store or other.
        kind: Plaid's counterparty type.
        terminal: The payment terminal or app in between (Square, Toast), if any.
    """

    name: str
    detailed: str
    website: str | None = None
    channel: str = "in store"
    kind: str = "merchant"
    confidence: str = "VERY_HIGH"
    terminal: str | None = None


@dataclass(frozen=True, slots=True)
class Guess:
    """What a description told: a merchant, or only a category."""

    merchant: Merchant | None
    detailed: str
    confidence: str
    channel: str
    code: str | None = None


# Pattern, name, detailed category, website, channel.
_KNOWN: tuple[tuple[str, str, str, str, str], ...] = (
    (r"AMAZON|AMZN", "Amazon", "GENERAL_MERCHANDISE_ONLINE_MARKETPLACES", "amazon.com", "online"),
    (r"SAM'?S ?CLUB", "Sam's Club", "GENERAL_MERCHANDISE_SUPERSTORES", "samsclub.com", "in store"),
    (r"WAL-?MART|WM SUPERCENTER", "Walmart", "GENERAL_MERCHANDISE_SUPERSTORES", "walmart.com",
     "in store"),
    (r"\bTARGET\b", "Target", "GENERAL_MERCHANDISE_SUPERSTORES", "target.com", "in store"),
    (r"COSTCO", "Costco", "GENERAL_MERCHANDISE_SUPERSTORES", "costco.com", "in store"),
    (r"BEST BUY", "Best Buy", "GENERAL_MERCHANDISE_ELECTRONICS", "bestbuy.com", "in store"),
    (r"MACY'?S", "Macy's", "GENERAL_MERCHANDISE_DEPARTMENT_STORES", "macys.com", "in store"),
    (r"\bEBAY\b", "eBay", "GENERAL_MERCHANDISE_ONLINE_MARKETPLACES", "ebay.com", "online"),
    (r"\bETSY\b", "Etsy", "GENERAL_MERCHANDISE_ONLINE_MARKETPLACES", "etsy.com", "online"),
    (r"\bIKEA\b", "IKEA", "HOME_IMPROVEMENT_FURNITURE", "ikea.com", "in store"),
    (r"HOME DEPOT", "The Home Depot", "HOME_IMPROVEMENT_HARDWARE", "homedepot.com", "in store"),
    (r"\bLOWE'?S\b", "Lowe's", "HOME_IMPROVEMENT_HARDWARE", "lowes.com", "in store"),
    (r"SHELL (OIL|SERVICE|GAS)|^SHELL\b", "Shell", "TRANSPORTATION_GAS", "shell.com", "in store"),
    (r"CHEVRON", "Chevron", "TRANSPORTATION_GAS", "chevron.com", "in store"),
    (r"EXXON", "ExxonMobil", "TRANSPORTATION_GAS", "exxon.com", "in store"),
    (r"\bARCO\b", "ARCO", "TRANSPORTATION_GAS", "arco.com", "in store"),
    (r"UBER ?\*? ?EATS", "Uber Eats", "FOOD_AND_DRINK_RESTAURANT", "ubereats.com", "online"),
    (r"\bUBER\b", "Uber", "TRANSPORTATION_TAXIS_AND_RIDE_SHARES", "uber.com", "online"),
    (r"\bLYFT\b", "Lyft", "TRANSPORTATION_TAXIS_AND_RIDE_SHARES", "lyft.com", "online"),
    (r"HLU\*|\bHULU\b", "Hulu", "ENTERTAINMENT_TV_AND_MOVIES", "hulu.com", "online"),
    (r"NETFLIX", "Netflix", "ENTERTAINMENT_TV_AND_MOVIES", "netflix.com", "online"),
    (r"SPOTIFY", "Spotify", "ENTERTAINMENT_MUSIC_AND_AUDIO", "spotify.com", "online"),
    (r"DISNEY ?(PLUS|\+)", "Disney+", "ENTERTAINMENT_TV_AND_MOVIES", "disneyplus.com", "online"),
    (r"APPLE\.COM|ITUNES", "Apple", "ENTERTAINMENT_MUSIC_AND_AUDIO", "apple.com", "online"),
    (r"\bSTEAM\b", "Steam", "ENTERTAINMENT_VIDEO_GAMES", "steampowered.com", "online"),
    (r"STARBUCKS", "Starbucks", "FOOD_AND_DRINK_COFFEE", "starbucks.com", "in store"),
    (r"DUNKIN", "Dunkin'", "FOOD_AND_DRINK_COFFEE", "dunkindonuts.com", "in store"),
    (r"PEET'?S", "Peet's Coffee", "FOOD_AND_DRINK_COFFEE", "peets.com", "in store"),
    (r"MC ?DONALD'?S", "McDonald's", "FOOD_AND_DRINK_FAST_FOOD", "mcdonalds.com", "in store"),
    (r"\bKFC\b", "KFC", "FOOD_AND_DRINK_FAST_FOOD", "kfc.com", "in store"),
    (r"BURGER KING", "Burger King", "FOOD_AND_DRINK_FAST_FOOD", "burgerking.com", "in store"),
    (r"CHIPOTLE", "Chipotle Mexican Grill", "FOOD_AND_DRINK_FAST_FOOD", "chipotle.com",
     "in store"),
    (r"TACO BELL", "Taco Bell", "FOOD_AND_DRINK_FAST_FOOD", "tacobell.com", "in store"),
    (r"SUBWAY", "Subway", "FOOD_AND_DRINK_FAST_FOOD", "subway.com", "in store"),
    (r"IN-?N-?OUT", "In-N-Out Burger", "FOOD_AND_DRINK_FAST_FOOD", "in-n-out.com", "in store"),
    (r"DOORDASH", "DoorDash", "FOOD_AND_DRINK_RESTAURANT", "doordash.com", "online"),
    (r"GRUBHUB", "Grubhub", "FOOD_AND_DRINK_RESTAURANT", "grubhub.com", "online"),
    (r"WHOLE ?FOODS", "Whole Foods Market", "FOOD_AND_DRINK_GROCERIES", "wholefoodsmarket.com",
     "in store"),
    (r"TRADER JOE", "Trader Joe's", "FOOD_AND_DRINK_GROCERIES", "traderjoes.com", "in store"),
    (r"SAFEWAY", "Safeway", "FOOD_AND_DRINK_GROCERIES", "safeway.com", "in store"),
    (r"KROGER", "Kroger", "FOOD_AND_DRINK_GROCERIES", "kroger.com", "in store"),
    (r"\bALDI\b", "ALDI", "FOOD_AND_DRINK_GROCERIES", "aldi.us", "in store"),
    (r"INSTACART", "Instacart", "FOOD_AND_DRINK_GROCERIES", "instacart.com", "online"),
    (r"7-?ELEVEN", "7-Eleven", "GENERAL_MERCHANDISE_CONVENIENCE_STORES", "7-eleven.com",
     "in store"),
    (r"WALGREENS", "Walgreens", "MEDICAL_PHARMACIES_AND_SUPPLEMENTS", "walgreens.com",
     "in store"),
    (r"\bCVS\b", "CVS", "MEDICAL_PHARMACIES_AND_SUPPLEMENTS", "cvs.com", "in store"),
    (r"UNITED AIR", "United Airlines", "TRAVEL_FLIGHTS", "united.com", "online"),
    (r"DELTA AIR", "Delta Air Lines", "TRAVEL_FLIGHTS", "delta.com", "online"),
    (r"SOUTHWEST AIR", "Southwest Airlines", "TRAVEL_FLIGHTS", "southwest.com", "online"),
    (r"AIRBNB", "Airbnb", "TRAVEL_LODGING", "airbnb.com", "online"),
    (r"MARRIOTT", "Marriott", "TRAVEL_LODGING", "marriott.com", "online"),
    (r"COMCAST|XFINITY", "Xfinity", "RENT_AND_UTILITIES_INTERNET_AND_CABLE", "xfinity.com",
     "online"),
    (r"\bAT ?& ?T\b", "AT&T", "RENT_AND_UTILITIES_TELEPHONE", "att.com", "online"),
    (r"VERIZON", "Verizon", "RENT_AND_UTILITIES_TELEPHONE", "verizon.com", "online"),
    (r"T-?MOBILE", "T-Mobile", "RENT_AND_UTILITIES_TELEPHONE", "t-mobile.com", "online"),
    (r"PG ?& ?E|PACIFIC GAS", "PG&E", "RENT_AND_UTILITIES_GAS_AND_ELECTRICITY", "pge.com",
     "online"),
    (r"CONED|CON EDISON", "Con Edison", "RENT_AND_UTILITIES_GAS_AND_ELECTRICITY", "coned.com",
     "online"),
    (r"GEICO", "GEICO", "GENERAL_SERVICES_INSURANCE", "geico.com", "online"),
    (r"STATE FARM", "State Farm", "GENERAL_SERVICES_INSURANCE", "statefarm.com", "online"),
    (r"PLANET FIT", "Planet Fitness", "PERSONAL_CARE_GYMS_AND_FITNESS_CENTERS",
     "planetfitness.com", "in store"),
    (r"TOUCHSTONE", "Touchstone Climbing", "PERSONAL_CARE_GYMS_AND_FITNESS_CENTERS",
     "touchstoneclimbing.com", "in store"),
    (r"BARNES ?& ?NOBLE", "Barnes & Noble", "GENERAL_MERCHANDISE_BOOKSTORES_AND_NEWSSTANDS",
     "barnesandnoble.com", "in store"),
    (r"SPARKFUN", "SparkFun", "GENERAL_MERCHANDISE_ELECTRONICS", "sparkfun.com", "online"),
    (r"BICYCLE", "Madison Bicycle Shop", "GENERAL_MERCHANDISE_SPORTING_GOODS",
     "madisonbicycle.example", "in store"),
)  # fmt: skip

# Pattern, detailed category when money leaves, when it comes in, confidence, transaction code.
_WORDS: tuple[tuple[str, str, str, str, str | None], ...] = (
    (r"CREDIT CA?RD.*(PAY|AUTOPAY)|(CRD|CARD) AUTOPAY|CARD PAYMENT|CARDMEMBER SERV",
     "LOAN_PAYMENTS_CREDIT_CARD_PAYMENT", "LOAN_PAYMENTS_CREDIT_CARD_PAYMENT", "HIGH", "payment"),
    (r"PAYROLL|SALARY|DIRECT DEP|GUSTO PAY|\bPAYCHECK", "INCOME_SALARY", "INCOME_SALARY", "HIGH",
     "payment"),
    (r"INTRST|INTEREST (PAID|EARNED|PAYMENT|CREDIT)", "BANK_FEES_INTEREST_CHARGE",
     "INCOME_INTEREST_EARNED", "HIGH", "interest"),
    (r"OVERDRAFT", "BANK_FEES_OVERDRAFT_FEES", "BANK_FEES_OVERDRAFT_FEES", "VERY_HIGH",
     "bank charge"),
    (r"FOREIGN TRANS", "BANK_FEES_FOREIGN_TRANSACTION_FEES", "BANK_FEES_FOREIGN_TRANSACTION_FEES",
     "VERY_HIGH", "bank charge"),
    (r"\bFEES?\b|SERVICE CHARGE", "BANK_FEES_OTHER_BANK_FEES", "BANK_FEES_OTHER_BANK_FEES",
     "HIGH", "bank charge"),
    (r"\bATM\b|CASH WITHDRAWAL", "TRANSFER_OUT_WITHDRAWAL", "TRANSFER_IN_DEPOSIT", "HIGH", "atm"),
    (r"VENMO|ZELLE|CASH APP|PAYPAL", "TRANSFER_OUT_TRANSFER_OUT_FROM_APPS",
     "TRANSFER_IN_TRANSFER_IN_FROM_APPS", "HIGH", "transfer"),
    (r"MORTGAGE", "LOAN_PAYMENTS_MORTGAGE_PAYMENT", "LOAN_PAYMENTS_MORTGAGE_PAYMENT", "HIGH",
     "payment"),
    (r"STUDENT LOAN|NAVIENT", "LOAN_PAYMENTS_STUDENT_LOAN_PAYMENT",
     "LOAN_PAYMENTS_STUDENT_LOAN_PAYMENT", "HIGH", "payment"),
    (r"AUTO LOAN|CAR PAYMENT", "LOAN_PAYMENTS_CAR_PAYMENT", "LOAN_PAYMENTS_CAR_PAYMENT", "HIGH",
     "payment"),
    (r"\bRENT\b", "RENT_AND_UTILITIES_RENT", "INCOME_RENTAL", "HIGH", "payment"),
    (r"TRANSFER|\bXFER\b", "TRANSFER_OUT_ACCOUNT_TRANSFER", "TRANSFER_IN_ACCOUNT_TRANSFER",
     "MEDIUM", "transfer"),
    (r"DEPOSIT", "TRANSFER_IN_DEPOSIT", "TRANSFER_IN_DEPOSIT", "MEDIUM", None),
    (r"INSURANCE", "GENERAL_SERVICES_INSURANCE", "GENERAL_SERVICES_INSURANCE", "MEDIUM", None),
    (r"TUITION|UNIVERSITY|SCHOOL|ACADEMY", "GENERAL_SERVICES_EDUCATION",
     "GENERAL_SERVICES_EDUCATION", "MEDIUM", None),
    (r"PHARMACY", "MEDICAL_PHARMACIES_AND_SUPPLEMENTS", "MEDICAL_PHARMACIES_AND_SUPPLEMENTS",
     "MEDIUM", None),
    (r"DENTAL|DENTIST", "MEDICAL_DENTAL_CARE", "MEDICAL_DENTAL_CARE", "MEDIUM", None),
    (r"PARKING", "TRANSPORTATION_PARKING", "TRANSPORTATION_PARKING", "MEDIUM", None),
    (r"GROCER|SUPERMARKET|\bMARKET\b", "FOOD_AND_DRINK_GROCERIES", "FOOD_AND_DRINK_GROCERIES",
     "MEDIUM", None),
    (r"COFFEE|\bCAFE\b|ESPRESSO", "FOOD_AND_DRINK_COFFEE", "FOOD_AND_DRINK_COFFEE", "MEDIUM",
     None),
    (r"RESTAURANT|PIZZA|SUSHI|GRILL|TAQUERIA|DINER|BISTRO|^TST\*", "FOOD_AND_DRINK_RESTAURANT",
     "FOOD_AND_DRINK_RESTAURANT", "MEDIUM", None),
    (r"\bGYM\b|FITNESS|YOGA", "PERSONAL_CARE_GYMS_AND_FITNESS_CENTERS",
     "PERSONAL_CARE_GYMS_AND_FITNESS_CENTERS", "MEDIUM", None),
    (r"HOTEL|\bINN\b", "TRAVEL_LODGING", "TRAVEL_LODGING", "MEDIUM", None),
    (r"AIRLINES?\b|AIRWAYS", "TRAVEL_FLIGHTS", "TRAVEL_FLIGHTS", "MEDIUM", None),
    (r"SUBSCRIPTIO", "ENTERTAINMENT_OTHER_ENTERTAINMENT", "ENTERTAINMENT_OTHER_ENTERTAINMENT",
     "LOW", None),
)  # fmt: skip

_TERMINALS = {"SQ *": "Square", "TST*": "Toast", "PY *": "Paymentech", "SP ": "Shopify"}

_KNOWN_COMPILED = tuple((re.compile(row[0]), row) for row in _KNOWN)
_WORDS_COMPILED = tuple((re.compile(row[0]), row) for row in _WORDS)


@lru_cache(maxsize=4096)
def guess(description: str, *, money_in: bool) -> Guess | None:
    """Guess merchant and category from a raw line, or None where no reasonable guess exists."""
    line = description.upper()
    for pattern, (_, name, detailed, website, channel) in _KNOWN_COMPILED:
        if pattern.search(line):
            known = Merchant(name, detailed, website, channel)
            return Guess(known, detailed, known.confidence, channel)
    for pattern, (_, out, back, confidence, code) in _WORDS_COMPILED:
        if pattern.search(line):
            return Guess(None, back if money_in else out, confidence, "other", code)
    return None


def primary_of(detailed: str) -> str:
    """The primary category that a detailed one belongs to; OTHER for an unknown one."""
    return next((name for name in PRIMARIES if detailed.startswith(name + "_")), "OTHER")


@lru_cache(maxsize=1024)
def category_of(detailed: str, confidence: str) -> Category:
    """Plaid's category object (version 2) for a detailed code."""
    return Category(primary_of(detailed), detailed, confidence)


@lru_cache(maxsize=256)
def as_version_1(category: Category) -> Category:
    """The same category in the first taxonomy."""
    primary, detailed = V1_NAMES.get(category.detailed, (category.primary, category.detailed))
    if primary in {"LOAN_DISBURSEMENTS", "OTHER"}:
        primary, detailed = "GENERAL_SERVICES", "GENERAL_SERVICES_OTHER_GENERAL_SERVICES"
    return Category(primary, detailed, category.confidence_level, "v1")


def icon_of(primary: str) -> str:
    """The address of Plaid's icon for a primary category."""
    return _ICON.format(primary=primary)


@lru_cache(maxsize=2048)
def entity_id(name: str) -> str:
    """The merchant's id: the same everywhere, whatever the seed."""
    return opaque_id(0, "merchant", name)


@lru_cache(maxsize=2048)
def logo_of(merchant: Merchant) -> str | None:
    """The logo's address for a merchant with a website."""
    if merchant.website is None:
        return None
    slug = re.sub(r"[^a-z0-9]+", "_", merchant.name.lower()).strip("_")
    return _LOGO.format(slug=slug, number=len(slug) * 37)


@lru_cache(maxsize=2048)
def counterparties_of(merchant: Merchant) -> tuple[Counterparty, ...]:
    """The merchant as a counterparty, preceded by the terminal in between if there is one."""
    own = Counterparty(
        merchant.name,
        merchant.kind,
        merchant.website,
        logo_of(merchant),
        entity_id(merchant.name),
        merchant.confidence,
    )
    if merchant.terminal is None:
        return (own,)
    terminal = Counterparty(
        merchant.terminal, "payment_terminal", None, None, entity_id(merchant.terminal), "VERY_HIGH"
    )
    return (terminal, own)


def terminal_of(line: str) -> str | None:
    """The payment terminal that a raw line's prefix names (``SQ *`` is Square)."""
    return next((name for mark, name in _TERMINALS.items() if line.startswith(mark)), None)
