"""Arguments of every tool, as a strict schema wants them."""

FIND = {
    "period": None, "text": None, "categories": [], "merchants": [], "accounts": [],
    "min_amount": None, "max_amount": None, "direction": None, "kind": None, "pending": None,
    "sort": "newest", "limit": 5,
}  # fmt: skip
_SPENT = {"period": "last month", "categories": [], "merchants": []}
CALLS = {
    "ledger_context": {},
    "spending_summary": _SPENT | {"accounts": [], "group_by": "category"},
    "spending_trend": _SPENT | {"by": "week"},
    "compare_periods": _SPENT | {"with_period": None, "group_by": "none"},
    "find_transactions": FIND,
    "top_merchants": {"period": "this year", "limit": 5, "categories": []},
    "income_summary": {"period": "this year", "group_by": "merchant"},
    "balances": {"accounts": []},
    "net_worth": {"day": None},
    "cash_flow": {"period": "this year", "by": "month"},
    "recurring": {"kind": "all"},
    "category_detail": {"category": "Food & Dining", "period": "this year"},
    "transfers": {"period": "this year"},
    "data_coverage": {},
    "calculate": {"expression": "r1.total / 2", "result": "amount"},
}
RENAME = {
    "changes": [{"kind": "rename", "rows": ["r1"], "value": "Zorblax", "merchant": None}],
    "reason": "They are one shop.",
}
