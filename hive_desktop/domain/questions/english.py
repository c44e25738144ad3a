"""English words of questions. A word that is not here, and no name, is not understood."""

from __future__ import annotations

from typing import Final

from hive_desktop.domain.questions.tags import Tag

PHRASES: Final[dict[Tag, str]] = {
    Tag.FILLER: (
        "a|an|the|my|our|i|we|you|your|did|do|does|doing|have|has|had|having|ive|weve|was"
        "|were|is|are|am|be|been|being|of|in|on|at|for|to|from|with|during|within|over|through"
        "|throughout|across|using|via|please|can you|could you|tell|tell me|give me|id like to know"
        "|i would like to know|i want to know|id like to see|want to know|let me know|hey|hi|hello"
        "|ok|okay|hive|just|exactly|what|whats|which|how|hows|there|total|totals|in total|totalled"
        "|overall|altogether|all in all|sum|the sum of everything|sum of|amount|amounts|amounts to"
        "|the amount of money|so far|and|came to|come to|comes to|add up to|adds up to|added up to"
        "|add up|happened|took place|occurred|looks like|look like"
        "|look|like|money|thanks|thank you|currently|current|right now|now|at the moment"
        "|at present|up to now|until now|everything|anything|something|any|all|single|in all"
        "|after refunds|net of refunds|including refunds|you know of|do you know of|you know"
        "|some|between|were there|are there|is there|was there|thing|things|on things"
        "|the period of"
    ),
    Tag.HOW_MUCH: (
        "how much|how much money|how much cash|how big|how high|how large|what amount"
        "|whats the amount|what sum"
    ),
    Tag.HOW_MANY: (
        "how many|how many times|how often|number of|the number of|count|count of|how frequently"
        "|what number of|how many different times"
    ),
    Tag.WHEN: (
        "when|what was the date of|the date of|what date|what day|which day|which date"
        "|on what day|on which day|on what date"
    ),
    Tag.WHERE: "where",
    Tag.LIST: (
        "show|show me|list|list me|display|see|find|find me|get me|what are|which were|which are"
    ),
    Tag.AVERAGE: "average|on average|avg|mean|averaged|in average|averages|an average of",
    Tag.SHARE: (
        "percent|percentage|%|share|proportion|what part|fraction|in percent|as a percentage"
        "|what percent of my money did i spend"
    ),
    Tag.PRICE: "price|prices|how expensive",
    Tag.BY: "by",
    Tag.SPEND: (
        "spend|spent|spending|net spending|spendings|spends|cost|costing|cost me|costs me"
        "|outgoings|outgoing"
        "|went|went out|went out the door"
        "|go|gone|going|goes|drop|dropped|burn|burned|burnt|burned through|burn through"
        "|blow|blew|blown|charge|charged|charges|charge me|charged me|charged by|shell out"
        "|shelled out|splash out|fork out|fork over"
        "|lay out|laid out|given to|give to|gave to|outlay|outlays|outflow|outflows"
        "|put on|dish out|used up"
    ),
    Tag.PAY: "pay|paid|paying|pays|pay for|paid for",
    Tag.EXPENSE: "expense|expenses|expenditure|expenditures|costs|total expenses",
    Tag.BUY: (
        "buy|bought|buying|shop|shopped|shop at|order|ordered|ordering|visit|visited|go to|went to"
        "|been to|take|took|taken|eat at|ate at|eaten at|use|used|purchased|rode|ride"
    ),
    Tag.EARN: (
        "earn|earned|earning|earnings|income|incomes|bring in|brought in|revenue|take in|took in"
        "|money come in|come in|came in|bring home|brought home"
    ),
    Tag.MAKE: "make|made|making",
    Tag.SAVE: (
        "save|saved|left over|leftover|put aside|set aside|cash flow|cashflow|net cash flow"
        "|net cashflow|surplus"
        "|put away|net savings"
    ),
    Tag.LEFT: "left|remaining|remain|remains|remained|still open|outstanding",
    Tag.MINUS: "minus",
    Tag.BALANCE: "balance|account balance|bank balance",
    Tag.BALANCES: "balances|account balances|bank balances",
    Tag.HOLD: "do i have|do we have|ive got|sitting|stored|parked",
    Tag.OWE: (
        "owe|owed|owing|still owe|debt|debts|in debt|indebted|do i still owe|still owed|pay off"
    ),
    Tag.NET_WORTH: (
        "net worth|networth|am i worth|are we worth|how rich am i|total wealth|wealth"
        "|worth in total"
    ),
    Tag.REFUND: (
        "refund|refunds|refunded|refunded by|did i get back|did we get back|have i got back"
        "|i got back|reimburse|reimbursed|reimbursement|reimbursements|get back"
        "|got back|gave me back|give me back|given me back|money back|gave back|pay me back"
        "|paid me back|paid back to me|returned to me|credited|refund me|refunded me"
    ),
    Tag.PAID_ME: (
        "pay me|paid me|pays me|pay us|paid us|paid to me|pay to me|send me|sent me|get paid by"
        "|got paid by|been paid by|transfer to me"
    ),
    Tag.RECEIVE: (
        "receive|received|get from|got from|did i get from|have i got from|do i get from"
        "|did we get from|have i gotten from"
    ),
    Tag.ME: "me|us",
    Tag.GOT: "get|got|gets|gotten|did i get|did we get|do i get|have i got",
    Tag.SEND: "send|sent|sending",
    Tag.PENDING: "pending|still pending|not posted yet|not yet posted|unposted|not yet settled",
    Tag.TRANSFER: "transfer|transfers|transferred",
    Tag.RECURRING: (
        "recurring|recurring payments|recurring charges|recurring bills|regular payments"
        "|recurring costs|regular bills|recurring transactions|recurring expenses|repeat payments"
    ),
    Tag.SUBSCRIPTION: (
        "subscription|subscriptions|subscribed to|subscribed|subscribe to|active subscriptions"
        "|running subscriptions|subscription services"
    ),
    Tag.ROW: "transaction|transactions|booking|bookings|entries|entry|rows",
    Tag.PURCHASE: (
        "purchase|purchases|orders|visits|rides|trips|trip|expense item|buys|expense items"
    ),
    Tag.PAYMENT: "payment|payments|debit|debits|bill",
    Tag.CATEGORY: (
        "category|categories|spending category|spending categories|expense category"
        "|expense categories|kind of spending"
    ),
    Tag.MERCHANT: "merchant|merchants|store|stores|shops|retailer|retailers|business|businesses",
    Tag.ACCOUNT: "account|accounts|bank account|bank accounts",
    Tag.BANK: "bank|banks|connected|linked",
    Tag.MONTH: "month|months|which month|what month|in which month|in what month",
    Tag.LARGEST: (
        "biggest|largest|highest|most expensive|the most expensive|the largest|the biggest"
        "|the highest|priciest|greatest|single largest|single biggest"
        "|costliest|dearest|top"
    ),
    Tag.SMALLEST: (
        "the least expensive|the smallest|smallest|lowest|cheapest|least expensive|tiniest"
    ),
    Tag.NEWEST: (
        "last|latest|most recent|most recently|newest|the last time|last time|recently|recent"
    ),
    Tag.OLDEST: "first|the first time|first time|earliest|oldest|very first|first ever",
    Tag.MOST: "most|the most|most of|most of my money|most money|mostly",
    Tag.LEAST: "least|the least|the least money",
    Tag.PER_ROW: (
        "per purchase|per visit|per transaction|per order|per ride|per trip|per payment|each time"
        "|a visit|every time|per time|a ride|per buy|per go"
    ),
    Tag.PER: "per",
    Tag.PER_DAY: "per day|a day|daily|each day|every day|day by day|by day",
    Tag.PER_WEEK: "per week|a week|weekly|each week|every week|by week|week by week",
    Tag.PER_MONTH: "per month|a month|monthly|each month|every month|by month|month by month",
    Tag.BY_CATEGORY: (
        "by category|per category|by categories|across categories|for each category|into categories"
        "|in each category|by spending category"
    ),
    Tag.BY_MERCHANT: (
        "by merchant|per merchant|by store|per store|by merchants|for each merchant|by shop"
        "|by stores"
    ),
    Tag.DIVIDE: (
        "break down|breakdown|split|split up|divide|divided|broken down|a breakdown of|group"
    ),
    Tag.COMPARE: (
        "compare|compared|compared to|compared with|comparison|versus|vs|against|in comparison"
        "|comparing|compare to|in comparison with|in comparison to"
    ),
    Tag.MORE: (
        "more|more than|higher|higher than|greater|greater than|less|less than|lower|lower than"
        "|fewer|bigger|bigger than|than"
        "|more money|larger|larger than"
    ),
    Tag.DEARER: "more expensive|more expensive than|cheaper|cheaper than",
    Tag.OR: "or",
    Tag.CHANGE: (
        "change|changed|rise|rose|risen|increase|increased|grow|grew|grown|difference|fall|fell"
        "|fallen|decrease|decreased|drop from|differ|differed|go up|went up|gone up|go down"
        "|went down|gone down|by how much"
    ),
    Tag.DATA: "data|records|history|my data|transaction data|transaction history",
    Tag.SINCE_WHEN: (
        "since when|date range|the date range|how far back|from when|what period|which period"
        "|how long|what time span"
        "|what date range|which dates|earliest date|earliest day|first date|covered|cover|covers"
        "|reach|reaches|start|starts|begin|begins"
    ),
}

