"""What words of a question mean: one tag for each thing that a word can add to what is asked."""

from __future__ import annotations

from enum import StrEnum, auto


class Tag(StrEnum):
    """What a word or phrase says. `FILLER` alone says nothing; every other one must be answered."""

    FILLER = auto()
    # what is asked for
    HOW_MUCH = auto()
    HOW_MANY = auto()
    WHEN = auto()
    WHERE = auto()
    LIST = auto()
    AVERAGE = auto()
    SHARE = auto()
    PRICE = auto()
    BY = auto()
    # what money did
    SPEND = auto()
    PAY = auto()
    EXPENSE = auto()
    BUY = auto()
    EARN = auto()
    MAKE = auto()
    SAVE = auto()
    LEFT = auto()
    MINUS = auto()
    BALANCE = auto()
    BALANCES = auto()
    HOLD = auto()
    OWE = auto()
    NET_WORTH = auto()
    REFUND = auto()
    PAID_ME = auto()
    RECEIVE = auto()
    ME = auto()
    GOT = auto()
    SEND = auto()
    PENDING = auto()
    TRANSFER = auto()
    RECURRING = auto()
    SUBSCRIPTION = auto()
    # what is counted or named
    ROW = auto()
    PURCHASE = auto()
    PAYMENT = auto()
    CATEGORY = auto()
    MERCHANT = auto()
    ACCOUNT = auto()
    BANK = auto()
    MONTH = auto()
    # of many, which
    LARGEST = auto()
    SMALLEST = auto()
    NEWEST = auto()
    OLDEST = auto()
    MOST = auto()
    LEAST = auto()
    # by what it is divided
    PER = auto()
    PER_ROW = auto()
    PER_DAY = auto()
    PER_WEEK = auto()
    PER_MONTH = auto()
    BY_CATEGORY = auto()
    BY_MERCHANT = auto()
    DIVIDE = auto()
    # one thing beside another
    COMPARE = auto()
    MORE = auto()
    DEARER = auto()
    OR = auto()
    CHANGE = auto()
    DATA = auto()
    SINCE_WHEN = auto()