CATEGORIES: Final[dict[str, str]] = {
    "Food & Dining": "food and dining|food|dining|food dining|food and drink|food and drinks",
    "Transportation": "transportation|transport|getting around",
    "Shopping": "shopping",
    "Entertainment": "entertainment",
    "Bills & Utilities": (
        "bills and utilities|bills utilities|utilities|utility bills|bills|utility"
        "|utilities and bills"
    ),
    "Healthcare": "healthcare|health care|health|medical|medical care",
    "Travel": "travel|travelling|traveling",
    "Education": "education",
    "Personal Care": "personal care",
}

KINDS: Final[dict[str, str]] = {
    "savings": "savings|saving account|savings account|savings accounts",
    "checking": "checking|checking account|current account|checking accounts",
    "credit card": "credit card|credit cards|my credit card|card debt|card",
    "mortgage": "mortgage|home loan|house loan",
    "student": "student loan|student loans|student debt",
    "brokerage": "brokerage|brokerage account|investment account|investments",
    "loan": "loan|loans",
}

ABOVE: Final = "over|above|more than|greater than|bigger than|larger than|higher than|exceeding"
AT_LEAST: Final = "at least|minimum of"
BELOW: Final = "under|below|less than|smaller than|lower than|cheaper than"
AT_MOST: Final = "at most|up to|no more than|maximum of"
